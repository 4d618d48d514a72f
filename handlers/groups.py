"""Groups: the bot answers only who speaks to it, and only admins decide for all."""

from __future__ import annotations

import re

from telegram import ChatMember, ChatMemberUpdated, Message, Update
from telegram.error import BadRequest, Forbidden

from bot.language import answers_groups
from bot.language.messages import Answer
from bot.office import InGroup
from handlers.context import Context, chat_of
from handlers.replies import acknowledge, is_group, reply

_DECIDE = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)
_INSIDE = (*_DECIDE, ChatMember.MEMBER, ChatMember.RESTRICTED)


def heard(message: Message, bot_id: int, username: str) -> str | None:
    """The words meant for the bot, without its name; None where it was not spoken to.

    The name alone under somebody else's message asks that message.
    """
    mention = re.compile(rf"(?<![\w@])@{re.escape(username)}\b", re.IGNORECASE)
    said, above = message.text or message.caption or "", message.reply_to_message
    own = above is not None and above.from_user is not None and above.from_user.id == bot_id
    if _from_a_bot(message) or not (own or mention.search(said)):
        return None
    words = mention.sub(" ", said).strip()
    if words or own or above is None:
        return words
    return mention.sub(" ", above.text or above.caption or "").strip()


def _from_a_bot(message: Message) -> bool:
    """Another bot, with which ours could talk for ever; who hides behind the group writes as one, too."""
    return bool(message.from_user and message.from_user.is_bot and not message.sender_chat)


def among_many(update: Update, context: Context) -> InGroup | None:
    """What the office must know of a question in a group; None in a private chat."""
    chat, message = update.effective_chat, update.effective_message
    if chat is None or message is None or not is_group(chat):
        return None
    above = message.reply_to_message
    return InGroup(above.message_id if above else None, lambda: may_decide(update, context))


async def may_decide(update: Update, context: Context) -> bool:
    """Whether who acts may decide for the whole chat: everybody in private, admins in a group."""
    chat, user = update.effective_chat, update.effective_user
    if chat is None or not is_group(chat):
        return True
    written = update.message or update.edited_message
    if written and written.sender_chat and written.sender_chat.id == chat.id:
        return True  # an admin who writes as the group itself
    try:
        return user is not None and (await context.bot.get_chat_member(chat.id, user.id)).status in _DECIDE
    except (BadRequest, Forbidden):  # Telegram does not tell of this member
        return False


async def allowed(update: Update, context: Context) -> bool:
    """The same for what changes something for the whole chat; who may not gets a polite word."""
    if await may_decide(update, context):
        return True
    if update.callback_query:
        await acknowledge(update.callback_query, context, answers_groups.admins_only())
    else:
        told = Answer((answers_groups.admins_only(),))
        await reply(update, context, await context.office.citizens.reply(chat_of(update), told))
    return False


async def greet(update: Update, context: Context) -> None:
    """How the bot is asked among many."""
    citizens = context.office.citizens
    told = answers_groups.how_to_ask(citizens.view(), context.bot.username)
    await reply(update, context, await citizens.reply(chat_of(update), told))


def came_in(change: ChatMemberUpdated) -> bool:
    """Whether the bot was just added to a group."""
    was, now = change.old_chat_member.status, change.new_chat_member.status
    return is_group(change.chat) and was not in _INSIDE and now in _INSIDE
