"""Passing an answer on: a card in any chat by the bot's name, a text for WhatsApp by a tap."""

from __future__ import annotations

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.language.sharing import Card, with_ways
from bot.language.texts import MAIN_LANGUAGE
from bot.office import Reply
from handlers.context import Context, chat_of
from handlers.keyboards import Action, keyboard
from handlers.replies import NO_PREVIEW, TOO_LATE, acknowledge, plain, rendered, reply, says

_CACHED = 10  # seconds for which Telegram may answer others who type the same: a report changes it at any time
_MOST = 50  # cards that Telegram takes
_START = "tanya"  # the payload with which the bot is opened from there; it greets


async def inline(update: Update, context: Context) -> None:
    """Cards for what was typed behind the bot's name; the same for everybody, so in the main language."""
    query = update.inline_query
    assert query is not None
    found, otherwise = context.office.sharing.cards(context.bot.username, query.query)
    to_bot = InlineQueryResultsButton(plain(context, otherwise, MAIN_LANGUAGE), start_parameter=_START)
    try:
        await query.answer(
            [_article(context, card) for card in found[:_MOST]],
            cache_time=_CACHED,
            is_personal=False,
            button=None if found else to_bot,
        )
    except BadRequest as error:
        if not says(error, TOO_LATE):  # they typed on
            raise


def _article(context: Context, card: Card) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        card.id,
        plain(context, card.title, MAIN_LANGUAGE),
        InputTextMessageContent(
            rendered(context, card.said, MAIN_LANGUAGE), parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
        ),
        description=plain(context, card.first, MAIN_LANGUAGE, card.said.zone),
        reply_markup=keyboard(card.said, lambda label: plain(context, label, MAIN_LANGUAGE, card.said.zone)),
    )


async def button(update: Update, context: Context) -> None:
    """`Bagikan`: the answer of now as a text, and what sends it on."""
    query = update.callback_query
    assert query is not None
    await acknowledge(query, context)
    action = Action.parse(query.data or "")
    told = context.office.sharing.text(context.bot.username, action.ids, action.arg(1) or None)
    said = await context.office.citizens.reply(chat_of(update), told)
    inline_too = bool(context.bot.bot.supports_inline_queries)  # else Telegram refuses the button
    ways = with_ways(told, plain(context, told, said.language), action.ids, inline=inline_too)
    await reply(update, context, Reply(ways, said.language))
