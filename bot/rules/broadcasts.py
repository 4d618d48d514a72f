"""How far notices have come: what was sent, what waits, how fast it goes, when it will be done."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.rules.notices import UNDER_WAY, DeliveryStatus, Notice

SENDER = "sender"  # the lease whose holder sends
EDIT_EVERY = timedelta(seconds=3)  # between two edits in one chat, so that its answers always find room


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the sending process sends."""

    a_second: float
    rests_until: datetime | None = None  # Telegram asked to wait so long


class Phase(enum.StrEnum):
    """Where a broadcast stands."""

    SCHEDULED = "scheduled"  # the hold or the quiet hours are not over
    LISTING = "listing"  # its deliveries are being made
    SENDING = "sending"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One notice with the deliveries of it, counted."""

    notice: Notice
    counts: Mapping[DeliveryStatus, int] = field(default_factory=dict)
    repeats: int = 0  # tries after one whose outcome was not known
    errors: tuple[tuple[str, int], ...] = ()  # why deliveries were given up, the most frequent first

    def of(self, *statuses: DeliveryStatus) -> int:
        return sum(self.counts.get(status, 0) for status in statuses)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def sent(self) -> int:
        return self.of(DeliveryStatus.SENT)

    @property
    def waiting(self) -> int:
        return self.of(*UNDER_WAY)

    @property
    def percent(self) -> int:
        """How much of it has ended; 100 only when all has."""
        return (self.total - self.waiting) * 100 // self.total if self.total else 100

    def phase(self, now: datetime) -> Phase:
        if self.notice.released_at and not self.waiting:
            return Phase.DONE
        if self.notice.paused:
            return Phase.STOPPED
        if self.notice.released_at:
            return Phase.SENDING
        return Phase.SCHEDULED if self.notice.release_at > now else Phase.LISTING


def ends(broadcasts: Iterable[Broadcast], pace: Pace | None, now: datetime) -> dict[int, datetime]:
    """When those that go on will be done, by notice: they are sent one after the other."""
    if pace is None or pace.a_second <= 0:
        return {}
    at = max(now, pace.rests_until or now)
    found = {}
    for one in sorted(broadcasts, key=lambda one: (one.notice.release_at, one.notice.id)):
        if one.phase(now) is Phase.SENDING:
            at += timedelta(seconds=one.waiting / pace.a_second)
            found[one.notice.id] = at
    return found


@dataclass(frozen=True, slots=True)
class ProgressMessage:
    """A message in a staff chat that shows progress and is edited, not repeated."""

    chat: int
    message: int
    report: int | None  # whose notices it shows; None: all in progress
    edited_at: datetime
    shown: str | None = None  # a mark of what stands there; None: not known


def may_be_edited(messages: Sequence[ProgressMessage], now: datetime) -> tuple[ProgressMessage, ...]:
    """Those in chats where nothing was edited for a while, the longest unchanged first."""
    resting = {one.chat for one in messages if now - one.edited_at < EDIT_EVERY}
    return tuple(sorted((one for one in messages if one.chat not in resting), key=lambda one: one.edited_at))
