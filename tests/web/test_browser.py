"""The pages in a real browser: at every width, light and dark, in both languages, for everybody."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize

from bot.rules.reports import Estimate, Moment
from bot.web.server import serving
from playground.picture import find_browser
from tests.rules.small_office import at
from tests.web.site import KENDARI, Site, opened_site
from tests.web.test_statuspage import down

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(find_browser() is None, reason="no Chromium on this machine"),
]

WIDTHS = (320, 360, 1280)
STRICT: dict[str, Any] = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# A screen on a wall has nobody who reads slowly or by other means; what it refreshes stands on the page as well.
ON_A_WALL: dict[str, Any] = {**STRICT, "rules": {**STRICT["rules"], "meta-refresh": {"enabled": False}}}


async def a_bad_week(site: Site) -> None:
    """Everything that the page can show at once."""
    house, office = site.house, KENDARI.main_counter.path
    await house.posts("lapor ktp_ambil, legalisir bisa")
    await house.posts("lapor blangko habis blangko KTP habis, kiriman dari pusat sedang di jalan; sampai besok")
    house.watch.goes_on(days=2)
    await house.posts("pulih blangko antrean hari pertama biasanya panjang")
    house.watch.goes_on(days=3)
    await house.posts("lapor pusat putus server pusat Kemendagri sedang diperbaiki; sampai 8/2 12.00; sejak 08.10")
    await house.posts("lapor kk di mpp putus alat cetak rusak")
    await house.posts("lapor loket di mpp bisa")
    planned = Estimate(Moment(at(12, 14)))
    await site.asserts(down("konsultasi", office, cause="pindah ruangan", planned_from=at(12, 8), estimate=planned))
    house.watch.goes_on(days=2)
    await house.posts("lapor legalisir bisa")


@asynccontextmanager
async def shown(browser: Browser, folder: Path, path: str, **options: Any) -> AsyncIterator[Page]:
    """One page of an office in trouble, on a screen of its own."""
    async with opened_site(folder) as site:
        await a_bad_week(site)
        async with serving(site.app, 0) as port:
            context = await browser.new_context(**options)
            page = await context.new_page()
            complaints: list[str] = []
            page.on("console", lambda told: complaints.append(told.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            await page.goto(f"http://127.0.0.1:{port}{path}")
            yield page
            await context.close()
            assert complaints == []


def size(width: int) -> ViewportSize:
    return ViewportSize(width=width, height=740)


async def photographed(page: Page, name: str) -> None:
    """A picture to look at, where somebody asks for pictures."""
    if folder := os.environ.get("LOKET_PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["id", "en"])
async def test_without_scripts_nothing_is_cut_off_at_any_width(
    browser: Browser, tmp_path: Path, language: str, scheme: str
) -> None:
    path = f"/?bahasa={language}"
    async with shown(browser, tmp_path, path, java_script_enabled=False, color_scheme=scheme) as page:
        for width in WIDTHS:
            await page.set_viewport_size(size(width))
            await photographed(page, f"{language}-{scheme}-{width}")
            assert await page.evaluate("document.documentElement.scrollWidth") == width
        await page.locator("summary").last.click()
        assert await page.locator("details").last.get_attribute("open") is not None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/?bahasa=id", "/?bahasa=en", "/privasi"])
async def test_axe_finds_nothing(browser: Browser, tmp_path: Path, path: str, scheme: str) -> None:
    async with shown(browser, tmp_path, path, color_scheme=scheme) as page:
        await page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        for width in WIDTHS:
            await page.set_viewport_size(size(width))
            found = await Axe().run(page, options=STRICT)
            assert found.violations_count == 0, (width, found.generate_report())
        if path == "/privasi":
            await photographed(page, f"privasi-{scheme}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_on_the_waiting_rooms_screen(browser: Browser, tmp_path: Path, scheme: str) -> None:
    wall = ViewportSize(width=1920, height=1080)
    async with shown(browser, tmp_path, "/?layar=1", viewport=wall, color_scheme=scheme) as page:
        found = await Axe().run(page, options=ON_A_WALL)
        await photographed(page, f"layar-{scheme}")
        assert await page.evaluate("document.documentElement.scrollHeight") == 1080

    assert found.violations_count == 0, found.generate_report()


async def test_it_can_be_read_at_twice_the_letters(browser: Browser, tmp_path: Path) -> None:
    async with shown(browser, tmp_path, "/", viewport=size(320)) as page:
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert await page.evaluate("document.documentElement.scrollWidth") == 320


async def test_the_keyboard_reaches_everything_and_can_skip_to_the_content(browser: Browser, tmp_path: Path) -> None:
    async with shown(browser, tmp_path, "/", viewport=size(360)) as page:
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.getAttribute('href')") == "#isi"
        reached = set()
        for _ in range(40):
            await page.keyboard.press("Tab")
            reached.add(await page.evaluate("document.activeElement.tagName"))
        assert {"A", "SUMMARY"} <= reached


async def test_on_paper_it_is_black_on_white_and_without_links_to_tap(browser: Browser, tmp_path: Path) -> None:
    async with shown(browser, tmp_path, "/", viewport=size(720), color_scheme="dark") as page:
        await page.emulate_media(media="print")
        await photographed(page, "print")
        assert await page.locator("nav:visible").count() == 0
        colour = "getComputedStyle(document.querySelector('.s.unavailable')).color"
        assert await page.evaluate(colour) == "rgb(0, 0, 0)"
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


async def test_a_badge_is_a_picture(browser: Browser, tmp_path: Path) -> None:
    async with shown(browser, tmp_path, "/", viewport=size(360)) as page:
        drawn = """async () => {
          const picture = new Image();
          picture.src = "/badge/ktp.svg";
          await picture.decode();
          document.querySelector("main").replaceChildren(picture);
          return [picture.naturalWidth, picture.naturalHeight];
        }"""
        width, height = await page.evaluate(drawn)
        await photographed(page, "badge")
        assert (width > 100, height) == (True, 24)
