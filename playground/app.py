"""The stand-in as a web application: the Bot API, the page's interface, the page."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from playground import page_api
from playground.bot_api import bot_call
from playground.webhook import Courier, Pause
from playground.world import World

PAGE = Path(__file__).parent / "page"


def make_app(
    world: World,
    extra_routes: Sequence[BaseRoute] = (),
    *,
    faults: bool = True,
    pause: Pause = asyncio.sleep,
) -> Starlette:
    """The application on this world; `pause` waits between a webhook's attempts."""
    routes: list[BaseRoute] = [
        Route("/bot{token}/{method}", bot_call, methods=["GET", "POST"]),
        *page_api.routes(with_faults=faults),
        *extra_routes,
    ]
    if PAGE.is_dir():
        routes.append(Mount("/", StaticFiles(directory=PAGE, html=True)))
    app = Starlette(routes=routes, lifespan=_delivering(Courier(world, pause)))
    app.state.world = world
    return app


def _delivering(courier: Courier) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """The courier runs for as long as the application does."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        errand = asyncio.create_task(courier.run())
        try:
            yield
        finally:
            errand.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await errand

    return lifespan
