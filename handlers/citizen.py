"""A citizen's questions: in words, by command, by button."""

from __future__ import annotations

from telegram import Update

from bot.language import answers_office, answers_talk
from bot.language.messages import paragraphs
from bot.office import Reply
from handlers.context import Context, chat_of
from handlers.keyboards import Action
from handlers.replies import acknowledge, reply

_SUBSCRIBE_LINK = "kabari_"


async def start(update: Update, context: Context) -> None:
    """Greets; a deep link's payload opens its answer, or subscribes."""
    citizens, chat = context.office.citizens, chat_of(update)
    payload = context.line
    wanted = context.office.catalogue.from_payload(payload.removeprefix(_SUBSCRIBE_LINK))
    if wanted is None:
        await reply(update, context, await citizens.reply(chat, answers_talk.greeting(citizens.view())))
    elif payload.startswith(_SUBSCRIBE_LINK):
        told = await context.office.subscribers.once(chat, (wanted[0],), wanted[1])
        await reply(update, context, await citizens.reply(chat, told))
    else:
        await reply(update, context, await citizens.service(chat, *wanted))


async def question(update: Update, context: Context) -> None:
    """Anything written freely, and what was corrected afterwards."""
    message = update.effective_message
    assert message is not None
    await reply(update, context, await context.office.citizens.ask(chat_of(update), message.text or ""))


async def media(update: Update, context: Context) -> None:
    """A photo, a file, a voice message: nothing is downloaded; a caption is a question."""
    message, citizens, chat = update.effective_message, context.office.citizens, chat_of(update)
    assert message is not None
    line = answers_talk.media(_kind(update))
    if not message.caption:
        await reply(update, context, await citizens.reply(chat, line))
        return
    asked = await citizens.ask(chat, message.caption)
    await reply(update, context, Reply(paragraphs(line, asked.answer), asked.language))


def _kind(update: Update) -> str:
    message = update.effective_message
    kinds = ("photo", "document", "voice", "sticker")
    return next((kind for kind in kinds if getattr(message, kind, None)), "other")


async def status(update: Update, context: Context) -> None:
    citizens, chat = context.office.citizens, chat_of(update)
    if context.line:
        await reply(update, context, await _about(context, chat, context.line))
    else:
        await reply(update, context, await citizens.reply(chat, citizens.board()))


async def _about(context: Context, chat: int, line: str) -> Reply:
    """What a command's argument names; where that is unclear, the argument as a question."""
    citizens = context.office.citizens
    named = citizens.named(line)
    if not named:
        return await citizens.ask(chat, line)
    return await citizens.reply(chat, citizens.services(named))


async def requirements(update: Update, context: Context) -> None:
    citizens = context.office.citizens
    await reply(update, context, await citizens.reply(chat_of(update), citizens.requirements(context.line)))


async def hours(update: Update, context: Context) -> None:
    citizens = context.office.citizens
    told = answers_office.office_hours(citizens.view())
    await reply(update, context, await citizens.reply(chat_of(update), told))


async def location(update: Update, context: Context) -> None:
    citizens = context.office.citizens
    await reply(update, context, await citizens.reply(chat_of(update), answers_office.location(citizens.view())))


async def language(update: Update, context: Context) -> None:
    told = answers_talk.choose_language(context.texts.languages)
    await reply(update, context, await context.office.citizens.reply(chat_of(update), told))


async def privacy(update: Update, context: Context) -> None:
    citizens = context.office.citizens
    await reply(update, context, await citizens.reply(chat_of(update), answers_talk.privacy(citizens.view())))


async def forget(update: Update, context: Context) -> None:
    await reply(update, context, await context.office.citizens.reply(chat_of(update), answers_talk.forget_asked()))


async def help_(update: Update, context: Context) -> None:
    citizens = context.office.citizens
    await reply(update, context, await citizens.reply(chat_of(update), answers_talk.help_(citizens.view())))


async def button(update: Update, context: Context) -> None:
    """A tap that asks: a service, the board, hours, places, requirements, another language."""
    query, chat = update.callback_query, chat_of(update)
    assert query is not None
    await acknowledge(query, context)
    await reply(update, context, await _tapped(context, chat, Action.parse(query.data or "")))


async def _tapped(context: Context, chat: int, action: Action) -> Reply:
    citizens, view = context.office.citizens, context.office.citizens.view()
    match action.kind:
        case "s":
            return await citizens.service(chat, action.arg(), action.arg(1) or None)
        case "all":
            told = citizens.board()
        case "h":
            told = answers_office.office_hours(view)
        case "l" | "c":
            told = answers_office.location(view)
        case "r":
            told = answers_office.requirements(view, action.ids, action.arg(1) or None)
        case "g":
            await citizens.choose_language(chat, action.arg())
            told = answers_talk.language_chosen()
        case "hd!":
            last_words = await citizens.reply(chat, answers_talk.forgotten())  # in the language about to be forgotten
            await citizens.forget(chat)
            return last_words
        case _:
            told = answers_talk.forget_asked()
    return await citizens.reply(chat, told)
