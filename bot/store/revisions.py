"""Which revision of the schema a database has, and which this Loket knows; without Alembic, which is slow to import."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.store.errors import DatabaseNewer, DatabaseOutdated

MIGRATIONS = Path(__file__).parent / "migrations"


@cache
def known_revisions() -> tuple[str, ...]:
    """Every revision of this Loket in order; a file is named by its revision: `0001_the_first_tables.py`."""
    return tuple(sorted(path.stem.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")))


def read_revisions(connection: Connection) -> frozenset[str]:
    """The database's revision; empty where nothing was migrated yet."""
    if not inspect(connection).has_table("alembic_version"):
        return frozenset()
    return frozenset(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


def refuse_newer(found: frozenset[str]) -> None:
    """Raises DatabaseNewer for a revision that only a later Loket knows."""
    if found - set(known_revisions()):
        raise DatabaseNewer(
            f"the database has revision {', '.join(sorted(found))}; this Loket knows {newest()} at most"
        )


def check_revisions(found: frozenset[str]) -> None:
    """Raises DatabaseNewer or DatabaseOutdated unless the database is at the newest revision."""
    refuse_newer(found)
    if found != {newest()}:
        raise DatabaseOutdated("the database is not up to date: run `loket migrate`")


def newest() -> str:
    return known_revisions()[-1]
