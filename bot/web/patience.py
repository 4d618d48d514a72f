"""A question to the database whose answer is waited for only so long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

import structlog

from bot.store import DatabaseAway

PATIENCE = 3.0  # seconds

log = structlog.get_logger(__name__)

Told = TypeVar("Told")


class Patiently(Generic[Told]):
    """One question at a time; what is not answered in time is asked on, as to cancel it takes ten seconds more where
    the database stands still."""

    def __init__(self, ask: Callable[[], Coroutine[Any, Any, Told]]) -> None:
        self._ask = ask
        self._asking: asyncio.Task[Told | None] | None = None

    async def __call__(self) -> Told | None:
        """What the database says; None while it is away or silent, or what it says cannot be used."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._told())
        asking = self._asking  # others may ask anew before this goes on
        await asyncio.wait({asking}, timeout=PATIENCE)
        return asking.result() if asking.done() else None

    async def _told(self) -> Told | None:
        try:
            return await self._ask()
        except DatabaseAway:
            return None
        except Exception:  # who asks tells the rest: to be silent altogether would hide the fault; the store counts it
            log.exception("database_question_failed")
            return None
