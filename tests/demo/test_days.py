"""The demo begins on a working day."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from playground.days import working_moment


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        (datetime(2026, 2, 3, 1, 0, tzinfo=UTC), "2026-02-03T10:00:00+08:00"),  # Tuesday, 09.00 at the office
        (datetime(2026, 2, 3, 15, 0, tzinfo=UTC), "2026-02-03T10:00:00+08:00"),  # Tuesday night
        (datetime(2026, 2, 8, 3, 0, tzinfo=UTC), "2026-02-06T10:00:00+08:00"),  # Sunday: the Friday before
        (datetime(2026, 2, 8, 17, 0, tzinfo=UTC), "2026-02-09T10:00:00+08:00"),  # Sunday in UTC is Monday there
        (datetime(2026, 12, 25, 3, 0, tzinfo=UTC), "2026-12-23T10:00:00+08:00"),  # Christmas, and the day off before
    ],
)
def test_the_demo_begins_on_the_latest_working_day(now: datetime, begins: str) -> None:
    assert working_moment(now, time(10)).isoformat() == begins
