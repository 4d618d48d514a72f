"""An answer out: rendered, sent to the chat and thread that asked, or put in the place of an earlier one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from zoneinfo import ZoneInfo

from telegram import CallbackQuery, Chat, InputFile, LinkPreviewOptions, ReplyParameters, Update
from telegram import Message as Sent
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.language.answers_groups import in_group
from bot.language.messages import Answer, Message
from bot.language.texts import MAIN_LANGUAGE
from bot.office import Reply
from handlers.context import Context, Spoken, author_of, chat_of
from handlers.keyboards import keyboard

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_AS_GOOD_AS_DONE = ("message is not modified",)
TOO_LATE = ("query is too old", "query id is invalid")


async def reply(update: Update, context: Context, said: Reply) -> int:
    """Answer in the chat and thread that the update came from, in a group to who asked; the id of the message."""
    chat, asking = update.effective_chat, update.effective_message
    assert chat is not None
    answer, language = said.answer, said.language
    if is_group(chat):
        answer = in_group(answer, context.office.catalogue, context.bot.username)
    return await context.answering.send_answer(chat.id, _spoken(context, answer, language), **_where(chat, asking))


def _spoken(context: Context, answer: Answer, language: str) -> str:
    """What is sent of it. Known by the object itself, which is kept, so its id stays its own."""
    now = context.office.live.clock().replace(second=0, microsecond=0)

    def speak() -> Spoken:
        buttons = keyboard(answer, lambda label: plain(context, label, language, answer.zone))
        return answer, context.answering.encoded(rendered(context, answer, language), buttons)

    return context.bot_data.spoken.of(now, (id(answer), language), speak)[1]


def _where(chat: Chat, asking: Sent | None) -> dict[str, object]:
    thread, replying = _thread(chat, asking), _replying(chat, asking)
    where: dict[str, object] = {} if thread is None else {"message_thread_id": thread}
    return where if replying is None else {**where, "reply_parameters": replying.to_json()}


async def reply_with_picture(update: Update, context: Context, said: Reply, picture: bytes) -> Sent:
    """The same with a picture above the words."""
    chat, asking = update.effective_chat, update.effective_message
    assert chat is not None
    return await chat.send_photo(
        InputFile(picture, "loket.png", attach=True),
        caption=rendered(context, said.answer, said.language),
        parse_mode=ParseMode.HTML,
        reply_markup=keyboard(said.answer, lambda label: plain(context, label, said.language, said.answer.zone)),
        message_thread_id=_thread(chat, asking),
        reply_parameters=_replying(chat, asking),
    )


def is_group(chat: Chat) -> bool:
    return chat.type in (Chat.GROUP, Chat.SUPERGROUP)


def in_a_group(update: Update) -> bool:
    return update.effective_chat is not None and is_group(update.effective_chat)


def _thread(chat: Chat, asking: Sent | None) -> int | None:
    """The topic that asked. Outside forums Telegram numbers threads of replies too, and takes none of those numbers."""
    return asking.message_thread_id if asking and (asking.is_topic_message or chat.is_forum) else None


def _replying(chat: Chat, asking: Sent | None) -> ReplyParameters | None:
    """In a group to the message that asked, also where that was deleted meanwhile."""
    if asking is None or not is_group(chat):
        return None
    return ReplyParameters(asking.message_id, allow_sending_without_reply=True)


async def reply_to_staff(update: Update, context: Context, answer: Answer | Message) -> int:
    """Staff read the main language, and the time of their place."""
    return await reply(update, context, Reply(await _for_staff(context, author_of(update).id, answer), MAIN_LANGUAGE))


async def replace(query: CallbackQuery, context: Context, answer: Answer | Message) -> None:
    """Put a staff answer in the place of the message whose button was tapped."""
    await _edited(query.edit_message_text, context, await _for_staff(context, query.from_user.id, answer))


async def replace_message(update: Update, context: Context, message: int, answer: Answer) -> None:
    """Put a staff answer in the place of an earlier message of the same chat."""
    edit = partial(context.bot.edit_message_text, chat_id=chat_of(update), message_id=message)
    await _edited(edit, context, await _for_staff(context, author_of(update).id, answer))


async def _edited(edit: Callable[..., Awaitable[object]], context: Context, said: Answer) -> None:
    try:
        await edit(
            text=rendered(context, said, MAIN_LANGUAGE),
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard(said, lambda label: plain(context, label, MAIN_LANGUAGE, said.zone)),
            link_preview_options=NO_PREVIEW,
        )
    except BadRequest as error:
        if not says(error, _AS_GOOD_AS_DONE):
            raise


async def acknowledge(
    query: CallbackQuery, context: Context, words: Message | None = None, url: str | None = None
) -> None:
    """Stop the button's clock, with a word or by opening a link; too late is no harm, the answer itself follows."""
    try:
        await query.answer(plain(context, words, MAIN_LANGUAGE) if words else None, url=url)
    except BadRequest as error:
        if not says(error, TOO_LATE):
            raise


def rendered(context: Context, answer: Answer, language: str) -> str:
    office = context.office
    return context.texts.render(answer, language, office.live.clock(), office.catalogue.office.timezone)


def plain(context: Context, said: Answer | Message, language: str, zone: ZoneInfo | None = None) -> str:
    """Without markup; `zone`: of the answer that a label belongs to."""
    office = context.office
    return context.texts.plain(said, language, office.live.clock(), zone or office.catalogue.office.timezone)


async def _for_staff(context: Context, user: int, said: Answer | Message) -> Answer:
    answer = Answer((said,)) if isinstance(said, Message) else said
    return await context.office.roster.clocked(user, answer)


def says(error: BadRequest, words: tuple[str, ...]) -> bool:
    return any(word in str(error).lower() for word in words)
