"""A Telegram that asks: it hands out questions, by polling or to a webhook, and counts the messages that come back.

It runs in the process that measures, over bare HTTP; nothing is parsed but the chat that a message goes to.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from bench.bot_api import ME, NO_WEBHOOK

BATCH = 100  # Telegram's most
POLLED_AT_ONCE, BROUGHT_AT_ONCE = 256, 64  # questions without an answer yet, by polling and by webhook
FIRST, CHATS = 747_100_000_000, 10_000  # different ones, so that nobody waits for an earlier answer of the same chat
PATIENCE = 120.0
LONG_POLL = 5.0  # seconds that an empty one lasts
_AT_ONCE = re.compile(rb'timeout"?[=:] ?0\b')
_CHAT = re.compile(rb'name="chat_id"\r\n\r\n(\d+)|chat_id"?[=:] ?"?(\d+)')
_OFFSET = re.compile(rb'name="offset"\r\n\r\n(\d+)|offset"?[=:] ?"?(\d+)')


class Feed:
    """The questions of one bot, and what came back."""

    def __init__(self, questions: Sequence[str]) -> None:
        self._questions = itertools.cycle(questions)
        self._numbers = itertools.count(1)
        self._unsaid, self._open = 0, 0  # questions still to ask, and those without an answer
        self._given: deque[tuple[int, bytes]] = deque()  # handed out by polling, not confirmed yet
        self._asking: _Connection | None = None  # a getUpdates that waits
        self._hook: Any = None  # where updates are brought, and with which secret
        self._bringers: list[_Bringer] = []
        self._done = asyncio.Event()
        self.ready = asyncio.Event()  # the bot polls, or set its webhook
        self.url, self.ended = "", 0.0

    async def ask(self, count: int) -> float:
        """Ask so many questions; the seconds until the last was answered."""
        self._unsaid, self._open = count, 0
        self._done.clear()
        began = time.perf_counter()
        if self._hook:
            await self._bring()
        else:
            self._serve_poll()
        await asyncio.wait_for(self._done.wait(), PATIENCE)
        return self.ended - began

    def _next(self) -> tuple[int, bytes]:
        number = next(self._numbers)
        who = {"id": FIRST + number % CHATS, "first_name": "Warga", "username": f"warga{number % CHATS}"}
        message = {
            "message_id": number,
            "from": who | {"is_bot": False, "language_code": "id"},
            "chat": who | {"type": "private"},
            "date": int(time.time()),  # noqa: TID251 -- what Telegram would write
            "text": next(self._questions),
        }
        self._unsaid -= 1
        self._open += 1
        return number, json.dumps({"update_id": number, "message": message}).encode()

    def answered(self, _chat: int) -> None:
        """A message went out."""
        self._open -= 1
        if not self._unsaid and not self._open:
            self.ended = time.perf_counter()
            self._done.set()
        elif self._hook:
            for bringer in self._bringers:
                bringer.go_on()
        else:
            self._serve_poll()

    def polled(self, connection: _Connection, body: bytes) -> None:
        """All before the offset are confirmed; what is not is given again."""
        found = _OFFSET.search(body)
        offset = int(found[1] or found[2]) if found else 0
        while self._given and self._given[0][0] < offset:
            self._given.popleft()
        self.ready.set()
        if _AT_ONCE.search(body) and not self._given and not self._unsaid:
            connection.say(b'{"ok":true,"result":[]}')
            return
        self._asking = connection
        asyncio.get_running_loop().call_later(LONG_POLL, self._end_poll, connection)
        self._serve_poll(again=True)

    def _end_poll(self, connection: _Connection) -> None:
        if self._asking is connection:
            self._asking = None
            connection.say(b'{"ok":true,"result":[]}')

    def _serve_poll(self, *, again: bool = False) -> None:
        """Unlike Telegram it never makes a bot wait that asks twice for the same."""
        if self._asking is None:
            return
        while self._unsaid and self._open < POLLED_AT_ONCE and len(self._given) < BATCH:
            self._given.append(self._next())
            again = True
        if again and self._given:
            batch = b",".join(update for _, update in itertools.islice(self._given, BATCH))
            self._asking.say(b'{"ok":true,"result":[' + batch + b"]}")
            self._asking = None

    def hooked(self, body: bytes) -> None:
        """A webhook was set: form or JSON, which only here is worth reading."""
        text = body.decode()
        url = re.search(r"http(?::|%3A)(?:/|%2F){2}127\.0\.0\.1(?::|%3A)(\d+)((?:/|%2F)?\w*)", text)
        secret = re.search(r'secret_token"?[=:] ?"?([\w-]+)|name="secret_token"\r\n\r\n([\w-]+)', text)
        if url:
            path = url[2].replace("%2F", "/") or "/"
            self._hook = int(url[1]), path, secret and (secret[1] or secret[2])
            self.ready.set()

    async def _bring(self) -> None:
        port, path, secret = self._hook
        loop = asyncio.get_running_loop()
        for old in self._bringers:  # a server closes what was idle between two rounds
            old.close()
        self._bringers.clear()
        for _ in range(BROUGHT_AT_ONCE):
            _, one = await loop.create_connection(lambda: _Bringer(self, path, secret), "127.0.0.1", port)
            self._bringers.append(one)
        for bringer in self._bringers:
            bringer.go_on()

    def to_bring(self) -> bytes | None:
        """The next update, as long as not too many are without an answer."""
        return self._next()[1] if self._unsaid and self._open < BROUGHT_AT_ONCE else None


class _Connection(asyncio.Protocol):
    """A connection of the bot to the Bot API; requests come one after the other."""

    def __init__(self, feed: Feed) -> None:
        self._feed, self._read = feed, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._read += data
        request = _whole(self._read)
        if request is None:
            return
        head, body = request
        self._read = b""
        path, _, query = head.split(b" ", 2)[1].partition(b"?")
        self._answer(path.rpartition(b"/")[2].lower(), body + query)

    def _answer(self, method: bytes, body: bytes) -> None:
        if method == b"getupdates":
            self._feed.polled(self, body)
        elif method == b"sendmessage":
            found = _CHAT.search(body)
            assert found
            chat = int(found[1] or found[2])
            self.say(
                b'{"ok":true,"result":{"message_id":7471,"date":1485748800,"chat":{"id":%d,"type":"private",'
                b'"first_name":"Warga"},"from":{"id":123456789,"is_bot":true,"first_name":"Bench",'
                b'"username":"bench_bot"},"text":"ktp sudah bisa?"}}' % chat
            )
            self._feed.answered(chat)
        elif method == b"getme":
            self.say(json.dumps({"ok": True, "result": ME}).encode())
        elif method == b"getwebhookinfo":  # looked at each minute, and the webhook then set again
            self.say(NO_WEBHOOK)
        else:
            if method == b"setwebhook":
                self._feed.hooked(body)
            self.say(b'{"ok":true,"result":true}')

    def say(self, body: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        self._transport.write(head + body)


class _Bringer(asyncio.Protocol):
    """A connection of Telegram to the bot's webhook: the next update when the one before it was taken."""

    def __init__(self, feed: Feed, path: str, secret: str | None) -> None:
        self._feed, self._read, self._busy = feed, b"", False
        token = f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\n" if secret else ""
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{token}Content-Type: application/json\r\nContent-Length: "
        self._head = head.encode()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def close(self) -> None:
        self._transport.close()

    def go_on(self) -> None:
        if not self._busy and (update := self._feed.to_bring()):
            self._busy = True
            self._transport.write(self._head + b"%d\r\n\r\n" % len(update) + update)

    def data_received(self, data: bytes) -> None:
        self._read += data
        if _whole(self._read) is not None:
            if not self._read.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(f"the webhook said {self._read[:60]!r}")
            self._read, self._busy = b"", False
            self.go_on()


def _whole(read: bytes) -> tuple[bytes, bytes] | None:
    """Head and body, once all of it is there."""
    head, mark, body = read.partition(b"\r\n\r\n")
    if not mark:
        return None
    lines = head.lower().split(b"\r\n")
    length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), None)
    if length is not None:
        return (head, body) if len(body) >= length else None
    chunked = any(line.startswith(b"transfer-encoding:") for line in lines)
    return (head, body) if not chunked or body.endswith(b"0\r\n\r\n") else None


@asynccontextmanager
async def feed(questions: Sequence[str]) -> AsyncIterator[Feed]:
    """Serves on loopback for as long as its block lasts."""
    one = Feed(questions)
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(one), "127.0.0.1", 0, backlog=1024)
    async with server:
        one.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        assert urlsplit(one.url).port
        yield one
        server.close()
