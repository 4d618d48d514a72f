"""The button "Kabari saya": for which steps it stands, and what its tap or its link carries."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.messages import Button, say
from bot.language.view import Standing, View
from bot.rules.catalogue import Catalogue, State

MAX_ACTION = 64  # bytes of callback data that Telegram takes
LINK = "kabari_"
MAX_PAYLOAD = 64  # characters behind `?start=`
_AND = "--"  # between several targets of a link, which takes no comma

Rows = tuple[tuple[Button, ...], ...]


def kabari_steps(standings: Sequence[Standing]) -> tuple[str, ...]:
    """The steps that are unavailable at some counter; where none is, the limited and unknown ones."""
    down = _in_state(standings, State.UNAVAILABLE)
    return down or _in_state(standings, State.LIMITED, State.UNKNOWN)


def _in_state(standings: Sequence[Standing], *states: State) -> tuple[str, ...]:
    return tuple(s.step.id for s in standings if any(cell.state in states for cell in s.cells))


def kabari_button(view: View, steps: Sequence[str]) -> Rows:
    """The button for these steps, in a row of its own; none where there is nothing to wait for."""
    if not steps:
        return ()
    return ((Button(say("button.kabari"), action=kabari_action(view, steps)),),)


def kabari_action(view: View, steps: Sequence[str]) -> str:
    """`k:<step,step>[:place]` within Telegram's bytes; too long, it names services, then no place, then the first."""
    services = tuple(dict.fromkeys(view.catalogue.steps[step].service for step in steps))
    place = f":{view.tapped}" if view.tapped else ""
    shorter = [f"k:{','.join(services[:count])}" for count in range(len(services), 0, -1)]
    spelled = [f"k:{','.join(steps)}{place}", f"k:{','.join(services)}{place}", f"k:{','.join(steps)}", *shorter]
    return next(action for action in spelled if len(action.encode()) <= MAX_ACTION)


def kabari_payload(catalogue: Catalogue, action: str) -> str:
    """What a tap carries, as the payload of a deep link: its steps, else their services, else one that lets choose."""
    _, ids, place = (*action.split(":"), "")[:3]
    steps = ids.split(",")
    services = list(dict.fromkeys(catalogue.steps[one].service if one in catalogue.steps else one for one in steps))
    spelled = (_spelled(catalogue, targets, place) for targets in (steps, services))
    return next((payload for payload in spelled if len(payload) <= MAX_PAYLOAD), LINK)


def _spelled(catalogue: Catalogue, targets: Sequence[str], place: str) -> str:
    *others, last = targets
    return LINK + _AND.join((*others, catalogue.payload_for(last, place or None)))


def kabari_wanted(catalogue: Catalogue, payload: str) -> tuple[tuple[str, ...], str | None]:
    """The services and steps that such a payload names, and the place; none where it names what is not there."""
    named = [catalogue.from_payload(part) for part in payload.removeprefix(LINK).split(_AND)]
    found = [one for one in named if one]
    if len(found) < len(named):
        return (), None
    return tuple(target for target, _ in found), found[-1][1]
