"""The office, its places and the days that differ, from a catalogue's tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.rules.catalogue import CalendarException, Contact, Office, Opening, Place, Week
from bot.rules.catalogue_tables import ID, ID_RULE, Table, meant
from bot.rules.hours import openings_of, week_of, weekdays_of

_ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
_UTC = ZoneInfo("UTC")
_Stretch = tuple[tuple[Opening, ...], tuple[int, ...] | None]


def office_of(top: Table) -> Office:
    table = top.table("office")
    if table is None:
        if not top.has("office"):
            top.fault("office", "missing; write [office] with name and timezone below")
        return Office({"id": ""}, _UTC)
    holidays = table.flag("national_holidays")
    office = Office(
        name=table.needed_text("name"),
        timezone=_zone(table),
        contacts=_contacts(table),
        complaint=table.text("complaint"),
        late_fine=table.text("late_fine"),
        example=table.flag("example") or False,
        open_on_joint_leave=table.flag("open_on_joint_leave") or False,
        national_holidays=True if holidays is None else holidays,
    )
    table.done()
    return office


def places_of(top: Table) -> tuple[Place, ...]:
    return tuple(_place(table) for table in top.tables("places", "path"))


def exceptions_of(top: Table) -> tuple[CalendarException, ...]:
    return tuple(one for table in top.tables("exceptions") for one in _exceptions(table))


def _zone(table: Table) -> ZoneInfo:
    name = table.needed_word("timezone", '"Asia/Jakarta"')
    return (_called(name, table) if name else None) or _UTC


def _own_zone(table: Table) -> ZoneInfo | None:
    """Of a place that lies in another zone than the office or the place above it."""
    name = table.word("timezone")
    return _called(name, table) if name else None


def _called(name: str, table: Table) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last for names that are a folder
        table.fault("timezone", f'"{name}" is no time zone{meant(name, _ZONES)}')
        return None


def _contacts(table: Table) -> tuple[Contact, ...]:
    """Ways to reach people, by kind."""
    inner = table.table("contacts")
    if inner is None:
        return ()
    return tuple(Contact(kind, value) for kind in inner.entries() for value in inner.words(kind))


def _place(table: Table) -> Place:
    place = Place(
        path=_path(table),
        name=table.needed_text("name"),
        aliases=table.folded("aliases"),
        address=table.word("address"),
        map_url=_url(table),
        contacts=_contacts(table),
        hours=_hours(table),
        steps=table.words("steps") if table.has("steps") else None,
        main=table.flag("main") or False,
        timezone=_own_zone(table),
    )
    table.done()
    return place


def _path(table: Table) -> str:
    path = table.needed_word("path", '"kota/kantor"')
    if path and not all(ID.fullmatch(part) for part in path.split("/")):
        table.fault("path", f'"{path}" is no path; write parts of {ID_RULE} with / between them, as "kota/kantor"')
    return path


def _url(table: Table) -> str | None:
    url = table.word("map_url")
    if url and not url.startswith(("https://", "http://")):
        table.fault("map_url", f'"{url}" is no address; write "https://…"')
    return url


def _hours(table: Table) -> Week | None:
    inner = table.table("hours")
    if inner is None:
        return None
    week = _weekly(inner)
    if week is not None and not any(week.values()):
        table.fault("hours", 'no day is open; write senin-kamis = "08.00-15.00", or leave hours out')
    return {day: openings for day, openings in sorted((week or {}).items()) if openings}


def _weekly(inner: Table) -> dict[int, tuple[Opening, ...]] | None:
    """Hours by weekday; None where any of them is wrong."""
    week, faults = week_of(inner.entries())
    for key, what in faults:
        inner.fault(key, what)
    return None if faults else week


def _exceptions(table: Table) -> list[CalendarException]:
    """One exception for each set of hours: Ramadan's Fridays differ from its other days."""
    first, last = _stretch(table)
    reason, place = table.needed_text("reason"), table.word("place")
    hours = _exceptional_hours(table)
    table.done()
    return [CalendarException(first, last, openings, reason, place, days) for openings, days in hours]


def _stretch(table: Table) -> tuple[date, date]:
    """`date` for a single day, `first` and `last` for several."""
    only, first, last = table.date("date"), table.date("first"), table.date("last")
    ends = [key for key in ("first", "last") if table.has(key)]
    if table.has("date") and ends:
        table.fault("date", "stands beside first or last; write date alone, or first and last")
    elif not table.has("date") and len(ends) < 2:
        table.fault("date", "missing; write date = 2026-12-31, or first and last")
    elif first and last and last < first:
        table.fault("last", f"{last} is before {first}; write the earlier date first")
    return first or only or date.max, last or only or date.max


def _exceptional_hours(table: Table) -> list[_Stretch]:
    """The openings (empty: closed), each with the weekdays that it is for (None: every day)."""
    closed, hours, weekdays = table.flag("closed"), table.value("hours"), _weekdays(table)
    if (closed is True) == (hours is not None):
        table.fault("hours", 'write either closed = true, or hours = "08.00-12.00"')
        return []
    if hours is None:
        return [((), weekdays)]
    if isinstance(hours, Mapping):
        return _by_weekday(table, table.inner("hours", hours))
    try:
        return [(openings_of(hours), weekdays)]
    except ValueError as error:
        table.fault("hours", str(error))
        return []


def _by_weekday(table: Table, inner: Table) -> list[_Stretch]:
    if table.has("weekdays"):
        table.fault("weekdays", "stands beside hours by weekday; leave it out")
    week = _weekly(inner) or {}
    kinds = dict.fromkeys(week.values())
    return [(openings, tuple(day for day in sorted(week) if week[day] == openings)) for openings in kinds]


def _weekdays(table: Table) -> tuple[int, ...] | None:
    words = table.word("weekdays")
    try:
        return weekdays_of(words) if words else None
    except ValueError as error:
        table.fault("weekdays", str(error))
        return None
