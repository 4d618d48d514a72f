"""What helps around a state: what still works, what the office allows instead, how fresh the word is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.language.meanwhile import (
    alternative_lines,
    freshness_lines,
    silence_lines,
    staff_notes,
    still_works,
    untouched,
    untouched_lines,
)
from bot.language.messages import Answer, Message
from bot.language.texts import Texts
from bot.language.view import Standing, View, standings_of
from bot.rules.board import Board
from bot.rules.catalogue import Alternative, Catalogue
from tests.language.gallery import LINK_CUT, view
from tests.language.office import (
    CATALOGUE,
    KTP,
    WITA,
    WITHOUT_HOURS,
    at,
    board,
    down,
    everything,
    fact,
    limited,
    up,
)

TEXTS = Texts.load()


def lines(told: Sequence[Message]) -> list[str]:
    """Messages as they are read."""
    return TEXTS.plain(Answer(tuple(told)), "id", at(2), WITA).split("\n") if told else []


def steps(seen: View, *ids: str) -> tuple[Standing, ...]:
    return standings_of(seen, ids)


def spared_board() -> Board:
    """The link is cut but for the family card, of which nobody said more."""
    cut = replace(fact(), spares=frozenset({"kk"}))
    return replace(board(down("ktp_cetak", cut)), facts=(cut,))


def test_an_outage_names_the_other_steps_of_the_service_that_work() -> None:
    seen = view(board(*LINK_CUT))

    assert lines(still_works(seen, steps(seen, "ktp_cetak"))) == [
        "Sementara itu tetap dilayani: perekaman KTP-el (terbatas) dan pengambilan KTP-el."
    ]


def test_where_no_other_step_works_other_services_are_named() -> None:
    seen = view(board(down("kk"), up("legalisir"), limited("ikd")))

    assert lines(still_works(seen, steps(seen, "kk"))) == ["Layanan lain yang bisa: legalisir."]


@pytest.mark.parametrize("told", [board(), everything(), board(down("kk"))])
def test_nothing_is_said_to_work_where_nothing_is_down_or_nothing_known_to_work(told: Board) -> None:
    seen = view(told)

    assert still_works(seen, steps(seen, "kk")) == []


def test_who_asked_of_something_that_works_too_is_not_told_of_other_services() -> None:
    seen = view(board(down("kk"), up("ikd"), up("legalisir")))

    assert still_works(seen, steps(seen, "kk", "ikd")) == []


def test_what_an_outage_leaves_alone_is_named_where_nobody_reported_more() -> None:
    seen = view(board(down("ktp_cetak")))

    assert untouched(seen, steps(seen, "ktp_cetak")) == ("ktp_rekam", "ktp_ambil")
    (said,) = lines(untouched_lines(seen, steps(seen, "ktp_cetak")))
    assert said.startswith("Tidak terkena gangguan ini: ")
    assert "pengambilan KTP-el" in said


def test_where_the_service_has_no_other_step_a_few_others_are_named() -> None:
    seen = view(board(down("kk")))

    assert untouched(seen, steps(seen, "kk")) == ("ktp_rekam", "ktp_cetak", "ktp_ambil", "akta_lahir", "akta_mati")


def test_where_something_works_the_silent_ones_of_other_services_are_not_named() -> None:
    seen = view(board(down("kk"), up("legalisir")))

    assert untouched(seen, steps(seen, "kk")) == ()
    assert untouched_lines(seen, steps(seen, "kk")) == []


def test_where_nothing_is_down_nothing_is_left_alone() -> None:
    seen = view(everything())

    assert untouched(seen, steps(seen, "kk")) == ()
    assert untouched_lines(seen, steps(seen, "kk")) == []


def test_a_spared_step_is_said_to_be_spared_of_what() -> None:
    seen = view(spared_board())

    (said,) = lines(untouched_lines(seen, steps(seen, "kk")))

    assert "jaringan ke server pusat" in said.lower()
    assert "Kartu Keluarga (KK)" in said


def test_a_step_that_its_own_report_spares_of_nothing_is_not_named() -> None:
    seen = view(spared_board())

    assert untouched_lines(seen, steps(seen, "legalisir")) == []


def with_ways(*ways: Alternative) -> Catalogue:
    """The office, with these ways to go instead of a KTP-el."""
    return replace(CATALOGUE, services=(replace(KTP, alternatives=ways), *CATALOGUE.services[1:]))


def test_what_the_office_allows_is_offered_and_what_it_has_not_said_is_to_be_asked() -> None:
    told = board(down("ktp_cetak"), catalogue=CATALOGUE)
    own = with_ways(Alternative("suket", True), Alternative("ikd", None), Alternative("kk", False))
    seen = view(told, own)

    allowed, asked = lines(alternative_lines(seen, steps(seen, "ktp_cetak")))

    assert "suket" in allowed
    assert "IKD" in asked
    assert "KK" not in allowed + asked


def test_a_way_that_is_itself_down_is_not_offered() -> None:
    own = with_ways(Alternative("suket", True), Alternative("ikd", None))
    seen = view(board(down("ktp_cetak"), down("suket"), down("ikd")), own)

    assert alternative_lines(seen, steps(seen, "ktp_cetak")) == []


def test_where_nothing_is_down_no_other_way_is_needed() -> None:
    seen = view(everything())

    assert alternative_lines(seen, steps(seen, "ktp_cetak")) == []


def test_silence_is_said_to_be_silence() -> None:
    nothing, some = view(board()), view(board(up("kk")))

    assert [one.id for one in silence_lines(nothing, steps(nothing, "kk"))] == ["confirmed.never"]
    assert [one.id for one in silence_lines(some, steps(some, "kk", "legalisir"))] == ["confirmed.never_some"]
    assert silence_lines(some, steps(some, "kk")) == []


def test_what_an_outage_leaves_alone_is_not_said_to_be_silent_as_well() -> None:
    seen = view(board(down("ktp_cetak")))

    assert silence_lines(seen, steps(seen, "ktp_cetak")) == []


def test_a_note_of_the_staff_is_told_once() -> None:
    seen = view(board(up("kk", note="antrean panjang."), up("ikd", note="antrean panjang.")))

    told = lines(staff_notes(steps(seen, "kk", "ikd")))

    assert len(told) == 1
    assert "antrean panjang" in told[0]


@pytest.mark.parametrize(
    ("told", "ids", "kind"),
    [
        (board(up("kk")), ["kk"], ["confirmed.fresh"]),
        (board(up("kk", fresh=False)), ["kk"], ["confirmed.stale", "confirmed.ask"]),
        (board(up("kk"), up("ikd", fresh=False)), ["kk", "ikd"], ["confirmed.mixed", "confirmed.ask"]),
        (board(up("kk")), ["kk", "ikd"], ["confirmed.fresh", "confirmed.ask"]),
        (board(), ["kk"], ["confirmed.ask"]),
    ],
)
def test_how_fresh_the_word_is_and_whom_to_ask(told: Board, ids: list[str], kind: list[str]) -> None:
    seen = view(told)

    assert [one.id for one in freshness_lines(seen, steps(seen, *ids))] == kind


def test_where_the_office_set_no_contact_nobody_is_to_be_asked() -> None:
    seen = view(board(), WITHOUT_HOURS)

    assert freshness_lines(seen, steps(seen, "kk")) == []
