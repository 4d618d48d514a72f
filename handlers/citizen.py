"""A citizen's questions: in words, by command, by button."""

from __future__ import annotations

from telegram import Update

from bot.language import answers_groups, answers_talk
from bot.language.kabari import LINK, kabari_wanted
from bot.language.messages import paragraphs
from bot.language.questions import Intent, Question
from bot.office import Reply
from bot.office.recalling import Known
from bot.rules.chats import Aim
from handlers import history
from handlers.context import Context, chat_of
from handlers.groups import allowed, among_many, greet, heard
from handlers.keyboards import Action
from handlers.replies import acknowledge, in_a_group, reply

_FOR_ALL = ("g", "hd", "hd!")  # taps that change something for the whole chat
_WORTH_A_WORD = ("photo", "document", "voice")  # in a group; a sticker there is not for the bot to discuss


async def start(update: Update, context: Context) -> None:
    """Greets; a deep link's payload opens its answer, or subscribes."""
    citizens, chat = context.office.citizens, chat_of(update)
    payload, many = context.line, in_a_group(update)
    if payload.startswith(LINK) and not many:
        services, place = kabari_wanted(context.office.catalogue, payload)
        told = await citizens.tap(chat, Question(Intent.SUBSCRIBE, services), place)
    elif wanted := context.office.catalogue.from_payload(payload):
        told = await citizens.services(chat, (wanted[0],), wanted[1])
    elif many:
        told = await citizens.reply(chat, answers_groups.how_to_ask(citizens.view(), context.bot.username))
    else:
        told = await citizens.tap(chat, Question(Intent.GREETING))
    await answer(update, context, told)


async def question(update: Update, context: Context, known: Known | None = None) -> None:
    """Anything written freely, and what was corrected afterwards; `known`: what is kept of the chat, if it was read."""
    message = update.effective_message
    assert message is not None
    await ask(update, context, message.text or "", known)


async def ask(update: Update, context: Context, words: str, known: Known | None = None) -> None:
    """A question in a citizen's own words, and its answer."""
    asked = await context.office.citizens.ask(chat_of(update), words, among_many(update, context), known)
    await answer(update, context, _with_media(update, asked))


async def answer(update: Update, context: Context, said: Reply) -> None:
    """A reply that may be gone on from: in a group it must be known which one that is."""
    sent = await history.show(update, context, said)
    if in_a_group(update):
        await context.office.citizens.answered_by(chat_of(update), sent)


async def question_in_group(update: Update, context: Context) -> None:
    """What is said to the bot among many, and nothing else; its name alone asks how to ask."""
    message, citizens = update.effective_message, context.office.citizens
    assert message is not None
    words = heard(message, context.bot.id, context.bot.username)
    if words:
        await ask(update, context, words)
    elif words is not None and _kind(update) in _WORTH_A_WORD:
        await reply(update, context, await citizens.reply(chat_of(update), answers_talk.media(_kind(update))))
    elif words is not None and message.text:
        await greet(update, context)


def _with_media(update: Update, asked: Reply) -> Reply:
    """The answer to a caption, below a word on what it was written under."""
    message = update.effective_message
    if message is None or message.text is not None:
        return asked
    return Reply(paragraphs(answers_talk.media(_kind(update)), asked.answer), asked.language)


async def media(update: Update, context: Context) -> None:
    """A photo, a file, a voice message: nothing is downloaded; a caption is a question."""
    message, citizens, chat = update.effective_message, context.office.citizens, chat_of(update)
    assert message is not None
    if message.caption:
        await ask(update, context, message.caption)
    else:
        await reply(update, context, await citizens.reply(chat, answers_talk.media(_kind(update))))


def _kind(update: Update) -> str:
    message = update.effective_message
    kinds = ("photo", "document", "voice", "sticker")
    return next((kind for kind in kinds if getattr(message, kind, None)), "other")


async def status(update: Update, context: Context) -> None:
    """Today's board; or what the argument names, and where that is unclear, the argument as a question."""
    line = context.line
    if line and not context.office.citizens.named(line):
        await ask(update, context, line)
    else:
        await command(update, context, Intent.SERVICE_STATUS if line else Intent.ALL_STATUS)


async def requirements(update: Update, context: Context) -> None:
    await command(update, context, Intent.REQUIREMENTS)


async def hours(update: Update, context: Context) -> None:
    await command(update, context, Intent.OFFICE_HOURS)


async def location(update: Update, context: Context) -> None:
    await command(update, context, Intent.LOCATION_CONTACT)


async def past(update: Update, context: Context) -> None:
    """The last 90 days, of all services or of those that are named."""
    await command(update, context, Intent.SERVICE_STATUS, Aim.HISTORY)


async def command(update: Update, context: Context, intent: Intent, aim: Aim | None = None) -> None:
    """A command with what stands behind it."""
    citizens, group = context.office.citizens, among_many(update, context)
    await answer(update, context, await citizens.command(chat_of(update), intent, context.line, aim=aim, group=group))


async def language(update: Update, context: Context) -> None:
    told = answers_talk.choose_language(context.texts.languages)
    await reply(update, context, await context.office.citizens.reply(chat_of(update), told))


async def privacy(update: Update, context: Context) -> None:
    citizens = context.office.citizens
    await reply(update, context, await citizens.reply(chat_of(update), answers_talk.privacy(citizens.view())))


async def forget(update: Update, context: Context) -> None:
    await reply(update, context, await context.office.citizens.reply(chat_of(update), answers_talk.forget_asked()))


async def help_(update: Update, context: Context) -> None:
    if in_a_group(update):
        await greet(update, context)
        return
    citizens = context.office.citizens
    await reply(update, context, await citizens.reply(chat_of(update), answers_talk.help_(citizens.view())))


async def past_button(update: Update, context: Context) -> None:
    """A tap on a service under an earlier picture, or back to all of them."""
    query = update.callback_query
    assert query is not None
    await acknowledge(query, context)
    action = Action.parse(query.data or "")
    asked = Question(Intent.SERVICE_STATUS, action.ids)
    told = await context.office.citizens.tap(chat_of(update), asked, action.arg(1) or None, aim=Aim.HISTORY)
    await answer(update, context, told)


async def button(update: Update, context: Context) -> None:
    """A tap that asks: a service, the board, hours, places, requirements, another language."""
    query, chat = update.callback_query, chat_of(update)
    assert query is not None
    action = Action.parse(query.data or "")
    if action.kind in _FOR_ALL and not await allowed(update, context):
        return
    await acknowledge(query, context)
    await answer(update, context, await _tapped(context, chat, action))


async def _tapped(context: Context, chat: int, action: Action) -> Reply:
    citizens = context.office.citizens
    match action.kind:
        case "s":
            return await citizens.services(chat, action.ids, action.arg(1) or None)
        case "h":
            return await citizens.tap(chat, Question(Intent.OFFICE_HOURS))
        case "l" | "c":
            return await citizens.tap(chat, Question(Intent.LOCATION_CONTACT))
        case "r":
            return await citizens.tap(chat, Question(Intent.REQUIREMENTS, action.ids, case=action.arg(1) or None))
        case "g":
            await citizens.choose_language(chat, action.arg())
            return await citizens.reply(chat, answers_talk.language_chosen())
        case "hd!":
            last_words = await citizens.reply(chat, answers_talk.forgotten())  # in the language about to be forgotten
            await citizens.forget(chat)
            return last_words
        case "hd":
            return await citizens.reply(chat, answers_talk.forget_asked())
        case _:  # all of them; also a button of an earlier version
            return await citizens.tap(chat, Question(Intent.ALL_STATUS))
