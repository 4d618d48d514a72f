"""A question to the database: waited for so long, asked once for all who wait."""

from __future__ import annotations

import asyncio

import pytest

from bot.web.patience import Patiently


@pytest.mark.parametrize("rounds", range(6))
async def test_who_asks_just_as_it_was_answered_takes_nothing_from_who_waited(rounds: int) -> None:
    asked = 0

    async def ask() -> int:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        return asked

    patiently = Patiently(ask)
    first = asyncio.create_task(patiently())
    for _ in range(rounds):
        await asyncio.sleep(0)
    second = asyncio.create_task(patiently())

    assert await first == 1
    assert await second in (1, 2)
