"""Numbers that name nobody: what was asked, what it spared, how fast it was reported."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import State
from bot.rules.reports import Assertion, Moment, Report, ReportKind
from bot.rules.standing import board_at
from bot.rules.statistics import Asked, delays, hashed, service_of, spares_a_trip, statistics
from tests.rules.small_office import CATALOGUE, CITY, DOWN, HALF, MAIN, MALL, SITTI, UP, WITA, at

CALENDAR = OfficeCalendar(CATALOGUE)


def report(number: int, *assertions: Assertion, retracts: int | None = None) -> Report:
    kind = ReportKind.RETRACTION if retracts else ReportKind.ASSERTION
    return Report(number, at(2, 9, number), SITTI, kind, assertions, retracts)


def test_questions_are_added_up_by_service_and_by_the_hour_of_the_office() -> None:
    asked = [
        Asked(at(2, 9), "ktp", True, 3),
        Asked(at(1, 9), "kk", True, 4),
        Asked(at(1, 16), "", False, 1),
    ]

    told = statistics(asked, WITA, spared=2, subscribers=5, delays=[timedelta(minutes=10), timedelta(minutes=30)])

    assert (told.asked, told.missed, told.share_missed) == (8, 1, 12)
    assert list(told.by_service.items()) == [("kk", 4), ("ktp", 3)]
    assert (told.by_hour[9], told.by_hour[16], sum(told.by_hour)) == (7, 1, 8)
    assert told.mean_delay == timedelta(minutes=20)


def test_where_nothing_was_asked_there_is_no_share_and_no_mean() -> None:
    told = statistics([], WITA, 0, 0, [])

    assert (told.share_missed, told.mean_delay) == (0, None)


@pytest.mark.parametrize(("ids", "service"), [((), ""), (("ktp_cetak", "kk"), "ktp"), (("ktp",), "ktp")])
def test_a_question_counts_under_the_first_service_that_it_names(ids: tuple[str, ...], service: str) -> None:
    assert service_of(CATALOGUE, ids) == service


@pytest.mark.parametrize(
    ("now", "place", "state", "spares"),
    [
        (at(2, 7), CITY, DOWN, True),  # before opening
        (at(2, 10), CITY, DOWN, True),
        (at(2, 17), CITY, DOWN, False),  # nobody would have come any more
        (at(4, 10), CITY, DOWN, False),  # Saturday
        (at(2, 10), CITY, HALF, False),
        (at(2, 10), MALL, DOWN, False),  # elsewhere it works, or nobody knows
    ],
)
def test_a_trip_is_spared_by_a_step_that_is_down_everywhere_on_a_day_not_over(
    now: datetime, place: str, state: State, spares: bool
) -> None:
    told = [Report(1, at(1), SITTI, assertions=(Assertion("ktp_cetak", MAIN, DOWN if place == CITY else UP),))]
    told.append(Report(2, at(1), SITTI, assertions=(Assertion("ktp_cetak", MALL, DOWN),)))
    if state is HALF:
        told = [Report(1, at(1), SITTI, assertions=(Assertion("ktp_cetak", MAIN, HALF),))]
    board = board_at(CATALOGUE, CALENDAR, told, now)

    assert spares_a_trip(board, CALENDAR, CATALOGUE, ["legalisir", "ktp_cetak"]) is spares


def test_of_many_offices_a_trip_is_spared_by_what_is_down_at_the_one_that_was_meant() -> None:
    told = [Report(1, at(1), SITTI, assertions=(Assertion("kk", MAIN, UP), Assertion("kk", MALL, DOWN)))]
    board = board_at(CATALOGUE, CALENDAR, told, at(2, 10))

    assert spares_a_trip(board, CALENDAR, CATALOGUE, ["kk"], MALL)
    assert not spares_a_trip(board, CALENDAR, CATALOGUE, ["kk"], MAIN)


def test_a_hash_is_of_the_chat_and_of_the_days_salt() -> None:
    assert len({hashed(1, "aa"), hashed(2, "aa"), hashed(1, "bb")}) == 3
    assert hashed(1, "aa") == hashed(1, "aa")


def test_a_delay_is_from_the_hour_that_was_told_to_the_first_report_of_an_outage() -> None:
    told = [
        report(10, Assertion("central_link", CITY, DOWN, since=Moment(at(2, 8, 40)))),
        report(20, Assertion("central_link", CITY, DOWN, since=Moment(at(2, 8)))),  # the same outage
        report(30, Assertion("central_link", CITY, UP)),
        report(40, Assertion("central_link", CITY, DOWN, since=Moment(at(2, 9, 35)))),  # the next
        report(50, Assertion("blanks", CITY, DOWN, since=Moment(at(2), whole_day=True))),
        report(51, Assertion("utilities", MAIN, DOWN)),
        report(52, Assertion("kk", MAIN, DOWN, since=Moment(at(2, 8)), planned_from=at(2, 8))),
        report(53, Assertion("legalisir", MAIN, DOWN, since=Moment(at(2, 8)))),
        report(54, retracts=53),
    ]

    assert delays(told, at(1)) == (timedelta(minutes=30), timedelta(minutes=5))
    assert delays(told, at(2, 9, 35)) == (timedelta(minutes=5),)
