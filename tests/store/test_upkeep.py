"""The lease has one holder, and what is kept for a time goes when that time is over."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.rules.chats import ChatNotes, LastQuestion
from bot.rules.notices import DeliveryStatus, Settlement
from bot.rules.reports import Author
from bot.store import Store, upkeep
from tests.store.examples import NOW, SITI, after, claimed, fanned_out, previewed, reported, subscribed


async def taken(store: Store, holder: str, now: int, until: int) -> bool:
    async with store.writing() as session:
        return await session.take_lease("sender", holder, after(seconds=now), after(seconds=until))


async def test_a_lease_is_for_one_holder_until_it_expires(store: Store, fresh: Store) -> None:
    assert await taken(store, "a", 0, 8)
    assert not await taken(fresh, "b", 1, 9)
    assert await taken(store, "a", 2, 10)
    assert not await taken(fresh, "b", 9, 17)
    assert await taken(fresh, "b", 10, 18)
    assert not await taken(store, "a", 11, 19)


async def test_a_lease_given_back_is_free_at_once(store: Store, fresh: Store) -> None:
    await taken(store, "a", 0, 8)

    async with store.writing() as session:
        await session.drop_lease("sender", "b", NOW)
    assert not await taken(fresh, "b", 1, 9)
    async with store.writing() as session:
        await session.drop_lease("sender", "a", NOW)

    assert await taken(fresh, "b", 1, 9)


async def test_of_many_who_ask_at_once_one_gets_the_lease(store: Store, fresh: Store) -> None:
    asked = [taken(one, f"{number}", 0, 8) for number, one in enumerate((store, fresh) * 5)]

    assert sum(await asyncio.gather(*asked)) == 1


async def pruned(store: Store, now: timedelta) -> int:
    async with store.writing() as session:
        return await session.prune(NOW + now)


async def test_delivery_records_go_48_hours_after_they_ended_and_notices_stay(store: Store, fresh: Store) -> None:
    notice = await fanned_out(store, 1, 2)
    (delivery,) = await claimed(store, limit=1)
    async with store.writing() as session:
        await session.settle([Settlement(delivery.id, DeliveryStatus.SENT, after(hours=1))])

    early = await pruned(store, timedelta(hours=48, minutes=59))
    late = await pruned(store, timedelta(hours=49))

    async with fresh.reading() as session:
        progress = await session.progress(notice.id)
        assert await session.notice(notice.id) is not None
    assert (early, late) == (0, 1)
    assert (progress[DeliveryStatus.SENT], progress[DeliveryStatus.WAITING]) == (0, 1)


async def test_a_million_records_would_go_in_rounds(
    store: Store, fresh: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "ROUND", 2)
    await fanned_out(store, 1, 2, 3)
    async with store.writing() as session:
        await session.settle([Settlement(one.id, DeliveryStatus.SENT, NOW) for one in await session.claim(NOW, 9)])

    assert [await pruned(fresh, timedelta(days=3)) for _ in range(3)] == [2, 1, 0]


async def test_the_last_question_goes_after_ten_minutes(store: Store, fresh: Store) -> None:
    async with store.writing() as session:
        await session.remember_language(1, "en")
        await session.remember_questions([LastQuestion(1, "service_status", ("ktp",), NOW)])

    early = await pruned(store, timedelta(minutes=9, seconds=59))
    late = await pruned(store, timedelta(minutes=10))

    async with fresh.reading() as session:
        assert await session.chat_notes(1) == ChatNotes(language="en")
    assert (early, late) == (0, 1)


async def test_a_chat_that_chose_nothing_leaves_no_row_behind_its_question(store: Store, fresh: Store) -> None:
    async with store.writing() as session:
        await session.remember_questions([LastQuestion(1, "greeting", (), NOW)])

    await pruned(store, timedelta(minutes=10))

    async with fresh.reading() as session:
        assert (await session._connection.exec_driver_sql("SELECT count(*) FROM chats")).scalar_one() == 0


async def test_refused_attempts_go_after_90_days(store: Store, fresh: Store) -> None:
    async with store.writing() as session:
        await session.record_refusal(NOW, 66, "/lapor")

    early = await pruned(store, timedelta(days=89))
    late = await pruned(store, timedelta(days=90))

    async with fresh.reading() as session:
        assert await session.refusals(after(days=-1)) == ()
    assert (early, late) == (0, 1)


async def test_counts_of_what_was_not_understood_go_after_two_years(store: Store, fresh: Store) -> None:
    async with store.writing() as session:
        await session.count_unmatched(NOW.date(), "1 word")

    early = await pruned(store, timedelta(days=729))
    late = await pruned(store, timedelta(days=730))

    async with fresh.reading() as session:
        assert await session.unmatched(NOW.date()) == {}
    assert (early, late) == (0, 1)


async def test_previews_go_a_day_after_they_expired(store: Store, fresh: Store) -> None:
    async with store.writing() as session:
        await session.save_preview(previewed())

    early = await pruned(store, timedelta(days=1, minutes=9))
    late = await pruned(store, timedelta(days=1, minutes=10))

    async with fresh.reading() as session:
        assert await session.preview("a1b2") is None
    assert (early, late) == (0, 1)


async def test_who_reported_is_forgotten_after_two_years_and_what_was_reported_is_not(
    store: Store, fresh: Store
) -> None:
    written = await reported(store)

    early = await pruned(store, timedelta(days=729))
    late = await pruned(store, timedelta(days=730))

    async with fresh.reading() as session:
        report = await session.report(1)
    assert (early, late) == (0, 1)
    assert report is not None
    assert (report.by, report.assertions) == (Author(0, ""), written.assertions)
    assert written.by == SITI
    assert await pruned(store, timedelta(days=731)) == 0


async def test_subscriptions_are_kept_until_they_end(store: Store, fresh: Store) -> None:
    kept = await subscribed(store, 1)

    await pruned(store, timedelta(days=3650))

    async with fresh.reading() as session:
        assert await session.subscriptions_of(1) == (kept,)
