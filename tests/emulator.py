"""A journey's second opinion: lo-bot-api-emulator as a child process, with a small proxy before it.

The emulator was written by others and is stricter in places. The proxy gets past what it does not
model: a bot without a username, descriptions, chats, link previews, newer kinds of updates.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground.incoming import read_parameters
from playground.server import HOST, serve_app
from tests.patience import ANSWER, START

Json = dict[str, Any]

TOKEN = "747100002:emulator-token-that-opens-nothing"
USERNAME = "loket_emulated_bot"
PROGRAM = "from lo_bot_api_emulator import main; main()"
KINDS = {"message", "edited_message", "callback_query", "inline_query", "my_chat_member"}
# Not modelled there: answered here, since nothing of a journey hangs on it.
AGREED = {"setMyName", "setMyDescription", "setMyShortDescription", "logOut", "close"}
LONGEST_POLL = 1  # second: whoever stops the emulator need not wait longer for a poll


@dataclass(frozen=True)
class Emulator:
    """A running emulator: where the bot finds it, how a test speaks to it."""

    base_url: str
    token: str
    journal_file: Path
    client: httpx.AsyncClient
    calls: list[tuple[str, Json, Json]]  # method, what the bot asked, what it was told; uploads are left out

    async def inject(self, update: Json) -> int:
        """Queues one update for the bot (`message`, `callback_query` or `inline_query`); its id."""
        answer = await self.client.post("/__fixture/updates", json={"token": self.token, "update": update})
        assert answer.is_success, answer.text
        return int(answer.json()["result"]["update_id"])

    async def say(self, chat_id: int, text: str, message_id: int = 1) -> int:
        """Queues a text from a private chat."""
        person = {"id": chat_id, "first_name": "Warga"}
        command = text.split()[0] if text.startswith("/") else ""
        entities = [{"type": "bot_command", "offset": 0, "length": len(command)}] if command else []
        message = {
            "message_id": message_id,
            "date": 1,
            "chat": person | {"type": "private"},
            "from": person | {"is_bot": False, "language_code": "id"},
            "text": text,
            "entities": entities,
        }
        return await self.inject({"message": message})

    def journal(self) -> list[Json]:
        """What it wrote down: methods, names of fields, statuses, update ids; never texts."""
        if not self.journal_file.exists():
            return []
        return [json.loads(line) for line in self.journal_file.read_text().splitlines()]


@contextlib.asynccontextmanager
async def emulator(folder: Path, token: str = TOKEN) -> AsyncIterator[Emulator]:
    """Runs the emulator, its journal in the folder; `base_url` is for TELEGRAM_API_URL."""
    journal = folder / "emulator.jsonl"
    async with _child(journal) as inner, httpx.AsyncClient(base_url=inner, trust_env=False, timeout=ANSWER) as client:
        routes = [Route("/bot{token}/{method}", _call, methods=["GET", "POST"])]
        proxy = Starlette(routes=routes)
        proxy.state.client, proxy.state.calls = client, []
        async with serve_app(proxy) as address:
            yield Emulator(address, token, journal, client, proxy.state.calls)


@contextlib.asynccontextmanager
async def _child(journal: Path) -> AsyncIterator[str]:
    port = _free_port()
    flags = ["--port", str(port), "--enable-control", "--allow-insecure-loopback-webhooks", "--journal", str(journal)]
    quiet = asyncio.subprocess.DEVNULL
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, *flags, stdout=quiet, stderr=quiet)
    try:
        await _listening(port)
        yield f"http://{HOST}:{port}"
    finally:
        child.terminate()
        await child.wait()


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as listener:
        return int(listener.getsockname()[1])


async def _listening(port: int) -> None:
    async with asyncio.timeout(START):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection(HOST, port)
                writer.close()
                await writer.wait_closed()
                return
            await asyncio.sleep(0.02)


async def _call(request: Request) -> Response:
    client: httpx.AsyncClient = request.app.state.client
    method = request.path_params["method"]
    if method in AGREED or method.startswith("getMy"):
        return JSONResponse({"ok": True, "result": _agreed(method)})
    if request.headers.get("content-type", "").startswith("multipart/"):
        headers = {"content-type": request.headers["content-type"]}
        answer = await client.post(request.url.path, content=await request.body(), headers=headers)
    else:
        fields = _without_news(method, await read_parameters(request))
        answer = await client.post(request.url.path, json=fields, timeout=LONGEST_POLL + ANSWER)
        request.app.state.calls.append((method, fields, answer.json()))
    told = answer.json()
    if method == "getMe":
        told["result"]["username"] = USERNAME
    return JSONResponse(told, answer.status_code)


def _agreed(method: str) -> Any:
    if method == "getMyCommands":
        return []
    kind = {"getMyName": "name", "getMyDescription": "description", "getMyShortDescription": "short_description"}
    return {kind[method]: ""} if method in kind else True


def _without_news(method: str, fields: Json) -> Json:
    """The call without what the emulator refuses for being newer than itself."""
    fields.pop("link_preview_options", None)
    if method == "getUpdates":
        if "allowed_updates" in fields:
            wanted = fields["allowed_updates"]
            wanted = json.loads(wanted) if isinstance(wanted, str) else wanted
            fields["allowed_updates"] = [kind for kind in wanted if kind in KINDS]
        fields["timeout"] = min(int(fields.get("timeout", 0)), LONGEST_POLL)
    return fields
