"""Rounds that many share."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
import structlog

from bot.store.errors import DatabaseAway
from bot.store.together import Together


class Work:
    """Doubles numbers, a round at a time; odd ones cannot be doubled."""

    def __init__(self) -> None:
        self.rounds: list[Sequence[int]] = []
        self.gate = asyncio.Event()
        self.away = False

    async def __call__(self, numbers: Sequence[int]) -> Sequence[int]:
        self.rounds.append(numbers)
        await self.gate.wait()
        if self.away:
            raise DatabaseAway("away")
        if any(number % 2 for number in numbers):
            raise ValueError(numbers)
        return [2 * number for number in numbers]


async def test_who_asks_during_a_round_shares_the_next() -> None:
    work = Work()
    together = Together(work)
    first = asyncio.create_task(together(2))
    await asyncio.sleep(0.001)
    others = [asyncio.create_task(together(number)) for number in (4, 6)]
    await asyncio.sleep(0.001)
    before = list(work.rounds)

    work.gate.set()
    told = await asyncio.gather(first, *others)

    assert before == [[2]]
    assert told == [4, 8, 12]
    assert work.rounds == [[2], [4, 6]]


async def test_one_that_cannot_be_done_does_not_stop_the_others() -> None:
    work = Work()
    work.gate.set()
    together = Together(work)

    told = await asyncio.gather(*map(together, (2, 3, 4)), return_exceptions=True)

    assert (told[0], told[2]) == (4, 8)
    assert isinstance(told[1], ValueError)


async def test_a_database_that_is_away_is_so_for_all_of_a_round_and_back_for_the_next() -> None:
    work = Work()
    work.gate.set()
    together = Together(work)
    work.away = True
    told = await asyncio.gather(*map(together, (2, 4)), return_exceptions=True)
    work.away = False

    later = await together(6)

    assert [type(one) for one in told] == [DatabaseAway, DatabaseAway]
    assert later == 12


async def test_who_gives_up_takes_nothing_from_the_others() -> None:
    work = Work()
    together = Together(work)
    asking = [asyncio.create_task(together(number)) for number in (2, 4)]
    await asyncio.sleep(0.001)
    asking[0].cancel()
    work.gate.set()

    told = await asking[1]

    assert told == 8
    with pytest.raises(asyncio.CancelledError):
        await asking[0]


async def test_what_many_share_bears_nobodys_number() -> None:
    seen: list[dict[str, Any]] = []

    async def work(numbers: Sequence[int]) -> Sequence[int]:
        seen.append(structlog.contextvars.get_contextvars())
        return numbers

    with structlog.contextvars.bound_contextvars(update=11):
        await Together(work)(1)

    assert seen == [{}]
