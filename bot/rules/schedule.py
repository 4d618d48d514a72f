"""What staff scheduled: days that differ, and maintenance that a report planned."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from bot.rules.board import Board
from bot.rules.catalogue import CalendarException
from bot.rules.notices import Change, Notice, NoticeKind, Quiet, soonest
from bot.rules.reports import Assertion, Author, Report, ReportKind


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """One entry: a closure, other hours, or the hours of Ramadan, which differ by weekday."""

    id: int  # 0 until stored
    exceptions: tuple[CalendarException, ...]
    by: Author
    at: datetime

    @property
    def first(self) -> date:
        return min(one.first for one in self.exceptions)

    @property
    def last(self) -> date:
        return max(one.last for one in self.exceptions)


def in_force(entries: Iterable[SpecialDays]) -> tuple[CalendarException, ...]:
    """What they say of the calendar, the latest entry last: that one counts."""
    return tuple(one for entry in sorted(entries, key=lambda entry: entry.id) for one in entry.exceptions)


def planned(report: Report) -> tuple[Assertion, ...]:
    """The maintenance that a report announces."""
    return tuple(one for one in report.assertions if one.planned_from is not None)


def begins(report: Report) -> datetime:
    """When the first of it begins."""
    return min(one.planned_from for one in report.assertions if one.planned_from is not None)


def ends(report: Report) -> datetime | None:
    """When the last of it should be over; None where somebody left that open."""
    until = [one.estimate.until.at for one in planned(report) if one.estimate and one.estimate.until]
    return max(until, default=None)


def plans(reports: Iterable[Report], now: datetime) -> tuple[Report, ...]:
    """The reports whose maintenance is to come, the next first; one that was taken back was never made."""
    in_order = list(reports)
    retracted = {report.retracts for report in in_order}
    found = [
        report
        for report in in_order
        if report.kind is ReportKind.ASSERTION and report.number not in retracted and planned(report)
        if begins(report) > now
    ]
    return tuple(sorted(found, key=lambda report: (begins(report), report.number)))


def plan_changes(report: int, before: Board, after: Board) -> tuple[Change, ...]:
    """What a plan will hold down; both boards are of its beginning, without it and with it."""
    return tuple(
        Change(*key, was=before.state_of(key), now=cell.state)
        for key in after.cells
        if (cell := after.like(key)) and any(hold.fact.number == report for hold in cell.holds)
    )


def announcement(
    report: int, changed: tuple[Change, ...], now: datetime, hold: timedelta, quiet: Quiet, zones: Collection[tzinfo]
) -> Notice:
    """The word to those who hear of outages; it can be taken back for a while, and wakes nobody."""
    return Notice(0, report, NoticeKind.PLAN, changed, now, soonest(now + hold, quiet, zones))


def cancellation(report: int, about: int, told: Iterable[Notice], now: datetime) -> Notice:
    """The word to those who read of a plan that was taken back; without changes where nobody did."""
    said = dict.fromkeys(change for notice in told for change in notice.changes)
    return Notice(0, report, NoticeKind.PLAN_CANCELLED, tuple(said), now, now, about=about)
