"""How long outages usually last, in words: only where nobody could say until when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.language.answers_board import reasons
from bot.language.answers_status import status
from bot.language.duration import length_words
from bot.language.texts import Texts
from bot.rules.board import Fact
from bot.rules.lengths import Length
from bot.rules.reports import Estimate, Moment
from bot.rules.usual import Usual
from tests.language.gallery import MONDAY, view
from tests.language.office import WITA, at, board, down, fact

TEXTS = Texts.load()
HOUR = 3600.0
DAY = 7 * HOUR
TWO_HOURS, TWO_DAYS = Length(2 * HOUR, 1, DAY), Length(12 * HOUR, 2, 2 * DAY)
USUAL = Usual(7, TWO_HOURS, TWO_DAYS)
SENTENCE = "Gangguan jaringan ke server pusat biasanya 2 jam sampai 2 hari (dari 7 kejadian dalam setahun ini)."


def told(held_by: Fact, usual: Usual = USUAL, language: str = "id") -> str:
    seen = replace(view(board(down("kk", held_by))), usual={"central_link": usual, "kk": usual})
    return TEXTS.plain(status(seen, ["kk"]), language, at(2), WITA)


@pytest.mark.parametrize("estimate", [None, Estimate(None), Estimate(Moment(at(2, 8)))])
def test_it_is_said_where_nobody_can_say_until_when(estimate: Estimate | None) -> None:
    assert SENTENCE in told(fact(estimate=estimate))


@pytest.mark.parametrize("held_by", [fact(estimate=MONDAY), fact(planned=True), fact("signature")])
def test_the_word_of_staff_stands_alone_and_what_is_rare_is_not_guessed(held_by: Fact) -> None:
    assert "biasanya" not in told(held_by)


def test_a_step_by_itself_has_its_name() -> None:
    assert "Gangguan Kartu Keluarga (KK) biasanya 2 jam" in told(fact("kk"))


def test_where_all_were_alike_one_length_is_said() -> None:
    alike = Usual(5, TWO_DAYS, TWO_DAYS)

    assert "biasanya sekitar 2 hari (dari 5 kejadian" in told(fact(), alike)
    assert "usually lasts about 2 days of opening time (from 5 cases" in told(fact(), alike, "en")


def test_the_reason_says_it_too() -> None:
    seen = replace(view(board(down("kk", fact()))), usual={"central_link": USUAL})

    assert SENTENCE in TEXTS.plain(reasons(seen), "id", at(2), WITA)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (Length(20, 1, DAY), "1 minute"),
        (Length(25 * 60, 1, DAY), "25 minutes"),
        (Length(55 * 60, 1, DAY), "1 hour"),
        (Length(2.4 * HOUR, 2, 2 * DAY), "2 hours"),
        (Length(DAY, 1, DAY), "1 day"),
        (Length(10 * HOUR, 2, 2 * DAY), "2 days"),
    ],
)
def test_a_length_has_its_fitting_unit(length: Length, words: str) -> None:
    assert TEXTS.plain(length_words(length), "en", at(2), WITA) == words
