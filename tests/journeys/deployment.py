"""A deployment as an operator has it: `loket run`, `web` or `worker` as a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql

from bot.clock import system_clock
from tests.patience import START

STAFF, COLLEAGUE = 747100201, 747100202
INHERITED = ("PATH", "HOME")
DEMO = Path(__file__).parents[2] / "bot" / "catalogues" / "demo.toml"


def clock_at(local: str, zone: str = "Asia/Makassar") -> dict[str, str]:
    """The setting that makes it this hour at the office: `clock_at("2026-08-03 09.00")`."""
    moment = datetime.strptime(local, "%Y-%m-%d %H.%M").replace(tzinfo=ZoneInfo(zone))
    return {"CLOCK_OFFSET": f"{(moment - system_clock()()).total_seconds():.0f}"}


WORKING_HOUR = clock_at("2026-08-04 10.00")  # unless a test says another: what is answered depends on the hour
PAST_THE_LEASE = clock_at("2026-08-04 10.10")  # some minutes on: a killed sender's lease is good for 8 seconds


class Deployment:
    """One bot process at a time, its settings, and everything it ever logged."""

    def __init__(self, api_url: str, token: str, folder: Path, kind: str = "run", **settings: str) -> None:
        self.log = folder / "bot.log"
        self.database = folder / "loket.db"
        self._folder, self._kind = folder, kind
        self._process: asyncio.subprocess.Process | None = None
        self._environ = {name: os.environ[name] for name in INHERITED if name in os.environ} | {
            "BOT_TOKEN": token,
            "OWNER_IDS": f"{STAFF},{COLLEAGUE}",
            "TELEGRAM_API_URL": api_url,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "CATALOGUE": str(DEMO),
            "RESUME_HOLD": "0",
            "QUIET_HOURS": "off",
            "LOG_FORMAT": "json",
            "LOG_LEVEL": "DEBUG",
            **WORKING_HOUR,
            **settings,
        }

    async def restart(self, **changed: str) -> None:
        """Stop, and start again with other settings."""
        assert await self.stop() == 0
        await self.start(**changed)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """What stands in the database (SQLite), read beside the running bot."""
        with sqlite3.connect(self.database) as connection:
            return connection.execute(statement).fetchall()

    async def start(self, **changed: str) -> float:
        """Start and wait until it is ready; how many seconds that took."""
        began, ready = time.monotonic(), self.logged().count('"ready"')
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", "bot", self._kind,
                cwd=self._folder, env=self._environ | changed, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        while self.logged().count('"ready"') == ready:
            assert self._process.returncode is None, self.logged()
            assert time.monotonic() - began < START, self.logged()
            await asyncio.sleep(0.02)
        return time.monotonic() - began

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self._process is not None
        self._process.terminate()
        return await asyncio.wait_for(self._process.wait(), START)

    async def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    async def close(self) -> None:
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    async def command(self, *arguments: str, **changed: str) -> tuple[int, str]:
        """Another `loket` command with the same settings: exit code, and what it printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "bot", *arguments,
            cwd=self._folder, env=self._environ | changed, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        printed, _ = await process.communicate()
        return process.returncode or 0, printed.decode()

    def logged(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def resident(self) -> float:
        """Resident memory in MiB."""
        assert self._process is not None
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def everything_in(url: str) -> str:
    """Every value of every table, as text."""
    if url.startswith("sqlite"):
        with sqlite3.connect(Path(url.removeprefix("sqlite:///"))) as connection:
            return "\n".join(connection.iterdump())
    with psycopg.connect(url) as connection:
        tables = [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        rows = [
            row
            for table in tables
            for row in connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
        ]
    return "\n".join(map(str, rows))
