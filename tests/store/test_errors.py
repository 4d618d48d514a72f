"""A database that is away is told from a bug, and an address that cannot be used from one that can."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from sqlalchemy import exc

from bot.store import DatabaseAway, DatabaseUrlFault, is_away
from bot.store.engine import read_url


def _sqlite(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("provoked")
    error.sqlite_errorcode = code
    return error


def _wrapped(kind: type[exc.DBAPIError], cause: Exception, *, lost: bool = False) -> exc.DBAPIError:
    return kind("SELECT 1", None, cause, connection_invalidated=lost)


@pytest.mark.parametrize(
    "error",
    [
        DatabaseAway("away"),
        exc.TimeoutError("the pool is empty"),
        _wrapped(exc.OperationalError, _sqlite(sqlite3.SQLITE_BUSY)),
        _wrapped(exc.OperationalError, _sqlite(sqlite3.SQLITE_FULL)),
        _wrapped(exc.OperationalError, _sqlite(sqlite3.SQLITE_IOERR_FSYNC)),
        _wrapped(exc.OperationalError, psycopg.OperationalError("connection refused")),
        _wrapped(exc.OperationalError, psycopg.errors.LockNotAvailable("lock timeout")),
        _wrapped(exc.OperationalError, psycopg.errors.QueryCanceled("statement timeout")),
        _wrapped(exc.OperationalError, psycopg.errors.CannotConnectNow("starting up")),
        _wrapped(exc.InternalError, psycopg.errors.ReadOnlySqlTransaction("failover")),
        _wrapped(exc.DatabaseError, sqlite3.DatabaseError("file is not a database")),
        _wrapped(exc.InterfaceError, psycopg.InterfaceError("closed"), lost=True),
    ],
)
def test_it_is_away(error: Exception) -> None:
    assert is_away(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a bug"),
        _wrapped(exc.OperationalError, _sqlite(sqlite3.SQLITE_ERROR)),
        _wrapped(exc.ProgrammingError, psycopg.errors.UndefinedTable("no table")),
        _wrapped(exc.IntegrityError, sqlite3.IntegrityError("UNIQUE")),
        _wrapped(exc.InterfaceError, sqlite3.InterfaceError("unsupported type")),
        exc.InvalidRequestError("a bug"),
    ],
)
def test_it_is_a_bug(error: Exception) -> None:
    assert not is_away(error)


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///loket.db", "sqlite+aiosqlite"),
        ("sqlite:////var/lib/loket/loket.db", "sqlite+aiosqlite"),
        ("postgresql://u:p@db.example/loket", "postgresql+psycopg"),
        ("postgres://u:p@db.example/loket?sslmode=require", "postgresql+psycopg"),
        ("postgresql+psycopg://u:p@db.example/loket", "postgresql+psycopg"),
    ],
)
def test_each_form_of_address_is_taken(url: str, driver: str) -> None:
    assert read_url(url).drivername == driver


@pytest.mark.parametrize(
    "url",
    ["", "loket.db", "sqlite://", "sqlite:///:memory:", "mysql://u:rahasia@x/y", "postgresql://u:rahasia@x:port/y"],
)
def test_an_address_that_cannot_be_used_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(DatabaseUrlFault) as refused:
        read_url(url)

    assert "DATABASE_URL" in str(refused.value)
    assert "rahasia" not in str(refused.value)
    assert refused.value.__cause__ is None
