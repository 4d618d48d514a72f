"""Draws the last 90 days as a picture that a telephone shows well: a name, its figures, a bar for each day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from bot.language.history_chart import FULL, Bar

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

MOST_ROWS = 5  # more would make it so tall that Telegram shrinks it until nobody can read it
_WIDTH, _EDGE = 1080, 45
_DAY, _BAR, _UNIT = 11, 8, 4  # pixels: a day with its gap, its bar, and how high one of FULL is
_NAME, _FIGURES, _SMALL = 36, 32, 26  # sizes of letters
_ROW = _NAME + _FIGURES + FULL * _UNIT + 60
_HEAD, _FOOT = 100, 135
_PAPER, _INK, _SOFT, _LINE = "#ffffff", "#16202b", "#4a5766", "#b9c2cc"
_COLOURS = {"available": "#0d6630", "limited": "#a06000", "unavailable": "#a3151a", "unknown": "#4a5766"}
_STRIPE, _GAP = 7, 4  # of a limited day, which must differ by more than its colour


@dataclass(frozen=True, slots=True)
class PictureRow:
    """One row in the reader's words."""

    name: str
    figures: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is drawn; equal ones are drawn once."""

    title: str
    rows: tuple[PictureRow, ...]
    first: str
    last: str
    legend: tuple[str, str, str, str]  # works, limited, not available, no word


@lru_cache(maxsize=8)
def png(picture: Picture) -> bytes:
    """The picture as a file."""
    # Imported here because it takes time and memory that a bot without this question never needs.
    from PIL import Image, ImageDraw

    height = _HEAD + _ROW * len(picture.rows) + _FOOT
    image = Image.new("RGB", (_WIDTH, height), _PAPER)
    pen = ImageDraw.Draw(image)
    _write(pen, _EDGE, 36, picture.title, 42, _INK)
    for index, row in enumerate(picture.rows):
        _draw_row(pen, _HEAD + _ROW * index, row)
    _write(pen, _EDGE, height - _FOOT, picture.first, _SMALL, _SOFT)
    _write(pen, _WIDTH - _EDGE, height - _FOOT, picture.last, _SMALL, _SOFT, anchor="ra")
    _draw_legend(pen, height - 84, picture.legend)
    kept = BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()


def _draw_row(pen: ImageDraw, top: int, row: PictureRow) -> None:
    _write(pen, _EDGE, top, row.name, _NAME, _INK)
    _write(pen, _EDGE, top + _NAME + 8, row.figures, _FIGURES, _SOFT)
    ground = top + _NAME + _FIGURES + 24 + FULL * _UNIT
    for index, bar in enumerate(row.bars):
        _draw_bar(pen, _EDGE + index * _DAY, ground, bar)
    pen.line((_EDGE, ground + 2, _EDGE + len(row.bars) * _DAY - _DAY + _BAR, ground + 2), _LINE, 2)


def _draw_bar(pen: ImageDraw, left: int, ground: int, bar: Bar) -> None:
    """Solid where it stood still, in stripes where it was limited; a day without opening hours has none."""
    if not bar.height:
        return
    colour, top = _COLOURS[bar.tone], ground - bar.height * _UNIT
    if bar.tone != "limited":
        pen.rectangle((left, top, left + _BAR - 1, ground), colour)
        return
    for bottom in range(ground, top, -_STRIPE - _GAP):
        pen.rectangle((left, max(top, bottom - _STRIPE + 1), left + _BAR - 1, bottom), colour)


def _draw_legend(pen: ImageDraw, top: int, words: Sequence[str]) -> None:
    """Each kind of bar beside its word."""
    kinds = (Bar("available", 7), Bar("limited", 11), Bar("unavailable", 11), Bar("unknown", 1))
    left = _EDGE
    for bar, word in zip(kinds, words, strict=True):
        _draw_bar(pen, left, top + 40, bar)
        _draw_bar(pen, left + _DAY, top + 40, bar)
        _write(pen, left + 3 * _DAY, top + 12, word, _SMALL, _INK)
        left += 3 * _DAY + round(pen.textlength(word, _font(_SMALL))) + 36


def _write(pen: ImageDraw, left: int, top: int, words: str, size: int, colour: str, anchor: str = "la") -> None:
    """One line of words, cut where the paper ends."""
    font, room = _font(size), _WIDTH - 2 * _EDGE
    told = words
    while pen.textlength(told, font) > room:
        told = told[:-2].rstrip(" ,…") + "…"
    pen.text((left, top), told, colour, font, anchor=anchor)


@lru_cache(maxsize=8)
def _font(size: int) -> FreeTypeFont:
    """The letters that come with the library, so that no server must have any."""
    from PIL import ImageFont

    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # the other kind has one size and is for builds without FreeType
    return font
