"""Which of many offices a citizen's words name, as people write names: without the kind, run together, with slips."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.language.phrases import table
from bot.language.words import clean, entries
from bot.rules.catalogue import Catalogue, Place, touches

MOST = 8  # places to choose from on one screen

_WORD = re.compile(r"[^\W\d_]+")
_FIRST = 400  # letters in which a place is looked for
_LONGEST = 5  # words of a name
_SHORTEST = 4  # letters in which a slip is believed
_ONE_SLIP = 7  # up to so many letters one slip, above two


@dataclass(frozen=True, slots=True)
class Spoken:
    """The places that the words may mean, and the words without them."""

    rest: str
    places: tuple[str, ...] = ()
    several: bool = False  # they are not one place that is unclear, but more than one that was named
    unknown: bool = False  # where a place would stand, stands a word that nobody knows
    alone: bool = False  # nothing else was said
    compares: bool = False  # nothing else but "and there?"
    change: bool = False  # another place is wanted than the one that is kept


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Mention:
    """Where a name stands in the words, its kind included, and what it may be; nothing, where nobody knows it."""

    first: int
    end: int
    places: tuple[str, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class _Called:
    """A place by one of its names, without the kind in front."""

    path: str
    kind: str | None
    words: tuple[str, ...]


class PlaceNames:
    """The offices and the territories above them by their names; `known`: words that are no slip."""

    def __init__(self, catalogue: Catalogue, known: Callable[[str], bool]) -> None:
        words = table("places")
        self._known = known
        self._kinds = {word: kind for kind, said in entries(words["kinds"]) for word in said}
        self._before, self._doubtful, self._moved, self._moving, self._fillers, self._compares = (
            frozenset(words[name].split()) for name in ("before", "doubtful", "moved", "moving", "fillers", "compares")
        )
        self._change = frozenset(line for line in words["change"].splitlines() if line)
        self._called = [called for place in _spoken_of(catalogue) for called in self._names(place)]
        self._by_name: dict[str, list[_Called]] = {}
        for called in self._called:
            self._by_name.setdefault("".join(called.words), []).append(called)
        of_counters = (word for place in catalogue.places for name in _names_of(place) for word in _words_of(name))
        self._no_names = self._fillers | self._before | self._kinds.keys() | frozenset(of_counters)

    def _names(self, place: Place) -> Iterator[_Called]:
        for name in _names_of(place):
            words = _words_of(name)
            kind = self._kinds.get(words[0]) if len(words) > 1 else None
            yield _Called(place.path, kind, words[1:] if kind else words)

    def spoken(self, text: str) -> Spoken:
        """What a message says of places, but for those that somebody moves from or to."""
        tokens = [_Token(clean(word[0]), word.start(), word.end()) for word in _WORD.finditer(text[:_FIRST])]
        words = [token.word for token in tokens]
        if " ".join(word for word in words if word not in self._fillers or word == "tempat") in self._change:
            return Spoken(text, change=True)
        mentions = list(self._mentions(words))
        named = _apart([mention for mention in mentions if mention.places])
        if not named:
            return Spoken(text, unknown=any(words[one.end - 1] not in self._no_names for one in mentions))
        rest, beside = text, set(words)
        for one in reversed(named):
            first = one.first - self._led(words, one.first)
            rest = f"{rest[: tokens[first].start]} {rest[tokens[one.end - 1].end :]}"
            beside -= {*words[first : one.end]}
        beside -= self._fillers | self._kinds.keys()
        places = tuple(dict.fromkeys(path for one in named for path in one.places))
        several = len(named) > 1
        return Spoken(rest, places, several, alone=beside <= self._compares, compares=bool(beside))

    def _mentions(self, words: Sequence[str]) -> Iterator[_Mention]:
        """The names in a message, one after another."""
        moving = not self._moving.isdisjoint(words)
        start = 0
        while start < len(words):
            first = self._first(words, start)
            if not (moving and self._moved.intersection(words[max(0, first - 1) : first])):
                led = first < start or self._led(words, first)
                end, places, exact = self._named(words, start, led=led)
                if end > start:
                    yield _Mention(first, end, places, exact)
                    start = end
                    continue
            start += 1

    def _first(self, words: Sequence[str], start: int) -> int:
        """Where a name begins with its kind."""
        return start - (start > 0 and words[start - 1] in self._kinds)

    def _led(self, words: Sequence[str], first: int) -> bool:
        return first > 0 and words[first - 1] in self._before

    def _named(self, words: Sequence[str], start: int, *, led: bool) -> tuple[int, tuple[str, ...], bool]:
        """Where the longest name that begins here ends, what it may be, whether without a slip.

        A doubtful one needs to be led in, a slip, too.
        """
        kind = self._kinds.get(words[start - 1]) if start else None
        for end in range(min(start + _LONGEST, len(words)), start, -1):
            said = words[start:end]
            if not led and len(said) == 1 and said[0] in self._doubtful and not self._by_itself(words, start):
                continue
            if found := self._by_name.get("".join(said)) or self._run_together(said):
                return *self._of_its_kind(words, end, found, kind), True
        if led and not self._known(words[start]):
            return *self._of_its_kind(words, start + 1, self._near(words[start]), kind), False
        return start, (), False

    def _run_together(self, said: Sequence[str]) -> list[_Called]:
        """ "kotabogor": a kind and a name in one word."""
        (word, *more) = said
        kinds = () if more else self._kinds.items()
        split = ((self._by_name.get(word.removeprefix(one), ()), kind) for one, kind in kinds if word.startswith(one))
        return [called for found, kind in split for called in found if called.kind == kind]

    def _of_its_kind(
        self, words: Sequence[str], end: int, found: Sequence[_Called], kind: str | None
    ) -> tuple[int, tuple[str, ...]]:
        """Where a name ends, and what it may be by its kind; that may stand behind it, too: "banjarmasin kota"."""
        behind = self._kinds.get(words[end]) if kind is None and end < len(words) else None
        if any(called.kind == behind for called in found if behind) and not self._begins(words, end + 1):
            return end + 1, _of_kind(found, behind)
        return end, _of_kind(found, kind)

    def _begins(self, words: Sequence[str], start: int) -> bool:
        """Whether a name begins here, so that what stands in front of it belongs to that."""
        ends = range(start + 1, min(start + _LONGEST, len(words)) + 1)
        return any("".join(words[start:end]) in self._by_name for end in ends)

    def _by_itself(self, words: Sequence[str], at: int) -> bool:
        """Whether nothing else is said than this word."""
        return {*words[:at], *words[at + 1 :]} <= self._fillers | self._compares

    def guessed(self, text: str) -> tuple[str, ...]:
        """The places that were meant where a name is all that can have been: by part of the name, or with slips."""
        words = [word for word in map(clean, _WORD.findall(text[:_FIRST])) if word not in self._fillers]
        kind = next((self._kinds[word] for word in words if word in self._kinds), None)
        words = [word for word in words if word not in self._kinds and word not in self._before]
        if not words or len(words) > _LONGEST:
            return ()
        said = "".join(words)
        found = self._by_name.get(said) or self._having(words) or self._near(said)
        return _of_kind(found, kind)

    def _having(self, words: Sequence[str]) -> list[_Called]:
        return [called for called in self._called if set(words) <= set(called.words)]

    def _near(self, said: str) -> list[_Called]:
        """The names that are nearest within the slips that are believed."""
        if len(said) < _SHORTEST:
            return []
        slips = 1 if len(said) < _ONE_SLIP else 2
        near = extract(said, list(self._by_name), scorer=OSA.distance, score_cutoff=slips, limit=None)
        least = min((count for _, count, _ in near), default=0)
        return [called for name, count, _ in near if count == least for called in self._by_name[name]]


def _apart(mentions: Sequence[_Mention]) -> list[_Mention]:
    """The first, and what was named beside it: neither the territory that it lies in, nor what may be but a slip."""
    named = list(mentions[:1])
    for other in mentions[1:]:
        if other.exact and not any(
            touches(one, path) for first in named for one in first.places for path in other.places
        ):
            named.append(other)
    return named


def _names_of(place: Place) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*place.name.values(), *place.aliases)))


def _words_of(name: str) -> tuple[str, ...]:
    return tuple(clean(name).replace("-", " ").replace(".", " ").split())


def _spoken_of(catalogue: Catalogue) -> Iterator[Place]:
    """The offices and the territories between them and the root, as citizens know them."""
    offices = frozenset(catalogue.tree.offices)
    territories = frozenset(catalogue.tree.below) - {""}
    for place in catalogue.places:
        above = place.path in territories and catalogue.tree.office_of(place.path) is None
        if (above or place.path in offices) and place is not catalogue.root:
            yield place


def _of_kind(found: Iterable[_Called], kind: str | None) -> tuple[str, ...]:
    """Those of the kind that was said, where there are any."""
    found = list(found)
    fitting = [called for called in found if kind and called.kind == kind]
    return tuple(dict.fromkeys(called.path for called in fitting or found))
