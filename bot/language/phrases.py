"""Finds the phrases of a table in a row of words, in one pass."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

WIDEST_GAP = 3
_CHOOSING = re.compile(r"[|?+]")
Part = frozenset[str] | None  # None: a gap


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in the words: what it stands for, and where, `end` exclusive."""

    label: str
    start: int
    end: int


def table(name: str) -> dict[str, Any]:
    """One of the word tables beside this module."""
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class _Phrase:
    label: str
    rest: tuple[Part, ...]  # behind the word by which it was looked up


@dataclass(frozen=True, slots=True)
class _Beginning:
    """The phrases that begin with a word: by the word that follows, by the one behind a gap, and those of one word."""

    alone: list[_Phrase]
    followed: dict[str, list[_Phrase]]
    later: dict[str, list[_Phrase]]


class Phrases:
    """Many phrases with their labels, looked up by their first two words."""

    def __init__(self, spelled: Callable[[str], Sequence[str]]) -> None:
        self._spelled = spelled
        self._read: dict[str, tuple[Part, ...]] = {}
        self._by_first: dict[str, _Beginning] = {}
        self.words: set[str] = set()

    def add(self, label: str, phrase: str) -> None:
        """A phrase in the notation of the tables: `a|b+c` a choice, `x?` optional, `..` a gap."""
        for parts in _variants(phrase):
            self._add(label, tuple(part for raw in parts for part in self._parts(raw)))

    def _parts(self, raw: str) -> tuple[Part, ...]:
        """What a word of the notation stands for; the tables repeat many."""
        if raw not in self._read:
            self._read[raw] = tuple(self._read_part(raw))
        return self._read[raw]

    def _read_part(self, raw: str) -> Iterator[Part]:
        if raw == "..":
            yield None
            return
        choices = [tuple(self._spelled(choice)) for choice in raw.split("|")]
        if len(choices) == 1:
            yield from (frozenset({word}) for word in choices[0])
        else:
            yield frozenset(choice[0] for choice in choices if len(choice) == 1)

    def _add(self, label: str, parts: tuple[Part, ...]) -> None:
        gap = parts[1:2] == (None,)
        second = parts[2 if gap else 1 :][:1]
        phrase = _Phrase(label, parts[3 if gap else 2 :])
        for word in (parts[0] if parts else None) or ():
            beginning = self._by_first.setdefault(word, _Beginning([], {}, {}))
            if not second:
                beginning.alone.append(phrase)
            for following in (second[0] if second else None) or ():
                (beginning.later if gap else beginning.followed).setdefault(following, []).append(phrase)
        self.words.update(word for part in parts if part for word in part)

    def find(self, words: Sequence[str]) -> Iterator[Found]:
        """Every phrase that stands in the words, also inside another."""
        for start, word in enumerate(words):
            if beginning := self._by_first.get(word):
                for phrase, end in _ends(beginning, words, start + 1):
                    yield Found(phrase.label, start, end)


def _ends(beginning: _Beginning, words: Sequence[str], at: int) -> Iterator[tuple[_Phrase, int]]:
    """The phrases that go on at `at`, and where they end; with a gap in them, the nearest end."""
    for phrase in beginning.alone:
        yield phrase, at
    for phrase in beginning.followed.get(words[at], ()) if at < len(words) else ():
        if end := _end(words, at + 1, phrase.rest):
            yield phrase, end
    if beginning.later:
        told: set[int] = set()
        for behind in range(at, min(at + WIDEST_GAP + 1, len(words))):
            for phrase in beginning.later.get(words[behind], ()):
                if id(phrase) not in told and (end := _end(words, behind + 1, phrase.rest)):
                    told.add(id(phrase))
                    yield phrase, end


def longest(found: Iterable[Found]) -> list[Found]:
    """The phrases that are left when a longer one takes its words; of equals the first in the table."""
    taken: set[int] = set()
    kept = []
    for phrase in sorted(found, key=lambda phrase: phrase.start - phrase.end):
        if taken.isdisjoint(range(phrase.start, phrase.end)):
            taken.update(range(phrase.start, phrase.end))
            kept.append(phrase)
    return sorted(kept, key=lambda phrase: phrase.start)


def _variants(phrase: str) -> Iterator[tuple[str, ...]]:
    """With and without each optional word, and each choice of several words by itself."""
    if not _CHOOSING.search(phrase):
        yield tuple(phrase.split())
        return
    choices = [tuple(_choices(part)) for part in phrase.split()]
    for variant in product(*choices):
        yield tuple(word for part in variant for word in part.split())


def _choices(part: str) -> Iterator[str]:
    if part.endswith("?"):
        yield from (part[:-1], "")
        return
    alternatives = part.split("|")
    yield from (several.replace("+", " ") for several in alternatives if "+" in several)
    single = "|".join(alternative for alternative in alternatives if "+" not in alternative)
    if single:
        yield single


def _end(words: Sequence[str], at: int, parts: tuple[Part, ...]) -> int:
    """Where the parts end that begin at `at`; 0 where they don't stand there."""
    for index, part in enumerate(parts):
        if part is None:
            ends = (_end(words, at + width, parts[index + 1 :]) for width in range(WIDEST_GAP + 1))
            return next((end for end in ends if end), 0)
        if at >= len(words) or words[at] not in part:
            return 0
        at += 1
    return at
