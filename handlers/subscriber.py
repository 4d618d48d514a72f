"""Subscriptions: begun, listed, ended; a chat that blocked the bot."""

from __future__ import annotations

from telegram import ChatMember, Update

from bot.language.answers_groups import private_link
from bot.language.questions import Intent, Question
from bot.office import Reply
from bot.rules.chats import Aim
from handlers.citizen import answer, command
from handlers.context import Context, chat_of
from handlers.groups import allowed, came_in, greet
from handlers.keyboards import Action
from handlers.replies import acknowledge, in_a_group, reply


async def subscriptions(update: Update, context: Context) -> None:
    """With a service: always tell of it. Without: what is there."""
    office = context.office
    if context.line and office.citizens.named(context.line):
        await command(update, context, Intent.SUBSCRIBE, Aim.ALWAYS)
    elif await allowed(update, context):
        told = await office.subscribers.listed(chat_of(update))
        await reply(update, context, await office.citizens.reply(chat_of(update), told, context.line))


async def stop(update: Update, context: Context) -> None:
    """Ends one, or all; never misses a stop because of what stands behind it."""
    await command(update, context, Intent.UNSUBSCRIBE)


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
    await answer(update, context, await _tapped(context, chat, action))


async def _tapped(context: Context, chat: int, action: Action) -> Reply:
    citizens, place = context.office.citizens, action.arg(1) or None
    match action.kind:
        case "k":
            return await citizens.tap(chat, Question(Intent.SUBSCRIBE, action.ids), place, anew=False)
        case "a":
            return await citizens.tap(chat, Question(Intent.SUBSCRIBE, action.ids), place, aim=Aim.ALWAYS, anew=False)
        case "o":
            return await citizens.reply(chat, await context.office.subscribers.outages(chat, action.arg(), place))
        case _:
            ids = () if action.arg() == "*" else action.ids
            return await citizens.tap(chat, Question(Intent.UNSUBSCRIBE, ids), place)


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
