"""A notice as its chats read it, rendered once for all who read the same within a second."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime

from telegram import InlineKeyboardMarkup

from bot.delivery.jobs import Job
from bot.rules.notices import Change, Delivery, Notice, Wish


@dataclass(frozen=True, slots=True)
class Rendered:
    """A notice as one chat reads it, and the changes that its text names, with the states of now."""

    text: str  # Telegram HTML
    told: tuple[Change, ...]
    keyboard: InlineKeyboardMarkup | None = None
    edit: str | None = None  # what the messages found wrong are changed to


Render = Callable[[Notice, Delivery, Wish | None, str | None, datetime], Rendered | None]
"""From (notice, delivery, what its chat wishes, the language it chose, now) to the message; None where none of it is
still true. The wish is None where the chat subscribes to nothing of it. Of the delivery it reads what is told, and
what is corrected by it: who else is owed the same reads the same.
"""


class Renderings:
    """What was rendered in this second, from the board of the newest report."""

    def __init__(self, render: Render) -> None:
        self._render = render
        self._of: Hashable = None
        self._made: dict[Hashable, Rendered | None] = {}

    def of(self, job: Job, version: int, now: datetime) -> Rendered | None:
        """The message of a job, by the report of this number; None where there is nothing to tell any more."""
        delivery = job.delivery
        if job.notice is None or not delivery.changes:
            return None
        if (of := (version, now.replace(microsecond=0))) != self._of:
            self._of, self._made = of, {}
        corrects = delivery.corrects[-1].at if delivery.corrects else None
        same = (job.notice.id, delivery.changes, corrects, job.wish, job.language)
        if same not in self._made:
            self._made[same] = self._render(job.notice, delivery, job.wish, job.language, now)
        return self._made[same]
