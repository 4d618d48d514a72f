"""Does for many at once what each of them asks for alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

from bot.store.errors import DatabaseAway

_MOST = 256  # of one round

Asked = TypeVar("Asked")
Told = TypeVar("Told")
_Waiting = tuple[Asked, "asyncio.Future[Told]"]


class Together(Generic[Asked, Told]):
    """Rounds of one piece of work: who asks while one is under way shares the next; who asks alone waits for nobody.

    A round begins after all it answers for was asked, so what it reads is never older than the asking; nobody is
    answered before it ended, so what it writes is committed then.
    """

    def __init__(self, work: Callable[[Sequence[Asked]], Awaitable[Sequence[Told]]]) -> None:
        """`work` answers for each that asked, in their order."""
        self._work = work
        self._waiting: list[_Waiting[Asked, Told]] = []
        self._rounds: asyncio.Task[None] | None = None

    async def __call__(self, asked: Asked) -> Told:
        """Raises what the work raises."""
        told: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, told))
        if self._rounds is None:
            # In nobody's context: a line that it logs would bear the number of the update that happened to be first.
            self._rounds = asyncio.create_task(self._go_round(), context=Context())
        return await told

    async def _go_round(self) -> None:
        try:
            while self._waiting:
                now, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
                await self._round([one for one in now if not one[1].done()])  # else it was cancelled meanwhile
        finally:
            self._rounds = None

    async def _round(self, those: Sequence[_Waiting[Asked, Told]]) -> None:
        try:
            answers = await self._work([asked for asked, _ in those]) if those else ()
        except DatabaseAway as error:
            _fail(those, error)
        except Exception as error:
            if len(those) == 1:
                _fail(those, error)
            for one in those if len(those) > 1 else ():  # one that cannot be done must not stop the others
                await self._round([one])
        else:
            for (_, future), answer in zip(those, answers, strict=True):
                if not future.done():
                    future.set_result(answer)


def _fail(those: Sequence[_Waiting[Asked, Told]], error: Exception) -> None:
    for _, future in those:
        if not future.done():
            future.set_exception(error)
