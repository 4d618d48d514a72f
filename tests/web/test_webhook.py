"""Where Telegram brings updates: nobody else gets in, nothing too long or slow, and 200 only when it was handled."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
from starlette.responses import PlainTextResponse

from bot.secret import Secret
from bot.web import webhook as module
from bot.web.webhook import LONGEST, PATH, SECRET, webhook

ME = Secret("a-secret-of-the-tests")
UPDATE = b'{"update_id": 11}'


class Hook:
    """A webhook, and what was brought to it."""

    def __init__(self, handles: bool = True) -> None:
        self.brought: list[Mapping[str, Any]] = []
        self._handles = handles
        self._app = webhook(ME, self._receive, beside=PlainTextResponse("beside"))

    async def _receive(self, update: Mapping[str, Any]) -> bool:
        self.brought.append(update)
        return self._handles

    async def post(
        self, content: Any = UPDATE, secret: str | None = ME.reveal(), method: str = "POST", path: str = PATH
    ) -> Any:
        transport = httpx.ASGITransport(self._app)
        headers = [] if secret is None else [(SECRET.encode(), secret.encode("latin-1"))]
        async with httpx.AsyncClient(transport=transport, base_url="http://loket.example") as client:
            return await client.request(method, path, content=content, headers=headers)


async def test_what_was_handled_is_answered_with_200_and_what_was_not_comes_again() -> None:
    taken, held = await Hook().post(), await Hook(handles=False).post()

    assert (taken.status_code, taken.content) == (200, b"")
    assert (held.status_code, held.headers["retry-after"]) == (503, "2")


@pytest.mark.parametrize("shown", [None, "", "a-secret-of-the-test", "rahasia-\u00e9", ME.reveal().upper()])
async def test_nobody_gets_in_without_the_secret(shown: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    compared, compare = [], hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append((a, b)) or compare(a, b))
    hook = Hook()

    answer = await hook.post(secret=shown)

    assert (answer.status_code, hook.brought) == (403, [])
    assert len(compared) == 1  # in constant time


@pytest.mark.parametrize(
    "body", [b"", b"x", b"[1]", b"7", b'{"update_id": 1', b'{"update_id": "\xff"}', b"[" * 100_000]
)
async def test_what_is_no_update_is_refused(body: bytes) -> None:
    hook = Hook()

    assert (await hook.post(body)).status_code == 400
    assert hook.brought == []


async def test_a_body_that_is_too_long_is_not_read_to_its_end() -> None:
    told = await Hook().post(b" " * (LONGEST + 1))
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 65_536
            yield b" " * 65_536

    untold = await Hook().post(endless())

    assert (told.status_code, untold.status_code) == (413, 413)
    assert read <= LONGEST + 2 * 65_536


async def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BODY_SECONDS", 0.02)

    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)

    assert (await Hook().post(slow())).status_code == 408


async def test_only_post_is_answered() -> None:
    asked = await Hook().post(method="GET")

    assert (asked.status_code, asked.headers["allow"]) == (405, "POST")


async def test_every_other_address_is_left_to_the_application_beside_it() -> None:
    assert (await Hook().post(path="/telegrams")).text == "beside"


async def test_who_leaves_in_the_middle_does_no_harm() -> None:
    sent: list[Any] = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "query_string": b"",
        "headers": [(SECRET.lower().encode(), ME.reveal().encode())],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await webhook(ME, Hook()._receive, beside=PlainTextResponse("beside"))(scope, receive, send)

    assert sent[0]["status"] == 400
