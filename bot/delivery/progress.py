"""Keeps the messages in which staff watch a broadcast true: edited when there is room, never in anybody's way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog
from telegram import InlineKeyboardMarkup

from bot.clock import Clock
from bot.delivery.fate import Verdict, fate
from bot.delivery.pacing import NotTriedError
from bot.language.messages import Answer
from bot.office.broadcasting import Broadcasting, Progress
from bot.rules.broadcasts import EDIT_EVERY, ProgressMessage, may_be_edited
from bot.store.errors import DatabaseAway

LOOK_EVERY = 1.0  # seconds
BETWEEN = 0.5  # seconds between two chats: beside `SEND_RATE` notices a second Telegram lets few other calls pass

log = structlog.get_logger(__name__)

RenderAnswer = Callable[[Answer], tuple[str, InlineKeyboardMarkup | None]]
"""From an answer to Telegram HTML and its buttons, in the language of staff."""


class Editor(Protocol):
    """The bot, as far as progress needs it; raises telegram.error.TelegramError or NotTriedError."""

    async def edit_progress(
        self, chat: int, message: int, text: str, keyboard: InlineKeyboardMarkup | None = None
    ) -> None: ...


@dataclass(slots=True)
class _Trouble:
    """A chat whose last edit failed."""

    since: datetime
    tries: int = 0
    until: datetime | None = None


@dataclass
class ProgressKeeper:
    """`run` it as a task until it is cancelled; only the process that sends does anything."""

    broadcasts: Broadcasting
    bot: Editor
    render: RenderAnswer
    clock: Clock
    at_work: Callable[[], bool]
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    _troubles: dict[int, _Trouble] = field(default_factory=dict)
    _edited: dict[int, datetime] = field(default_factory=dict)

    async def run(self) -> None:
        while True:
            try:
                await self.look()
            except DatabaseAway:
                log.debug("progress_waits_for_database")
            except Exception:
                log.exception("progress_failed")
            await self.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """One round over the messages: at most one edit in each chat."""
        if not self.at_work():
            return
        known: dict[Hashable, Progress] = {}  # counted once a round, however many watch
        for message in may_be_edited(await self.broadcasts.followed(), self.clock()):
            if self._rests(message.chat):
                continue
            shared = await self.broadcasts.shared(message)
            if shared not in known:
                known[shared] = await self.broadcasts.told(message)
            if await self._bring_up_to_date(message, known[shared]):
                self._edited[message.chat] = self.clock()
                await self.sleep(BETWEEN)

    def _rests(self, chat: int) -> bool:
        """Whether something was edited there just now, also where that was a message's last word."""
        now, trouble = self.clock(), self._troubles.get(chat)
        if trouble is not None and trouble.until is not None and now < trouble.until:
            return True
        return chat in self._edited and now - self._edited[chat] < EDIT_EVERY

    async def _bring_up_to_date(self, message: ProgressMessage, shows: Progress) -> bool:
        """Whether Telegram was asked for an edit."""
        if not self.at_work():
            return False
        if not shows.worth_telling or shows.mark == message.shown:
            if not shows.goes_on:
                await self.broadcasts.lost(message)
            return False
        await self._edit(message, shows)
        return True

    async def _edit(self, message: ProgressMessage, shows: Progress) -> None:
        text, keyboard = self.render(shows.answer)
        try:
            await self.bot.edit_progress(message.chat, message.message, text, keyboard)
        except NotTriedError:
            return  # an answer goes first
        except Exception as error:
            if not await self._failed(message, error):
                return
        self._troubles.pop(message.chat, None)
        await self.broadcasts.edited(message, shows)

    async def _failed(self, message: ProgressMessage, error: Exception) -> bool:
        """What becomes of an edit that failed; whether it is as good as done."""
        now = self.clock()
        trouble = self._troubles.setdefault(message.chat, _Trouble(now))
        trouble.tries += 1
        end = fate(error, now, trouble.tries, trouble.since)
        if end.verdict is Verdict.DONE:
            return True
        if end.verdict in (Verdict.LATER, Verdict.UNKNOWN):  # editing twice does no harm
            trouble.until = max(end.at or now, now + EDIT_EVERY)
            return False
        if end.bug:
            log.error("progress_not_shown", exc_info=error)
        self._troubles.pop(message.chat, None)
        await self.broadcasts.lost(message)  # deleted, or its reader is gone
        return False
