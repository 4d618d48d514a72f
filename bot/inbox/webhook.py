"""Updates that Telegram brings: taken when they are handled, and the webhook kept as it should be."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from telegram import WebhookInfo
from telegram.error import BadRequest, TelegramError

from bot.inbox.handling import GRACE, KINDS, WINDOW, AnyApplication, Handling, Intake
from bot.secret import Secret
from bot.telegram_request import pause_after

CONNECTIONS = 100  # Telegram's most: chats whose answers are slow must not keep the others waiting
REMEMBERED = 4_096  # updates that are known again when Telegram, which did not hear the answer, brings them once more
REFUSED = "403"  # how this very process answers who brings an update with a wrong secret
LOOK_EVERY = 60.0  # seconds between two looks at whether the webhook still stands
OPENING = 5.0  # seconds that an update waits for a start
ERROR_WAIT, LONGEST_ERROR_WAIT = 1.0, 30.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """Where Telegram brings updates, and how it shows that it is Telegram."""

    url: str
    secret: Secret


class WebhookInbox:
    """Is brought updates for an initialized OfficeApplication; `run` it as a task, `stop` it and await the task."""

    def __init__(self, application: AnyApplication, address: Address, *, grace: float = GRACE) -> None:
        self._bot, self._address = application.bot, address
        self._intake = Intake(application, grace=grace, patience=WINDOW)
        self._known: OrderedDict[int, Handling] = OrderedDict()  # in hand, or handled lately
        self._open = asyncio.Event()
        self._looked = False
        self._trouble: datetime | None = None  # the last that was seen

    async def receive(self, raw: Mapping[str, Any]) -> bool:
        """Handle an update; False where Telegram should bring it again: at start or stop, or without a database.

        Raises ValueError where it has no number.
        """
        number = _number(raw)
        if not await self._opened():
            return False
        handling = self._known.get(number)
        if handling is None:
            handling = self._known[number] = self._intake.take(raw)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        await handling.over.wait()
        if not handling.left.is_set():
            self._known.pop(number, None)
        return handling.left.is_set()

    async def _opened(self) -> bool:
        """A start may take a moment still; after a stop nothing is taken."""
        if not self._open.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._open.wait(), OPENING)
        return self._open.is_set() and not self._intake.stopped.is_set()

    def stop(self) -> None:
        """Take no more; `run` ends when what is in hand is handled."""
        self._intake.stopped.set()

    async def run(self) -> None:
        """Take updates and keep the webhook until stopped."""
        self._open.set()
        try:
            await self._keep()
            await self._intake.finish()
        finally:
            await self._intake.close()

    async def _keep(self) -> None:
        """Set it at once, since nobody can ask which secret Telegram has; then look whether it still stands."""
        wait, work = ERROR_WAIT, self._set
        while not self._intake.stopped.is_set():
            try:
                await self._while_not_stopped(work())
            except TelegramError as error:
                pause = pause_after(error, wait)
                _tell(error, pause)
                wait = min(wait * 2, LONGEST_ERROR_WAIT)
            else:
                pause, wait, work = LOOK_EVERY, ERROR_WAIT, self._look
            await self._intake.or_stopped(asyncio.sleep(pause), None)

    async def _while_not_stopped(self, work: Any) -> None:
        """A stop does not wait for a Telegram that is away."""
        task = asyncio.ensure_future(work)
        await self._intake.or_stopped(asyncio.wait({task}), None)
        if task.done():
            task.result()
        task.cancel()

    async def _set(self) -> None:
        await self._bot.set_webhook(
            self._address.url,
            secret_token=self._address.secret.reveal(),
            max_connections=CONNECTIONS,
            allowed_updates=KINDS,
            drop_pending_updates=False,  # what was asked while the bot was down is answered
        )
        log.info("webhook_set", host=urlsplit(self._address.url).hostname)

    async def _look(self) -> None:
        found = await self._bot.get_webhook_info()
        news = found.last_error_date is not None and found.last_error_date != self._trouble
        if not self._stands(found):
            # Not its whole address: somebody else's may hold a token.
            log.warning("webhook_was_changed", host=urlsplit(found.url).hostname, why="another process has this token")
            await self._set()
        elif news and self._looked and REFUSED in (found.last_error_message or ""):
            await self._set()  # with another secret, which nobody can ask for, it looks as it should
        if news and (self._looked or found.pending_update_count):  # at the first look it may be of before the start
            log.warning("webhook_in_trouble", error=found.last_error_message, waiting=found.pending_update_count)
        self._looked, self._trouble = True, found.last_error_date

    def _stands(self, found: WebhookInfo) -> bool:
        return (
            found.url == self._address.url
            and found.max_connections == CONNECTIONS
            and set(found.allowed_updates) == set(KINDS)
        )


def _number(raw: Mapping[str, Any]) -> int:
    number = raw.get("update_id")
    if not isinstance(number, int) or isinstance(number, bool):
        raise ValueError("an update has a number")
    return number


def _tell(error: TelegramError, pause: float) -> None:
    if isinstance(error, BadRequest):
        log.error("webhook_refused", why=error.message, right="a WEBHOOK_URL that Telegram can reach", wait=pause)
    else:
        log.warning("telegram_away", error=f"{type(error).__name__}: {error}", wait=pause)
