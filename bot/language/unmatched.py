"""The shape of a question that was not understood: all that is kept of it, so that an office sees what it misses."""

from __future__ import annotations

_LENGTHS = ((1, "1 word"), (3, "2-3 words"), (7, "4-7 words"))


def shape(text: str, *, named: bool) -> str:
    """How long, of which signs, whether it asks and names a service: never a word of it."""
    parts = (_length(text), _signs(text), "asks" if "?" in text else "", "service named" if named else "")
    return ", ".join(filter(None, parts))


def _length(text: str) -> str:
    words = len(text.split())
    return next((name for most, name in _LENGTHS if words <= most), "8+ words")


def _signs(text: str) -> str:
    """Letters, digits, both, or neither: an emoji, a row of dots."""
    letters, digits = any(map(str.isalpha, text)), any(map(str.isdigit, text))
    if letters:
        return "letters and digits" if digits else "letters"
    return "digits" if digits else "signs"
