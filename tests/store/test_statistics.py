"""What is counted: added up, salted for a day, and forgotten."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from sqlalchemy import select

from bot.rules.statistics import Asked, hashed
from bot.store import Store
from bot.store.tables import days, spared
from tests.store.examples import NOW, after, in_utc, subscribed

HOUR = in_utc(NOW.replace(minute=0))
DAY = date(2017, 1, 30)


async def counted(store: Store, *asked: Asked) -> None:
    async with store.writing() as session:
        await session.add_questions(asked)


async def spare(store: Store, *chats: int, day: date = DAY) -> None:
    async with store.writing() as session:
        salt = await session.salt_of(day, f"salt of {chats}")
        assert salt is not None
        await session.add_spared(day, [hashed(chat, salt) for chat in chats])


async def test_questions_of_all_processes_add_up(store: Store, fresh: Store) -> None:
    one = Asked(HOUR, "ktp", True, 2)

    await asyncio.gather(counted(store, one, Asked(HOUR, "", False, 1)), counted(fresh, one))

    async with fresh.reading() as session:
        found = await session.questions(after(hours=-1))
        assert sorted(found, key=lambda one: one.service) == [Asked(HOUR, "", False, 1), Asked(HOUR, "ktp", True, 4)]
        assert await session.questions(after(hours=1)) == ()


async def test_a_chat_counts_once_a_day_whichever_process_it_asked(store: Store, fresh: Store) -> None:
    await spare(store, 1, 2)
    await spare(fresh, 2, 3)
    await spare(fresh, 3, day=DAY + timedelta(days=1))

    async with fresh.reading() as session:
        assert await session.spared_since(DAY) == 4
        assert await session.spared_since(DAY + timedelta(days=1)) == 1


async def test_a_forgotten_chat_takes_its_hash_along(store: Store, fresh: Store) -> None:
    await spare(store, 1, 2)

    async with store.writing() as session:
        await session.forget_chat(2)

    async with fresh.reading() as session:
        assert await session.spared_since(DAY) == 1


async def test_when_a_day_is_over_only_its_number_stays(store: Store, fresh: Store) -> None:
    await spare(store, 1, 2)

    async with store.writing() as session:
        assert await session.close_days(after(hours=12)) == 0
        assert await session.close_days(after(hours=36)) == 1
        assert await session.close_days(after(hours=36)) == 0
        assert await session.salt_of(DAY, "another") is None

    async with fresh.reading() as session:
        assert await session.spared_since(DAY) == 2
        assert (await session._connection.execute(select(spared))).all() == []
        assert (await session._connection.execute(select(days.c.salt))).scalars().all() == [None]


async def test_counts_are_kept_two_years(store: Store, fresh: Store) -> None:
    await counted(store, Asked(HOUR, "ktp", True, 2))
    await spare(store, 1)

    async def left(passed: timedelta) -> tuple[int, int]:
        async with store.writing() as session:
            await session.prune(NOW + passed)
        async with fresh.reading() as session:
            return len(await session.questions(NOW - timedelta(days=1))), await session.spared_since(DAY)

    assert await left(timedelta(days=729)) == (1, 1)
    assert await left(timedelta(days=731)) == (0, 0)


async def test_a_chat_that_waits_for_two_things_is_one_subscriber(store: Store, fresh: Store) -> None:
    await subscribed(store, 1)
    await subscribed(store, 1, "kk")
    await subscribed(store, 2)

    async with fresh.reading() as session:
        assert await session.subscribers() == 2
