"""A clock of another time zone: the day is the one that it is there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.language import when

WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")


def no_closing(_: date) -> datetime:
    raise AssertionError("a clock was told")


def test_a_time_ahead_is_of_the_day_that_has_begun_in_the_east() -> None:
    now = datetime(2017, 1, 30, 23, tzinfo=WIB)  # 01.00 in Jayapura

    assert when.until("02.00 wit", now, WIB, no_closing).at - now == timedelta(hours=1)


def test_a_time_behind_is_of_the_day_that_has_not_ended_in_the_west() -> None:
    now = datetime(2017, 1, 31, 0, 30, tzinfo=WIT)  # 22.30 in Jakarta

    assert now - when.since("22.00 wib", now, WIT).at == timedelta(minutes=30)
