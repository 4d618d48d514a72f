"""What a message says is weighed, but never against the rules that keep from harm."""

from __future__ import annotations

import pytest

from bot.language.evidence import Weights, signs
from bot.language.intents import Candidate, Intent, Reading
from bot.language.phrases import Found
from tests.language.weigh import learnt

WEIGHTS = Weights("syarat: requirements 3.0, service_status -1.0\nbisa: service_status 1.0, requirements 0.5")
STATUS, OTHER = Candidate(Intent.SERVICE_STATUS, 0.6, ("bisa",)), Candidate(Intent.OTHER, 0.3)


def reading(*words: str, spots: tuple[Found, ...] = ()) -> Reading:
    return Reading(words, {}, ("ktp",) if spots else (), None, owned=False, day=None, spots=spots)


def test_words_that_speak_loudly_outweigh_the_first_rule() -> None:
    first, _ = WEIGHTS.likeliest(reading("syarat", "bisa"), [STATUS, OTHER])

    assert (first.intent, first.evidence) == (Intent.REQUIREMENTS, ())


def test_the_first_rule_is_worth_something_and_what_is_nearly_as_likely_is_named() -> None:
    first, near = WEIGHTS.likeliest(reading("bisa"), [STATUS, OTHER])

    assert first == STATUS
    assert Intent.REQUIREMENTS in {other.intent for other in near}


@pytest.mark.parametrize("intent", [Intent.UNSUBSCRIBE, Intent.SUBSCRIBE, Intent.OUT_OF_SCOPE])
def test_no_weight_takes_back_what_the_rules_settle(intent: Intent) -> None:
    first, near = WEIGHTS.likeliest(reading("syarat", "syarat"), [Candidate(intent, 0.65), STATUS, OTHER])

    assert first.intent == intent
    assert near == [STATUS]


def test_documents_and_numbers_are_weighed_as_one_sign_each() -> None:
    found = list(signs(reading("ktp", "elektronik", "17", "tahun", spots=(Found("ktp", 0, 2),))))

    assert found == ["DOCUMENT", "NUMBER", "tahun", "long 2", "is named"]


def test_what_is_learnt_tells_the_lines_apart_it_was_learnt_from() -> None:
    lines = [(("syarat", "ktp"), Intent.REQUIREMENTS), (("bisa", "ktp"), Intent.SERVICE_STATUS)] * 20

    weights = learnt(lines)

    assert weights["syarat"][Intent.REQUIREMENTS] > 0.5 > weights["bisa"][Intent.REQUIREMENTS]
    assert weights == learnt(lines)
