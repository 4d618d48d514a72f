"""`/jadwal`: what is to come, one line more of it, one entry less."""

from __future__ import annotations

from telegram import Update

from bot.language.messages import Answer
from bot.language.refusals import RefusedError
from handlers.context import Context, author_of, chat_of
from handlers.keyboards import Action
from handlers.replies import replace, reply_to_staff
from handlers.staff import staff_only, staff_taps


@staff_only
async def schedule(update: Update, context: Context) -> None:
    """Alone it lists; with a line it shows what that would do."""
    scheduling = context.office.scheduling
    if not context.line:
        await reply_to_staff(update, context, await scheduling.overview(author_of(update)))
        return
    try:
        name, shown = await scheduling.preview_line(chat_of(update), author_of(update), context.line)
    except RefusedError as refusal:
        await reply_to_staff(update, context, refusal.answer)
        return
    sent = await reply_to_staff(update, context, shown)
    await context.office.staff.preview_shown(name, sent)


@staff_taps
async def button(update: Update, context: Context) -> None:
    """Save, ask whether to remove, remove."""
    query = update.callback_query
    assert query is not None
    action, retraction = Action.parse(query.data or ""), None
    try:
        if action.arg() == "plan!":
            told, retraction = await context.office.scheduling.cancel_plan(int(action.arg(1)), author_of(update))
        else:
            told = await _tapped(update, context, action)
    except RefusedError as refusal:
        told = refusal.answer
    if action.arg() in ("plan", "days"):
        await reply_to_staff(update, context, told)
    else:
        await replace(query, context, told)
    if retraction and query.message:
        await context.office.broadcasts.follow(chat_of(update), query.message.message_id, retraction)


async def _tapped(update: Update, context: Context, action: Action) -> Answer:
    scheduling, what = context.office.scheduling, action.arg(1)
    match action.arg():
        case "save":
            return await scheduling.save(what, author_of(update))
        case "days":
            return await scheduling.ask_removal_of_days(int(what))
        case "days!":
            return await scheduling.remove_days(int(what), author_of(update))
        case _:
            return await scheduling.ask_removal_of_plan(int(what))
