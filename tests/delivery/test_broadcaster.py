"""Notices out, over a real database: each subscriber once, none lost, the order kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

import pytest
import structlog
from sqlalchemy import select
from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.delivery import broadcaster, lease, settling
from bot.delivery.broadcaster import Broadcaster
from bot.delivery.lease import Lease
from bot.delivery.pacing import NOTICE, Lanes
from bot.delivery.release import release
from bot.delivery.rendering import Render, Rendered
from bot.rules.broadcasts import Pace
from bot.rules.catalogue import State
from bot.rules.notices import Change, Delivery, DeliveryStatus, Notice, NoticeKind, Settlement, Wish
from bot.store import Store
from bot.store.errors import DatabaseAway
from bot.store.store import Session
from bot.store.tables import deliveries
from tests.patience import ANSWER
from tests.store.examples import KK, KTP, NOW, after, noticed, subscribed

Fault = Exception | Callable[[], None]


class Clock:
    """Stands still until it is told."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Telegram:
    """Records what it took; `faults` come in turn before it answers well. Calls pass the lanes as the bot's do."""

    def __init__(self, lanes: Lanes, *faults: Exception) -> None:
        self.sent: list[tuple[int, str]] = []
        self.faults = list(faults)
        self.edits: list[tuple[int, int]] = []
        self.edit_faults: list[Exception] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.under_way = 0
        self._lanes = lanes

    async def send_notice(
        self, chat: int, text: str, keyboard: InlineKeyboardMarkup | None = None, *, paid: bool = False
    ) -> int:
        async def call() -> dict[str, int]:
            self.under_way += 1
            if self.faults:
                raise self.faults.pop(0)
            await self.may_answer.wait()
            self.sent.append((chat, text))
            return {"message_id": len(self.sent)}

        answer = await self._lanes.process_request(call, (), {}, "sendMessage", {"chat_id": chat}, NOTICE)
        assert isinstance(answer, dict)
        return int(answer["message_id"])

    async def edit_notice(self, chat: int, message: int, text: str) -> None:
        async def call() -> bool:
            if self.edit_faults:
                raise self.edit_faults.pop(0)
            self.edits.append((chat, message))
            return True

        await self._lanes.process_request(call, (), {}, "editMessageText", {"chat_id": chat}, NOTICE)

    @property
    def told(self) -> list[int]:
        return [chat for chat, _ in self.sent]


def in_words(
    notice: Notice, delivery: Delivery, wish: Wish | None, language: str | None, now: datetime
) -> Rendered | None:
    text = f"{language}, {wish}: {', '.join(f'{change.step} {change.now}' for change in delivery.changes)}"
    return Rendered(text, delivery.changes)


class House:
    """A broadcaster with all that it works on."""

    def __init__(self, store: Store, *faults: Exception, rate: float = 1000) -> None:
        self.store = store
        self.clock = Clock()
        self.lanes = Lanes(rate)
        self.telegram = Telegram(self.lanes, *faults)
        self.render: Render = in_words
        self.broadcaster = self.another()

    def another(self) -> Broadcaster:
        return Broadcaster(self.store, self.telegram, self.lanes, lambda *given: self.render(*given), self.clock)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.broadcaster.run())
        try:
            yield
        finally:
            self.broadcaster.stop()
            await task

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(ANSWER):
            while not condition():
                await asyncio.sleep(0.005)

    async def until_settled(self) -> None:
        """Until no delivery waits or is being sent, and no notice either."""
        async with asyncio.timeout(ANSWER):
            while await self._open():
                await asyncio.sleep(0.01)

    async def _open(self) -> bool:
        async with self.store.reading() as session:
            left = await session.unreleased_notices() or await session.unfinished_notices()
        return bool(left)


async def outbox(store: Store) -> list[Delivery]:
    async with store.reading() as session:
        rows = await session._connection.execute(select(deliveries).order_by(deliveries.c.id))
        return [
            Delivery(
                row.id,
                row.notice,
                row.chat,
                (),
                row.status,
                row.due_at,
                row.first_tried_at,
                row.attempts,
                row.repeats,
                row.unknown,
                row.message,
            )
            for row in rows
        ]


async def wishes(store: Store, *chats: int) -> list[tuple[int, str]]:
    async with store.reading() as session:
        return [(one.chat, one.step) for one in await session.subscriptions_of_chats(chats)]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcaster, "IDLE", 0.02)
    monkeypatch.setattr(broadcaster, "AWAY_WAIT", 0.01)
    monkeypatch.setattr(broadcaster, "RENEW_EVERY", 0.02)
    monkeypatch.setattr(settling, "GATHER", 0.005)
    monkeypatch.setattr(settling, "AWAY_WAIT", 0.01)


async def test_each_subscriber_is_told_once_in_the_order_of_subscription(store: Store, fresh: Store) -> None:
    chats = [5, 3, 9, 1, 7]
    for chat in chats:
        await subscribed(store, chat)
    await subscribed(store, 99, "kk")
    notice = await noticed(store, KTP)
    house = House(store)

    async with house.at_work():
        await house.until_settled()

    assert house.telegram.told == chats
    async with fresh.reading() as session:
        kept = await session.notice(notice.id)
        assert kept is not None
        assert kept.told == 5
        assert (await session.progress(notice.id))[DeliveryStatus.SENT] == 5
    assert [one.message for one in await outbox(fresh)] == [1, 2, 3, 4, 5]


async def test_a_chat_reads_of_what_it_asked_for_in_its_language(store: Store) -> None:
    await subscribed(store, 5, wish=Wish.ALWAYS)
    await subscribed(store, 7, "kk")
    await subscribed(store, 7)
    async with store.writing() as session:
        await session.remember_language(7, "en")
    await noticed(store, KTP, KK)
    house = House(store)

    async with house.at_work():
        await house.until_settled()

    assert house.telegram.sent == [
        (5, "None, always: ktp_cetak available"),
        (7, "en, once: ktp_cetak available, kk available"),
    ]


async def test_once_ends_when_its_step_was_told_and_always_lives(store: Store, fresh: Store) -> None:
    await subscribed(store, 5)
    await subscribed(store, 7, wish=Wish.ALWAYS)
    await noticed(store, KTP)
    house = House(store)

    async with house.at_work():
        await house.until_settled()

    assert await wishes(fresh, 5, 7) == [(7, "ktp_cetak")]


async def test_a_limited_return_leaves_once_alive(store: Store, fresh: Store) -> None:
    await subscribed(store, 5)
    await noticed(store, replace(KTP, now=State.LIMITED))
    house = House(store)

    async with house.at_work():
        await house.until_settled()

    async with fresh.reading() as session:
        assert [one.limited_told for one in await session.subscriptions_of(5)] == [True]


async def test_an_outage_goes_to_those_who_chose_it_and_ends_no_wish(store: Store, fresh: Store) -> None:
    await subscribed(store, 5)
    await subscribed(store, 7, outages=True)
    await noticed(store, Change("ktp_cetak", "kendari/kantor", State.AVAILABLE, State.LIMITED), kind=NoticeKind.OUTAGE)
    house = House(store)

    async with house.at_work():
        await house.until_settled()

    assert house.telegram.told == [7]
    assert await wishes(fresh, 5, 7) == [(5, "ktp_cetak"), (7, "ktp_cetak")]


async def test_a_notice_waits_for_its_time(store: Store) -> None:
    await subscribed(store, 5)
    await noticed(store, KTP, release_at=after(seconds=120))
    house = House(store)

    async with house.at_work():
        await asyncio.sleep(0.1)
        early = list(house.telegram.told)
        house.clock.at = after(seconds=121)
        house.broadcaster.nudge()
        await house.until_settled()

    assert early == []
    assert house.telegram.told == [5]


async def test_what_is_no_longer_true_is_dropped(store: Store, fresh: Store) -> None:
    await subscribed(store, 5)
    await noticed(store, KTP)
    house = House(store)
    house.render = lambda *_given: None

    async with house.at_work():
        await house.until_settled()

    assert house.telegram.told == []
    assert [one.status for one in await outbox(fresh)] == [DeliveryStatus.DROPPED]
    assert await wishes(fresh, 5) == [(5, "ktp_cetak")]


async def test_who_stopped_after_the_release_hears_nothing(store: Store) -> None:
    for chat in (1, 2, 3):
        await subscribed(store, chat)
    await noticed(store, KTP)
    house = House(store, RetryAfter(3600), rate=25)  # at which the second is not sent at once with the first
    async with house.at_work():
        await house.until(lambda: house.telegram.under_way == 1)
    async with store.writing() as session:
        await session.unsubscribe(2)

    house.clock.at = after(hours=2)
    house.lanes = Lanes(1000)
    house.telegram._lanes = house.lanes
    house.broadcaster = house.another()
    async with house.at_work():
        await house.until_settled()

    assert house.telegram.told == [1, 3]


async def test_a_blocked_chat_ends_its_subscriptions_and_stops_nobody(store: Store, fresh: Store) -> None:
    for chat in (1, 2):
        await subscribed(store, chat)
    await noticed(store, KTP)
    house = House(store, Forbidden("Forbidden: bot was blocked by the user"))

    async with house.at_work():
        await house.until_settled()

    assert house.telegram.told == [2]
    assert await wishes(fresh, 1) == []
    assert [one.status for one in await outbox(fresh)] == [DeliveryStatus.GONE, DeliveryStatus.SENT]


async def test_a_group_that_moved_is_told_under_its_new_id(store: Store, fresh: Store) -> None:
    await subscribed(store, -7471, wish=Wish.ALWAYS)
    await noticed(store, KTP)
    house = House(store, ChatMigrated(-1007471))

    async with house.at_work():
        await house.until_settled()

    assert house.telegram.told == [-1007471]
    assert await wishes(fresh, -7471, -1007471) == [(-1007471, "ktp_cetak")]


async def test_a_refusal_for_now_is_tried_again_later(store: Store, fresh: Store) -> None:
    await subscribed(store, 5)
    await noticed(store, KTP)
    house = House(store, NetworkError("Bad Gateway"))

    async with house.at_work():
        while not [one for one in await outbox(fresh) if one.attempts == 1 and one.status is DeliveryStatus.WAITING]:
            await asyncio.sleep(0.005)
        house.clock.at = after(seconds=4)
        await house.until_settled()

    assert house.telegram.told == [5]
    assert [(one.attempts, one.repeats) for one in await outbox(fresh)] == [(2, 0)]


async def test_an_unknown_outcome_is_repeated_after_the_others_and_counted(store: Store, fresh: Store) -> None:
    for chat in (1, 2, 3):
        await subscribed(store, chat)
    await noticed(store, KTP)
    house = House(store, TimedOut())

    async with house.at_work():
        await house.until(lambda: len(house.telegram.told) == 2)
        house.clock.at = after(seconds=4)
        await house.until_settled()

    assert house.telegram.told == [2, 3, 1]
    assert [(one.repeats, one.unknown) for one in await outbox(fresh)] == [(1, True), (0, False), (0, False)]


@pytest.mark.parametrize("error", [BadRequest("Bad Request: can't parse entities"), RuntimeError("a fault of ours")])
async def test_a_fault_of_ours_is_told_and_not_tried_again(store: Store, fresh: Store, error: Exception) -> None:
    await subscribed(store, 5)
    await noticed(store, KTP)
    house = House(store, error)

    with structlog.testing.capture_logs() as written:
        async with house.at_work():
            await house.until_settled()

    assert [one.status for one in await outbox(fresh)] == [DeliveryStatus.FAILED]
    assert ("notice_failed", "error") in [(line["event"], line["log_level"]) for line in written]


async def test_a_crash_loses_nobody_and_repeats_only_what_was_under_way(store: Store, fresh: Store) -> None:
    for chat in range(1, 31):
        await subscribed(store, chat)
    await noticed(store, KTP)
    crashed = House(store, rate=5)
    crashed.telegram.may_answer.clear()
    task = asyncio.create_task(crashed.broadcaster.run())
    await crashed.until(lambda: crashed.telegram.under_way >= 1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    left = [one.status for one in await outbox(fresh)]

    house = House(store)
    house.clock.at = after(seconds=9)
    async with house.at_work():
        await house.until_settled()

    assert left.count(DeliveryStatus.SENDING) == 8
    assert sorted(house.telegram.told) == list(range(1, 31))
    assert sum(one.repeats for one in await outbox(fresh)) == 8


async def test_a_stop_settles_what_is_in_hand_and_gives_back_what_was_not_begun(store: Store, fresh: Store) -> None:
    for chat in range(1, 21):
        await subscribed(store, chat)
    await noticed(store, KTP)
    house = House(store, rate=10)
    house.telegram.may_answer.clear()

    async with house.at_work():
        await house.until(lambda: house.telegram.under_way == 2)
        house.broadcaster.stop()
        await asyncio.sleep(0.05)
        house.telegram.may_answer.set()

    left = [one.status for one in await outbox(fresh)]
    assert left.count(DeliveryStatus.SENT) == house.telegram.under_way == len(house.telegram.told)
    assert left.count(DeliveryStatus.SENDING) == 0
    assert not any(one.unknown for one in await outbox(fresh))
    async with fresh.writing() as session:
        assert await session.take_lease("sender", "somebody else", NOW, after(seconds=8))


async def test_only_the_holder_of_the_lease_sends(store: Store) -> None:
    await subscribed(store, 5)
    await noticed(store, KTP)
    async with store.writing() as session:
        await session.take_lease("sender", "somebody else", NOW, after(seconds=8))
    house = House(store)

    async with house.at_work():
        await asyncio.sleep(0.1)
        meanwhile = list(house.telegram.told)
        house.clock.at = after(seconds=9)
        await house.until_settled()

    assert meanwhile == []
    assert house.telegram.told == [5]


async def test_a_lost_lease_stops_what_was_not_begun_and_leaves_it_to_the_next_holder(
    store: Store, fresh: Store
) -> None:
    for chat in range(1, 21):
        await subscribed(store, chat)
    await noticed(store, KTP)
    house = House(store, rate=10)
    house.telegram.may_answer.clear()

    async with house.at_work():
        await house.until(lambda: house.telegram.under_way == 2)
        house.clock.at = after(seconds=30)
        async with store.writing() as session:
            await session.take_lease("sender", "somebody else", house.clock.at, after(hours=1))
        await asyncio.sleep(0.4)
        house.telegram.may_answer.set()
        begun = house.telegram.under_way

    assert begun <= 3
    left = [one.status for one in await outbox(fresh)]
    assert left.count(DeliveryStatus.SENT) == begun
    assert left.count(DeliveryStatus.SENDING) == 15 - begun


async def test_who_stood_still_before_a_claim_takes_nothing_from_the_next_sender(store: Store, fresh: Store) -> None:
    for chat in range(1, 21):
        await subscribed(store, chat)
    await noticed(store, KTP)
    old, new = House(store), House(fresh, rate=8)  # of 20, at most 12 are in its hand
    stands_still, goes_on = asyncio.Event(), asyncio.Event()

    async def standing_still() -> None:
        stands_still.set()
        await goes_on.wait()

    old.broadcaster = Broadcaster(store, old.telegram, old.lanes, in_words, old.clock, catch_up=standing_still)
    new.clock.at = after(seconds=9)

    async with old.at_work():
        await stands_still.wait()
        async with new.at_work():
            await new.until(lambda: bool(new.telegram.told))
            goes_on.set()
            await new.until_settled()

    assert new.telegram.told == list(range(1, 21))
    assert old.telegram.told == []
    assert {one.status for one in await outbox(fresh)} == {DeliveryStatus.SENT}


async def test_a_lease_that_was_taken_over_does_not_stand_whatever_its_old_holder_believes(
    store: Store, fresh: Store
) -> None:
    mine, other = Lease(store, Clock()), Lease(fresh, Clock(after(seconds=9)))
    await mine.renew()
    async with store.writing() as session:
        stood = await mine.stands(session)
    await other.renew()
    believed = mine.held()

    async with store.writing() as session:
        stands = await mine.stands(session)

    assert (stood, believed, stands, mine.held()) == (True, True, False, False)


async def test_a_database_that_is_away_is_waited_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for chat in range(1, 6):
        await subscribed(store, chat)
    await noticed(store, KTP)
    away = dict.fromkeys(("take_lease", "recover_sending", "due_notice", "claim", "settle", "add_deliveries"), 2)
    for name in away:
        monkeypatch.setattr(Session, name, failing_first(getattr(Session, name), away, name))
    house = House(store)

    async with house.at_work():
        await house.until_settled()

    assert house.telegram.told == [1, 2, 3, 4, 5]
    assert set(away.values()) == {0}


async def test_a_settlement_that_cannot_be_written_spoils_no_other(
    store: Store, fresh: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for chat in (1, 2, 3):
        await subscribed(store, chat)
    await noticed(store, KTP)
    settle = Session.settle

    async def failing_for_the_second(self: Session, settlements: list[Settlement]) -> None:
        if any(one.message == 2 for one in settlements):
            raise ValueError("a fault of ours")
        await settle(self, settlements)

    monkeypatch.setattr(Session, "settle", failing_for_the_second)
    house = House(store)
    async with house.at_work():  # what is in hand is settled at its end
        await house.until(lambda: len(house.telegram.told) == 3)

    statuses = [one.status for one in await outbox(fresh)]
    assert statuses == [DeliveryStatus.SENT, DeliveryStatus.SENDING, DeliveryStatus.SENT]


async def test_a_fault_of_the_broadcaster_itself_is_told_and_it_goes_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcaster, "LONGEST_AWAY_WAIT", 0.01)
    await subscribed(store, 5)
    await noticed(store, KTP)
    faults = {"due_notice": 1, "take_lease": 1}
    for name in faults:
        failing = failing_first(getattr(Session, name), faults, name, ValueError("a fault of ours"))
        monkeypatch.setattr(Session, name, failing)
    house = House(store)

    with structlog.testing.capture_logs() as written:
        async with house.at_work():
            await house.until_settled()

    assert house.telegram.told == [5]
    assert {"broadcaster_failed", "lease_failed"} <= {line["event"] for line in written}


async def test_a_release_that_may_not_go_on_is_done_again_by_the_next_sender(store: Store, fresh: Store) -> None:
    for chat in (1, 2, 3):
        await subscribed(store, chat)
    notice = await noticed(store, KTP)
    async with store.writing() as session:
        await session.add_deliveries(notice.id, [(1, (KTP,))], NOW)

    assert await release(store, notice, NOW, lambda: False) is None
    assert await release(store, notice, NOW, lambda: True) == 3

    assert [one.chat for one in await outbox(fresh)] == [1, 2, 3]


async def test_in_a_long_flood_wait_the_outbox_is_left_alone_and_goes_on_afterwards(store: Store) -> None:
    for chat in range(1, 11):
        await subscribed(store, chat)
    await noticed(store, KTP)
    house = House(store, RetryAfter(6))
    seconds = 0.0
    house.lanes = house.telegram._lanes = Lanes(1000, now=lambda: seconds)
    house.broadcaster = house.another()

    async with house.at_work():
        await house.until(lambda: house.telegram.under_way == 1)
        await asyncio.sleep(0.2)
        attempts = [one.attempts for one in await outbox(store)]
        seconds = 7.0
        house.lanes.send_rate = house.lanes.pace = 1e9  # this clock stands still, so the pace must not wait for it
        await house.until_settled()

    assert max(attempts) == 1
    assert house.telegram.told == list(range(1, 11))


async def test_a_new_sender_keeps_the_flood_wait_that_the_one_before_met(store: Store, fresh: Store) -> None:
    before = Lease(store, Clock())
    await before.renew(Pace(25, after(seconds=4)))
    await before.drop()
    house = House(fresh)

    async with house.at_work():
        await house.until(lambda: house.broadcaster.at_work)

    assert house.lanes.pause_left() == pytest.approx(4, abs=0.5)


async def test_a_lease_is_renewed_dropped_and_taken_by_another(store: Store) -> None:
    clock = Clock()
    mine, other = Lease(store, clock), Lease(store, clock)

    assert await mine.renew()
    assert await mine.renew()
    assert not await other.renew()
    await mine.drop()
    assert await other.renew()

    assert (mine.held(), other.held()) == (False, True)
    assert (mine.term, other.term) == (1, 1)
    clock.at = NOW + lease.GOOD_FOR
    assert not other.held()


def failing_first(
    verb: Callable[..., object], left: dict[str, int], name: str, error: Exception | None = None
) -> Callable[..., object]:
    async def once_failing(*given: object) -> object:
        if left[name]:
            left[name] -= 1
            raise error or DatabaseAway(name)
        return await verb(*given)  # type: ignore[misc]

    return once_failing
