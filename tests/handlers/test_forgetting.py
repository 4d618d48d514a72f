"""Who asked to be forgotten, by command or in words, has left no trace."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.store import Store
from bot.store.tables import metadata
from tests.handlers.desk import Counter
from tests.office.house import CITIZEN, NEIGHBOUR

EVERYTHING = (
    *("/start", "ktp sudah bisa?", "kalau kk?", "qwzx", "/status kk", "/syarat ktp", "/langganan kk"),
    *("kabari saya kalau akta kelahiran sudah bisa", "/lapor ktp bisa", "/papan", "NIK saya 7471000102900001"),
)
TAPS = ("g:en", "k:ktp_cetak", "a:kia", "o:kk", "x:kia", "s:kk", "p:abc")


async def told(counter: Counter, user: int) -> None:
    """Everything that a citizen may do that leaves something."""
    for words in EVERYTHING:
        await counter.says(words, user)
    for data in TAPS:
        await counter.taps(data, user)


async def tables_with(store: Store, chat: int) -> set[str]:
    async with store.reading() as session:
        return {
            table.name
            for table in metadata.sorted_tables
            for row in await session._connection.execute(select(table))
            if str(chat) in repr(tuple(row))
        }


@pytest.mark.parametrize("asks", ["by command", "in words"])
async def test_nothing_is_left_of_a_citizen_who_asked_to_be_forgotten(
    counter: Counter, fresh: Store, asks: str
) -> None:
    await told(counter, CITIZEN)
    await told(counter, NEIGHBOUR)
    assert await tables_with(fresh, CITIZEN) >= {"chats", "subscriptions", "refusals"}

    if asks == "by command":
        await counter.says("/hapusdata")
        await counter.taps("hd!")
    else:
        await counter.says("hapus data saya")

    assert "eleted" in counter.text
    assert await tables_with(fresh, CITIZEN) == set()
    assert await tables_with(fresh, NEIGHBOUR) >= {"chats", "subscriptions", "refusals"}
