"""What staff stopped or took back: nothing of it passes the gate, and what waits leaves the order of claims."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from bot.store.deliveries import CHUNK
from bot.store.errors import DatabaseAway
from bot.store.store import Session, Store

WATCH_EVERY = 0.25  # seconds in which a stop is noticed, also while deliveries are being made

log = structlog.get_logger(__name__)


class Stops:
    """The sender's view of stopped notices; what stands in the database is the truth, after a crash too."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._notices: frozenset[int] = frozenset()

    @property
    def notices(self) -> frozenset[int]:
        """The stopped notices, as last seen."""
        return self._notices

    def stopped(self, notice: int) -> bool:
        return notice in self._notices

    async def watch(self, busy: Callable[[], bool]) -> None:
        """See within a moment what was stopped, for as long as something is on its way to the gate."""
        while True:
            await asyncio.sleep(WATCH_EVERY)
            try:
                if busy():
                    async with self._store.reading() as session:
                        await self._look(session)
            except DatabaseAway:
                log.warning("stops_not_seen")
            except Exception:
                log.exception("stops_failed")

    async def shelve(self) -> bool:
        """Hold a chunk of each stopped notice, give back one of each that goes on, end one of each that was cancelled.

        False where there is none.
        """
        async with self._store.reading() as session:
            await self._look(session)
            notices = await session.to_shelve()
        for notice in notices:
            async with self._store.writing() as session:
                await session.shelve(notice, CHUNK)
        return bool(notices)

    async def _look(self, session: Session) -> None:
        self._notices = await session.stopped_notices()
