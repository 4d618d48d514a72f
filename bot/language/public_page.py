"""The public page before any markup: the headline, each service, maintenance, incidents; every word a message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.language.answers_board import short_names
from bot.language.incident_texts import affected, announcement_lines, in_short, title, update_lines, when
from bot.language.meanwhile import alternative_lines, freshness_lines, staff_notes, still_works, untouched_lines
from bot.language.messages import BLANK, Brief, Capital, Listing, Message, Value, Words, say
from bot.language.opening_hours import over_for_today, today_lines
from bot.language.outages import outage_lines, overdue
from bot.language.view import (
    Standing,
    View,
    contact,
    label,
    limited_note,
    standings_of,
    state_of_line,
)
from bot.rules.board import Cell
from bot.rules.catalogue import Service, State
from bot.rules.incidents import Incident, since

HISTORY = timedelta(days=90)
MOST_INCIDENTS = 10  # on the page; all of them stand in the feed
_MOST_UPDATES = 6
_MOST_CAUSES = 6  # lines, on a screen that nobody can scroll
_WORST_FIRST = ("unavailable", "mixed", "limited", "settling", "available", "unknown")
_STATES = (State.UNAVAILABLE, State.LIMITED, State.AVAILABLE, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Row:
    """A name with its state: a tone for the eye, a word for everybody."""

    tone: str
    name: Message
    word: Message


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """One service with its steps."""

    id: str
    tone: str
    name: Message
    word: Message
    rows: tuple[Row, ...]  # none for a service of one step at one place: its own word says it
    details: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class UpdateCard:
    """What one report said."""

    at: datetime
    when: Message
    lines: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class IncidentCard:
    """One outage or maintenance with what was said about it, the latest first."""

    number: str
    tone: str  # to_come, under_way, open, over
    title: Message
    word: Message
    when: Message
    affected: Message
    updates: tuple[UpdateCard, ...]


@dataclass(frozen=True, slots=True)
class PlaceLink:
    """A place that the page can be narrowed to; path None: everywhere."""

    path: str | None
    name: Message
    current: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the public page says."""

    tone: str
    headline: Message
    lead: tuple[Message, ...]
    hours: tuple[Message, ...]
    groups: tuple[Row, ...]
    causes: tuple[Message, ...]
    services: tuple[ServiceCard, ...]
    maintenance: tuple[IncidentCard, ...]
    incidents: tuple[IncidentCard, ...]
    left_out: int
    places: tuple[PlaceLink, ...]
    office: Message
    day: Message
    made: Message
    contact: Message
    example: bool


def page_of(view: View, all_incidents: Sequence[Incident]) -> Page:
    """The page of one moment."""
    standings = standings_of(view, view.catalogue.steps)
    hours = today_lines(view)
    closed = over_for_today(view)
    state = _headline(standings, "closed" if closed else "today")
    shown = since(all_incidents, view.now - HISTORY)
    recent = [one for one in shown if not one.planned or one.ended]
    planned = [one for one in all_incidents if one.planned and (one.to_come or one.under_way)]
    told = closed and len(hours) == 1  # closed today comes first, the outage still follows
    reach = contact(view)
    return Page(
        tone=_overall(standings),
        headline=hours[0] if told else state,
        lead=(state,) if told else (),
        hours=() if told else hours,
        groups=_groups(view, standings),
        causes=tuple(line for one in shown if one.under_way for line in in_short(view, one))[:_MOST_CAUSES],
        services=_services(view),
        maintenance=tuple(incident_card(view, one) for one in planned),
        incidents=tuple(incident_card(view, one) for one in recent[:MOST_INCIDENTS]),
        left_out=max(0, len(recent) - MOST_INCIDENTS),
        places=_places(view),
        office=name_of(view.office_name),
        day=say("page.day", day=view.today),
        made=say("page.made", at=Brief(view.now)),
        contact=say("page.contact", contact=reach) if reach else BLANK,
        example=view.catalogue.office.example,
    )


def name_of(words: Value) -> Message:
    """A name that stands by itself."""
    return say("page.name", name=Capital(words))


def _overall(standings: Sequence[Standing]) -> str:
    return next((str(state) for state in _STATES if any(one.state is state for one in standings)), "unknown")


def _headline(standings: Sequence[Standing], moment: str) -> Message:
    """The answer in one line: the worst that was reported, and whether it is all of it."""
    states = [one.state for one in standings]
    worst = next(state for state in _STATES if state in states)
    if worst is State.UNKNOWN:
        return say("page.headline.unknown")
    how = "all" if all(state is worst for state in states) else "some"
    return say(f"page.headline.{how}_{worst}.{moment}")


def _groups(view: View, standings: Sequence[Standing]) -> tuple[Row, ...]:
    """What works, what does not, each state once."""
    tones = {standing.step.id: _tone(standing) for standing in standings}
    rows = []
    for tone in _WORST_FIRST:
        group = [one for one in standings if tones[one.step.id] == tone]
        if group:
            told = (
                Listing(tuple(_by_place(view, one) for one in group)) if tone == "mixed" else short_names(view, group)
            )
            rows.append(Row(tone, name_of(told), state_message(tone)))
    return tuple(rows)


def _tone(standing: Standing) -> str:
    """The state, where it is the same at every counter that anybody spoke of."""
    if len({cell.state for cell in standing.cells} - {State.UNKNOWN}) > 1:
        return "mixed"
    return state_of_line(standing.best)


def state_message(tone: str) -> Message:
    """A state by its word."""
    return say(f"page.state.{tone}")


def _by_place(view: View, standing: Standing) -> Message:
    at = [say(f"board.at.{cell.state}", place=view.place_name(cell.counter)) for cell in standing.cells]
    return say("page.by_place", service=label(view, standing.step), counters=Listing(tuple(at)))


def _services(view: View) -> tuple[ServiceCard, ...]:
    """Each service, those in trouble first."""
    cards = [service_card(view, service) for service in view.catalogue.services]
    return tuple(sorted(cards, key=lambda card: _WORST_FIRST.index(card.tone)))


def service_card(view: View, service: Service) -> ServiceCard:
    """One service with its steps, why, until when, what still works, how fresh the word is."""
    standings = standings_of(view, [step.id for step in service.steps])
    tone = service_tone(standings)
    single = len(standings) == 1 and standings[0].alike
    rows = () if single else tuple(row for one in standings for row in _rows(view, one, named=len(standings) > 1))
    word = _word(view, standings[0].best) if single else _service_word(standings, tone)
    name = name_of(Words(service.name))
    return ServiceCard(service.id, tone, name, word, rows, tuple(_details(view, standings)))


def service_tone(standings: Sequence[Standing]) -> str:
    """The worst of its steps."""
    tones = [_tone(standing) for standing in standings]
    return next(tone for tone in _WORST_FIRST if tone in tones)


def _service_word(standings: Sequence[Standing], tone: str) -> Message:
    """The state of several steps in a few words."""
    partly = any(_tone(one) != tone for one in standings) and tone in ("unavailable", "limited", "available")
    return state_message(f"partly_{tone}" if partly else tone)


def service_word(view: View, service: Service) -> tuple[str, Message]:
    """Tone and word of one service, for a badge."""
    standings = standings_of(view, [step.id for step in service.steps])
    tone = service_tone(standings)
    return tone, _service_word(standings, tone)


def _rows(view: View, standing: Standing, *, named: bool) -> Iterable[Row]:
    """One row for a step; where its counters differ, one for each."""
    name = Words(standing.step.short)
    if standing.alike:
        return (Row(_tone(standing), name_of(name), _word(view, standing.best)),)
    return tuple(_place_row(view, name if named else None, cell) for cell in standing.cells)


def _place_row(view: View, name: Words | None, cell: Cell) -> Row:
    place = view.place_name(cell.counter)
    told = name_of(say("page.step_at", step=name, place=place) if name else place)
    return Row(state_of_line(cell), told, _word(view, cell))


def _word(view: View, cell: Cell) -> Message:
    still = limited_note(cell)
    if cell.state is State.LIMITED and still:
        return say("page.state.limited_note", note=still)
    late = cell.state is State.UNAVAILABLE and overdue(view, cell)
    return state_message("still" if late else state_of_line(cell))


def _details(view: View, standings: Sequence[Standing]) -> list[Message]:
    """What stands under the states; silence is told by them."""
    if all(standing.state is State.UNKNOWN for standing in standings):
        return untouched_lines(view, standings)
    lines = [
        *staff_notes(standings),
        *outage_lines(view, standings),
        *still_works(view, standings),
        *untouched_lines(view, standings),
        *alternative_lines(view, standings),
        *freshness_lines(view, standings),
    ]
    return [line for line in lines if line.id != "confirmed.ask"]  # the foot of the page says whom to ask


def incident_card(view: View, incident: Incident) -> IncidentCard:
    """One incident as the page shows it."""
    if incident.to_come:
        state = "to_come"
    elif incident.under_way:
        state = "under_way" if incident.planned else "open"
    else:
        state = "over"
    said = [(update.at, update_lines(view, update)) for update in incident.updates[::-1][:_MOST_UPDATES]]
    if incident.to_come and incident.announced_at:
        said = [(incident.announced_at, announcement_lines(incident))]
    updates = tuple(UpdateCard(at, say("page.update.at", at=Brief(at)), tuple(lines)) for at, lines in said if lines)
    return IncidentCard(
        number=incident_number(incident),
        tone=state,
        title=title(view, incident),
        word=say(f"page.incident.state.{state}"),
        when=when(incident),
        affected=affected(view, incident) or BLANK,
        updates=updates,
    )


def incident_number(incident: Incident) -> str:
    """What an incident is called by machines, for ever the same."""
    number, begins = incident.id
    return str(number) if begins is None else f"{number}-{int(begins.timestamp())}"


def _places(view: View) -> tuple[PlaceLink, ...]:
    """The counters to choose from, where several are spoken of; of many offices only this one's, and the way back."""
    tree, spoken_of = view.catalogue.tree, {counter for _, counter in view.board.cells}
    office = tree.office_of(view.place) if tree.many and view.place else None
    here = view.catalogue.counters_under(office) if office else view.catalogue.counters
    counters = [one for one in here if one.path in spoken_of]
    if len(counters) < 2 and not tree.many:
        return ()
    everywhere = PlaceLink(None, say("page.everywhere"), view.place is None)
    shown = counters if len(counters) > 1 else []
    return everywhere, *(PlaceLink(one.path, name_of(Words(one.name)), view.place == one.path) for one in shown)
