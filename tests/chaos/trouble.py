"""Trouble that comes from outside the bot: a database that somebody else holds, a disk with no room left."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from pathlib import Path


async def locked(database: Path, seconds: float) -> None:
    """Another process holds SQLite's only writer."""
    with sqlite3.connect(database, timeout=10, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        await asyncio.sleep(seconds)
        other.execute("ROLLBACK")
    other.close()


async def no_room(pid: int, seconds: float) -> None:
    """No file of that process may grow, its log's neither: what a full disk is to it, without being root."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        await asyncio.sleep(seconds)
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
