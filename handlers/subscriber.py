"""Subscriptions: begun, listed, ended; a chat that blocked the bot."""

from __future__ import annotations

from telegram import ChatMember, Update

from bot.language.messages import Answer
from handlers.context import Context, chat_of
from handlers.keyboards import Action
from handlers.replies import acknowledge, reply


async def subscriptions(update: Update, context: Context) -> None:
    """With a service: always tell of it. Without: what is there."""
    office, chat = context.office, chat_of(update)
    named = office.citizens.named(context.line) if context.line else ()
    if named:
        told = await office.subscribers.always(chat, named)
    else:
        told = await office.subscribers.listed(chat)
    await reply(update, context, await office.citizens.reply(chat, told))


async def stop(update: Update, context: Context) -> None:
    """Ends one, or all; never misses a stop because of what stands behind it."""
    office, chat = context.office, chat_of(update)
    named = office.citizens.named(context.line) if context.line else ()
    told = await office.subscribers.end(chat, named)
    await reply(update, context, await office.citizens.reply(chat, told))


async def button(update: Update, context: Context) -> None:
    """A tap that begins or ends something."""
    query, chat = update.callback_query, chat_of(update)
    assert query is not None
    await acknowledge(query, context)
    told = await _tapped(context, chat, Action.parse(query.data or ""))
    await reply(update, context, await context.office.citizens.reply(chat, told))


async def _tapped(context: Context, chat: int, action: Action) -> Answer:
    subscribers = context.office.subscribers
    match action.kind:
        case "k":
            return await subscribers.once(chat, action.ids, action.arg(1) or None)
        case "a":
            return await subscribers.always(chat, action.ids)
        case "o":
            return await subscribers.outages(chat, action.arg())
        case _:
            return await subscribers.end(chat, () if action.arg() == "*" else action.ids)


async def membership(update: Update, context: Context) -> None:
    """Who blocks the bot is not written to again."""
    change = update.my_chat_member
    assert change is not None
    if change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT):
        await context.office.subscribers.gone(chat_of(update))
