"""Ninety days of opening hours: what counts in them, and that it is what a slow, obvious walk through a year finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.board import CellKey
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue, Opening, State
from bot.rules.chronicle import chronicle_of
from bot.rules.history import DAYS, DayTold, History, Record, history_of, window
from bot.rules.lengths import Length
from bot.rules.reports import Assertion, Moment, Report, ReportKind
from bot.rules.standing import board_at
from tests.rules.small_office import (
    CATALOGUE,
    CITY,
    DOWN,
    HALF,
    MAIN,
    MALL,
    SILENT,
    STEPS,
    UP,
    WITA,
    at,
    confirms,
    says,
    takes_back,
)

WEEK = dict.fromkeys(range(5), (Opening(time(8), time(12)), Opening(time(13), time(16))))
OFFICE = replace(CATALOGUE, places=tuple(replace(one, hours=WEEK) for one in CATALOGUE.places))
CALENDAR = OfficeCalendar(OFFICE)
HOUR = 3600.0
A_DAY = 7 * HOUR


def since_of(now: datetime) -> datetime:
    return datetime.combine(window(CALENDAR, now)[0], time(), WITA)


def told(*reports: Report, now: datetime, catalogue: Catalogue = OFFICE) -> History:
    return history_of(chronicle_of(catalogue, reports, since_of(now)), CALENDAR, catalogue, now)


def record(*reports: Report, now: datetime, step: str = "kk", counter: str = MAIN) -> Record:
    return told(*reports, now=now)[step, counter]


def day(found: Record, number: int) -> DayTold:
    """A day of February."""
    return next(one for one in found.days if one.date == date(2023, 2, number))


def down(target: str = "kk", place: str = MAIN, state: State = DOWN, **more: object) -> Assertion:
    return Assertion(target, place, state, **more)  # type: ignore[arg-type]


def up(target: str = "kk", place: str = MAIN) -> Assertion:
    return Assertion(target, place, UP)


def test_a_day_is_told_by_its_opening_hours_alone() -> None:
    found = record(says(1, at(1, 8), up()), says(2, at(1, 14), down()), says(3, at(2, 9), up()), now=at(3, 20))

    assert day(found, 1) == DayTold(date(2023, 2, 1), available=5 * HOUR, unavailable=2 * HOUR)
    assert day(found, 2) == DayTold(date(2023, 2, 2), available=6 * HOUR, unavailable=1 * HOUR)
    assert day(found, 3) == DayTold(date(2023, 2, 3), available=A_DAY)
    assert (day(found, 1).disrupted, day(found, 1).worst) == (2 / 7, DOWN)


def test_before_the_first_report_nothing_is_known() -> None:
    found = record(says(1, at(2, 10), up()), now=at(2, 20))

    assert (day(found, 1).worst, day(found, 1).unknown) == (SILENT, A_DAY)
    assert day(found, 2) == DayTold(date(2023, 2, 2), available=5 * HOUR, unknown=2 * HOUR)


def test_where_nobody_ever_reported_there_is_no_history() -> None:
    assert told(now=at(2)) == {}
    assert set(told(says(1, at(1), up()), now=at(2))) == {("kk", MAIN)}


def test_a_closed_day_has_no_opening_hours_and_breaks_no_disruption() -> None:
    found = record(says(1, at(3, 14), down()), says(2, at(6, 10), up()), now=at(6, 12))  # Friday to Monday

    assert (day(found, 4).open, day(found, 4).worst, day(found, 4).disrupted) == (0, None, 0)
    assert found.disruptions == (Length(4 * HOUR, 2, 2 * A_DAY),)
    assert (found.disrupted_days, found.longest) == (2, Length(4 * HOUR, 2, 2 * A_DAY))


def test_working_again_between_two_disruptions_parts_them() -> None:
    found = record(
        says(1, at(1, 8), down()),
        says(2, at(1, 9), up()),
        says(3, at(1, 10), down(state=HALF)),
        says(4, at(2, 16), up()),
        now=at(2, 18),
    )

    assert [(one.seconds, one.days) for one in found.disruptions] == [(HOUR, 1), (12 * HOUR, 2)]
    assert (day(found, 1).limited, found.disrupted_days) == (5 * HOUR, 2)


@pytest.mark.parametrize(
    ("length", "days"),
    [
        (Length(HOUR, 1, A_DAY), False),
        (Length(A_DAY, 1, A_DAY), True),
        (Length(2 * HOUR, 2, 2 * A_DAY), False),
        (Length(8 * HOUR, 2, 2 * A_DAY), True),
    ],
)
def test_what_took_as_much_as_a_day_has_is_told_in_days(length: Length, days: bool) -> None:
    assert length.whole_days is days


def test_today_counts_up_to_now() -> None:
    found = record(says(1, at(1, 8), down()), now=at(2, 9))

    assert found.days[-1] == DayTold(date(2023, 2, 2), unavailable=HOUR)
    assert found.longest == Length(8 * HOUR, 2, 2 * A_DAY)


def test_what_staff_say_of_the_past_counts_there() -> None:
    found = record(
        says(1, at(1, 8), up()),
        says(2, at(2, 10), down(since=Moment(at(1, 15)))),
        says(3, at(2, 11), down(since=Moment(at(1, 14)))),
        says(4, at(2, 12), up()),
        now=at(2, 20),
    )

    assert day(found, 1).unavailable == 2 * HOUR
    assert day(found, 2).unavailable == 4 * HOUR


def test_what_is_limited_by_its_need_is_limited_and_not_out() -> None:
    found = told(says(1, at(1, 8), down("central_link", CITY)), now=at(1, 20))

    assert day(found["kk", MAIN], 1).limited == A_DAY
    assert day(found["ktp_cetak", MAIN], 1).unavailable == A_DAY
    assert ("legalisir", MAIN) not in found


def test_a_report_taken_back_was_never_made() -> None:
    assert told(says(1, at(1), down()), takes_back(2, at(1, 10), 1), now=at(2)) == {}


def test_maintenance_counts_from_its_beginning_also_when_no_report_came_since() -> None:
    planned = says(1, at(1), down(planned_from=at(2, 10)))

    assert told(planned, now=at(1, 20)) == {}
    assert day(record(planned, now=at(2, 12)), 2).unavailable == 2 * HOUR
    assert day(record(planned, confirms(2, at(2, 14)), now=at(2, 20)), 2).unavailable == 5 * HOUR


def test_maintenance_announced_late_counts_from_its_beginning() -> None:
    assert day(record(says(1, at(2, 12), down(planned_from=at(2, 10))), now=at(2, 20)), 2).unavailable == 5 * HOUR


def test_what_stood_before_the_window_stands_at_its_beginning() -> None:
    found = record(says(1, at(1), down()), now=at(1) + timedelta(days=200))

    assert len(found.days) == DAYS
    assert {one.worst for one in found.days} <= {DOWN, None}


def test_a_new_report_is_added_without_reading_the_old_again() -> None:
    first, second = says(1, at(1), down()), says(2, at(2), up())
    chronicle = chronicle_of(OFFICE, [first], since_of(at(3)))
    before = history_of(chronicle, CALENDAR, OFFICE, at(3))

    chronicle.take(second)

    assert before == told(first, now=at(3))
    assert history_of(chronicle, CALENDAR, OFFICE, at(3)) == told(first, second, now=at(3))


def test_what_was_said_and_unsaid_at_once_was_never_so() -> None:
    cut = down(since=Moment(at(1, 8)))

    found = record(says(1, at(2, 10), cut), says(2, at(2, 10), up()), now=at(2, 20))

    assert (found.disruptions, day(found, 1).unknown) == ((), A_DAY)


# --- against a slow, obvious walk ---

YEAR = at(1, 0)
NOW = YEAR + timedelta(days=364, hours=12)
STRIDE = timedelta(hours=4)  # coarse, so that the walk ends soon
PLAIN_WEEK = dict.fromkeys(range(5), (Opening(time(8), time(16)),))
PLAIN = replace(CATALOGUE, places=tuple(replace(one, hours=PLAIN_WEEK) for one in CATALOGUE.places))
PLAIN_CALENDAR = OfficeCalendar(PLAIN)
_strides = (st.integers(0, 364 * 6) | st.integers(274 * 6, 364 * 6)).map(
    lambda n: YEAR + n * STRIDE
)  # mostly looked at
_assertions = st.builds(
    Assertion,
    target=st.sampled_from((*OFFICE.resources_by_id, *STEPS)),
    place=st.sampled_from((CITY, MAIN, MALL)),
    state=st.sampled_from((UP, HALF, DOWN)),
    since=st.none() | _strides.map(Moment),
    spares=st.none() | st.just(frozenset({"kk"})),
    planned_from=st.none() | st.none() | _strides,
)
_acts = st.lists(st.tuples(_strides, st.lists(_assertions, min_size=1, max_size=3) | st.integers(1, 8)), max_size=12)


def _reports(acts: Sequence[tuple[datetime, list[Assertion] | int]]) -> list[Report]:
    """Assertions; a number takes back the report that has it, or confirms."""
    made: list[Report] = []
    for number, (when, act) in enumerate(sorted(acts, key=lambda act: act[0]), 1):
        if isinstance(act, list):
            made.append(says(number, when, *act))
        elif any(one.number == act and one.kind is ReportKind.ASSERTION for one in made):
            made.append(takes_back(number, when, act))
        else:
            made.append(confirms(number, when))
    return made


def walked(reports: Sequence[Report]) -> dict[CellKey, dict[date, Counter[State]]]:
    """Step by step: the board of that moment; and before it, as bad for each thing that it says began before."""
    gone = {report.retracts for report in reports}
    stand = [one for one in reports if one.number not in gone and one.kind is not ReportKind.RETRACTION]
    first = since_of(NOW)
    moments = [first + n * STRIDE for n in range((NOW - first) // STRIDE + 1)]
    rows: dict[CellKey, list[State]] = {(step, counter.path): [] for step in STEPS for counter in PLAIN.counters}
    said: dict[tuple[CellKey, datetime, State], datetime] = {}  # since when a cell was held how, and when last told so
    for moment in moments:
        board = board_at(PLAIN, PLAIN_CALENDAR, [one for one in stand if one.at <= moment], moment)
        for key, row in rows.items():
            row.append(board.state_of(key))
            for hold in board.cells[key].holds if key in board.cells else ():
                said[key, hold.fact.since.at, hold.state] = moment
    for (key, since, state), until in said.items():
        for index, moment in enumerate(moments):
            if since <= moment < until:
                rows[key][index] = DOWN if DOWN in (rows[key][index], state) else HALF
    return {key: _by_day(row, moments) for key, row in rows.items()}


def _by_day(row: Sequence[State], moments: Sequence[datetime]) -> dict[date, Counter[State]]:
    """How many strides of each day's opening hours were in each state."""
    found = {one: Counter[State]() for one in window(PLAIN_CALENDAR, NOW)}
    for state, moment in zip(row, moments, strict=True):
        if moment < NOW and PLAIN_CALENDAR.is_open(MAIN, moment):
            found[moment.date()][state] += 1
    return found


@settings(max_examples=10, deadline=None)
@given(_acts.map(_reports))
def test_a_made_up_year_is_told_as_a_walk_through_it_finds_it(reports: list[Report]) -> None:
    quick = history_of(chronicle_of(PLAIN, reports, since_of(NOW)), PLAIN_CALENDAR, PLAIN, NOW)

    for key, days in walked(reports).items():
        if key in quick:
            strides = {
                one.date: {state: one.seconds(state) / STRIDE.total_seconds() for state in State if one.seconds(state)}
                for one in quick[key].days
            }
            assert strides == days, key
        else:
            assert all(set(found) <= {SILENT} for found in days.values())
