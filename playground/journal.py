"""Every call the bot made, in order, for tests and for the curious; the oldest fall out."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from playground.parameters import Upload

KEPT = 20_000


@dataclass
class Entry:
    """One call: when it came, what it asked, what it was told (`status` is None where no answer went out)."""

    at: float
    method: str
    params: dict[str, Any]
    status: int | None = None
    answer: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """As `/api/journal` shows it."""
        return asdict(self)


class Journal:
    """A bounded list of calls; the token never enters it."""

    def __init__(self, kept: int = KEPT) -> None:
        self.entries: deque[Entry] = deque(maxlen=kept)

    def open(self, at: float, method: str, params: Mapping[str, Any]) -> Entry:
        """Notes a call when it comes in; its status and answer follow."""
        entry = Entry(at, method, readable(params))
        self.entries.append(entry)
        return entry

    def calls(self, method: str | None = None) -> list[dict[str, Any]]:
        """The calls as JSON, all of them or those of one method."""
        return [entry.as_json() for entry in self.entries if method in (None, entry.method)]


def readable(params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters without the bytes of their files."""
    return {name: value.as_journal() if isinstance(value, Upload) else value for name, value in params.items()}
