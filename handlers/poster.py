"""A page to print for the door, with a code that opens the bot."""

from __future__ import annotations

import asyncio

from telegram import Update

from bot.language import poster_texts
from bot.language.messages import Message
from bot.language.refusals import RefusedError
from bot.language.texts import MAIN_LANGUAGE
from bot.poster import Printed, draw
from handlers.context import Context
from handlers.replies import plain, reply_to_staff
from handlers.staff import staff_only


@staff_only
async def poster(update: Update, context: Context) -> None:
    """Drawn beside the loop: nobody's answer waits for it."""
    chat = update.effective_chat
    assert chat is not None
    try:
        told = poster_texts.poster(context.office.citizens.view(), context.bot.username, context.line)
    except RefusedError as refusal:
        await reply_to_staff(update, context, refusal.answer)
        return

    def read(words: Message | None) -> str:
        return plain(context, words, MAIN_LANGUAGE) if words else ""

    printed = Printed(
        read(told.office),
        read(told.place),
        read(told.headline),
        read(told.question),
        told.link,
        read(told.scan),
        read(told.foot),
    )
    page = await asyncio.to_thread(draw, printed)
    await chat.send_document(page, filename=told.file, caption=plain(context, told.caption, MAIN_LANGUAGE))
