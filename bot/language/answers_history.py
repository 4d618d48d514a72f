"""The last 90 days for one chat: what the picture shows, and the same in plain figures under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.language.answers_status import steps_named
from bot.language.history_chart import Chart, chart_of
from bot.language.messages import BLANK, Answer, Button, Capital, Message, Words, say
from bot.language.view import View
from bot.rules.history import History

_MOST_SERVICES = 6  # buttons; who wants another one names it
_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class HistoryTold:
    """What to send: captions from the fullest to the shortest, with one picture; without a chart only words."""

    chart: Chart | None
    captions: tuple[Answer, ...]


def history_of_services(view: View, history: History, ids: Sequence[str]) -> HistoryTold:
    """The services or steps that were named, else all of them."""
    steps = steps_named(view.catalogue, ids)
    chart = chart_of(view, history, steps or None)
    buttons = _buttons(view, history, ids)
    if chart is None:
        return HistoryTold(None, (Answer((say("history.nothing"),), buttons),))
    return HistoryTold(chart, tuple(Answer(lines, buttons) for lines in _lines(chart)))


def _lines(chart: Chart) -> Iterator[tuple[Message, ...]]:
    """A caption holds 1,024 letters: what does not fit is counted, the least troubled first."""
    rows = [say("history.row", name=row.name, figures=row.figures) for row in chart.rows]
    for kept in range(len(rows), -1, -1):
        left_out = [say("history.more", count=len(rows) - kept)] if kept < len(rows) else []
        yield say("history.title"), *rows[:kept], *left_out, BLANK, say("history.how")


def _buttons(view: View, history: History, ids: Sequence[str]) -> tuple[tuple[Button, ...], ...]:
    """Services by themselves, those in most trouble first; from one of them, the way back to all."""
    there = f":{view.tapped}" if view.catalogue.tree.many else ""
    if ids:
        return ((Button(say("history.all"), f"hi:{there}" if there else "hi"),),)
    trouble: dict[str, float] = {}
    for (step, _), record in history.items():
        service = view.catalogue.steps[step].service
        trouble[service] = trouble.get(service, 0.0) + sum(length.seconds for length in record.disruptions)
    worst = sorted(trouble, key=lambda service: -trouble[service])[:_MOST_SERVICES]
    named = [(one, view.catalogue.services_by_id[one].short) for one in worst]
    buttons = [Button(say("button.service", service=Capital(Words(short))), f"hi:{one}{there}") for one, short in named]
    return tuple(tuple(buttons[at : at + _IN_A_ROW]) for at in range(0, len(buttons), _IN_A_ROW))
