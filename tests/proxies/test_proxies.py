"""nginx and Caddy as docs/operations.md sets them up, in front of two webs: what comes through, and what does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.store import migrate
from playground.limits import FloodLimits
from playground.server import serve
from playground.world import World
from tests.journeys.deployment import Deployment
from tests.journeys.processes import Office, away
from tests.journeys.town import CITIZEN, Town, until
from tests.proxies.programs import NAME, SNI, Proxy, caddy, nginx
from tests.test_runner import free_port

SECRET = "a-secret-between-telegram-and-loket"
SHOWN = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
MIB = 1_048_576

pytestmark = pytest.mark.proxies


@dataclass
class Street:
    """The webs, what stands in front of them, and a visitor."""

    town: Town
    webs: list[Deployment]
    ports: tuple[int, int]
    server: str  # PostgreSQL's
    database: str
    visitor: httpx.AsyncClient

    async def asks(self, path: str, **given: Any) -> httpx.Response:
        method = "POST" if path == "/telegram" else "GET"
        return await self.visitor.request(method, path, extensions=SNI, **given)

    async def telegram_brings(self, number: int, text: str, **headers: str) -> httpx.Response:
        """An update as Telegram sends it."""
        person = {"id": CITIZEN, "is_bot": False, "first_name": "Rahma"}
        chat = {"id": CITIZEN, "type": "private", "first_name": "Rahma"}
        message = {"message_id": number, "date": 1_785_800_000, "chat": chat, "from": person, "text": text}
        return await self.asks("/telegram", json={"update_id": number, "message": message}, headers=SHOWN | headers)

    def said(self) -> list[str]:
        return self.town.written(CITIZEN)


@pytest.fixture(params=[nginx, caddy], ids=["nginx", "caddy"])
async def street(
    request: pytest.FixtureRequest, tmp_path: Path, postgresql_server: str, postgresql_url: str
) -> AsyncIterator[Street]:
    migrate(postgresql_url)
    world = World(limits=FloodLimits(chats=False))
    world.add_phone(CITIZEN, "Rahma").acquainted = True
    world.updates.drop()
    ports = free_port(), free_port()
    run: Callable[..., AbstractContextManager[Proxy]] = request.param
    with run(tmp_path, *ports) as proxy:
        async with (
            serve(world) as url,
            httpx.AsyncClient(base_url=url, trust_env=False) as client,
            proxy.client() as visitor,
            Office(Town(url, world.token, client, {}, world), tmp_path, postgresql_url, f"https://{NAME}") as office,
        ):
            webs = [office.add("web", PORT=str(port), WEBHOOK_SECRET=SECRET) for port in ports]
            await asyncio.gather(*(web.start() for web in webs))
            town = Town(url, world.token, client, {}, world)
            yield Street(town, webs, ports, postgresql_server, postgresql_url, visitor)


async def test_a_proxy_brings_questions_and_visitors_and_keeps_out_what_is_not_theirs(street: Street) -> None:
    # The public page, with links and headers of the address that the visitor knows.
    page = await street.asks("/")
    feed = await street.asks("/feed.atom")
    assert (page.status_code, (await street.asks("/healthz")).status_code) == (200, 200)
    assert "Strict-Transport-Security" in page.headers
    assert f"https://{NAME}/" in feed.text

    # Telegram's update is answered; who lacks the secret is turned away.
    assert (await street.telegram_brings(1, "jam buka")).status_code == 200
    await until(lambda: any("Jam buka" in text for text in street.said()))
    refused = await street.telegram_brings(2, "jam buka", **{"X-Telegram-Bot-Api-Secret-Token": "guessed"})
    assert refused.status_code == 403

    # A body above the limit, told or not told beforehand.
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b" " * (MIB // 16)

    too_long = [await street.asks("/telegram", content=b" " * (MIB + 1), headers=SHOWN)]
    too_long.append(await street.asks("/telegram", content=endless(), headers=SHOWN))
    assert [answer.status_code for answer in too_long] == [413, 413]

    # The figures are for this machine alone, whatever a visitor calls himself.
    here = {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1"}
    from_outside = [await street.asks("/metrics"), await street.asks("/metrics", headers=here)]
    async with httpx.AsyncClient(trust_env=False) as neighbour:
        from_here = await neighbour.get(f"http://127.0.0.1:{street.ports[0]}/metrics")
    assert [answer.status_code for answer in from_outside] == [403, 403]
    assert from_here.status_code == 200


async def test_a_visitor_cannot_be_many_by_calling_himself_so(street: Street) -> None:
    # Each web counts for itself: two times 200 at once, and a little while they are asked.
    found = set()
    for number in range(1200):
        answer = await street.asks(
            "/badge/ktp.svg", headers={"X-Forwarded-For": f"198.51.{number // 250}.{number % 250}"}
        )
        found.add(answer.status_code)
        if answer.status_code != 200:
            break

    assert found == {200, 429}


async def test_a_web_that_is_gone_is_not_missed(street: Street) -> None:
    await street.webs[0].kill()

    answers = [await street.asks("/") for _ in range(6)]
    brought = [await street.telegram_brings(number, "jam buka") for number in range(1, 5)]

    assert {answer.status_code for answer in answers + brought} == {200}
    await street.webs[0].start()
    await street.webs[1].kill()
    assert (await street.asks("/")).status_code == 200


async def test_the_page_is_shown_on_while_the_database_is_away(street: Street) -> None:
    with away(street.server, street.database):
        update = await street.telegram_brings(1, "jam buka")
        answers = []
        for _ in range(12):  # longer than it takes a proxy to look how the webs are
            answers.append((await street.asks("/")).status_code)
            await asyncio.sleep(0.5)
    again = await street.telegram_brings(1, "jam buka")

    assert update.status_code == 503
    assert set(answers) == {200}
    assert again.status_code == 200
