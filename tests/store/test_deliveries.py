"""Deliveries: each chat once, each claimed by one, each settled with what follows for its subscription."""

from __future__ import annotations

import asyncio

from bot.rules.notices import Delivery, DeliveryStatus, Settlement, Wish
from bot.store import Store
from tests.store.examples import KK, KTP, NOW, after, claimed, fanned_out, noticed, shelved, subscribed

TOLD = (("ktp_cetak", "kendari/kantor"),)


async def settled(store: Store, *settlements: Settlement) -> None:
    async with store.writing() as session:
        await session.settle(settlements)


def sent(delivery: Delivery, **more: object) -> Settlement:
    return Settlement(delivery.id, DeliveryStatus.SENT, after(seconds=1), message=555, **more)  # type: ignore[arg-type]


async def test_a_chat_has_one_delivery_of_a_notice_however_often_it_is_added(store: Store, fresh: Store) -> None:
    notice = await noticed(store, KTP, KK)

    async with store.writing() as session:
        await session.add_deliveries(notice.id, [(1, (KTP,)), (2, (KTP, KK))], NOW)
        await session.add_deliveries(notice.id, [(2, (KK,)), (3, (KK,))], NOW)
        assert await session.add_deliveries(notice.id, [], NOW)

    taken = await claimed(fresh)
    assert [(one.chat, one.changes) for one in taken] == [(1, (KTP,)), (2, (KTP, KK)), (3, (KK,))]


async def test_a_notice_cancelled_during_its_release_gets_no_more_deliveries(store: Store, fresh: Store) -> None:
    notice = await fanned_out(store, 1, release=False)
    async with store.writing() as session:
        await session.cancel_notices(notice.report)

    async with store.writing() as session:
        assert not await session.add_deliveries(notice.id, [(2, (KTP,))], NOW)

    await shelved(store)
    async with fresh.reading() as session:
        made = {status: count for status, count in (await session.progress(notice.id)).items() if count}
    assert made == {DeliveryStatus.DROPPED: 1}


async def test_a_claim_takes_what_is_due_in_order_and_once(store: Store, fresh: Store) -> None:
    await fanned_out(store, 5, 4, 3, due_at=after(minutes=1))
    await fanned_out(store, 9, due_at=NOW)

    assert await claimed(store, after(seconds=-1)) == ()
    first = await claimed(store, after(minutes=2), limit=3)
    second = await claimed(fresh, after(minutes=2), limit=3)

    assert [one.chat for one in first] == [9, 5, 4]
    assert [one.chat for one in second] == [3]
    assert {one.status for one in first} == {DeliveryStatus.SENDING}
    assert {(one.attempts, one.repeats, one.first_tried_at) for one in first} == {(1, 0, after(minutes=2))}


async def test_what_was_put_off_is_brought_forward_a_chunk_at_a_time(store: Store, fresh: Store) -> None:
    notice = await fanned_out(store, *range(1, 6), due_at=NOW)
    other = await fanned_out(store, 9, due_at=after(hours=8))
    taken = await claimed(store)
    failed = Settlement(taken[0].id, DeliveryStatus.WAITING, NOW, due_at=after(hours=1))
    async with store.writing() as session:
        await session.defer({one.id: after(hours=8) for one in taken[1:]})
    await settled(store, failed)

    looked_at: int | None = 0
    woken = []
    while looked_at is not None:
        async with store.writing() as session:
            moved, looked_at = await session.bring_forward(notice.id, after(minutes=1), looked_at, limit=2)
        woken.append(moved)

    assert [one.chat for one in await claimed(fresh, after(minutes=1))] == [2, 3, 4, 5]
    assert [one.notice for one in await claimed(fresh, after(days=1))] == [notice.id, other.id]
    assert woken == [1, 2, 1]


async def test_what_is_put_off_while_it_is_brought_forward_is_due_all_the_same(store: Store, fresh: Store) -> None:
    notice = await fanned_out(store, 1, 2, due_at=NOW)

    async def puts_off() -> None:
        async with store.writing() as session:
            taken = await session.claim(NOW, 10)
            claiming.set()
            await asyncio.sleep(0.2)
            await session.defer({one.id: after(hours=8) for one in taken})

    async def brings_forward() -> None:
        await claiming.wait()
        async with fresh.writing() as session:
            await session.bring_forward(notice.id, after(minutes=1), 0, 10)

    claiming = asyncio.Event()
    await asyncio.gather(puts_off(), brings_forward())

    assert [one.chat for one in await claimed(fresh, after(minutes=1))] == [1, 2]


async def test_claims_at_the_same_time_never_take_the_same_delivery(store: Store, fresh: Store) -> None:
    await fanned_out(store, *range(60))

    batches = await asyncio.gather(*(claimed(one, limit=7) for one in (store, fresh) * 6))
    batches += [await claimed(store)]

    taken = [delivery.chat for batch in batches for delivery in batch]
    assert sorted(taken) == list(range(60))


async def test_what_was_sent_is_not_sent_again(store: Store, fresh: Store) -> None:
    notice = await fanned_out(store, 1)
    (delivery,) = await claimed(store)

    await settled(store, sent(delivery))

    assert await claimed(fresh, after(days=1)) == ()
    async with fresh.reading() as session:
        assert (await session.progress(notice.id))[DeliveryStatus.SENT] == 1
        assert await session.unfinished_notices() == ()


async def test_a_delivery_that_must_wait_is_due_again_at_its_time(store: Store, fresh: Store) -> None:
    await fanned_out(store, 1)
    (delivery,) = await claimed(store)

    await settled(store, Settlement(delivery.id, DeliveryStatus.WAITING, NOW, due_at=after(seconds=30), error="429"))

    async with fresh.reading() as session:
        assert await session.next_due() == after(seconds=30)
    assert await claimed(fresh, after(seconds=29)) == ()
    (again,) = await claimed(fresh, after(seconds=30))
    assert (again.attempts, again.repeats, again.first_tried_at) == (2, 0, NOW)


async def test_a_try_of_unknown_outcome_is_repeated_after_all_others_and_counted(store: Store, fresh: Store) -> None:
    await fanned_out(store, 1)
    (unknown,) = await claimed(store)
    await settled(store, Settlement(unknown.id, DeliveryStatus.WAITING, NOW, due_at=NOW, unknown=True))
    await fanned_out(store, 2, 3, due_at=after(seconds=5))

    taken = await claimed(fresh, after(seconds=5))

    assert [(one.chat, one.unknown, one.repeats) for one in taken] == [(2, False, 0), (3, False, 0), (1, True, 1)]


async def test_a_refusal_does_not_make_an_unknown_outcome_known(store: Store, fresh: Store) -> None:
    await fanned_out(store, 1)
    (delivery,) = await claimed(store)
    await settled(store, Settlement(delivery.id, DeliveryStatus.WAITING, NOW, due_at=NOW, unknown=True))
    await claimed(store)
    await settled(store, Settlement(delivery.id, DeliveryStatus.WAITING, NOW, due_at=NOW, error="429"))

    (third,) = await claimed(fresh)

    assert (third.unknown, third.attempts, third.repeats) == (True, 3, 2)


async def test_after_a_crash_what_was_being_sent_is_unknown(store: Store, fresh: Store) -> None:
    await fanned_out(store, 1, 2, 3)
    await claimed(store, limit=2)

    async with fresh.writing() as session:
        assert await session.recover_sending(after(seconds=9)) == 2
        assert await session.recover_sending(after(seconds=9)) == 0

    taken = await claimed(fresh, after(seconds=9))
    assert [(one.chat, one.repeats) for one in taken] == [(3, 0), (1, 1), (2, 1)]


async def test_a_late_answer_never_reopens_what_has_ended(store: Store, fresh: Store) -> None:
    notice = await fanned_out(store, 1)
    (delivery,) = await claimed(store)
    await settled(store, sent(delivery))

    await settled(store, Settlement(delivery.id, DeliveryStatus.WAITING, NOW, due_at=NOW, unknown=True))

    async with fresh.reading() as session:
        assert (await session.progress(notice.id))[DeliveryStatus.SENT] == 1


async def test_once_ends_when_its_return_was_told(store: Store, fresh: Store) -> None:
    for chat, step, place, wish in (
        (1, "ktp_cetak", "kendari", Wish.ONCE),
        (1, "ktp_cetak", "kendari/kantor", Wish.ONCE),
        (1, "ktp_cetak", "kendari/mpp", Wish.ONCE),
        (1, "kk", "kendari", Wish.ONCE),
        (2, "ktp_cetak", "kendari", Wish.ALWAYS),
        (3, "ktp_cetak", "kendari", Wish.ONCE),
    ):
        await subscribed(store, chat, step, place, wish)
    await fanned_out(store, 1, 2, 3)
    first, second, _ = await claimed(store)

    await settled(store, sent(first, ended=TOLD), sent(second, ended=TOLD))

    async with fresh.reading() as session:
        left = [(one.chat, one.step, one.place) for one in await session.subscriptions_of_chats([1, 2, 3])]
    assert left == [
        (1, "ktp_cetak", "kendari/mpp"),
        (1, "kk", "kendari"),
        (2, "ktp_cetak", "kendari"),
        (3, "ktp_cetak", "kendari"),
    ]


async def test_a_wish_made_after_the_release_is_a_new_wish(store: Store, fresh: Store) -> None:
    await fanned_out(store, 1, due_at=after(minutes=2))
    await subscribed(store, 1, since=after(minutes=3))
    (delivery,) = await claimed(store, after(minutes=4))

    await settled(store, sent(delivery, ended=TOLD))

    async with fresh.reading() as session:
        assert len(await session.subscriptions_of(1)) == 1


async def test_a_wish_made_during_the_hold_ends_with_the_notice(store: Store, fresh: Store) -> None:
    await subscribed(store, 1, since=after(minutes=1))
    await fanned_out(store, 1, due_at=after(minutes=2))
    (delivery,) = await claimed(store, after(minutes=2))

    await settled(store, sent(delivery, ended=TOLD))

    async with fresh.reading() as session:
        assert await session.subscriptions_of(1) == ()


async def test_a_limited_return_is_marked_as_told_and_leaves_once_alive(store: Store, fresh: Store) -> None:
    await subscribed(store, 1)
    await subscribed(store, 1, "kk")
    await fanned_out(store, 1)
    (delivery,) = await claimed(store)

    await settled(store, sent(delivery, limited=TOLD))

    async with fresh.reading() as session:
        assert [one.limited_told for one in await session.subscriptions_of(1)] == [True, False]


async def test_progress_counts_every_status(store: Store, fresh: Store) -> None:
    notice = await fanned_out(store, *range(6))
    taken = await claimed(store, limit=5)
    fates = (DeliveryStatus.SENT, DeliveryStatus.DROPPED, DeliveryStatus.GONE, DeliveryStatus.FAILED)
    await settled(store, *(Settlement(one.id, fate, NOW) for one, fate in zip(taken, fates, strict=False)))

    async with fresh.reading() as session:
        assert await session.progress(notice.id) == dict.fromkeys(DeliveryStatus, 1) | {DeliveryStatus.HELD: 0}
        assert await session.progress(notice.id + 1) == dict.fromkeys(DeliveryStatus, 0)


async def test_a_chat_that_is_gone_keeps_nothing_open(store: Store, fresh: Store) -> None:
    await subscribed(store, 1)
    await subscribed(store, 2)
    notice = await fanned_out(store, 1, 2)

    async with store.writing() as session:
        await session.end_chat(1)

    async with fresh.reading() as session:
        assert [one.chat for one in await session.subscriptions_of_chats([1, 2])] == [2]
        progress = await session.progress(notice.id)
    assert (progress[DeliveryStatus.GONE], progress[DeliveryStatus.WAITING]) == (1, 1)


async def test_a_group_that_became_a_supergroup_goes_on_under_its_new_id(store: Store, fresh: Store) -> None:
    first = await subscribed(store, -5, wish=Wish.ALWAYS)
    await subscribed(store, -100, "kk")
    notice = await fanned_out(store, -5)
    (delivery,) = await claimed(store)

    await settled(store, Settlement(delivery.id, DeliveryStatus.WAITING, NOW, due_at=NOW, move_to=-100))

    async with fresh.reading() as session:
        assert await session.subscriptions_of(-5) == ()
        moved = await session.subscriptions_of(-100)
        assert (await session.progress(notice.id))[DeliveryStatus.WAITING] == 1
    assert (moved[0].id, moved[0].step, moved[0].wish) == (first.id, "ktp_cetak", Wish.ALWAYS)
    assert len(moved) == 2
    assert [one.chat for one in await claimed(fresh)] == [-100]


async def test_a_moved_group_never_hears_the_same_notice_twice(store: Store, fresh: Store) -> None:
    await subscribed(store, -5, wish=Wish.ALWAYS, outages=True)
    await subscribed(store, -100)
    await fanned_out(store, -5, -100)

    async with store.writing() as session:
        await session.move_chat(-5, -100)

    async with fresh.reading() as session:
        (merged,) = await session.subscriptions_of(-100)
    assert (merged.wish, merged.outages) == (Wish.ALWAYS, True)
    assert [one.chat for one in await claimed(fresh)] == [-100]


async def test_nothing_to_send_means_nothing_is_due(store: Store) -> None:
    await settled(store)

    async with store.reading() as session:
        assert await session.next_due() is None


async def test_nothing_of_a_stopped_notice_is_claimed_or_due(store: Store) -> None:
    stopped = await fanned_out(store, 1, 2)
    await fanned_out(store, 3, due_at=after(seconds=5))

    async with store.writing() as session:
        due = await session.next_due([stopped.id])
        taken = await session.claim(after(seconds=9), 9, [stopped.id])

    assert due == after(seconds=5)
    assert [delivery.chat for delivery in taken] == [3]


async def test_the_next_due_is_the_earliest_known_or_unknown(store: Store, fresh: Store) -> None:
    await fanned_out(store, 1, 2)
    first, second = await claimed(store)
    await settled(
        store,
        Settlement(first.id, DeliveryStatus.WAITING, NOW, due_at=after(seconds=4), unknown=True),
        Settlement(second.id, DeliveryStatus.WAITING, NOW, due_at=after(seconds=8)),
    )

    async with fresh.reading() as session:
        assert await session.next_due() == after(seconds=4)
