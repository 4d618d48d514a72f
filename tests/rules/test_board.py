"""The board: what follows from reports, calendar and time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.board import Board, cells_in, changes, fingerprint, steps_of
from bot.rules.catalogue import State
from bot.rules.notices import Change
from bot.rules.reports import Assertion, Author, Estimate, Moment, Report, ReportKind
from bot.rules.standing import board_at
from tests.rules.small_office import (
    ARMAN,
    CALENDAR,
    CATALOGUE,
    CELLS,
    CITY,
    DOWN,
    HALF,
    LATER,
    MAIN,
    MALL,
    SILENT,
    SITTI,
    STEPS,
    UP,
    at,
    board,
    confirms,
    says,
    states,
    takes_back,
)

CUT = Assertion("central_link", CITY, DOWN, cause="kabel putus")
BACK = Assertion("central_link", CITY, UP)
NO_BLANKS = Assertion("blanks", CITY, DOWN)


def test_silence_is_not_bad_news() -> None:
    found = board(now=at(1))

    assert set(states(found).values()) == {SILENT}
    assert found.version == 0


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([CUT], {"ktp_cetak": DOWN, "ktp_ambil": SILENT, "kk": HALF, "legalisir": SILENT}),
        ([CUT, BACK], {"ktp_cetak": UP, "ktp_ambil": SILENT, "kk": UP, "legalisir": SILENT}),
        ([CUT, NO_BLANKS, BACK], {"ktp_cetak": DOWN, "ktp_ambil": SILENT, "kk": UP, "legalisir": SILENT}),
        (
            [Assertion("blanks", CITY, HALF)],
            {"ktp_cetak": HALF, "ktp_ambil": SILENT, "kk": SILENT, "legalisir": SILENT},
        ),
        (
            [Assertion("central_link", CITY, HALF)],
            {"ktp_cetak": HALF, "ktp_ambil": SILENT, "kk": HALF, "legalisir": SILENT},
        ),
        ([Assertion("counter", MAIN, DOWN)], dict.fromkeys(STEPS, DOWN)),
        ([Assertion("counter", MAIN, UP)], {"ktp_cetak": SILENT, "ktp_ambil": UP, "kk": SILENT, "legalisir": UP}),
        ([Assertion("counter", MALL, DOWN)], dict.fromkeys(STEPS, SILENT)),
        ([Assertion("kk", MAIN, UP)], {"ktp_cetak": SILENT, "ktp_ambil": SILENT, "kk": UP, "legalisir": SILENT}),
        ([Assertion("kk", MAIN, UP), CUT], {"ktp_cetak": DOWN, "ktp_ambil": SILENT, "kk": HALF, "legalisir": SILENT}),
        ([CUT, Assertion("kk", MAIN, UP)], {"ktp_cetak": DOWN, "ktp_ambil": SILENT, "kk": HALF, "legalisir": SILENT}),
        ([Assertion("kk", CITY, DOWN)], {"ktp_cetak": SILENT, "ktp_ambil": SILENT, "kk": DOWN, "legalisir": SILENT}),
    ],
)
def test_a_step_takes_the_worst_of_what_was_reported(told: list[Assertion], expected: dict[str, State]) -> None:
    reports = [says(number, at(1, 8, number), one) for number, one in enumerate(told, 1)]

    found = board(*reports, now=at(1))

    assert states(found) == expected


def test_a_step_is_well_where_all_it_needs_was_reported_so() -> None:
    needs = [Assertion(one, MAIN, UP) for one in ("counter", "utilities")] + [BACK, Assertion("blanks", CITY, UP)]

    found = board(says(1, at(1, 8), *needs), now=at(1))

    assert states(found) == dict.fromkeys(STEPS, UP)
    assert set(states(found, MALL).values()) == {SILENT}


def test_a_need_that_fails_elsewhere_is_not_reported_well_by_sparing() -> None:
    spared = replace(CUT, spares=frozenset({"kk"}))
    needs = [Assertion(one, MAIN, UP) for one in ("counter", "utilities")]

    found = board(says(1, at(1, 8), spared, *needs), now=at(1))

    assert states(found)["kk"] is SILENT


def test_a_spared_step_stays_as_it_was() -> None:
    cut = replace(CUT, spares=frozenset({"kk"}))

    found = board(says(1, at(1, 8), Assertion("kk", MAIN, UP)), says(2, at(1, 8, 10), cut), now=at(1))

    assert states(found)["kk"] is UP
    assert states(found, MALL)["kk"] is SILENT
    assert states(found)["ktp_cetak"] is DOWN


def test_a_later_report_on_the_same_outage_inherits_cause_since_estimate_and_spares() -> None:
    first = replace(
        CUT, spares=frozenset({"kk"}), estimate=Estimate(Moment(at(3))), since=Moment(at(1, 7), whole_day=True)
    )

    found = board(
        says(1, at(1, 8), first), says(2, at(2, 8), Assertion("central_link", CITY, DOWN), by=ARMAN), now=at(2)
    )

    [fact] = found.facts
    assert (fact.cause, fact.since, fact.estimate, fact.spares) == (
        "kabel putus",
        Moment(at(1, 7), whole_day=True),
        Estimate(Moment(at(3))),
        frozenset({"kk"}),
    )
    assert (fact.number, fact.by, fact.confirmed_at) == (2, ARMAN, at(2, 8))


def test_a_new_outage_starts_with_nothing_of_the_old_one() -> None:
    old = replace(CUT, spares=frozenset({"kk"}), estimate=Estimate(None))

    found = board(
        says(1, at(1, 8), old),
        says(2, at(1, 10), BACK),
        says(3, at(2, 8), Assertion("central_link", CITY, DOWN)),
        now=at(2),
    )

    [fact] = found.facts
    assert (fact.cause, fact.since, fact.estimate, fact.spares) == (None, Moment(at(2, 8)), None, frozenset())


def test_said_to_be_unknown_replaces_an_estimate() -> None:
    first = replace(CUT, estimate=Estimate(Moment(at(3))))

    found = board(says(1, at(1, 8), first), says(2, at(2, 8), replace(CUT, estimate=Estimate(None))), now=at(2))

    assert found.facts[0].estimate == Estimate(None)


def test_an_estimate_that_passed_restores_nothing() -> None:
    told = replace(CUT, estimate=Estimate(Moment(at(1, 10))))

    found = board(says(1, at(1, 8), told), now=at(1, 10))

    assert states(found)["ktp_cetak"] is DOWN
    assert found.facts[0].overdue(at(1, 10))
    assert not found.facts[0].overdue(at(1, 9))
    assert not replace(found.facts[0], estimate=Estimate(None)).overdue(at(9))


def test_what_is_well_for_a_territory_is_well_below_it() -> None:
    at_the_mall = Assertion("central_link", MALL, DOWN)

    broken = board(says(1, at(1, 8), at_the_mall), now=at(1))
    mended = board(says(1, at(1, 8), at_the_mall), says(2, at(1, 9), BACK), now=at(1))

    assert (states(broken)["kk"], states(broken, MALL)["kk"]) == (SILENT, HALF)
    assert (states(mended)["kk"], states(mended, MALL)["kk"]) == (SILENT, UP)


def test_what_is_local_is_not_inherited_from_above() -> None:
    found = board(says(1, at(1, 8), Assertion("utilities", CITY, DOWN)), now=at(1))

    assert set(states(found).values()) == {SILENT}


def test_the_worst_hold_comes_first_then_the_latest() -> None:
    limited = Assertion("ktp_cetak", MAIN, HALF)

    found = board(says(1, at(1, 7), CUT), says(2, at(1, 8), NO_BLANKS), says(3, at(1, 9), limited), now=at(1))

    holds = found.cells["ktp_cetak", MAIN].holds
    assert [hold.fact.target for hold in holds] == ["blanks", "central_link", "ktp_cetak"]
    assert found.cells["kk", MAIN].holds[0].note == LATER


def test_an_answer_is_fresh_until_the_next_opening() -> None:
    reported = says(1, at(1, 8), CUT)

    assert board(reported, now=at(1, 15)).cells["kk", MAIN].fresh
    assert board(reported, now=at(2, 7)).cells["kk", MAIN].fresh
    assert not board(reported, now=at(2, 8)).cells["kk", MAIN].fresh


def test_a_confirmation_refreshes_everything_and_changes_no_state() -> None:
    reports = [says(1, at(1, 8), CUT), says(2, at(1, 8, 30), BACK), says(3, at(1, 8, 40), NO_BLANKS)]

    before, after = board(*reports, now=at(2)), board(*reports, confirms(4, at(2, 8)), now=at(2))

    assert states(before) == states(after)
    assert [after.cells[step, MAIN].confirmed_at for step in ("ktp_cetak", "kk")] == [at(2, 8), at(2, 8)]
    assert after.cells["kk", MAIN].by == ARMAN
    assert after.cells["kk", MAIN].fresh
    assert fingerprint(before, CELLS) == fingerprint(after, CELLS)


def test_the_note_of_a_return_is_kept() -> None:
    found = board(says(1, at(1, 8), CUT), says(2, at(1, 9), replace(BACK, cause="antre panjang")), now=at(1))

    assert found.cells["kk", MAIN].note == "antre panjang"


def test_maintenance_begins_by_itself_and_ends_by_word_alone() -> None:
    plan = replace(CUT, planned_from=at(4, 8), estimate=Estimate(Moment(at(5, 12))))
    planned = says(1, at(1, 8), plan)

    assert states(board(planned, now=at(4, 7)))["kk"] is SILENT
    assert states(board(planned, now=at(4, 8)))["kk"] is HALF
    over = board(planned, now=at(6, 9))
    assert states(over)["kk"] is HALF
    assert over.facts[0].planned
    assert over.facts[0].overdue(at(6, 9))
    assert over.facts[0].since == Moment(at(4, 8))
    assert states(board(planned, says(2, at(4, 9), BACK), now=at(6)))["kk"] is UP


def test_a_return_before_the_maintenance_does_not_call_it_off() -> None:
    plan = replace(CUT, planned_from=at(4, 8))
    reports = [says(1, at(1, 8), plan), says(2, at(2, 8), CUT), says(3, at(3, 8), BACK)]

    assert states(board(*reports, now=at(3, 9)))["kk"] is UP
    assert states(board(*reports, now=at(4, 9)))["kk"] is HALF
    assert states(board(*reports, takes_back(4, at(3, 10), 1), now=at(4, 9)))["kk"] is UP


def test_plans_begin_in_the_order_of_their_times() -> None:
    late = replace(CUT, planned_from=at(4, 10), cause="kedua")
    early = replace(CUT, planned_from=at(4, 8), cause="pertama")

    found = board(says(1, at(1, 8), late), says(2, at(1, 9), early), now=at(5))

    assert found.facts[0].cause == "kedua"


def test_a_counter_whose_services_are_unset_is_silent_until_staff_report_there() -> None:
    unset = replace(CATALOGUE, places=tuple(replace(place, steps=None) for place in CATALOGUE.places))

    def counters(*reports: Report) -> set[str]:
        return {counter for _, counter in board_at(unset, CALENDAR, reports, at(1)).cells}

    assert counters() == {MAIN}
    assert counters(says(1, at(1, 8), CUT)) == {MAIN}
    assert counters(says(1, at(1, 8), replace(CUT, place=MALL))) == {MAIN, MALL}


def test_a_counter_serves_the_steps_it_names() -> None:
    mall = replace(CATALOGUE.places[2], steps=("kk",))
    found = board_at(replace(CATALOGUE, places=(*CATALOGUE.places[:2], mall)), CALENDAR, (), at(1))

    assert [cell.counter for cell in found.of("kk")] == [MAIN, MALL]
    assert [cell.counter for cell in found.of("legalisir")] == [MAIN]


def test_changes_are_what_differs() -> None:
    before, after = board(now=at(1)), board(says(1, at(1, 8), CUT), now=at(1))

    assert changes(before, after) == (
        Change("ktp_cetak", MAIN, SILENT, DOWN),
        Change("ktp_cetak", MALL, SILENT, DOWN),
        Change("kk", MAIN, SILENT, HALF),
        Change("kk", MALL, SILENT, HALF),
    )
    assert changes(after, after) == ()


def test_settling_cells_are_marked_and_unknown_ones_ignored() -> None:
    found = board(now=at(1))

    marked = found.settled([("kk", MAIN), ("kk", "nowhere")])

    assert [key for key, cell in marked.cells.items() if cell.settling] == [("kk", MAIN)]
    assert found.settled([]) is found


def test_a_report_speaks_of_every_step_that_needs_its_target() -> None:
    assert [step.id for step in steps_of(CATALOGUE, "central_link")] == ["ktp_cetak", "kk"]
    assert [step.id for step in steps_of(CATALOGUE, "kk")] == ["kk"]
    assert cells_in(CATALOGUE, [Assertion("blanks", CITY, UP)]) == (("ktp_cetak", MAIN), ("ktp_cetak", MALL))


def test_a_fingerprint_tells_that_somebody_reported_in_between() -> None:
    cut = says(1, at(1, 8), CUT)
    again = says(2, at(1, 8, 5), replace(CUT, cause="lain"))

    keys = cells_in(CATALOGUE, [CUT])

    assert fingerprint(board(cut, now=at(1)), keys) != fingerprint(board(cut, again, now=at(1)), keys)
    assert fingerprint(board(cut, now=at(1)), keys) == fingerprint(board(cut, now=at(1, 10)), keys)


def test_times_without_a_zone_are_refused() -> None:
    naive = at(1).replace(tzinfo=None)

    with pytest.raises(ValueError, match="time zone"):
        Moment(naive)
    with pytest.raises(ValueError, match="aware"):
        Report(1, naive, SITTI)


# --- properties ---

_TARGETS = (*CATALOGUE.resources_by_id, *STEPS)
_assertions = st.builds(
    Assertion,
    target=st.sampled_from(_TARGETS),
    place=st.sampled_from((CITY, MAIN, MALL)),
    state=st.sampled_from((UP, HALF, DOWN)),
    cause=st.none() | st.just("sebab"),
    spares=st.none() | st.frozensets(st.sampled_from(STEPS), max_size=2),
    planned_from=st.none() | st.integers(0, 48).map(lambda hours: at(1) + timedelta(hours=hours)),
)


def _numbered(told: list[list[Assertion]], first: int = 1) -> list[Report]:
    return [says(first + index, at(1) + timedelta(hours=first + index), *one) for index, one in enumerate(told)]


_histories = st.lists(st.lists(_assertions, min_size=1, max_size=3), max_size=6).map(_numbered)
LATE = at(6)


def _without_version(found: Board) -> tuple[object, ...]:
    return found.at, found.cells, found.facts


@given(_histories, st.lists(_assertions, min_size=1, max_size=3))
def test_a_report_and_its_taking_back_leave_the_board_as_it_was(history: list[Report], more: list[Assertion]) -> None:
    number = len(history) + 1
    wrong = says(number, at(1) + timedelta(hours=number), *more)

    before = board(*history, now=LATE)
    after = board(*history, wrong, takes_back(number + 1, at(2, 20), number), now=LATE)

    assert _without_version(before) == _without_version(after)


@given(_histories)
def test_a_held_step_is_as_bad_as_its_worst_hold_and_no_worse(history: list[Report]) -> None:
    for cell in board(*history, now=LATE).cells.values():
        if cell.holds:
            assert cell.state is (DOWN if any(hold.state is DOWN for hold in cell.holds) else HALF)
        else:
            assert cell.state in (UP, SILENT)


@given(_histories)
def test_without_bad_news_nothing_is_bad(history: list[Report]) -> None:
    good = [replace(r, assertions=tuple(replace(a, state=UP) for a in r.assertions)) for r in history]

    assert set(board(*good, now=LATE).cells.values()) == {
        cell for cell in board(*good, now=LATE).cells.values() if cell.state in (UP, SILENT)
    }


@given(_histories, st.sampled_from(STEPS))
def test_a_step_that_every_outage_spares_is_never_held_by_one(history: list[Report], step: str) -> None:
    spared = [
        replace(
            r, assertions=tuple(replace(a, spares=frozenset({step})) for a in r.assertions if a.target not in STEPS)
        )
        for r in history
    ]

    assert all(cell.state in (UP, SILENT) for cell in board(*spared, now=LATE).of(step))


@given(_histories)
def test_the_order_in_which_reports_are_read_does_not_matter(history: list[Report]) -> None:
    assert board(*reversed(history), now=LATE) == board(*history, now=LATE)


@given(_histories)
def test_a_confirmation_never_changes_a_state(history: list[Report]) -> None:
    confirmation = Report(99, at(5), Author(3, "Ani"), ReportKind.CONFIRMATION)

    assert changes(board(*history, now=LATE), board(*history, confirmation, now=LATE)) == ()
