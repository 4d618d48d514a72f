"""Which of many offices is meant: chosen by a tap."""

from __future__ import annotations

from telegram import Update

from bot.language.answers_places import CHANGE, LIST
from bot.language.questions import Intent, Question
from handlers.citizen import answer
from handlers.context import Context, chat_of
from handlers.groups import allowed, among_many
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
    citizens = context.office.citizens
    if not citizens.placing.many:  # a button from when there were more offices
        told = await citizens.tap(chat, Question(Intent.ALL_STATUS))
    elif action.kind == CHANGE:
        told = await citizens.unsettle(chat)
    elif action.kind == LIST:
        told = await citizens.reply(chat, citizens.placing.page(action.arg(), int(action.arg(1) or 0)))
    else:
        told = await citizens.settle(chat, action.arg(), among_many(update, context))
    await answer(update, context, told)
