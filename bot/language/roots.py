"""Undoes what Indonesian puts before and behind a root: "mengambilkan", "disambungkan"."""

from __future__ import annotations

from collections.abc import Iterator

# What Indonesian puts before a root, and the letters of the root that the prefix may have swallowed.
_PREFIXES = (
    ("meny", "s"), ("peny", "s"), ("meng", "k"), ("peng", "k"), ("mem", "p"), ("pem", "p"), ("men", "t"), ("pen", "t"),
    ("me", ""), ("pe", ""), ("di", ""), ("ber", ""), ("ter", ""), ("nge", ""), ("ng", "k"), ("ny", "s"),
)  # fmt: skip
_SUFFIXES = ("kannya", "kan", "annya", "an", "in", "i", "nya", "")
_SHORTEST = 4  # letters of a root


def roots(word: str) -> Iterator[str]:
    """What the word may be built from, itself first."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix):
            yield from (root for root in _prefixless(word.removesuffix(suffix)) if len(root) >= _SHORTEST)


def _prefixless(stem: str) -> Iterator[str]:
    yield stem
    for prefix, swallowed in _PREFIXES:
        if stem.startswith(prefix):
            root = stem[len(prefix) :]
            yield root
            if swallowed:
                yield swallowed + root
