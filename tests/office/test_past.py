"""The past in memory: kept until a report or the time changes it, on each database."""

from __future__ import annotations

from bot.rules.catalogue import CalendarException, State
from bot.rules.history import History
from bot.rules.schedule import SpecialDays
from tests.office.house import CITIZEN, SITTI, House
from tests.rules.small_office import MAIN


def past(house: House) -> History:
    return house.office.live.past.history(house.watch())


def hours(house: House, state: State, step: str = "kk") -> float:
    """Of today."""
    return past(house)[step, MAIN].days[-1].seconds(state) / 3600


async def test_within_a_minute_it_is_told_once(house: House) -> None:
    await house.posts("lapor kk putus")
    first = past(house)

    house.watch.goes_on(seconds=30)
    assert past(house) is first
    house.watch.goes_on(seconds=31)
    assert past(house) is not first


async def test_a_new_report_a_confirmation_and_the_time_are_taken_in(house: House) -> None:
    assert past(house) == {}
    await house.posts("lapor kk putus")
    house.watch.goes_on(hours=1)
    assert hours(house, State.UNAVAILABLE) == 1
    await house.posts("pulih kk")
    await house.office.staff.confirm(SITTI)
    house.watch.goes_on(hours=2)

    assert (hours(house, State.UNAVAILABLE), hours(house, State.AVAILABLE)) == (1, 2)


async def test_a_report_taken_back_was_never_made(house: House) -> None:
    done = await house.posts("lapor kk putus")
    house.watch.goes_on(hours=1)
    assert hours(house, State.UNAVAILABLE) == 1

    await house.office.retracting.retract(done.report.number, SITTI)

    assert past(house) == {}


async def test_a_day_that_staff_close_has_no_opening_hours(house: House) -> None:
    await house.posts("lapor kk putus")
    house.watch.goes_on(hours=2)
    assert hours(house, State.UNAVAILABLE) == 2
    today = house.watch().date()
    closed = CalendarException(today, today, (), {"id": "pindah gedung"})

    async with house.store.writing() as session:
        await session.add_special_days(SpecialDays(0, (closed,), SITTI, house.watch()))
    await house.office.live.refresh()

    assert past(house) == {}


async def test_answers_say_how_long_outages_usually_last(house: House) -> None:
    for _ in range(7):  # five of these days are working days
        await house.posts("lapor pusat putus")
        house.watch.goes_on(hours=1)
        await house.posts("pulih pusat")
        house.watch.goes_on(hours=23)
    await house.posts("lapor pusat putus")
    sentence = "Gangguan jaringan pusat biasanya sekitar 1 jam"

    asked = await house.office.citizens.ask(CITIZEN, "kenapa ktp belum bisa dicetak?")
    tapped = await house.office.citizens.services(CITIZEN, ["ktp_cetak"])
    shown = await house.shows("lapor pusat putus kabel putus")

    assert sentence in house.reads(asked.answer)
    assert sentence in house.reads(tapped.answer)
    assert sentence in house.reads(shown.reads)
