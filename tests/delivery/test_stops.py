"""What staff stopped is not sent, whatever was on its way to the gate; what they let go on is."""

from __future__ import annotations

import asyncio

import pytest

from bot.delivery import stops
from bot.rules.notices import DeliveryStatus, Notice
from bot.store import Store
from bot.store.errors import DatabaseAway
from tests.delivery.test_broadcaster import House, _quick  # noqa: F401 -- a fixture for all tests here
from tests.patience import ANSWER
from tests.store.examples import fanned_out, subscribed

CHATS = tuple(range(1, 31))


@pytest.fixture(autouse=True)
def _quick_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stops, "WATCH_EVERY", 0.01)
    monkeypatch.setattr(stops, "CHUNK", 7)


async def fanned(store: Store, *chats: int) -> Notice:
    for chat in chats:
        await subscribed(store, chat)
    return await fanned_out(store, *chats)


async def steer(house: House, notice: Notice, stop: bool) -> None:
    async with house.store.writing() as session:
        await session.pause_notices(notice.report, stop)
    house.broadcaster.nudge()


async def counted(store: Store, notice: Notice) -> dict[DeliveryStatus, int]:
    async with store.reading() as session:
        return {status: count for status, count in (await session.progress(notice.id)).items() if count}


async def until_held(house: House, notice: Notice) -> None:
    """Until what was not sent is held: nothing waits, and nothing is on its way."""
    async with asyncio.timeout(ANSWER):
        while set(await counted(house.store, notice)) - {DeliveryStatus.SENT, DeliveryStatus.HELD}:
            await asyncio.sleep(0.01)


async def test_a_stop_keeps_back_what_stands_at_the_gate(store: Store) -> None:
    notice = await fanned(store, *CHATS)
    house = House(store, rate=20)

    async with house.at_work():
        await house.until(lambda: len(house.telegram.told) >= 3)
        await steer(house, notice, stop=True)
        await until_held(house, notice)
        sent = len(house.telegram.told)
        await asyncio.sleep(0.2)

    assert len(house.telegram.told) == sent < len(CHATS)
    assert await counted(store, notice) == {DeliveryStatus.SENT: sent, DeliveryStatus.HELD: len(CHATS) - sent}


async def test_it_goes_on_in_the_order_of_subscription_and_tells_nobody_twice(store: Store, fresh: Store) -> None:
    notice = await fanned(store, *CHATS)
    house = House(store, rate=200)
    async with house.at_work():
        await house.until(lambda: len(house.telegram.told) >= 3)
        await steer(house, notice, stop=True)
        await until_held(house, notice)

        await steer(house, notice, stop=False)
        await house.until_settled()

    assert house.telegram.told == list(CHATS)
    assert await counted(fresh, notice) == {DeliveryStatus.SENT: len(CHATS)}


async def test_a_stop_outlives_the_process_and_holds_up_nothing_else(store: Store) -> None:
    notice = await fanned(store, *CHATS)
    house = House(store)
    await steer(house, notice, stop=True)
    other = await fanned(store, 98, 99)

    async with house.at_work():
        await until_held(house, notice)
        await house.until(lambda: len(house.telegram.told) == 2)

    assert house.telegram.told == [98, 99]
    assert await counted(store, other) == {DeliveryStatus.SENT: 2}


async def test_others_are_told_while_a_large_one_is_still_being_put_aside(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stops, "CHUNK", 1)
    notice = await fanned(store, *range(1, 201))
    house = House(store)
    await steer(house, notice, stop=True)
    await fanned(store, 298, 299)

    async with house.at_work():
        await house.until(lambda: len(house.telegram.told) == 2)
        aside = (await counted(store, notice))[DeliveryStatus.HELD]

    assert house.telegram.told == [298, 299]
    assert aside < 200


async def test_any_process_can_see_how_fast_the_sender_is(store: Store, fresh: Store) -> None:
    house = House(store, rate=20)
    async with house.at_work():
        await house.until(lambda: house.broadcaster.at_work)

        async with fresh.reading() as session:
            pace = await session.pace("sender", house.clock())

    assert pace is not None
    assert (pace.a_second, pace.rests_until) == (20, None)
    assert not house.broadcaster.at_work


async def test_a_database_that_is_away_ends_no_watch(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = [DatabaseAway("away"), ZeroDivisionError("a bug")]
    seen = asyncio.Event()
    watched = stops.Stops(store)

    async def look(_session: object) -> None:
        if looks:
            raise looks.pop(0)
        seen.set()

    monkeypatch.setattr(watched, "_look", look)
    watch = asyncio.create_task(watched.watch(lambda: True))

    await asyncio.wait_for(seen.wait(), ANSWER)

    assert not watch.done()
    watch.cancel()


async def test_what_was_taken_back_ends_a_chunk_at_a_time_and_holds_nothing_up(store: Store, fresh: Store) -> None:
    wrong, other = await fanned(store, *CHATS), await fanned(store, 99)
    async with store.writing() as session:
        await session.cancel_notices(wrong.report)
    house = House(store)

    async with house.at_work():
        await house.until_settled()
        first = list(house.telegram.told)
        async with asyncio.timeout(10):
            while await counted(fresh, wrong) != {DeliveryStatus.DROPPED: len(CHATS)}:
                await asyncio.sleep(0.01)

    assert first == house.telegram.told == [99]
    assert await counted(fresh, other) == {DeliveryStatus.SENT: 1}
