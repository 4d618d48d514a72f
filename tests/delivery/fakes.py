"""A clock that moves when somebody sleeps, and calls that answer as they are told."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from bot.delivery.pacing import NOTICE, Lanes


class Time:
    """Passes only when everybody sleeps; the earliest sleeper is woken first."""

    def __init__(self) -> None:
        self.at = 1000.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._order = itertools.count()

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        heapq.heappush(self._sleepers, (self.at + seconds, next(self._order), woken))
        await woken.wait()

    async def until_done(self, *work: Awaitable[Any]) -> list[Any]:
        """Run these to their ends, time passing as they sleep; errors are among the results."""
        done = asyncio.gather(*work, return_exceptions=True)
        while not done.done():
            await settle()
            if not done.done():
                self._wake_next()
        return await done

    def _wake_next(self) -> None:
        self.at, _, woken = heapq.heappop(self._sleepers)
        woken.set()


async def settle() -> None:
    """Let everything run that can run without time passing."""
    for _ in range(50):
        await asyncio.sleep(0)


class Calls:
    """What was sent, when; `ends` are raised in turn before a call succeeds."""

    def __init__(self, time: Time, *ends: Exception) -> None:
        self.at: list[float] = []
        self.chats: list[int | None] = []
        self._time, self._ends = time, list(ends)

    def to(self, chat: int | None) -> Callable[..., Coroutine[Any, Any, bool]]:
        async def callback(*_args: object, **_kwargs: object) -> bool:
            self.at.append(self._time.at - 1000)
            self.chats.append(chat)
            if self._ends:
                raise self._ends.pop(0)
            return True

        return callback


def notice(lanes: Lanes, calls: Calls, chat: int = 1) -> Coroutine[Any, Any, Any]:
    return lanes.process_request(calls.to(chat), (), {}, "sendMessage", {"chat_id": chat}, NOTICE)


def answer(lanes: Lanes, calls: Calls, chat: int | None = 1, endpoint: str = "sendMessage") -> Coroutine[Any, Any, Any]:
    data = {} if chat is None else {"chat_id": chat}
    return lanes.process_request(calls.to(chat), (), {}, endpoint, data, None)
