"""When staff are asked what: a table of moments, and a property over every story of a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.calendar import OfficeCalendar
from bot.rules.notices import Quiet
from bot.rules.reminders import Asked, Duty, Reminder, ReminderKind, due, incident_of, key_of
from bot.rules.reports import Assertion, Author, Estimate, Moment, Report
from bot.rules.standing import board_at
from tests.rules.small_office import (
    ARMAN,
    CALENDAR,
    CATALOGUE,
    CITY,
    DOWN,
    SITTI,
    UP,
    at,
    confirms,
    says,
    takes_back,
)

BUDI = Author(3, "Budi")
EVERYBODY = (SITTI.id, ARMAN.id, BUDI.id)
OPENING, LASTING, PASSED, ENDED = ReminderKind


def cut(until: datetime | None = None, planned_from: datetime | None = None) -> Assertion:
    estimate = Estimate(Moment(until)) if until else None
    return Assertion("central_link", CITY, DOWN, estimate=estimate, planned_from=planned_from)


def back() -> Assertion:
    return Assertion("central_link", CITY, UP)


def asked_at(
    now: datetime,
    *reports: Report,
    asked: Sequence[Asked] = (),
    quiet: Quiet = None,
    staff: Sequence[int] = EVERYBODY,
    calendar: OfficeCalendar = CALENDAR,
) -> tuple[Reminder, ...]:
    board = board_at(CATALOGUE, calendar, reports, now)
    return due(Duty(CATALOGUE, calendar, reports, board, staff, quiet, asked))


def kinds(*found: Reminder) -> list[tuple[ReminderKind, tuple[int, ...]]]:
    return [(one.kind, one.to) for one in found]


EIGHT = says(1, at(1, 8), cut())
TEN_UNTIL_NOON = says(1, at(1, 10), cut(until=at(1, 12)))
FRIDAY_UNTIL_SATURDAY = says(1, at(3, 10), cut(until=at(4, 12)))
WORKS_AT_NOON = says(1, at(1, 8), cut(until=at(1, 15), planned_from=at(1, 12)))
SITTI_ALONE, ALL = (SITTI.id,), EVERYBODY


@pytest.mark.parametrize(
    ("reports", "now", "told"),
    [
        pytest.param((), at(2, 7, 30), [], id="nobody reported anything"),
        pytest.param((EIGHT,), at(1, 10, 59), [], id="it is not old yet"),
        pytest.param((EIGHT,), at(1, 11), [(LASTING, SITTI_ALONE)], id="three hours: the reporter"),
        pytest.param((EIGHT, confirms(2, at(1, 11))), at(1, 11, 5), [(LASTING, (ARMAN.id,))], id="said as it was due"),
        pytest.param((EIGHT, confirms(2, at(1, 11, 1))), at(1, 13, 59), [], id="confirmed: the next step"),
        pytest.param((EIGHT, confirms(2, at(1, 11, 1))), at(1, 14), [(LASTING, (ARMAN.id,))], id="who spoke last"),
        pytest.param((EIGHT,), at(1, 20), [(LASTING, SITTI_ALONE)], id="twelve hours, still evening"),
        pytest.param((EIGHT,), at(1, 21), [], id="night"),
        pytest.param((EIGHT,), at(2, 7, 29), [], id="before the opening"),
        pytest.param((EIGHT,), at(2, 7, 30), [(OPENING, ALL)], id="opening: everybody, and no step of the night"),
        pytest.param((EIGHT,), at(2, 8), [(OPENING, ALL), (LASTING, SITTI_ALONE)], id="a day on"),
        pytest.param((EIGHT, says(2, at(1, 9), back())), at(1, 20), [], id="it is back"),
        pytest.param((EIGHT, takes_back(2, at(1, 9), 1)), at(1, 20), [], id="it never was"),
        pytest.param((EIGHT, says(2, at(1, 9), back())), at(2, 7, 30), [(OPENING, ALL)], id="well, but of yesterday"),
        pytest.param((EIGHT, confirms(2, at(2, 7, 30))), at(2, 7, 31), [], id="confirmed at the opening"),
        pytest.param((TEN_UNTIL_NOON,), at(1, 11, 59), [], id="the estimate is ahead"),
        pytest.param((TEN_UNTIL_NOON,), at(1, 12), [(PASSED, SITTI_ALONE)], id="the estimate passed"),
        pytest.param((TEN_UNTIL_NOON,), at(1, 13, 30), [(PASSED, SITTI_ALONE)], id="that goes before the ladder"),
        pytest.param((TEN_UNTIL_NOON, confirms(2, at(1, 12, 5))), at(1, 12, 6), [], id="said to go on"),
        pytest.param((FRIDAY_UNTIL_SATURDAY,), at(4, 13), [], id="not on a Saturday"),
        pytest.param((FRIDAY_UNTIL_SATURDAY,), at(6, 7, 30), [(OPENING, ALL), (PASSED, SITTI_ALONE)], id="on Monday"),
        pytest.param((WORKS_AT_NOON,), at(1, 14, 59), [], id="maintenance lasts as it was planned"),
        pytest.param((WORKS_AT_NOON,), at(1, 15), [(ENDED, SITTI_ALONE)], id="maintenance should be over"),
    ],
)
def test_what_is_due_at_a_moment(
    reports: tuple[Report, ...], now: datetime, told: list[tuple[ReminderKind, tuple[int, ...]]]
) -> None:
    assert kinds(*asked_at(now, *reports)) == told


def test_nobody_is_asked_twice() -> None:
    (first,) = asked_at(at(1, 11), EIGHT)

    assert asked_at(at(1, 11, 5), EIGHT, asked=[Asked(first.key, SITTI.id, at(1, 11))]) == ()


def test_the_next_step_asks_everybody_where_the_reporter_was_asked_in_vain() -> None:
    (first,) = asked_at(at(1, 11), EIGHT)
    before = [Asked(first.key, SITTI.id, at(1, 11))]

    assert kinds(*asked_at(at(1, 14), EIGHT, asked=before)) == [(LASTING, ALL)]
    assert kinds(*asked_at(at(1, 14), EIGHT, confirms(2, at(1, 11, 9)), asked=before)) == [(LASTING, (ARMAN.id,))]


def test_after_an_hour_colleagues_are_asked_about_an_estimate_that_has_passed() -> None:
    (first,) = asked_at(at(1, 12), TEN_UNTIL_NOON)
    before = [Asked(first.key, SITTI.id, at(1, 12))]

    assert asked_at(at(1, 12, 59), TEN_UNTIL_NOON, asked=before) == ()
    assert kinds(*asked_at(at(1, 13), TEN_UNTIL_NOON, asked=before)) == [(PASSED, (ARMAN.id, BUDI.id))]


def test_a_reporter_who_is_no_longer_staff_is_not_waited_for() -> None:
    assert kinds(*asked_at(at(1, 11), EIGHT, staff=(ARMAN.id,))) == [(LASTING, (ARMAN.id,))]


def test_the_offices_own_quiet_hours_hold_too() -> None:
    assert asked_at(at(1, 11), EIGHT, quiet=(time(10), time(13))) == ()


def test_an_incident_is_found_by_its_key_while_it_lasts() -> None:
    reports = (EIGHT, says(2, at(1, 9), cut(until=at(2), planned_from=at(1, 10))))
    (first,) = (one.incident for one in asked_at(at(1, 11), EIGHT))
    assert first is not None

    assert key_of(first) == "1"
    assert incident_of("1", reports, at(1, 11)) is not None
    assert incident_of("1", (EIGHT, says(2, at(1, 9), back())), at(1, 11)) is None
    assert incident_of("2", reports, at(1, 11)) is None


STORY = st.lists(
    st.tuples(
        st.integers(1, 6 * 24 * 4),
        st.sampled_from(["cut", "until", "plan", "back", "same", "undo"]),
        st.sampled_from([SITTI, ARMAN]),
    ),
    min_size=1,
    max_size=6,
)


def _told(story: list[tuple[int, str, Author]]) -> list[Report]:
    reports: list[Report] = []
    for number, (quarter, what, by) in enumerate(sorted(story, key=lambda one: one[0]), start=1):
        when = at(1, 0) + timedelta(minutes=15 * quarter)
        taken = {report.retracts for report in reports}
        wrong = [report.number for report in reports if report.assertions and report.number not in taken]
        match what:
            case "same":
                reports.append(confirms(number, when, by))
            case "undo" if wrong:
                reports.append(takes_back(number, when, wrong[-1]))
            case "back" | "undo":
                reports.append(says(number, when, back(), by=by))
            case "cut":
                reports.append(says(number, when, cut(), by=by))
            case "until":
                reports.append(says(number, when, cut(until=when + timedelta(hours=5)), by=by))
            case _:
                begins = when + timedelta(hours=2)
                reports.append(says(number, when, cut(until=begins + timedelta(hours=4), planned_from=begins), by=by))
    return reports


@settings(max_examples=15)
@given(STORY)
def test_whatever_is_reported_nobody_is_asked_twice_nor_at_night_nor_about_what_is_over(
    story: list[tuple[int, str, Author]],
) -> None:
    reports, asked = _told(story), list[Asked]()
    for step in range(7 * 36):
        now = at(1, 0) + timedelta(minutes=40 * step)
        known = [report for report in reports if report.at <= now]
        for one in asked_at(now, *known, asked=asked):
            assert time(7, 30) <= now.time() < time(21)
            assert now.weekday() < 5
            assert one.kind is OPENING or one.facts
            assert not {(one.key, chat) for chat in one.to} & {(old.key, old.chat) for old in asked}
            asked += [Asked(one.key, chat, now) for chat in one.to]

    assert len(asked) <= 7 * len(EVERYBODY) + 6 * 5 * len(EVERYBODY)
