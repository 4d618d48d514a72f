"""Which of many offices is meant: chosen by a tap."""

from __future__ import annotations

from telegram import Update

from bot.language.answers_places import CHANGE, LIST
from bot.language.messages import Answer
from handlers.citizen import answer
from handlers.context import Context, chat_of
from handlers.groups import allowed
from handlers.keyboards import Action
from handlers.replies import acknowledge


async def button(update: Update, context: Context) -> None:
    """An office, a page of a list, or that it is another one; in a group only admins change what it keeps."""
    query, chat = update.callback_query, chat_of(update)
    assert query is not None
    action = Action.parse(query.data or "")
    if action.kind == CHANGE and not await allowed(update, context):
        return
    await acknowledge(query, context)
    await answer(update, context, await context.office.citizens.reply(chat, await _told(context, chat, action)))


async def _told(context: Context, chat: int, action: Action) -> Answer:
    citizens = context.office.citizens
    if action.kind == CHANGE:
        return await citizens.unsettle(chat)
    if action.kind == LIST:
        return citizens.placing.page(action.arg(), int(action.arg(1) or 0))
    return await citizens.settle(chat, action.arg())
