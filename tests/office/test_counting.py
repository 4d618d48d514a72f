"""Counting costs no answer anything, survives a stop, and knows nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.language.questions import Intent
from bot.office import counting as module
from bot.office.counting import Counting
from bot.store import DatabaseAway, Store
from tests.office.house import CITIZEN, NEIGHBOUR, House
from tests.store.test_forgetting import tables_with


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One engine is enough here: the statements are held on both by the tests of the store."""
    return f"sqlite:///{tmp_path / 'loket.db'}"


async def test_questions_are_counted_by_service_and_greetings_are_none(house: House) -> None:
    citizens = house.office.citizens
    for words in ("ktp sudah bisa?", "kk buka?", "kk bisa hari ini?", "selamat pagi", "zzz qqq", "berhenti"):
        await citizens.ask(CITIZEN, words)
    await citizens.services(CITIZEN, ("ktp_cetak",))
    await citizens.command(CITIZEN, Intent.ALL_STATUS)

    told = await house.office.counting.statistics()

    assert (told.asked, told.missed) == (6, 1)
    assert dict(told.by_service) == {"ktp": 2, "kk": 2}
    assert told.by_hour[9] == 6


async def test_a_trip_is_spared_once_a_chat_and_day_and_no_chat_is_kept(house: House, fresh: Store) -> None:
    await house.posts("lapor ktp_cetak di kantor tutup")
    await house.posts("lapor ktp_cetak di mpp tutup")
    citizens, count = house.office.citizens, house.office.counting
    for chat in (CITIZEN, CITIZEN, NEIGHBOUR):
        await citizens.services(chat, ("ktp",))
    await citizens.services(747100109, ("legalisir",))

    assert (await count.statistics()).spared == 2
    assert not await tables_with(fresh, NEIGHBOUR) & {"questions", "days", "spared"}
    await citizens.services(747100108, ("ktp",))
    await citizens.forget(747100108)
    await citizens.forget(NEIGHBOUR)
    assert (await count.statistics()).spared == 1
    house.watch.goes_on(days=1)
    await citizens.services(CITIZEN, ("ktp",))
    assert (await count.statistics()).spared == 2


async def test_what_comes_after_a_day_was_closed_is_not_counted(house: House) -> None:
    await house.posts("lapor legalisir tutup")
    await house.posts("lapor legalisir di mpp tutup")
    await house.office.citizens.services(CITIZEN, ("legalisir",))
    await house.office.counting.flush()
    async with house.store.writing() as session:
        await session.close_days(house.watch.goes_on(days=2))
    house.watch.goes_on(days=-2)
    await house.office.citizens.services(NEIGHBOUR, ("legalisir",))

    assert (await house.office.counting.statistics()).spared == 1


async def test_a_stop_writes_down_what_was_counted(house: House, fresh: Store) -> None:
    async with house.office.counting.kept():
        await house.office.citizens.ask(CITIZEN, "kk bisa?")

    async with fresh.reading() as session:
        assert [one.times for one in await session.questions(house.watch.now.replace(hour=0))] == [1]


async def test_while_the_database_is_away_counts_wait(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise DatabaseAway("away")

    async def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(module, "_EVERY", 0.0)
    await house.posts("lapor legalisir tutup")
    await house.posts("lapor legalisir di mpp tutup")
    with monkeypatch.context() as patched, capture_logs() as logged:
        for trouble in (away, broken):
            patched.setattr(Counting, "_write", trouble)
            async with house.office.counting.kept():
                await house.office.citizens.services(CITIZEN, ("legalisir",))
    assert {entry["event"] for entry in logged} >= {"counts_wait_for_database", "counts_not_written"}

    told = await house.office.counting.statistics()

    assert (told.asked, told.spared) == (2, 1)
