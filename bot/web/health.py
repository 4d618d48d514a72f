"""How the bot is: alive, and ready to answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.store import DatabaseAway, Store

_PATIENCE = 3.0  # seconds for the database to answer
_FRESH = {"Cache-Control": "no-store"}


async def alive(_: Request) -> JSONResponse:
    """Somebody answers: the event loop turns."""
    return JSONResponse({"alive": True}, headers=_FRESH)


class Readiness:
    """Whether the database answers; Telegram away is a warning, since the page goes on without it."""

    def __init__(self, store: Store, telegram_away: Callable[[], bool]) -> None:
        self._store, self._telegram_away = store, telegram_away
        self._asking: asyncio.Task[bool] | None = None

    async def answer(self, _: Request) -> JSONResponse:
        ready = await self._database_answers()
        warnings = ["telegram is away"] if self._telegram_away() else []
        told = {"ready": ready, "database": "answers" if ready else "away", "warnings": warnings}
        return JSONResponse(told, status_code=200 if ready else 503, headers=_FRESH)

    async def _database_answers(self) -> bool:
        """One question at a time; what is not answered in time is asked on, as to cancel it takes ten seconds more
        where the database stands still."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        answered, _ = await asyncio.wait({self._asking}, timeout=_PATIENCE)
        return bool(answered) and self._asking.result()

    async def _ask(self) -> bool:
        try:
            async with self._store.reading() as session:
                await session.newest_report()
        except DatabaseAway:
            return False
        return True
