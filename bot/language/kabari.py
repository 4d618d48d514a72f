"""The button "Kabari saya": for which steps it stands, and what its tap carries."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.messages import Button, say
from bot.language.view import Standing, View
from bot.rules.catalogue import State

MAX_ACTION = 64  # bytes of callback data that Telegram takes

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
    place = f":{view.place}" if view.place else ""
    shorter = [f"k:{','.join(services[:count])}" for count in range(len(services), 0, -1)]
    spelled = [f"k:{','.join(steps)}{place}", f"k:{','.join(services)}{place}", f"k:{','.join(steps)}", *shorter]
    return next(action for action in spelled if len(action.encode()) <= MAX_ACTION)
