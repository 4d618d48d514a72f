"""How long outages usually last: said only from enough of them, in opening hours, without the odd ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Opening
from bot.rules.incidents import incidents
from bot.rules.lengths import Length
from bot.rules.reports import Assertion, Moment, Report
from bot.rules.usual import ENOUGH, Usual, usual_lengths
from tests.rules.small_office import CATALOGUE, CITY, DOWN, MAIN, UP, at, says

HOURS = dict.fromkeys(range(7), (Opening(time(8), time(16)),))
OFFICE = replace(
    CATALOGUE,
    places=tuple(replace(one, hours=HOURS) for one in CATALOGUE.places),
    office=replace(CATALOGUE.office, national_holidays=False),
)
CALENDAR = OfficeCalendar(OFFICE)
HOUR = 3600.0
DAY = 8 * HOUR


def outage(
    number: int, begins: datetime, hours: float, target: str = "central_link", place: str = CITY, **more: object
) -> tuple[Report, Report]:
    """Down, and well again after so many hours of the clock."""
    fell = Assertion(target, place, DOWN, **more)  # type: ignore[arg-type]
    return says(number, begins, fell), says(number + 1, begins + timedelta(hours=hours), Assertion(target, place, UP))


def usual(*told: tuple[Report, Report], now: datetime | None = None) -> dict[str, Usual]:
    when = now or at(28, 18)
    return dict(usual_lengths(OFFICE, CALENDAR, incidents([one for pair in told for one in pair], when), when))


def daily(hours: list[float], **more: object) -> list[tuple[Report, Report]]:
    return [outage(2 * n + 1, at(n + 1, 8), long, **more) for n, long in enumerate(hours)]  # type: ignore[arg-type]


def test_of_fewer_than_enough_nothing_is_said() -> None:
    assert usual(*daily([2] * (ENOUGH - 1))) == {}
    assert usual(*daily([2] * ENOUGH)) == {"central_link": Usual(ENOUGH, *[Length(2 * HOUR, 1, DAY)] * 2)}


def test_the_shortest_and_the_longest_quarter_do_not_count() -> None:
    found = usual(*daily([0.5, 2, 3, 4, 7]))["central_link"]

    assert (found.least.seconds, found.most.seconds) == (2 * HOUR, 4 * HOUR)


def test_nights_do_not_count() -> None:
    found = usual(*[outage(2 * n + 1, at(2 * n + 1, 14), 20) for n in range(5)])["central_link"]

    assert found.least == Length(4 * HOUR, 2, 2 * DAY)  # 14.00 until 10.00


def test_what_came_and_went_while_closed_is_no_case() -> None:
    assert usual(*daily([2] * 4), outage(20, at(10, 20), 2)) == {}


def test_it_begins_when_staff_say_it_began() -> None:
    found = usual(*[outage(2 * n + 1, at(n + 1, 10), 1, since=Moment(at(n + 1, 8))) for n in range(5)])

    assert found["central_link"].least.seconds == 3 * HOUR


def test_where_several_things_fell_at_once_each_counts_from_its_report() -> None:
    both = [
        says(3 * n + 1, at(n + 1, 10), Assertion("blanks", CITY, DOWN, since=Moment(at(n + 1, 8))),
             Assertion("kk", MAIN, DOWN))
        for n in range(5)
    ]  # fmt: skip
    well = [says(3 * n + 2, at(n + 1, 12), Assertion("blanks", CITY, UP), Assertion("kk", MAIN, UP)) for n in range(5)]

    found = usual_lengths(OFFICE, CALENDAR, incidents([*both, *well], at(28)), at(28))

    assert {target: one.least.seconds for target, one in found.items()} == {"blanks": 2 * HOUR, "kk": 2 * HOUR}


def test_maintenance_and_what_goes_on_and_what_is_long_ago_do_not_count() -> None:
    planned = says(21, at(20, 7), Assertion("central_link", CITY, DOWN, planned_from=at(20, 8)))
    done = says(22, at(20, 10), Assertion("central_link", CITY, UP))
    going_on = says(23, at(28, 8), Assertion("central_link", CITY, DOWN))
    four = [one for pair in daily([2] * 4) for one in pair]

    assert usual_lengths(OFFICE, CALENDAR, incidents([*four, planned, done, going_on], at(28)), at(28)) == {}
    assert usual(*daily([2] * 5), now=at(28) + timedelta(days=400)) == {}


def test_a_place_that_the_catalogue_no_longer_has_counts_nothing() -> None:
    assert usual(*daily([2] * 5, place="elsewhere")) == {}
