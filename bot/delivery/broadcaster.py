"""Empties the outbox while this process holds the sender's lease: releases, claims, has it carried, has it settled."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.delivery.courier import Courier, Sender
from bot.delivery.jobs import Job, MayGo, at_once, prepare
from bot.delivery.lease import RENEW_EVERY, Lease
from bot.delivery.pacing import GLANCE, LONGEST_PAUSE_IN_HAND, Lanes
from bot.delivery.release import early_posts, post, release, waits
from bot.delivery.rendering import Render
from bot.delivery.settling import Outcome, Settler
from bot.delivery.stops import Stops
from bot.rules.broadcasts import Pace
from bot.rules.notices import DeliveryStatus, Notice
from bot.store.errors import DatabaseAway
from bot.store.store import Store

IDLE = 1.0  # seconds: other processes add notices too, so look once in a while
SHORTEST_REST = 0.02
WHILE_SENDING = timedelta(seconds=0.25)  # between two looks whether what is to be set right is still being told
AWAY_WAIT, LONGEST_AWAY_WAIT = 0.5, 5.0
FEWEST_IN_HAND, MOST_IN_HAND = 8, 600
BATCH = 200  # worth a claim at a high pace: what is in hand still lasts while it is made
LAST_SETTLING = 10.0  # seconds that a stop waits for a database that is away

log = structlog.get_logger(__name__)


async def _nothing_newer() -> None:
    """Where no other process reports."""


class Broadcaster:
    """`run` it as a task; `nudge` it when there is something new; `stop` it and await the task."""

    def __init__(
        self,
        store: Store,
        bot: Sender,
        lanes: Lanes,
        render: Render,
        clock: Clock,
        *,
        paid: bool = False,
        may_go: MayGo = at_once,
        version: Callable[[], int] = lambda: 0,
        catch_up: Callable[[], Awaitable[None]] = _nothing_newer,
    ) -> None:
        self._store, self._lanes, self._clock = store, lanes, clock
        self._may_go, self._catch_up = may_go, catch_up
        self._courier = Courier(bot, render, clock, version, paid=paid)
        self._lease = Lease(store, clock)
        self._settler = Settler(store, self.nudge)
        self._sending: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._stopping = False
        self._term = 0  # the term of the lease in which what was left `sending` was taken up
        self._claim_cut_off = False
        self._posted: set[int] = set()  # notices that the channel reads before their release
        self._put_off: dict[int, datetime] = {}  # notices that wait for what is being sent, and until when
        self._stops = Stops(store)
        lanes.let_notices_pass_while(self._may_pass)

    @property
    def channel(self) -> int | None:
        """The chat of the office's public channel."""
        return self._courier.channel

    @channel.setter
    def channel(self, chat: int | None) -> None:
        self._courier.channel = chat

    @property
    def at_work(self) -> bool:
        """Whether this process is the one that sends."""
        return self._lease.held() and not self._stopping

    def nudge(self) -> None:
        """There may be something to send."""
        self._woken.set()

    def stop(self) -> None:
        """Send no more; `run` ends when what is in hand is settled."""
        self._stopping = True
        self.nudge()

    async def run(self) -> None:
        """Send until stopped."""
        kept = (self._keep_lease(), self._settler.run(), self._stops.watch(lambda: bool(self._sending)))
        keepers = [asyncio.create_task(work) for work in kept]
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
                await self._lease.renew(self._pace())
            except DatabaseAway:
                log.warning("lease_not_renewed")
            except Exception:
                log.exception("lease_failed")
            if self._lease.term != term:
                log.info("sender_takes_over")
                if (until := self._lease.rests_until) is not None:
                    self._lanes.rest((until - self._clock()).total_seconds())
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
        if await self._stops.shelve():
            self.nudge()  # there may be more of it; what is not stopped is sent meanwhile
        now = self._clock()
        notice, next_at = await self._look(now)
        if notice is not None:
            await self._release(notice, now)
        elif next_at is None or next_at > now:
            await self._rest(min(IDLE, (next_at - now).total_seconds()) if next_at else IDLE)
        elif not self._room_for_batch():
            await self._until_room()
        else:
            await self._take_up(now)
            await self._until_room()
        return None

    async def _take_over(self) -> None:
        """What is left `sending` has an unknown outcome, once nothing of it is in this process's own hand."""
        if self._in_hand():
            return await self._rest(IDLE)
        term = self._lease.term
        async with self._store.writing() as session:
            if not await self._lease.stands(session):  # what is `sending` is then in the hand of another
                return None
            recovered = await session.recover_sending(self._clock())
        if recovered:
            log.warning("outcome_unknown_after_crash", deliveries=recovered)
        self._term, self._claim_cut_off = term, False
        return None

    async def _look(self, now: datetime) -> tuple[Notice | None, datetime | None]:
        """A notice that is due for release, and when the next thing is due."""
        async with self._store.reading() as session:
            notice = await session.due_notice(now, [one for one, at in self._put_off.items() if at > now])
            unreleased = await session.unreleased_notices()
            due = await session.next_due(self._stops.notices)
        await self._post(unreleased, now)
        dues = [max(one.release_at, self._put_off.get(one.id, one.release_at)) for one in unreleased]
        return notice, min(dues if due is None else [*dues, due], default=None)

    async def _release(self, notice: Notice, now: datetime) -> None:
        """Put off in this process's memory alone: who sends next looks by itself whether it has to wait."""
        if await waits(self._store, notice):
            self._put_off[notice.id] = now + WHILE_SENDING
        else:
            self._put_off.pop(notice.id, None)
            await release(self._store, notice, now, self._may_send, self.channel)

    async def _post(self, unreleased: Sequence[Notice], now: datetime) -> None:
        early = [one for one in early_posts(unreleased, now) if one.id not in self._posted]
        for notice in early if self.channel is not None and self._may_send() else ():
            await post(self._store, notice, self.channel or 0)
            self._posted.add(notice.id)
            self.nudge()

    async def _take_up(self, now: datetime) -> None:
        """Claim a batch and start sending it."""
        if not self._may_send():
            return
        await self._catch_up()  # a board older than another process's report would find its notice untrue and drop it
        self._claim_cut_off = True  # a claim whose commit fails may have been kept
        async with self._store.writing() as session:
            # It may have lost the lease, or a pause may have begun, while this waited for its turn.
            if not await self._lease.stands(session) or self._lanes.pause_left() > LONGEST_PAUSE_IN_HAND:
                self._claim_cut_off = False
                return
            claimed = await session.claim(now, self._room(), self._stops.notices)
            jobs = await prepare(session, claimed, now, self._may_go, self.channel)
        self._claim_cut_off = False
        for job in jobs:
            task = asyncio.create_task(self._deliver(job))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _deliver(self, job: Job) -> None:
        settlement = await self._courier.carry(job)
        # Without the lease the next holder has taken it as unknown; only what ended is news to it.
        if settlement.status is not DeliveryStatus.WAITING or self._lease.held():
            self._settler.add(Outcome(settlement, job.delivery.chat))
        else:
            self.nudge()

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

    async def _until_room(self) -> None:
        """Wait until a batch may be claimed; at a high pace what is settled comes too often to look each time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(IDLE, GLANCE)):  # something else may be due meanwhile
                while not (self._room_for_batch() or self._stopping):
                    await self._woken.wait()
                    self._woken.clear()

    def _may_send(self) -> bool:
        return self._lease.held() and self._term == self._lease.term and not self._stopping

    def _may_pass(self) -> bool:
        """Asked at the gate, in the task of the delivery that stands there: what a newer report may have overtaken
        goes back to be rendered anew."""
        stopped = self._stops.stopped(self._courier.in_turn())
        return self._courier.is_fresh() and self._may_send() and not stopped

    def _pace(self) -> Pace:
        rest = self._lanes.pause_left()
        return Pace(self._lanes.pace, self._clock() + timedelta(seconds=rest) if rest else None)

    def _in_hand(self) -> int:
        return len(self._sending) + self._settler.pending

    def _most_in_hand(self) -> int:
        """About a second and a half of sending: enough to keep the pace, few enough to be rendered fresh."""
        return int(min(max(self._lanes.pace * 1.5, FEWEST_IN_HAND), MOST_IN_HAND))

    def _room_for_batch(self) -> bool:
        return self._room() >= min(self._most_in_hand() // 2, BATCH)

    def _room(self) -> int:
        return self._most_in_hand() - self._in_hand()
