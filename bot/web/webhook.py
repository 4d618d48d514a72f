"""Where Telegram brings updates: let in by the secret, and answered when they are handled."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.secret import Secret

PATH = "/telegram"
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the header's name, not a secret
LONGEST = 1_048_576  # bytes; the longest message with all that it may quote is a fifth of it
BODY_SECONDS = 10.0
_SHOWN = SECRET.lower().encode()
_NOTHING = (b"content-length", b"0")
_COME_BACK = (b"retry-after", b"2")  # seconds, where a 200 would lose the update
_ONLY_POST = (b"allow", b"POST")

Take = Callable[[Mapping[str, Any]], Awaitable[bool]]
"""Handles an update and says whether it did; raises ValueError where it is none."""


class _RefusedError(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def webhook(secret: Secret, take: Take, beside: ASGIApp) -> ASGIApp:
    """The address that Telegram was told, and the application beside it, which answers all others.

    It stands before that application's layers: they are for pages, cost a quarter of an answer and help nothing here.
    """
    own = secret.reveal().encode()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await beside(scope, receive, send)
            return
        status = await _status(scope, receive, own, take)
        more = {503: [_COME_BACK], 405: [_ONLY_POST]}.get(status, [])
        await send({"type": "http.response.start", "status": status, "headers": [_NOTHING, *more]})
        await send({"type": "http.response.body"})

    return app


async def _status(scope: Scope, receive: Receive, own: bytes, take: Take) -> int:
    """200 where the update was handled, 503 where it is to come again."""
    if scope["method"] != "POST":
        return 405
    try:
        _let_in(dict(scope["headers"]), own)
        return 200 if await take(_update(await _body(receive))) else 503
    except _RefusedError as refused:
        return refused.status
    except ValueError:
        return 400


def _let_in(headers: Mapping[bytes, bytes], own: bytes) -> None:
    """Before anything of the body is read; the comparison takes as long for a near miss as for any other."""
    if not hmac.compare_digest(headers.get(_SHOWN, b""), own):
        raise _RefusedError(403)
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length) > LONGEST:
        raise _RefusedError(413)


async def _body(receive: Receive) -> bytes:
    """All of it, where it is neither long nor slow; a length that was not told is counted."""
    body, more = b"", True
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise _RefusedError(400)
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > LONGEST:
                    raise _RefusedError(413)
    except TimeoutError:
        raise _RefusedError(408) from None
    return body


def _update(body: bytes) -> Mapping[str, Any]:
    try:
        update = json.loads(body)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(update, dict):
        raise ValueError("an update is an object")
    return update
