"""Sends what the outbox holds: claims, renders, sends and settles while this process holds the sender's lease."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import structlog
from telegram import InlineKeyboardMarkup

from bot.clock import Clock
from bot.delivery.fate import Verdict, fate
from bot.delivery.lease import RENEW_EVERY, Lease
from bot.delivery.pacing import LONGEST_PAUSE_IN_HAND, Lanes, NotTriedError
from bot.delivery.release import release, wanted
from bot.delivery.settling import Outcome, Settler, failed, sent
from bot.rules.notices import Change, Delivery, DeliveryStatus, Notice, Settlement, Subscription, Wish
from bot.store.errors import DatabaseAway
from bot.store.store import Session, Store

IDLE = 1.0  # seconds: other processes add notices too, so look once in a while
SHORTEST_REST = 0.02
AWAY_WAIT, LONGEST_AWAY_WAIT = 0.5, 5.0
FEWEST_IN_HAND, MOST_IN_HAND = 8, 256
LAST_SETTLING = 10.0  # seconds that a stop waits for a database that is away

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A notice as one chat reads it, and the changes that its text names, with the states of now."""

    text: str  # Telegram HTML
    told: tuple[Change, ...]
    keyboard: InlineKeyboardMarkup | None = None


Render = Callable[[Notice, Delivery, Wish, str | None, datetime], Rendered | None]
"""From (notice, delivery, what its chat wished, the language it chose, now) to the message; None where none of it is
still true."""


class Sender(Protocol):
    """The bot, as far as the broadcaster needs it; raises telegram.error.TelegramError."""

    async def send_notice(
        self, chat: int, text: str, keyboard: InlineKeyboardMarkup | None = None, *, paid: bool = False
    ) -> int: ...


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed delivery with what is needed to send it; its changes are those still wanted."""

    delivery: Delivery
    notice: Notice | None  # None: cancelled meanwhile
    language: str | None
    wish: Wish = Wish.ALWAYS  # `once` where nothing that the chat keeps hears of these changes


class Broadcaster:
    """`run` it as a task; `nudge` it when there is something new; `stop` it and await the task."""

    def __init__(
        self, store: Store, bot: Sender, lanes: Lanes, render: Render, clock: Clock, *, paid: bool = False
    ) -> None:
        self._store, self._bot, self._lanes, self._render, self._clock = store, bot, lanes, render, clock
        self._paid = paid
        self._lease = Lease(store, clock)
        self._settler = Settler(store, self.nudge)
        self._sending: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._stopping = False
        self._term = 0  # the term of the lease in which what was left `sending` was taken up
        self._claim_cut_off = False
        lanes.let_notices_pass_while(self._may_send)

    def nudge(self) -> None:
        """There may be something to send."""
        self._woken.set()

    def stop(self) -> None:
        """Send no more; `run` ends when what is in hand is settled."""
        self._stopping = True
        self.nudge()

    async def run(self) -> None:
        """Send until stopped."""
        keepers = [asyncio.create_task(self._keep_lease()), asyncio.create_task(self._settler.run())]
        try:
            wait = AWAY_WAIT
            while not self._stopping:
                try:
                    await self._step()
                    wait = AWAY_WAIT
                except DatabaseAway:
                    log.warning("outbox_waits_for_database", seconds=wait)
                    await self._rest(wait)
                    wait = min(wait * 2, LONGEST_AWAY_WAIT)
                except Exception:
                    log.exception("broadcaster_failed")
                    await self._rest(LONGEST_AWAY_WAIT)
            await self._finish()
        finally:
            for task in (*keepers, *self._sending):
                task.cancel()
            await asyncio.gather(*keepers, *self._sending, return_exceptions=True)

    async def _keep_lease(self) -> None:
        while True:
            term = self._lease.term
            try:
                await self._lease.renew()
            except DatabaseAway:
                log.warning("lease_not_renewed")
            except Exception:
                log.exception("lease_failed")
            if self._lease.term != term:
                log.info("sender_takes_over")
                self.nudge()
            await asyncio.sleep(RENEW_EVERY)

    async def _step(self) -> None:
        """One look at the outbox, and a rest where there is nothing to do."""
        if not self._lease.held():
            return await self._rest(IDLE)
        if self._term != self._lease.term or self._claim_cut_off:
            return await self._take_over()
        if (pause := self._lanes.pause_left()) > LONGEST_PAUSE_IN_HAND:
            return await self._rest(min(pause, IDLE))
        now = self._clock()
        notice, next_at = await self._look(now)
        if notice is not None:
            await release(self._store, notice, now, self._may_send)
        elif next_at is None or next_at > now:
            await self._rest(min(IDLE, (next_at - now).total_seconds()) if next_at else IDLE)
        elif self._room() < self._most_in_hand() // 2:
            await self._rest(IDLE)
        else:
            await self._take_up(now)
        return None

    async def _take_over(self) -> None:
        """What is left `sending` has an unknown outcome, once nothing of it is in this process's own hand."""
        if self._in_hand():
            return await self._rest(IDLE)
        term = self._lease.term
        async with self._store.writing() as session:
            recovered = await session.recover_sending(self._clock())
        if recovered:
            log.warning("outcome_unknown_after_crash", deliveries=recovered)
        self._term, self._claim_cut_off = term, False
        return None

    async def _look(self, now: datetime) -> tuple[Notice | None, datetime | None]:
        """A notice that is due for release, and when the next thing is due."""
        async with self._store.reading() as session:
            notice = await session.due_notice(now)
            dues = [one.release_at for one in await session.unreleased_notices()]
            if (due := await session.next_due()) is not None:
                dues.append(due)
        return notice, min(dues, default=None)

    async def _take_up(self, now: datetime) -> None:
        """Claim a batch and start sending it."""
        if not self._may_send():
            return
        self._claim_cut_off = True  # a claim whose commit fails may have been kept
        async with self._store.writing() as session:
            jobs = await _prepare(session, await session.claim(now, self._room()))
        self._claim_cut_off = False
        for job in jobs:
            task = asyncio.create_task(self._deliver(job))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _deliver(self, job: Job) -> None:
        settlement = await self._try(job)
        # Without the lease the next holder has taken it as unknown; only what ended is news to it.
        if settlement.status is not DeliveryStatus.WAITING or self._lease.held():
            self._settler.add(Outcome(settlement, job.delivery.chat))
        else:
            self.nudge()

    async def _try(self, job: Job) -> Settlement:
        delivery, now = job.delivery, self._clock()
        try:
            rendered = self._rendered(job, now)
            if rendered is None or job.notice is None:
                return Settlement(delivery.id, DeliveryStatus.DROPPED, now)
            message = await self._bot.send_notice(delivery.chat, rendered.text, rendered.keyboard, paid=self._paid)
        except NotTriedError:
            return Settlement(delivery.id, DeliveryStatus.WAITING, now)  # keeps its place in the order
        except Exception as error:
            return self._failed(delivery, error)
        return sent(delivery, message, rendered.told, job.notice.kind, self._clock())

    def _rendered(self, job: Job, now: datetime) -> Rendered | None:
        if job.notice is None or not job.delivery.changes:
            return None
        return self._render(job.notice, job.delivery, job.wish, job.language, now)

    def _failed(self, delivery: Delivery, error: Exception) -> Settlement:
        now = self._clock()
        tries = delivery.repeats + 1 if delivery.unknown else delivery.attempts
        end = fate(error, now, tries, delivery.first_tried_at or now, random.random())  # noqa: S311 -- only jitter
        if end.verdict is Verdict.FAILED:
            log.log(
                logging.ERROR if end.bug else logging.WARNING, "notice_failed", delivery=delivery.id, exc_info=error
            )
        return failed(delivery, error, end, now)

    async def _finish(self) -> None:
        """What is on its way is awaited and settled; what was not begun goes back."""
        while self._sending:
            await asyncio.wait(self._sending)
        with contextlib.suppress(TimeoutError, DatabaseAway):
            async with asyncio.timeout(LAST_SETTLING):
                await self._settler.flush()
                await self._lease.drop()

    async def _rest(self, seconds: float) -> None:
        """Wait so long, or until nudged."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), max(seconds, SHORTEST_REST))
        self._woken.clear()

    def _may_send(self) -> bool:
        return self._lease.held() and self._term == self._lease.term and not self._stopping

    def _in_hand(self) -> int:
        return len(self._sending) + self._settler.pending

    def _most_in_hand(self) -> int:
        """About a second and a half of sending: enough to keep the pace, few enough to be rendered fresh."""
        return int(min(max(self._lanes.pace * 1.5, FEWEST_IN_HAND), MOST_IN_HAND))

    def _room(self) -> int:
        return self._most_in_hand() - self._in_hand()


async def _prepare(session: Session, claimed: Sequence[Delivery]) -> list[Job]:
    """Add what is needed to send them; in the claim's own transaction, so that none is left claimed without a job."""
    chats = {delivery.chat for delivery in claimed}
    notices = {number: await session.notice(number) for number in {delivery.notice for delivery in claimed}}
    languages = await session.languages_of(chats)
    subscriptions = await session.subscriptions_of_chats(chats)
    jobs = []
    for delivery in claimed:
        notice = notices[delivery.notice]
        theirs = [one for one in subscriptions if one.chat == delivery.chat]
        changes = wanted(delivery.changes, theirs, notice.kind) if notice else ()
        jobs.append(Job(replace(delivery, changes=changes), notice, languages.get(delivery.chat), _wish(theirs)))
    return jobs


def _wish(subscriptions: Sequence[Subscription]) -> Wish:
    """How a message to this chat ends: with the end of its subscription only where that is all it had."""
    return Wish.ONCE if all(one.wish is Wish.ONCE for one in subscriptions) else Wish.ALWAYS
