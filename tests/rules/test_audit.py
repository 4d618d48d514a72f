"""What each report changed when it was made, and the order in which all that was done is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.rules.audit import Entry, effects, effects_at, newest_first, of_place
from bot.rules.chats import Refusal
from bot.rules.reports import Assertion, Report, ReportKind
from bot.rules.staff import Deed, DeedKind
from tests.rules.small_office import ARMAN, CATALOGUE, CITY, DOWN, HALF, MAIN, MALL, SILENT, SITTI, UP, at


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


def of_main(*entries: Entry, reports: Sequence[Report] = ()) -> list[Entry]:
    """What staff of the main counter read; Sitti is one of them."""
    return list(of_place(MAIN, entries, reports, {SITTI.id}))


def test_of_a_place_what_is_reported_there_or_from_above_is_told() -> None:
    own, above = report(1, Assertion("kk", MAIN, UP)), report(2, Assertion("central_link", CITY, DOWN))
    elsewhere = report(3, Assertion("kk", MALL, UP))
    both = report(4, Assertion("kk", MAIN, UP), Assertion("kk", MALL, UP))

    assert of_main(own, above, elsewhere, both) == [own, above, report(4, Assertion("kk", MAIN, UP))]


def test_what_takes_back_or_confirms_is_of_the_place_that_it_speaks_of() -> None:
    own, elsewhere = report(1, Assertion("kk", MAIN, UP)), report(2, Assertion("kk", MALL, UP))
    back, back_elsewhere = (report(n, kind=ReportKind.RETRACTION, retracts=n - 2) for n in (3, 4))
    of_nothing = report(5, kind=ReportKind.RETRACTION, retracts=99)
    same = report(6, kind=ReportKind.CONFIRMATION)
    there = replace(same, place=MALL)

    found = of_main(back, back_elsewhere, of_nothing, same, there, reports=(own, elsewhere))

    assert found == [back, same]


def test_other_deeds_are_told_of_colleagues_and_of_what_is_sent_there() -> None:
    own, elsewhere = report(1, Assertion("kk", MAIN, UP)), report(2, Assertion("kk", MALL, UP))
    stopped = [Deed(at(2, 9), ARMAN, DeedKind.STOPPED, number) for number in ("1", "2", "99")]
    invited = [Deed(at(2, 9), by, DeedKind.INVITED) for by in (SITTI, ARMAN)]
    tried = [Refusal(at(2, 9), by.id, "/undang") for by in (SITTI, ARMAN)]

    found = of_main(*stopped, *invited, *tried, reports=(own, elsewhere))

    assert found == [stopped[0], invited[0], tried[0]]


def test_what_a_report_from_above_changed_is_told_of_the_place_alone() -> None:
    everywhere = effects(CATALOGUE, [report(1, Assertion("central_link", CITY, DOWN))])

    assert {change.counter for change in everywhere[1]} == {MAIN, MALL}
    assert {change.counter for change in effects_at(MAIN, everywhere)[1]} == {MAIN}
