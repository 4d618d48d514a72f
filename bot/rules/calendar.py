"""When the office is open: hours, weekends, national holidays, cuti bersama and the office's own exceptions."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from bot.rules.catalogue import CalendarException, Catalogue, Opening, Text, Week
from bot.rules.place_tree import upwards
from bot.rules.zones import Zones

RECKONED = Opening(time(7, 30), time(16, 0))
"""What is reckoned with where hours are unset, and never shown: civil servants start at 07.30 (Perpres 21/2023)."""

_WORKING_DAYS: Week = dict.fromkeys(range(5), (RECKONED,))
_SEARCH = 400  # days to look ahead or back for an opening: longer than any closure
_ESTIMATED = re.compile(r"\s*\((?:perkiraan|estimated)\)")
_LANGUAGES = {"id": "id", "en": "en_US"}


class ClosureKind(enum.StrEnum):
    """Why a day is closed."""

    WEEKEND = "weekend"  # a day of the week on which the office never opens
    HOLIDAY = "holiday"
    JOINT_LEAVE = "joint_leave"  # cuti bersama
    EXCEPTION = "exception"  # the office said so


@dataclass(frozen=True, slots=True)
class Closure:
    """Why a day is closed, with the name of the holiday or the office's reason; a weekend's name is empty."""

    kind: ClosureKind
    name: Text
    estimate: bool = False  # the date is not decreed yet ("perkiraan")


_WEEKEND = Closure(ClosureKind.WEEKEND, {"id": ""})


@dataclass(frozen=True, slots=True)
class Day:
    """One day at one place."""

    date: date
    openings: tuple[Opening, ...] | None  # None: open, at hours that nobody has set
    reason: Closure | None = None  # why it is closed
    note: Text | None = None  # why it is open at other hours than usual

    @property
    def closed(self) -> bool:
        return self.openings == ()

    @property
    def reckoned(self) -> tuple[Opening, ...]:
        """The openings to reckon with, also where hours are unset."""
        return (RECKONED,) if self.openings is None else self.openings


class OfficeCalendar:
    """Opening hours of every place; times come and go in the zone of that place, a naive one is taken to be in it."""

    def __init__(self, catalogue: Catalogue, scheduled: Sequence[CalendarException] = ()) -> None:
        self._catalogue = catalogue
        self._office = catalogue.office
        self._hours = {path: _hours_of(path, catalogue) for path in catalogue.places_by_path}
        self._zone_of = catalogue.zones.of
        self._weeks = _numbered(self._hours, catalogue.zones)
        self.takes(scheduled)

    def takes(self, scheduled: Sequence[CalendarException]) -> None:
        """From now on with what staff scheduled, which goes before the catalogue's.

        One calendar goes through the whole house: who holds it sees the change at once.
        """
        known = (*self._catalogue.exceptions, *scheduled)
        by_place = _by_place(known)
        listed = {path: _listed_for(path, by_place) for path in self._catalogue.places_by_path}
        self._exceptions = {path: tuple(known[number] for number in numbers) for path, numbers in listed.items()}
        first: dict[tuple[int, tuple[int, ...]], str] = {}
        self._like = {path: first.setdefault((self._weeks[path], listed[path]), path) for path in listed}

    def supposing(self, scheduled: Sequence[CalendarException]) -> OfficeCalendar:
        """Another calendar, with this scheduled and nothing else."""
        return OfficeCalendar(self._catalogue, scheduled)

    def like(self, place: str) -> str:
        """A place that keeps the same days, one and the same for all that do."""
        return self._like[place]

    def today(self, now: datetime, place: str | None = None) -> date:
        """The date at a place; else the office's."""
        return self._local(now, place).date()

    def day_at(self, place: str, day: date) -> Day:
        """The openings of a day, or why there are none.

        An exception for whole days wins over everything. Other hours for certain weekdays (Ramadan) replace the usual
        ones, but do not open a holiday.
        """
        fitting = [one for one in self._exceptions[place] if one.first <= day <= one.last]
        if (whole := _last_of(fitting, None)) is not None:
            return _excepted(day, whole)
        if (holiday := self._holiday(day)) is not None:
            return Day(day, (), holiday)
        if (weekly := _last_of(fitting, day.weekday())) is not None:
            return _excepted(day, weekly)
        return self._usual(place, day)

    def openings(self, place: str, day: date) -> tuple[Opening, ...] | None:
        """The openings of a day: empty where closed, None where it is open at hours that nobody has set."""
        return self.day_at(place, day).openings

    def is_open(self, place: str, now: datetime) -> bool:
        """Whether the counter is open; with unset hours, whether it is so by reckoning."""
        return self._current(place, now) is not None

    def closes_at(self, place: str, now: datetime) -> datetime | None:
        """When the present stretch of opening ends; None where closed, or where hours are unset."""
        if self.openings(place, self.today(now, place)) is None:
            return None
        current = self._current(place, now)
        return current[1] if current else None

    def next_opening(self, place: str, now: datetime) -> datetime | None:
        """The opening to come, or the present one (then it lies before `now`); None where none is in sight.

        With unset hours it is 07.30 of a working day: fit for reckoning and for naming the day, not for showing.
        """
        local = self._local(now, place)
        days = (local.date() + timedelta(days=ahead) for ahead in range(_SEARCH))
        stretches = (stretch for day in days for stretch in self.stretches(place, day))
        return next((start for start, end in stretches if local < end), None)

    def last_opening(self, place: str, now: datetime) -> datetime:
        """When the latest office day up to `now` began; a break at noon begins no new one.

        07.30 where hours are unset. Where the search finds no office day it is midnight of the earliest day searched.
        """
        local = self._local(now, place)
        for back in range(_SEARCH):
            first = next(self.stretches(place, local.date() - timedelta(days=back)), None)
            if first is not None and first[0] <= local:
                return first[0]
        return datetime.combine(local.date() - timedelta(days=_SEARCH), time(), local.tzinfo)

    def openings_before(self, now: datetime) -> Callable[[str], datetime]:
        """The last opening of any place, looked up once for those that keep the same days."""
        found: dict[str, datetime] = {}

        def opened(place: str) -> datetime:
            like = self.like(place)
            if like not in found:
                found[like] = self.last_opening(like, now)
            return found[like]

        return opened

    def opening_before_today(self, place: str, now: datetime) -> datetime:
        """When the office day before today began: who was told since then may be on the way now."""
        midnight = self._local(now, place).replace(hour=0, minute=0, second=0, microsecond=0)
        return self.last_opening(place, midnight - timedelta.resolution)

    def closing_of(self, place: str, day: date) -> datetime:
        """When a day ends there; 16.00 where hours are unset or the day is closed."""
        end = max((opening.end for opening in self.day_at(place, day).reckoned), default=RECKONED.end)
        return datetime.combine(day, end, self._zone_of(place))

    def _local(self, now: datetime, place: str | None) -> datetime:
        zone = self._zone_of(place)
        return now.replace(tzinfo=zone) if now.tzinfo is None else now.astimezone(zone)

    def _current(self, place: str, now: datetime) -> tuple[datetime, datetime] | None:
        local = self._local(now, place)
        stretches = self.stretches(place, local.date())
        return next((stretch for stretch in stretches if stretch[0] <= local < stretch[1]), None)

    def stretches(self, place: str, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The openings of a day as times, reckoned where hours are unset."""
        zone = self._zone_of(place)
        for opening in self.day_at(place, day).reckoned:
            yield datetime.combine(day, opening.start, zone), datetime.combine(day, opening.end, zone)

    def _holiday(self, day: date) -> Closure | None:
        if not self._office.national_holidays:
            return None
        closure = national_days(day.year).get(day)
        if closure and closure.kind is ClosureKind.JOINT_LEAVE and self._office.open_on_joint_leave:
            return None
        return closure

    def _usual(self, place: str, day: date) -> Day:
        week = self._hours[place]
        openings = (_WORKING_DAYS if week is None else week).get(day.weekday(), ())
        if not openings:
            return Day(day, (), _WEEKEND)
        return Day(day, None if week is None else openings)


@lru_cache(maxsize=16)
def national_days(year: int) -> Mapping[date, Closure]:
    """The national holidays and cuti bersama of a year, as far as the package knows it."""
    leave = _closures(year, "government", ClosureKind.JOINT_LEAVE)
    return leave | _closures(year, "public", ClosureKind.HOLIDAY)


def _closures(year: int, category: str, kind: ClosureKind) -> dict[date, Closure]:
    # Imported here because it takes 0.1 s, and much of what starts asks for no date.
    from holidays import country_holidays

    names = {
        language: country_holidays("ID", years=year, language=locale, categories=(category,))
        for language, locale in _LANGUAGES.items()
    }
    return {day: _closure(kind, {language: names[language][day] for language in names}) for day in names["id"]}


def _closure(kind: ClosureKind, name: Text) -> Closure:
    """The package marks a date that is not decreed yet at the end of its name."""
    plain = {language: _ESTIMATED.sub("", words) for language, words in name.items()}
    return Closure(kind, plain, estimate=plain != name)


def _hours_of(path: str, catalogue: Catalogue) -> Week | None:
    """The hours set at the place itself, or at the nearest place above."""
    above = (catalogue.places_by_path.get(place) for place in upwards(path))
    return next((place.hours for place in above if place and place.hours is not None), None)


def _numbered(hours: Mapping[str, Week | None], zones: Zones) -> dict[str, int]:
    """A number for each place, the same where the week and the time zone are."""
    numbers: dict[tuple[object, ...], int] = {}
    keys = {path: (zones.of(path), week and tuple(sorted(week.items()))) for path, week in hours.items()}
    return {path: numbers.setdefault(key, len(numbers)) for path, key in keys.items()}


def _by_place(known: Sequence[CalendarException]) -> Mapping[str | None, Sequence[int]]:
    """Where which exceptions were set, by their places in the list."""
    found: dict[str | None, list[int]] = {}
    for number, one in enumerate(known):
        found.setdefault(one.place, []).append(number)
    return found


def _listed_for(path: str, by_place: Mapping[str | None, Sequence[int]]) -> tuple[int, ...]:
    """Those of the place and of all above it, as they were listed: the last counts."""
    return tuple(sorted(number for place in (None, *upwards(path)) for number in by_place.get(place, ())))


def _last_of(exceptions: Sequence[CalendarException], weekday: int | None) -> CalendarException | None:
    """The exception that was listed last: for whole days (None), or for this weekday."""
    if weekday is None:
        wanted = [one for one in exceptions if one.weekdays is None]
    else:
        wanted = [one for one in exceptions if one.weekdays is not None and weekday in one.weekdays]
    return wanted[-1] if wanted else None


def _excepted(day: date, exception: CalendarException) -> Day:
    if exception.openings:
        return Day(day, exception.openings, note=exception.reason)
    return Day(day, (), Closure(ClosureKind.EXCEPTION, exception.reason))
