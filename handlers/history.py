"""The last 90 days: a picture, with the plain figures under it for those who cannot see it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from telegram import Update

from bot.language.history_chart import Chart
from bot.language.messages import DayMonth, Message, say
from bot.office import Reply
from bot.picture import MOST_ROWS, Picture, PictureRow, png
from handlers.context import Context, chat_of
from handlers.keyboards import Action
from handlers.replies import acknowledge, plain, reply, reply_with_picture

CAPTION = 1024  # letters that Telegram takes under a picture


async def command(update: Update, context: Context) -> None:
    """`/riwayat`, of all services or of those that are named."""
    line = context.line
    await _show(update, context, context.office.citizens.named(line) if line else ())


async def button(update: Update, context: Context) -> None:
    """A tap on a service under an earlier picture, or back to all of them."""
    query = update.callback_query
    assert query is not None
    await acknowledge(query, context)
    await _show(update, context, Action.parse(query.data or "").ids)


async def _show(update: Update, context: Context, ids: Sequence[str]) -> None:
    citizens, chat = context.office.citizens, chat_of(update)
    told = await citizens.history(chat, ids)
    for caption in told.captions:
        said = await citizens.reply(chat, caption, context.line)
        if told.chart is None:
            await reply(update, context, said)
        elif _length(context, said) <= CAPTION:
            picture = _picture(context, told.chart, said.language)
            drawn = await asyncio.to_thread(png, picture)  # takes as long as many answers
            await reply_with_picture(update, context, said, drawn)
            return


def _length(context: Context, said: Reply) -> int:
    """As Telegram counts it, without the markup."""
    words = "\n".join(plain(context, line, said.language, said.answer.zone) for line in said.answer.lines)
    return len(words.encode("utf-16-le")) // 2


def _picture(context: Context, chart: Chart, language: str) -> Picture:
    def words(message: Message) -> str:
        return plain(context, message, language)

    return Picture(
        words(say("history.title")),
        tuple(PictureRow(words(row.name), words(row.figures), row.bars) for row in chart.rows[:MOST_ROWS]),
        words(say("history.day", day=DayMonth(chart.first))),
        words(say("history.day", day=DayMonth(chart.last))),
        (
            words(say("page.state.available")),
            words(say("page.state.limited")),
            words(say("page.state.unavailable")),
            words(say("page.state.unknown")),
        ),
    )
