"""Writes down what became of each try to deliver, soon after Telegram answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from telegram.error import RetryAfter

from bot.delivery.fate import Fate, Verdict
from bot.delivery.jobs import Job
from bot.rules.catalogue import State
from bot.rules.notices import PLANS, Change, Delivery, DeliveryStatus, NoticeKind, Settlement
from bot.store.errors import DatabaseAway
from bot.store.store import Store

GATHER = 0.06  # seconds: answers of this time are written together; with two writes it stays under 100 ms
AWAY_WAIT, LONGEST_AWAY_WAIT = 0.25, 1.0  # short: what waits here would be unknown after a crash

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A settlement, and the chat that it is about."""

    settlement: Settlement
    chat: int


def sent(job: Job, kind: NoticeKind, message: int | None, told: tuple[Change, ...], now: datetime) -> Settlement:
    """Telegram has it; `told` are the changes as the text named them.

    An outage or a plan fulfils no wish; with one that never was, the wish to hear of its end is done.
    """
    up = () if kind in (NoticeKind.OUTAGE, *PLANS) else told
    over = State.UNKNOWN if kind is NoticeKind.WITHDRAWAL else State.AVAILABLE
    return Settlement(
        job.delivery.id,
        DeliveryStatus.SENT,
        now,
        message=message,
        ended=tuple((change.step, change.counter) for change in up if change.now is over),
        limited=tuple((change.step, change.counter) for change in up if change.now is State.LIMITED),
        told=told if job.narrowed or told != job.delivery.changes else None,
    )


def failed(delivery: Delivery, error: Exception, fate: Fate, now: datetime) -> Settlement:
    """Telegram refused it, or nobody knows."""
    status = {
        Verdict.DONE: DeliveryStatus.SENT,
        Verdict.GONE: DeliveryStatus.GONE,
        Verdict.FAILED: DeliveryStatus.FAILED,
    }.get(fate.verdict, DeliveryStatus.WAITING)
    return Settlement(
        delivery.id,
        status,
        now,
        # A flood wait holds the whole lane, so that the delivery may keep its place in the order.
        due_at=None if isinstance(error, RetryAfter) else fate.at,
        error=f"{type(error).__name__}: {error}",
        unknown=fate.verdict is Verdict.UNKNOWN,
        move_to=fate.chat,
    )


class Settler:
    """Gathers outcomes and writes them; what the database could not take is kept until it can."""

    def __init__(self, store: Store, settled: Callable[[], None]) -> None:
        self._store, self._settled = store, settled
        self._outcomes: list[Outcome] = []
        self._some = asyncio.Event()
        self._writing = asyncio.Lock()  # a stop flushes while `run` may be in the middle of it

    @property
    def pending(self) -> int:
        return len(self._outcomes)

    def add(self, outcome: Outcome) -> None:
        self._outcomes.append(outcome)
        self._some.set()

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._some.wait()
            await asyncio.sleep(GATHER)
            await self._write_gathered()  # what comes meanwhile gathers anew

    async def flush(self) -> None:
        """Write all there is; waits for a database that is away."""
        while self._outcomes:
            await self._write_gathered()

    async def _write_gathered(self) -> None:
        """What there is by now, however long the database is away."""
        wait = AWAY_WAIT
        async with self._writing:
            while batch := self._outcomes[:]:
                try:
                    await self._write(batch)
                except DatabaseAway:
                    log.warning("settling_waits", outcomes=len(batch), seconds=wait)
                    await asyncio.sleep(wait)
                    wait = min(wait * 2, LONGEST_AWAY_WAIT)
                else:
                    del self._outcomes[: len(batch)]
                    break
        if not self._outcomes:
            self._some.clear()
        self._settled()

    async def _write(self, batch: Sequence[Outcome]) -> None:
        """All in one transaction; where one of them cannot be written, the others still are."""
        try:
            await self._write_together(batch)
        except DatabaseAway:
            raise
        except Exception:
            log.exception("settling_failed", deliveries=[one.settlement.delivery for one in batch])
            if len(batch) > 1:
                for one in batch:
                    await self._write([one])

    async def _write_together(self, batch: Sequence[Outcome]) -> None:
        async with self._store.writing() as session:
            await session.settle([one.settlement for one in batch])
            for one in batch:
                if one.settlement.status is DeliveryStatus.GONE:
                    await session.end_chat(one.chat)
