"""What staff see of notices on their way: one message, edited; stop and go on."""

from __future__ import annotations

from telegram import Update
from telegram.error import TelegramError

from bot.language.refusals import RefusedError
from handlers.context import Context, author_of, chat_of
from handlers.keyboards import Action
from handlers.replies import replace, reply_to_staff
from handlers.staff import staff_only, staff_taps


@staff_only
async def overview(update: Update, context: Context) -> None:
    """Everything in progress, in one message that stays true; an earlier one goes."""
    broadcasts, chat = context.office.broadcasts, chat_of(update)
    shown = await broadcasts.overview(author_of(update).id)
    sent = await reply_to_staff(update, context, shown.answer)
    if not shown.goes_on:
        return
    earlier = await broadcasts.follow(chat, sent, None, shown)
    if earlier is not None:
        await _remove(context, chat, earlier)


async def _remove(context: Context, chat: int, message: int) -> None:
    try:
        await context.bot.delete_message(chat, message)
    except TelegramError:
        return  # too old, or gone already: it only says what was true then


@staff_taps
async def button(update: Update, context: Context) -> None:
    """`Hentikan` or `Lanjutkan`, under the message about everything or under what was published."""
    query, broadcasts, author = update.callback_query, context.office.broadcasts, author_of(update)
    assert query is not None
    action = Action.parse(query.data or "")
    report, everything = int(action.arg()), action.arg(1) == "all"
    try:
        await broadcasts.steer(report, author, stop=action.kind == "stop")
    except RefusedError as refusal:
        await reply_to_staff(update, context, refusal.answer)  # below: what is on its way stays in sight
        return
    shown = await (broadcasts.overview(author.id) if everything else broadcasts.of_report(report))
    await replace(query, context, shown.answer)
    if query.message and shown.goes_on:
        await broadcasts.follow(chat_of(update), query.message.message_id, None if everything else report, shown)
