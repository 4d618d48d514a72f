"""Learns bot/language/weights.toml from the lines that are not held out: `make weights`.

Multinomial logistic regression, by gradient steps that shrink as a sign was seen (AdaGrad). The same lines give the
same table to the last figure: they are shuffled by a fixed seed.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.language import phrases
from bot.language.evidence import SETTLED, signs
from bot.language.questions import Intent, Recogniser
from bot.rules.privacy import mask
from tests.language.understanding import catalogue, corpus

_TABLE = Path(phrases.__file__).with_name("weights.toml")
_HEAD = """\
# What each sign of a message is worth for each intent: `sign: intent weight, intent weight`.
# Learnt by `make weights` from the lines that are not held out; never edited by hand.
worth = '''
"""
_SEEN = 2  # lines in which a sign must stand
_ROUNDS, _STEP, _SHRINK = 15, 0.2, 0.005
_LEAST = 0.2  # weights nearer to nothing are left out

Example = tuple[tuple[str, ...], Intent]


def examples(recogniser: Recogniser) -> list[Example]:
    lines = (line for line in corpus() if not line.held_out)
    return [(tuple(signs(recogniser.read(mask(line.text)))), line.intent) for line in lines]


def learnt(examples: Sequence[Example]) -> dict[str, dict[Intent, float]]:
    """The weights of each sign that was seen often enough."""
    seen = Counter(sign for found, _ in examples for sign in found)
    lines = [([sign for sign in found if seen[sign] >= _SEEN], intent) for found, intent in examples]
    weights: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(Intent))
    steps: dict[str, list[float]] = defaultdict(lambda: [1e-6] * len(Intent))
    chance = random.Random(1)
    places = {intent: place for place, intent in enumerate(Intent)}
    for _ in range(_ROUNDS):
        chance.shuffle(lines)
        for found, intent in lines:
            _step([weights[sign] for sign in found], [steps[sign] for sign in found], places[intent])
    return {sign: dict(zip(Intent, worth, strict=True)) for sign, worth in weights.items()}


def _step(weights: list[list[float]], steps: list[list[float]], right: int) -> None:
    """One step down the slope of one line."""
    sums = [sum(column) for column in zip(*weights, strict=True)]
    highest = max(sums)
    shares = [math.exp(value - highest) for value in sums]
    total = sum(shares)
    for place, share in enumerate(shares):
        slope = share / total - (place == right)
        for worth, taken in zip(weights, steps, strict=True):
            gradient = slope + _SHRINK * worth[place]
            taken[place] += gradient * gradient
            worth[place] -= _STEP * gradient / math.sqrt(taken[place])


def _rows(weights: dict[str, dict[Intent, float]]) -> Iterable[str]:
    for sign, worth in sorted(weights.items()):
        kept = {intent: weight for intent, weight in worth.items() if intent not in SETTLED and abs(weight) >= _LEAST}
        if kept:
            yield f"{sign}: " + ", ".join(f"{intent} {weight:.1f}" for intent, weight in kept.items())


def main() -> None:
    weights = learnt(examples(Recogniser(catalogue())))
    _TABLE.write_text(_HEAD + "\n".join(_rows(weights)) + "\n'''\n", "utf-8")


if __name__ == "__main__":
    main()
