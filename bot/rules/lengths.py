"""Lengths in opening hours: what an outage took from those who wanted to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.rules.calendar import OfficeCalendar


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of opening, in seconds since 1970; cut short where it is not over yet."""

    day: date
    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class Length:
    """How long something lasted by the opening hours that it touched."""

    seconds: float  # of opening
    days: int  # of opening that it touched
    offered: float  # seconds of opening that these days have altogether

    @property
    def whole_days(self) -> bool:
        """Whether it is better told in days: it took as much as such a day has."""
        return self.seconds * self.days >= self.offered


def stretches_between(calendar: OfficeCalendar, place: str, first: date, until: datetime) -> Iterator[Stretch]:
    """The opening hours of a counter from the morning of a day on, until a time."""
    day, last, end = first, calendar.today(until, place), until.timestamp()
    while day <= last:
        for begins, ends in calendar.stretches(place, day):
            if begins < until:
                yield Stretch(day, begins.timestamp(), min(ends.timestamp(), end))
        day += timedelta(days=1)


def offered(calendar: OfficeCalendar, place: str, days: Iterable[date]) -> float:
    """How many seconds a counter is open on these days, also on one that is not over yet."""
    return sum((ends - begins).total_seconds() for day in days for begins, ends in calendar.stretches(place, day))


def length_between(calendar: OfficeCalendar, place: str, begins: datetime, ends: datetime) -> Length:
    """How long a time was by the opening hours of a counter."""
    start, taken = begins.timestamp(), dict[date, float]()
    for one in stretches_between(calendar, place, calendar.today(begins, place), ends):
        if one.ends > start:
            taken[one.day] = taken.get(one.day, 0.0) + one.ends - max(one.begins, start)
    return Length(sum(taken.values()), len(taken), offered(calendar, place, taken))
