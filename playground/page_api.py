"""What the page and the tests ask of the stand-in: see, type, tap, and make things go wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from playground import people
from playground.profile import DEFAULT_SCOPE
from playground.world import Json, World

Doer = Callable[[World, Json], Json]
Endpoint = Callable[[Request], Awaitable[Response]]


def state(world: World) -> Json:
    """Everything that the page draws."""
    profile = world.profile
    bot = profile.as_user() | {
        "commands": profile.commands.get((DEFAULT_SCOPE, ""), []),
        "description": profile.text("description", ""),
        "short_description": profile.text("short_description", ""),
    }
    phones = [world.phone_as_page(phone) for phone in world.everyone()]
    return {"now": _iso(world), "bot": bot, "phones": phones}


def send(world: World, body: Json) -> Json:
    """Somebody types a text."""
    return people.say(world, body["chat_id"], body["text"], body.get("reply_to")).as_page()


def edit(world: World, body: Json) -> Json:
    """Somebody changes a text."""
    return people.edit(world, body["chat_id"], body["message_id"], body["text"]).as_page()


def tap(world: World, body: Json) -> Json:
    """Somebody taps a button."""
    return {"query_id": people.tap(world, body["chat_id"], body["message_id"], body["data"])}


def photo(world: World, body: Json) -> Json:
    """Somebody sends a photo."""
    return people.send_photo(world, body["chat_id"], body.get("caption", "")).as_page()


def inline(world: World, body: Json) -> Json:
    """Somebody asks inline."""
    return {"query_id": people.ask_inline(world, body["chat_id"], body["query"])}


def block(world: World, body: Json) -> Json:
    """Somebody blocks the bot, or lets it in again."""
    people.block(world, body["chat_id"], body["blocked"])
    return world.phone_as_page(world.phones[body["chat_id"]])


def phones(world: World, body: Json) -> Json:
    """A phone is added or changed."""
    names = {name: body[name] for name in ("first_name", "language_code", "user_id") if name in body}
    phone = world.add_phone(body["chat_id"], body.get("title") or body.get("first_name", ""), **names)
    for name in ("admin", "deactivated", "acquainted"):
        setattr(phone, name, body.get(name, getattr(phone, name)))
    return world.phone_as_page(phone)


def migrate(world: World, body: Json) -> Json:
    """A group becomes a supergroup."""
    return world.phone_as_page(people.upgrade_group(world, body["chat_id"]))


def clock(world: World, body: Json) -> Json:
    """The stand-in's clock is moved."""
    world.offset = float(body["offset"])
    world.publish({"type": "clock", "now": _iso(world), "offset": world.offset})
    return {"now": _iso(world)}


def reset(world: World, _body: Json) -> Json:
    """All is forgotten."""
    world.reset()
    return {}


def faults(world: World, body: Json) -> Json:
    """Something is to go wrong."""
    world.faults.plan_json(body)
    return {}


def limits(world: World, body: Json) -> Json:
    """Flood limits are switched: `chats`, `groups`, `overall`."""
    for name in ("chats", "groups", "overall"):
        setattr(world.limits, name, bool(body.get(name, getattr(world.limits, name))))
    return {name: getattr(world.limits, name) for name in ("chats", "groups", "overall")}


DOERS: dict[str, Doer] = {
    "send": send,
    "edit": edit,
    "tap": tap,
    "photo": photo,
    "inline": inline,
    "block": block,
    "phones": phones,
    "migrate": migrate,
    "clock": clock,
    "reset": reset,
    "faults": faults,
    "limits": limits,
}


def routes(*, with_faults: bool) -> list[Route]:
    """The routes under `/api`, and the files that people and bot sent."""
    doers = {name: doer for name, doer in DOERS.items() if with_faults or name != "faults"}
    posts = [Route(f"/api/{name}", _posted(doer), methods=["POST"]) for name, doer in doers.items()]
    return [
        *posts,
        Route("/api/state", _state),
        Route("/api/events", _events),
        Route("/api/journal", _journal),
        Route("/files/{file_id}", _file),
    ]


def _posted(doer: Doer) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            body = json.loads(await request.body() or b"{}")
            return JSONResponse(doer(request.app.state.world, body))
        except (KeyError, TypeError, ValueError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)

    return endpoint


async def _state(request: Request) -> Response:
    return JSONResponse(state(request.app.state.world))


async def _journal(request: Request) -> Response:
    return JSONResponse(request.app.state.world.journal.calls(request.query_params.get("method")))


async def _file(request: Request) -> Response:
    file = request.app.state.world.files.get(request.path_params["file_id"])
    if file is None:
        return Response(status_code=404)
    # A page on this address must not run what somebody uploaded.
    headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
    return Response(file.data, media_type=file.content_type, headers=headers)


async def _events(request: Request) -> Response:
    headers = {"Cache-Control": "no-store"}
    return StreamingResponse(_told(request.app.state.world), media_type="text/event-stream", headers=headers)


async def _told(world: World) -> AsyncIterator[str]:
    """Events as they happen, until the reader goes or the server stops."""
    events: asyncio.Queue[Any] = asyncio.Queue()
    stop = world.listen(events.put_nowait)
    try:
        yield ": listening\n\n"
        while (event := await events.get())["type"] != "closing":
            yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n"
    finally:
        stop()


def _iso(world: World) -> str:
    return datetime.fromtimestamp(world.now(), UTC).isoformat(timespec="seconds")
