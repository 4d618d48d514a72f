"""Weighs all that a message says for and against each intent, by a table that was learnt from our own lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.language.intents import Candidate, Intent, Reading
from bot.language.words import entries

# Where a mistake would hurt the rules alone decide: no weight of words subscribes, ends or sends away.
SETTLED = frozenset({Intent.UNSUBSCRIBE, Intent.SUBSCRIBE, Intent.OUT_OF_SCOPE})
_WEIGHED = tuple(intent for intent in Intent if intent not in SETTLED)
_TRUST = 1.5  # what the first rule that holds is worth beside the words
_UNRULED = 0.5  # confidence of a reading that no rule gave
_LENGTHS = 6  # pairs of words, from which on a message is long
_NEARLY = 0.1  # the same for the confidence of rules
_CLOSE = 2.0  # two readings whose weights differ by no more are both offered


def signs(reading: Reading) -> Iterator[str]:
    """What is weighed: words, with documents and numbers as one each; cues; and how the message is made."""
    yield from (f"cue {cue}" for cue in reading.cues)
    yield from dict.fromkeys(_words(reading))
    yield f"long {min(_LENGTHS, len(reading.words) // 2)}"
    made = {"named": reading.services, "owned": reading.owned, "day": reading.day, "agency": reading.agency}
    yield from (f"is {name}" for name, held in made.items() if held)


def _words(reading: Reading) -> Iterator[str]:
    ends = {spot.start: spot.end for spot in reading.spots}
    at = 0
    while at < len(reading.words):
        word = reading.words[at]
        if at in ends:
            yield "DOCUMENT"
        else:
            yield "NUMBER" if word[0].isdigit() else word
        at = ends.get(at, at + 1)


class Weights:
    """What each sign is worth for each intent."""

    def __init__(self, lines: str) -> None:
        self._worth: dict[str, tuple[tuple[int, float], ...]] = {}
        places = {intent.value: place for place, intent in enumerate(_WEIGHED)}
        for sign, worths in entries(lines, ","):
            pairs = (worth.split() for worth in worths)
            self._worth[sign] = tuple((places[intent], float(weight)) for intent, weight in pairs)

    def likeliest(self, reading: Reading, ruled: Sequence[Candidate]) -> tuple[Candidate, list[Candidate]]:
        """The likeliest intent and those nearly as likely; the first of the rules where a mistake would hurt."""
        first, *others = ruled
        if first.intent in SETTLED:
            return first, [other for other in others if other.confidence >= first.confidence - _NEARLY]
        scores = self._scores(reading)
        scores[first.intent] += _TRUST
        known = {candidate.intent: candidate for candidate in reversed(ruled)}
        likely = sorted(scores, key=scores.__getitem__, reverse=True)
        least = scores[likely[0]] - _CLOSE
        near = [known.get(intent) or Candidate(intent, _UNRULED) for intent in likely if scores[intent] >= least]
        return near[0], near[1:]

    def _scores(self, reading: Reading) -> dict[Intent, float]:
        scores = [0.0] * len(_WEIGHED)
        for sign in signs(reading):
            for place, weight in self._worth.get(sign, ()):
                scores[place] += weight
        return dict(zip(_WEIGHED, scores, strict=True))
