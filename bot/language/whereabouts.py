"""Counters in a sentence: of many offices by the fewest places that say them all."""

from __future__ import annotations

from collections.abc import Iterable

from bot.language.messages import Listing, Value, say
from bot.language.view import View

_MOST = 5  # places in one sentence


def whereabouts(view: View, counters: Iterable[str]) -> Value:
    """One office names its counters; a province that is meant as a whole is said once."""
    tree = view.catalogue.tree
    places = tree.widest(counters) if tree.many else tuple(counters)
    shown = places if len(places) <= _MOST or not tree.many else places[:_MOST]
    named: list[Value] = [view.place_name(path) for path in shown]
    more = [say("place.more", count=len(places) - len(shown))] if len(shown) < len(places) else []
    return Listing((*named, *more))
