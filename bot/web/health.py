"""How the bot is: alive, and ready to answer."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.store import Store
from bot.web.patience import Patiently

_FRESH = {"Cache-Control": "no-store"}


async def alive(_: Request) -> JSONResponse:
    """Somebody answers: the event loop turns."""
    return JSONResponse({"alive": True}, headers=_FRESH)


class Readiness:
    """Whether the database answers; Telegram away is a warning, since the page goes on without it."""

    def __init__(self, store: Store, telegram_away: Callable[[], bool]) -> None:
        self._store, self._telegram_away = store, telegram_away
        self._database_answers = Patiently(self._ask)

    async def answer(self, _: Request) -> JSONResponse:
        ready = bool(await self._database_answers())
        warnings = ["telegram is away"] if self._telegram_away() else []
        told = {"ready": ready, "database": "answers" if ready else "away", "warnings": warnings}
        return JSONResponse(told, status_code=200 if ready else 503, headers=_FRESH)

    async def _ask(self) -> bool:
        async with self._store.reading() as session:
            await session.newest_report()
        return True
