"""Bringing a database up to date, once, however many processes start together."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from bot.store.engine import open_sync_engine, read_url
from bot.store.errors import BrokenReferences, DatabaseAway, is_away
from bot.store.revisions import newest, read_revisions, refuse_newer
from bot.store.verbs import MIGRATION_LOCK

_PAUSE = 0.05
_ATTEMPTS = 100


def migrate(url: str) -> bool:
    """Bring the database at `url` up to date; true where there was something to do.

    Raises DatabaseUrlFault, DatabaseNewer, DatabaseAway.
    """
    engine = open_sync_engine(read_url(url))
    try:
        return _migrate(engine)
    except SQLAlchemyError as error:
        if is_away(error):
            raise DatabaseAway(f"the database is away ({type(error).__name__})") from error
        raise
    finally:
        engine.dispose()


def _migrate(engine: Engine) -> bool:
    with engine.connect() as connection:
        found = read_revisions(connection)
    refuse_newer(found)
    if engine.dialect.name == "sqlite":
        _write_ahead(engine)
    if found == {newest()}:
        return False
    with alone(engine) as connection:
        return upgrade(connection)


def _write_ahead(engine: Engine) -> None:
    """In this mode readers never wait for the writer. The file remembers it; switching ignores the busy timeout."""
    attempt = 1
    while not _switched(engine, last=attempt == _ATTEMPTS):
        time.sleep(_PAUSE)
        attempt += 1


def _switched(engine: Engine, *, last: bool) -> bool:
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        if last:
            raise DatabaseAway("the database is locked by another process") from error
        return False
    finally:
        connection.close()
    return True


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """One transaction that no other migration can run beside."""
    with engine.execution_options(begin="IMMEDIATE").begin() as connection:
        if engine.dialect.name == "postgresql":
            # Whatever is usual for this role: another migration, or an index over a million rows, takes its time.
            connection.execute(text("SELECT set_config('statement_timeout', '0', true)"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        yield connection


def upgrade(connection: Connection) -> bool:
    found = read_revisions(connection)  # again: another process may have been quicker
    refuse_newer(found)
    if found == {newest()}:
        return False
    # Imported here, because a start that finds everything up to date, and `loket ask`, should not wait for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    check_references(connection)
    return True


def check_references(connection: Connection) -> None:
    """Foreign keys were off on SQLite while tables were rebuilt: nothing may refer to what is gone."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            tables = ", ".join(sorted({row[0] for row in broken}))
            raise BrokenReferences(f"nothing was changed: rows would refer to missing ones in {tables}")
