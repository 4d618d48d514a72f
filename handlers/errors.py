"""What the citizen is told when a handler fails; the application has logged it by then."""

from __future__ import annotations

from telegram import Update
from telegram.error import BadRequest, TelegramError

from bot.language import answers_talk
from bot.language.texts import MAIN_LANGUAGE
from bot.language.view import contact
from bot.office import Reply
from handlers.context import Context
from handlers.replies import reply


async def apologise(update: object, context: Context) -> None:
    """One bad update does not stop the others, and nobody is left without a word."""
    if not isinstance(update, Update) or update.effective_chat is None:
        return
    if isinstance(context.error, TelegramError) and not isinstance(context.error, BadRequest):
        return  # the chat cannot be reached: an apology would fare no better
    told = answers_talk.trouble(contact(context.office.citizens.view()))
    await reply(update, context, Reply(told, MAIN_LANGUAGE))
