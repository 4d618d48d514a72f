"""Who read what, and how a wish that a notice ended comes back."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.rules.catalogue import State
from bot.rules.notices import Delivery, DeliveryStatus, Notice, NoticeKind, Settlement, Subscription, Wish
from bot.store import Store
from tests.store.examples import (
    KK,
    KTP,
    NOW,
    after,
    claimed,
    fanned_out,
    in_utc,
    noticed,
    reported,
    shelved,
    subscribed,
)

TOLD = (("ktp_cetak", "kendari/kantor"),)
FELL = replace(KTP, was=State.AVAILABLE, now=State.UNAVAILABLE)


async def settled(store: Store, *settlements: Settlement) -> None:
    async with store.writing() as session:
        await session.settle(settlements)


def sent(delivery: Delivery, **more: object) -> Settlement:
    return Settlement(delivery.id, DeliveryStatus.SENT, after(seconds=1), message=555, **more)  # type: ignore[arg-type]


async def told(store: Store, *chats: int) -> Notice:
    """A notice that these chats have read, and that ended what they waited for."""
    notice = await fanned_out(store, *chats)
    await settled(store, *(sent(delivery, ended=TOLD) for delivery in await claimed(store)))
    return notice


async def revived(store: Store, *chats: int) -> None:
    async with store.writing() as session:
        await session.revive([(chat, (FELL,)) for chat in chats])


async def kept(store: Store, *chats: int) -> list[Subscription]:
    async with store.reading() as session:
        return list(await session.subscriptions_of_chats(chats))


async def test_a_wish_that_ended_comes_back_as_it_was(store: Store, fresh: Store) -> None:
    first = await subscribed(store, 1, outages=True)
    await subscribed(store, 1, "kk")
    second = await subscribed(store, 2, place="kendari/kantor", since=after(minutes=-5))
    await told(store, 1, 2)
    assert [one.step for one in await kept(fresh, 1, 2)] == ["kk"]

    await revived(store, 1, 2)

    assert [one for one in await kept(fresh, 1, 2) if one.step == "ktp_cetak"] == [first, second]


async def test_what_was_asked_for_anew_stands(store: Store, fresh: Store) -> None:
    await subscribed(store, 1)
    await told(store, 1)
    anew = await subscribed(store, 1, wish=Wish.ALWAYS, since=after(minutes=3))

    await revived(store, 1)

    assert await kept(fresh, 1) == [anew]


async def test_only_what_the_news_speaks_of_comes_back(store: Store, fresh: Store) -> None:
    await subscribed(store, 1)
    await subscribed(store, 2, place="kendari/kantor")
    await told(store, 1, 2)

    async with store.writing() as session:
        elsewhere = replace(FELL, counter="kendari/mpp")
        await session.revive([(1, (replace(FELL, step="kk"),)), (2, (elsewhere,))])
        await session.revive([])

    assert await kept(fresh, 1, 2) == []


async def test_a_limited_return_is_told_again_after_it_fell(store: Store, fresh: Store) -> None:
    await subscribed(store, 1, limited_told=True)

    await revived(store, 1)

    assert [one.limited_told for one in await kept(fresh, 1)] == [False]


@pytest.mark.parametrize("steps", [None, ("ktp_cetak",)])
async def test_who_stopped_gets_nothing_back(store: Store, fresh: Store, steps: tuple[str, ...] | None) -> None:
    await subscribed(store, 1)
    await told(store, 1)

    async with store.writing() as session:
        assert await session.unsubscribe(1, steps) == ()
    await revived(store, 1)

    assert await kept(fresh, 1) == []


async def test_who_stopped_something_else_gets_it_back(store: Store, fresh: Store) -> None:
    wish = await subscribed(store, 1)
    await told(store, 1)

    async with store.writing() as session:
        await session.unsubscribe(1, ("kk",))
    await revived(store, 1)

    assert await kept(fresh, 1) == [wish]


async def test_who_stopped_elsewhere_gets_back_what_is_here(store: Store, fresh: Store) -> None:
    wish = await subscribed(store, 1)
    await told(store, 1)

    async with store.writing() as session:
        await session.unsubscribe(1, ("ktp_cetak",), ("kota_lain",))
    await revived(store, 1)
    back = await kept(fresh, 1)
    await told(store, 1)
    async with store.writing() as session:
        await session.unsubscribe(1, ("ktp_cetak",), (wish.place,))
    await revived(store, 1)

    assert back == [wish]
    assert await kept(fresh, 1) == []


async def test_a_stop_at_the_moment_of_the_news_is_final(store: Store, fresh: Store) -> None:
    await subscribed(store, 1)
    await fanned_out(store, 1)
    (delivery,) = await claimed(store)

    async def stop() -> None:
        async with fresh.writing() as session:
            await session.unsubscribe(1)

    await asyncio.gather(settled(store, sent(delivery, ended=TOLD)), stop())
    await revived(store, 1)

    assert await kept(fresh, 1) == []


async def test_a_chat_that_moved_gets_its_wish_back_under_its_new_id(store: Store, fresh: Store) -> None:
    wish = await subscribed(store, -5)
    await told(store, -5)
    async with store.writing() as session:
        await session.move_chat(-5, -1005)

    await revived(store, -1005)

    assert await kept(fresh, -1005) == [replace(wish, chat=-1005)]


async def test_what_a_chat_read_is_known_with_what_waits_for_it(store: Store, fresh: Store) -> None:
    read = await fanned_out(store, 1, 2)
    (first, _) = await claimed(store)
    await settled(store, sent(first, told=(replace(KTP, now=State.LIMITED),)))
    waits = await fanned_out(store, 1, due_at=after(minutes=9))

    async with fresh.reading() as session:
        tellings = (await session.tellings_of([1, 3]))[1]

    assert [(one.notice, one.report, one.kind, one.status, one.message) for one in tellings] == [
        (read.id, read.report, NoticeKind.RESUMPTION, DeliveryStatus.SENT, 555),
        (waits.id, waits.report, NoticeKind.RESUMPTION, DeliveryStatus.WAITING, None),
    ]
    assert [change.now for change in tellings[0].changes] == [State.LIMITED]
    assert [one.at for one in tellings] == [in_utc(after(seconds=1)), in_utc(after(minutes=9))]


async def test_who_was_told_is_read_in_chunks_and_who_may_have_been_apart(store: Store, fresh: Store) -> None:
    notice = await fanned_out(store, *range(1, 7))
    a, b, c, d, e = await claimed(store, limit=5)
    await settled(
        store,
        *map(sent, (a, b, c)),
        Settlement(d.id, DeliveryStatus.WAITING, NOW, due_at=NOW, unknown=True),
        Settlement(e.id, DeliveryStatus.GONE, NOW),
    )

    async with fresh.reading() as session:
        first = await session.told_by(notice.id, limit=2)
        rest = await session.told_by(notice.id, first[-1][0], 2)
        maybe = await session.told_by(notice.id, unknown=True)
        assert await session.count_told([notice.id]) == 3
        assert await session.count_told([]) == 0
    assert [[chat for _, chat in chunk] for chunk in (first, rest, maybe)] == [[1, 2], [3], [4]]


async def test_what_is_on_its_way_is_known(store: Store, fresh: Store) -> None:
    notice = await fanned_out(store, 1)
    async with fresh.reading() as session:
        before = await session.being_sent([notice.id])
    await claimed(store)

    async with fresh.reading() as session:
        assert await session.being_sent([notice.id])
        assert not await session.being_sent([notice.id + 1])
    assert not before


async def test_news_that_nobody_read_was_not_told(store: Store, fresh: Store) -> None:
    unread = await fanned_out(store, 1)
    async with store.writing() as session:
        await session.cancel_notices(unread.report)
    await shelved(store)
    read = await told(store, 2)
    async with store.writing() as session:
        await session.cancel_notices(read.report)

    async with fresh.reading() as session:
        assert [one.id for one in await session.notices_told_since(NOW)] == [read.id]
        assert await session.notices_told_since(NOW, before=read.id) == ()
        assert await session.notices_told_since(after(days=3)) == ()
        assert [one.id for one in await session.notices_told_of(read.report)] == [read.id]
        assert await session.notices_told_of(unread.report) == ()


async def test_what_waits_of_a_cancelled_notice_counts_as_dropped_before_it_is(store: Store, fresh: Store) -> None:
    notice = await fanned_out(store, 1)
    async with store.writing() as session:
        await session.cancel_notices(notice.report)

    async with fresh.reading() as session:
        waiting = await session.tellings_of([1])
    await shelved(store)

    assert [one.status for one in waiting[1]] == [DeliveryStatus.DROPPED]
    async with fresh.reading() as session:
        assert await session.tellings_of([1]) == waiting


async def test_what_sets_right_is_found_by_its_report(store: Store, fresh: Store) -> None:
    report = await reported(store)
    async with store.writing() as session:
        right = await session.add_notice(
            Notice(0, report.number, NoticeKind.CORRECTION, (KK,), NOW, NOW, about=report.number, since=NOW)
        )
        await session.add_notice(Notice(0, report.number, NoticeKind.RESUMPTION, (KTP,), NOW, NOW))

    async with fresh.reading() as session:
        (found,) = await session.notices_setting_right(report.number)
        assert await session.notices_after(right.id - 1) == await session.notices_of(report.number)
    assert found == replace(right, created_at=in_utc(NOW), release_at=in_utc(NOW), since=in_utc(NOW))


async def test_newer_changes_turn_what_sets_right(store: Store, fresh: Store) -> None:
    relapse = await noticed(store, FELL, kind=NoticeKind.RELAPSE)

    async with store.writing() as session:
        assert await session.overtake((replace(KTP, now=State.LIMITED),)) == 1

    async with fresh.reading() as session:
        left = await session.notice(relapse.id)
    assert left is not None
    assert left.changes == (replace(FELL, now=State.LIMITED),)


async def test_what_was_claimed_too_early_goes_back_as_if_untouched(store: Store, fresh: Store) -> None:
    await fanned_out(store, 1)
    (delivery,) = await claimed(store)

    async with store.writing() as session:
        await session.defer({delivery.id: after(minutes=30)})
        await session.defer({})

    assert await claimed(fresh, after(minutes=29)) == ()
    (again,) = await claimed(fresh, after(minutes=30))
    assert (again.attempts, again.repeats, again.first_tried_at) == (1, 0, in_utc(after(minutes=30)))


async def test_a_deferred_repeat_is_counted_when_it_is_made(store: Store, fresh: Store) -> None:
    await fanned_out(store, 1)
    (delivery,) = await claimed(store)
    await settled(store, Settlement(delivery.id, DeliveryStatus.WAITING, NOW, due_at=NOW, unknown=True))
    await claimed(store)

    async with store.writing() as session:
        await session.defer({delivery.id: after(minutes=30)})

    (again,) = await claimed(fresh, after(minutes=30))
    assert (again.attempts, again.repeats, again.first_tried_at) == (2, 1, in_utc(NOW))
