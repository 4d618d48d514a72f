"""Requests off the wire, read by llhttp, and an end to what it lets grow for ever: heads, and requests in a row."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_WAITING = 16  # requests of one connection behind one that is not answered yet
REQUEST_SECONDS = 20.0  # from a connection's beginning, or a request's first byte, to the request's end
LONGEST_HEAD = 16_384  # bytes of a request that are no body: its head, the marks between chunks, what trails them


class LimitedProtocol(HttpToolsProtocol):
    """One connection. What comes at once, a quarter of a MiB at most, is read before it is measured."""

    _beside_body = 0
    _patience: asyncio.TimerHandle | None = None  # none while no request is on its way

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._request_is_here()
        super().connection_lost(exc)

    def _await_request(self) -> None:
        """Not for ever: who says nothing, or never ends, would hold a connection of which there are only so many."""
        if self._patience is None:
            self._patience = self.loop.call_later(REQUEST_SECONDS, self.transport.close)

    def _request_is_here(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def on_message_begin(self) -> None:
        """What this raises is answered with 400, and ends the connection."""
        if len(self.pipeline) >= MOST_WAITING:
            raise ValueError("too many requests wait")
        self._await_request()
        super().on_message_begin()

    def data_received(self, data: bytes) -> None:
        """Ends a connection whose request does not."""
        self._beside_body += len(data)
        self._await_request()
        super().data_received(data)
        if self._beside_body > LONGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of this request is too long.")

    def on_body(self, body: bytes) -> None:
        """Whoever answers the request measures its body."""
        self._beside_body -= len(body)
        super().on_body(body)

    def _unsupported_upgrade_warning(self) -> None:
        """Whoever asks for another protocol is answered in this one; a line in the log would help nobody."""

    def on_message_complete(self) -> None:
        """The next request is measured by itself."""
        self._beside_body = 0
        self._request_is_here()
        super().on_message_complete()
