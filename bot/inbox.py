"""Updates in: at least once, in order within a chat, many chats at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

import structlog
from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application, BaseHandler

from bot.store.errors import DatabaseAway
from bot.telegram_request import seconds_of

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""The updates that have a handler; what is left out of `allowed_updates` keeps Telegram's earlier value."""

BATCH = 100  # Telegram's most
MOST_IN_HAND = 256
LONG_POLL = 30  # seconds
WINDOW = 5.0  # seconds that a reply is waited for before its update counts as handled
ASK_AGAIN = 3.0  # asked for the same updates sooner, Telegram waits itself
A_LITTLE_MORE = 0.05  # others end meanwhile, and one request confirms them all
LOOK_AGAIN = 0.5
AWAY_WAIT, LONGEST_AWAY_WAIT = 0.5, 10.0
ERROR_WAIT, LONGEST_ERROR_WAIT = 1.0, 30.0
GRACE = 20.0  # seconds that a stop waits for what is in hand

log = structlog.get_logger(__name__)


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
        return await super().process_error(update, error, *args, **kwargs)


class _Handling:
    """One update in hand: `left` is set when it counts as handled."""

    __slots__ = ("left", "replies", "timer", "update_id")

    def __init__(self, update_id: int) -> None:
        self.update_id = update_id
        self.left = asyncio.Event()
        self.replies = 0  # replies under way
        self.timer: asyncio.TimerHandle | None = None

    def leave_in(self, seconds: float) -> None:
        self.timer = asyncio.get_running_loop().call_later(seconds, self._leave_if_replying)

    def stay(self) -> None:
        if self.timer is not None:
            self.timer.cancel()

    def _leave_if_replying(self) -> None:
        """The reply goes on outside the window, so that one slow chat cannot stop the rest."""
        if self.replies > 0:
            self.left.set()
        else:
            self.leave_in(LOOK_AGAIN)


_current: ContextVar[_Handling | None] = ContextVar("handling", default=None)


def replying(under_way: bool) -> None:
    """Told by the answer lane when a reply begins and ends, in the context of the handler that sends it.

    A handler does its work before it replies: only what is still replying may leave the window.
    """
    if (handling := _current.get()) is not None:
        handling.replies += 1 if under_way else -1


class Inbox:
    """Polls for an initialized OfficeApplication; `run` it as a task, `stop` it and await the task.

    The application's bot has `fetch_updates`. The offset moves past an update only when every one before it is handled.
    """

    def __init__(self, application: AnyApplication, *, grace: float = GRACE) -> None:
        self._application, self._grace = application, grace
        self._window: dict[int, _Handling] = {}  # from the first one that Telegram would send again, in order
        self._offset: int | None = None
        self._last_of: dict[int, _Handling] = {}  # by chat: whom its next update waits for
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """Ask for no more; `run` ends when what is in hand is handled and confirmed."""
        self._stopped.set()

    async def run(self) -> None:
        """Poll until stopped."""
        try:
            wait = ERROR_WAIT
            while not self._stopped.is_set():
                try:
                    await self._poll()
                    wait = ERROR_WAIT
                except TelegramError as error:
                    await self._after_error(error, wait)
                    wait = min(wait * 2, LONGEST_ERROR_WAIT)
            await self._finish()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _poll(self) -> None:
        first = self._first_unfinished()
        for raw in await self._fetch(0 if first else LONG_POLL):
            self._take(raw)
        if first := self._first_unfinished():
            await self._or_stopped(first.left.wait(), ASK_AGAIN)
            await asyncio.sleep(A_LITTLE_MORE)
        while len(self._tasks) >= MOST_IN_HAND:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def _fetch(self, wait: int) -> list[dict[str, Any]]:
        asked = asyncio.ensure_future(self._application.bot.fetch_updates(self._next_offset(), BATCH, wait, KINDS))
        try:
            await self._or_stopped(asyncio.wait({asked}), None)
            return asked.result() if asked.done() else []
        finally:
            asked.cancel()

    async def _after_error(self, error: TelegramError, wait: float) -> None:
        if isinstance(error, Conflict) and "webhook" in error.message:
            log.warning("webhook_removed", why="updates are fetched by polling here, since WEBHOOK_URL is not set")
            await self._application.bot.delete_webhook(drop_pending_updates=False)
            return
        if isinstance(error, Conflict):
            log.error(
                "another_process_polls", why="the same BOT_TOKEN is in use elsewhere; stop one of them", wait=wait
            )
        elif isinstance(error, InvalidToken):
            log.error("token_refused", why="Telegram does not know BOT_TOKEN (any more)", wait=wait)
        else:
            log.warning("telegram_away", error=f"{type(error).__name__}: {error}", wait=wait)
        await self._or_stopped(asyncio.sleep(seconds_of(error) if isinstance(error, RetryAfter) else wait), None)

    def _take(self, raw: Mapping[str, Any]) -> None:
        """Start handling an update, unless it is in hand already."""
        number = int(raw["update_id"])
        if number in self._window:
            return
        handling = self._window[number] = _Handling(number)
        try:
            update = Update.de_json(dict(raw), self._application.bot)
            chat = _chat_of(update)
        except Exception as error:  # what it holds may be private, and so may the words of the error
            log.error("update_unreadable", update=number, error=type(error).__name__)
            handling.left.set()
            return
        task = asyncio.create_task(self._handle(handling, update, self._last_of.get(chat)))
        self._last_of[chat] = handling
        self._tasks.add(task)
        task.add_done_callback(lambda _: self._forget(task, chat, handling))

    def _forget(self, task: asyncio.Task[None], chat: int, handling: _Handling) -> None:
        self._tasks.discard(task)
        if self._last_of.get(chat) is handling:
            del self._last_of[chat]

    async def _handle(self, handling: _Handling, update: Update, before: _Handling | None) -> None:
        """After the one before it in the chat; what a stop finds not begun, or held back, Telegram sends again."""
        if before is not None:
            await self._or_stopped(before.left.wait(), None)
            if not before.left.is_set():
                return
        _current.set(handling)
        handling.leave_in(WINDOW)
        try:
            if await self._process(update):
                handling.left.set()
        finally:
            handling.stay()

    async def _process(self, update: Update) -> bool:
        """Whether it was handled; a database that is away holds it back until a stop."""
        wait = AWAY_WAIT
        while True:
            try:
                await self._application.process_update(update)
            except DatabaseAway:
                log.warning("update_waits_for_database", update=update.update_id, seconds=wait)
            except Exception:
                log.exception("update_failed", update=update.update_id)
                return True
            else:
                return True
            await self._or_stopped(asyncio.sleep(wait), None)
            if self._stopped.is_set():
                return False
            wait = min(wait * 2, LONGEST_AWAY_WAIT)

    async def _finish(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._grace)
        offset = self._next_offset()
        if offset is None:
            return
        try:
            await self._application.bot.fetch_updates(offset, 1, 0, KINDS)
        except TelegramError as error:
            log.warning("last_updates_unconfirmed", error=type(error).__name__)

    def _first_unfinished(self) -> _Handling | None:
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

    async def _or_stopped(self, awaitable: Any, seconds: float | None) -> None:
        """Wait for this, for so long, or for a stop."""
        both = [asyncio.ensure_future(awaitable), asyncio.ensure_future(self._stopped.wait())]
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
