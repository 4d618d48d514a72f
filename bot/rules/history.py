"""How every step stood through the opening hours of the last 90 days, told from reports and calendar."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain, pairwise

from bot.rules.board import DOWN, CellKey
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue, State
from bot.rules.chronicle import Chronicle, Course
from bot.rules.lengths import Length, Stretch, offered, stretches_between

DAYS = 90
_WORST_FIRST = (State.UNAVAILABLE, State.LIMITED, State.AVAILABLE, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class DayTold:
    """How much of one day's opening hours a step was in each state, in seconds; today's up to now."""

    date: date
    available: float = 0.0
    limited: float = 0.0
    unavailable: float = 0.0
    unknown: float = 0.0

    @property
    def open(self) -> float:
        """Seconds of opening; none on a day on which the office stays closed, nor before it opens today."""
        return self.available + self.limited + self.unavailable + self.unknown

    @property
    def worst(self) -> State | None:
        """The worst that the step came to; None where there were no opening hours."""
        return next((state for state in _WORST_FIRST if self.seconds(state)), None)

    @property
    def disrupted(self) -> float:
        """Which share of the opening hours the step was not fully there."""
        return (self.unavailable + self.limited) / self.open if self.open else 0.0

    def seconds(self, state: State) -> float:
        found: float = getattr(self, state.value)
        return found


@dataclass(frozen=True)
class Record:
    """One step through the last 90 days; at each counter whose days are the same."""

    days: tuple[DayTold, ...]  # the earliest first
    disruptions: tuple[Length, ...]  # each from going down to working again, also over nights and weekends

    @cached_property
    def known(self) -> bool:
        """Whether anybody reported anything in this time."""
        return any(day.worst not in (None, State.UNKNOWN) for day in self.days)

    @cached_property
    def disrupted_days(self) -> int:
        return sum(1 for day in self.days if day.worst in DOWN)

    @property
    def longest(self) -> Length | None:
        """The longest disruption by opening hours; None where there was none."""
        return max(self.disruptions, key=lambda one: (one.seconds, one.days), default=None)


def window(calendar: OfficeCalendar, now: datetime, place: str | None = None) -> tuple[date, ...]:
    """The days that are told of, today last."""
    today = calendar.today(now, place)
    return tuple(today - timedelta(days=back) for back in reversed(range(DAYS)))


class Openings:
    """The opening hours of one counter in the window, looked up once for all steps."""

    def __init__(self, calendar: OfficeCalendar, place: str, now: datetime) -> None:
        self.days = window(calendar, now, place)
        self._calendar, self._place = calendar, place
        self._stretches = tuple(stretches_between(calendar, place, self.days[0], now))

    def record(self, course: Course) -> Record:
        """How a step stood in them."""
        seconds: dict[date, dict[State, float]] = {day: {} for day in self.days}
        pieces = list(_pieces(self._stretches, course))
        for day, state, lasted in pieces:
            seconds[day][state] = seconds[day].get(state, 0.0) + lasted
        told = (DayTold(day, **{state.value: found[state] for state in found}) for day, found in seconds.items())
        return Record(tuple(told), tuple(self._disruptions(pieces)))

    def _disruptions(self, pieces: Iterable[tuple[date, State, float]]) -> Iterator[Length]:
        """Each row of pieces in which the step was down, without a moment of opening between at which it was not."""
        row: list[tuple[date, float]] = []
        for day, state, lasted in chain(pieces, [(self.days[-1], State.UNKNOWN, 0.0)]):
            if state in DOWN:
                row.append((day, lasted))
            elif row:
                touched = dict.fromkeys(day for day, _ in row)
                whole = offered(self._calendar, self._place, touched)
                yield Length(sum(lasted for _, lasted in row), len(touched), whole)
                row = []


def _pieces(stretches: Sequence[Stretch], course: Course) -> Iterator[tuple[date, State, float]]:
    """The opening hours cut where the state turned: day, state, seconds."""
    times = [at for at, _ in course]
    for one in stretches:
        first = bisect_right(times, one.begins) - 1
        last = bisect_right(times, one.ends)
        cuts = [one.begins, *times[first + 1 : last], one.ends]
        for index, (begins, ends) in enumerate(pairwise(cuts), first):
            if ends > begins:
                yield one.day, course[index][1] if index >= 0 else State.UNKNOWN, ends - begins


History = Mapping[CellKey, Record]
"""Every step at every counter that serves it, in the order of the catalogue."""


def history_of(
    chronicle: Chronicle, calendar: OfficeCalendar, catalogue: Catalogue, now: datetime, place: str | None = None
) -> History:
    """The last 90 days below a place; a step at a counter where nobody reported anything in them is left out."""
    counters = [counter.path for counter in catalogue.counters_under(place or catalogue.root.path)]
    courses = chronicle.courses(now, frozenset(counters))
    openings = {counter: Openings(calendar, counter, now) for counter in counters}
    told = {
        (step, counter): opened.record(courses[step, counter])
        for step in catalogue.steps
        for counter, opened in openings.items()
        if (step, counter) in courses
    }
    return {key: record for key, record in told.items() if record.known}
