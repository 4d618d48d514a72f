"""Reads the times that staff type: "besok", "Senin", "3/2 14.00", "belum tahu"; never guesses."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import get_day_names, get_month_names

from bot.rules.reports import Moment

OfDay = Callable[[date], datetime]
"""The hour that a day alone means."""

UNKNOWN = ("belum tahu", "belum ada kepastian", "belum pasti")
_NEAR = {"hari ini": 0, "besok": 1, "lusa": 2, "kemarin": -1}
_CLOCK = re.compile(r"(?:^|\s)(?:pukul |jam )?(\d{1,2})[.:](\d{2})(?: (wita|wib|wit))?$")
_ZONES = {"wib": ZoneInfo("Asia/Jakarta"), "wita": ZoneInfo("Asia/Makassar"), "wit": ZoneInfo("Asia/Jayapura")}
_NUMERIC = re.compile(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?$")
_NAMED = re.compile(r"(\d{1,2}) ([a-z]+)(?: (\d{4}))?$")


class NotATimeError(ValueError):
    """The words name no time, or one that does not exist."""


def until(text: str, now: datetime, zone: tzinfo, closing: Callable[[date], datetime]) -> Moment:
    """A time ahead: a day without a year is the next such day; a day alone lasts until its closing."""
    day, clock = _split(text)
    theirs = (clock and clock.tzinfo) or zone
    today = now.astimezone(theirs).date()
    on = _day(day, today, forward=True) if day else today
    return Moment(datetime.combine(on, clock, theirs)) if clock else Moment(closing(on), whole_day=True)


def since(text: str, now: datetime, zone: tzinfo) -> Moment:
    """A time behind: a day without a year is the last such day, today included."""
    day, clock = _split(text)
    theirs = (clock and clock.tzinfo) or zone
    today = now.astimezone(theirs).date()
    on = _day(day, today, forward=False) if day else today
    return Moment(datetime.combine(on, clock or time(), theirs), whole_day=clock is None)


def _split(text: str) -> tuple[str, time | None]:
    """The words of the day, and the clock time at the end, by the time zone that stands behind it."""
    words = " ".join(text.lower().split())
    found = _CLOCK.search(words)
    if not found:
        if not words:
            raise NotATimeError(text)
        return words, None
    try:
        return words[: found.start()].strip(" ,"), time(int(found[1]), int(found[2]), tzinfo=_ZONES.get(found[3]))
    except ValueError as error:
        raise NotATimeError(text) from error


def _day(words: str, today: date, *, forward: bool) -> date:
    if words in _NEAR:
        return today + timedelta(_NEAR[words])
    if words in _weekdays():
        ahead = (_weekdays()[words] - today.weekday()) % 7
        return today + timedelta((ahead or 7) if forward else ahead - 7 if ahead else 0)
    if found := _NUMERIC.match(words):
        return _date(words, int(found[1]), int(found[2]), found[3], today, forward)
    if (found := _NAMED.match(words)) and found[2] in _months():
        return _date(words, int(found[1]), _months()[found[2]], found[3], today, forward)
    raise NotATimeError(words)


def _date(words: str, day: int, month: int, year: str | None, today: date, forward: bool) -> date:
    """The date, in the year that was said or else in the nearest one on the asked side of today."""
    step = 1 if forward else -1
    years = [int(year)] if year else [today.year + step * ahead for ahead in range(9)]
    for candidate in years:
        try:
            found = date(candidate, month, day)
        except ValueError:  # 29 February, in most years
            continue
        if year or (found >= today if forward else found <= today):
            return found
    raise NotATimeError(words)


@cache
def _weekdays() -> dict[str, int]:
    names = {name.lower(): day for day, name in get_day_names("wide", locale="id").items()}
    return {**names, "jum'at": names["jumat"], "ahad": names["minggu"]}


@cache
def _months() -> dict[str, int]:
    wide = {name.lower(): month for month, name in get_month_names("wide", locale="id").items()}
    brief = {name.lower(): month for month, name in get_month_names("abbreviated", locale="id").items()}
    return {**brief, **wide}
