"""What a staff member is shown before a report is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.rules.reports import Assertion, Author


@dataclass(frozen=True, slots=True)
class Preview:
    """A report in waiting: published by `Terbitkan`, closed by anything else."""

    id: str
    chat: int
    by: Author
    made_at: datetime
    expires_at: datetime
    assertions: tuple[Assertion, ...]
    fingerprint: str  # of the steps it concerns as they stood when it was made
    command: str  # what the staff member typed
    message: int | None = None  # the Telegram message that shows it
    closed: str | None = None  # why it can no longer be published

    def __post_init__(self) -> None:
        if self.made_at.tzinfo is None or self.expires_at.tzinfo is None:
            raise ValueError("a Preview needs aware times")
