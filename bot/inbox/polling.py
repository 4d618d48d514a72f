"""Updates that are asked for: the offset moves past one only when every one before it is handled."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.inbox.handling import GRACE, KINDS, AnyApplication, Handling, Intake
from bot.telegram_request import pause_after

BATCH = 100  # Telegram's most
MOST_IN_HAND = 256
LONG_POLL = 30  # seconds
ASK_AGAIN = 3.0  # asked for the same updates sooner, Telegram waits itself
A_LITTLE_MORE = 0.05  # at most: others end meanwhile, and one request confirms them all
ERROR_WAIT, LONGEST_ERROR_WAIT = 1.0, 30.0

log = structlog.get_logger(__name__)


class Inbox:
    """Polls for an initialized OfficeApplication; `run` it as a task, `stop` it and await the task.

    The application's bot has `fetch_updates`.
    """

    def __init__(self, application: AnyApplication, *, grace: float = GRACE) -> None:
        self._bot = application.bot
        self._intake = Intake(application, grace=grace)
        self._window: dict[int, Handling] = {}  # from the first one that Telegram would send again, in order
        self._offset: int | None = None

    def stop(self) -> None:
        """Ask for no more; `run` ends when what is in hand is handled and confirmed."""
        self._intake.stopped.set()

    async def run(self) -> None:
        """Poll until stopped."""
        try:
            wait = ERROR_WAIT
            while not self._intake.stopped.is_set():
                try:
                    await self._poll()
                    wait = ERROR_WAIT
                except TelegramError as error:
                    await self._after_error(error, wait)
                    wait = min(wait * 2, LONGEST_ERROR_WAIT)
            await self._finish()
        finally:
            await self._intake.close()

    async def _poll(self) -> None:
        first = self._first_unfinished()
        for raw in await self._fetch(0 if first else LONG_POLL):
            if (number := int(raw["update_id"])) not in self._window:
                self._window[number] = self._intake.take(raw)
        if first := self._first_unfinished():
            await self._intake.or_stopped(first.left.wait(), ASK_AGAIN)
            if self._intake.tasks:
                await asyncio.wait(self._intake.tasks, timeout=A_LITTLE_MORE)
        while len(self._intake.tasks) >= MOST_IN_HAND:
            await asyncio.wait(self._intake.tasks, return_when=asyncio.FIRST_COMPLETED)

    async def _fetch(self, wait: int) -> list[dict[str, Any]]:
        asked = asyncio.ensure_future(self._bot.fetch_updates(self._next_offset(), BATCH, wait, KINDS))
        try:
            await self._intake.or_stopped(asyncio.wait({asked}), None)
            return asked.result() if asked.done() else []
        finally:
            asked.cancel()

    async def _after_error(self, error: TelegramError, wait: float) -> None:
        if isinstance(error, Conflict) and "webhook" in error.message:
            try:
                await self._bot.delete_webhook(drop_pending_updates=False)
            except TelegramError as refused:
                error = refused
            else:
                log.warning("webhook_removed", why="updates are fetched by polling here, since WEBHOOK_URL is not set")
                return
        if isinstance(error, Conflict):
            log.error(
                "another_process_polls", why="the same BOT_TOKEN is in use elsewhere; stop one of them", wait=wait
            )
        elif isinstance(error, InvalidToken):
            log.error("token_refused", why="Telegram does not know BOT_TOKEN (any more)", wait=wait)
        else:
            log.warning("telegram_away", error=f"{type(error).__name__}: {error}", wait=wait)
        await self._intake.or_stopped(asyncio.sleep(pause_after(error, wait)), None)

    async def _finish(self) -> None:
        await self._intake.finish()
        offset = self._next_offset()
        if offset is None:
            return
        try:
            await self._bot.fetch_updates(offset, 1, 0, KINDS)
        except TelegramError as error:
            log.warning("last_updates_unconfirmed", error=type(error).__name__)

    def _first_unfinished(self) -> Handling | None:
        return next((one for one in self._window.values() if not one.left.is_set()), None)

    def _next_offset(self) -> int | None:
        """The first update that is not handled, or the one after the last; what lies before is forgotten."""
        if not self._window:
            return self._offset
        first = self._first_unfinished()
        last = next(reversed(self._window))
        self._offset = first.update_id if first else last + 1
        for number in [number for number in self._window if number < self._offset]:
            del self._window[number]
        return self._offset
