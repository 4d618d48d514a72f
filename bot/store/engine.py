"""From `DATABASE_URL` to an engine that behaves the same on both databases."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store.errors import DatabaseUrlFault

# On SQLite a cancelled task ends only when its statement does: hence 5 seconds and not more.
BUSY_SECONDS = 5
MIGRATION_SECONDS = 60  # another process may be migrating a large database
# A network that swallows packets must not hold a citizen's answer for the quarter of an hour that TCP would wait.
_POSTGRESQL_ARGUMENTS = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "prepare_threshold": None,  # prepared statements fail behind a pooler that hands out a connection per transaction
}


def read_url(url: str) -> URL:
    """The parsed address; its text never appears in an error, since it may hold a password."""
    try:
        parsed = make_url(url)
        family = parsed.get_backend_name()
    except (SQLAlchemyError, ValueError):
        raise DatabaseUrlFault("DATABASE_URL is not an address such as sqlite:///loket.db") from None
    if family in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if family != "sqlite":
        raise DatabaseUrlFault("DATABASE_URL must begin with sqlite:/// or postgresql://")
    if parsed.database in (None, "", ":memory:"):
        raise DatabaseUrlFault("DATABASE_URL needs a file: sqlite:///loket.db")
    return parsed.set(drivername="sqlite+aiosqlite")


def open_engine(url: URL) -> AsyncEngine:
    """The engine of a running Loket."""
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=5,
        max_overflow=10,
        pool_timeout=BUSY_SECONDS,
        pool_pre_ping=url.get_backend_name() == "postgresql",
        connect_args=_arguments(url) | _creator(url),
    )
    if url.get_backend_name() == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", begin_sqlite)
        event.listen(engine.sync_engine, "invalidate", _let_go)
    return engine


def open_sync_engine(url: URL) -> Engine:
    """The engine of a migration: foreign keys off, because rebuilding a table would delete what refers to it."""
    if url.get_backend_name() == "sqlite":
        url = url.set(drivername="sqlite")
    arguments = _arguments(url, busy_seconds=MIGRATION_SECONDS)
    engine = create_engine(url, hide_parameters=True, pool_size=1, max_overflow=0, connect_args=arguments)
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "begin", begin_sqlite)
    return engine


def begin_sqlite(connection: Connection) -> None:
    """Reads are deferred; a writer says IMMEDIATE, or it could fail where it turns from reading to writing."""
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")


def _arguments(url: URL, busy_seconds: int = BUSY_SECONDS) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {"timeout": busy_seconds, "isolation_level": None}
    return {name: value for name, value in _POSTGRESQL_ARGUMENTS.items() if name not in url.query}


def _creator(url: URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {}
    from bot.store.silence import ImpatientConnection  # with PostgreSQL's driver, 12 MiB that SQLite does not need

    return {"async_creator_fn": ImpatientConnection.connect}


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    # FULL: a report that was acknowledged survives a power cut; NORMAL may lose the last commits.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _let_go(connection: DBAPIConnection, _record: object, _error: object) -> None:
    """Roll back what a cancelled task held before its connection is closed.

    SQLite keeps a closed connection, and its write lock, alive while a cursor with unread rows exists; such a cursor
    hangs on the traceback of the cancellation, and every other writer would wait for the garbage collector. The
    rollback is queued at once, so a second cancellation of this waiting takes nothing from it.
    """
    with suppress(Exception, asyncio.CancelledError):
        connection.rollback()
