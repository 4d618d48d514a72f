"""Until when an answer that travels on can be relied upon, as far as what changes it is known beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.rules.board import Cell
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Place
from bot.rules.reports import Moment, Report


def good_until(
    calendar: OfficeCalendar,
    counters: Iterable[Place],
    cells: Iterable[Cell],
    now: datetime,
    beginnings: Iterable[datetime] = (),
) -> Moment:
    """The next opening or closing, estimate, or beginning of maintenance; what staff will report, nobody knows.

    Where hours are unset it is the day, since they are reckoned with and never shown.
    """
    ends = [_turn(calendar, counter.path, now) for counter in counters]
    ends += [until for cell in cells for until in _expected(cell)]
    ends += [Moment(beginning) for beginning in beginnings]
    return min((end for end in ends if end.at > now), key=lambda end: end.at)


def beginnings_ahead(reports: Iterable[Report], now: datetime) -> tuple[datetime, ...]:
    """When planned maintenance begins."""
    planned = (one.planned_from for report in reports for one in report.assertions)
    return tuple(begins for begins in planned if begins and begins > now)


def _turn(calendar: OfficeCalendar, counter: str, now: datetime) -> Moment:
    """When the counter opens or closes next."""
    turn = calendar.closes_at(counter, now) or calendar.next_opening(counter, now)
    today = calendar.today(now, counter)
    days = (today, calendar.today(turn, counter)) if turn else ()
    if turn is None or any(calendar.openings(counter, day) is None for day in days):
        midnight = calendar.closing_of(counter, today).replace(hour=23, minute=59, second=59)
        return Moment(midnight, whole_day=True)
    return Moment(turn)


def _expected(cell: Cell) -> list[Moment]:
    estimates = (hold.fact.estimate for hold in cell.holds)
    return [estimate.until for estimate in estimates if estimate and estimate.until]
