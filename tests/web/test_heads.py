"""Requests off the wire: none may go on for ever outside its body, and what is no HTTP does no harm."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.web import heads
from bot.web.heads import LONGEST_HEAD, MOST_WAITING
from bot.web.server import serving
from tests.patience import ANSWER

CHUNKED = b"POST / HTTP/1.1\r\nHost: loket.example\r\nTransfer-Encoding: chunked\r\n\r\n"


async def measure(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the length of the body."""
    body = await Request(scope, receive).body()
    await PlainTextResponse(f"{len(body)} bytes")(scope, receive, send)


class Wire:
    """A connection to the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def say(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def head(self) -> bytes:
        async with asyncio.timeout(10):
            return await self._reader.readuntil(b"\r\n\r\n")

    async def said(self) -> bytes:
        """The next answer, in one line."""
        async with asyncio.timeout(ANSWER):
            head = await self._reader.readuntil(b"\r\n\r\n")
            length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
            return head.split(b"\r\n")[0] + b" " + await self._reader.readexactly(length)

    async def ended(self) -> bool:
        async with asyncio.timeout(ANSWER):
            return await self._reader.read() == b""

    async def go_on(self, data: bytes) -> int:
        """Send this for as long as it is taken; how many bytes were."""
        taken = 0
        try:
            async with asyncio.timeout(ANSWER):
                while not self._reader.at_eof() and taken < 50 * LONGEST_HEAD:
                    await self.say(data)
                    taken += len(data)
                    await asyncio.sleep(0)
        except ConnectionError:
            pass
        return taken


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with serving(measure, 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        yield Wire(reader, writer)
        writer.close()


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: lo", CHUNKED + b"5\r\nhal", b"\r\n"])
async def test_a_request_that_does_not_come_to_its_end_is_not_waited_for(
    begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heads, "REQUEST_SECONDS", 0.2)
    async with serving(measure, 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        wire = Wire(reader, writer)

        await wire.say(begun)

        assert await wire.ended()
        writer.close()


async def test_what_trickles_in_after_an_answer_keeps_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "REQUEST_SECONDS", 0.2)

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("no", status_code=403)(scope, receive, send)

    async with serving(refuse, 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        wire = Wire(reader, writer)
        await wire.say(CHUNKED)
        assert b"403" in await wire.said()

        await wire.say(b"5")

        assert await wire.ended()
        writer.close()


async def test_an_answer_bears_its_date(wire: Wire) -> None:
    await wire.say(b"GET / HTTP/1.1\r\nHost: loket.example\r\n\r\n")

    assert b"\r\ndate: " in (await wire.head()).lower()


async def test_many_requests_share_a_connection_whatever_they_come_to_together(wire: Wire) -> None:
    cookie = b"Cookie: " + b"a" * (LONGEST_HEAD // 2) + b"\r\n"

    for _ in range(4):
        await wire.say(b"GET / HTTP/1.1\r\nHost: loket.example\r\n" + cookie + b"\r\n")

        assert await wire.said() == b"HTTP/1.1 200 OK 0 bytes"


async def test_a_body_may_be_longer_than_a_head(wire: Wire) -> None:
    body = b"x" * (20 * LONGEST_HEAD)
    part = b"%x\r\n%s\r\n" % (LONGEST_HEAD, b"x" * LONGEST_HEAD)

    await wire.say(b"POST / HTTP/1.1\r\nHost: loket.example\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    assert await wire.said() == b"HTTP/1.1 200 OK %d bytes" % len(body)

    await wire.say(CHUNKED + 20 * part + b"0\r\n\r\n")
    assert await wire.said() == b"HTTP/1.1 200 OK %d bytes" % len(body)


@pytest.mark.parametrize(
    ("begins", "goes_on"),
    [
        (b"GET /", b"a" * 1024),
        (b"GET / HTTP/1.1\r\n", b"X-One: 1\r\n" * 100),
        (b"GET / HTTP/1.1\r\nX-One: ", b"a" * 1024),
    ],
    ids=["the address", "header after header", "one header"],
)
async def test_a_head_without_an_end_is_refused(wire: Wire, begins: bytes, goes_on: bytes) -> None:
    await wire.say(begins)
    for _ in range(LONGEST_HEAD // 1000 + 1):
        await wire.say(goes_on)

    assert (await wire.said()).startswith(b"HTTP/1.1 400 ")
    assert await wire.ended()


async def test_what_trails_a_body_without_an_end_is_not_read_for_ever(wire: Wire) -> None:
    await wire.say(CHUNKED + b"1\r\nx\r\n0\r\nX-One: ")

    assert await wire.go_on(b"a" * 1024) < 50 * LONGEST_HEAD


async def test_requests_without_end_behind_one_that_is_not_answered_end_the_connection() -> None:
    never = asyncio.Event()

    async def still(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await never.wait()

    async with serving(still, 0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        wire = Wire(reader, writer)
        await wire.say(b"GET / HTTP/1.1\r\nHost: loket.example\r\n\r\n" * (MOST_WAITING + 2))

        assert (await wire.said()).startswith(b"HTTP/1.1 400 ")
        assert await wire.ended()
        writer.close()
        never.set()


async def test_who_asks_for_another_protocol_is_answered_in_this_one(wire: Wire) -> None:
    await wire.say(b"GET / HTTP/1.1\r\nHost: loket.example\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")

    assert await wire.said() == b"HTTP/1.1 200 OK 0 bytes"


@pytest.mark.parametrize(
    "said",
    [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET /\xff HTTP/1.1\r\n\r\n", b"halo\r\n\r\n"],
    ids=["TLS", "no ASCII", "a word"],
)
async def test_what_is_no_http_is_refused(wire: Wire, said: bytes) -> None:
    await wire.say(said)

    assert (await wire.said()).startswith(b"HTTP/1.1 400 ")
