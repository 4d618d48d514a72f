"""Questions counted in memory and written down by the minute, so that counting costs no answer anything."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import partial

import structlog

from bot.office.boards import LiveBoard
from bot.rules.lasting import Lasting
from bot.rules.statistics import WINDOW, Asked, Statistics, delays, hashed, service_of, spares_a_trip, statistics
from bot.store.errors import DatabaseAway
from bot.store.store import Store

_EVERY = 60.0
_SALT_BYTES = 16

log = structlog.get_logger(__name__)


class Counting:
    """What this process counted and has not written down yet. A crash loses a minute of it, a stop nothing."""

    def __init__(self, live: LiveBoard, store: Store) -> None:
        self._live, self._store = live, store
        self._asked: Counter[tuple[datetime, str, bool]] = Counter()
        self._spared: dict[date, set[int]] = {}
        self._spares: Lasting[bool] = Lasting()

    def asked(self, ids: Sequence[str], *, understood: bool = True) -> None:
        """A question about these services or steps was answered."""
        hour = self._live.clock().replace(minute=0, second=0, microsecond=0)
        self._asked[hour, service_of(self._live.catalogue, ids), understood] += 1

    def told(self, chat: int, steps: Iterable[str], office: str | None = None) -> None:
        """A chat was told how these steps stand, of many offices at this one."""
        live, now = self._live, self._live.clock()
        these = tuple(steps)
        spares = partial(spares_a_trip, live.at(now), live.calendar, live.catalogue, these, office)
        if self._spares.of(live.stamp(now), (these, office), spares):
            self._spared.setdefault(live.calendar.today(now), set()).add(chat)

    def forget(self, chat: int) -> None:
        for chats in self._spared.values():
            chats.discard(chat)

    async def statistics(self) -> Statistics:
        """The last 30 days, the last minute included."""
        await self.flush()
        await self._live.refresh()
        now, zone = self._live.clock(), self._live.catalogue.office.timezone
        since = now - WINDOW
        async with self._store.reading() as session:
            asked = await session.questions(since)
            spared = await session.spared_since(self._live.calendar.today(since))
            subscribers = await session.subscribers()
        return statistics(asked, zone, spared, subscribers, delays(self._live.reports, since))

    async def flush(self) -> None:
        """Write down what was counted; what cannot be written now is kept."""
        asked, self._asked = self._asked, Counter()
        spared, self._spared = self._spared, {}
        try:
            await self._write([Asked(*key, times) for key, times in sorted(asked.items())], spared)
        except BaseException:
            self._asked.update(asked)
            for day, chats in spared.items():
                self._spared.setdefault(day, set()).update(chats)
            raise

    async def _write(self, asked: Sequence[Asked], spared: dict[date, set[int]]) -> None:
        if not asked and not any(spared.values()):
            return
        async with self._store.writing() as session:
            await session.add_questions(asked)
            for day, chats in spared.items():
                salt = await session.salt_of(day, secrets.token_hex(_SALT_BYTES))
                if salt is not None:  # else the day is closed, and what came too late is lost
                    await session.add_spared(day, [hashed(chat, salt) for chat in sorted(chats)])

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Written down by the minute for as long as the block lasts, and once more at its end."""
        keeping = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.wait({keeping})
            await self._try()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            await self._try()

    async def _try(self) -> None:
        try:
            await self.flush()
        except DatabaseAway:
            log.info("counts_wait_for_database")
        except Exception:
            log.exception("counts_not_written")
