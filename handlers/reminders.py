"""The ready answers under what staff are asked."""

from __future__ import annotations

from telegram import Update

from bot.language.refusals import RefusedError
from bot.rules.drafts import Screen
from handlers import wizard
from handlers.context import Context, author_of, chat_of
from handlers.keyboards import Action
from handlers.replies import replace, reply_to_staff
from handlers.staff import preview, staff_taps


@staff_taps
async def button(update: Update, context: Context) -> None:
    """That it goes on is written down at once; what citizens will read otherwise is shown first."""
    query = update.callback_query
    assert query is not None
    action = Action.parse(query.data or "")
    try:
        match action.arg():
            case "still":
                await replace(query, context, await context.office.reminding.still(action.arg(1), author_of(update)))
            case "changed":
                await wizard.begin(update, context, Screen.HOME)
            case _:
                await _preview(update, context, action)
    except RefusedError as refusal:
        await replace(query, context, refusal.answer)


async def _preview(update: Update, context: Context, action: Action) -> None:
    reminding, chat, author = context.office.reminding, chat_of(update), author_of(update)
    if action.arg() == "well":
        shown = await reminding.well(action.arg(1), chat, author)
    else:
        shown = await reminding.until(action.arg(1), action.arg(2), chat, author)
    sent = await reply_to_staff(update, context, preview(context, shown))
    await context.office.staff.preview_shown(shown.preview.id, sent)
