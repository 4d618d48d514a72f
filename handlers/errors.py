"""What happens when a handler fails: it is logged without the message's content, and apologised for."""

from __future__ import annotations

import structlog
from telegram import Update
from telegram.error import TelegramError

from bot.language import answers_talk
from bot.language.texts import MAIN_LANGUAGE
from bot.language.view import contact
from bot.office import Reply
from handlers.context import Context
from handlers.replies import reply

log = structlog.get_logger(__name__)


async def apologise(update: object, context: Context) -> None:
    """One bad update does not stop the others, and nobody is left without a word."""
    error = context.error
    number = update.update_id if isinstance(update, Update) else None
    log.error("an update failed", update=number, exc_info=error)
    if isinstance(error, TelegramError) or not isinstance(update, Update) or update.effective_chat is None:
        return  # Telegram refused the reply itself: another would fare no better
    told = answers_talk.trouble(contact(context.office.citizens.view()))
    await reply(update, context, Reply(told, MAIN_LANGUAGE))
