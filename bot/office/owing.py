"""What a report owes: news to subscribers, and to those who were told otherwise a word that sets it right."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.office.boards import LiveBoard
from bot.rules.board import Board, cells_in_order, changes
from bot.rules.catalogue import State
from bot.rules.corrections import Cell, by_cells, correction, in_time, relapse, since_told
from bot.rules.notices import Change, Notice, NoticeKind, Quiet, is_down, is_up, notices_for
from bot.rules.reports import Report, ReportKind
from bot.rules.schedule import announcement, begins, cancellation, plan_changes, planned
from bot.store.store import Session

_AT_A_TIME = 500  # cells
_TROUBLED = (State.UNAVAILABLE, State.LIMITED)


class Owing:
    """From what a report changes to the notices that follow."""

    def __init__(self, live: LiveBoard, hold: timedelta, quiet: Quiet) -> None:
        self._live = live
        self._hold = hold
        self._quiet = quiet

    async def changed(self, report: Report, before: Board, after: Board) -> tuple[Change, ...]:
        """What a report changes, or its being taken back: some of what it speaks of, and nothing else."""
        keys = cells_in_order(self._live.catalogue, self._live.about(report).assertions)
        found: list[Change] = []
        for first in range(0, len(keys), _AT_A_TIME):
            found += changes(before, after, keys[first : first + _AT_A_TIME])
            await asyncio.sleep(0)  # the thousands of cells of a country hold no answer up
        return tuple(found)

    async def notices(
        self, session: Session, report: Report, changed: Collection[Change], after: Board, now: datetime
    ) -> tuple[Notice, ...]:
        """What a report owes; what sets right comes first, since who gets that is spared the same news."""
        if report.kind is ReportKind.RETRACTION:
            right = await self._correction(session, report, changed, after, now)
            news = await self._never_was(session, report, changed, after, now)
        elif planned(report):
            return (*self._news(report, changed, now), *self._announced(report, now))
        else:
            changed = since_told(changed, await session.unreleased_notices(), now)
            right = await self._relapse(session, report, changed, now)
            news = self._news(report, changed, now)
        return (self._in_time(right), *news) if right.changes else news

    async def count(self, session: Session, notices: Iterable[Notice]) -> int:
        """How many chats hear of these."""
        return sum([await self._count(session, notice) for notice in notices])

    def _news(self, report: Report, changed: Collection[Change], now: datetime) -> tuple[Notice, ...]:
        return notices_for(report.number, changed, now, self._hold, self._quiet, self._zones(changed))

    def _in_time(self, notice: Notice) -> Notice:
        return in_time(notice, self._quiet, self._zones(notice.changes))

    def _zones(self, changed: Iterable[Change]) -> Collection[ZoneInfo]:
        return self._live.catalogue.zones.every(change.counter for change in changed)

    async def _relapse(self, session: Session, report: Report, changed: Collection[Change], now: datetime) -> Notice:
        counters = {change.counter for change in changed if is_down(change)}
        since = min((self._live.calendar.opening_before_today(one, now) for one in counters), default=now)
        told = await session.notices_told_since(since) if counters else ()
        return relapse(report.number, changed, told, since, now)

    async def _never_was(
        self, session: Session, report: Report, changed: Collection[Change], after: Board, now: datetime
    ) -> tuple[Notice, ...]:
        """Taking back announces nothing anew: only who waits hears that a step works, or that it never was down."""
        assert report.retracts is not None
        wrong = await session.report(report.retracts)
        assert wrong is not None  # reports are never deleted
        works = [replace(change, was=State.UNKNOWN) for change in changed if is_up(change)]
        works += await self._works_without(session, wrong, {(one.step, one.counter) for one in works}, after)
        heard = {change.step for change in works}  # elsewhere: nobody reads of one step both that it works and this
        silent = tuple(
            change
            for change in changed
            if change.was in _TROUBLED and change.now is State.UNKNOWN and change.step not in heard
        )
        never_was = Notice(0, report.number, NoticeKind.WITHDRAWAL, silent, now, now, since=wrong.at)
        up = (notice for notice in self._news(report, works, now) if notice.kind is NoticeKind.RESUMPTION)
        return (*up, self._in_time(never_was)) if silent else tuple(up)

    async def _works_without(
        self, session: Session, wrong: Report, besides: Collection[Cell], after: Board
    ) -> list[Change]:
        """What a wrong report promised and had not told, where it works without that report too."""
        owed = (*await session.unreleased_notices(), *await session.unfinished_notices())
        theirs = [one for one in owed if one.report == wrong.number and one.kind is NoticeKind.RESUMPTION]
        stands = [
            (replace(change, now=after.state_of((change.step, change.counter))), notice.released_at is None)
            for notice in theirs
            for change in notice.changes
            if (change.step, change.counter) not in besides
        ]
        # Where some were told already only who still waits is owed it.
        return [one if unheard else replace(one, was=State.UNKNOWN) for one, unheard in stands if is_up(one)]

    async def _correction(
        self, session: Session, report: Report, changed: Collection[Change], after: Board, now: datetime
    ) -> Notice:
        assert report.retracts is not None
        without = {(change.step, change.counter) for change in changed}
        told = [
            notice if notice.report == report.retracts else by_cells(notice, without)
            for notice in await session.notices_told_of(report.retracts)
        ]
        if any(notice.to_come for notice in told):
            return cancellation(report.number, report.retracts, told, now)
        return correction(report.number, report.retracts, told, after.state_of, now)

    def _announced(self, report: Report, now: datetime) -> tuple[Notice, ...]:
        """What will be down, as far as anybody can tell now."""
        at = begins(report)
        changed = plan_changes(report.number, self._live.foreseen(at), self._live.supposing(report, at))
        if not changed:
            return ()
        return (announcement(report.number, changed, now, self._hold, self._quiet, self._zones(changed)),)

    async def _count(self, session: Session, notice: Notice) -> int:
        if notice.kind in (NoticeKind.CORRECTION, NoticeKind.PLAN_CANCELLED) and notice.about is not None:
            return await session.count_told([one.id for one in await session.notices_told_of(notice.about)])
        if notice.kind is NoticeKind.RELAPSE and notice.since is not None:
            return await session.count_told([one.id for one in await session.notices_told_since(notice.since)])
        return await session.count_chats_owed(notice)
