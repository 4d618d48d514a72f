"""`Terbitkan` under what a link check proposes."""

from __future__ import annotations

from telegram import Update

from bot.language.messages import say
from bot.language.refusals import RefusedError
from handlers.context import Context, author_of, chat_of
from handlers.keyboards import Action
from handlers.replies import replace
from handlers.staff import published, staff_taps


@staff_taps
async def button(update: Update, context: Context) -> None:
    query, message = update.callback_query, update.effective_message
    assert query is not None
    action, chat = Action.parse(query.data or ""), chat_of(update)
    resource, link, mark = action.arg(), action.arg(1), action.arg(2)
    if resource == "no":
        await replace(query, context, say("link.ignored"))
        return
    try:
        done = await context.office.linking.publish(resource, link, mark, chat, author_of(update))
    except RefusedError as refusal:
        await replace(query, context, refusal.answer)
        return
    await replace(query, context, published(context, done))
    if message is not None:
        await context.office.broadcasts.follow(chat, message.message_id, done.report.number)
