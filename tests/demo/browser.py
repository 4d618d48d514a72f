"""The page in a real browser, on a world whose bot is the test itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, ViewportSize, async_playwright

from playground.demo import Demo
from playground.picture import QUIET, find_browser
from playground.scenes import read_scenes
from playground.server import serve
from playground.world import World
from tests.patience import ANSWER

CITIZEN, SUBSCRIBER = 7471001, 7471003
WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=360, height=740)
KABARI = {"inline_keyboard": [[{"text": "Kabari saya", "callback_data": "kabari"}]]}


@dataclass
class Shown:
    """The page, and the bot's side of the same world."""

    page: Page
    demo: Demo
    url: str
    complaints: list[str] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.demo.world

    async def call(self, method: str, **params: Any) -> Any:
        """The bot calls the Bot API."""
        async with httpx.AsyncClient(trust_env=False, timeout=ANSWER) as bot:
            answer = (await bot.post(f"{self.url}/bot{self.world.token}/{method}", json=params)).json()
        assert answer["ok"], answer
        return answer["result"]

    async def write(self, text: str, **more: Any) -> Any:
        """The bot writes to the citizen, who has written before."""
        self.world.phones[CITIZEN].acquainted = True
        return await self.call("sendMessage", chat_id=CITIZEN, text=text, parse_mode="HTML", **more)

    def phone(self, role: str = "citizen") -> Locator:
        return self.page.locator(f'[data-role="{role}"]')

    def heard(self, kind: str) -> list[Any]:
        """What waits for the bot."""
        return [update[kind] for update in self.world.updates.pending if kind in update]

    async def hears(self, kind: str) -> Any:
        async with asyncio.timeout(ANSWER):
            while not self.heard(kind):
                await asyncio.sleep(0.01)
        return self.heard(kind)[-1]


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as tools:
        opened = await tools.chromium.launch(executable_path=find_browser(), args=list(QUIET))
        yield opened
        await opened.close()


Opener = Callable[..., Awaitable[Shown]]


@pytest_asyncio.fixture(loop_scope="session")
async def opened(browser: Browser, tmp_path: Path) -> AsyncIterator[Opener]:
    """Opens the page on a fresh world whose bot is the test itself."""
    async with AsyncExitStack() as stack:

        async def open_page(size: ViewportSize = WIDE, **options: Any) -> Shown:
            return await stack.enter_async_context(_shown(browser, tmp_path, size, options))

        yield open_page


@asynccontextmanager
async def _shown(browser: Browser, folder: Path, size: ViewportSize, options: dict[str, Any]) -> AsyncIterator[Shown]:
    demo = Demo(World(), read_scenes(), folder)
    demo.show(bot="ready")
    async with serve(demo.world, extra_routes=demo.routes()) as url:
        context = await browser.new_context(viewport=size, **options)
        page = await context.new_page()
        shown = Shown(page, demo, url)
        page.on("console", lambda told: shown.complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: shown.complaints.append(str(error)))
        await page.goto(url)
        await page.wait_for_selector("body[data-loaded]")
        yield shown
        await context.close()
