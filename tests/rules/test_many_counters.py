"""Many counters: the board that shares what it works out is the board worked out cell by cell."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.board import Cell, cells_in, cells_in_order, changes, fingerprint
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import CalendarException, Opening, Place
from bot.rules.reports import Assertion, Report, ReportKind
from bot.rules.standing import Standing, board_at
from tests.catalogues.indonesia import indonesia
from tests.rules.plain_board import plain_board_at
from tests.rules.small_office import (
    ARMAN,
    CATALOGUE,
    CITY,
    DOWN,
    HALF,
    SILENT,
    STEPS,
    UP,
    at,
    confirms,
    says,
    takes_back,
)

ALL = tuple(STEPS)
MORNING = {day: (Opening(time(8), time(12)),) for day in range(5)}
COUNTRY = replace(
    CATALOGUE,
    places=(
        Place("negara", {"id": "Negara"}),
        Place("negara/timur", {"id": "Timur"}),
        Place("negara/timur/satu", {"id": "Satu"}, steps=ALL),
        Place("negara/timur/dua", {"id": "Dua"}, steps=ALL),
        Place("negara/timur/tiga", {"id": "Tiga"}, steps=ALL[:2], hours=MORNING),
        Place("negara/barat", {"id": "Barat"}),
        Place("negara/barat/empat", {"id": "Empat"}, steps=ALL),
        Place("negara/barat/lima", {"id": "Lima"}),
        Place("negara/barat/enam", {"id": "Enam"}, main=True),
    ),
)
CLOSED = CalendarException(at(1).date(), at(1).date(), (), {"id": "libur"}, "negara/barat")
CALENDAR = OfficeCalendar(COUNTRY, [CLOSED])
NOW = at(3)


@st.composite
def assertions(draw: st.DrawFn) -> Assertion:
    begins = draw(st.none() | st.none() | st.integers(-40, 40))
    return Assertion(
        draw(st.sampled_from([*STEPS, *COUNTRY.resources_by_id])),
        draw(st.sampled_from([place.path for place in COUNTRY.places])),
        draw(st.sampled_from([UP, DOWN, DOWN, HALF])),
        cause=draw(st.none() | st.just("kabel putus")),
        spares=draw(st.none() | st.frozensets(st.sampled_from(ALL), max_size=2)),
        planned_from=None if begins is None else NOW + timedelta(hours=begins),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Report]:
    told: list[Report] = []
    for number in range(1, draw(st.integers(1, 9)) + 1):
        when, kind = NOW - timedelta(hours=60 - 6 * number), draw(st.sampled_from("aaaaacr"))
        earlier = [one.number for one in told if one.kind is ReportKind.ASSERTION]
        if kind == "c":
            told.append(confirms(number, when, ARMAN))
        elif kind == "r" and earlier:
            told.append(takes_back(number, when, draw(st.sampled_from(earlier))))
        else:
            told.append(says(number, when, *draw(st.lists(assertions(), min_size=1, max_size=3))))
    return told


@settings(max_examples=60)
@given(histories())
def test_what_counters_share_is_what_each_would_have_alone(told: Sequence[Report]) -> None:
    fast, plain = board_at(COUNTRY, CALENDAR, told, NOW), plain_board_at(COUNTRY, CALENDAR, told, NOW)

    shown = {key: fast.like(key) for key in reversed(plain.cells)}
    assert {key: cell and cell.at(key[1]) for key, cell in shown.items()} == plain.cells
    assert dict(fast.cells) == plain.cells
    assert list(fast.cells) == list(plain.cells)
    assert fast.facts == plain.facts
    assert {_freshness(cell) for cell in fast.kinds()} == {_freshness(cell) for cell in plain.cells.values()}


def _freshness(cell: Cell) -> tuple[object, ...]:
    return cell.step, cell.state, cell.confirmed_at, cell.fresh


@settings(max_examples=60)
@given(histories(), histories())
def test_two_boards_differ_where_the_plain_ones_do(before: Sequence[Report], after: Sequence[Report]) -> None:
    fast = [board_at(COUNTRY, CALENDAR, told, NOW) for told in (before, after)]
    plain = [plain_board_at(COUNTRY, CALENDAR, told, NOW) for told in (before, after)]

    assert changes(*fast) == changes(*plain)
    assert [fingerprint(one, one.cells) for one in fast] == [fingerprint(one, one.cells) for one in plain]


@settings(max_examples=60)
@given(histories(), st.data())
def test_what_holds_a_step_is_seen_as_the_board_has_it(told: Sequence[Report], data: st.DataObject) -> None:
    standing = Standing(COUNTRY)
    for report in told:
        standing = standing if report.kind is ReportKind.RETRACTION else standing.after(report)
    step = data.draw(st.sampled_from(ALL))
    counter = data.draw(st.sampled_from(COUNTRY.counters))

    cell = standing.board(CALENDAR, NOW).cells.get((step, counter.path))
    seen = standing.as_of(NOW).seen((step, counter.path))

    assert seen == ((cell.state, cell.holds) if cell else (seen[0].UNKNOWN, ()))


def test_a_report_for_the_country_is_worked_out_once_for_all_its_offices() -> None:
    country = indonesia()
    cut = Assertion("central_link", country.root.path, DOWN)
    board = Standing(country).after(says(1, at(1), cut)).board(OfficeCalendar(country), at(2))

    holds = {id(board.cells["ktp_cetak", counter.path].holds) for counter in country.counters}

    assert len(country.counters) == 514
    assert len(holds) == 3  # one for each hour at which offices opened, WIB, WITA and WIT


def test_what_is_just_back_is_marked_where_it_is_and_nowhere_else() -> None:
    board = board_at(COUNTRY, CALENDAR, [says(1, at(1), Assertion("kk", "negara", UP))], NOW)
    back = ("kk", "negara/timur/satu")

    settled = board.settled([back, ("kk", "negara/timur/tiga")])

    assert [key for key, cell in settled.cells.items() if cell.settling] == [back]
    assert [settled.like(key) == settled.cells[key] for key in (back, ("kk", "negara/timur/dua"))] == [True, False]
    assert settled.settling == {back}
    assert len(settled.cells) == len(board.cells)
    assert list(settled.kinds()) == list(board.kinds())


def test_cells_of_many_assertions_come_in_the_order_of_the_board() -> None:
    told = [Assertion("legalisir", "negara/barat", DOWN), Assertion("kk", "negara", DOWN), Assertion("kk", CITY, UP)]

    found = cells_in_order(COUNTRY, told)

    assert found == tuple(sorted(found, key=list(itertools.product(ALL, map(_path, COUNTRY.counters))).index))
    assert set(found) == set(cells_in(COUNTRY, told))
    assert cells_in_order(COUNTRY, told[:1]) == cells_in(COUNTRY, told[:1])


def _path(place: Place) -> str:
    return place.path


def test_a_place_that_is_no_counter_has_no_cell() -> None:
    board = board_at(COUNTRY, CALENDAR, [says(1, at(1), Assertion("kk", "negara", DOWN))], NOW)

    assert ("kk", "negara") not in board.cells
    assert board.like(("kk", "negara")) is None
    assert board.cells.get(("kk", "negara/timur/tiga")) is None
    assert fingerprint(board, [("kk", "negara/timur/tiga")]) == fingerprint(board, [])
    assert Standing(COUNTRY).seen(("kk", "negara/timur/tiga")) == (SILENT, ())
    assert len(board.cells) == len(list(board.cells))
    assert board.of("kk") == tuple(cell for cell in board.cells.values() if cell.step == "kk")
