"""What becomes of an update: its turn within its chat, the work on it, and when it counts as handled."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

import structlog
from telegram import Update
from telegram.ext import Application, BaseHandler

from bot.metrics import HANDLING, UPDATES, UPDATES_FAILED
from bot.store.errors import DatabaseAway

KINDS = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
"""The updates that have a handler; what is left out of `allowed_updates` keeps Telegram's earlier value."""

OTHER = "other"

for _kind in (*KINDS, OTHER):  # there from the start, so that none at all is seen to be none
    UPDATES.labels(_kind)

SLOW = 1.0  # seconds after which an update is worth a line in the log
WINDOW = 5.0  # seconds that a reply is waited for before its update counts as handled
LOOK_AGAIN = 0.5
AWAY_WAIT, LONGEST_AWAY_WAIT = 0.5, 10.0
GRACE = 20.0  # seconds that a stop waits for what is in hand

log = structlog.get_logger(__name__)
_levels = logging.getLogger(__name__)


AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class OfficeApplication(AnyApplication):
    """python-telegram-bot's dispatcher, which here lets "the database is away" through to the inbox."""

    def add_handler(self, handler: BaseHandler[Any, Any, Any], group: int = 0) -> None:
        """As usual, but a handler that runs on its own would have its update confirmed before it is done."""
        if not handler.block:
            raise ValueError("a handler with block=False is not waited for")
        super().add_handler(handler, group)

    async def process_error(self, update: object | None, error: Exception, *args: Any, **kwargs: Any) -> bool:
        """The update's content stays out of the log; the error handlers apologise."""
        if isinstance(error, DatabaseAway):
            raise error
        number = update.update_id if isinstance(update, Update) else None
        log.error("update_failed", update=number, exc_info=error)
        UPDATES_FAILED.inc()
        return await super().process_error(update, error, *args, **kwargs)


class Handling:
    """One update in hand: `left` is set when it counts as handled, `over` also when it is given back."""

    __slots__ = ("began", "kind", "left", "over", "replies", "timer", "update_id")

    def __init__(self, update_id: int, kind: str) -> None:
        self.update_id, self.kind = update_id, kind
        self.began = time.perf_counter()
        self.left, self.over = asyncio.Event(), asyncio.Event()
        self.replies = 0  # replies under way
        self.timer: asyncio.TimerHandle | None = None

    def leave(self) -> None:
        if not self.left.is_set():
            self._tell(time.perf_counter() - self.began)
        self.left.set()
        self.over.set()

    def leave_in(self, seconds: float) -> None:
        self.timer = asyncio.get_running_loop().call_later(seconds, self._leave_if_replying)

    def _tell(self, took: float) -> None:
        HANDLING.observe(took)
        level = logging.INFO if took > SLOW else logging.DEBUG
        if level > logging.DEBUG or _levels.isEnabledFor(level):  # asked first: mostly nobody reads it
            log.log(level, "update_handled", update=self.update_id, kind=self.kind, seconds=round(took, 3))

    def stay(self) -> None:
        if self.timer is not None:
            self.timer.cancel()

    def _leave_if_replying(self) -> None:
        """The reply goes on outside the window, so that one slow chat cannot stop the rest."""
        if self.replies > 0:
            self.leave()
        else:
            self.leave_in(LOOK_AGAIN)


_current: ContextVar[Handling | None] = ContextVar("handling", default=None)


def replying(under_way: bool) -> None:
    """Told by the answer lane when a reply begins and ends, in the context of the handler that sends it.

    A handler does its work before it replies: only what is still replying may leave the window.
    """
    if (handling := _current.get()) is not None:
        handling.replies += 1 if under_way else -1


class Intake:
    """Handles updates for an initialized OfficeApplication, those of one chat in the order in which they are taken.

    `patience` is how many seconds an update is held for a database that is away before it is given back; None: until
    a stop.
    """

    def __init__(self, application: AnyApplication, *, grace: float, patience: float | None = None) -> None:
        self.tasks: set[asyncio.Task[None]] = set()
        self.stopped = asyncio.Event()
        self._application, self._grace, self._patience = application, grace, patience
        self._last_of: dict[int, Handling] = {}  # by chat: whom its next update waits for

    def take(self, raw: Mapping[str, Any]) -> Handling:
        """Start handling an update."""
        number = int(raw["update_id"])
        kind = next((kind for kind in KINDS if kind in raw), OTHER)
        UPDATES.labels(kind).inc()
        handling = Handling(number, kind)
        try:
            update = Update.de_json(dict(raw), self._application.bot)
            chat = _chat_of(update)
        except Exception as error:  # what it holds may be private, and so may the words of the error
            log.error("update_unreadable", update=number, error=type(error).__name__)
            UPDATES_FAILED.inc()
            handling.leave()
            return handling
        task = asyncio.create_task(self._handle(handling, update, self._last_of.get(chat)))
        self._last_of[chat] = handling
        self.tasks.add(task)
        task.add_done_callback(lambda _: self._forget(task, chat, handling))
        return handling

    def _forget(self, task: asyncio.Task[None], chat: int, handling: Handling) -> None:
        handling.over.set()
        self.tasks.discard(task)
        if self._last_of.get(chat) is handling:
            del self._last_of[chat]

    async def _handle(self, handling: Handling, update: Update, before: Handling | None) -> None:
        """After the one before it in the chat; what a stop finds not begun, or held back, Telegram sends again."""
        if before is not None:
            await self.or_stopped(before.over.wait(), None)
            if not before.left.is_set():
                return
        _current.set(handling)
        structlog.contextvars.bind_contextvars(update=handling.update_id)  # from the update to its answer
        handling.leave_in(WINDOW)
        try:
            if await self._process(update):
                handling.leave()
        finally:
            handling.stay()

    async def _process(self, update: Update) -> bool:
        """Whether it was handled; a database that is away holds it back."""
        wait, began = AWAY_WAIT, time.perf_counter()
        while True:
            try:
                await self._application.process_update(update)
            except DatabaseAway:
                log.warning("update_waits_for_database", update=update.update_id, seconds=wait)
            except Exception:
                log.exception("update_failed", update=update.update_id)
                UPDATES_FAILED.inc()
                return True
            else:
                return True
            held = time.perf_counter() - began  # the tries, too: a database that stands still lets each wait
            if self._patience is not None and held + wait > self._patience:
                return False
            await self.or_stopped(asyncio.sleep(wait), None)
            if self.stopped.is_set():
                return False
            wait = min(wait * 2, LONGEST_AWAY_WAIT)

    async def finish(self) -> None:
        """Wait for what is in hand, as long as the grace of a stop lasts."""
        if self.tasks:
            await asyncio.wait(self.tasks, timeout=self._grace)

    async def close(self) -> None:
        """Let go of what is in hand still."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def or_stopped(self, awaitable: Any, seconds: float | None) -> None:
        """Wait for this, for so long, or for a stop."""
        both = [asyncio.ensure_future(awaitable), asyncio.ensure_future(self.stopped.wait())]
        try:
            await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in both:
                one.cancel()
            await asyncio.gather(*both, return_exceptions=True)


def _chat_of(update: Update) -> int:
    """What keeps updates in order: the chat, or who tapped where no chat is told."""
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else update.update_id
