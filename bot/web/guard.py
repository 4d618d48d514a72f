"""Before and after every answer: a limit for each client, and headers that make browsers careful."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.clients import base_of, client_of

# A whole village may stand behind one address of a telephone company, and a kept page costs next to nothing.
A_SECOND, AT_ONCE, CLIENTS = 20.0, 200, 10_000
UNLIMITED = "/healthz"

CAREFUL = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
}
SECURE_ONLY = "max-age=31536000"


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Buckets:
    """How much each client may still ask for; those who were silent longest are forgotten first."""

    def __init__(self, a_second: float = A_SECOND, at_once: int = AT_ONCE, clients: int = CLIENTS) -> None:
        self._a_second, self._at_once, self._clients = a_second, at_once, clients
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, client: str, now: float) -> float:
        """Take one; how many seconds to wait where there is none, else 0."""
        bucket = self._buckets.get(client)
        if bucket is None:
            bucket = self._buckets[client] = _Bucket(self._at_once, now)
            if len(self._buckets) > self._clients:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(client)
        bucket.left = min(self._at_once, bucket.left + max(0.0, now - bucket.at) * self._a_second)
        bucket.at = now
        if bucket.left < 1:
            return (1 - bucket.left) / self._a_second
        bucket.left -= 1
        return 0.0

    def __len__(self) -> int:
        return len(self._buckets)


class Guard:
    """Wraps the application; `too_many` answers who asks too much, told after how many seconds to come back."""

    def __init__(
        self, app: ASGIApp, too_many: Callable[[HTTPConnection, float], ASGIApp], seconds: Callable[[], float]
    ) -> None:
        self._app, self._too_many, self._seconds = app, too_many, seconds
        self._buckets = Buckets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        wait = self._wait(connection)
        app = self._too_many(connection, wait) if wait else self._app
        await app(scope, receive, _careful(connection, send))

    def _wait(self, connection: HTTPConnection) -> float:
        client = client_of(connection)
        if client is None or connection.url.path == UNLIMITED:
            return 0.0
        return self._buckets.wait(client, self._seconds())


def _careful(connection: HTTPConnection, send: Send) -> Send:
    """Sends with the headers that the answer does not set itself."""
    secure = base_of(connection).startswith("https:")

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in CAREFUL.items():
                headers.setdefault(name, value)
            if secure:
                headers.setdefault("Strict-Transport-Security", SECURE_ONLY)
        await send(message)

    return sending
