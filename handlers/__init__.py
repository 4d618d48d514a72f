"""Everything the bot answers, in order; the first that fits answers.

First stands what is no news, an edit that left the text alone. Staff commands stand before the citizens' so that
nothing above can take them; the catch-alls stand last: a command that nobody knows, what is written freely, what is
neither text nor command.

In groups the bot answers commands, and what is said to it by its name or as a reply; a command that it does not know is
another bot's. What changes something for the whole chat is for a group's admins.
"""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.office.roster import INVITATION_LINK
from handlers import (
    audit,
    broadcasts,
    citizen,
    edits,
    links,
    places,
    poster,
    reminders,
    roster,
    schedule,
    sharing,
    staff,
    statistics,
    subscriber,
    wizard,
)
from handlers.context import Context

ALLOWED_UPDATES = (
    *(Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY),
    *(Update.INLINE_QUERY, Update.MY_CHAT_MEMBER),
)
"""Every kind of update that has a handler; Telegram sends no other."""

_PRIVATE, _GROUP = filters.ChatType.PRIVATE, filters.ChatType.GROUPS
_NEW = _PRIVATE & filters.UpdateType.MESSAGE
_ANYWHERE = _PRIVATE | _GROUP
_NOT_A_COMMAND = ~filters.COMMAND & ~filters.StatusUpdate.ALL

Handler = BaseHandler[Any, Context, Any]


def all_handlers() -> list[Handler]:
    return [_unchanged(), *_staff(), *_commands(), *_buttons(), *_catch_all()]


def _unchanged() -> Handler:
    """Before everything that would answer, or report, a second time."""
    return MessageHandler(edits.Unchanged(), edits.leave)


def _staff() -> list[Handler]:
    """Commands that change what everybody reads; whoever may not is refused, and it is recorded."""
    return [
        CommandHandler("lapor", wizard.report, _ANYWHERE),
        CommandHandler("pulih", wizard.resumption, _ANYWHERE),
        CommandHandler("papan", staff.board, _ANYWHERE),
        CommandHandler("urung", staff.retraction, _ANYWHERE),
        CommandHandler("masihsama", staff.confirm, _ANYWHERE),
        CommandHandler("jadwal", schedule.schedule, _ANYWHERE),
        CommandHandler("siaran", broadcasts.overview, _ANYWHERE),
        CommandHandler("poster", poster.poster, _ANYWHERE),
        CommandHandler("petugas", roster.staff_list, _ANYWHERE),
        CommandHandler("undang", roster.invite, _ANYWHERE),
        CommandHandler("catatan", audit.overview, _ANYWHERE),
        CommandHandler("statistik", statistics.overview, _ANYWHERE),
        CommandHandler("start", roster.redeem, _PRIVATE & filters.Regex(rf"^/start\S* {INVITATION_LINK}")),
    ]


def _commands() -> list[Handler]:
    return [
        CommandHandler("start", citizen.start, _ANYWHERE),
        CommandHandler("status", citizen.status, _ANYWHERE),
        CommandHandler("syarat", citizen.requirements, _ANYWHERE),
        CommandHandler("jam", citizen.hours, _ANYWHERE),
        CommandHandler("lokasi", citizen.location, _ANYWHERE),
        CommandHandler("langganan", subscriber.subscriptions, _ANYWHERE),
        CommandHandler("berhenti", subscriber.stop, _ANYWHERE),
        CommandHandler("riwayat", citizen.past, _ANYWHERE),
        CommandHandler("bahasa", citizen.language, _ANYWHERE),
        CommandHandler("privasi", citizen.privacy, _ANYWHERE),
        CommandHandler("hapusdata", citizen.forget, _ANYWHERE),
        CommandHandler("bantuan", citizen.help_, _ANYWHERE),
    ]


def _buttons() -> list[Handler]:
    return [
        CallbackQueryHandler(broadcasts.button, r"^(?:stop|go):"),
        CallbackQueryHandler(links.button, r"^link:"),
        CallbackQueryHandler(schedule.button, r"^j:"),
        CallbackQueryHandler(reminders.button, r"^ask:"),
        CallbackQueryHandler(audit.button, r"^log:"),
        CallbackQueryHandler(roster.button, r"^(?:w|w!|wi|wp|wn)(?::|$)"),
        CallbackQueryHandler(wizard.button, r"^lp:"),
        CallbackQueryHandler(wizard.change, r"^e:"),
        CallbackQueryHandler(staff.button, r"^(?:[pqfnu]|u!|same)(?::|$)"),
        CallbackQueryHandler(citizen.past_button, r"^hi(?::|$)"),
        CallbackQueryHandler(subscriber.button, r"^[kaox]:"),
        CallbackQueryHandler(sharing.button, r"^share:"),
        CallbackQueryHandler(places.button, r"^at[pw]?(?::|$)"),
        CallbackQueryHandler(citizen.button),
        InlineQueryHandler(sharing.inline),
        ChatMemberHandler(subscriber.membership, ChatMemberHandler.MY_CHAT_MEMBER),
    ]


def _catch_all() -> list[Handler]:
    return [
        MessageHandler(_PRIVATE & filters.COMMAND, citizen.help_),
        MessageHandler(_PRIVATE & filters.TEXT, wizard.words_or(citizen.question)),
        MessageHandler(_NEW & ~filters.StatusUpdate.ALL, citizen.media),
        MessageHandler(_PRIVATE & filters.CAPTION, citizen.media),
        MessageHandler(_GROUP & filters.StatusUpdate.MIGRATE, subscriber.moved),
        MessageHandler(_GROUP & _NOT_A_COMMAND, citizen.question_in_group),
    ]
