"""What was told is set right: the told, in order, once; the others hear nothing; and good news keeps its distance."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TimedOut

from bot.delivery import broadcaster, settling
from bot.delivery.rendering import Rendered
from bot.rules.catalogue import State
from bot.rules.corrections import Telling
from bot.rules.notices import Change, Delivery, DeliveryStatus, Notice, NoticeKind, Settlement, Wish
from bot.store import Store
from tests.delivery.test_broadcaster import House, in_words, outbox, wishes
from tests.patience import ANSWER
from tests.store.examples import KTP, NOW, after, noticed, reported, subscribed

FELL = replace(KTP, was=State.AVAILABLE, now=State.UNAVAILABLE)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcaster, "IDLE", 0.02)
    monkeypatch.setattr(broadcaster, "RENEW_EVERY", 0.02)
    monkeypatch.setattr(settling, "GATHER", 0.005)
    monkeypatch.setattr(broadcaster, "WHILE_SENDING", timedelta(0))


def correcting(notice: Notice, delivery: Delivery, wish: Wish | None, language: str | None, now: datetime) -> Rendered:
    said = f"{notice.kind} {wish}: {', '.join(f'{change.step} {change.now}' for change in delivery.changes)}"
    return Rendered(said, delivery.changes, edit="wrong" if notice.kind is NoticeKind.CORRECTION else None)


class Desk(House):
    """A broadcaster whose Telegram may refuse an edit."""

    def __init__(self, store: Store, *edit_faults: Exception) -> None:
        super().__init__(store)
        self.render = correcting
        self.telegram.edit_faults = list(edit_faults)

    @property
    def edits(self) -> list[tuple[int, int]]:
        return self.telegram.edits

    async def work(self) -> None:
        self.broadcaster = self.another()
        async with self.at_work():
            await self.until_settled()


async def told_half(store: Store, desk: Desk) -> Notice:
    """Two chats were told, two have yet to be."""
    for chat in (4, 3, 2, 1):
        await subscribed(store, chat)
    notice = await noticed(store, KTP)
    async with store.writing() as session:
        await session.add_deliveries(notice.id, [(4, (KTP,)), (3, (KTP,))], NOW)
    async with store.writing() as session:
        first, second = await session.claim(NOW, 2)
        ended = ((KTP.step, KTP.counter),)
        both = [
            Settlement(one.id, DeliveryStatus.SENT, NOW, message=70 + one.id, ended=ended) for one in (first, second)
        ]
        await session.settle(both)
    return notice


async def takes_back(store: Store, notice: Notice, *changes: Change) -> Notice:
    report = await reported(store)
    async with store.writing() as session:
        await session.cancel_notices(notice.report)
        return await session.add_notice(
            Notice(0, report.number, NoticeKind.CORRECTION, changes or (FELL,), NOW, NOW, about=notice.report)
        )


async def falls(store: Store, *kinds: NoticeKind) -> None:
    report = await reported(store)
    async with store.writing() as session:
        await session.overtake((FELL,))
        for kind in kinds:
            since = after(days=-1) if kind is NoticeKind.RELAPSE else None
            await session.add_notice(Notice(0, report.number, kind, (FELL,), NOW, NOW, since=since))


async def next_due(store: Store) -> datetime | None:
    async with store.reading() as session:
        return await session.next_due()


async def test_the_told_half_is_edited_and_corrected_and_waits_again(store: Store, fresh: Store) -> None:
    desk = Desk(store)
    notice = await told_half(store, desk)

    await takes_back(store, notice)
    await desk.work()

    said = "correction once: ktp_cetak unavailable"
    assert desk.telegram.sent == [(4, said), (3, said)]
    assert desk.edits == [(4, 71), (3, 72)]
    assert await wishes(fresh, 1, 2, 3, 4) == [(chat, "ktp_cetak") for chat in (4, 3, 2, 1)]


@pytest.mark.parametrize("refusal", ["message to edit not found", "message is not modified", "message can't be edited"])
async def test_an_edit_that_is_refused_stops_no_correction(store: Store, refusal: str) -> None:
    desk = Desk(store, BadRequest(refusal))
    await takes_back(store, await told_half(store, desk))

    await desk.work()

    assert desk.telegram.told == [4, 3]
    assert desk.edits == [(3, 72)]


@pytest.mark.parametrize("trouble", [NetworkError("Bad Gateway"), TimedOut()])
async def test_an_edit_that_failed_is_tried_again_and_the_correction_follows_once(
    store: Store, fresh: Store, trouble: Exception
) -> None:
    desk = Desk(store, trouble)
    await takes_back(store, await told_half(store, desk))

    async with desk.at_work():
        await desk.until(lambda: desk.telegram.told == [3])
        desk.clock.at = after(seconds=4)
        await desk.until_settled()

    assert desk.telegram.told == [3, 4]
    assert sorted(desk.edits) == [(3, 72), (4, 71)]
    assert not any(one.unknown for one in await outbox(fresh))


async def test_who_blocked_the_bot_is_not_corrected(store: Store, fresh: Store) -> None:
    desk = Desk(store, Forbidden("Forbidden: bot was blocked by the user"))
    await takes_back(store, await told_half(store, desk))

    await desk.work()

    assert desk.telegram.told == [3]
    assert await wishes(fresh, 4) == []


async def test_a_group_that_moved_is_corrected_under_its_new_id(store: Store) -> None:
    desk = Desk(store, ChatMigrated(-1004))
    await takes_back(store, await told_half(store, desk))

    await desk.work()

    assert sorted(desk.telegram.told) == [-1004, 3]


async def test_a_correction_of_what_is_true_again_is_not_told(store: Store, fresh: Store) -> None:
    desk = Desk(store)
    notice = await told_half(store, desk)
    await takes_back(store, notice)
    async with store.writing() as session:
        await session.overtake((KTP,))

    await desk.work()

    assert desk.telegram.sent == []
    assert await wishes(fresh, 3, 4) == []


async def test_a_relapse_reaches_the_told_who_are_spared_the_outage(store: Store, fresh: Store) -> None:
    desk = Desk(store)
    await told_half(store, desk)
    await subscribed(store, 4, wish=Wish.ALWAYS, outages=True)
    await subscribed(store, 9, outages=True)

    await falls(store, NoticeKind.RELAPSE, NoticeKind.OUTAGE)
    await desk.work()

    assert desk.telegram.sent == [
        (4, "relapse always: ktp_cetak unavailable"),
        (3, "relapse once: ktp_cetak unavailable"),
        (9, "outage once: ktp_cetak unavailable"),
    ]
    assert (3, "ktp_cetak") in await wishes(fresh, 3)


async def test_who_is_being_told_at_the_moment_of_the_relapse_hears_of_it_too(store: Store) -> None:
    await subscribed(store, 5)
    await noticed(store, KTP)
    desk = Desk(store)
    desk.telegram.may_answer.clear()

    async with desk.at_work():
        await desk.until(lambda: desk.telegram.under_way == 1)
        await falls(store, NoticeKind.RELAPSE)
        desk.broadcaster.nudge()
        await desk.until(lambda: bool(desk.broadcaster._put_off))
        async with store.reading() as session:
            (waits,) = await session.unreleased_notices()
        desk.telegram.may_answer.set()
        await desk.until_settled()

    assert waits.release_at == NOW  # else it would look as if staff had hurried it
    assert desk.telegram.sent == [
        (5, "resumption once: ktp_cetak available"),
        (5, "relapse once: ktp_cetak unavailable"),
    ]


async def test_who_may_have_been_told_is_set_right_too(store: Store) -> None:
    desk = Desk(store)
    await subscribed(store, 5)
    notice = await noticed(store, KTP)
    async with store.writing() as session:
        await session.add_deliveries(notice.id, [(5, (KTP,))], NOW)
        (one,) = await session.claim(NOW, 1)
        await session.settle([Settlement(one.id, DeliveryStatus.WAITING, NOW, due_at=after(hours=1), unknown=True)])
        await session.mark_released(notice.id, NOW, 1)

    await takes_back(store, notice)
    await desk.work()

    assert desk.telegram.sent == [(5, "correction once: ktp_cetak unavailable")]
    assert desk.edits == []


async def test_what_waits_is_dropped_when_a_later_report_has_newer_news(store: Store, fresh: Store) -> None:
    await subscribed(store, 5, wish=Wish.ALWAYS)
    first = await noticed(store, KTP)
    async with store.writing() as session:
        await session.add_deliveries(first.id, [(5, (KTP,))], NOW)
        await session.mark_released(first.id, NOW, 1)
    await falls(store, NoticeKind.OUTAGE)
    await noticed(store, KTP)
    desk = Desk(store)

    await desk.work()

    assert desk.telegram.told == [5]
    assert [one.status for one in await outbox(fresh)] == [DeliveryStatus.DROPPED, DeliveryStatus.SENT]


async def test_a_delivery_that_may_not_go_yet_waits_for_its_time(store: Store, fresh: Store) -> None:
    await subscribed(store, 5)
    await noticed(store, KTP)
    desk = Desk(store)

    def in_half_an_hour(_notice: Notice, _delivery: Delivery, _tellings: Sequence[Telling], now: datetime) -> datetime:
        return max(now, after(minutes=30))

    desk.broadcaster._may_go = in_half_an_hour
    async with desk.at_work():
        async with asyncio.timeout(ANSWER):
            while await next_due(fresh) != after(minutes=30):
                await asyncio.sleep(0.01)
        early = list(desk.telegram.told)
        desk.clock.at = after(minutes=31)
        await desk.until_settled()

    assert early == []
    assert desk.telegram.told == [5]


async def test_what_was_rendered_before_a_newer_report_is_rendered_anew(store: Store) -> None:
    await subscribed(store, 5)
    await noticed(store, KTP)
    desk = Desk(store)
    versions = iter((1, 2, 2, 2))
    desk.broadcaster._courier._version = lambda: next(versions, 2)
    made: list[int] = []

    def counted(
        notice: Notice, delivery: Delivery, wish: Wish | None, language: str | None, now: datetime
    ) -> Rendered | None:
        made.append(1)
        return in_words(notice, delivery, wish, language, now)

    desk.render = counted
    async with desk.at_work():
        await desk.until_settled()

    assert desk.telegram.told == [5]
    assert len(made) == 2


async def test_the_channel_reads_an_outage_of_the_night_at_once_and_once(store: Store) -> None:
    await subscribed(store, 5, outages=True)
    desk = Desk(store)
    desk.broadcaster.channel = -100
    await noticed(store, FELL, release_at=after(hours=8), kind=NoticeKind.OUTAGE)

    async with desk.at_work():
        await desk.until(lambda: len(desk.telegram.sent) == 1)
        await asyncio.sleep(0.1)
        at_night = list(desk.telegram.told)
        desk.clock.at = after(hours=8)
        await desk.until_settled()

    assert at_night == [-100]
    assert desk.telegram.told == [-100, 5]


async def test_the_channel_is_first_uncounted_and_changed_in_place(store: Store, fresh: Store) -> None:
    await subscribed(store, 5)
    notice = await noticed(store, KTP)
    desk = Desk(store)
    desk.broadcaster.channel = -100
    async with desk.at_work():
        await desk.until_settled()
        first = list(desk.telegram.sent)
        await takes_back(store, notice)
        await desk.until(lambda: len(desk.edits) == 2)
        await desk.until_settled()

    assert first == [(-100, "resumption None: ktp_cetak available"), (5, "resumption once: ktp_cetak available")]
    assert desk.telegram.sent[2:] == [(5, "correction once: ktp_cetak unavailable")]
    assert desk.edits == [(-100, 1), (5, 2)]
    async with fresh.reading() as session:
        kept = (await session.notices_told_of(notice.report))[0]
    assert kept.told == 1


async def test_the_channel_is_not_told_again_what_it_read_last(store: Store) -> None:
    await subscribed(store, 5, wish=Wish.ALWAYS)
    desk = Desk(store)
    desk.broadcaster.channel = -100

    async with desk.at_work():
        for _ in range(2):
            await noticed(store, KTP)
            desk.broadcaster.nudge()
            await desk.until_settled()

    assert desk.telegram.told == [-100, 5, 5]
