"""What staff see and steer of the sending, kept in the database."""

from __future__ import annotations

from datetime import timedelta

from bot.rules.broadcasts import Pace, ProgressMessage
from bot.rules.notices import DeliveryStatus, Notice, Settlement
from bot.store import Store
from tests.store.examples import NOW, after, claimed, fanned_out, in_utc, noticed, reported, shelved


async def paused(store: Store, report: int, on: bool = True) -> int:
    async with store.writing() as session:
        return await session.pause_notices(report, on)


async def counted(store: Store, notice: Notice) -> dict[DeliveryStatus, int]:
    async with store.reading() as session:
        return {status: count for status, count in (await session.progress(notice.id)).items() if count}


async def test_what_was_stopped_is_claimed_by_nobody_until_it_goes_on_in_the_old_order(store: Store) -> None:
    stopped = await fanned_out(store, 5, 3, 4)
    other = await fanned_out(store, 7, due_at=after(seconds=1))

    assert await paused(store, stopped.report) == 1
    assert await paused(store, stopped.report) == 0
    await shelved(store)
    meanwhile = await claimed(store, after(minutes=1))
    await paused(store, stopped.report, False)
    await shelved(store)
    later = await claimed(store, after(minutes=1))

    assert [(one.notice, one.chat) for one in meanwhile] == [(other.id, 7)]
    assert [one.chat for one in later] == [5, 3, 4]


async def test_a_stop_and_its_end_are_done_in_chunks(store: Store) -> None:
    notice = await fanned_out(store, *range(1, 8))

    await paused(store, notice.report)
    down = await shelved(store, 3)
    held = await counted(store, notice)
    await paused(store, notice.report, False)
    up = await shelved(store, 3)

    assert down == 3
    assert held == {DeliveryStatus.HELD: 7}
    assert up == 3
    assert await counted(store, notice) == {DeliveryStatus.WAITING: 7}


async def test_a_stop_survives_a_crash_between_two_chunks(store: Store, fresh: Store) -> None:
    notice = await fanned_out(store, *range(1, 6))
    await paused(store, notice.report)
    async with store.writing() as session:
        await session.shelve((await session.to_shelve())[0], 2)

    await shelved(fresh)

    assert await counted(fresh, notice) == {DeliveryStatus.HELD: 5}
    async with fresh.reading() as session:
        assert await session.stopped_notices() == {notice.id}
        assert [one.paused for one in await session.unfinished_notices()] == [True]


async def test_what_comes_back_from_a_stopped_sending_is_held_too(store: Store) -> None:
    notice = await fanned_out(store, 1, 2)
    (first, _) = await claimed(store)
    await paused(store, notice.report)
    await shelved(store)

    async with store.writing() as session:
        await session.settle([Settlement(first.id, DeliveryStatus.WAITING, NOW)])
    await shelved(store)

    assert await counted(store, notice) == {DeliveryStatus.HELD: 1, DeliveryStatus.SENDING: 1}


async def test_a_report_taken_back_while_stopped_is_sent_to_nobody(store: Store) -> None:
    notice = await fanned_out(store, 1, 2)
    await paused(store, notice.report)
    await shelved(store)

    async with store.writing() as session:
        await session.cancel_notices(notice.report)
    await shelved(store)

    assert await counted(store, notice) == {DeliveryStatus.DROPPED: 2}


async def test_a_chat_that_is_gone_waits_for_nothing_that_is_held(store: Store) -> None:
    notice = await fanned_out(store, 1, 2)
    await paused(store, notice.report)
    await shelved(store)

    async with store.writing() as session:
        await session.end_chat(2)

    assert await counted(store, notice) == {DeliveryStatus.HELD: 1, DeliveryStatus.GONE: 1}


async def test_a_broadcast_tells_its_fates_repeats_and_why_it_gave_up(store: Store) -> None:
    notice = await fanned_out(store, *range(1, 7))
    one, two, three, four, five, _ = await claimed(store)
    odd, even = "BadRequest: can't parse entities", "TimedOut: 24 h"
    async with store.writing() as session:
        await session.settle(
            [
                Settlement(one.id, DeliveryStatus.SENT, NOW, message=1),
                Settlement(two.id, DeliveryStatus.FAILED, NOW, error=odd),
                Settlement(three.id, DeliveryStatus.FAILED, NOW, error=even),
                Settlement(four.id, DeliveryStatus.FAILED, NOW, error=odd),
                Settlement(five.id, DeliveryStatus.WAITING, NOW, due_at=NOW, unknown=True),
            ]
        )
    await claimed(store)

    async with store.reading() as session:
        found = await session.broadcast(notice)

    assert found.errors == ((odd, 2), (even, 1))
    assert found.repeats == 1
    assert (found.sent, found.waiting, found.total) == (1, 2, 6)


async def test_the_newest_notices_released_are_found(store: Store) -> None:
    old, middle, new = [await fanned_out(store, 1, due_at=after(hours=hours)) for hours in (0, 1, 2)]
    await noticed(store)

    async with store.reading() as session:
        assert [one.id for one in await session.released_since(after(minutes=30), 5)] == [new.id, middle.id]
        assert [one.id for one in await session.released_since(NOW, 1)] == [new.id]
        assert [one.id for one in await session.released_since(NOW, 5)][-1] == old.id


async def test_any_process_reads_the_pace_of_the_one_that_sends(store: Store, fresh: Store) -> None:
    until, rest = after(seconds=8), after(seconds=30)
    async with fresh.reading() as session:
        assert await session.pace("sender", NOW) is None

    async with store.writing() as session:
        await session.take_lease("sender", "a", NOW, until, Pace(20.5, rest))
        await session.take_lease("sender", "b", NOW, until, Pace(1.0))  # a standby has no say

    async with fresh.reading() as session:
        assert await session.pace("sender", NOW) == Pace(20.5, in_utc(rest))
        assert await session.pace("sender", until) is None


async def test_a_chat_has_one_message_about_everything(store: Store, fresh: Store) -> None:
    number = (await reported(store)).number
    async with store.writing() as session:
        await session.follow(ProgressMessage(9, 1, number, NOW))
        assert await session.follow(ProgressMessage(9, 2, None, NOW)) is None
        assert await session.follow(ProgressMessage(8, 2, None, NOW)) is None
        assert await session.follow(ProgressMessage(9, 3, None, NOW, "a")) == 2
        assert await session.follow(ProgressMessage(9, 3, None, NOW, "b")) is None

    async with fresh.reading() as session:
        found = {(one.chat, one.message, one.report, one.shown) for one in await session.followed()}
    assert found == {(9, 1, number, None), (8, 2, None, None), (9, 3, None, "b")}


async def test_a_message_that_is_followed_no_longer_stays_so(store: Store, fresh: Store) -> None:
    message = ProgressMessage(9, 1, None, NOW)
    async with store.writing() as session:
        await session.follow(message)
        await session.mark_edited(message, "a", after(seconds=3))
        (marked,) = await session.followed()
        await session.unfollow(message)
        await session.mark_edited(message, "b", NOW)

    assert (marked.shown, marked.edited_at - in_utc(NOW)) == ("a", timedelta(seconds=3))
    async with fresh.reading() as session:
        assert await session.followed() == ()


async def test_a_forgotten_chat_watches_nothing(store: Store) -> None:
    async with store.writing() as session:
        await session.follow(ProgressMessage(9, 1, None, NOW))
        await session.forget_chat(9)

        assert await session.followed() == ()
