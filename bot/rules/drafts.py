"""A report that a staff member puts together by taps: what is asked, and what it asserts in the end."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.rules.board import DOWN, Board, Fact, steps_of
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue, State
from bot.rules.reports import Assertion, Author, Estimate, Moment

DRAFT_LASTS = timedelta(hours=1)
WORDS_AWAITED = timedelta(minutes=10)  # later words are a question like anybody's
MOST_PLACES = 40  # Telegram takes 100 buttons; an office with more counters names others in a line


class Screen(enum.StrEnum):
    """What the message shows."""

    HOME = "home"  # the board, and what is likely today
    RETURNS = "returns"  # what is down
    TARGETS = "targets"
    STEPS = "steps"  # of one service
    STATE = "state"
    SPARES = "spares"
    CAUSE = "cause"
    CAUSE_WORDS = "cause_words"  # the next message is the cause
    ESTIMATE = "estimate"
    CALENDAR = "calendar"
    PLACE = "place"
    LINES = "lines"  # the next message is the report
    REVIEW = "review"  # what was chosen, each part to be changed
    PREVIEW = "preview"
    DONE = "done"  # nothing acts any more


QUESTIONS = (Screen.STATE, Screen.SPARES, Screen.CAUSE, Screen.ESTIMATE, Screen.PLACE)
"""What is asked about a target, in this order, as far as it applies."""

WAITING = (Screen.CAUSE_WORDS, Screen.LINES)
"""Screens on which the next message is taken."""


class OfferKind(enum.StrEnum):
    """What a button of the first screen stands for."""

    RETURN = "return"  # it is well again
    CHANGE = "change"  # it is still down: something else is new
    AGAIN = "again"  # what was reported last
    OUTAGE = "outage"  # a usual one
    NORMAL = "normal"  # everything is well


@dataclass(frozen=True, slots=True)
class Entry:
    """What was chosen so far. What is None keeps what stands."""

    targets: tuple[str, ...] = ()  # one resource, or steps
    place: str | None = None  # None: where it usually holds
    state: State | None = None
    spares: frozenset[str] | None = None
    cause: str | None = None
    until: date | None = None
    unsure: bool = False  # nobody can say until when
    answered: frozenset[Screen] = frozenset()
    ready: tuple[Assertion, ...] = ()  # a whole report, of which nothing is asked


@dataclass(frozen=True, slots=True)
class Offer:
    """One button of the first screen: a tap, and all of it is chosen."""

    kind: OfferKind
    entry: Entry


@dataclass(frozen=True, slots=True)
class Draft:
    """One message on which a report is put together; each change is a turn, and buttons of an earlier one are dead."""

    chat: int
    message: int
    by: Author
    at: datetime  # of the latest turn
    screen: Screen = Screen.HOME
    turn: int = 1
    entry: Entry = field(default_factory=Entry)
    offers: tuple[Offer, ...] = ()
    service: str | None = None  # whose steps are shown
    month: date | None = None  # its first day, in the calendar

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a Draft needs an aware time")


def questions(catalogue: Catalogue, entry: Entry) -> tuple[Screen, ...]:
    """What is to be asked about these targets in this state."""
    if entry.ready:
        return ()
    down = entry.state in DOWN
    applies = {
        Screen.STATE: True,
        Screen.SPARES: down and len(followers(catalogue, entry)) > 1,
        Screen.CAUSE: down,
        Screen.ESTIMATE: down,
        Screen.PLACE: len(places(catalogue, entry)) > 1,
    }
    return tuple(question for question in QUESTIONS if applies[question])


def followers(catalogue: Catalogue, entry: Entry) -> tuple[str, ...]:
    """The steps that follow a resource when it fails."""
    resources = [target for target in entry.targets if target in catalogue.resources_by_id]
    return tuple(step.id for resource in resources for step in steps_of(catalogue, resource))


def places(catalogue: Catalogue, entry: Entry) -> tuple[str, ...]:
    """Where it may hold: each counter that serves it, and all of them; of many offices what lies below a territory."""
    if catalogue.tree.many:
        above = _territory(catalogue, entry)
        return (*catalogue.tree.below[above][:MOST_PLACES], above)
    steps = [step for step in entry.targets if step in catalogue.steps]
    counters = [
        counter.path
        for counter in catalogue.counters
        if counter.steps is None or all(step in counter.steps for step in steps)
    ]
    return (*counters[:MOST_PLACES], catalogue.root.path) if len(counters) > 1 else tuple(counters)


def leads_down(catalogue: Catalogue, entry: Entry, path: str) -> bool:
    """Whether this place is a territory whose own offices are shown next, rather than the answer."""
    return catalogue.tree.many and path != _territory(catalogue, entry) and catalogue.tree.office_of(path) is None


def leads_up(catalogue: Catalogue, entry: Entry) -> bool:
    """Whether the places that are shown are part of the whole."""
    return catalogue.tree.many and _territory(catalogue, entry) != catalogue.root.path


def looking_in(entry: Entry, territory: str) -> Entry:
    """What lies below a territory is shown; where it holds is to be asked still."""
    return replace(entry, place=territory, answered=entry.answered - {Screen.PLACE})


def _territory(catalogue: Catalogue, entry: Entry) -> str:
    """Whose places are shown: of the whole first, and from an office again."""
    chosen = entry.place
    return chosen if chosen and catalogue.tree.office_of(chosen) is None else catalogue.root.path


def causes(catalogue: Catalogue, entry: Entry) -> tuple[str, ...]:
    """Ready causes: all of a resource; of a step the first of each resource that it needs."""
    found: list[str] = []
    for target in entry.targets:
        if target in catalogue.resources_by_id:
            found += catalogue.resources_by_id[target].causes
        else:
            needs = (catalogue.resources_by_id[need.resource] for need in catalogue.steps[target].needs)
            found += [resource.causes[0] for resource in needs if resource.causes]
    return tuple(dict.fromkeys(found))


def standing(board: Board, entry: Entry) -> Fact | None:
    """The outage that goes on of these targets: what is not said anew keeps what it said."""
    return next((fact for fact in board.facts if fact.down and fact.target in entry.targets), None)


def following(catalogue: Catalogue, entry: Entry) -> Screen:
    """The first question that is open; the preview where none is."""
    open_ = (question for question in questions(catalogue, entry) if question not in entry.answered)
    return next(open_, Screen.PREVIEW)


def answered(catalogue: Catalogue, draft: Draft, question: Screen, entry: Entry) -> Draft:
    """With the answer to one question in its entry: the next question, or the preview."""
    entry = replace(entry, answered=entry.answered | {question})
    return replace(draft, entry=entry, screen=following(catalogue, entry))


def with_cause(catalogue: Catalogue, draft: Draft, cause: str | None) -> Draft:
    """After the cause was chosen or written."""
    return answered(catalogue, draft, Screen.CAUSE, replace(draft.entry, cause=cause))


def with_report(draft: Draft, assertions: tuple[Assertion, ...]) -> Draft:
    """After a whole report was written."""
    return replace(draft, entry=Entry(ready=assertions), screen=Screen.PREVIEW)


def asked_again(draft: Draft) -> Draft:
    """Where the day of the estimate is over before the report is out."""
    entry = replace(draft.entry, until=None, answered=draft.entry.answered - {Screen.ESTIMATE})
    return replace(draft, entry=entry, screen=Screen.ESTIMATE)


def estimate(catalogue: Catalogue, calendar: OfficeCalendar, entry: Entry) -> Estimate | None:
    """Until when, as it was chosen; a day lasts until its closing."""
    if entry.until is None:
        return Estimate(None) if entry.unsure else None
    counter = (catalogue.counters_under(entry.place) if entry.place else ()) or (catalogue.main_counter,)
    return Estimate(Moment(calendar.closing_of(counter[0].path, entry.until), whole_day=True))


def assertions(catalogue: Catalogue, calendar: OfficeCalendar, entry: Entry) -> tuple[Assertion, ...]:
    """What the draft says in the end."""
    if entry.ready or entry.state is None:
        return entry.ready
    plain = Assertion("", "", entry.state)
    if entry.state in DOWN:
        plain = replace(plain, cause=entry.cause, estimate=estimate(catalogue, calendar, entry))
    spares = entry.spares if entry.state in DOWN and followers(catalogue, entry) else None
    return tuple(
        replace(plain, target=target, place=path, spares=spares)
        for target in entry.targets
        for path in catalogue.places_of(target, entry.place)
    )


def shut_day(catalogue: Catalogue, calendar: OfficeCalendar, said: Iterable[Assertion]) -> date | None:
    """A day until which something is expected to last although the office is shut on it."""
    for one in said:
        until = one.estimate.until if one.estimate else None
        if until and until.whole_day:
            counter = (*catalogue.counters_under(one.place), catalogue.main_counter)[0]
            day = until.at.astimezone(catalogue.zones.of(counter.path)).date()
            if calendar.openings(counter.path, day) == ():
                return day
    return None
