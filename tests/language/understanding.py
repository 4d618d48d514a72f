"""Prints how well the recogniser understands its own corpus: `python -m tests.language.understanding [--misses]`."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.language.questions import Intent, Question, Recogniser
from bot.rules.catalogue import Catalogue
from bot.rules.catalogue_reading import read_catalogue

_CORPUS = Path(__file__).with_name("corpus.tsv")
_KEYS = {
    "a": "qsz",
    "e": "wrd",
    "i": "uok",
    "o": "ipl",
    "u": "yij",
    "t": "ryg",
    "k": "jlm",
    "p": "ol",
    "s": "adz",
    "n": "bm",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A message of the corpus and what it asks; the words of held-out lines are never tuned on."""

    text: str
    intent: Intent
    services: tuple[str, ...]
    held_out: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A line and what was made of it."""

    line: Line
    question: Question

    @property
    def intent_right(self) -> bool:
        return self.question.intent == self.line.intent

    @property
    def service_right(self) -> bool:
        """Whether the first service is right, or none was named and none found."""
        return self.question.services[:1] == self.line.services[:1]


def corpus() -> list[Line]:
    """Every line; each third is held out."""
    rows = [row.split("\t") for row in _CORPUS.read_text("utf-8").splitlines()]
    return [
        Line(text, Intent(intent), tuple(filter(None, services.split(","))), number % 3 == 2)
        for number, (text, intent, services) in enumerate(rows)
    ]


def judged(recogniser: Recogniser, lines: Iterable[Line]) -> list[Judged]:
    return [Judged(line, recogniser.recognise(line.text)) for line in lines]


def with_slips(lines: Iterable[Line], seed: int = 1) -> list[Line]:
    """Each line with one random slip of the finger in one of its words."""
    chance = random.Random(seed)
    return [Line(_slip(line.text, chance), line.intent, line.services, line.held_out) for line in lines]


def _slip(text: str, chance: random.Random) -> str:
    spots = [at for at, sign in enumerate(text) if sign.isalpha()]
    if not spots:
        return text
    at = chance.choice(spots)
    swapped = text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]
    dropped = text[:at] + text[at + 1 :]
    doubled = text[: at + 1] + text[at:]
    neighbour = text[:at] + chance.choice(_KEYS.get(text[at].lower(), "aeinr")) + text[at + 1 :]
    return chance.choice((swapped, dropped, doubled, neighbour))


def accuracy(results: Sequence[Judged]) -> tuple[float, float]:
    """The shares of right intents and of right first services."""
    count = len(results) or 1
    return sum(result.intent_right for result in results) / count, sum(
        result.service_right for result in results
    ) / count


def harms(results: Iterable[Judged]) -> Counter[str]:
    """What must not happen, counted."""
    counts = Counter(
        {
            "stops missed": 0,
            "subscriptions nobody asked for": 0,
            "other agency as status": 0,
            "wrong service in a status": 0,
        }
    )
    for result in results:
        asked, made = result.line.intent, result.question.intent
        counts["stops missed"] += asked == Intent.UNSUBSCRIBE != made
        counts["subscriptions nobody asked for"] += made == Intent.SUBSCRIBE != asked
        counts["other agency as status"] += asked == Intent.OUT_OF_SCOPE and made == Intent.SERVICE_STATUS
        counts["wrong service in a status"] += made == Intent.SERVICE_STATUS and not result.service_right
    return counts


def catalogue() -> Catalogue:
    return read_catalogue(None)


def _report(recogniser: Recogniser, lines: list[Line]) -> Iterator[str]:
    results = judged(recogniser, lines)
    parts = {
        "tuned on": [result for result in results if not result.line.held_out],
        "held out": [result for result in results if result.line.held_out],
        "one slip, tuned on": judged(recogniser, with_slips(line for line in lines if not line.held_out)),
        "one slip, held out": judged(recogniser, with_slips(line for line in lines if line.held_out)),
    }
    yield f"{'':22}{'lines':>6}{'intent':>8}{'service':>9}"
    for name, part in parts.items():
        intent, service = accuracy(part)
        yield f"{name:22}{len(part):6}{intent:8.3f}{service:9.3f}"
    yield ""
    slipped = harms(parts["one slip, tuned on"] + parts["one slip, held out"])
    for name, count in harms(results).items():
        yield f"{name:34}{count:4}   with one slip {slipped[name]:4}"
    yield ""
    confused = Counter((result.line.intent, result.question.intent) for result in results if not result.intent_right)
    for (asked, made), count in confused.most_common(15):
        yield f"{asked:18} taken for {made:18}{count:4}"
    yield f"\n{_microseconds(recogniser, lines):.0f} µs a message"


def _microseconds(recogniser: Recogniser, lines: list[Line]) -> float:
    start = time.perf_counter()
    for _ in range(5):
        judged(recogniser, lines)
    return (time.perf_counter() - start) / (5 * len(lines)) * 1e6


def _misses(recogniser: Recogniser, lines: list[Line]) -> Iterator[str]:
    for result in judged(recogniser, (line for line in lines if not line.held_out)):
        if not (result.intent_right and result.service_right):
            line, question = result.line, result.question
            taken = f"{question.intent} {question.services} by {question.evidence}"
            yield f"{line.text!r}: {line.intent} {line.services}, taken for {taken}"


def main(arguments: Sequence[str]) -> None:
    recogniser, lines = Recogniser(catalogue()), corpus()
    lines_out = _misses(recogniser, lines) if "--misses" in arguments else _report(recogniser, lines)
    sys.stdout.writelines(f"{line}\n" for line in lines_out)


if __name__ == "__main__":
    main(sys.argv[1:])
