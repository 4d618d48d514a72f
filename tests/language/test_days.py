"""The day and the hour in a question."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.language.days import DayAsked, day_asked

MONDAY = date(2017, 1, 30)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("hari ini buka", DayAsked(offset=0)),
        ("besok buka", DayAsked(offset=1)),
        ("lusa", DayAsked(offset=2)),
        ("hari sabtu", DayAsked(weekday=5)),
        ("hari minggu lalu", DayAsked(weekday=6)),
        ("minggu depan", None),
        ("dua minggu", None),
        ("2 minggu", None),
        ("minggu", DayAsked(weekday=6)),
        ("3 februari", DayAsked(day=3, month=2)),
        ("3 februari 2017", DayAsked(day=3, month=2, year=2017)),
        ("3/2", DayAsked(day=3, month=2)),
        ("3-2-17", DayAsked(day=3, month=2, year=2017)),
        ("3/2/0000", DayAsked(day=3, month=2)),
        ("31/13", None),
        ("tanggal 5", DayAsked(day=5)),
        ("tanggal 5 mei", DayAsked(day=5, month=5)),
        ("tanggal 77", None),
        ("mei", None),
        ("jam 2", DayAsked(at=time(14))),
        ("jam 7", DayAsked(at=time(7))),
        ("jam 14.30", DayAsked(at=time(14, 30))),
        ("jam setengah 3", DayAsked(at=time(14, 30))),
        ("jam dua siang", DayAsked(at=time(14))),
        ("jam 8 malam", DayAsked(at=time(20))),
        ("jam 12 siang", DayAsked(at=time(12))),
        ("jam 6 pagi", DayAsked(at=time(6))),
        ("jam 25", None),
        ("jam 3 lagi", None),
        ("jam setengah", None),
        ("jam berapa jam", None),
        ("besok jam 8", DayAsked(offset=1, at=time(8))),
        ("hari apa", None),
        ("ktp", None),
    ],
)
def test_the_day_asked_is_found(words: str, day: DayAsked | None) -> None:
    assert day_asked(tuple(words.split())) == day


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        (DayAsked(at=time(14)), MONDAY),
        (DayAsked(offset=1), date(2017, 1, 31)),
        (DayAsked(weekday=0), MONDAY),
        (DayAsked(weekday=6), date(2017, 2, 5)),
        (DayAsked(day=3, month=2), date(2017, 2, 3)),
        (DayAsked(day=3), date(2017, 2, 3)),
        (DayAsked(day=3, month=1), date(2018, 1, 3)),
        (DayAsked(day=3, month=1, year=2017), date(2017, 1, 3)),
        (DayAsked(day=31, month=2), None),
    ],
)
def test_a_day_asked_becomes_a_date(asked: DayAsked, day: date | None) -> None:
    assert asked.on(MONDAY) == day
