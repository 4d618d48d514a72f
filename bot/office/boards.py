"""The board in memory, kept up with the reports in the store."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Hashable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import reduce
from zoneinfo import ZoneInfo

import structlog

from bot.clock import Clock
from bot.language.view import View
from bot.office.past import Past
from bot.rules.board import Board, CellKey
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue, State
from bot.rules.notices import Notice, NoticeKind
from bot.rules.reports import Report, ReportKind
from bot.rules.schedule import SpecialDays, in_force
from bot.rules.standing import Standing, standing_after
from bot.store.errors import DatabaseAway
from bot.store.store import Session, Store

_EVERY = 0.8  # seconds between two looks for newer reports: each process's board follows within one second

log = structlog.get_logger(__name__)


class LiveBoard:
    """An answer costs no query: the board is rebuilt when a newer report exists or a minute begins."""

    def __init__(self, catalogue: Catalogue, calendar: OfficeCalendar, store: Store, clock: Clock) -> None:
        self.catalogue = catalogue
        self.calendar = calendar
        self.clock = clock
        self._store = store
        self._reports: tuple[Report, ...] = ()
        self._standing = Standing(catalogue)
        self._settling: tuple[tuple[datetime, frozenset[CellKey]], ...] = ()  # just back, until their notice goes out
        self._waiting: object = None  # which notices these follow from
        self._built: Board | None = None
        self._settled: tuple[Board, list[frozenset[CellKey]], Board] | None = None
        self.scheduled: tuple[SpecialDays, ...] = ()  # what staff entered into the calendar
        self._fresh_at: float | None = None  # monotonic
        self.past = Past(catalogue, calendar, lambda: self._reports)

    @property
    def reports(self) -> tuple[Report, ...]:
        """All reports known, in order."""
        return self._reports

    @property
    def version(self) -> int:
        return self._standing.version

    def at(self, now: datetime) -> Board:
        """The board of now, from what is in memory."""
        if self._built is None or self._built.version != self.version or _minute(self._built.at) != _minute(now):
            self._built = self._standing.board(self.calendar, now)
        back = [keys for until, keys in self._settling if now < until]
        return self._with_settling(self._built, back) if back else self._built

    def _with_settling(self, board: Board, back: list[frozenset[CellKey]]) -> Board:
        """The board as answers show it; the same one until it or what is just back changes."""
        if self._settled is None or self._settled[0] is not board or self._settled[1] != back:
            self._settled = board, back, board.settled(frozenset[CellKey]().union(*back))
        return self._settled[2]

    def stamp(self, now: datetime) -> Hashable:
        """What an answer of now rests on besides what was asked: as long as it is the same, so is the answer."""
        settling = tuple(key for until, key in self._settling if now < until)
        return self.version, _minute(now), self.scheduled, settling

    def view(self, place: str | None = None) -> View:
        """The office as it stands now; a place that the catalogue no longer has is everywhere."""
        now = self.clock()
        known = self.catalogue.place_of(place)
        return View(self.catalogue, self.calendar, self.at(now), now, known, self.past.usual(now))

    def zone_of(self, report: Report) -> ZoneInfo | None:
        """In which what is told to staff of a report is timed: that of its place; None where all keep the same."""
        if not self.catalogue.zones.many:
            return None
        return self.catalogue.zones.among(one.place for one in self.about(report).assertions)

    def about(self, report: Report) -> Report:
        """The report whose words a report is about: its own, or those that it takes back."""
        return next((one for one in self._reports if one.number == report.retracts), report)

    def supposing(self, report: Report, now: datetime) -> Board:
        """The board if this report were added."""
        return self._after((report,)).board(self.calendar, now)

    def foreseen(self, at: datetime) -> Board:
        """The board of a time to come, if nobody reports anything until then."""
        return self._standing.board(self.calendar, at)

    def _after(self, newer: Sequence[Report]) -> Standing:
        """What stands with these reports; only where one takes another back are all read again."""
        if any(report.kind is ReportKind.RETRACTION for report in newer):
            return standing_after(self.catalogue, (*self._reports, *newer))
        return reduce(Standing.after, newer, self._standing)

    def age(self) -> float:
        """Seconds since it was last compared with the reports."""
        return math.inf if self._fresh_at is None else time.monotonic() - self._fresh_at

    async def refresh(self) -> None:
        """Take in what any process reported meanwhile."""
        async with self._store.reading() as session:
            await self.catch_up(session)
        self._fresh_at = time.monotonic()

    async def catch_up(self, session: Session) -> None:
        """The same within a transaction, so that what it decides on is the newest."""
        newer = await session.reports(after=self.version)
        waiting = await self._news_of_notices(session, newer)
        scheduled = await session.special_days()
        # No await from here on: two refreshes at once must not append the same reports twice.
        newer = tuple(report for report in newer if report.number > self.version)
        if scheduled != self.scheduled:
            self.scheduled, self._built = scheduled, None
            self.calendar.takes(in_force(scheduled))
            self.past.forget()
        self._standing = self._after(newer)
        self._reports += newer
        if waiting is not None:
            self._waiting, self._settling = waiting

    async def _news_of_notices(
        self, session: Session, newer: Sequence[Report]
    ) -> tuple[object, tuple[tuple[datetime, frozenset[CellKey]], ...]] | None:
        """What is just back; None where no notice came, went or was put off since the last look.

        What a notice says changes with a report alone, and one may speak of thousands of cells.
        """
        waiting = max((report.number for report in newer), default=self.version), await session.releases()
        if waiting == self._waiting:
            return None
        return waiting, tuple(map(_just_back, await session.unreleased_notices()))

    @asynccontextmanager
    async def kept_fresh(self) -> AsyncIterator[None]:
        """Refreshed for as long as the block lasts."""
        keeping = asyncio.create_task(self.keep_fresh())
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.wait({keeping})

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
            except Exception:
                log.exception("board_not_refreshed")


def _just_back(notice: Notice) -> tuple[datetime, frozenset[CellKey]]:
    """What a notice that waits will tell to be back."""
    back = notice.changes if notice.kind is NoticeKind.RESUMPTION else ()
    keys = frozenset((change.step, change.counter) for change in back if change.was is not State.UNKNOWN)
    return notice.release_at, keys


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
