"""The Bot API over HTTP: one endpoint, with the faults that were asked for."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from playground.faults import Fault
from playground.incoming import read_parameters
from playground.methods import METHODS, Answer, carry_out, note, refused
from playground.refusals import RefusalError
from playground.world import World

UNAUTHORIZED = RefusalError(401, "Unauthorized")
NOT_FOUND = RefusalError(404, "Not Found")


async def bot_call(request: Request) -> Response:
    """`/bot<token>/<method>`."""
    world: World = request.app.state.world
    if request.path_params["token"] != world.token:
        return _response(refused(UNAUTHORIZED))
    try:
        given = await read_parameters(request)
    except RefusalError as refusal:
        return _response(refused(refusal))
    entry = note(world, request.path_params["method"], given)
    answer = await _answer(request, world, entry.method, given)
    if answer is None:
        return await _cut(request)
    entry.status, entry.answer = answer.status, answer.body
    return _response(answer)


async def _answer(request: Request, world: World, method: str, given: Mapping[str, Any]) -> Answer | None:
    """The answer; None where the connection ends without one."""
    if method not in METHODS:
        return refused(NOT_FOUND)
    fault = world.faults.take(method, _number(given.get("chat_id")))
    if fault is not None:
        return await _go_wrong(fault, world, method, given)
    if method == "getUpdates":
        return await _while_connected(request, carry_out(world, method, given))
    return await carry_out(world, method, given)


async def _go_wrong(fault: Fault, world: World, method: str, given: Mapping[str, Any]) -> Answer | None:
    refusal = fault.refusal()
    if refusal is not None:
        return refused(refusal)
    answer = await carry_out(world, method, given) if fault.carries_out else None
    if fault.kind in ("hang", "slow"):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(world.closing.wait(), fault.seconds)
    return None if fault.cuts else answer


async def _while_connected(request: Request, call: Coroutine[Any, Any, Answer]) -> Answer | None:
    """A long poll ends when its bot goes away, so that the next one is no second poller."""
    poll = asyncio.ensure_future(call)
    gone = asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait({poll, gone}, return_when=asyncio.FIRST_COMPLETED)
        return poll.result() if poll.done() else None
    finally:
        poll.cancel()
        gone.cancel()
        await asyncio.gather(poll, gone, return_exceptions=True)


async def _cut(request: Request) -> Response:
    """Ends the connection; what is returned goes nowhere."""
    cut = getattr(request.state, "cut", None)
    if cut is not None:
        cut()
        await request.receive()
    return Response(status_code=502)


def _response(answer: Answer) -> Response:
    if answer.status == 502:  # comes from the proxy before the Bot API, which knows no JSON
        return HTMLResponse(f"<html><h1>502 {answer.body['description']}</h1></html>", status_code=502)
    headers = {}
    seconds = answer.body.get("parameters", {}).get("retry_after")
    if seconds:
        headers["Retry-After"] = str(seconds)
    return JSONResponse(answer.body, answer.status, headers)


def _number(chat_id: Any) -> int | None:
    text = str(chat_id)
    return int(text) if text.removeprefix("-").isdecimal() else None
