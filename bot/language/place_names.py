"""Which of many offices a citizen's words name, as people write names: without the kind, run together, with slips."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.language.phrases import table
from bot.language.words import clean, entries
from bot.rules.catalogue import Catalogue, Place

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
    alone: bool = False  # nothing else was said
    compares: bool = False  # nothing else but "and there?"
    change: bool = False  # another place is wanted than the one that is kept


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int


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

    def _names(self, place: Place) -> Iterator[_Called]:
        for name in dict.fromkeys((*place.name.values(), *place.aliases)):
            words = tuple(clean(name).replace("-", " ").replace(".", " ").split())
            kind = self._kinds.get(words[0]) if len(words) > 1 else None
            yield _Called(place.path, kind, words[1:] if kind else words)

    def spoken(self, text: str) -> Spoken:
        """What a message says of places: of several the first, where it is no place that somebody moves from or to."""
        tokens = [_Token(clean(word[0]), word.start(), word.end()) for word in _WORD.finditer(text[:_FIRST])]
        words = [token.word for token in tokens]
        if " ".join(word for word in words if word not in self._fillers or word == "tempat") in self._change:
            return Spoken(text, change=True)
        moving = not self._moving.isdisjoint(words)
        for start in range(len(words)):
            first = self._first(words, start)
            if moving and self._moved.intersection(words[max(0, first - 1) : first]):
                continue
            end, places = self._named(words, start, led=first < start or self._led(words, first))
            if places:
                first -= self._led(words, first)
                beside = {*words[:first], *words[end:]} - self._fillers
                rest = f"{text[: tokens[first].start]} {text[tokens[end - 1].end :]}"
                return Spoken(rest, places, beside <= self._compares, bool(beside))
        return Spoken(text)

    def _first(self, words: Sequence[str], start: int) -> int:
        """Where a name begins with its kind."""
        return start - (start > 0 and words[start - 1] in self._kinds)

    def _led(self, words: Sequence[str], first: int) -> bool:
        return first > 0 and words[first - 1] in self._before

    def _named(self, words: Sequence[str], start: int, *, led: bool) -> tuple[int, tuple[str, ...]]:
        """The longest name that begins here, and where it ends; a doubtful one needs to be led in, a slip, too."""
        kind = self._kinds.get(words[start - 1]) if start else None
        for end in range(min(start + _LONGEST, len(words)), start, -1):
            said = words[start:end]
            if not led and len(said) == 1 and said[0] in self._doubtful and not self._by_itself(words, start):
                continue
            if found := self._by_name.get("".join(said)):
                return end, _of_kind(found, kind)
        if led and not self._known(words[start]):
            return start + 1, _of_kind(self._near(words[start]), kind)
        return start, ()

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
