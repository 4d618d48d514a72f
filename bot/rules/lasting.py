"""Keeps what was made for as long as what it was made of stays the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_MOST = 512  # more different things than are asked within a minute but for a rush of nonsense

Made = TypeVar("Made")


class Lasting(Generic[Made]):
    """What was made, by its key; all of it goes when `stamp` is another one."""

    def __init__(self) -> None:
        self._stamp: Hashable = None
        self._kept: dict[Hashable, Made] = {}

    def of(self, stamp: Hashable, key: Hashable, make: Callable[[], Made]) -> Made:
        if stamp != self._stamp or len(self._kept) >= _MOST:
            self._stamp, self._kept = stamp, {}
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = make()
        return found
