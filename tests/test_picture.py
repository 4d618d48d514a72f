"""The picture of the last 90 days: readable without colours, and no larger than Telegram shows well."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO

from PIL import Image

from bot.language.history_chart import FULL, Bar
from bot.picture import MOST_ROWS, Picture, PictureRow, png

DAYS = (*[Bar("available", 7)] * 87, Bar("limited", FULL), Bar("unavailable", FULL), Bar("closed", 0))
LEGEND = ("Bisa", "Terbatas", "Belum bisa", "Belum ada kabar")


def drawn(bars: tuple[Bar, ...] = DAYS, rows: int = 1, name: str = "Pencetakan KTP-el") -> Image.Image:
    row = PictureRow(name, "terganggu 2 hari, terlama 2 hari", bars)
    return Image.open(BytesIO(png(Picture("Riwayat", (row,) * rows, "5 Nov", "2 Feb", LEGEND))))


def column(bars: tuple[Bar, ...], day: int) -> str:
    """One day of a grey picture from above, a letter each four pixels: ink or paper."""
    grey = drawn(bars).convert("L")
    left = 45 + day * 11 + 4
    return "".join("#" if int(str(grey.getpixel((left, y)))) < 160 else "." for y in range(195, 272))


def test_each_state_looks_different_without_its_colour() -> None:
    works, limited, down, closed = (column(DAYS, day) for day in (0, 87, 88, 89))

    assert down.count("#") > 2 * works.count("#")
    assert ".#" in limited.strip(".")
    assert ".#" not in down.strip(".")
    assert "#" not in closed
    assert "#" in column((Bar("unknown", 1),) * 90, 5)


def test_the_fullest_picture_is_shown_as_it_is() -> None:
    image = drawn(rows=MOST_ROWS)

    assert (image.format, image.width) == ("PNG", 1080)
    assert image.height <= 1280


def test_a_name_longer_than_the_paper_is_cut() -> None:
    margin = drawn(name="Perekaman " * 30).crop((1080 - 40, 100, 1080, 150)).convert("L")

    assert margin.getextrema() == (255, 255)


def test_the_same_picture_is_drawn_once() -> None:
    row = PictureRow("KK", "-", DAYS)

    assert png(Picture("a", (row,), "b", "c", LEGEND)) is png(Picture("a", (row,), "b", "c", LEGEND))


def test_nothing_is_loaded_for_it_until_somebody_asks() -> None:
    code = "import sys, bot.runner; sys.exit('PIL' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
