"""Everything the bot answers, in order; the first that fits answers.

Staff commands stand before the citizens' so that nothing above can take them; the catch-alls stand last: a command that
nobody knows, what is written freely, what is neither text nor command.
"""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from handlers import citizen, staff, subscriber
from handlers.context import Context

ALLOWED_UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
"""Every kind of update that has a handler; Telegram sends no other."""

_PRIVATE = filters.ChatType.PRIVATE
_NEW = _PRIVATE & filters.UpdateType.MESSAGE

Handler = BaseHandler[Any, Context, Any]


def all_handlers() -> list[Handler]:
    return [*_staff(), *_commands(), *_buttons(), *_catch_all()]


def _staff() -> list[Handler]:
    """Commands that change what everybody reads; whoever may not is refused, and it is recorded."""
    return [
        CommandHandler("lapor", staff.report, _NEW),
        CommandHandler("pulih", staff.resumption, _NEW),
        CommandHandler("papan", staff.board, _NEW),
        CommandHandler("urung", staff.retraction, _NEW),
        CommandHandler("masihsama", staff.confirm, _NEW),
    ]


def _commands() -> list[Handler]:
    return [
        CommandHandler("start", citizen.start, _NEW),
        CommandHandler("status", citizen.status, _NEW),
        CommandHandler("syarat", citizen.requirements, _NEW),
        CommandHandler("jam", citizen.hours, _NEW),
        CommandHandler("lokasi", citizen.location, _NEW),
        CommandHandler("langganan", subscriber.subscriptions, _NEW),
        CommandHandler("berhenti", subscriber.stop, _NEW),
        CommandHandler("bahasa", citizen.language, _NEW),
        CommandHandler("privasi", citizen.privacy, _NEW),
        CommandHandler("hapusdata", citizen.forget, _NEW),
        CommandHandler("bantuan", citizen.help_, _NEW),
    ]


def _buttons() -> list[Handler]:
    return [
        CallbackQueryHandler(staff.button, r"^(?:[pqefnuw]|u!|same)(?::|$)"),
        CallbackQueryHandler(subscriber.button, r"^[kaox]:"),
        CallbackQueryHandler(citizen.button),
        ChatMemberHandler(subscriber.membership, ChatMemberHandler.MY_CHAT_MEMBER),
    ]


def _catch_all() -> list[Handler]:
    return [
        MessageHandler(_PRIVATE & filters.COMMAND, citizen.help_),
        MessageHandler(_PRIVATE & filters.TEXT, citizen.question),
        MessageHandler(_NEW & ~filters.StatusUpdate.ALL, citizen.media),
        MessageHandler(_PRIVATE & filters.CAPTION, citizen.media),
    ]
