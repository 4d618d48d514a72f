"""Citizens who ask a web by its webhook, whatever else goes on: how long each waits, and what it costs the web."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bench.outbox import FIRST_CHAT
from bench.processes import PATIENCE
from bot.clock import system_clock

SHOWN, SECRET = "X-Telegram-Bot-Api-Secret-Token", "bench-only"
A_SECOND = 20  # questions
CHATS = 50_000  # who ask, of all offices, hardly one of them twice

_NUMBERS = iter(range(1, 10**9))


async def until_ready(session: aiohttp.ClientSession, port: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)


class Asked:
    """Questions that were put to a web: seconds until the answer, and seconds of the processors for it.

    What the process has had while several were in hand is shared among them.
    """

    def __init__(self, pid: int) -> None:
        self._pid, self._had = pid, _had(pid)
        self._in_hand: dict[int, float] = {}
        self.waits: list[float] = []
        self.own: list[float] = []
        self.failed = 0
        self.memory = 0.0  # the most that the process had, MiB

    def begin(self, number: int) -> None:
        self._share()
        self._in_hand[number] = 0.0

    def end(self, number: int, waited: float) -> None:
        self._share()
        self.waits.append(waited)
        self.own.append(self._in_hand.pop(number))
        self.memory = _most_resident(self._pid)

    def fail(self, number: int) -> None:
        self._share()
        self._in_hand.pop(number)
        self.failed += 1

    def _share(self) -> None:
        before, self._had = self._had, _had(self._pid)
        for number in self._in_hand:
            self._in_hand[number] += (self._had - before) / len(self._in_hand)


def _had(pid: int) -> float:
    """Seconds of the processors that all threads of a process had; `/proc/PID/stat` counts by the hundredth."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


@asynccontextmanager
async def asking(session: aiohttp.ClientSession, port: int, pid: int) -> AsyncIterator[Asked]:
    """For as long as the block lasts."""
    asked = Asked(pid)
    going_on = asyncio.create_task(_ask_on(session, f"http://127.0.0.1:{port}/telegram", asked))
    try:
        yield asked
    finally:
        going_on.cancel()
        await asyncio.gather(going_on, return_exceptions=True)


async def _ask_on(session: aiohttp.ClientSession, address: str, asked: Asked) -> None:
    """So many a second, whether or not the answers keep up."""
    async with asyncio.TaskGroup() as going:
        while True:
            going.create_task(_ask(session, address, asked))
            await asyncio.sleep(1 / A_SECOND)


async def _ask(session: aiohttp.ClientSession, address: str, asked: Asked) -> None:
    number, began = next(_NUMBERS), time.perf_counter()
    who = {"id": FIRST_CHAT + number * 7919 % CHATS, "first_name": "Warga"}
    message = {
        "message_id": number,
        "from": who | {"is_bot": False},
        "chat": who | {"type": "private"},
        "date": int(system_clock()().timestamp()),
        "text": "ktp sudah bisa?",
    }
    asked.begin(number)
    try:
        async with session.post(address, json={"update_id": number, "message": message}) as answer:
            answer.raise_for_status()
    except (aiohttp.ClientError, TimeoutError):
        asked.fail(number)
    else:
        asked.end(number, time.perf_counter() - began)


def _most_resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM:"))) / 1024
