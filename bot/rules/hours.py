"""Opening hours as an office writes them: `senin-kamis = "08.00-15.00"`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from itertools import pairwise

from bot.rules.catalogue import Opening
from bot.rules.catalogue_tables import meant

_DAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = {name: number for names in (_DAYS, _ENGLISH) for number, name in enumerate(names)} | {"jum'at": 4}
_CLOSED = ("tutup", "closed")
_DASH = re.compile(r"\s*[-–]\s*")
_TIME = re.compile(r"(\d{1,2})[.:](\d{2})")


def week_of(hours: Mapping[str, object]) -> tuple[dict[int, tuple[Opening, ...]], tuple[tuple[str, str], ...]]:
    """The hours of each weekday that is named (empty: closed), with the faults as (key, what is wrong)."""
    week: dict[int, tuple[Opening, ...]] = {}
    faults: list[tuple[str, str]] = []
    for key, value in hours.items():
        try:
            days, openings = weekdays_of(key), openings_of(value)
        except ValueError as error:
            faults.append((key, str(error)))
            continue
        faults += [(key, f"{_DAYS[day]} is set twice; name each day once") for day in days if day in week]
        week.update(dict.fromkeys(days, openings))
    return week, tuple(faults)


def weekdays_of(key: str) -> tuple[int, ...]:
    """`senin-kamis` or `sabtu, minggu`, Monday 0; a fault is a ValueError that says what would be right."""
    days: list[int] = []
    for part in key.split(","):
        ends = [_weekday(name) for name in _DASH.split(part.strip())]
        if len(ends) > 2 or ends[0] > ends[-1]:
            raise ValueError(f'"{part.strip()}" is no stretch of days; write the earlier day first, as senin-kamis')
        days += range(ends[0], ends[-1] + 1)
    return tuple(days)


def openings_of(value: object) -> tuple[Opening, ...]:
    """`08.00-11.00, 13.30-15.00` in order, or `tutup`; a fault is a ValueError that says what would be right."""
    if not isinstance(value, str):
        raise ValueError('is no text; write hours in quotes, as "08.00-15.00"')
    if value.strip().casefold() in _CLOSED:
        return ()
    openings = tuple(_opening(part.strip()) for part in value.split(","))
    for earlier, later in pairwise(openings):
        if later.start <= earlier.end:
            raise ValueError(f'"{value}": a stretch begins before the one in front of it has ended; put them in order')
    return openings


def _weekday(name: str) -> int:
    number = _NUMBERS.get(name.casefold())
    if number is None:
        raise ValueError(f'"{name}" is no day of the week{meant(name.casefold(), _DAYS)}')
    return number


def _opening(part: str) -> Opening:
    ends = [_time(word, part) for word in _DASH.split(part)]
    if len(ends) != 2:
        raise ValueError(f'"{part}" has no beginning and end; write "08.00-15.00"')
    if ends[1] <= ends[0]:
        raise ValueError(f'"{part}" ends before it begins; write the earlier time first')
    return Opening(*ends)


def _time(word: str, part: str) -> time:
    match = _TIME.fullmatch(word)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(f'"{part}": "{word}" is no time; write "08.00-15.00"')
    return time(int(match[1]), int(match[2]))
