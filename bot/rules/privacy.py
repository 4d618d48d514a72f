"""Finds and masks personal numbers (NIK, family card number, mobile telephone) in what a citizen wrote."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

PLACEHOLDER = "•••"
"""Stands where a number stood; no word, so that the recogniser passes over it."""


class Kind(enum.StrEnum):
    """A NIK and the number of a family card have the same shape, so they are one kind."""

    NIK_OR_KK = "nik_or_kk"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Span:
    """Where a number stands in the text, `end` exclusive."""

    start: int
    end: int
    kind: Kind


_PROVINCES = frozenset(
    f"{code}"
    for codes in (
        range(11, 20),
        (21,),
        range(31, 37),
        range(51, 54),
        range(61, 66),
        range(71, 77),
        (81, 82),
        range(91, 97),
    )
    for code in codes
)
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SHORTEST, _LONGEST = 10, 16  # digits of a mobile number and of a NIK
_BLOCK = re.compile(r"\d+")
# What people put inside a number: at most three signs between two blocks of digits, no letter among them.
_GAP = re.compile(r"[^\w,;:!?]{1,3}|_")
_PHONE = re.compile(r"(?:620?|0)8[1-9][0-9]{7,10}")
_PHONE_STARTS = ("08", "628", "6208")
_STARTS = _PROVINCES | {"08", "62"}
_NAMED = re.compile(r"(?<![a-z])(?:nik|n\.i\.k|kk|ktp|no|nmr|nomor|nomer|kartu keluarga)(?:nya|ku|x)?(?![a-z])")


def find_private(text: str) -> tuple[Span, ...]:
    """Every personal number in the text, in order; they never overlap."""
    plain = _with_plain_digits(text)
    # Anywhere in the text: a number that is masked brings the next one nearer, and no distance would be the right one.
    named = _NAMED.search(plain.lower()) is not None
    chains = (chain for chain in _chains(plain) if chain[-1].end() - chain[0].start() >= _SHORTEST)
    return tuple(span for chain in chains for span in _numbers_in(plain, chain, named))


def mask(text: str) -> str:
    """The text with every personal number replaced by `PLACEHOLDER`."""
    parts, done = [], 0
    for span in find_private(text):
        parts += [text[done : span.start], PLACEHOLDER]
        done = span.end
    return "".join(parts) + text[done:]


def _with_plain_digits(text: str) -> str:
    """The same text, character by character, with full-width and other digits as ASCII ones."""
    if text.isascii():
        return text
    return "".join(sign if sign.isascii() else _plain(sign) for sign in text)


def _plain(sign: str) -> str:
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    # An invisible sign between digits is a gap like a space; a sign that widens would shift the spans.
    return " " if unicodedata.category(sign) in {"Cf", "Mn"} else sign


def _chains(text: str) -> Iterator[list[re.Match[str]]]:
    """Blocks of digits that stand so close together that they may be one number."""
    chain: list[re.Match[str]] = []
    for block in _BLOCK.finditer(text):
        if chain and not _GAP.fullmatch(text, chain[-1].end(), block.start()):
            yield chain
            chain = []
        chain.append(block)
    if chain:
        yield chain


def _numbers_in(text: str, chain: Sequence[re.Match[str]], named: bool) -> Iterator[Span]:
    """The numbers in a chain: each takes whole blocks. `named` says that the text speaks of such numbers."""
    digits = "".join(block.group() for block in chain)
    ends = dict(zip(accumulate(len(block.group()) for block in chain), chain, strict=True))
    free = 0  # digits before it belong to the last number found
    for at, block in zip((0, *ends), chain, strict=False):
        if at < free or not (named or digits[at : at + 2] in _STARTS):
            continue
        found = _number_at(digits, at, ends, named)
        if found:
            length, kind = found
            free = at + length
            yield Span(_start_of(text, block.start()), ends[free].end(), kind)


def _number_at(digits: str, at: int, ends: Container[int], named: bool) -> tuple[int, Kind] | None:
    """How many digits the number takes that begins with this block, and its kind."""
    if at + _LONGEST in ends and (named or _is_dated(digits[at : at + _LONGEST])):
        return _LONGEST, Kind.NIK_OR_KK
    if not digits.startswith(_PHONE_STARTS, at):
        return None
    lengths = (length for length in range(_LONGEST, _SHORTEST - 1, -1) if at + length in ends)
    phone = next((length for length in lengths if _PHONE.fullmatch(digits, at, at + length)), None)
    return (phone, Kind.PHONE) if phone else None


def _is_dated(digits: str) -> bool:
    """Area, date (a woman's day plus 40), serial; 29 February passes in every year, since the century is not in it."""
    if digits[:2] not in _PROVINCES or digits[12:] == "0000":
        return False
    day, month = int(digits[6:8]), int(digits[8:10])
    return 1 <= month <= 12 and 1 <= (day - 40 if day > 40 else day) <= _DAYS_IN_MONTH[month - 1]


def _start_of(text: str, start: int) -> int:
    """Takes in the plus sign of +62."""
    return start - 1 if text[start - 1 : start] == "+" else start
