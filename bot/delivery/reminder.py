"""Asks staff what is due, in the answers' lane, while this process is the one that sends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from telegram import InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode

from bot.clock import Clock
from bot.delivery.fate import Verdict, fate
from bot.delivery.progress import RenderAnswer
from bot.office.reminding import Reminding
from bot.rules.reminders import Reminder
from bot.store.errors import DatabaseAway

LOOK_EVERY = 2.0  # seconds

log = structlog.get_logger(__name__)


class Asker(Protocol):
    """The bot, as far as questions need it."""

    async def send_message(
        self,
        chat_id: int,
        text: str,
        *,
        parse_mode: str | None = None,
        reply_markup: InlineKeyboardMarkup | None = None,
        link_preview_options: Any = None,
    ) -> Any: ...


@dataclass
class ReminderKeeper:
    """`run` it as a task until it is cancelled."""

    reminding: Reminding
    bot: Asker
    render: RenderAnswer
    clock: Clock
    at_work: Callable[[], bool]
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep

    async def run(self) -> None:
        while True:
            try:
                await self.look()
            except DatabaseAway:
                log.debug("reminders_wait_for_database")
            except Exception:
                log.exception("reminders_failed")
            await self.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """One round over what is due."""
        for reminder in await self.reminding.due() if self.at_work() else ():
            for chat in reminder.to:
                await self._ask(reminder, chat)

    async def _ask(self, reminder: Reminder, chat: int) -> None:
        """It is written down first: a crash may swallow a question, but nobody is asked twice."""
        if not self.at_work() or not await self.reminding.asking(reminder, chat):
            return
        text, keyboard = self.render(await self.reminding.question(reminder, chat))
        try:
            await self.bot.send_message(
                chat,
                text,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except Exception as error:
            await self._failed(reminder, chat, error)
        else:
            log.info("staff_asked", question=reminder.kind, chat=chat)

    async def _failed(self, reminder: Reminder, chat: int, error: Exception) -> None:
        end = fate(error, now := self.clock(), 1, now)
        if end.verdict is Verdict.LATER:
            await self.reminding.not_asked(reminder, chat)
        elif end.bug:
            log.error("staff_not_asked", question=reminder.kind, chat=chat, exc_info=error)
        else:
            log.info("staff_not_asked", question=reminder.kind, chat=chat, error=str(error))
