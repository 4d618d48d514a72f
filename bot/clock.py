"""What time it is: the only module that asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Tells the time, aware and in UTC; everything below the edges is handed its answer as `now`."""


def system_clock(offset_seconds: float = 0) -> Clock:
    """This machine's clock, moved by so many seconds (demos replay a week of 2017)."""
    offset = timedelta(seconds=offset_seconds)
    return lambda: datetime.now(UTC) + offset  # noqa: TID251 -- somebody has to ask; nobody else does
