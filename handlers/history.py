"""The last 90 days: a picture, with the plain figures under it for those who cannot see it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from telegram import Update

from bot.language.history_chart import Chart
from bot.language.messages import DayMonth, Message, say
from bot.office import Reply
from bot.picture import MOST_ROWS, Picture, PictureRow, png
from handlers.context import Context
from handlers.replies import plain, reply, reply_with_picture

CAPTION = 1024  # letters that Telegram takes under a picture


async def show(update: Update, context: Context, said: Reply) -> int:
    """An answer out: where it has a picture, with as many figures as fit under that. The id of the message."""
    if said.chart is None:
        return await reply(update, context, said)
    captions = (replace(said, answer=caption) for caption in (said.answer, *said.shorter))
    fitting = next(caption for caption in captions if _length(context, caption) <= CAPTION)
    drawn = await asyncio.to_thread(png, _picture(context, said.chart, said.language))  # takes as long as many answers
    return (await reply_with_picture(update, context, fitting, drawn)).message_id


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
