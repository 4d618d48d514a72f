"""The whole board in one answer, and why things are down where no service was named."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.kabari import kabari_button, kabari_steps
from bot.language.meanwhile import freshness_lines
from bot.language.messages import Answer, Button, Capital, Listing, Message, Value, Words, say
from bot.language.opening_hours import over_for_today, today_lines
from bot.language.outages import down, outage_lines
from bot.language.view import Standing, View, label, standings_of, state_of_line
from bot.rules.catalogue import State

_BEST_FIRST = ("available", "settling", "limited", "unavailable", "unknown")
_WORST_FIRST = ("unavailable", "limited")


def all_status(view: View) -> Answer:
    """What works today, what in part, what not, and of what nobody has reported."""
    standings = standings_of(view, view.catalogue.steps)
    title = say("board.title", day=view.today)
    hours = today_lines(view)
    body = [*group_lines(view, standings), *outage_lines(view, standings)]
    told = [*hours, title, *body] if over_for_today(view) else [title, *body, *hours]
    buttons = (*kabari_button(view, kabari_steps(down(view))), (_hours_button(),))
    return Answer((*told, *freshness_lines(view, standings)), buttons)


def _hours_button() -> Button:
    return Button(say("button.hours"), action="h")


def group_lines(view: View, standings: Sequence[Standing], order: Sequence[str] = _BEST_FIRST) -> list[Message]:
    """A line for each state; steps whose counters differ have a line of their own."""
    if standings and all(standing.state is State.UNKNOWN for standing in standings):
        return [say("board.all_unknown")]
    same = [standing for standing in standings if standing.alike]
    groups = {word: [one for one in same if state_of_line(one.best) == word] for word in order}
    lines = [
        say(f"board.{word}", services=Capital(short_names(view, group))) for word, group in groups.items() if group
    ]
    return [*lines, *(_differing(view, standing) for standing in standings if not standing.alike)]


def short_names(view: View, standings: Sequence[Standing]) -> Listing:
    """Their names; a service of which all steps are there goes by its own."""
    here = {standing.step.id: standing.step for standing in standings}
    names: dict[str, Value] = {}
    for step in here.values():
        service = view.service(step)
        whole = all(other.id in here for other in service.steps)
        names.setdefault(service.id if whole else step.id, Words(service.short) if whole else label(view, step))
    return Listing(tuple(names.values()))


def _differing(view: View, standing: Standing) -> Message:
    """A step that works at one counter and not at another."""
    at = [say(f"board.at.{cell.state}", place=view.place_name(cell.counter)) for cell in standing.cells]
    return say("board.differs", service=Capital(label(view, standing.step)), counters=Listing(tuple(at)))


def reasons(view: View) -> Answer:
    """Why things are down, and until when, where no service was named."""
    troubled = down(view)
    if not troubled:
        return _nothing_down(view)
    over = today_lines(view) if over_for_today(view) else ()
    body = [*group_lines(view, troubled, _WORST_FIRST), *outage_lines(view, troubled)]
    return Answer((*over, *body, *freshness_lines(view, troubled)), kabari_button(view, kabari_steps(troubled)))


def _nothing_down(view: View) -> Answer:
    standings = standings_of(view, view.catalogue.steps)
    silent = all(standing.state is State.UNKNOWN for standing in standings)
    told = say("board.all_unknown" if silent else "reason.nothing_down")
    buttons = ((Button(say("button.all"), action="all"),),)
    return Answer((told, *today_lines(view), *freshness_lines(view, standings)), buttons)
