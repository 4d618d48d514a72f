"""The board in memory: built once a minute, rebuilt when anybody reported."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from bot.office import boards
from bot.rules.catalogue import State
from bot.store import DatabaseAway, Store
from tests.office.house import ARMAN, SITTI, House
from tests.patience import ANSWER
from tests.rules.small_office import DOWN, MAIN, MALL, SILENT, UP, at

CELL = ("ktp_cetak", MAIN)


async def test_within_a_minute_the_same_board_answers(house: House) -> None:
    live = house.office.live
    before = live.at(at(2, 9))

    assert live.at(at(2, 9).replace(second=59)) is before
    assert live.at(at(2, 9, 1)) is not before


async def test_a_minute_later_an_hour_may_have_begun(house: House) -> None:
    await house.posts("lapor blangko habis; sampai 09.30")

    assert house.office.live.at(at(3, 7, 30)).cells[CELL].fresh is False


async def test_what_another_process_reported_is_seen_after_a_refresh(house: House, fresh: Store) -> None:
    elsewhere = House(fresh, watch=house.watch)
    await elsewhere.posts("lapor blangko habis", ARMAN)
    assert house.office.citizens.view().board.state_of(CELL) is SILENT

    await house.office.live.refresh()

    assert house.office.citizens.view().board.state_of(CELL) is DOWN
    assert house.office.live.reports == elsewhere.office.live.reports


async def test_refreshes_at_once_take_each_report_in_once(house: House, fresh: Store) -> None:
    elsewhere = House(fresh, watch=house.watch)
    await elsewhere.posts("lapor blangko habis", ARMAN)
    await elsewhere.posts("pulih blangko", ARMAN)

    await asyncio.gather(*(house.office.live.refresh() for _ in range(5)))

    assert [report.number for report in house.office.live.reports] == [1, 2]


async def test_a_board_read_anew_is_the_board_that_grew(house: House, fresh: Store) -> None:
    for command in (
        "lapor pusat putus; kecuali kk",
        "lapor blangko habis",
        "pulih pusat",
        "lapor legalisir di mpp tutup",
    ):
        await house.posts(command)
    await house.office.retracting.retract(2, SITTI)
    await house.office.staff.confirm(ARMAN)

    anew = House(fresh, watch=house.watch)
    await anew.office.live.refresh()

    assert anew.office.live.at(house.watch()) == house.office.live.at(house.watch())


async def test_what_is_just_back_says_so_until_its_notice_goes_out(house: House) -> None:
    await house.posts("lapor blangko habis")
    await house.posts("pulih blangko")
    assert house.office.citizens.view().board.cells[CELL].settling

    house.watch.goes_on(minutes=2)

    assert not house.office.citizens.view().board.cells[CELL].settling


async def test_what_was_silent_before_is_not_just_back(house: House) -> None:
    await house.posts("lapor ktp_cetak bisa")

    cell = house.office.citizens.view().board.cells[CELL]
    assert cell.state is UP
    assert not cell.settling


async def test_supposing_a_report_changes_nothing(house: House) -> None:
    shown = await house.shows("lapor blangko habis")

    assert shown.following.after.state_of(CELL) is State.UNAVAILABLE
    assert house.office.live.at(house.watch()).state_of(CELL) is SILENT
    assert shown.following.after.state_of(("ktp_cetak", MALL)) is DOWN


async def test_it_keeps_up_and_outlives_a_database_that_is_away(
    house: House, fresh: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trouble is logged once, and the last board answers meanwhile."""
    monkeypatch.setattr(boards, "_EVERY", 0.001)
    refresh, away = house.office.live.refresh, 3
    looks = 0

    async def look() -> None:
        nonlocal looks
        looks += 1
        if looks <= away:
            raise DatabaseAway("gone")
        await refresh()

    monkeypatch.setattr(house.office.live, "refresh", look)
    await House(fresh, watch=house.watch).posts("lapor blangko habis", ARMAN)

    with capture_logs() as logged:
        keeping = asyncio.create_task(house.office.live.keep_fresh())
        async with asyncio.timeout(ANSWER):
            while house.office.live.version == 0:
                await asyncio.sleep(0.001)
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping

    assert house.office.citizens.view().board.state_of(CELL) is DOWN
    assert [entry["log_level"] for entry in logged] == ["warning"]
