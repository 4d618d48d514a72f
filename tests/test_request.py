"""The request class over real HTTP on loopback: answers, and what each failure tells about whether Telegram took it."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery.fate import may_have_been_taken
from bot.telegram_request import AiohttpRequest, NotSentError, proxy_for, seconds_of

TOKEN = "747100001:not-a-token-that-opens-anything-00000"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
RawHandler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def telegram(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def raw_telegram(handler: RawHandler) -> AsyncIterator[str]:
    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def bot_at(url: str, *, connections: int = 8, read_timeout: float = 5.0) -> AsyncIterator[Bot]:
    request = AiohttpRequest(connections=connections, read_timeout=read_timeout)
    bot = Bot(TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=AiohttpRequest())
    async with request:
        yield bot


def answering(status: int, body: dict[str, object]) -> Handler:
    async def handler(_request: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status)

    return handler


async def test_a_call_and_its_answer_arrive() -> None:
    seen: dict[str, str] = {}

    async def handler(request: web.Request) -> web.StreamResponse:
        seen.update({name: str(value) for name, value in (await request.post()).items()}, path=request.path)
        return web.json_response({"ok": True, "result": True})

    async with telegram(handler) as url, bot_at(url) as bot:
        assert await bot.delete_message(7471, 5)

    assert seen == {"chat_id": "7471", "message_id": "5", "path": f"/bot{TOKEN}/deleteMessage"}


async def test_a_file_keeps_its_name_and_content() -> None:
    seen: list[tuple[str | None, bytes, str]] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        form = await request.post()
        part = form["document"]
        assert isinstance(part, web.FileField)
        seen.append((part.filename, part.file.read(), str(form["caption"])))
        answer = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}
        return web.json_response({"ok": True, "result": answer})

    async with telegram(handler) as url, bot_at(url) as bot:
        await bot.send_document(1, InputFile(b"isi", filename="poster KTP.txt"), caption="untuk pintu")

    assert seen == [("poster KTP.txt", b"isi", "untuk pintu")]


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"description": "Bad Request: chat not found"}, BadRequest),
        (401, {"description": "Unauthorized"}, InvalidToken),
        (403, {"description": "Forbidden: bot was blocked by the user"}, Forbidden),
        (400, {"description": "…", "parameters": {"migrate_to_chat_id": -1007471}}, ChatMigrated),
        (502, {"description": "Bad Gateway"}, NetworkError),
    ],
)
async def test_each_refusal_of_telegram_is_its_own_error(
    status: int, body: dict[str, object], kind: type[TelegramError]
) -> None:
    async with telegram(answering(status, {"ok": False, "error_code": status, **body})) as url, bot_at(url) as bot:
        with pytest.raises(kind) as refused:
            await bot.send_message(1, "halo")

    assert not may_have_been_taken(refused.value)


async def test_a_flood_wait_tells_its_seconds_without_a_warning() -> None:
    body: dict[str, object] = {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 17}}
    async with telegram(answering(429, body)) as url, bot_at(url) as bot:
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(1, "halo")

    assert seconds_of(refused.value) == 17


async def test_without_a_connection_nothing_was_sent() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

    async with bot_at(f"http://127.0.0.1:{port}") as bot:
        with pytest.raises(NotSentError) as failure:
            await bot.send_message(1, "halo")

    assert not may_have_been_taken(failure.value)


async def test_with_a_full_pool_nothing_was_sent() -> None:
    asked = asyncio.Event()

    async def handler(_request: web.Request) -> web.StreamResponse:
        asked.set()
        await asyncio.sleep(60)
        raise AssertionError

    async with telegram(handler) as url, bot_at(url, connections=1) as bot:
        first = asyncio.create_task(bot.send_message(1, "yang pertama"))
        await asked.wait()
        with pytest.raises(NotSentError):
            await bot.send_message(1, "yang kedua", connect_timeout=0.02, pool_timeout=0.02)
        first.cancel()


async def test_after_a_read_timeout_the_outcome_is_unknown() -> None:
    async def handler(_request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(60)
        raise AssertionError

    async with telegram(handler) as url, bot_at(url) as bot:
        with pytest.raises(TimedOut) as failure:
            await bot.send_message(1, "halo", read_timeout=0.05)

    assert may_have_been_taken(failure.value)


async def test_after_a_reset_the_outcome_is_unknown_and_the_call_is_not_made_twice() -> None:
    calls: list[bytes] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(await reader.readuntil(b"\r\n\r\n"))
        abort(writer)

    async with raw_telegram(handler) as url, bot_at(url) as bot:
        with pytest.raises(NetworkError) as failure:
            await bot.send_message(1, "halo")

    assert may_have_been_taken(failure.value)
    assert len(calls) == 1


async def test_a_page_of_a_gateway_leaves_the_outcome_unknown() -> None:
    async def handler(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=504, text="<html>Gateway Time-out</html>", content_type="text/html")

    async with telegram(handler) as url, bot_at(url) as bot:
        with pytest.raises(NetworkError) as failure:
            await bot.send_message(1, "halo")

    assert may_have_been_taken(failure.value)


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (200, '{"ok":true,"result":{"first_name":"Siti","text":"rahasia'),
        (200, '["rahasia"]'),
        (400, '{"description":"Bad Request: rahasia'),
        (403, "rahasia"),
        (502, "<html>rahasia</html>"),
        (502, '["rahasia"]'),
    ],
)
async def test_of_an_answer_that_cannot_be_read_nothing_is_told(
    status: int, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=text, content_type="text/html")

    async with telegram(handler) as url, bot_at(url) as bot:
        with pytest.raises(TelegramError) as failure, caplog.at_level(logging.DEBUG):
            await bot.send_message(1, "halo")

    told = "".join(traceback.format_exception(failure.value))
    assert "rahasia" not in told + "".join(record.getMessage() for record in caplog.records)
    assert not [record for record in caplog.records if record.levelno > logging.DEBUG]


@pytest.mark.parametrize(
    "answer",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nrahasia not-a-token\r\n",
        b"HTTP/1.1 200 OK\r\nrahasia not-a-token\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nrahasia not-a-token",
    ],
)
async def test_no_error_holds_the_token_or_pieces_of_an_answer(answer: bytes) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with raw_telegram(handler) as url:
        for address in (url, "http://[broken", "ftp://127.0.0.1", "http://127.0.0.1:1"):
            async with bot_at(address) as bot:
                with pytest.raises(NetworkError) as failure:
                    await bot.send_message(1, "halo")

            assert failure.value.__cause__ is not None
            told = "".join(traceback.format_exception(failure.value))
            assert "not-a-token" not in told
            assert "rahasia" not in told


async def test_a_connection_that_takes_too_long_does_not_tell_the_token() -> None:
    async with bot_at("http://127.0.0.1:1") as bot:
        with pytest.raises(NotSentError) as failure:
            await bot.send_message(1, "halo", connect_timeout=1e-9, pool_timeout=0.0)

    assert "not-a-token" not in "".join(traceback.format_exception(failure.value))


async def test_it_can_be_opened_again_after_it_was_closed() -> None:
    async with telegram(answering(200, {"ok": True, "result": True})) as url:
        request = AiohttpRequest()
        async with request:
            await request.initialize()
        async with request:
            assert await request.post(f"{url}/bot{TOKEN}/deleteMessage") is True
            assert request.read_timeout == 10


async def test_it_says_that_it_was_never_opened() -> None:
    with pytest.raises(NetworkError, match="not initialized"):
        await AiohttpRequest().post("http://127.0.0.1:1/")


def test_the_proxy_is_the_one_that_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    assert proxy_for("https://api.telegram.org") is None

    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    assert proxy_for("https://api.telegram.org") == "http://proxy.example:3128"
    assert proxy_for("https://127.0.0.1:8081") is None
    assert proxy_for("nonsense") is None


async def test_calls_go_through_the_proxy() -> None:
    seen: list[str] = []

    async def proxy(request: web.Request) -> web.StreamResponse:
        seen.append(str(request.raw_path))
        return web.json_response({"ok": True, "result": True})

    async with telegram(proxy) as url, AiohttpRequest(proxy=url) as request:
        assert await request.post(f"http://telegram.invalid/bot{TOKEN}/close") is True

    assert seen[0].endswith("/close")


def abort(writer: asyncio.StreamWriter) -> None:
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.close()
