"""Loket's inbox or broadcaster in a process of its own, to be killed: `python -m tests.delivery.child echo|send …`."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import datetime

from telegram import Update
from telegram.ext import Application, TypeHandler

from bot import inbox
from bot.clock import system_clock
from bot.delivery.broadcaster import Broadcaster
from bot.delivery.pacing import Lanes
from bot.delivery.rendering import Rendered
from bot.delivery.sending import OfficeBot
from bot.inbox import Inbox, OfficeApplication
from bot.rules.notices import Delivery, Notice, Wish
from bot.store import Store
from bot.telegram_request import AiohttpRequest


def bot_at(url: str, token: str, rate: float) -> tuple[OfficeBot, Lanes]:
    lanes = Lanes(rate, replying=inbox.replying)
    bot = OfficeBot(
        token,
        base_url=f"{url}/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(connections=1),
        rate_limiter=lanes,
    )
    return bot, lanes


async def echo(url: str, token: str) -> None:
    """Answers each message with its own text."""
    bot, _ = bot_at(url, token, 25)
    built = Application.builder().application_class(OfficeApplication).bot(bot).updater(None).job_queue(None).build()

    async def reply(update: Update, _context: object) -> None:
        assert update.effective_message is not None
        await update.effective_message.reply_text(update.effective_message.text or "")

    built.add_handler(TypeHandler(Update, reply))
    async with built:
        receiving = Inbox(built)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, receiving.stop)
        await receiving.run()


async def send(url: str, token: str, database: str, clock_offset: str) -> None:
    """Sends what the outbox holds, 200 a second."""
    bot, lanes = bot_at(url, token, 200)
    store = Store(database)
    await store.open()
    broadcaster = Broadcaster(store, bot, lanes, _render, system_clock(float(clock_offset)))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, broadcaster.stop)
    async with bot:
        await broadcaster.run()
    await store.close()


def _render(notice: Notice, delivery: Delivery, _wish: Wish | None, _language: str | None, _now: datetime) -> Rendered:
    return Rendered(f"notice {notice.id}", delivery.changes)


if __name__ == "__main__":
    work, *arguments = sys.argv[1:]
    asyncio.run(echo(*arguments) if work == "echo" else send(*arguments))
