"""The last 90 days as rows of bars: what shares a row, what it is called, what it says to those who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.language.history_chart import FULL, Bar, Chart, chart_of, paths
from bot.language.messages import Message
from bot.language.texts import Texts
from bot.rules.history import DayTold, History, Record
from bot.rules.lengths import Length
from tests.language.gallery import view
from tests.language.office import CATALOGUE, MPP, OFFICE, TWO_COUNTERS, WITA, at, board

TEXTS = Texts.load()
HOUR = 3600.0
A_DAY = 6 * HOUR


def record(days: str, *disruptions: tuple[float, int]) -> Record:
    """A letter a day until today: a(vailable), l(imited), u(navailable), h(alf a day out), ?, and - for closed."""
    kinds: dict[str, dict[str, float]] = {
        "a": {"available": A_DAY},
        "l": {"limited": A_DAY},
        "u": {"unavailable": A_DAY},
        "h": {"unavailable": A_DAY / 2, "available": A_DAY / 2},
        "?": {"unknown": A_DAY},
        "-": {},
    }
    first = date(2023, 2, 2) - timedelta(days=len(days) - 1)
    told = tuple(DayTold(first + timedelta(days=n), **kinds[kind]) for n, kind in enumerate(days))
    return Record(told, tuple(Length(hours * HOUR, days, days * A_DAY) for hours, days in disruptions))


GOOD = record("?aaaa--aaa")
ONCE = record("?aauu--uaa", (15, 3))
OFTEN = record("uhaah--auu", (9, 2), (1, 1), (12, 2))
LIMITED = record("aallllllll", (48, 8))


def chart(history: History, *, place: str | None = None, steps: Sequence[str] | None = None) -> Chart:
    catalogue = TWO_COUNTERS if any(key[1] == MPP for key in history) else CATALOGUE
    found = chart_of(view(board(catalogue=catalogue), catalogue, place=place), history, steps)
    assert found is not None
    return found


def words(message: Message, language: str = "id") -> str:
    return TEXTS.plain(message, language, at(2), WITA)


def lines(found: Chart) -> list[str]:
    return [f"{words(row.name)}: {words(row.figures)}" for row in found.rows]


def test_without_reports_there_is_no_chart() -> None:
    assert chart_of(view(board()), {}) is None
    assert chart_of(view(board()), {("kk", OFFICE): GOOD}, ["ikd"]) is None
    assert chart_of(view(board(catalogue=TWO_COUNTERS), TWO_COUNTERS, place=MPP), {("kk", OFFICE): GOOD}) is None


def test_steps_that_fared_alike_share_a_row_and_the_worst_comes_first() -> None:
    found = chart({("ktp_rekam", OFFICE): ONCE, ("ktp_cetak", OFFICE): OFTEN, ("kk", OFFICE): ONCE})

    assert lines(found) == [
        "Pencetakan KTP-el: terganggu 5 hari, terlama 2 hari",
        "Perekaman KTP-el dan KK: terganggu sekali, 3 hari",
    ]
    assert (found.first, found.last) == (date(2023, 1, 24), date(2023, 2, 2))


def test_what_was_only_limited_is_called_so() -> None:
    often = replace(LIMITED, disruptions=(Length(HOUR, 1, A_DAY), *LIMITED.disruptions))

    assert lines(chart({("kk", OFFICE): LIMITED})) == ["KK: terbatas sekali, 8 hari"]
    assert lines(chart({("kk", OFFICE): often})) == ["KK: terbatas 8 hari, terlama 8 hari"]


def test_all_that_went_well_shares_the_last_row() -> None:
    late = record("????????aa")
    good = {(step, OFFICE): late for step in ("kk", "ikd", "suket", "akta_lahir")} | {("legalisir", OFFICE): GOOD}

    among_others = chart({**good, ("ktp_cetak", OFFICE): ONCE})
    alone = chart(good)

    assert lines(among_others)[1] == "Layanan lain: tidak ada gangguan yang dilaporkan"
    assert lines(alone) == ["KK, IKD, suket, akta kelahiran, dan legalisir: tidak ada gangguan yang dilaporkan"]
    assert alone.rows[0].bars[1] == Bar("available", 7)


def test_where_counters_fared_differently_each_has_its_row() -> None:
    found = chart({("kk", OFFICE): ONCE, ("kk", MPP): OFTEN, ("ikd", OFFICE): ONCE, ("ikd", MPP): ONCE})

    assert lines(found) == [
        "KK di Mal Pelayanan Publik: terganggu 5 hari, terlama 2 hari",
        "KK di Kantor Disdukcapil: terganggu sekali, 3 hari",
        "IKD: terganggu sekali, 3 hari",
    ]


def test_a_place_or_steps_can_be_asked_for() -> None:
    history = {("kk", OFFICE): ONCE, ("kk", MPP): OFTEN, ("ikd", MPP): GOOD}

    assert lines(chart(history, place=MPP))[0] == "KK: terganggu 5 hari, terlama 2 hari"
    assert len(chart(history, steps=["ikd"]).rows) == 1


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (GOOD, "90 hari terakhir: tidak ada gangguan yang dilaporkan."),
        (ONCE, "90 hari terakhir: terganggu sekali, 3 hari. Harinya: 27 Jan sampai 31 Jan."),
        (
            OFTEN,
            "90 hari terakhir: terganggu 5 hari, terlama 2 hari."
            " Harinya: 24 Jan sampai 25 Jan, 28 Jan, dan 1 Feb sampai 2 Feb.",
        ),
        (record("uaua" * 4, *[(6, 1)] * 8), "Yang paling baru: 22 Jan, 24 Jan, 26 Jan, 28 Jan, 30 Jan, dan 1 Feb."),
    ],
)
def test_who_cannot_see_the_bars_hears_the_days(found: Record, told: str) -> None:
    (row,) = chart({("kk", OFFICE): found}).rows

    assert words(row.told).endswith(told)


def test_the_height_tells_what_the_colour_tells() -> None:
    (row,) = chart({("kk", OFFICE): record("a?-hul", (15, 3))}).rows

    assert row.bars == (
        Bar("available", 7),
        Bar("unknown", 1),
        Bar("closed", 0),
        Bar("unavailable", 15),
        Bar("unavailable", FULL),
        Bar("limited", FULL),
    )


def test_bars_are_drawn_in_few_words() -> None:
    (row,) = chart({("kk", OFFICE): record("aaa-a?uhl", (15, 3))}).rows

    assert paths(row.bars) == {
        "available": "M0 16.5h8M12 16.5h2",
        "unknown": "M15 19.5h2",
        "unavailable": "m19 20v-20m3 20v-15",
        "limited": "m25 20v-20",
    }
