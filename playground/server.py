"""Serves the stand-in on loopback, inside the running event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Iterator, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from uvicorn.protocols.http.h11_impl import H11Protocol

from playground.app import make_app
from playground.webhook import Pause
from playground.world import World

HOST = "127.0.0.1"
KEEP_ALIVE = 75  # seconds; who comes back on a busy machine finds a connection as it left it
RESET_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closing sends a reset instead of an end


class CuttableProtocol(H11Protocol):
    """Gives each request a way to cut its connection, as `request.state.cut`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn itself
        super().connection_made(transport)
        # asyncio does this for the listeners it makes itself; without it each answer takes 40 ms.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app_state = {**self.app_state, "cut": lambda: _cut(transport)}


class _Server(uvicorn.Server):
    """A server that leaves signals to whoever owns the loop, and says when it is there."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.stopping = asyncio.Event()

    async def main_loop(self) -> None:
        await self.stopping.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit as left:  # would end the whole loop, and whatever else runs in it
            raise RuntimeError("the stand-in did not start") from left
        self.ready.set()


@contextlib.asynccontextmanager
async def serve(
    world: World,
    port: int = 0,
    *,
    extra_routes: Sequence[BaseRoute] = (),
    faults: bool = True,
    pause: Pause = asyncio.sleep,
) -> AsyncIterator[str]:
    """Serves the world and yields its address, without a slash at the end; port 0 is any free one.

    Raises OSError where the port is taken. A world may be served again after it was closed.
    """
    world.open()
    async with serve_app(make_app(world, extra_routes, faults=faults, pause=pause), port) as address:
        try:
            yield address
        finally:
            world.close()


@contextlib.asynccontextmanager
async def serve_app(app: Starlette, port: int = 0) -> AsyncIterator[str]:
    """Serves any application the same way."""
    with socket.create_server((HOST, port), backlog=2048) as listener:
        config = uvicorn.Config(
            app,
            http=CuttableProtocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            loop="none",
            timeout_keep_alive=KEEP_ALIVE,
        )
        server = _Server(config)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            await _started(server, running)
            yield f"http://{HOST}:{listener.getsockname()[1]}"
        finally:
            server.stopping.set()
            await running


async def _started(server: _Server, running: asyncio.Task[None]) -> None:
    ready = asyncio.create_task(server.ready.wait())
    await asyncio.wait({ready, running}, return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    if running.done():
        running.result()


def _cut(transport: asyncio.Transport) -> None:
    """Ends a connection the hard way: the other side reads a reset."""
    with contextlib.suppress(OSError):  # closed already: the bot went away first
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
    transport.abort()
