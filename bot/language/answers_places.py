"""Which of many offices is meant: asked once, chosen from a list, kept; one office never says any of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.language.answers_office import in_rows
from bot.language.messages import Answer, Button, Message, Words, say
from bot.language.place_names import MOST
from bot.language.view import View
from bot.rules.catalogue import Catalogue

HERE, LIST, CHANGE = "at", "atp", "atw"
"""The kinds of taps: this office; a page of a territory; another place than the one that is kept."""

A_PAGE = 20  # places on one page of a list

_FROM_LIST = Button(say("button.places"), action=LIST)
CHANGE_PLACE = Button(say("button.change_place"), action=CHANGE)


def ask_where(view: View, *, sorry: bool = False) -> Answer:
    """Before anything else where the answer differs from office to office; `sorry`: the name was not known."""
    lines = [say("place.unknown")] if sorry else []
    return Answer((*lines, say("place.ask"), how_to_name(view)), ((_FROM_LIST,),))


def how_to_name(view: View) -> Message:
    """A name of the catalogue, as an example."""
    return say("place.write", example=_an_office(view.catalogue))


def ask_where_in_group(view: View, *, subscribes: bool = False) -> Answer:
    """One line, as many read it; `subscribes`: where an admin wants news for all."""
    asked = "place.ask_group_subscribe" if subscribes else "place.ask_group"
    return Answer((say(asked, example=_an_office(view.catalogue)),))


def _an_office(catalogue: Catalogue) -> Words:
    return Words(catalogue.places_by_path[catalogue.tree.offices[-1]].name)


def which(view: View, places: Sequence[str], *, several: bool = False) -> Answer:
    """Several places are called so; `several`: they were named, and one answer is for one."""
    rows = in_rows([_button(view.catalogue, path) for path in places[:MOST]])
    more = () if len(places) <= MOST else ((_FROM_LIST,),)
    return Answer((say("place.one_first" if several else "place.which"),), (*rows, *more))


def listed(view: View, territory: str, page: int = 0) -> Answer:
    """What lies below a territory, some on a page."""
    catalogue = view.catalogue
    below = catalogue.tree.below.get(territory, ())
    shown = below[page * A_PAGE : (page + 1) * A_PAGE]
    rows = in_rows([_button(catalogue, path) for path in shown])
    told = say("place.choose", place=view.place_name(territory))
    return Answer((told,), (*rows, *_around(catalogue, territory, page, len(below))))


def _around(catalogue: Catalogue, territory: str, page: int, count: int) -> tuple[tuple[Button, ...], ...]:
    """To the page before, and to the next; from a territory back to those beside it."""
    link, above = catalogue.tree.links[territory], territory.rpartition("/")[0]
    row = []
    if page:
        row.append(Button(say("button.page_before"), action=f"{LIST}:{link}:{page - 1}"))
    elif above:
        row.append(Button(say("button.page_above"), action=f"{LIST}:{catalogue.tree.links[above]}"))
    if (page + 1) * A_PAGE < count:
        row.append(Button(say("button.page_next"), action=f"{LIST}:{link}:{page + 1}"))
    return (tuple(row),) if row else ()


def _button(catalogue: Catalogue, path: str) -> Button:
    """An office is chosen, a territory opened."""
    kind = HERE if catalogue.tree.office_of(path) else LIST
    return Button(
        say("button.place", place=Words(catalogue.places_by_path[path].name)), f"{kind}:{catalogue.tree.links[path]}"
    )


def at_place(told: Answer, view: View, *, kept: bool = False, change: bool = False) -> Answer:
    """An answer with the office it is for, in the last line; `kept`: from now on for every question."""
    assert view.place is not None  # where it is not known, it is asked for first
    line = say("place.kept" if kept else "place.here", place=view.place_name(view.place))
    buttons = (*told.buttons, (CHANGE_PLACE,)) if change or kept else told.buttons
    return replace(told, lines=(*told.lines, line), buttons=buttons)
