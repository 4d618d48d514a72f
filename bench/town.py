"""The stand-in with Telegram's limits on, as a process of its own: `python -m bench.town SUBSCRIBERS`.

It prints its address, asks the bot three questions a second once it is told to, and says what arrived when.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from subprocess import PIPE, Popen

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground import people
from playground.limits import FloodLimits
from playground.server import serve
from playground.world import Json, World

FIRST = 747_100_000_000
CITIZENS = range(747100101, 747100111)  # enough that nobody asks more than one question in three seconds
QUESTIONS_A_SECOND = 3.0
QUESTION = "ktp sudah bisa?"


@dataclass
class Limits(FloodLimits):
    """Telegram's limits, and how often somebody met one."""

    met: int = 0

    def admit(self, chat_id: int) -> int:
        wait = super().admit(chat_id)
        self.met += wait > 0
        return wait


@dataclass
class Town:
    """What arrived, and how long citizens waited."""

    world: World
    limits: Limits
    notices: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    asked: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world.listen(self._note)

    def _note(self, event: Json) -> None:
        if event["type"] != "message" or not event["message"]["out"]:
            return
        if event["chat_id"] not in CITIZENS:
            self.notices.append(time.monotonic())
        elif asked := self.asked.pop(event["chat_id"], None):
            self.answers.append(time.monotonic() - asked)

    async def ask(self) -> None:
        """Three questions a second, each by the next citizen."""
        for chat in cycle(CITIZENS):
            self.asked.setdefault(chat, time.monotonic())  # one that still waits goes on waiting
            people.say(self.world, chat, QUESTION)
            await asyncio.sleep(1 / QUESTIONS_A_SECOND)

    def result(self) -> Json:
        return {
            "notices": self.notices,
            "answers": self.answers,
            "waiting": [time.monotonic() - asked for asked in self.asked.values()],
            "met": self.limits.met,
        }


def peopled(count: int) -> Town:
    """Everybody's phone, each acquainted with the bot."""
    limits = Limits(overall=True)
    world = World(limits=limits)
    for number in range(count):
        world.add_phone(FIRST + number, "Warga").acquainted = True
    for chat in CITIZENS:
        world.add_phone(chat, "Warga")
    return Town(world, limits)


async def main(count: int) -> None:
    """Serve until standard input closes."""
    town = peopled(count)
    tasks: list[asyncio.Task[None]] = []

    async def begin(_request: Request) -> JSONResponse:
        tasks.append(asyncio.create_task(town.ask()))
        return JSONResponse({})

    async def result(_request: Request) -> JSONResponse:
        return JSONResponse(town.result())

    async def polled(_request: Request) -> JSONResponse:
        return JSONResponse(any(entry.method == "getUpdates" for entry in town.world.journal.entries))

    async def count_notices(_request: Request) -> JSONResponse:
        return JSONResponse(len(town.notices))

    routes = [
        Route("/bench/begin", begin, methods=["POST"]),
        Route("/bench/polled", polled),
        Route("/bench/result", result),
        Route("/bench/count", count_notices),
    ]
    async with serve(town.world, extra_routes=routes) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)
        for task in tasks:
            task.cancel()


@contextmanager
def town(count: int) -> Iterator[str]:
    """The town as a child process; its address."""
    with Popen([sys.executable, "-m", "bench.town", str(count)], stdin=PIPE, stdout=PIPE, text=True) as child:
        assert child.stdin
        assert child.stdout
        try:
            yield child.stdout.readline().strip()
        finally:
            child.stdin.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
