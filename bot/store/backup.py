"""A copy of a SQLite database while it is in use."""

from __future__ import annotations

import os
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.store.engine import read_url
from bot.store.errors import DatabaseAway, StoreError


class BackupError(StoreError):
    """There is no backup, and nothing was changed."""

    title = "Nothing was backed up:"


def back_up(url: str, file: Path) -> int:
    """Copy the database at `url` into a new file that only its owner may read; returns its size in bytes.

    Raises BackupError, which on PostgreSQL names the tool to use.
    """
    parsed = read_url(url)
    if parsed.get_backend_name() != "sqlite":
        command = f'pg_dump --format=custom --file={shlex.quote(str(file))} "$DATABASE_URL"'
        raise BackupError(f"PostgreSQL has a tool of its own for it: {command}")
    source = Path(parsed.database or "")
    if not source.is_file():
        raise BackupError(f"there is no database {source.name} yet")
    begun = _new(file)
    try:
        _copy(source, begun)
        os.link(begun, file)  # unlike a renaming it never takes the place of another file
    except FileExistsError:
        raise _there_already(file) from None
    except sqlite3.Error as error:
        raise DatabaseAway(f"the database cannot be read ({error})") from error
    except OSError as error:
        raise BackupError(f"{file} cannot be written ({error.strerror})") from error
    finally:
        begun.unlink()
    return file.stat().st_size


def _new(file: Path) -> Path:
    """An empty file beside the one that is wanted: what stands under its name is always whole."""
    if file.exists():
        raise _there_already(file)
    begun = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        os.close(os.open(begun, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise BackupError(f"{file} cannot be written ({error.strerror})") from error
    return begun


def _there_already(file: Path) -> BackupError:
    return BackupError(f"{file} is there already; name a new file")


def _copy(source: Path, target: Path) -> None:
    """In one step, of one moment: readers and the writer go on meanwhile."""
    address = f"{source.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
        (found,) = writing.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise BackupError(f"the copy is damaged, and so may be the database: {found}")
    with target.open("rb") as written:
        os.fsync(written.fileno())
