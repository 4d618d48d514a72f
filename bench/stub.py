"""A Bot API that takes every call at once, over bare HTTP: as little of a server as a sender of 1,000 a second needs.

`python -m bench.stub [SECONDS]` prints its address and serves until its standard input closes; each message is taken
after so many seconds, and a getUpdates waits. Once it is told to, it asks ten questions a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE, Popen

from bench.bot_api import ME, NO_WEBHOOK

POLL = 1.0  # seconds that an empty poll lasts
ASK_EVERY = 0.1  # seconds between two questions
QUESTION = "ktp sudah bisa?"
CITIZENS = 747_100_100  # the first; each question is another one's, so that none waits for an answer before it
_CHAT = re.compile(rb"chat_id=(\d+)")
_OK = b'{"ok":true,"result":true}'
_SENT = (  # as long as Telegram's own answer, of which others read all
    b'{"ok":true,"result":{"message_id":%d,"from":{"id":123456789,"is_bot":true,"first_name":"Bench",'
    b'"username":"bench_bot"},"chat":{"id":747100000000,"first_name":"Warga","type":"private"},"date":1485748800,'
    b'"text":"' + b"Kabar baik: cetak KTP-el sudah bisa lagi. " * 6 + b'"}}'
)


class Questions:
    """What citizens ask meanwhile, and how long each waited: until the answer left the bot."""

    def __init__(self) -> None:
        self.waited: list[float] = []
        self._asked: dict[int, float] = {}
        self._numbers = itertools.count(1)
        self._poll: Stub | None = None  # a getUpdates that waits

    def begin(self) -> None:
        """Ask, until the end of this process."""
        self._ask_and_go_on(asyncio.get_running_loop().time())

    def _ask_and_go_on(self, at: float) -> None:
        if self._poll is not None:  # else the bot is about to ask for more
            number = next(self._numbers)
            self._asked[CITIZENS + number] = time.monotonic()
            self._poll.say(json.dumps({"ok": True, "result": [_question(number)]}).encode())
            self._poll = None
        at += ASK_EVERY
        asyncio.get_running_loop().call_at(at, self._ask_and_go_on, at)

    def polled(self, connection: Stub) -> None:
        self._poll = connection
        asyncio.get_running_loop().call_later(POLL, self._end, connection)

    def _end(self, connection: Stub) -> None:
        if self._poll is connection:
            self._poll = None
            connection.say(b'{"ok":true,"result":[]}')

    def answered(self, chat: int) -> bool:
        """Whether this chat had asked something."""
        if chat not in self._asked:
            return False
        self.waited.append(time.monotonic() - self._asked[chat])
        return True


def _question(number: int) -> dict[str, object]:
    who = {"id": CITIZENS + number, "first_name": "Warga"}
    message = {
        "message_id": number,
        "from": who | {"is_bot": False, "language_code": "id"},
        "chat": who | {"type": "private"},
        "date": int(time.time()),  # noqa: TID251 -- what Telegram would write
        "text": QUESTION,
    }
    return {"update_id": number, "message": message}


class Stub(asyncio.Protocol):
    """One connection. Requests come one after the other, as the bot sends them."""

    sent: list[float] = []  # noqa: RUF012 -- of all connections: when each message came
    latency = 0.0
    questions: Questions

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
            self.questions.polled(self)
        elif method == b"sendMessage" and self.latency:
            asyncio.get_running_loop().call_later(self.latency, self.say, self._sent(body))
        else:
            self.say(self._result(method, body))

    def _sent(self, body: bytes) -> bytes:
        chat = _CHAT.search(body)
        if not (chat and self.questions.answered(int(chat[1]))):
            self.sent.append(time.monotonic())
        return _SENT % len(self.sent)

    def _result(self, method: bytes, body: bytes) -> bytes:
        if method == b"sendMessage":
            return self._sent(body)
        if method == b"getMe":
            return json.dumps({"ok": True, "result": ME}).encode()
        if method == b"getWebhookInfo":  # a web looks each minute, and sets it again
            return NO_WEBHOOK
        if method == b"sent":  # what the bench asks
            return json.dumps(self.sent).encode()
        if method == b"count":
            return b"%d" % len(self.sent)
        if method == b"ask":
            self.questions.begin()
        if method == b"waited":
            return json.dumps(self.questions.waited).encode()
        return _OK

    def say(self, body: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        self._transport.write(head + body)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


async def serve() -> None:
    """Until standard input closes."""
    Stub.questions = Questions()
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
