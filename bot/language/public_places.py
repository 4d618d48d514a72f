"""The public page of many offices: what lies below a territory, and where something does not work."""

from __future__ import annotations

from dataclasses import dataclass

from bot.language.messages import Message, Words, say
from bot.language.public_page import name_of
from bot.language.view import View
from bot.rules.board import counters_down


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """An office or a territory, with how many of its offices have something down."""

    path: str
    name: Message
    troubled: int
    told: Message


def places_below(view: View) -> tuple[PlaceRow, ...]:
    """What lies directly below the place of the view, in the order of the catalogue."""
    tree, root = view.catalogue.tree, view.catalogue.root.path
    troubled = {tree.office_of(counter) for counter in counters_down(view.board)}
    rows = []
    for path in tree.below.get(view.place or root, ()):
        count = len(troubled.intersection(tree.offices_under.get(path, ())))
        single = tree.office_of(path) is not None
        told = say("page.places.one") if single else say("page.places.some", count=count)
        rows.append(PlaceRow(path, name_of(Words(view.catalogue.places_by_path[path].name)), count, told))
    return tuple(rows)


def places_heading(view: View) -> Message:
    """Where one has come to."""
    return say("page.places.title", place=view.place_name(view.place or view.catalogue.root.path))
