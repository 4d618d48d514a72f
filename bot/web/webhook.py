"""Where Telegram brings updates: let in by the secret, and answered when they are handled."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.config import Secret

PATH = "/telegram"
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the header's name, not a secret
LONGEST = 1_048_576  # bytes; the longest message with all that it may quote is a fifth of it
BODY_SECONDS = 10.0
COME_BACK = {"Retry-After": "2"}  # seconds, where a 200 would lose the update

Receive = Callable[[Mapping[str, Any]], Awaitable[bool]]
"""Handles an update and says whether it did; raises ValueError where it is none."""


class _RefusedError(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def webhook(secret: Secret, receive: Receive) -> Route:
    """The address that Telegram was told."""

    async def answer(request: Request) -> Response:
        try:
            _let_in(request, secret)
            handled = await receive(_update(await _body(request)))
        except _RefusedError as refused:
            return Response(status_code=refused.status)
        except ValueError:
            return Response(status_code=400)
        return Response() if handled else Response(status_code=503, headers=COME_BACK)

    return Route(PATH, answer, methods=["POST"])


def _let_in(request: Request, secret: Secret) -> None:
    """Before anything of the body is read; the comparison takes as long for a near miss as for any other."""
    shown = request.headers.get(SECRET, "")
    if not hmac.compare_digest(shown.encode(), secret.reveal().encode()):
        raise _RefusedError(403)
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > LONGEST:
        raise _RefusedError(413)


async def _body(request: Request) -> bytes:
    """All of it, where it is neither long nor slow; a length that was not told is counted."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LONGEST:
                    raise _RefusedError(413)
    except TimeoutError:
        raise _RefusedError(408) from None
    except ClientDisconnect:
        raise _RefusedError(400) from None
    return bytes(body)


def _update(body: bytes) -> Mapping[str, Any]:
    try:
        update = json.loads(body)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(update, dict):
        raise ValueError("an update is an object")
    return update
