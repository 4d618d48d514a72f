"""What a report owes: news to subscribers, and to those who were told otherwise a word that sets it right."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.office.boards import LiveBoard
from bot.rules.board import Board
from bot.rules.catalogue import State
from bot.rules.corrections import correction, in_time, relapse
from bot.rules.notices import Change, Notice, NoticeKind, Quiet, Wish, is_down, is_up, notices_for
from bot.rules.reports import Report, ReportKind
from bot.store.store import Session


class Owing:
    """From what a report changes to the notices that follow."""

    def __init__(self, live: LiveBoard, hold: timedelta, quiet: Quiet) -> None:
        self._live = live
        self._hold = hold
        self._quiet = quiet

    async def notices(
        self, session: Session, report: Report, changed: Collection[Change], after: Board, now: datetime
    ) -> tuple[Notice, ...]:
        """What a report owes; what sets right comes first, since who gets that is spared the same news."""
        if report.kind is ReportKind.RETRACTION:
            right = await self._correction(session, report, after, now)
            news = self._news(report, _never_was(changed), now)
            news = tuple(notice for notice in news if notice.kind is NoticeKind.RESUMPTION)  # it announces no outage
        else:
            right = await self._relapse(session, report, changed, now)
            news = self._news(report, changed, now)
        zone = self._live.catalogue.office.timezone
        return (in_time(right, self._quiet, zone), *news) if right.changes else news

    async def count(self, session: Session, notices: Iterable[Notice]) -> int:
        """How many chats hear of these."""
        return sum([await self._count(session, notice) for notice in notices])

    def _news(self, report: Report, changed: Collection[Change], now: datetime) -> tuple[Notice, ...]:
        zone = self._live.catalogue.office.timezone
        return notices_for(report.number, changed, now, self._hold, self._quiet, zone)

    async def _relapse(self, session: Session, report: Report, changed: Collection[Change], now: datetime) -> Notice:
        counters = {change.counter for change in changed if is_down(change)}
        since = min((self._live.calendar.opening_before_today(one, now) for one in counters), default=now)
        told = await session.notices_told_since(since) if counters else ()
        return relapse(report.number, changed, told, since, now)

    async def _correction(self, session: Session, report: Report, after: Board, now: datetime) -> Notice:
        assert report.retracts is not None
        told = await session.notices_told_of(report.retracts)
        return correction(report.number, report.retracts, told, after.state_of, now)

    async def _count(self, session: Session, notice: Notice) -> int:
        if notice.about is not None:
            return await session.count_told([one.id for one in await session.notices_told_of(notice.about)])
        if notice.since is not None:
            return await session.count_told([one.id for one in await session.notices_told_since(notice.since)])
        steps = {change.step for change in notice.changes}
        counters = {change.counter for change in notice.changes}
        if notice.kind is NoticeKind.OUTAGE:
            return await session.count_chats_for(steps, counters, outages=True)
        first_word = all(change.was is State.UNKNOWN for change in notice.changes)
        return await session.count_chats_for(steps, counters, wish=Wish.ONCE if first_word else None)


def _never_was(changed: Iterable[Change]) -> tuple[Change, ...]:
    """Taking back: only who asked to be told meanwhile hears that a step works; an outage is not announced anew."""
    return tuple(replace(change, was=State.UNKNOWN) for change in changed if is_up(change))
