"""Promises of every answer, whatever is on the board and whatever staff typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.language.answers_board import all_status
from bot.language.answers_office import requirements
from bot.language.answers_status import status
from bot.language.notice_texts import outage, resumption
from bot.language.texts import Texts
from bot.language.view import View
from bot.rules.board import Board, Cell, Fact, Hold
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import State
from bot.rules.catalogue_reading import read_catalogue
from bot.rules.notices import Change
from bot.rules.reports import Estimate, Moment
from tests.language.gallery import view
from tests.language.office import LATER, MPP, OFFICE, SITTI, TWO_COUNTERS, WITA, at, board

TEXTS = Texts.load()
KTP_STEPS = ("ktp_rekam", "ktp_cetak", "ktp_ambil")
WORDS = {
    State.AVAILABLE: "bisa",
    State.LIMITED: "terbatas",
    State.UNAVAILABLE: "belum bisa",
    State.UNKNOWN: "belum ada kabar",
}

moments = st.builds(
    Moment, st.integers(-90, 90).map(lambda hours: at(2) + timedelta(hours=hours)), whole_day=st.booleans()
)
estimates = st.none() | st.builds(Estimate, st.none() | moments)
causes = st.none() | st.text(max_size=200)


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    """Anything that staff may have said."""
    target = draw(st.sampled_from(["central_link", "signature", "kk"]))
    since, cause, estimate = draw(moments), draw(causes), draw(estimates)
    return Fact(
        target, "kendari", State.UNAVAILABLE, since, cause, estimate, frozenset(), draw(st.booleans()), 1, at(1), SITTI
    )


@st.composite
def cells(draw: st.DrawFn, step: str, counter: str) -> Cell:
    """A step in any state."""
    state = draw(st.sampled_from(list(State)))
    if state is State.UNKNOWN:
        return Cell(step, counter, state)
    held = state in (State.LIMITED, State.UNAVAILABLE)
    note = LATER if state is State.LIMITED and draw(st.booleans()) else None
    holds = tuple(Hold(fact, state, note) for fact in draw(st.lists(facts(), max_size=2))) if held else ()
    settling = draw(st.booleans()) and state is State.AVAILABLE
    return Cell(
        step, counter, state, holds, draw(st.sampled_from([at(1, 15), at(2, 8)])), draw(st.booleans()), settling
    )


@st.composite
def boards(draw: st.DrawFn) -> Board:
    """Two counters at which the steps of KTP stand anyhow."""
    drawn = [draw(cells(step, counter)) for step in KTP_STEPS for counter in (OFFICE, MPP)]
    return board(*drawn, catalogue=TWO_COUNTERS)


@st.composite
def views(draw: st.DrawFn) -> View:
    """At any hour of a fortnight, at one counter or all."""
    now: datetime = at(1) + timedelta(hours=draw(st.integers(0, 330)))
    return view(draw(boards()), TWO_COUNTERS, now, draw(st.sampled_from([None, OFFICE, MPP])))


@given(views(), st.lists(st.sampled_from([*KTP_STEPS, "ktp", "kk"]), min_size=1, max_size=4))
def test_an_answer_about_services_keeps_its_promises(seen: View, ids: list[str]) -> None:
    said = status(seen, ids)

    html = TEXTS.render(said, "id", seen.now, WITA)
    assert len(html) <= 4096
    assert "belum diisi" not in html
    buttons = [button.action or "" for row in said.buttons for button in row]
    assert all(len(action.encode()) <= 64 for action in buttons)


@given(views(), st.sampled_from(KTP_STEPS))
def test_belum_bisa_is_told_exactly_where_a_step_is_unavailable(seen: View, step: str) -> None:
    quiet = replace(seen, board=_without_words(seen.board))

    told = TEXTS.plain(status(quiet, [step]), "id", quiet.now, WITA)

    states = {cell.state for cell in quiet.standing(step).cells}
    assert ("belum bisa" in told) == (State.UNAVAILABLE in states)
    assert all(WORDS[state] in told for state in states)


def _without_words(told: Board) -> Board:
    """The same board, with a cause of ours instead of anything that staff might type."""
    return replace(told, cells={key: _plainly(cell) for key, cell in told.cells.items()})


def _plainly(cell: Cell) -> Cell:
    return replace(cell, holds=tuple(replace(one, fact=replace(one.fact, cause="alat rusak")) for one in cell.holds))


@given(views())
def test_a_board_and_notices_fit_a_message(seen: View) -> None:
    back = [
        Change(step, counter, State.UNAVAILABLE, State.AVAILABLE) for step in KTP_STEPS for counter in (OFFICE, MPP)
    ]
    gone = [replace(change, was=State.AVAILABLE, now=State.UNAVAILABLE) for change in back]

    for said in (all_status(seen), resumption(seen, back, told=20_000), outage(seen, gone)):
        for language in TEXTS.languages:
            assert 0 < len(TEXTS.render(said, language, seen.now, WITA)) <= 4096


def test_every_service_of_the_shipped_catalogue_has_its_answers() -> None:
    kendari = read_catalogue(None)
    seen = View(kendari, OfficeCalendar(kendari), board(catalogue=kendari), at(2))

    for service in kendari.services:
        for case in (None, *(cue for one in service.requirements for cue in one.cues[:1])):
            told = TEXTS.plain(requirements(seen, [service.id], case), "id", seen.now, WITA)
            assert "gratis" in told
            assert len(told) <= 900, (service.id, case, len(told))
        assert "belum ada kabar" in TEXTS.plain(status(seen, [service.id]), "id", seen.now, WITA)
