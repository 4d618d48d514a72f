"""What is remembered of those who write to the bot."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ChatNotes:
    """What a chat chose, and what it asked last."""

    language: str | None = None
    place: str | None = None
    intent: str | None = None
    services: tuple[str, ...] = ()
    asked_at: datetime | None = None
    missed: int = 0  # questions in a row that were not understood
    answered: int | None = None  # the message that answered the last question, where that matters: in groups


@dataclass(frozen=True, slots=True)
class LastQuestion:
    """What a chat asked, without its words; `missed`: how many in a row were not understood."""

    chat: int
    intent: str | None
    services: Collection[str]
    at: datetime
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """An attempt at a staff command by somebody who may not; personal numbers are masked already."""

    at: datetime
    user: int
    what: str
