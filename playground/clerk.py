"""Pictures of a clerk's morning, for the guide in docs/staff.md: `python -m playground.clerk`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from PIL import Image
from playwright.async_api import ViewportSize, async_playwright

from playground import picture
from playground.child import COMMAND
from playground.demo import Demo
from playground.scenes import read_scenes

STORIES = Path(__file__).with_name("guide")
PHONE = ViewportSize(width=412, height=820)  # narrow enough for one phone at a time: the one that the story is at
PLAIN = (
    ".top, .tabs, .person, .chips, .block, .chat::before { display: none !important }"
    " body { padding: 0 } .chat { background: #cfe0cb }"
)
COLOURS = 128  # enough for letters on a plain wall


async def take(folder: Path, command: tuple[str, ...] = COMMAND) -> None:
    """Plays the morning and takes a picture at each of its moments."""
    (morning,) = read_scenes(STORIES)
    async with Demo.opened(command=command) as demo, async_playwright() as tools:
        browser = await tools.chromium.launch(executable_path=picture.find_browser(), args=list(picture.QUIET))
        page = await picture.opened_page(browser, demo.url, PHONE)
        await page.add_style_tag(content=PLAIN)

        async def at_moment(moment: str) -> None:
            path = folder / f"staff-{moment}.png"
            await picture.picture(page, ".phone-place.shown .phone", path)
            make_small(path)

        await demo.play(morning, pace=0, at_moment=at_moment)
        await browser.close()


def make_small(path: Path) -> None:
    """The same picture in few colours, so that it comes through a bad signal too."""
    with Image.open(path) as whole:
        few = whole.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def main() -> None:
    """Takes them into docs/."""
    if picture.find_browser() is None:
        sys.exit(picture.NO_BROWSER)
    asyncio.run(take(Path("docs")))


if __name__ == "__main__":
    main()
