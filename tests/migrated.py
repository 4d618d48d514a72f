"""A database with the newest schema and nothing in it, copied where a test needs one: migrating takes far longer."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.store import migrate


def migrated(file: Path) -> str:
    """Put such a database on SQLite into this file; its URL."""
    file.write_bytes(_once())
    return f"sqlite:///{file}"


@cache
def _once() -> bytes:
    with TemporaryDirectory(prefix="loket-migrated-") as folder:
        file = Path(folder) / "loket.db"
        migrate(f"sqlite:///{file}")
        return file.read_bytes()
