"""Draws the office's poster: one A4 page in black, as PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import segno

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

_BOLD, _PLAIN = "Helvetica-Bold", "Helvetica"  # every reader has them, so they need not travel along
_WIDTH, _HEIGHT = 595.0, 842.0  # A4 in points
_MARGIN = 45.0
_CODE = 370.0  # 13 cm at most, to be scanned from more than a metre
_BELOW = 170.0  # for the words under the code
_QUIET = 4  # modules around the code that stay white
_LEADING = 1.15
_SMALLEST = 8


@dataclass(frozen=True, slots=True)
class Printed:
    """The words of the poster as they are read, from the top of the page to its foot."""

    office: str
    place: str
    headline: str
    question: str
    link: str
    scan: str
    foot: str


def draw(poster: Printed) -> bytes:
    """The PDF; the same words give the same bytes."""
    from reportlab.pdfgen.canvas import Canvas  # here because staff ask for it once a month

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(_WIDTH, _HEIGHT), invariant=1)
    canvas.setTitle(poster.headline)
    canvas.setAuthor(poster.office)
    top = _HEIGHT - _MARGIN
    top = _text(canvas, poster.office, top, _BOLD, 24, lines=2)
    top = _text(canvas, poster.place, top, _PLAIN, 20, lines=1)
    top = _text(canvas, poster.headline, top - 16, _BOLD, 60, lines=2)  # capitals of 12 mm: read from two metres
    top = _text(canvas, poster.question, top - 12, _PLAIN, 32, lines=2)
    top = _code(canvas, poster.link, top, min(_CODE, top - _BELOW))
    top = _text(canvas, poster.scan, top, _BOLD, 28, lines=2)
    _text(canvas, poster.foot, top - 8, _PLAIN, 18, lines=2)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _text(canvas: Canvas, text: str, top: float, font: str, biggest: int, *, lines: int) -> float:
    """Centred below `top`, as big as it fits into so many lines; where the page goes on."""
    size, parts = _fitting(text, font, biggest, lines)
    canvas.setFont(font, size)
    for part in parts:
        top -= size * _LEADING
        canvas.drawCentredString(_WIDTH / 2, top + size * (_LEADING - 1), part)
    return top


def _fitting(text: str, font: str, biggest: int, lines: int) -> tuple[int, Sequence[str]]:
    """The size, and the lines, about as long as each other."""
    from reportlab.lib.utils import simpleSplit
    from reportlab.pdfbase.pdfmetrics import stringWidth

    room = _WIDTH - 2 * _MARGIN
    for size in range(biggest, _SMALLEST, -1):
        parts: list[str] = simpleSplit(text, font, size, room)
        if len(parts) <= lines and all(stringWidth(part, font, size) <= room for part in parts):
            break
    narrower = (simpleSplit(text, font, size, room * percent / 100) for percent in range(50, 100, 5))
    return size, next((narrow for narrow in narrower if len(narrow) == len(parts)), parts)[:lines]


def _code(canvas: Canvas, link: str, top: float, size: float) -> float:
    """A QR code, each run of black modules in a row as one bar, so that no printer leaves gaps within it."""
    code = segno.make(link, error="q", micro=False)
    rows = [list(row) for row in code.matrix_iter(border=_QUIET)]
    module = size / len(rows)
    left = (_WIDTH - size) / 2
    for number, row in enumerate(rows, start=1):
        for start, length in _runs(row):
            canvas.rect(left + start * module, top - number * module, length * module, module, stroke=0, fill=1)
    return top - size


def _runs(row: Sequence[int]) -> list[tuple[int, int]]:
    """Where black begins, and how long it is."""
    edges = [at for at, (before, after) in enumerate(zip([0, *row], [*row, 0], strict=True)) if before != after]
    return [(start, end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)]
