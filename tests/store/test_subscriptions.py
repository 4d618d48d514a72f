"""Subscriptions keep their order, are widened and never narrowed, and are read in whole chats."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import permutations, product

import pytest
from sqlalchemy import ColumnElement, insert, select

from bot.rules.catalogue import State
from bot.rules.notices import Change, Notice, NoticeKind, Subscription, Wish, owed
from bot.store import Store
from bot.store.store import Session
from bot.store.tables import subscriptions
from tests.store.examples import NOW, after, in_utc, subscribed

NO_YES = (False, True)


async def test_a_subscription_is_read_as_it_was_written(store: Store, fresh: Store) -> None:
    written = await subscribed(store, 42, outages=True)

    async with fresh.reading() as session:
        assert await session.subscriptions_of(42) == (written,)
        assert await session.subscriptions_of(43) == ()


async def test_asking_twice_makes_one_subscription_at_its_earlier_place(store: Store, fresh: Store) -> None:
    first = await subscribed(store, 42)
    await subscribed(store, 43)

    again = await subscribed(store, 42, since=after(hours=1))

    assert again == first
    async with fresh.reading() as session:
        assert await session.subscriptions_of(42) == (first,)


async def test_always_outlives_once_in_whatever_order_they_come(store: Store) -> None:
    await subscribed(store, 1, wish=Wish.ONCE)
    widened = await subscribed(store, 1, wish=Wish.ALWAYS)
    await subscribed(store, 2, wish=Wish.ALWAYS)
    kept = await subscribed(store, 2, wish=Wish.ONCE)

    assert widened.wish is Wish.ALWAYS
    assert kept.wish is Wish.ALWAYS


async def test_outages_once_wanted_stay_wanted(store: Store) -> None:
    await subscribed(store, 1, outages=True)

    assert (await subscribed(store, 1, outages=False)).outages


async def test_who_asks_again_after_a_limited_return_is_told_of_the_next_one(store: Store) -> None:
    await subscribed(store, 1, limited_told=True)

    assert not (await subscribed(store, 1)).limited_told


async def test_large_chat_ids_fit(store: Store, fresh: Store) -> None:
    await subscribed(store, -1002147483648123)

    async with fresh.reading() as session:
        assert len(await session.subscriptions_of(-1002147483648123)) == 1


async def test_stopping_one_step_leaves_the_others(store: Store, fresh: Store) -> None:
    stopped = await subscribed(store, 1, "ktp_cetak")
    left = await subscribed(store, 1, "kk")
    others = await subscribed(store, 2, "ktp_cetak")

    async with store.writing() as session:
        assert await session.unsubscribe(1, ["ktp_cetak", "kia"]) == (stopped,)
        assert await session.unsubscribe(1, ["ktp_cetak"]) == ()

    async with fresh.reading() as session:
        assert await session.subscriptions_of_chats([1, 2]) == (left, others)


async def test_stopping_at_a_place_leaves_what_is_wanted_elsewhere(store: Store, fresh: Store) -> None:
    here = [await subscribed(store, 1, step, place="jabar/kota_bogor") for step in ("ktp_cetak", "kk")]
    below = await subscribed(store, 1, place="jabar/kota_bogor/kantor")
    beside = [await subscribed(store, 1, place=place) for place in ("jabar/kotaxbogor", "jabar/kota_bogor_barat")]

    async with store.writing() as session:
        assert await session.set_outages(1, ["ktp_cetak"], True, ["jabar/kota_bogor"]) == 2
        assert len(await session.unsubscribe(1, ["kk"], ["jabar/kota_bogor", "jatim"])) == 1
        ended = await session.unsubscribe(1, None, ["jabar/kota_bogor"])

    assert [one.id for one in ended] == [here[0].id, below.id]
    async with fresh.reading() as session:
        assert list(await session.subscriptions_of(1)) == beside


async def test_stopping_all_ends_all_of_this_chat(store: Store, fresh: Store) -> None:
    mine = [await subscribed(store, 1, step) for step in ("ktp_cetak", "kk")]
    await subscribed(store, 2)

    async with store.writing() as session:
        assert await session.unsubscribe(1) == tuple(mine)

    async with fresh.reading() as session:
        assert await session.subscriptions_of(1) == ()
        assert len(await session.subscriptions_of(2)) == 1


async def test_outages_are_switched_for_the_steps_named(store: Store, fresh: Store) -> None:
    for step in ("ktp_cetak", "kk"):
        await subscribed(store, 1, step)

    async with store.writing() as session:
        assert await session.set_outages(1, ["ktp_cetak"], True) == 1

    async with fresh.reading() as session:
        assert [one.outages for one in await session.subscriptions_of(1)] == [True, False]


async def test_chats_come_whole_in_the_order_of_their_earliest_subscription(store: Store, fresh: Store) -> None:
    late = await subscribed(store, 30, "kia")
    a1 = await subscribed(store, 20, "ktp_cetak")
    b1 = await subscribed(store, 10, "kk")
    a2 = await subscribed(store, 20, "kk")
    b2 = await subscribed(store, 10, "ktp_cetak")
    c1 = await subscribed(store, 30, "kk")

    chunks = await _all_chunks(fresh, limit=2)

    assert chunks == [((a1, a2), (b1, b2)), ((c1,),)]
    assert late.id < a1.id


async def test_a_fan_out_meets_each_chat_once_whatever_the_chunk(store: Store, fresh: Store) -> None:
    for number in range(12):
        await subscribed(store, number % 5, ("ktp_cetak", "kk", "kia")[number % 3], f"kendari/{number}")

    chunks = await _all_chunks(fresh, limit=1)

    assert [chat[0].chat for chunk in chunks for chat in chunk] == [0, 1, 3, 4, 2]


@pytest.mark.parametrize("few", [True, False])
async def test_where_places_are_named_who_waits_elsewhere_neither_comes_nor_counts(
    store: Store, fresh: Store, few: bool
) -> None:
    await subscribed(store, 10, "kk", "bogor")
    late = await subscribed(store, 20, "kk", "kendari")
    mall = await subscribed(store, 10, "ktp_cetak", "kendari/mpp")
    await subscribed(store, 30, "ktp_cetak", "kendari/kantor")
    both = await subscribed(store, 10, "kk", "kendari")

    async with fresh.reading() as session:
        where = ["kendari", "kendari/mpp"]
        first = await session.subscriptions_for(["ktp_cetak", "kk"], 0, 1, where, few=few)
        rest = await session.subscriptions_for(["ktp_cetak", "kk"], first[-1][0].id, 5, where, few=few)
        assert (first, rest) == (((late,),), ((mall, both),))
        assert await session.subscriptions_for(["ktp_cetak", "kk"], rest[-1][0].id, 5, where, few=few) == ()


async def test_a_chat_with_many_wishes_holds_up_nobody_behind_it(store: Store, fresh: Store) -> None:
    for chat, place in ((1, "a"), (1, "b"), (1, "c"), (1, "d"), (2, "a")):
        await subscribed(store, chat, "kk", place)

    chunks = await _all_chunks(fresh, limit=2)

    assert [chat[0].chat for chunk in chunks for chat in chunk] == [1, 2]


async def test_who_asks_anew_while_readers_are_looked_for_hides_nobody(
    store: Store, fresh: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for chat in (1, 2, 3):
        await subscribed(store, chat, "kk")
    read = Session._subscriptions

    async def read_later(session: Session, *which: ColumnElement[bool]) -> tuple[Subscription, ...]:
        return tuple(replace(one, id=9) if one.chat == 1 else one for one in await read(session, *which))

    monkeypatch.setattr(Session, "_subscriptions", read_later)
    chunks = await _all_chunks(fresh, limit=2)

    assert [chat[0].chat for chunk in chunks for chat in chunk] == [2, 3]  # 1 has the order 9 now, and comes then


async def test_few_wait_where_looking_through_them_again_and_again_costs_less(store: Store, fresh: Store) -> None:
    for chat in range(1, 41):
        await subscribed(store, chat, "kk", "kendari" if chat > 10 else "bogor")

    async with fresh.reading() as session:
        assert await session.few_wait(["kk"], ["bogor", "bogor/kantor"], limit=10)
        assert not await session.few_wait(["kk"], ["kendari"], limit=10)
        assert await session.few_wait(["ktp_cetak"], ["kendari"], limit=10)


@pytest.mark.parametrize("few", [True, False])
async def test_a_chunk_of_many_does_not_compare_each_with_each(store: Store, few: bool) -> None:
    """Before the database has looked at how much it holds: that takes a hundred times as long as to read all."""
    row = {"step": "kk", "place": "kendari", "wish": Wish.ONCE, "since": NOW}
    async with store.writing() as session:
        await session._connection.execute(insert(subscriptions), [{"chat": chat, **row} for chat in range(20_000)])

    async with store.reading() as session:
        began = time.perf_counter()
        await session._connection.execute(select(subscriptions))
        read = time.perf_counter()
        chunk = await session.subscriptions_for(["kk"], 0, 500, ["kendari"], few=few)
        found = time.perf_counter()

    assert found - read < 10 * (read - began)
    assert [len(chat) for chat in chunk] == [1] * 500


async def test_chats_are_counted_as_they_are_owed(store: Store, fresh: Store) -> None:
    wishes = [
        await subscribed(store, chat, step, place, wish, since=since, outages=outages, limited_told=limited_told)
        for chat, (step, place, wish, outages, limited_told, since) in enumerate(
            product(
                ("ktp_cetak", "kk"),
                ("kendari", "kendari/mpp"),
                Wish,
                (False, True),
                (False, True),
                (after(hours=-1), NOW),
            ),
            start=1,
        )
    ]
    changes = [
        Change(step, counter, was, now)
        for step, counter in (("ktp_cetak", "kendari/kantor"), ("kk", "kendari/mpp"))
        for was, now in permutations(State, 2)
    ]
    both = list(zip(changes, reversed(changes), strict=True))

    async with fresh.reading() as session:
        for kind in (NoticeKind.RESUMPTION, NoticeKind.OUTAGE, NoticeKind.WITHDRAWAL):
            for told in both:
                notice = Notice(0, 1, kind, told, NOW, NOW, since=NOW)
                expected = {wish.chat for wish in wishes for change in told if owed(wish, change, notice)}
                assert await session.count_chats_owed(notice) == len(expected), notice
        assert await session.count_chats_owed(replace(notice, changes=())) == 0


async def test_times_come_back_in_utc_at_the_same_instant(store: Store, fresh: Store) -> None:
    written = await subscribed(store, 1)

    assert written.since == after()
    assert written.since.isoformat() == in_utc(after()).isoformat()


async def _all_chunks(store: Store, limit: int) -> list[tuple[tuple[Subscription, ...], ...]]:
    chunks = []
    order = 0
    async with store.reading() as session:
        while chunk := await session.subscriptions_for(["ktp_cetak", "kk"], order, limit):
            chunks.append(chunk)
            order = chunk[-1][0].id
    return chunks
