"""Pictures of the demo for the README and the docs: `python -m playground.picture`."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from playground.child import COMMAND
from playground.demo import Demo

SCENE = "pusat-putus"
BROWSERS = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SIZE = ViewportSize(width=1360, height=860)
CLEAN = ".narrator, #bot-state { display: none !important } .toast { visibility: hidden }"
NO_BROWSER = "No Chromium was found: install `chromium` or `chromium-headless-shell`."
SETTLED = 900  # milliseconds until the page has drawn what just happened


def find_browser() -> str | None:
    """The Chromium of this machine, if there is one."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


async def take(whole: Path, answer: Path, notice: Path, command: tuple[str, ...] = COMMAND) -> None:
    """Plays the main scene and takes the three pictures."""
    async with Demo.opened(command=command) as demo, async_playwright() as tools:
        browser = await tools.chromium.launch(executable_path=find_browser(), args=list(QUIET))
        page = await opened_page(browser, demo.url)
        moments: dict[str, Callable[[], Awaitable[object]]] = {
            "answer": lambda: picture(page, '[data-role="citizen"] .phone', answer),
            "notice": lambda: picture(page, '[data-role="subscriber"] .phone', notice),
        }

        async def at_moment(moment: str) -> None:
            if moment in moments:
                await moments[moment]()

        await demo.play(demo.scenes[SCENE], pace=0, at_moment=at_moment)
        await picture(page, "body", whole)
        await browser.close()


async def opened_page(browser: Browser, url: str, size: ViewportSize = SIZE) -> Page:
    """The page, once it has its phones."""
    context = await browser.new_context(viewport=size, device_scale_factor=2, color_scheme="light", bypass_csp=True)
    page = await context.new_page()
    await page.goto(url)
    await page.wait_for_selector("body[data-loaded]")
    await page.add_style_tag(content=CLEAN)
    return page


async def picture(page: Page, selector: str, path: Path) -> None:
    """One part of the page as a file."""
    await page.wait_for_timeout(SETTLED)
    path.parent.mkdir(parents=True, exist_ok=True)
    await page.locator(selector).screenshot(path=path, animations="disabled")
    sys.stdout.write(f"{path}\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Takes the pictures named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m playground.picture", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/demo.png"), help="three phones after the return")
    parser.add_argument("--answer", type=Path, default=Path("docs/answer.png"), help="the answer during the outage")
    parser.add_argument("--notice", type=Path, default=Path("docs/notice.png"), help="the notice of the return")
    chosen = parser.parse_args(arguments)
    if find_browser() is None:
        parser.exit(1, f"{NO_BROWSER}\n")
    asyncio.run(take(chosen.out, chosen.answer, chosen.notice))


if __name__ == "__main__":
    main()
