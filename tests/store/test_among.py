"""One of many numbers as one parameter, the same on both databases."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest
from sqlalchemy import and_, create_engine, not_, select, text
from sqlalchemy.dialects import sqlite

from bot.rules.chats import LastQuestion
from bot.store import Store
from bot.store.among import among
from bot.store.tables import chats
from tests.store.examples import NOW


async def found(store: Store, *which: Any) -> list[int]:
    async with store.writing() as session:
        for chat in (747100101, 747100102, 747100103):
            await session.remember_questions([LastQuestion(chat, "greeting", (), NOW)])
        rows = await session._connection.execute(select(chats.c.chat).where(*which).order_by(chats.c.chat))
        return list(rows.scalars())


@pytest.mark.parametrize(
    ("numbers", "theirs"),
    [((), []), ((747100102,), [747100102]), ({747100101, 747100103, 2**40}, [747100101, 747100103])],
)
async def test_those_are_found_whose_numbers_are_named(
    store: Store, numbers: Collection[int], theirs: list[int]
) -> None:
    assert await found(store, among(chats.c.chat, numbers)) == theirs


async def test_it_stands_beside_other_conditions_and_their_opposite(store: Store) -> None:
    first, last = among(chats.c.chat, [747100101, 747100102]), among(chats.c.chat, [747100102, 747100103])

    assert await found(store, and_(first, not_(last))) == [747100101]


def test_sqlite_goes_by_its_index() -> None:
    asked = select(chats.c.language).where(among(chats.c.chat, [747100101]), chats.c.language.is_not(None))
    statement = str(asked.compile(dialect=sqlite.dialect())).replace("?", "'[747100101]'")
    engine = create_engine("sqlite://")

    with engine.begin() as connection:
        chats.create(connection)
        plan = [step.detail for step in connection.execute(text(f"EXPLAIN QUERY PLAN {statement}"))]
    engine.dispose()

    assert plan[0].startswith("SEARCH chats USING INDEX")
