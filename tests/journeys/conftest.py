"""A town: the stand-in with its people, the office's bot as a process, and what Telegram was asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.store import migrate
from playground.limits import FloodLimits
from playground.server import serve
from playground.world import World
from tests.journeys.deployment import COLLEAGUE, STAFF, Deployment
from tests.journeys.town import CITIZEN, NEIGHBOUR, STRANGER, SUBSCRIBER, Town
from tests.patience import ANSWER
from tests.phone import Phone
from tests.playground.conformance import assert_valid_calls


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    """Everybody's phone. At the end each call of the bot is held against what Telegram documents."""
    # Journeys are told faster than people type: only the tests of trouble switch Telegram's flood limits on.
    world = World(limits=FloodLimits(chats=False))
    for chat, name in (
        (CITIZEN, "Rahma"),
        (NEIGHBOUR, "Lina"),
        (STAFF, "Sitti R."),
        (COLLEAGUE, "Arman"),
        (SUBSCRIBER, "Arif"),
        (STRANGER, "Orang lain"),
    ):
        world.add_phone(chat, name)
    async with serve(world) as url, httpx.AsyncClient(base_url=url, trust_env=False, timeout=ANSWER) as client:
        phones = {chat: Phone(url, chat) for chat in world.phones}
        town = Town(url, world.token, client, phones, world)
        yield town
        assert_valid_calls(await town.journal())
        for phone in town.phones.values():
            await phone.close()


@pytest.fixture
async def deployment(town: Town, tmp_path: Path) -> AsyncIterator[Deployment]:
    """The bot on SQLite, not started yet."""
    deployment = Deployment(town.url, town.token, tmp_path)
    yield deployment
    await deployment.close()


@pytest.fixture
async def office(deployment: Deployment) -> Deployment:
    """The bot, running on SQLite."""
    await deployment.start()
    return deployment


@pytest.fixture
async def office_on_both(town: Town, tmp_path: Path, database_url: str) -> AsyncIterator[Deployment]:
    """The bot, running on each database in turn."""
    migrate(database_url)
    deployment = Deployment(town.url, town.token, tmp_path, DATABASE_URL=database_url)
    await deployment.start()
    yield deployment
    await deployment.close()
