"""An answer cut to what Telegram takes: at the end of a line, and saying so."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from itertools import accumulate

LONGEST = 4096  # what Telegram counts: UTF-16 units of what is read, tags and escapes not

_TAG = re.compile(r"<[^>]+>")


def fitting(lines: Sequence[str], told: Callable[[], str]) -> str:
    """Lines of Telegram HTML as one text; where they are too long, the first of them and what is `told` of the rest.

    Each line closes the tags that it opens, so none is cut inside: a first line too long by itself loses its markup.
    """
    whole = "\n".join(lines)
    if 2 * len(whole) <= LONGEST or _length(whole) <= LONGEST:  # what is short is not counted twice
        return whole
    more = told()
    room = LONGEST - _length(more) - 1
    upto = accumulate(_length(line) + 1 for line in lines)
    kept = [line for line, end in zip(lines, upto, strict=True) if end <= room + 1]
    return "\n".join((*(kept or [_cut(lines[0], room)]), more))


def _length(line: str) -> int:
    return len(_read(line).encode("utf-16-le")) // 2


def _read(line: str) -> str:
    return html.unescape(_TAG.sub("", line))


def _cut(line: str, longest: int) -> str:
    return html.escape(_read(line).encode("utf-16-le")[: 2 * longest].decode("utf-16-le", "ignore"), quote=False)
