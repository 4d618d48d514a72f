"""Serves the public face inside the bot's process, for as long as its block lasts."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import structlog
import uvicorn
from starlette.types import ASGIApp

from bot.faults import OperatorError
from bot.web.heads import LimitedProtocol

EVERYWHERE = ""  # on every address of the machine: a proxy or a container's network may be another one
_WAITING = 2048  # connections that may wait to be taken
_GRACE = 5  # seconds that a stop waits for answers in hand

log = structlog.get_logger(__name__)


class PortTakenError(OperatorError):
    """Nobody can listen there."""

    title = "The port cannot be opened:"


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever owns the loop, and ends when it is told to."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready, self.stopping = asyncio.Event(), asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        while not self.stopping.is_set():
            await self.on_tick(0)  # writes the Date that answers bear
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), 1.0)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def serving(app: ASGIApp, port: int, host: str = EVERYWHERE) -> AsyncIterator[int]:
    """Answer on this port; yields it, since 0 leaves it to the system."""
    with _listener(port, host) as listener:
        server = _Server(_config(app))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await _ready(server, running)
            log.info("web_ready", port=listener.getsockname()[1])
            yield listener.getsockname()[1]
        finally:
            server.stopping.set()
            await running


async def _ready(server: _Server, running: asyncio.Task[None]) -> None:
    ready = asyncio.create_task(server.ready.wait())
    await asyncio.wait({ready, running}, return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    if running.done():
        running.result()


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="none",
        http=LimitedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # who asks is decided in `clients.py`
        timeout_graceful_shutdown=_GRACE,
    )


def _listener(port: int, host: str) -> socket.socket:
    both = host == EVERYWHERE and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if both else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=_WAITING, dualstack_ipv6=both)
    except OSError as error:
        wrong = f"PORT {port} cannot be opened ({error.strerror})"
        raise PortTakenError(f"{wrong}. Right would be one that is free.") from None
    # asyncio does this for listeners of its own, and connections inherit it. Without it an answer takes 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
