"""Until when an answer holds that somebody passes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

import pytest

from bot.rules.board import Cell, Fact, Hold
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import CalendarException, Opening
from bot.rules.reports import Assertion, Estimate, Moment
from bot.rules.validity import beginnings_ahead, good_until
from tests.rules.small_office import CATALOGUE, DOWN, MAIN, MALL, SITTI, UP, at, says

WEEK = {day: (Opening(time(8), time(12)), Opening(time(13), time(15))) for day in range(5)}
LONG = {day: (Opening(time(9), time(20)),) for day in range(7)}
OPEN = replace(
    CATALOGUE,
    places=tuple(
        replace(place, hours={MAIN: WEEK, MALL: LONG}.get(place.path, place.hours)) for place in CATALOGUE.places
    ),
)
HOURS, UNSET = OfficeCalendar(OPEN), OfficeCalendar(CATALOGUE)
OFFICE, BOTH = CATALOGUE.counters[:1], CATALOGUE.counters


def expected(*until: Moment | None) -> tuple[Cell, ...]:
    """A cell that is held down by facts with these estimates."""
    silent = Fact("blanks", MAIN, DOWN, Moment(at(1)), None, None, frozenset(), False, 1, at(1), SITTI)
    facts = (silent, *(replace(silent, estimate=Estimate(one)) for one in until))
    return (Cell("kk", MAIN, DOWN, tuple(Hold(fact, DOWN) for fact in facts)),)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(2, 7), at(2, 8)),  # before the office opens
        (at(2, 9), at(2, 12)),  # until the break
        (at(2, 12), at(2, 13)),
        (at(2, 14, 59), at(2, 15)),
        (at(2, 15), at(3, 8)),
        (at(3, 16), at(6, 8)),  # over the weekend
    ],
)
def test_it_holds_until_the_next_opening_or_closing(now: datetime, until: datetime) -> None:
    assert good_until(HOURS, OFFICE, (), now) == Moment(until)


def test_of_two_counters_the_one_that_changes_first_counts() -> None:
    assert good_until(HOURS, BOTH, (), at(2, 8, 30)) == Moment(at(2, 9))
    assert good_until(HOURS, BOTH, (), at(2, 15)) == Moment(at(2, 20))


def test_an_estimate_ends_it_earlier_and_one_that_has_passed_does_not() -> None:
    cells = expected(Moment(at(2, 8)), Moment(at(2, 11)), Moment(at(4)), None)

    assert good_until(HOURS, OFFICE, cells, at(2, 9)) == Moment(at(2, 11))


def test_planned_maintenance_ends_it_earlier() -> None:
    plan = Assertion("central_link", "kota", DOWN, planned_from=at(2, 10))
    past = Assertion("central_link", "kota", DOWN, planned_from=at(2, 8))
    reports = (says(1, at(1), plan, past), says(2, at(1), Assertion("kk", MAIN, UP)))

    ahead = beginnings_ahead(reports, at(2, 9))

    assert ahead == (at(2, 10),)
    assert good_until(HOURS, OFFICE, (), at(2, 9), ahead) == Moment(at(2, 10))


@pytest.mark.parametrize("now", [at(2, 9), at(2, 19), at(4, 10)])
def test_where_hours_are_unset_it_is_the_day_without_an_hour(now: datetime) -> None:
    until = good_until(UNSET, BOTH, (), now)

    assert until.whole_day
    assert until.at.date() == now.date()
    assert until.at > now


def test_where_no_opening_is_in_sight_it_is_the_day() -> None:
    for_years = CalendarException(at(1).date(), at(1).date().replace(year=2030), (), {"id": "tutup"})
    never = OfficeCalendar(replace(OPEN, exceptions=(for_years,)))

    assert good_until(never, OFFICE, (), at(2, 9)).whole_day
