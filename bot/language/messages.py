"""What is to be said, before any language: messages with parameters, buttons, answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.rules.catalogue import Opening, Text
from bot.rules.reports import Moment

Timed = datetime | Moment


@dataclass(frozen=True, slots=True)
class Message:
    """One text by its id, with what it speaks of; the id "" is an empty line."""

    id: str
    params: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the office's own catalogue, in the reader's language where it has them."""

    text: Text


@dataclass(frozen=True, slots=True)
class Listing:
    """Several values as one enumeration: "A, B, dan C"; with `either`, "A, B, atau C"."""

    items: tuple[Value, ...]
    either: bool = False


@dataclass(frozen=True, slots=True)
class Capital:
    """A value that begins a sentence."""

    value: Value


@dataclass(frozen=True, slots=True)
class Brief:
    """A time or day in few words: near days by their word alone, this year's without the year."""

    value: Timed | date


@dataclass(frozen=True, slots=True)
class DayMonth:
    """A day of these months, as short as it can be: "3 Feb"."""

    value: date


@dataclass(frozen=True, slots=True)
class DatePart:
    """Part of a date, by the id of its pattern: "Februari 2023"."""

    value: date
    pattern: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A time or day by its date alone: who reads it may do so on another day, to which "hari ini" would be wrong."""

    value: Timed


@dataclass(frozen=True, slots=True)
class Clock:
    """Only the hour of a time, with the zone: "15.00 WITA"."""

    value: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """The stretches of one day: "08.00–12.00 dan 13.00–15.00"."""

    openings: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Several messages inside another, each on its line: what a preview quotes."""

    messages: tuple[Message, ...]


Value = (
    str
    | int
    | time
    | date
    | Timed
    | Message
    | Words
    | Listing
    | Capital
    | Brief
    | DatePart
    | Dated
    | DayMonth
    | Clock
    | Hours
    | Lines
)


def say(message_id: str, /, **params: Value) -> Message:
    """A message by its id, its parameters as keywords."""
    return Message(message_id, params)


BLANK = Message("")


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap: asks the bot (`action`, callback data), or in another chat (`query`), or opens a `url`."""

    label: Message
    action: str | None = None
    url: str | None = None
    query: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that one reply says, a line a message, and the rows of buttons under it."""

    lines: tuple[Message, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    zone: ZoneInfo | None = None  # in which its times are told; None: the office's


def paragraphs(*answers: Answer) -> Answer:
    """Several answers as one message, an empty line between them and all their buttons below."""
    lines: list[Message] = []
    for spoken in filter(None, (answer.lines for answer in answers)):
        lines += [BLANK, *spoken] if lines else spoken
    zone = next((answer.zone for answer in answers if answer.zone), None)
    return Answer(tuple(lines), tuple(row for answer in answers for row in answer.buttons), zone)
