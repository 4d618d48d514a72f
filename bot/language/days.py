"""Finds the day and the hour that a question asks about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

_OFFSETS = {"besok": 1, "lusa": 2, "kemarin": -1, "sekarang": 0}
_WEEKDAYS = {
    "senin": 0, "selasa": 1, "rabu": 2, "kamis": 3, "jumat": 4, "sabtu": 5, "minggu": 6, "ahad": 6,
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
}  # fmt: skip
_MONTHS = (
    "januari", "februari", "maret", "april", "mei", "juni",
    "juli", "agustus", "september", "oktober", "november", "desember",
)  # fmt: skip
_DATE = re.compile(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}|\d{2}))?")
_CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?")
_FIRST_AFTERNOON, _LAST_AFTERNOON = 1, 6  # "jam 2" at an office is 14.00, "jam 7" is 07.00
_WORDS = {
    "satu": 1,
    "dua": 2,
    "tiga": 3,
    "empat": 4,
    "lima": 5,
    "enam": 6,
    "tujuh": 7,
    "delapan": 8,
    "sembilan": 9,
    "sepuluh": 10,
    "sebelas": 11,
}
WEEK = "pekan"
DAY_WORDS = frozenset(
    {*_OFFSETS, *_WEEKDAYS, *_MONTHS, *_WORDS, "setengah", "tanggal", "depan", "pagi", "siang", "sore", "malam"}
)


@dataclass(frozen=True, slots=True)
class DayAsked:
    """A day as it was said, at most one of `offset`, `weekday` and `day`, and a clock time where one was named."""

    offset: int | None = None  # days from today
    weekday: int | None = None  # Monday 0; the next such day, today included
    day: int | None = None
    month: int | None = None  # None: the next month in which that day comes
    year: int | None = None
    at: time | None = None

    def on(self, today: date) -> date | None:
        """The date that is meant; today where only an hour was named; None for a date that does not exist."""
        if self.weekday is not None:
            return today + timedelta((self.weekday - today.weekday()) % 7)
        if self.day is None:
            return today + timedelta(self.offset or 0)
        return next(self._dates(today), None)

    def _dates(self, today: date) -> Iterator[date]:
        """The coming dates that fit; a year from now the search ends."""
        for ahead in range(13):
            year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
            if self.month in (None, month + 1):
                found = _date(self.year or year, month + 1, self.day or 0)
                if found and (self.year or found >= today):
                    yield found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def weeks_apart(words: Sequence[str]) -> tuple[str, ...]:
    """The same words with "minggu" as `WEEK` where no Sunday is meant."""
    if "minggu" not in words:
        return tuple(words)
    return tuple(WEEK if word == "minggu" and _is_week(words, at) else word for at, word in enumerate(words))


def day_asked(words: Sequence[str]) -> DayAsked | None:
    """The day and hour in a row of known words."""
    at = _clock(words)
    day = _dated(words) or _weekday(words) or _relative(words)
    if day is None:
        return DayAsked(at=at) if at else None
    return DayAsked(day.offset, day.weekday, day.day, day.month, day.year, at)


def _relative(words: Sequence[str]) -> DayAsked | None:
    for index, word in enumerate(words):
        if word in _OFFSETS:
            return DayAsked(offset=_OFFSETS[word])
        if word == "hari" and words[index + 1 : index + 2] == ("ini",):
            return DayAsked(offset=0)
    return None


def _weekday(words: Sequence[str]) -> DayAsked | None:
    for index, word in enumerate(words):
        if word in _WEEKDAYS and not (word == "minggu" and _is_week(words, index)):
            return DayAsked(weekday=_WEEKDAYS[word])
    return None


def _is_week(words: Sequence[str], index: int) -> bool:
    """ "minggu" is Sunday or a week: a number before it, or lalu, ini, depan behind it make it a week."""
    before, behind = words[index - 1] if index else "", words[index + 1] if index + 1 < len(words) else ""
    if before == "hari":
        return False
    return (
        behind in {"lalu", "ini", "depan", "lagi", "kemarin"}
        or before.isdigit()
        or before in _WORDS
        or before in {"berapa", "tiap"}
    )


def _dated(words: Sequence[str]) -> DayAsked | None:
    for index, word in enumerate(words):
        match = _DATE.fullmatch(word)
        if match and 1 <= int(match[2]) <= 12 and 1 <= int(match[1]) <= 31:
            return DayAsked(day=int(match[1]), month=int(match[2]), year=_year(match[3]))
        if word in _MONTHS and index and _is_day(words[index - 1]):
            behind = words[index + 1] if index + 1 < len(words) else ""
            return DayAsked(day=int(words[index - 1]), month=_MONTHS.index(word) + 1, year=_year(behind))
        if word == "tanggal" and index + 1 < len(words) and _is_day(words[index + 1]):
            named = words[index + 2 : index + 3]
            if not named or named[0] not in _MONTHS:
                return DayAsked(day=int(words[index + 1]))
    return None


def _is_day(word: str) -> bool:
    return word.isdecimal() and len(word) <= 2 and 1 <= int(word) <= 31


def _year(digits: str | None) -> int | None:
    if not digits or not digits.isdecimal() or len(digits) not in {2, 4}:
        return None
    year = int(digits) + (2000 if len(digits) == 2 else 0)
    return year if year > 0 else None


def _clock(words: Sequence[str]) -> time | None:
    for index, word in enumerate(words):
        if word == "jam" and index + 1 < len(words):
            found = _clock_at(words, index + 1)
            if found:
                return found
    return None


def _clock_at(words: Sequence[str], index: int) -> time | None:
    """ "2", "14.30", "setengah 3", "dua"; then pagi, siang, sore, malam settle which half of the day."""
    half = words[index] == "setengah"
    index += half
    said = words[index] if index < len(words) else ""
    match = _CLOCK.fullmatch(str(_WORDS.get(said, said)))
    if (
        not match
        or int(match[1]) > 24
        or int(match[2] or 0) > 59
        or words[index + 1 : index + 2] in (("lagi",), ("kerja",))
    ):
        return None
    hour = _office_hour(int(match[1]), words[index + 1 : index + 2])
    minutes = hour * 60 + int(match[2] or 0) - 30 * half
    return time(minutes // 60 % 24, minutes % 60)


def _office_hour(hour: int, behind: Sequence[str]) -> int:
    part = behind[0] if behind else ""
    if part == "pagi":
        return hour
    if part in {"siang", "sore", "malam"}:
        return hour + 12 if hour < 11 else hour
    return hour + 12 if _FIRST_AFTERNOON <= hour <= _LAST_AFTERNOON else hour
