"""The real bot as a child process of the demo: started, stopped, and listened to when it dies."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

# What the child may inherit. Nothing of Loket's own: a visitor's real token must never reach the demo.
INHERITED = (
    "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "PYTHONPATH",
)  # fmt: skip
COMMAND = (sys.executable, "-P", "-m", "playground.leashed")
GRACE = 8.0
TAIL = 4000


class BotProcess:
    """One bot at a time, in a folder of its own, so that no `.env` is read; its log goes to a file there."""

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str],
        died: Callable[[str], None],
        command: tuple[str, ...] = COMMAND,
    ) -> None:
        self.log = folder / "bot.log"
        self._folder = folder
        self._environ = {name: os.environ[name] for name in INHERITED if name in os.environ} | dict(settings)
        self._died = died
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None

    async def start(self, offset: int) -> None:
        """Starts the bot with its clock moved by so many seconds."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=self._folder,
                env=self._environ | {"CLOCK_OFFSET": str(offset)},
                stdin=asyncio.subprocess.PIPE,  # which closes with the demo, whatever ends it
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl+C is the demo's to hear; it stops the bot itself
            )
        self._watch = asyncio.create_task(self._wait_for_death(self._process))

    async def stop(self) -> None:
        """Asks the bot to finish what is in hand; a bot that doesn't is killed."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), GRACE)
        except TimeoutError:
            process.kill()
            await process.wait()
        if self._watch:
            await self._watch

    async def _wait_for_death(self, process: asyncio.subprocess.Process) -> None:
        code = await process.wait()
        if process is self._process:
            self._died(f"the bot stopped with code {code}; the end of its log:\n{self.tail()}")

    def tail(self) -> str:
        """The end of the log, for whoever must know why it stopped."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-TAIL:] if self.log.exists() else ""
