"""An event loop in which time passes only while everybody waits, so that hours of a story take a moment."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

import pytest
from aiosqlite import core

Statement = tuple["asyncio.Future[Any] | None", Callable[[], Any]]


class _Selector(selectors.DefaultSelector):
    """Waits for the database's threads in earnest, and for nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.statements = 0  # that a thread is at

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout == 0:
            return super().select(0)
        if self.statements:
            return super().select(None)
        events = super().select(0)
        if not events and timeout is None:
            raise RuntimeError("everybody waits, and nobody for the time")
        if not events and timeout is not None:
            self.now += timeout
        return events


class StoryLoop(asyncio.SelectorEventLoop):
    """Its time begins at 0 and jumps to whatever is waited for next."""

    def __init__(self) -> None:
        self._story = _Selector()
        super().__init__(self._story)

    def time(self) -> float:
        return self._story.now

    def begun(self, statement: asyncio.Future[Any]) -> None:
        """No time passes until this is done."""
        self._story.statements += 1
        statement.add_done_callback(self._ended)

    def _ended(self, _statement: asyncio.Future[Any]) -> None:
        self._story.statements -= 1


@contextmanager
def story_loop() -> Iterator[StoryLoop]:
    """A loop for one story, in which SQLite takes no time."""
    loop = StoryLoop()

    class Statements(SimpleQueue[Statement]):
        def put_nowait(self, statement: Statement) -> None:
            if statement[0] is not None:
                loop.begun(statement[0])
            super().put_nowait(statement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core, "SimpleQueue", Statements)
        try:
            yield loop
        finally:
            loop.close()
