"""What is remembered of those who write to the bot."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime


class Aim(enum.StrEnum):
    """What a command wants that its intent does not say; it must not be lost while a question waits for its place."""

    ALWAYS = "always"  # to be told of every resumption
    HISTORY = "history"  # the last 90 days


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
    aim: Aim | None = None
    asked_in: str | None = None  # the language of the last question, where it was not the main one


@dataclass(frozen=True, slots=True)
class LastQuestion:
    """What a chat asked, without its words; `missed`: how many in a row were not understood."""

    chat: int
    intent: str | None
    services: Collection[str]
    at: datetime
    missed: int = 0
    aim: Aim | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An attempt at a staff command by somebody who may not; personal numbers are masked already."""

    at: datetime
    user: int
    what: str
