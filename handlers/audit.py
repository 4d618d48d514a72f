"""`/catatan`: a page of the audit, turned by buttons, and all of it as a file."""

from __future__ import annotations

from telegram import Update

from bot.language import audit_texts
from bot.language.texts import MAIN_LANGUAGE
from handlers.context import Context, author_of
from handlers.keyboards import Action
from handlers.replies import rendered, replace, reply_to_staff
from handlers.staff import staff_only, staff_taps


@staff_only
async def overview(update: Update, context: Context) -> None:
    """The newest entries, and below them the file."""
    auditing, chat, user = context.office.auditing, update.effective_chat, author_of(update).id
    assert chat is not None
    await reply_to_staff(update, context, await auditing.page(user))
    content, count = await auditing.file(context.texts, user)
    if count:
        day = context.office.calendar.today(context.office.live.clock())
        caption = rendered(context, audit_texts.file_caption(count), MAIN_LANGUAGE)
        await chat.send_document(content, filename=f"catatan-{day.isoformat()}.csv", caption=caption)


@staff_taps
async def button(update: Update, context: Context) -> None:
    """`Lebih lama`, `Lebih baru`."""
    query = update.callback_query
    assert query is not None
    skipped = int(Action.parse(query.data or "").arg())
    await replace(query, context, await context.office.auditing.page(author_of(update).id, skipped))
