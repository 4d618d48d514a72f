"""What each tap does to a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from bot.rules.board import DOWN, Board
from bot.rules.catalogue import Catalogue, State
from bot.rules.drafts import (
    Draft,
    Entry,
    OfferKind,
    Screen,
    answered,
    causes,
    followers,
    following,
    leads_down,
    leads_up,
    looking_in,
    places,
    questions,
    standing,
    with_cause,
)

Known = TypeVar("Known")


class NoSuchTapError(Exception):
    """The screen has no such button: the catalogue changed meanwhile, or somebody made it up."""


def tapped(catalogue: Catalogue, board: Board, draft: Draft, verb: str, arg: str) -> Draft:
    """The draft after a tap; raises NoSuchTapError."""
    act = _EVERYWHERE.get(verb) or _ON[draft.screen].get(verb)
    if act is None or draft.screen is Screen.DONE:
        raise NoSuchTapError(verb)
    return act(_Desk(catalogue, board), draft, arg)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a tap is judged by."""

    catalogue: Catalogue
    board: Board


_Act = Callable[[_Desk, Draft, str], Draft]


def _to(screen: Screen) -> _Act:
    return lambda _desk, draft, _arg: replace(draft, screen=screen)


def _back(desk: _Desk, draft: Draft, _arg: str) -> Draft:
    if draft.screen is Screen.PLACE and leads_up(desk.catalogue, draft.entry):
        return replace(draft, entry=looking_in(draft.entry, desk.catalogue.root.path))
    return replace(draft, screen=_before(desk.catalogue, draft))


def _before(catalogue: Catalogue, draft: Draft) -> Screen:
    """The screen that `Kembali` leads to: a part that is being changed belongs to the review."""
    if draft.screen in _UP:
        return _UP[draft.screen]
    asked = questions(catalogue, draft.entry)
    if draft.screen in (Screen.REVIEW, Screen.HOME) or draft.screen not in asked:
        return Screen.HOME
    if following(catalogue, draft.entry) is Screen.PREVIEW:
        return Screen.REVIEW
    at = asked.index(draft.screen)
    if at:
        return asked[at - 1]
    return Screen.STEPS if draft.service else Screen.TARGETS


_UP: Mapping[Screen, Screen] = {
    Screen.CAUSE_WORDS: Screen.CAUSE,
    Screen.CALENDAR: Screen.ESTIMATE,
    Screen.STEPS: Screen.TARGETS,
    Screen.TARGETS: Screen.HOME,
    Screen.LINES: Screen.HOME,
    Screen.RETURNS: Screen.HOME,
    Screen.PREVIEW: Screen.REVIEW,
}


def _offered(desk: _Desk, draft: Draft, arg: str) -> Draft:
    """One tap on the first screen: to the preview, or to what is new about an outage that goes on."""
    if not arg.isdecimal() or int(arg) >= len(draft.offers):
        raise NoSuchTapError(arg)
    offer = draft.offers[int(arg)]
    screen = Screen.REVIEW if offer.kind is OfferKind.CHANGE else Screen.PREVIEW
    return replace(draft, entry=offer.entry, screen=screen)


def _target(desk: _Desk, draft: Draft, arg: str) -> Draft:
    """A resource, or a service; one with several steps is asked which."""
    if arg in desk.catalogue.resources_by_id:
        return _chosen(draft, (arg,), None)
    service = _known(desk.catalogue.services_by_id, arg)
    if len(service.steps) == 1:
        return _chosen(draft, (service.steps[0].id,), None)
    return replace(draft, service=service.id, screen=Screen.STEPS)


def _step(desk: _Desk, draft: Draft, arg: str) -> Draft:
    """One step of the service, or all of them."""
    service = _known(desk.catalogue.services_by_id, draft.service or "")
    steps = tuple(step.id for step in service.steps if arg in (step.id, service.id))
    if not steps:
        raise NoSuchTapError(arg)
    return _chosen(draft, steps, service.id)


def _chosen(draft: Draft, targets: tuple[str, ...], service: str | None) -> Draft:
    return replace(draft, entry=Entry(targets), service=service, screen=Screen.STATE)


def _state(desk: _Desk, draft: Draft, arg: str) -> Draft:
    if arg not in (*DOWN, State.AVAILABLE):
        raise NoSuchTapError(arg)
    draft = _proposed(desk, draft)
    return answered(desk.catalogue, draft, Screen.STATE, replace(draft.entry, state=State(arg)))


def _proposed(desk: _Desk, draft: Draft) -> Draft:
    """With the steps ticked that the same outage spares so far, or that the catalogue proposes to spare."""
    if draft.entry.spares is not None:
        return draft
    proposed: frozenset[str] = frozenset()
    if fact := standing(desk.board, draft.entry):
        proposed = fact.spares
    elif resource := desk.catalogue.resources_by_id.get(draft.entry.targets[0]):
        proposed = frozenset(resource.spares)
    return replace(draft, entry=replace(draft.entry, spares=proposed))


def _toggle(desk: _Desk, draft: Draft, arg: str) -> Draft:
    if arg not in followers(desk.catalogue, draft.entry):
        raise NoSuchTapError(arg)
    spares = _proposed(desk, draft).entry.spares or frozenset()
    return replace(draft, entry=replace(draft.entry, spares=spares ^ {arg}))


def _ticked(desk: _Desk, draft: Draft, _arg: str) -> Draft:
    return answered(desk.catalogue, draft, Screen.SPARES, draft.entry)


def _cause(desk: _Desk, draft: Draft, arg: str) -> Draft:
    """A ready cause by its number; "-" leaves it as it stands."""
    ready = causes(desk.catalogue, draft.entry)
    if arg == "-":
        return with_cause(desk.catalogue, draft, None)
    if not arg.isdecimal() or int(arg) >= len(ready):
        raise NoSuchTapError(arg)
    return with_cause(desk.catalogue, draft, ready[int(arg)])


def _until(desk: _Desk, draft: Draft, arg: str) -> Draft:
    """A day; "?" that nobody can say; "-" leaves it as it stands."""
    day = None if arg in ("?", "-") else _date(arg)
    entry = replace(draft.entry, until=day, unsure=arg == "?")
    return answered(desk.catalogue, draft, Screen.ESTIMATE, entry)


def _month(_desk: _Desk, draft: Draft, arg: str) -> Draft:
    return replace(draft, screen=Screen.CALENDAR, month=_date(arg).replace(day=1))


def _place(desk: _Desk, draft: Draft, arg: str) -> Draft:
    """Where it holds; of many offices a territory is opened first, and then is an answer, too."""
    place = desk.catalogue.place_of(arg)
    if place not in places(desk.catalogue, draft.entry):
        raise NoSuchTapError(arg)
    if leads_down(desk.catalogue, draft.entry, place):
        return replace(draft, entry=looking_in(draft.entry, place))
    return answered(desk.catalogue, draft, Screen.PLACE, replace(draft.entry, place=place))


def _question(desk: _Desk, draft: Draft, arg: str) -> Draft:
    """One part of what was chosen, to be changed."""
    if arg not in questions(desk.catalogue, draft.entry):
        raise NoSuchTapError(arg)
    return replace(_proposed(desk, draft) if arg == Screen.SPARES else draft, screen=Screen(arg))


def _date(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise NoSuchTapError(word) from None


def _known(known: Mapping[str, Known], key: str) -> Known:
    if key not in known:
        raise NoSuchTapError(key)
    return known[key]


_EVERYWHERE: Mapping[str, _Act] = {"back": _back, "stop": _to(Screen.DONE)}
_FIRST: Mapping[str, _Act] = {"o": _offered, "more": _to(Screen.TARGETS), "own": _to(Screen.LINES)}
_ON: Mapping[Screen, Mapping[str, _Act]] = {
    Screen.HOME: _FIRST,
    Screen.RETURNS: _FIRST,
    Screen.TARGETS: {"t": _target},
    Screen.STEPS: {"s": _step},
    Screen.STATE: {"is": _state},
    Screen.SPARES: {"x": _toggle, "ok": _ticked},
    Screen.CAUSE: {"c": _cause, "own": _to(Screen.CAUSE_WORDS)},
    Screen.CAUSE_WORDS: {},
    Screen.ESTIMATE: {"d": _until, "m": _month},
    Screen.CALENDAR: {"d": _until, "m": _month},
    Screen.PLACE: {"p": _place},
    Screen.LINES: {},
    Screen.REVIEW: {"q": _question, "go": _to(Screen.PREVIEW), "own": _to(Screen.LINES)},
    Screen.PREVIEW: {"go": _to(Screen.PREVIEW)},
    Screen.DONE: {},
}
