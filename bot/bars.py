"""Draws numbers as bars that a telephone shows well: columns for the hours of a day, rows for named things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_WIDTH, _EDGE = 1080, 45
_TITLE, _LABEL = 40, 26  # sizes of letters
_COLUMNS = 300  # pixels that the highest column takes
_ROW, _NAMES = 60, 320  # pixels of a row, and of the names before the bars
_PAPER, _INK, _SOFT, _BAR = "#ffffff", "#16202b", "#4a5766", "#1f5f8b"


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart in the reader's words: each bar's label, its number, and the number as it is written."""

    title: str
    bars: tuple[tuple[str, int, str], ...]
    upright: bool


def png(figures: Sequence[Figure]) -> bytes:
    """The charts below one another, as a file."""
    # Imported here because it takes time and memory that a bot without this question never needs.
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (_WIDTH, sum(map(_height, figures)) + _EDGE), _PAPER)
    pen, top = ImageDraw.Draw(image), _EDGE
    for figure in figures:
        pen.text((_EDGE, top), figure.title, _INK, _font(_TITLE))
        draw = _draw_columns if figure.upright else _draw_rows
        draw(pen, top + 2 * _TITLE, figure)
        top += _height(figure)
    kept = BytesIO()
    image.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _height(figure: Figure) -> int:
    body = _COLUMNS + 3 * _LABEL if figure.upright else _ROW * len(figure.bars)
    return 2 * _TITLE + body + _EDGE


def _draw_columns(pen: ImageDraw, top: int, figure: Figure) -> None:
    """The number stands above its column, the label below."""
    most, step = _most(figure), (_WIDTH - 2 * _EDGE) // len(figure.bars)
    ground = top + _COLUMNS + _LABEL
    for index, (label, times, written) in enumerate(figure.bars):
        left = _EDGE + index * step
        middle, high = left + step // 2, ground - round(_COLUMNS * times / most)
        if times:
            pen.rectangle((left + 3, high, left + step - 4, ground), _BAR)
            pen.text((middle, high - 4), written, _SOFT, _fitting(pen, written, step), anchor="ms")
        pen.text((middle, ground + _LABEL), label, _INK, _font(_LABEL), anchor="ms")
    pen.line((_EDGE, ground, _EDGE + step * len(figure.bars), ground), _SOFT, 2)


def _draw_rows(pen: ImageDraw, top: int, figure: Figure) -> None:
    """The name, its bar, and the number behind it."""
    most, room = _most(figure), _WIDTH - 2 * _EDGE - _NAMES - 110
    for index, (label, times, written) in enumerate(figure.bars):
        middle = top + index * _ROW + _ROW // 2
        end = _EDGE + _NAMES + max(2, round(room * times / most))
        pen.text((_EDGE, middle), _cut(pen, label), _INK, _font(_LABEL), anchor="lm")
        pen.rectangle((_EDGE + _NAMES, middle - 16, end, middle + 16), _BAR)
        pen.text((end + 12, middle), written, _SOFT, _font(_LABEL), anchor="lm")


def _most(figure: Figure) -> int:
    return max(1, *(times for _, times, _ in figure.bars))


def _cut(pen: ImageDraw, label: str) -> str:
    """A name, cut where its bar begins."""
    told = label
    while pen.textlength(told, _font(_LABEL)) > _NAMES - 16:
        told = told[:-2].rstrip(" …") + "…"
    return told


def _fitting(pen: ImageDraw, written: str, room: int) -> FreeTypeFont:
    """Letters small enough that neighbours do not touch."""
    return next((_font(size) for size in (_LABEL, 20) if pen.textlength(written, _font(size)) < room), _font(14))


@lru_cache(maxsize=8)
def _font(size: int) -> FreeTypeFont:
    """The letters that come with the library, so that no server must have any."""
    from PIL import ImageFont

    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # the other kind has one size and is for builds without FreeType
    return font
