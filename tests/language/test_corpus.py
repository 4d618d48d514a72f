"""The recogniser understands the corpus, and does no harm in it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.language.questions import Recogniser
from tests.language import understanding
from tests.language.understanding import Judged


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser(understanding.catalogue())


@pytest.fixture(scope="module")
def results(recogniser: Recogniser) -> list[Judged]:
    return understanding.judged(recogniser, understanding.corpus())


def _held_out(results: Sequence[Judged]) -> list[Judged]:
    return [result for result in results if result.line.held_out]


def test_the_corpus_holds_five_hundred_different_lines() -> None:
    texts = [line.text for line in understanding.corpus()]

    assert len(set(texts)) == len(texts) >= 500


def test_it_understands_what_it_was_not_tuned_on(results: list[Judged]) -> None:
    intent, service = understanding.accuracy(_held_out(results))

    assert intent >= 0.93
    assert service >= 0.96


def test_it_does_no_harm(results: list[Judged]) -> None:
    harms = understanding.harms(results)

    assert harms["stops missed"] == 0
    assert harms["subscriptions nobody asked for"] == 0
    assert harms["other agency as status"] == 0
    assert harms["wrong service in a status"] <= len(results) * 0.01


def test_every_line_with_a_number_in_it_is_flagged(results: list[Judged]) -> None:
    with_number = [result for result in results if sum(sign.isdigit() for sign in result.line.text) >= 10]

    assert with_number
    assert all(result.question.private for result in with_number)


def test_it_survives_a_slip_in_every_line(recogniser: Recogniser) -> None:
    slipped = understanding.judged(recogniser, understanding.with_slips(understanding.corpus()))

    assert understanding.accuracy(slipped)[0] >= 0.88
