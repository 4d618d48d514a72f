"""The workers of the campaign, each with an address of Telegram of its own, so that it is known who sends."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from playground.bot_api import bot_call
from playground.server import serve_app
from playground.world import World
from tests.journeys.deployment import Deployment

STEPS = ("web", "sender", "web", "still", "web", "sender")  # what meets a kill; `still`: the sender is stopped
WOKEN_AFTER, AGAIN_WITHIN = 15.0, 60.0  # seconds
UNDER_WAY = 1.0  # seconds in which what a killed process sent may still arrive


@dataclass
class Worker:
    """A worker, and when it called `sendMessage`."""

    process: Deployment
    sends: list[float]


@dataclass
class Kills:
    """What was done to the processes, and what came of it."""

    webs: int = 0
    senders: int = 0
    took_over: list[float] = field(default_factory=list)  # seconds until notices went on
    sent_on: list[int] = field(default_factory=list)  # messages that a woken sender sent on


class Noted:
    """Notes each call of `sendMessage` at this address."""

    def __init__(self, app: ASGIApp, sends: list[float]) -> None:
        self._app, self._sends = app, sends

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].endswith("/sendMessage"):
            self._sends.append(time.monotonic())
        await self._app(scope, receive, send)


@asynccontextmanager
async def noted(world: World, sends: list[float]) -> AsyncIterator[str]:
    """Another address of the same Telegram."""
    app = Starlette(routes=[Route("/bot{token}/{method}", bot_call, methods=["POST"])])  # brings no update twice
    app.state.world = world
    app.add_middleware(Noted, sends=sends)
    async with serve_app(app) as url:
        yield url


async def kill_by_the_clock(
    webs: list[Deployment], workers: list[Worker], kills: Kills, begun: float, every: float
) -> None:
    """One after the other, whether or not those before are there again."""
    web = cycle(webs)
    async with asyncio.TaskGroup() as meanwhile:
        for number, step in enumerate(STEPS):
            await asyncio.sleep(max(0.0, begun + (number + 0.5) * every - time.monotonic()))
            if step == "web":
                await _kill(next(web), meanwhile.create_task)
                kills.webs += 1
                continue
            sender = max(workers, key=lambda worker: worker.sends[-1:])
            meanwhile.create_task(_taken_over(workers, kills))
            if step == "sender":
                await _kill(sender.process, meanwhile.create_task)
                kills.senders += 1
            else:
                meanwhile.create_task(_stand_still(sender, kills, every / 2))


async def _kill(process: Deployment, begin: Callable[..., Awaitable[object]]) -> None:
    await process.kill()
    begin(_started_again(process))


async def _started_again(process: Deployment) -> None:
    """As a service manager does, which knows nothing of a database that is away just now."""
    async with asyncio.timeout(AGAIN_WITHIN):
        while True:
            try:
                await process.start()
            except AssertionError:
                await process.close()
                await asyncio.sleep(1)
            else:
                return


async def _stand_still(sender: Worker, kills: Kills, watched: float) -> None:
    """Stopped and woken; what it sends as long as nothing happens to the one that took over."""
    sender.process.signal(signal.SIGSTOP)
    await asyncio.sleep(WOKEN_AFTER)
    before = len(sender.sends)
    sender.process.signal(signal.SIGCONT)
    await asyncio.sleep(watched - 0.5)
    kills.sent_on.append(len(sender.sends) - before)


async def _taken_over(workers: list[Worker], kills: Kills) -> None:
    """Whoever sends next, be it the same one started anew; what was under way at the hit does not count."""
    began = time.monotonic()
    calm = began + UNDER_WAY
    while not any(worker.sends[-1:] > [calm] for worker in workers) and time.monotonic() < began + AGAIN_WITHIN:
        await asyncio.sleep(0.05)
    kills.took_over.append(time.monotonic() - began)
