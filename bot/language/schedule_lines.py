"""Reads one line of `/jadwal`: maintenance, a closure, other hours, Ramadan; never guesses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.language import when
from bot.language.messages import Message, say
from bot.language.report_line import LineRefusedError, ReportLines, Subject, cause_of
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import CalendarException, Catalogue, Opening
from bot.rules.hours import openings_of, weekdays_of
from bot.rules.reports import Assertion, Estimate, Moment

MAINTENANCE, SHUT, OPEN, RAMADAN = "pemeliharaan", "tutup", "buka", "ramadan"
_UNTIL = re.compile(r"\s+sampai\s+", re.IGNORECASE)
_AT = re.compile(r"\s+di\s+(.+)$", re.IGNORECASE)
_STRETCH = r"\d{1,2}[.:]\d{2}\s*[-–]\s*\d{1,2}[.:]\d{2}"
_HOURS = re.compile(rf"\s+((?:{_STRETCH})(?:\s*,\s*{_STRETCH})*)$")
_RELATIVE = ("hari ini", "besok", "lusa")


@dataclass(frozen=True, slots=True)
class Days:
    """Days that differ."""

    exceptions: tuple[CalendarException, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Maintenance to come."""

    assertions: tuple[Assertion, ...]


class ScheduleLines:
    """The grammar of `/jadwal` over one office's catalogue."""

    def __init__(self, catalogue: Catalogue, calendar: OfficeCalendar, reports: ReportLines) -> None:
        self._catalogue, self._calendar, self._reports = catalogue, calendar, reports

    def read(self, line: str, now: datetime) -> Days | Plan:
        """What a line enters; raises LineRefusedError, which says what would be right."""
        head, *parts = (part.strip() for part in line.split(";"))
        kind, _, rest = head.partition(" ")
        match kind.lower():
            case "tutup":
                return Days((self._closure(rest, parts, now),))
            case "buka":
                return Days((self._other_hours(rest, parts, now),))
            case "ramadan":
                return Days(self._ramadan(rest, parts, now))
            case _:
                return self._maintenance(head, parts, now)

    def _closure(self, text: str, parts: list[str], now: datetime) -> CalendarException:
        days, place = self._place(text)
        first, last = self._days(days, place, now)
        return CalendarException(first, last, (), _reason(parts), place)

    def _other_hours(self, text: str, parts: list[str], now: datetime) -> CalendarException:
        days, place = self._place(text)
        hours = _HOURS.search(days)
        if hours is None:
            raise _refused("no_hours")
        first, last = self._days(days[: hours.start()], place, now)
        return CalendarException(first, last, _openings(hours[1]), _reason(parts), place)

    def _ramadan(self, text: str, parts: list[str], now: datetime) -> tuple[CalendarException, ...]:
        """Other hours by weekday: they open no holiday."""
        days, place = self._place(text)
        first, last = self._days(days, place, now)
        if not parts:
            raise _refused("no_week")
        found = [_weekly(part) for part in parts]
        named = [day for weekdays, _ in found for day in weekdays]
        if len(set(named)) < len(named):
            raise _refused("day_twice")
        reason = {"id": RAMADAN.capitalize()}
        return tuple(CalendarException(first, last, hours, reason, place, weekdays) for weekdays, hours in found)

    def _maintenance(self, head: str, parts: list[str], now: datetime) -> Plan:
        """`<sasaran>[, …] [di <tempat>] pemeliharaan <dari> sampai <sampai>; <sebab>; kecuali …`"""
        first = head.partition(" ")[0].lower()
        if not head or first == MAINTENANCE:
            raise _refused("empty" if not head else "no_target")
        subject = self._reports.subject(head)
        word, _, times = subject.rest.partition(" ")
        if word.lower() != MAINTENANCE:
            raise _refused("not_maintenance", words=subject.rest or head)
        begins, until = self._stretch(times, subject, now)
        said = self._reports.planned(subject, parts)
        return Plan(tuple(said.assertion(where, begins.at, Estimate(until)) for where in subject.where))

    def _stretch(self, text: str, subject: Subject, now: datetime) -> tuple[Moment, Moment]:
        """From and until; a day alone is from its opening, and until its closing."""
        ends = _UNTIL.split(text)
        if len(ends) != 2:
            raise _refused("no_stretch")
        counter, zone = subject.counter, self._catalogue.zones.of(subject.where[0][1])
        begins = _time(ends[0], now, zone, lambda day: self._opens(counter, day))
        if begins.at <= now:
            raise LineRefusedError(say("schedule.line.begun", moment=begins), say("schedule.how"), zone=zone)
        near = any(ends[1].lower().startswith(word) for word in _RELATIVE)
        start = now if near else begins.at
        until = _time(ends[1], start, zone, lambda day: self._calendar.closing_of(counter, day))
        if until.at <= begins.at:
            raise _refused("ends_first")
        return begins, until

    def _opens(self, counter: str, day: date) -> datetime:
        reckoned = self._calendar.day_at(counter, day).reckoned
        return datetime.combine(day, reckoned[0].start if reckoned else time(0), self._catalogue.zones.of(counter))

    def _days(self, text: str, place: str | None, now: datetime) -> tuple[date, date]:
        """One day, or the first and the last of several, as they are at the place."""
        zone = self._catalogue.zones.of(place)
        ends = _UNTIL.split(text.strip())
        if len(ends) > 2 or not text.strip():
            raise _refused("no_days")
        first = _day(ends[0], now, zone)
        start = now if any(ends[-1].lower().startswith(word) for word in _RELATIVE) else _midnight(first, zone)
        last = _day(ends[1], start, zone) if len(ends) == 2 else first
        if last < first:
            raise _refused("last_first")
        return first, last

    def _place(self, text: str) -> tuple[str, str | None]:
        """What stands in front of `di <tempat>`, and the place; None: everywhere."""
        found = _AT.search(f" {text}")
        if found is None:
            return f" {text}", None
        return f" {text}"[: found.start()], self._reports.place(found[1]).path


def _day(text: str, now: datetime, zone: ZoneInfo) -> date:
    moment = _time(text, now, zone, lambda day: _midnight(day, zone))
    if not moment.whole_day:
        raise _refused("no_clock", words=text)
    return moment.at.astimezone(zone).date()


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _time(text: str, now: datetime, zone: ZoneInfo, of_day: when.OfDay) -> Moment:
    try:
        return when.until(text, now, zone, of_day)
    except when.NotATimeError:
        raise LineRefusedError(say("staff.line.unknown_time", words=text)) from None


def _refused(why: str, **params: str) -> LineRefusedError:
    said: Message = say(f"schedule.line.{why}", **params)
    return LineRefusedError(said, say("schedule.how"))


def _reason(parts: list[str]) -> dict[str, str]:
    """Why, in words for citizens: they read it behind "karena"."""
    reason = cause_of(parts[0]) if parts else None
    if reason is None or len(parts) > 1:
        raise _refused("no_reason" if len(parts) < 2 else "too_much", **({"words": parts[1]} if len(parts) > 1 else {}))
    return {"id": reason}


def _openings(text: str) -> tuple[Opening, ...]:
    try:
        return openings_of(text)
    except ValueError:
        raise _refused("bad_hours", words=text) from None


def _weekly(part: str) -> tuple[tuple[int, ...], tuple[Opening, ...]]:
    """`senin-kamis 08.00-15.00`"""
    hours = _HOURS.search(part)
    if hours is None:
        raise _refused("no_week")
    try:
        return weekdays_of(part[: hours.start()]), _openings(hours[1])
    except ValueError:
        raise _refused("bad_week", words=part) from None
