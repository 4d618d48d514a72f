"""What staff reported, with where it is meant, as far as that does not go without saying."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.language.messages import Listing, Value, Words, say
from bot.language.view import View
from bot.language.whereabouts import whereabouts
from bot.rules.catalogue import Catalogue


def target_name(view: View, target: str) -> Words:
    """How a step or a resource is called."""
    resource = view.catalogue.resources_by_id.get(target)
    return Words(resource.name if resource else view.catalogue.steps[target].name)


def spoken_of(view: View, said: Iterable[tuple[str, str]]) -> Listing:
    """Targets with their places: those that are meant at the same ones together."""
    places: dict[str, dict[str, None]] = {}
    for target, place in said:
        places.setdefault(target, {})[place] = None
    together: dict[tuple[str, ...], list[str]] = {}
    for target, where in places.items():
        together.setdefault(tuple(where), []).append(target)
    return Listing(tuple(located(view, targets, where) for where, targets in together.items()))


def located(view: View, targets: Sequence[str], places: Sequence[str]) -> Value:
    """Targets, and where they are meant: not where this is all that the view is of."""
    named = Listing(tuple(target_name(view, target) for target in targets))
    shown = [place for place in widest(view, places) if _worth_naming(view, place)]
    return say("status.at", step=named, places=whereabouts(view, shown)) if shown else named


def widest(view: View, places: Sequence[str]) -> tuple[str, ...]:
    """The fewest places that say the same; those that the catalogue no longer has are left out."""
    tree, known = _whole(view).tree, _whole(view).places_by_path
    here = tuple(dict.fromkeys(place for place in places if place in known))
    if len(here) < 2:
        return here
    return tree.widest(leaf for place in here for leaf in tree.leaves_under[place])


def _whole(view: View) -> Catalogue:
    return view.names or view.catalogue


def _worth_naming(view: View, place: str) -> bool:
    here = view.catalogue
    if place not in here.places_by_path:
        return True  # above the place that the view is of
    return place != here.root.path and len(here.counters) > 1
