"""The store: a database opened and closed, and sessions of one transaction each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.metrics import DATABASE_ERRORS
from bot.store.broadcasts import Broadcasts
from bot.store.chats import Chats
from bot.store.deliveries import Deliveries
from bot.store.drafts import Drafts
from bot.store.engine import open_engine, read_url
from bot.store.errors import DatabaseAway, is_away
from bot.store.notices import Notices
from bot.store.reminders import Reminders
from bot.store.reports import Reports
from bot.store.revisions import check_revisions, read_revisions
from bot.store.schedule import Schedule
from bot.store.staff import StaffList
from bot.store.tellings import Tellings
from bot.store.upkeep import Upkeep

# A process that stands still within a transaction must not hold the others longer than its lease lasts. Behind
# a pooler the next transaction on this connection may be somebody else's, hence for this one alone.
_PATIENCE = text(
    "SELECT set_config('lock_timeout', '5s', true), set_config('statement_timeout', '30s', true),"
    " set_config('idle_in_transaction_session_timeout', '8s', true)"
)


class Session(
    Reports, Drafts, Broadcasts, Notices, Deliveries, Tellings, Chats, Reminders, Schedule, StaffList, Upkeep
):
    """One transaction: all that is done in it happens, or nothing."""


class Store:
    """What is remembered, on SQLite or PostgreSQL."""

    def __init__(self, url: str) -> None:
        """Raises DatabaseUrlFault; connects to nothing yet."""
        self._engine: AsyncEngine = open_engine(read_url(url))
        self._postgresql = self._engine.dialect.name == "postgresql"
        self._writer = asyncio.Lock()

    async def open(self) -> None:
        """Connect; raises DatabaseAway, DatabaseNewer, or DatabaseOutdated where `migrate` is due."""
        with _told_apart():
            async with self._engine.connect() as connection:
                check_revisions(await connection.run_sync(read_revisions))

    async def close(self) -> None:
        await self._engine.dispose()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """A session that only reads; it never waits for a writer."""
        with _told_apart():
            async with self._engine.connect() as connection:
                yield Session(connection)

    @asynccontextmanager
    async def writing(self, *, reporting: bool = False) -> AsyncIterator[Session]:
        """A session that is kept when its block ends well, and undone when it fails or is cancelled.

        With `reporting` no other process can add a report until it ends, so what is read in it still holds when the
        report is appended. On SQLite every writing session is alone.
        """
        with _told_apart():
            if self._postgresql:
                async with self._engine.begin() as connection:
                    await connection.execute(_PATIENCE)
                    session = Session(connection)
                    if reporting:
                        await session.lock_reports()
                    yield session
            else:
                async with self._writer, self._engine.execution_options(begin="IMMEDIATE").begin() as connection:
                    yield Session(connection)


@contextmanager
def _told_apart() -> Iterator[None]:
    """Translate "the database is away" for the callers; a bug stays what it is."""
    try:
        yield
    except SQLAlchemyError as error:
        away = is_away(error)
        DATABASE_ERRORS.labels("away" if away else "fault").inc()
        if away:
            raise DatabaseAway(f"the database is away ({type(error).__name__})") from error
        raise
