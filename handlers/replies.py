"""An answer out: rendered, sent or put in the place of an earlier one."""

from __future__ import annotations

from telegram import CallbackQuery, LinkPreviewOptions, Update
from telegram import Message as Sent
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.language.messages import Answer, Message
from bot.language.texts import MAIN_LANGUAGE
from bot.office import Reply
from handlers.context import Context
from handlers.keyboards import keyboard

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_AS_GOOD_AS_DONE = ("message is not modified",)
_TOO_LATE = ("query is too old", "query id is invalid")


async def reply(update: Update, context: Context, said: Reply) -> Sent:
    """Send an answer to the chat that the update came from."""
    assert update.effective_chat is not None
    answer, language = said.answer, said.language
    return await update.effective_chat.send_message(
        rendered(context, answer, language),
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard(answer, lambda label: _plain(context, label, language)),
        link_preview_options=_NO_PREVIEW,
    )


async def reply_to_staff(update: Update, context: Context, answer: Answer | Message) -> Sent:
    """Staff read the main language."""
    return await reply(update, context, Reply(_answer(answer), MAIN_LANGUAGE))


async def replace(query: CallbackQuery, context: Context, answer: Answer | Message) -> None:
    """Put a staff answer in the place of the message whose button was tapped."""
    said = _answer(answer)
    try:
        await query.edit_message_text(
            rendered(context, said, MAIN_LANGUAGE),
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(said, lambda label: _plain(context, label, MAIN_LANGUAGE)),
            link_preview_options=_NO_PREVIEW,
        )
    except BadRequest as error:
        if not _says(error, _AS_GOOD_AS_DONE):
            raise


async def acknowledge(query: CallbackQuery, context: Context, words: Message | None = None) -> None:
    """Stop the button's clock; too late is no harm, the answer itself follows."""
    try:
        await query.answer(_plain(context, words, MAIN_LANGUAGE) if words else None)
    except BadRequest as error:
        if not _says(error, _TOO_LATE):
            raise


def rendered(context: Context, answer: Answer, language: str) -> str:
    office = context.office
    return context.texts.render(answer, language, office.live.clock(), office.catalogue.office.timezone)


def _plain(context: Context, said: Message, language: str) -> str:
    office = context.office
    return context.texts.plain(said, language, office.live.clock(), office.catalogue.office.timezone)


def _answer(said: Answer | Message) -> Answer:
    return Answer((said,)) if isinstance(said, Message) else said


def _says(error: BadRequest, words: tuple[str, ...]) -> bool:
    return any(word in str(error).lower() for word in words)
