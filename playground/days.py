"""On which day the demo begins, so that a visitor at night or on a holiday finds the office open."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

OFFICE_ZONE = ZoneInfo("Asia/Makassar")
SATURDAY = 5


def working_moment(now: datetime, at: time) -> datetime:
    """This time of day on today's date at the office, or on the latest working day before it."""
    day = now.astimezone(OFFICE_ZONE).date()
    while not _is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, at, OFFICE_ZONE)


def _is_working_day(day: date) -> bool:
    closed = holidays.country_holidays("ID", years=day.year, categories=("public", "government"))
    return day.weekday() < SATURDAY and day not in closed
