"""The public face of the running bot: beside Telegram, without it, and without a database."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bot import logs, runner
from bot.store import DatabaseAway, Session
from bot.web import patience
from bot.web.server import PortTakenError, serving
from playground.server import serve
from playground.world import World
from tests.patience import ANSWER, START
from tests.test_runner import free_port, settings_of
from tests.web.site import Site


@pytest.fixture(autouse=True)
def _left_as_found(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(logs, "configure", lambda *_: None)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@asynccontextmanager
async def running(folder: Path, telegram: str, **changed: str) -> AsyncIterator[httpx.AsyncClient]:
    """`loket run` with its face."""
    port = free_port()
    done = asyncio.create_task(runner.run(settings_of(telegram, folder, PORT=str(port), **changed)))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=ANSWER) as client:
        try:
            await _there(client, done)
            yield client
        finally:
            signal.raise_signal(signal.SIGTERM)
            async with asyncio.timeout(START):
                await done


async def _there(client: httpx.AsyncClient, done: asyncio.Task[int]) -> None:
    async with asyncio.timeout(START):
        while not done.done():
            try:
                await client.get("/healthz")
            except httpx.ConnectError:
                await asyncio.sleep(0.05)
            else:
                return
    raise AssertionError(f"ended with {done.result()}")


async def ready(client: httpx.AsyncClient, warnings: list[str]) -> bool:
    async with asyncio.timeout(START):
        while (await client.get("/readyz")).json()["warnings"] != warnings:
            await asyncio.sleep(0.05)
    return True


async def test_the_running_bot_answers_people_and_programs(tmp_path: Path) -> None:
    async with serve(World()) as telegram, running(tmp_path, telegram) as client:
        assert await ready(client, [])
        page = await client.get("/")
        summary = (await client.get("/api/v2/summary.json")).json()
        metrics = [await client.get("/metrics", headers=headers) for headers in ({}, {"X-Forwarded-For": "36.66.10.1"})]

        assert "https://t.me/loket_playground_bot" in page.text
        assert summary["status"]["indicator"] == "none"
        assert [one.status_code for one in metrics] == [200, 403]
        assert "loket_outbox_lag_seconds 0.0" in metrics[0].text
        assert summary["page"]["url"] == str(client.base_url).rstrip("/")


async def test_it_goes_on_without_telegram_and_says_so(tmp_path: Path) -> None:
    async with running(tmp_path, "http://127.0.0.1:9", WEBHOOK_URL="http://127.0.0.1:1/layanan") as client:
        answer = await client.get("/readyz")
        page = await client.get("/")
        feed = await client.get("/feed.atom")

    assert (answer.status_code, answer.json()["warnings"]) == (200, ["telegram is away"])
    assert page.status_code == 200
    assert "t.me" not in page.text
    assert 'href="http://127.0.0.1:1/layanan/feed.atom"' in feed.text


async def test_a_database_that_is_away_makes_it_not_ready_but_the_last_board_stands(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Any:
        raise DatabaseAway("gone")

    monkeypatch.setattr(site.house.store, "reading", away)

    ready, alive, page = [await site.get(path) for path in ("/readyz", "/healthz", "/")]

    assert (ready.status_code, ready.json()["database"]) == (503, "away")
    assert (alive.status_code, page.status_code) == (200, 200)
    assert {one.headers["cache-control"] for one in (ready, alive)} == {"no-store"}


async def test_a_fault_in_the_database_makes_it_not_ready(site: Site) -> None:
    async with site.house.store.writing() as session:
        await session._connection.execute(text("ALTER TABLE reports RENAME TO reported"))

    ready, page = [await site.get(path) for path in ("/readyz", "/")]

    assert (ready.status_code, ready.json()["ready"], page.status_code) == (503, False, 200)


async def test_a_database_that_stands_still_makes_it_not_ready_at_once_until_it_goes_on(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, read = asyncio.Event(), site.house.store.reading

    @asynccontextmanager
    async def still() -> AsyncIterator[Session]:
        await goes_on.wait()
        async with read() as session:
            yield session

    monkeypatch.setattr(site.house.store, "reading", still)
    monkeypatch.setattr(patience, "PATIENCE", 0.02)

    standing = [(await site.get("/readyz")).status_code for _ in range(2)]
    goes_on.set()
    monkeypatch.setattr(patience, "PATIENCE", 3.0)
    going = (await site.get("/readyz")).status_code

    assert (standing, going) == ([503, 503], 200)


async def test_a_port_that_is_taken_is_said_in_words(site: Site) -> None:
    async with serving(site.app, 0) as port:
        with pytest.raises(PortTakenError, match=f"PORT {port} cannot be opened"):
            async with serving(site.app, port):
                pass


async def test_a_kept_page_is_sent_at_once(site: Site) -> None:
    took: list[float] = []
    async with serving(site.app, 0) as port, httpx.AsyncClient(trust_env=False, timeout=ANSWER) as client:
        for _ in range(50):
            began = time.perf_counter()
            await client.get(f"http://127.0.0.1:{port}/")
            took.append(time.perf_counter() - began)

    # 40 ms each where the system waits for more to send; a busy machine holds up some of them.
    assert min(took[20:]) < 0.03
