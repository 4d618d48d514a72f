"""Subscribers: told once, always, of outages too, or no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.rules.notices import Subscription, Wish
from bot.store import Store
from tests.office.house import CITIZEN, NEIGHBOUR, House, actions, named
from tests.rules.small_office import CATALOGUE, CITY, MALL


async def wishes_of(store: Store, chat: int = CITIZEN) -> dict[str, Subscription]:
    """What is kept for a chat, by step."""
    async with store.reading() as session:
        return {one.step: one for one in await session.subscriptions_of(chat)}


async def test_once_takes_the_steps_that_are_down(house: House, fresh: Store) -> None:
    await house.posts("lapor blangko habis")

    told = await house.office.subscribers.once(CITIZEN, ("ktp",))

    kept = await wishes_of(fresh)
    assert kept.keys() == {"ktp_cetak"}
    assert kept["ktp_cetak"].wish is Wish.ONCE
    assert kept["ktp_cetak"].place == CITY
    assert kept["ktp_cetak"].since == house.watch()
    assert named(told) == ["subscribed.once", "subscribed.once_stored"]


async def test_once_takes_what_is_unknown_where_nothing_is_down(house: House, fresh: Store) -> None:
    await house.office.subscribers.once(CITIZEN, ("ktp",))

    assert (await wishes_of(fresh)).keys() == {"ktp_cetak", "ktp_ambil"}


async def test_what_works_need_not_be_waited_for(house: House, fresh: Store) -> None:
    await house.posts("lapor legalisir bisa")
    await house.posts("lapor legalisir di mpp bisa")

    told = await house.office.subscribers.once(CITIZEN, ("legalisir",))

    assert named(told) == ["subscribed.not_needed"]
    assert actions(told) == ["a:legalisir"]
    assert await wishes_of(fresh) == {}


async def test_who_asks_again_is_told_that_it_is_noted(house: House) -> None:
    await house.office.subscribers.once(CITIZEN, ("kk",))

    assert named(await house.office.subscribers.once(CITIZEN, ("kk",))) == ["subscribed.already"]
    assert named(await house.office.subscribers.always(CITIZEN, ("kk",)))[0] == "subscribed.always"
    assert named(await house.office.subscribers.always(CITIZEN, ("kk",))) == ["subscribed.already"]
    assert named(await house.office.subscribers.once(CITIZEN, ("kk",))) == ["subscribed.already"]


async def test_a_place_narrows_what_is_heard(house: House, fresh: Store) -> None:
    told = await house.office.subscribers.once(CITIZEN, ("kk",), MALL)

    assert (await wishes_of(fresh))["kk"].place == MALL
    assert "MPP" in house.reads(told)


async def test_where_a_place_does_not_serve_it_the_wish_is_for_where_it_is_served(store: Store, fresh: Store) -> None:
    city, main, mall = CATALOGUE.places
    house = House(store, replace(CATALOGUE, places=(city, main, replace(mall, steps=("kk",)))))

    told = await house.office.subscribers.once(CITIZEN, ("legalisir",), MALL)

    assert (await wishes_of(fresh))["legalisir"].place == CITY
    assert "MPP" not in house.reads(told)


async def test_a_place_that_is_no_more_is_everywhere(house: House, fresh: Store) -> None:
    await house.office.subscribers.once(CITIZEN, ("kk",), "kota/closed")

    assert (await wishes_of(fresh))["kk"].place == CITY


@pytest.mark.parametrize("ids", [(), ("closed",)])
async def test_what_is_no_more_cannot_be_subscribed_to(house: House, fresh: Store, ids: tuple[str, ...]) -> None:
    once = await house.office.subscribers.once(CITIZEN, ids)
    always = await house.office.subscribers.always(CITIZEN, ids)

    assert named(once) == named(always) == ["subscribed.which"]
    assert await wishes_of(fresh) == {}


async def test_a_stop_ends_these_and_then_all(house: House, fresh: Store) -> None:
    await house.office.subscribers.always(CITIZEN, ("ktp", "kk", "legalisir"))
    await house.office.subscribers.always(NEIGHBOUR, ("kk",))

    first = await house.office.subscribers.end(CITIZEN, ("ktp",))
    assert named(first) == ["unsubscribed.some"]
    assert (await wishes_of(fresh)).keys() == {"kk", "legalisir"}

    last = await house.office.subscribers.end(CITIZEN)
    assert named(last) == ["unsubscribed.last"]
    assert await wishes_of(fresh) == {}
    assert (await wishes_of(fresh, NEIGHBOUR)).keys() == {"kk"}


async def test_a_stop_of_nothing_says_so_and_ends_nothing_else(house: House, fresh: Store) -> None:
    await house.office.subscribers.always(CITIZEN, ("kk",))

    assert named(await house.office.subscribers.end(CITIZEN, ("legalisir",))) == ["unsubscribed.none"]
    assert named(await house.office.subscribers.end(CITIZEN, ("closed",))) == ["unsubscribed.none"]

    assert (await wishes_of(fresh)).keys() == {"kk"}


async def test_with_the_last_stop_the_last_question_is_forgotten(house: House, fresh: Store) -> None:
    await house.office.citizens.services(CITIZEN, ("kk",))
    await house.office.subscribers.always(CITIZEN, ("kk",))

    await house.office.subscribers.end(CITIZEN)

    async with fresh.reading() as session:
        assert (await session.chat_notes(CITIZEN)).intent is None


async def test_outages_are_heard_of_by_a_tap_and_by_another_no_more(house: House, fresh: Store) -> None:
    await house.office.subscribers.always(CITIZEN, ("ktp",))

    on = await house.office.subscribers.outages(CITIZEN, "ktp")
    assert named(on) == ["subscriptions.outages_on"]
    assert all(one.outages for one in (await wishes_of(fresh)).values())

    off = await house.office.subscribers.outages(CITIZEN, "ktp")
    assert named(off) == ["subscriptions.outages_off"]
    assert not any(one.outages for one in (await wishes_of(fresh)).values())


async def test_outages_without_a_subscription_are_not_there_to_be_turned_on(house: House) -> None:
    assert named(await house.office.subscribers.outages(CITIZEN, "ktp")) == ["unsubscribed.none"]
    assert named(await house.office.subscribers.outages(CITIZEN, "closed")) == ["unsubscribed.none"]


async def test_the_list_shows_what_there_is_with_a_stop_each(house: House) -> None:
    await house.office.subscribers.always(CITIZEN, ("kk",))
    await house.office.subscribers.once(CITIZEN, ("legalisir",))

    told = await house.office.subscribers.listed(CITIZEN)

    assert named(told) == ["subscriptions.title", "subscriptions.always", "subscriptions.once"]
    assert {"x:kk", "x:legalisir", "o:kk", "a:ktp"} <= set(actions(told))
    assert named(await house.office.subscribers.listed(NEIGHBOUR)) == ["subscriptions.none"]


async def test_who_blocked_the_bot_hears_nothing_more(house: House, fresh: Store) -> None:
    await house.office.subscribers.always(CITIZEN, ("kk",))

    await house.office.subscribers.gone(CITIZEN)

    assert await wishes_of(fresh) == {}
