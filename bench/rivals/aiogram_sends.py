"""aiogram's bare send in a plain loop: `aiogram_sends.py URL TOKEN COUNT AT_ONCE` prints the µs of CPU a message."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

TEXT = "<b>Cetak KTP-el</b> sudah bisa lagi.\n" + "Antre seperti biasa, hari ini sampai pukul 15.00. " * 4
FIRST = 747_100_000_000
WARM_UP = 300


async def main(url: str, token: str, count: str, at_once: str) -> None:
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url), limit=int(at_once)))
    await _send(bot, iter(range(WARM_UP)), int(at_once))
    began = time.process_time()
    await _send(bot, iter(range(int(count))), int(at_once))
    sys.stdout.write(f"{(time.process_time() - began) / int(count) * 1e6}\n")
    await bot.session.close()


async def _send(bot: Bot, numbers: Iterator[int], at_once: int) -> None:
    async def sender() -> None:
        for number in numbers:
            await bot.send_message(FIRST + number, TEXT, parse_mode="HTML")

    await asyncio.gather(*(sender() for _ in range(at_once)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
