"""The board in memory, kept up with the reports in the store."""

from __future__ import annotations

import asyncio
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.rules.board import Board, CellKey, board_at
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue
from bot.rules.notices import NoticeKind
from bot.rules.reports import Report
from bot.store.errors import DatabaseAway
from bot.store.store import Session, Store

_EVERY = 1.0  # seconds between two looks for newer reports of other processes

log = structlog.get_logger(__name__)


class LiveBoard:
    """An answer costs no query: the board is rebuilt when a newer report exists or a minute begins."""

    def __init__(self, catalogue: Catalogue, calendar: OfficeCalendar, store: Store, clock: Clock) -> None:
        self.catalogue = catalogue
        self.calendar = calendar
        self.clock = clock
        self._store = store
        self._reports: tuple[Report, ...] = ()
        self._settling: frozenset[CellKey] = frozenset()
        self._built: Board | None = None

    @property
    def reports(self) -> tuple[Report, ...]:
        """All reports known, in order."""
        return self._reports

    @property
    def version(self) -> int:
        return self._reports[-1].number if self._reports else 0

    def at(self, now: datetime) -> Board:
        """The board of now, from what is in memory."""
        if self._built is None or self._built.version != self.version or _minute(self._built.at) != _minute(now):
            self._built = board_at(self.catalogue, self.calendar, self._reports, now)
        return self._built.settled(self._settling)

    def supposing(self, report: Report, now: datetime) -> Board:
        """The board if this report were added."""
        return board_at(self.catalogue, self.calendar, (*self._reports, report), now)

    async def refresh(self) -> None:
        """Take in what any process reported meanwhile."""
        async with self._store.reading() as session:
            await self.catch_up(session)

    async def catch_up(self, session: Session) -> None:
        """The same within a transaction, so that what it decides on is the newest."""
        newer = await session.reports(after=self.version)
        notices = await session.unreleased_notices()
        # No await from here on: two refreshes at once must not append the same reports twice.
        self._reports += tuple(report for report in newer if report.number > self.version)
        self._settling = frozenset(
            (change.step, change.counter)
            for notice in notices
            if notice.kind is NoticeKind.RESUMPTION
            for change in notice.changes
        )

    async def keep_fresh(self) -> None:
        """Refresh for ever; while the database is away the last board stands."""
        away = False
        while True:
            await asyncio.sleep(_EVERY)
            try:
                await self.refresh()
                away = False
            except DatabaseAway as error:
                if not away:
                    log.warning("database away, answering from the last board", error=str(error))
                away = True


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
