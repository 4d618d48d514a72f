"""A Bot API that takes every call at once, over bare HTTP: as little of a server as a sender of 1,000 a second needs.

`python -m bench.stub [SECONDS]` prints its address and serves until its standard input closes; each message is taken
after so many seconds, and a getUpdates waits.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE, Popen

from bench.bot_api import ME

POLL = 1.0  # seconds that an empty poll lasts
_OK = b'{"ok":true,"result":true}'
_SENT = (  # as long as Telegram's own answer, of which others read all
    b'{"ok":true,"result":{"message_id":%d,"from":{"id":123456789,"is_bot":true,"first_name":"Bench",'
    b'"username":"bench_bot"},"chat":{"id":747100000000,"first_name":"Warga","type":"private"},"date":1485748800,'
    b'"text":"' + b"Kabar baik: cetak KTP-el sudah bisa lagi. " * 6 + b'"}}'
)


class Stub(asyncio.Protocol):
    """One connection. Requests come one after the other, as the bot sends them."""

    sent: list[float] = []  # noqa: RUF012 -- of all connections: when each message came
    latency = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._read = b""

    def data_received(self, data: bytes) -> None:
        self._read += data
        head, mark, body = self._read.partition(b"\r\n\r\n")
        if not mark or len(body) < _length(head):
            return
        self._read = b""
        method = head.split(b" ", 2)[1].rpartition(b"/")[2]
        if method == b"getUpdates":
            asyncio.get_running_loop().call_later(POLL, self._answer, b'{"ok":true,"result":[]}')
        elif method == b"sendMessage" and self.latency:
            asyncio.get_running_loop().call_later(self.latency, self._answer, self._result(method))
        else:
            self._answer(self._result(method))

    def _result(self, method: bytes) -> bytes:
        if method == b"sendMessage":
            self.sent.append(time.monotonic())
            return _SENT % len(self.sent)
        if method == b"getMe":
            return json.dumps({"ok": True, "result": ME}).encode()
        if method == b"sent":  # what the bench asks
            return json.dumps(self.sent).encode()
        return _OK

    def _answer(self, body: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        self._transport.write(head + body)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


async def serve() -> None:
    """Until standard input closes."""
    server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", 0, backlog=1024)
    async with server:
        sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


@contextmanager
def stub(latency: float = 0.0) -> Iterator[str]:
    """The stub as a child process; its address."""
    with Popen([sys.executable, "-m", "bench.stub", str(latency)], stdin=PIPE, stdout=PIPE, text=True) as child:
        assert child.stdin
        assert child.stdout
        try:
            yield child.stdout.readline().strip()
        finally:
            child.stdin.close()


if __name__ == "__main__":
    Stub.latency = float(sys.argv[1]) if sys.argv[1:] else 0.0
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())
