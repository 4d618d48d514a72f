"""Everything of one database in another: streamed, compared, and kept only if it is the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DataError, SQLAlchemyError

from bot.store.engine import open_sync_engine, read_url
from bot.store.errors import DatabaseAway, StoreError, is_away
from bot.store.migration import migrate
from bot.store.revisions import check_revisions, read_revisions
from bot.store.tables import leases, metadata

CHUNK = 5_000  # rows in memory, and in one statement
TABLES = tuple(table for table in metadata.sorted_tables if table is not leases)  # who sends there is another process

_NOBODY_WRITES = text("LOCK TABLE " + ", ".join(table.name for table in TABLES) + " IN SHARE MODE")

Told = Callable[[str, int], None]
"""Hears the name of each table that is done, and how many rows it has."""


class CopyError(StoreError):
    """Nothing was copied: the target is as it was, but for its empty tables."""

    title = "Nothing was copied:"


def copy(source: str, target: str, now: datetime, told: Told = lambda _table, _rows: None) -> None:
    """Copy the database at `source` into the empty PostgreSQL database at `target`.

    Raises CopyError, DatabaseAway, DatabaseUrlFault, DatabaseOutdated.
    """
    from_url, to_url = read_url(source), read_url(target)
    if to_url.get_backend_name() != "postgresql":
        raise CopyError("the target is to be PostgreSQL; a copy of SQLite is made by `loket backup`")
    if from_url == to_url:
        raise CopyError("the target is the database itself")
    with _opened(from_url) as reading:
        check_revisions(read_revisions(reading))  # in a transaction of its own: what is seen is fixed only by the lock
    with _opened(from_url) as reading:
        if from_url.get_backend_name() == "postgresql":
            reading.execute(_NOBODY_WRITES)
        check_revisions(read_revisions(reading))
        _refuse_in_use(reading, now)
        migrate(target)
        with _opened(to_url) as writing:
            _refuse_unless_empty(writing)
            for table in TABLES:
                told(table.name, _copy_table(reading, writing, table))


@contextmanager
def _opened(url: URL) -> Iterator[Connection]:
    """One transaction, which sees one moment; it is kept when the block ends well."""
    engine = open_sync_engine(url)
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    else:
        engine = engine.execution_options(begin="IMMEDIATE")  # nobody writes what would then be left behind
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        if is_away(error):
            raise DatabaseAway(f"the database is away ({type(error).__name__})") from error
        raise
    finally:
        engine.dispose()


def _refuse_in_use(reading: Connection, now: datetime) -> None:
    if reading.execute(select(leases.c.name).where(leases.c.until > now)).first() is not None:
        raise CopyError("a bot is at work on the source; stop it first, or the copy lacks what it still remembers")


def _refuse_unless_empty(writing: Connection) -> None:
    for table in metadata.sorted_tables:
        if writing.execute(select(table).limit(1)).first() is not None:
            raise CopyError(f"the target is not empty: {table.name} has rows")


def _copy_table(reading: Connection, writing: Connection, table: Table) -> int:
    rows, sum_there = 0, 0
    for chunk in _chunks(reading, table):
        _insert(writing, table, chunk)
        rows, sum_there = rows + len(chunk), _added(sum_there, chunk)
    sum_here = 0
    for chunk in _chunks(writing, table):
        sum_here = _added(sum_here, chunk)
    count = writing.execute(select(func.count()).select_from(table)).scalar_one()
    if (count, sum_here) != (rows, sum_there):
        raise CopyError(f"{table.name} differs after the copy ({rows} rows here, {count} there)")
    _go_on_counting(reading, writing, table)
    return rows


def _insert(writing: Connection, table: Table, chunk: Sequence[Row[Any]]) -> None:
    try:
        writing.execute(table.insert(), [dict(row._mapping) for row in chunk])
    except DataError as error:  # SQLite takes what PostgreSQL does not, such as a zero byte in a text
        raise CopyError(f"{table.name} has a row that PostgreSQL refuses ({type(error.orig).__name__})") from error


def _chunks(connection: Connection, table: Table) -> Iterator[list[Row[Any]]]:
    """All rows, in the order of the key: a report before the one that takes it back."""
    ordered = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=CHUNK)
    for chunk in connection.execute(ordered).partitions():
        yield list(chunk)


def _added(checksum: int, rows: Iterable[Row[Any]]) -> int:
    """A sum over rows that is the same in whatever order they come: the databases sort words differently."""
    for row in rows:
        said = json.dumps(tuple(row), default=str, sort_keys=True).encode()
        checksum += int.from_bytes(hashlib.sha256(said).digest(), "big")
    return checksum % 2**256


def _go_on_counting(reading: Connection, writing: Connection, table: Table) -> None:
    """Numbers that were given once are not given again, also where their rows are gone."""
    number = table.autoincrement_column
    if number is None:
        return
    highest = reading.execute(select(func.max(number))).scalar_one() or 0
    given = max(highest, _given(reading, table))
    if given:
        sequence = func.pg_get_serial_sequence(table.name, number.name)
        writing.execute(select(func.setval(sequence, given)))


def _given(reading: Connection, table: Table) -> int:
    """The highest number that the source ever gave, as far as it keeps that."""
    if reading.dialect.name == "sqlite":
        found = reading.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
    else:
        found = reading.execute(
            text("SELECT last_value FROM pg_sequences WHERE schemaname = current_schema() AND sequencename = :name"),
            {"name": f"{table.name}_id_seq"},
        )
    return found.scalar_one_or_none() or 0
