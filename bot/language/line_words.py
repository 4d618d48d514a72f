"""The words by which staff name targets and places, as one office's catalogue has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.language.messages import Listing, Message, Words, say
from bot.language.place_names import PlaceNames
from bot.rules.catalogue import Catalogue, Place

_WORD = re.compile(r",|[^\s,_()\-]+")

Meaning = tuple[str, str]
"""("resource" | "step" | "service", id)"""


@dataclass(frozen=True, slots=True)
class Token:
    word: str  # lower case
    start: int
    end: int


def tokens(text: str) -> tuple[Token, ...]:
    """Words and commas; hyphens, underscores and brackets divide words."""
    return tuple(Token(found[0].lower(), found.start(), found.end()) for found in _WORD.finditer(text))


def form_of(text: str) -> tuple[str, ...]:
    return tuple(token.word for token in tokens(text) if token.word != ",")


def target_forms(catalogue: Catalogue) -> tuple[dict[tuple[str, ...], frozenset[Meaning]], ...]:
    """Ways to write each target: ids first, then the short names of resources, then names and aliases."""
    ids: list[tuple[str, Meaning]] = []
    shorts: list[tuple[str, Meaning]] = []
    names: list[tuple[str, Meaning]] = []
    for resource in catalogue.resources:
        meaning = ("resource", resource.id)
        ids.append((resource.id, meaning))
        shorts.append((resource.short, meaning))
        names += [(name, meaning) for name in (*resource.name.values(), *resource.aliases)]
    for service in catalogue.services:
        meaning = ("step", service.steps[0].id) if len(service.steps) == 1 else ("service", service.id)
        ids.append((service.id, meaning))
        names += [(name, meaning) for name in (*service.name.values(), *service.short.values(), *service.aliases)]
        for step in service.steps:
            ids.append((step.id, ("step", step.id)))
            names += [(name, ("step", step.id)) for name in (*step.name.values(), *step.aliases)]
    return _gather(ids), _gather(shorts), _gather(names)


def _gather(pairs: Iterable[tuple[str, Meaning]]) -> dict[tuple[str, ...], frozenset[Meaning]]:
    forms: dict[tuple[str, ...], frozenset[Meaning]] = {}
    for name, meaning in pairs:
        form = form_of(name)
        forms[form] = forms.get(form, frozenset()) | {meaning}
    forms.pop((), None)
    return forms


_MOST_PLACES = 8  # named where one is not known


def places_to_name(catalogue: Catalogue) -> Listing:
    """Places that staff may type, by the end of their paths; of a country those right below it."""
    paths = [place.path for place in catalogue.places]
    if len(paths) > _MOST_PLACES:
        paths = [*catalogue.tree.below.get(catalogue.root.path, ())][:_MOST_PLACES]
    return Listing(tuple(path.rpartition("/")[2] for path in paths), either=True)


def unknown_place(catalogue: Catalogue, words: Sequence[str]) -> Message:
    """What would be right instead: of many offices those that a slip, or a name without its kind, may have meant."""
    said = " ".join(words[:2])
    near = _near_places(catalogue, words) if catalogue.tree.many else ()
    if near:
        known = catalogue.places_by_path
        names = Listing(tuple(Words(known[path].name) for path in near[:_MOST_PLACES]), either=True)
        return say("staff.line.unknown_place_near", words=said, names=names)
    return say("staff.line.unknown_place", words=said, places=places_to_name(catalogue))


def _near_places(catalogue: Catalogue, words: Sequence[str]) -> tuple[str, ...]:
    """The most words that come near a name; what stands behind them is the state."""
    names = PlaceNames(catalogue, lambda _: False)
    guesses = (names.guessed(" ".join(words[:length])) for length in range(len(words), 0, -1))
    return next(filter(None, guesses), ())


def place_forms(catalogue: Catalogue) -> dict[tuple[str, ...], list[Place]]:
    forms: dict[tuple[str, ...], list[Place]] = {}
    for place in catalogue.places:
        own = (place.path, place.path.rpartition("/")[2], *place.name.values(), *place.aliases)
        for form in {form_of(name) for name in own}:
            forms.setdefault(form, []).append(place)
    return forms
