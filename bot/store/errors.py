"""What can go wrong with the store, in words that callers may rely on."""

from __future__ import annotations

from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.faults import OperatorError
from bot.rules.reports import Report

_SQLITE_ERROR = 1  # "no such table", "syntax error": a fault of ours, though it comes as OperationalError
_READ_ONLY = "25006"  # after a failover, until the connection leads to the new primary


class StoreError(OperatorError):
    """What the store says itself; its text is for operators and holds no secret."""

    title = "The database cannot be used:"


class DatabaseAway(StoreError):
    """The database cannot be reached or does not answer now; what was asked may be asked again."""


class DatabaseNewer(StoreError):
    """The database was brought up to date by a later Loket than this one."""


class DatabaseOutdated(StoreError):
    """The database is not, or not yet, as this Loket needs it."""


class BrokenReferences(StoreError):
    """A migration would have left rows that refer to missing ones; it was undone."""


class DatabaseUrlFault(StoreError, ValueError):
    """`DATABASE_URL` cannot be used."""


class AlreadyPublished(StoreError):
    """The preview became a report before: a repeated tap or update."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"already published as report {report.number}")
        self.report = report


def is_away(error: BaseException) -> bool:
    """Whether an error says that the database is away; anything else is a bug."""
    if isinstance(error, DatabaseAway | PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated or type(error) is DatabaseError:
        return True
    if getattr(error.orig, "sqlstate", None) == _READ_ONLY:
        return True
    return isinstance(error, OperationalError) and _sqlite_kind(error) != _SQLITE_ERROR


def _sqlite_kind(error: DBAPIError) -> int | None:
    code = getattr(error.orig, "sqlite_errorcode", None)
    return None if code is None else code & 255
