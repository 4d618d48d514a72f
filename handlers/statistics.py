"""`/statistik`: what citizens asked, in words, and as a picture below them."""

from __future__ import annotations

import asyncio

from telegram import Update

from bot.bars import Figure, png
from bot.language import statistics_texts
from bot.language.messages import Message, say
from bot.language.statistics_texts import Bars
from bot.language.texts import MAIN_LANGUAGE
from handlers.context import Context
from handlers.replies import plain, rendered, reply_to_staff
from handlers.staff import staff_only


@staff_only
async def overview(update: Update, context: Context) -> None:
    """The words first: they are there at once on a bad line, and for those who cannot see the picture."""
    office, chat = context.office, update.effective_chat
    assert chat is not None
    told, view = await office.counting.statistics(), office.citizens.view()
    await reply_to_staff(update, context, statistics_texts.statistics(view, told))
    if told.asked:
        figures = [_figure(context, one) for one in statistics_texts.charts(view, told)]
        drawn = await asyncio.to_thread(png, figures)  # takes as long as many answers
        caption = rendered(context, statistics_texts.picture_caption(), MAIN_LANGUAGE)
        await chat.send_photo(drawn, filename="statistik.png", caption=caption)


def _figure(context: Context, chart: Bars) -> Figure:
    def words(message: Message) -> str:
        return plain(context, message, MAIN_LANGUAGE)

    bars = ((words(label), times, words(say("statistics.number", count=times))) for label, times in chart.bars)
    return Figure(words(chart.title), tuple(bars), upright=chart.upright)
