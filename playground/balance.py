"""A balancer in front of several webs, as a reverse proxy is one: each request goes to the next that is there."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from itertools import count

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from playground.server import serve_app

PATIENCE = 60.0  # seconds that an answer may take
_NOT_PASSED_ON = frozenset({"host", "content-length", "connection", "transfer-encoding"})


@contextlib.asynccontextmanager
async def balanced(*upstreams: str, port: int = 0) -> AsyncIterator[str]:
    """The address at which these are found in turn."""
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
        turn = count()

        async def pass_on(request: Request) -> Response:
            first = next(turn)
            order = [upstreams[(first + step) % len(upstreams)] for step in range(len(upstreams))]
            return await _passed_on(client, request, order)

        methods = ["GET", "POST"]
        async with serve_app(Starlette(routes=[Route("/{path:path}", pass_on, methods=methods)]), port) as address:
            yield address


async def _passed_on(client: httpx.AsyncClient, request: Request, order: Sequence[str]) -> Response:
    """The answer of the first that takes the request; one that went away with it is not asked for another's sake."""
    body = await request.body()
    headers = {name: value for name, value in request.headers.items() if name not in _NOT_PASSED_ON}
    headers["x-forwarded-for"] = request.client.host if request.client else ""
    for upstream in order:
        try:
            answer = await client.request(
                request.method, f"{upstream}{request.url.path}", content=body, headers=headers, params=request.url.query
            )
        except httpx.ConnectError:
            continue
        except httpx.HTTPError:
            break
        passed = {name: value for name, value in answer.headers.items() if name in ("content-type", "retry-after")}
        return Response(answer.content, answer.status_code, passed)
    return Response(status_code=502)
