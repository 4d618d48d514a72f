"""Subscriptions: begun, listed, ended; a chat that blocked the bot."""

from __future__ import annotations

from telegram import ChatMember, Update

from bot.language.answers_groups import private_link
from bot.language.messages import Answer
from handlers.context import Context, chat_of
from handlers.groups import allowed, came_in, greet
from handlers.keyboards import Action
from handlers.replies import acknowledge, in_a_group, reply


async def subscriptions(update: Update, context: Context) -> None:
    """With a service: always tell of it. Without: what is there."""
    if not await allowed(update, context):
        return
    office, chat = context.office, chat_of(update)
    named = office.citizens.named(context.line) if context.line else ()
    if named:
        told = await office.subscribers.always(chat, named, office.citizens.placing.said(context.line))
    else:
        told = await office.subscribers.listed(chat)
    await reply(update, context, await office.citizens.reply(chat, told, context.line))


async def stop(update: Update, context: Context) -> None:
    """Ends one, or all; never misses a stop because of what stands behind it."""
    if not await allowed(update, context):
        return
    office, chat = context.office, chat_of(update)
    named = office.citizens.named(context.line) if context.line else ()
    told = await office.subscribers.end(chat, named)
    await reply(update, context, await office.citizens.reply(chat, told, context.line))


async def button(update: Update, context: Context) -> None:
    """A tap that begins or ends something; in a group Kabari, under what was sent to all, opens the private chat."""
    query, chat = update.callback_query, chat_of(update)
    assert query is not None
    action = Action.parse(query.data or "")
    if in_a_group(update) and action.kind == "k":
        link = private_link(context.office.catalogue, context.bot.username, query.data or "")
        await acknowledge(query, context, url=link)
        return
    if not await allowed(update, context):
        return
    await acknowledge(query, context)
    told = await _tapped(context, chat, action)
    await reply(update, context, await context.office.citizens.reply(chat, told))


async def _tapped(context: Context, chat: int, action: Action) -> Answer:
    subscribers = context.office.subscribers
    match action.kind:
        case "k":
            return await subscribers.once(chat, action.ids, action.arg(1) or None)
        case "a":
            return await subscribers.always(chat, action.ids)
        case "o":
            return await subscribers.outages(chat, action.arg(), action.arg(1) or None)
        case _:
            return await subscribers.end(chat, () if action.arg() == "*" else action.ids, action.args[1:])


async def membership(update: Update, context: Context) -> None:
    """Who blocks the bot or throws it out is not written to again; a group that takes it in is greeted."""
    change = update.my_chat_member
    assert change is not None
    if change.new_chat_member.status in (ChatMember.BANNED, ChatMember.LEFT):
        await context.office.subscribers.gone(chat_of(update))
    elif came_in(change):
        await greet(update, context)


async def moved(update: Update, context: Context) -> None:
    """A group became a supergroup; both of them say so, whichever is heard first."""
    message = update.effective_message
    assert message is not None
    old = message.migrate_from_chat_id or message.chat.id
    await context.office.subscribers.moved(old, message.migrate_to_chat_id or message.chat.id)
