"""Subscriptions by command and by tap, and the chats that are gone."""

from __future__ import annotations

import pytest

from bot.store import Store
from tests.handlers.desk import PERSON, Counter
from tests.office.house import CITIZEN


async def steps_of(store: Store) -> list[str]:
    async with store.reading() as session:
        return [one.step for one in await session.subscriptions_of(CITIZEN)]


async def test_a_service_is_subscribed_to_by_its_name(counter: Counter, fresh: Store) -> None:
    await counter.says("/langganan kartu keluarga")

    assert await steps_of(fresh) == ["kk"]
    assert "x:kk" in counter.buttons


@pytest.mark.parametrize("line", ["", " qwzx"])
async def test_without_a_service_the_list_comes(counter: Counter, line: str) -> None:
    await counter.taps("a:kk")

    await counter.says(f"/langganan{line}")

    assert {"x:kk", "o:kk", "a:ktp"} <= set(counter.buttons)


async def test_a_stop_ends_one_or_all(counter: Counter, fresh: Store) -> None:
    await counter.says("/langganan kk")
    await counter.says("/langganan legalisir")

    await counter.says("/berhenti kk")
    assert await steps_of(fresh) == ["legalisir"]

    await counter.says("/berhenti")
    assert await steps_of(fresh) == []


async def test_taps_begin_and_end(counter: Counter, fresh: Store) -> None:
    await counter.taps("k:ktp_cetak,kk")
    assert await steps_of(fresh) == ["ktp_cetak", "kk"]

    await counter.taps("x:ktp_cetak")
    assert await steps_of(fresh) == ["kk"]

    await counter.taps("a:legalisir")
    await counter.taps("o:legalisir")
    async with fresh.reading() as session:
        assert [one.outages for one in await session.subscriptions_of(CITIZEN)] == [False, True]

    await counter.taps("x:*")
    assert await steps_of(fresh) == []


async def test_a_tap_at_a_place_waits_for_that_place(counter: Counter, fresh: Store) -> None:
    await counter.taps("k:kk:kendari/kantor")

    async with fresh.reading() as session:
        assert [one.place for one in await session.subscriptions_of(CITIZEN)] == ["kendari/kantor"]


@pytest.mark.parametrize(("status", "left"), [("kicked", []), ("left", []), ("member", ["kk"])])
async def test_who_blocks_the_bot_is_not_written_to_again(
    counter: Counter, fresh: Store, status: str, left: list[str]
) -> None:
    await counter.taps("a:kk")
    bot = {"id": 747100001, "is_bot": True, "first_name": "Loket"}
    change = {
        "chat": {"id": CITIZEN, "type": "private"},
        "from": {"id": CITIZEN, **PERSON},
        "date": 1,
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {}),
    }

    await counter.gets(my_chat_member=change)

    assert await steps_of(fresh) == left
