"""What an answer looks at: the board of one time, at the counters that were asked about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.language.messages import Answer, Listing, Message, Value, Words, say
from bot.rules.board import Board, Cell, Fact, Hold
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue, Contact, Place, Service, State, Step
from bot.rules.place_tree import upwards
from bot.rules.usual import Usual

_BEST_FIRST = (State.AVAILABLE, State.LIMITED, State.UNAVAILABLE, State.UNKNOWN)
_KNOWN_CONTACTS = frozenset({"phone", "whatsapp", "email", "web", "instagram", "facebook", "telegram", "sms"})


@dataclass(frozen=True)
class View:
    """The office as one chat sees it now."""

    catalogue: Catalogue
    calendar: OfficeCalendar
    board: Board
    now: datetime
    place: str | None = None  # the place that was asked about; None: everywhere
    usual: Mapping[str, Usual] = field(default_factory=dict)  # how long outages last, by what failed often enough
    names: Catalogue | None = None  # that knows the places beyond this view's, where there are any

    @cached_property
    def counters(self) -> tuple[Place, ...]:
        """The counters at or below the place that was asked about."""
        return self.catalogue.counters_under(self.place or self.catalogue.root.path)

    @cached_property
    def zone(self) -> ZoneInfo:
        """In which its times are told: that of the place that was asked about, else the office's."""
        return self.catalogue.zones.of(self.place)

    @cached_property
    def today(self) -> date:
        """The date there."""
        return self.now.astimezone(self.zone).date()

    def clocked(self, told: Answer) -> Answer:
        """An answer with the time zone of this view, where it has none."""
        return in_zone(told, self.catalogue, self.place)

    @cached_property
    def nowhere(self) -> bool:
        """Whether it must be asked first which of many offices is meant."""
        tree = self.catalogue.tree
        return tree.many and (self.place is None or tree.office_of(self.place) is None)

    @property
    def tapped(self) -> str | None:
        """The place as callback data carries it, which has little room."""
        many = self.place and self.catalogue.tree.many
        return self.catalogue.place_word(self.place) if self.place and many else self.place

    @property
    def office_name(self) -> Words:
        """Who is asked: of many offices the one that is meant, by its counter where it has no other."""
        if not self.catalogue.tree.many or self.place is None:
            return Words(self.catalogue.office.name)
        one = self.counters[0] if len(self.counters) == 1 else self.catalogue.places_by_path[self.place]
        return Words(one.name)

    def standing(self, step_id: str) -> Standing:
        """How one step stands at these counters; where none serves it, at all that do, unless they are many offices."""
        here = self._cells(step_id, self.counters)
        cells = here or self._cells(step_id, () if self.catalogue.tree.many else self.catalogue.counters)
        step = self.catalogue.steps[step_id]
        return Standing(step, cells or (Cell(step_id, self.counters[0].path, State.UNKNOWN),), served=bool(here))

    def _cells(self, step_id: str, counters: Sequence[Place]) -> tuple[Cell, ...]:
        found = (self.board.cells.get((step_id, counter.path)) for counter in counters)
        return tuple(cell for cell in found if cell)

    def service(self, step: Step) -> Service:
        return self.catalogue.services_by_id[step.service]

    def place_name(self, path: str) -> Words:
        place = (self.names or self.catalogue).places_by_path.get(path)
        return Words(place.name if place else {"id": path.rpartition("/")[2]})  # the catalogue no longer has it


def in_zone(told: Answer, catalogue: Catalogue, place: str | None = None) -> Answer:
    """An answer with the time zone of a place, where it has none; where all places keep the same it needs none."""
    return told if told.zone or not catalogue.zones.many else replace(told, zone=catalogue.zones.of(place))


@dataclass(frozen=True)
class Standing:
    """One step at the counters of a view."""

    step: Step
    cells: tuple[Cell, ...]
    served: bool = True  # whether any counter of the view serves it

    @cached_property
    def alike(self) -> bool:
        """Whether a citizen would read the same at every counter."""
        return len({look(cell) for cell in self.cells}) == 1

    @cached_property
    def best(self) -> Cell:
        """The cell at the counter where one would go."""
        return min(self.cells, key=lambda cell: (_BEST_FIRST.index(cell.state), cell.settling))

    @property
    def state(self) -> State:
        return self.best.state

    @property
    def works(self) -> bool:
        return self.state in (State.AVAILABLE, State.LIMITED)


def standings_of(view: View, steps: Iterable[str]) -> tuple[Standing, ...]:
    """How several steps stand."""
    return tuple(view.standing(step) for step in steps)


def holds(cell: Cell) -> tuple[Hold, ...]:
    """What makes the cell's state: a limiting hold says nothing where another stops the step."""
    return tuple(hold for hold in cell.holds if hold.state is cell.state)


def limited_note(cell: Cell) -> Words | None:
    """What still goes on at a limited step."""
    return next((Words(hold.note) for hold in holds(cell) if hold.note), None)


def look(cell: Cell) -> tuple[State, bool, str]:
    """What a citizen reads of a cell in one line."""
    still = limited_note(cell)
    return cell.state, cell.settling, still.text["id"] if still else ""


def state_of_line(cell: Cell) -> str:
    """The state as message ids spell it: to citizens, just back is a state of its own."""
    return "settling" if cell.settling and cell.state is State.AVAILABLE else cell.state.value


def passed(fact: Fact, now: datetime) -> bool:
    """Whether the estimate has passed."""
    return bool(fact.estimate and fact.estimate.until and fact.estimate.until.at <= now)


def contact(view: View) -> Message | None:
    """How to reach the office, most convenient first; None where nothing is set."""
    if view.catalogue.tree.many:
        ways = _nearest_contacts(view) or view.catalogue.office.contacts
    else:
        own = tuple(way for counter in view.counters for way in counter.contacts)
        ways = view.catalogue.office.contacts or own or view.catalogue.main_counter.contacts
    return way_to_reach(ways[0]) if ways else None


def _nearest_contacts(view: View) -> tuple[Contact, ...]:
    """Of many offices those of the one that was asked about: its counters', else its own, else a territory's above."""
    if view.nowhere or view.place is None:
        return ()
    own = tuple(way for counter in view.counters for way in counter.contacts)
    above = (view.catalogue.places_by_path[path].contacts for path in upwards(view.place))
    return own or next(filter(None, above), ())


def way_to_reach(way: Contact) -> Message:
    if way.kind in _KNOWN_CONTACTS:
        return say(f"contact.{way.kind}", value=way.value)
    return say("contact.other", kind=way.kind, value=way.value)


def label(view: View, step: Step) -> Value:
    """How a step is called in a list that is not of its own service alone."""
    service = view.service(step)
    return Words(service.short if len(service.steps) == 1 else step.name)


def names(view: View, steps: Iterable[str]) -> Listing:
    """Steps in a sentence; a service of which all are meant goes by its own name."""
    wanted = dict.fromkeys(steps)
    found: dict[str, Value] = {}
    for step_id in wanted:
        step = view.catalogue.steps[step_id]
        service = view.service(step)
        whole = all(other.id in wanted for other in service.steps)
        found.setdefault(service.id if whole else step_id, Words(service.name if whole else step.name))
    return Listing(tuple(found.values()))
