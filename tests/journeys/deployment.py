"""A deployment as an operator has it: `loket run` as a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

STAFF = 747100201
PATIENCE = 15.0  # seconds
INHERITED = ("PATH", "HOME", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
DEMO = Path(__file__).parents[2] / "bot" / "catalogues" / "demo.toml"


class Deployment:
    """One bot process at a time, its settings, and everything it ever logged."""

    def __init__(self, api_url: str, token: str, folder: Path, **settings: str) -> None:
        self.log = folder / "bot.log"
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._environ = {name: os.environ[name] for name in INHERITED if name in os.environ} | {
            "BOT_TOKEN": token,
            "OWNER_IDS": str(STAFF),
            "TELEGRAM_API_URL": api_url,
            "DATABASE_URL": f"sqlite:///{folder / 'loket.db'}",
            "CATALOGUE": str(DEMO),
            "RESUME_HOLD": "0",
            "QUIET_HOURS": "off",
            "LOG_FORMAT": "json",
            "LOG_LEVEL": "DEBUG",
            **settings,
        }

    async def start(self, **changed: str) -> float:
        """Start and wait until it is ready; how many seconds that took."""
        began, ready = time.monotonic(), self.logged().count('"ready"')
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", "bot", "run",
                cwd=self._folder, env=self._environ | changed, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        while self.logged().count('"ready"') == ready:
            assert self._process.returncode is None, self.logged()
            assert time.monotonic() - began < PATIENCE, self.logged()
            await asyncio.sleep(0.02)
        return time.monotonic() - began

    async def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self._process is not None
        self._process.terminate()
        return await asyncio.wait_for(self._process.wait(), PATIENCE)

    async def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

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
