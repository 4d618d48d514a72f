"""Whether services work: the state, its cause, until when, what still works, how fresh the word is."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.answers_board import all_status, short_names
from bot.language.kabari import kabari_button, kabari_steps
from bot.language.meanwhile import (
    alternative_lines,
    freshness_lines,
    silence_lines,
    staff_notes,
    still_works,
    untouched_lines,
)
from bot.language.messages import Answer, Capital, Listing, Message, Value, Words, say
from bot.language.opening_hours import over_for_today, today_lines
from bot.language.outages import outage_lines, overdue
from bot.language.view import Standing, View, label, limited_note, look, names, standings_of, state_of_line
from bot.rules.board import Cell
from bot.rules.catalogue import Catalogue, State


def status(view: View, ids: Sequence[str], subscribed: frozenset[str] = frozenset()) -> Answer:
    """How the named services and steps stand."""
    standings = standings_of(view, steps_named(view.catalogue, ids))
    if not standings:  # an id of an earlier catalogue, in an old button
        return all_status(view)
    over = over_for_today(view)
    body = [
        *_not_here(view, standings),
        *_headline(view, standings, over=over),
        *silence_lines(view, standings),
        *staff_notes(standings),
        *outage_lines(view, standings),
        *still_works(view, standings),
        *untouched_lines(view, standings),
        *alternative_lines(view, standings),
    ]
    hours = today_lines(view)
    told = [*hours, *body] if over else [*body, *hours]
    wanted = kabari_steps(standings)
    waiting = [say("kabari.waiting")] if wanted and subscribed.issuperset(wanted) else []
    buttons = () if waiting else kabari_button(view, wanted)
    return Answer((*told, *waiting, *freshness_lines(view, standings)), buttons)


def steps_named(catalogue: Catalogue, ids: Sequence[str]) -> tuple[str, ...]:
    """The steps behind ids of steps and services; a service says nothing more where a step of its own is named."""
    named = [step for step in ids if step in catalogue.steps]
    owners = {catalogue.steps[step].service for step in named}
    found: list[str] = []
    for asked in ids:
        if asked in catalogue.steps:
            found.append(asked)
        elif asked in catalogue.services_by_id and asked not in owners:
            found += [step.id for step in catalogue.services_by_id[asked].steps]
    return tuple(dict.fromkeys(found))


def _not_here(view: View, standings: Sequence[Standing]) -> list[Message]:
    """What the place that was asked about does not serve."""
    elsewhere = [standing.step.id for standing in standings if not standing.served]
    if not elsewhere or not view.place:
        return []
    return [say("status.not_here", place=view.place_name(view.place), steps=names(view, elsewhere))]


def _headline(view: View, standings: Sequence[Standing], *, over: bool) -> list[Message]:
    """The answer itself, first."""
    when = "closed" if over else "today"
    if len(standings) == 1:
        return _single(view, standings[0], when)
    name = _whole_service(view, standings)
    if name is None and _all_alike(standings):
        told = _here(view, short_names(view, standings), standings)
        return [_sentence(view, told, standings[0].best, _fresh_when(standings, when))]
    when = "closed" if _fresh_when(standings, when) == "stale" else when
    subject = _here(view, name or say("status.asked"), standings)
    return [_summary(subject, standings, when), *step_lines(view, standings)]


def _here(view: View, subject: Value, standings: Sequence[Standing]) -> Value:
    """With the place that was asked about, where there are others and it serves all of this."""
    if view.place in (None, view.catalogue.root.path) or not all(standing.served for standing in standings):
        return subject
    return say("status.at", step=subject, places=view.place_name(view.place or ""))


def _whole_service(view: View, standings: Sequence[Standing]) -> Message | None:
    """The service where the standings are the steps of one alone."""
    services = {standing.step.service for standing in standings}
    service = view.service(standings[0].step)
    return say("status.service", service=Words(service.name)) if len(services) == 1 else None


def _all_alike(standings: Sequence[Standing]) -> bool:
    first = look(standings[0].best)
    return all(standing.alike and look(standing.best) == first for standing in standings)


def _fresh_when(standings: Sequence[Standing], when: str) -> str:
    known = [cell for standing in standings for cell in standing.cells if cell.confirmed_at]
    return when if all(cell.fresh for cell in known) else "stale"


def _single(view: View, standing: Standing, when: str) -> list[Message]:
    name = Words(standing.step.name)
    when = _fresh_when([standing], when)
    if standing.alike:
        return [_sentence(view, _here(view, name, [standing]), standing.best, when)]
    there = [cell for cell in standing.cells if look(cell) == look(standing.best)]
    where = say("status.at", step=name, places=_places(view, there))
    return [_sentence(view, where, standing.best, when), *(counter_line(view, cell) for cell in standing.cells)]


def _places(view: View, cells: Sequence[Cell]) -> Listing:
    return Listing(tuple(view.place_name(cell.counter) for cell in cells))


def _sentence(view: View, subject: Value, cell: Cell, when: str) -> Message:
    """The state of one subject, or of several alike, as the sentence that answers."""
    said = state_word(view, cell)
    if said == "unknown":
        return say("status.unknown", step=Capital(subject))
    still = limited_note(cell)
    if said == "limited" and still:
        return say(f"status.limited_note.{when}", step=Capital(subject), note=still)
    return say(f"status.{said}.{when}", step=Capital(subject))


def state_word(view: View, cell: Cell) -> str:
    """The state of a whole sentence: "still" where an estimate has passed."""
    still = cell.state is State.UNAVAILABLE and overdue(view, cell)
    return "still" if still else state_of_line(cell)


def step_lines(view: View, standings: Sequence[Standing]) -> list[Message]:
    """Each step in a line, by its short name where all are of one service."""
    within = len({standing.step.service for standing in standings}) == 1 and len(standings) > 1
    return [line for standing in standings for line in _lines(view, standing, within=within)]


def _lines(view: View, standing: Standing, *, within: bool) -> list[Message]:
    """One line for a step; where its counters differ, one line for each."""
    name = Words(standing.step.short) if within else label(view, standing.step)
    if standing.alike:
        return [state_line(name, standing.best)]
    return [state_line(say("status.at", step=name, places=_places(view, [cell])), cell) for cell in standing.cells]


def counter_line(view: View, cell: Cell) -> Message:
    return state_line(view.place_name(cell.counter), cell)


def state_line(subject: Value, cell: Cell) -> Message:
    """Symbol, subject, state in few words."""
    still = limited_note(cell)
    if cell.state is State.LIMITED and still:
        return say("line.limited_note", subject=Capital(subject), note=still)
    return say(f"line.{state_of_line(cell)}", subject=Capital(subject))


def _summary(subject: Value, standings: Sequence[Standing], when: str) -> Message:
    """One sentence over several lines: all of them so, or only some."""
    states = [cell.state for standing in standings for cell in standing.cells]
    worst = next(
        state for state in (State.UNAVAILABLE, State.LIMITED, State.UNKNOWN, State.AVAILABLE) if state in states
    )
    how = "all" if all(state is worst for state in states) else "some"
    return say(f"summary.{how}_{worst}.{when}", subject=Capital(subject))
