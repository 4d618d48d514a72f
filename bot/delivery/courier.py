"""Takes one delivery to its chat: renders it, changes what was wrong, sends it, and says what became of it."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import replace
from typing import Protocol

import structlog
from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest, TelegramError

from bot.clock import Clock
from bot.delivery.fate import Verdict, fate
from bot.delivery.jobs import Job
from bot.delivery.pacing import NotTriedError
from bot.delivery.rendering import Render, Rendered, Renderings
from bot.delivery.settling import failed, sent
from bot.rules.notices import Delivery, DeliveryStatus, Settlement

log = structlog.get_logger(__name__)

# Which notice the task that stands at the gate wants to send, and the newest report when its message was rendered.
_in_turn: ContextVar[int] = ContextVar("notice", default=0)
_made_of: ContextVar[int | None] = ContextVar("made of", default=None)


class Sender(Protocol):
    """The bot, as far as notices need it; raises telegram.error.TelegramError."""

    async def send_notice(
        self, chat: int, text: str, keyboard: InlineKeyboardMarkup | None = None, *, paid: bool = False
    ) -> int: ...

    async def edit_notice(self, chat: int, message: int, text: str) -> None: ...


class Courier:
    """Carries claimed deliveries, each in a task of its own."""

    def __init__(self, bot: Sender, render: Render, clock: Clock, version: Callable[[], int], *, paid: bool) -> None:
        """`version`: the number of the newest report."""
        self.channel: int | None = None  # the chat of the office's public channel
        self._bot, self._renderings, self._clock, self._version = bot, Renderings(render), clock, version
        self._paid = paid

    def in_turn(self) -> int:
        """The notice that the task which stands at the gate wants to send."""
        return _in_turn.get()

    def is_fresh(self) -> bool:
        """Whether nothing was reported since the task at the gate rendered its message; else it is rendered anew."""
        return _made_of.get() in (None, self._version())

    async def carry(self, job: Job) -> Settlement:
        """To the chat, if it is still true; what became of it. It waits where the gate was closed to it."""
        _in_turn.set(job.delivery.notice)
        delivery, now = job.delivery, self._clock()
        try:
            _made_of.set(version := self._version())
            rendered = self._renderings.of(job, version, now)
            if rendered is None or job.notice is None:
                return Settlement(delivery.id, DeliveryStatus.DROPPED, now)
            if unchanged := await self._correct(job, rendered):
                return unchanged
            message = await self._send(delivery, rendered)
        except NotTriedError:
            return Settlement(delivery.id, DeliveryStatus.WAITING, now)  # keeps its place in the order
        except Exception as error:
            return self._failed(delivery, error)
        return sent(job, job.notice.kind, message, rendered.told, self._clock())

    async def _correct(self, job: Job, rendered: Rendered) -> Settlement | None:
        """Change the messages found wrong. A refusal stops nothing; where it failed for now, all is tried again."""
        wrong = [told.message for told in job.delivery.corrects if told.message is not None]
        for message in wrong if rendered.edit else ():
            try:
                await self._bot.edit_notice(job.delivery.chat, message, rendered.edit or "")
            except BadRequest as error:
                log.info("notice_not_changed", delivery=job.delivery.id, error=error.message)
            except TelegramError as error:
                return replace(self._failed(job.delivery, error), unknown=False)  # changing it again does no harm
        return None

    async def _send(self, delivery: Delivery, rendered: Rendered) -> int | None:
        """The message's id; in the channel the changed post is the correction."""
        if rendered.edit and delivery.chat == self.channel:
            return None
        return await self._bot.send_notice(delivery.chat, rendered.text, rendered.keyboard, paid=self._paid)

    def _failed(self, delivery: Delivery, error: Exception) -> Settlement:
        now = self._clock()
        tries = delivery.repeats + 1 if delivery.unknown else delivery.attempts
        end = fate(error, now, tries, delivery.first_tried_at or now, random.random())  # noqa: S311 -- only jitter
        if end.verdict is Verdict.FAILED:
            log.log(
                logging.ERROR if end.bug else logging.WARNING, "notice_failed", delivery=delivery.id, exc_info=error
            )
        return failed(delivery, error, end, now)
