"""Prints how well the recogniser understands its own corpus: `python -m tests.language.understanding [--misses]`."""

from __future__ import annotations

import csv
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.language.questions import Intent, Question, Recogniser
from bot.rules.catalogue import Catalogue
from bot.rules.catalogue_reading import read_catalogue

_CORPUS = Path(__file__).with_name("corpus.tsv")
_HELD_OUT = "heldout"  # the sitting whose lines were read by nobody who tunes
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
_SEEDS = (1, 2, 3)  # which slips are made; three of them, since one draw swings by a point


@dataclass(frozen=True, slots=True)
class Line:
    """A message of the corpus and what it asks, as settled; what the second pass took it for."""

    voice: str
    text: str
    intent: Intent
    services: tuple[str, ...]
    private: bool
    second: tuple[str, str]

    @property
    def held_out(self) -> bool:
        """Whether it was written and labelled by others, and neither read nor learnt from."""
        return self.voice == _HELD_OUT


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
    """Every line, in the order of the file."""
    with _CORPUS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Line(
            row["voice"],
            row["text"],
            Intent(row["intent"]),
            tuple(filter(None, row["services"].split(","))),
            row["private"] == "yes",
            (row["second_intent"], row["second_services"].partition(",")[0]),
        )
        for row in rows
    ]


def judged(recogniser: Recogniser, lines: Iterable[Line]) -> list[Judged]:
    return [Judged(line, recogniser.recognise(line.text)) for line in lines]


def with_slips(lines: Iterable[Line], seed: int = 1) -> list[Line]:
    """Each line with one random slip of the finger in one of its words."""
    chance = random.Random(seed)
    return [replace(line, text=_slip(line.text, chance), private=False) for line in lines]


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


def agreement(lines: Sequence[Line]) -> tuple[float, float]:
    """Of the lines labelled twice: the shares in which the second pass gave the settled intent and first service."""
    lines = [line for line in lines if line.second[0]]
    intents = sum(line.second[0] == line.intent for line in lines)
    services = sum(line.second[1] == next(iter(line.services), "") for line in lines)
    return intents / len(lines), services / len(lines)


def harms(results: Iterable[Judged]) -> Counter[str]:
    """What must not happen, counted."""
    counts = Counter(
        {
            "stops missed": 0,
            "subscriptions nobody asked for": 0,
            "private numbers missed": 0,
            "other agency as status": 0,
            "wrong service in a status": 0,
        }
    )
    for result in results:
        asked, made = result.line.intent, result.question.intent
        counts["stops missed"] += asked == Intent.UNSUBSCRIBE != made
        counts["subscriptions nobody asked for"] += made == Intent.SUBSCRIBE != asked
        counts["private numbers missed"] += result.line.private and not result.question.private
        counts["other agency as status"] += asked == Intent.OUT_OF_SCOPE and made == Intent.SERVICE_STATUS
        counts["wrong service in a status"] += made == Intent.SERVICE_STATUS and not result.service_right
    return counts


def catalogue() -> Catalogue:
    return read_catalogue(None)


def _report(recogniser: Recogniser, lines: list[Line]) -> Iterator[str]:
    tuned, held = ([line for line in lines if line.held_out is side] for side in (False, True))
    parts = {"tuned on": judged(recogniser, tuned), "held out": judged(recogniser, held)}
    slipped = {f"{name}, one slip": _slipped(recogniser, part) for name, part in (("tuned", tuned), ("held", held))}
    yield from _shares({**parts, **slipped})
    yield "\nThe settled labels against those of the second pass: intent {:.3f}, service {:.3f}".format(
        *agreement(lines)
    )
    yield from ("", *_harm_table(parts, slipped))
    by_intent = {
        intent.value: [result for result in parts["held out"] if result.line.intent == intent] for intent in Intent
    }
    yield from ("\nheld out, by intent", *_shares(by_intent))
    yield from ("\nheld out, what was taken for what", *_confusion(parts["held out"]))
    yield f"\n{_microseconds(recogniser, lines):.0f} µs a message"


def _slipped(recogniser: Recogniser, lines: Sequence[Line]) -> list[Judged]:
    return [result for seed in _SEEDS for result in judged(recogniser, with_slips(lines, seed))]


def _shares(parts: dict[str, list[Judged]]) -> Iterator[str]:
    yield f"{'':22}{'lines':>6}{'intent':>8}{'service':>9}"
    for name, part in parts.items():
        intent, service = accuracy(part)
        yield f"{name:22}{len(part):6}{intent:8.3f}{service:9.3f}"


def _harm_table(*groups: dict[str, list[Judged]]) -> Iterator[str]:
    counted = {name: harms(part) for group in groups for name, part in group.items()}
    yield f"{'':32}" + "".join(f"{name:>17}" for name in counted)
    for harm in next(iter(counted.values())):
        yield f"{harm:32}" + "".join(f"{counts[harm]:17}" for counts in counted.values())


def _confusion(results: Sequence[Judged]) -> Iterator[str]:
    confused = Counter((result.line.intent, result.question.intent) for result in results if not result.intent_right)
    for (asked, made), count in confused.most_common():
        yield f"{asked:18} taken for {made:18}{count:4}"


def _microseconds(recogniser: Recogniser, lines: list[Line]) -> float:
    """Of the processor, in the quickest of five rounds: what else runs on the machine does not count."""
    rounds = []
    for _ in range(5):
        start = time.process_time()
        judged(recogniser, lines)
        rounds.append(time.process_time() - start)
    return min(rounds) / len(lines) * 1e6


def _misses(recogniser: Recogniser, lines: list[Line]) -> Iterator[str]:
    """Of the lines tuned on alone: who reads the others' misses has no held-out lines any more."""
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
