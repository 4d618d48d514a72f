"""Notices wait for their release, and are cancelled where the news did not hold."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from bot.rules.catalogue import State
from bot.rules.notices import DeliveryStatus, Notice, NoticeKind
from bot.store import Store
from tests.store.examples import KK, KTP, NOW, after, claimed, fanned_out, noticed, shelved

FELL = replace(KTP, was=State.AVAILABLE, now=State.UNAVAILABLE)


async def test_a_notice_is_read_as_it_was_written(store: Store, fresh: Store) -> None:
    written = await noticed(store, KTP, KK, release_at=after(seconds=120), kind=NoticeKind.OUTAGE)

    async with fresh.reading() as session:
        assert await session.notice(written.id) == written
        assert await session.notices_of(written.report) == (written,)
        assert await session.notice(written.id + 1) is None
        assert await session.bare_notices([written.id, written.id + 1]) == {written.id: replace(written, changes=())}


async def test_a_notice_is_due_when_its_hold_is_over_the_oldest_first(store: Store, fresh: Store) -> None:
    held = await noticed(store, release_at=after(seconds=120))
    await noticed(store, release_at=after(seconds=60))

    async with fresh.reading() as session:
        assert await session.due_notice(after(seconds=59)) is None
        due = await session.due_notice(after(seconds=120))
    assert due == held


async def test_a_released_notice_is_not_due_again(store: Store, fresh: Store) -> None:
    notice = await noticed(store)

    async with store.writing() as session:
        first = await session.mark_released(notice.id, after(seconds=1), 1200)
        second = await session.mark_released(notice.id, after(seconds=9), 3)

    async with fresh.reading() as session:
        assert await session.due_notice(after(days=1)) is None
        assert await session.unreleased_notices() == ()
        released = await session.notice(notice.id)
    assert (first, second) == (1, 0)
    assert released is not None
    assert (released.released_at, released.told) == (after(seconds=1), 1200)


async def test_a_notice_that_is_hurried_is_due(store: Store, fresh: Store) -> None:
    notice = await noticed(store, release_at=after(hours=9))

    async with store.writing() as session:
        await session.hurry([notice.id], NOW)

    async with fresh.reading() as session:
        due = await session.due_notice(NOW)
    assert due is not None
    assert (due.id, due.release_at, due.hurried_at) == (notice.id, NOW, NOW)


async def test_a_released_notice_that_is_hurried_keeps_its_time(store: Store, fresh: Store) -> None:
    notice = await fanned_out(store, 1)

    async with store.writing() as session:
        await session.hurry([notice.id], after(hours=1))

    async with fresh.reading() as session:
        hurried = await session.notice(notice.id)
    assert hurried is not None
    assert (hurried.release_at, hurried.hurried_at) == (notice.release_at, after(hours=1))


async def test_what_somebody_is_still_to_hear_is_known_until_the_last_heard_it(store: Store, fresh: Store) -> None:
    held, going, done = await noticed(store), await fanned_out(store, 1), await fanned_out(store)

    async with fresh.reading() as session:
        found = [await session.undelivered_notices(one.report) for one in (held, going, done)]

    assert [[one.id for one in notices] for notices in found] == [[held.id], [going.id], []]


async def test_the_next_is_due_beside_one_that_is_put_off(store: Store, fresh: Store) -> None:
    first, second = await noticed(store), await noticed(store)

    async with fresh.reading() as session:
        due = await session.due_notice(NOW, besides=[first.id])

    assert due is not None
    assert due.id == second.id


async def test_a_cancelled_notice_is_in_no_answer(store: Store, fresh: Store) -> None:
    notice = await noticed(store)

    async with store.writing() as session:
        await session.cancel_notices(notice.report)

    async with fresh.reading() as session:
        assert await session.notice(notice.id) is None
        assert await session.notices_of(notice.report) == ()
        assert await session.unreleased_notices() == ()
        assert await session.due_notice(after(days=1)) is None


async def test_cancelling_stops_the_deliveries_that_were_not_begun(store: Store, fresh: Store) -> None:
    notice = await fanned_out(store, 1, 2, 3)
    (begun,) = await claimed(store, limit=1)

    async with store.writing() as session:
        await session.cancel_notices(notice.report)
        stopped, to_end = await session.stopped_notices(), await session.to_shelve()
    await shelved(store, limit=1)

    async with fresh.reading() as session:
        progress = await session.progress(notice.id)
        assert await session.notice(notice.id) is None
        assert (await session.stopped_notices(), await session.to_shelve()) == (frozenset(), ())
        assert await session.bare_notices([notice.id]) == {}  # what comes back to the outbox is not sent either
    assert begun.chat == 1
    assert progress[DeliveryStatus.SENDING] == 1
    assert (stopped, [one.id for one in to_end]) == ({notice.id}, [notice.id])
    assert progress[DeliveryStatus.DROPPED] == 2


async def test_a_relapse_takes_its_steps_out_of_what_waits(store: Store, fresh: Store) -> None:
    both = await noticed(store, KTP, KK)

    async with store.writing() as session:
        assert await session.overtake((FELL,)) == 1

    async with fresh.reading() as session:
        left = await session.notice(both.id)
    assert left is not None
    assert left.changes == (KK,)


async def test_a_notice_left_with_nothing_to_say_is_cancelled(store: Store, fresh: Store) -> None:
    notice = await noticed(store, KTP)
    other = await noticed(store, KK)

    async with store.writing() as session:
        assert await session.overtake((FELL,)) == 1

    async with fresh.reading() as session:
        assert await session.notice(notice.id) is None
        assert await session.unreleased_notices() == (other,)


async def test_a_relapse_does_not_touch_a_notice_that_went_out(store: Store, fresh: Store) -> None:
    notice = await fanned_out(store, 1)

    async with store.writing() as session:
        assert await session.overtake((FELL,)) == 0

    async with fresh.reading() as session:
        assert (await session.progress(notice.id))[DeliveryStatus.WAITING] == 1


@pytest.mark.parametrize("begun", [False, True])
async def test_a_notice_is_unfinished_while_a_chat_is_still_to_hear(store: Store, fresh: Store, begun: bool) -> None:
    notice = await fanned_out(store, 1)
    await fanned_out(store)
    if begun:
        await claimed(store)

    async with fresh.reading() as session:
        unfinished = await session.unfinished_notices()
    assert [one.id for one in unfinished] == [notice.id]


async def test_a_notice_of_no_report_is_refused(store: Store) -> None:
    async with store.writing() as session:
        with pytest.raises(IntegrityError):
            await session.add_notice(Notice(0, 99, NoticeKind.OUTAGE, (KTP,), NOW, NOW))
