"""What each report changed when it was made, and the order in which all that was done is told."""

from __future__ import annotations

from bot.rules.audit import effects, newest_first
from bot.rules.chats import Refusal
from bot.rules.reports import Assertion, Report, ReportKind
from bot.rules.staff import Deed, DeedKind
from tests.rules.small_office import ARMAN, CATALOGUE, CITY, DOWN, HALF, MAIN, SILENT, SITTI, UP, at


def report(number: int, *assertions: Assertion, kind: ReportKind = ReportKind.ASSERTION, retracts: int | None = None):
    return Report(number, at(2, 8, number), SITTI, kind, assertions, retracts)


def told(*reports: Report) -> dict[int, set[tuple[str, str, str, str]]]:
    found = effects(CATALOGUE, reports)
    return {number: {(one.step, one.counter, one.was, one.now) for one in changed} for number, changed in found.items()}


def test_a_report_tells_the_state_that_each_step_left_and_the_one_it_took() -> None:
    found = told(
        report(1, Assertion("central_link", CITY, DOWN)),
        report(2, Assertion("kk", MAIN, UP)),
        report(3, kind=ReportKind.CONFIRMATION),
        report(4, Assertion("central_link", CITY, UP)),
    )

    assert ("ktp_cetak", MAIN, SILENT, DOWN) in found[1]
    assert ("kk", MAIN, SILENT, HALF) in found[1]
    assert (found[2], found[3]) == (set(), set())
    assert ("ktp_cetak", MAIN, DOWN, UP) in found[4]


def test_a_report_taken_back_had_its_effect_until_then() -> None:
    found = told(
        report(1, Assertion("kk", MAIN, DOWN)),
        report(2, kind=ReportKind.RETRACTION, retracts=1),
        report(3, Assertion("kk", MAIN, UP)),
    )

    assert found == {1: {("kk", MAIN, SILENT, DOWN)}, 2: {("kk", MAIN, DOWN, SILENT)}, 3: {("kk", MAIN, SILENT, UP)}}


def test_all_that_was_done_or_tried_is_one_list_the_newest_first() -> None:
    made, deed, tried = report(5), Deed(at(2, 9), ARMAN, DeedKind.INVITED), Refusal(at(2, 7), 9, "/lapor")

    assert newest_first([made], [deed], [tried]) == (deed, made, tried)
