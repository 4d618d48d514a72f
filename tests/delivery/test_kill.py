"""Over real HTTP, against the stand-in, in a process that is killed in the middle of its work."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.rules.notices import DeliveryStatus, Notice
from bot.store import Store, migrate
from playground.people import say
from playground.server import serve
from playground.world import World
from tests.patience import START
from tests.store.examples import KTP, noticed, subscribed

CHATS = range(1, 21)
ROUNDS = 4
SUBSCRIBERS = range(1, 121)


@asynccontextmanager
async def child(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.delivery.child", *arguments)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(START):
        while not condition():
            await asyncio.sleep(0.005)


def replies(world: World, chat: int) -> list[str]:
    return [message.text for message in world.phones[chat].messages.values() if message.out]


def count(world: World) -> int:
    return sum(len(replies(world, chat)) for chat in world.phones)


async def sent(store: Store, notice: Notice) -> int:
    async with store.reading() as session:
        return (await session.progress(notice.id))[DeliveryStatus.SENT]


def each_once(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(texts))


async def test_killed_in_a_batch_the_inbox_loses_no_question_and_keeps_their_order() -> None:
    world = World()
    for chat in CHATS:
        world.add_phone(chat, f"Warga {chat}")
    asked = [str(number) for number in range(ROUNDS)]
    for text in asked:
        for chat in CHATS:
            say(world, chat, text)

    async with serve(world) as url:
        for answered in (10, 30):
            async with child("echo", url, world.token) as process:
                await until(lambda: count(world) >= answered)  # noqa: B023 -- awaited within the round
                process.kill()
                await process.wait()
        async with child("echo", url, world.token) as process:
            await until(lambda: all(each_once(replies(world, chat)) == asked for chat in CHATS))
            process.terminate()
            assert await process.wait() == 0
        unconfirmed = len(world.updates.pending)

    assert unconfirmed == 0


async def test_killed_in_a_broadcast_the_sender_loses_nobody(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'loket.db'}"
    migrate(database)
    store = Store(database)
    await store.open()
    world = World()
    for chat in SUBSCRIBERS:
        world.add_phone(chat, f"Warga {chat}").acquainted = True
        await subscribed(store, chat)
    notice = await noticed(store, KTP)

    async with serve(world) as url:
        for run, told in enumerate((20, 60)):
            # A killed sender's lease lasts for 8 seconds, so the next one lives later.
            async with child("send", url, world.token, database, str(run * 10)) as process:
                await until(lambda: count(world) >= told)  # noqa: B023 -- awaited within the round
                process.kill()
                await process.wait()
        async with child("send", url, world.token, database, "20") as process:
            async with asyncio.timeout(START):
                while await sent(store, notice) < len(SUBSCRIBERS):
                    await asyncio.sleep(0.05)
            process.terminate()
            assert await process.wait() == 0

    assert await sent(store, notice) == len(SUBSCRIBERS)
    await store.close()
    assert all(replies(world, chat) for chat in SUBSCRIBERS)
    assert max(len(replies(world, chat)) for chat in SUBSCRIBERS) <= 3
