"""A stand-in to test, and a bot's and a person's way into it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from playground.limits import FloodLimits
from playground.server import serve
from playground.updates import UpdateQueue
from playground.world import World
from tests.patience import ANSWER

CITIZEN, STAFF, STRANGER, GROUP = 747100101, 747100201, 747100901, -747100
Json = dict[str, Any]


class Clock:
    """A clock that a test turns by hand."""

    def __init__(self) -> None:
        self.now = 1_485_734_400.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Bot:
    """Calls methods as a bot does, with JSON."""

    client: httpx.AsyncClient
    token: str

    async def __call__(self, method: str, **params: Any) -> Json:
        answer = await self.client.post(f"/bot{self.token}/{method}", json=params)
        told: Json = answer.json()
        return told

    async def result(self, method: str, **params: Any) -> Any:
        told = await self(method, **params)
        assert told["ok"], told
        return told["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        told = await self(method, **params)
        assert not told["ok"], told
        return str(told["description"])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    world = World(clock=clock, limits=FloodLimits(clock=clock), updates=UpdateQueue(clock=clock, forced_wait=0))
    world.add_phone(CITIZEN, "Warga").acquainted = True
    world.add_phone(STAFF, "Petugas").acquainted = True
    world.add_phone(STRANGER, "Orang lain")
    world.add_phone(GROUP, "RT 05", user_id=CITIZEN)
    return world


@pytest.fixture
async def address(world: World) -> AsyncIterator[str]:
    async with serve(world) as address:
        yield address


@pytest.fixture
async def people(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=ANSWER) as client:
        yield client


@pytest.fixture
def bot(people: httpx.AsyncClient, world: World) -> Bot:
    return Bot(people, world.token)
