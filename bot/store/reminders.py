"""What staff were asked, so that a restart asks nobody twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.rules.reminders import Asked
from bot.store.tables import reminders
from bot.store.verbs import Verbs


class Reminders(Verbs):
    """Questions by their keys, and the chats that they went to."""

    async def ask(self, key: str, chat: int, at: datetime) -> bool:
        """Write down that a chat is asked; false where it was before."""
        first = insert(reminders).values(key=key, chat=chat, at=at).on_conflict_do_nothing()
        return (await self._connection.execute(first.returning(reminders.c.chat))).first() is not None

    async def unask(self, key: str, chat: int) -> None:
        """It did not arrive."""
        await self._connection.execute(delete(reminders).where(reminders.c.key == key, reminders.c.chat == chat))

    async def asked_in(self, key: str, chat: int, message: int | None) -> None:
        """Which message asks; None where none does any more."""
        await self._connection.execute(
            update(reminders).where(reminders.c.key == key, reminders.c.chat == chat).values(message=message)
        )

    async def asked(self, beginning: str = "") -> tuple[Asked, ...]:
        """What was asked, the oldest first; those keys alone that begin so."""
        rows = await self._connection.execute(
            select(reminders).where(reminders.c.key.startswith(beginning, autoescape=True)).order_by(reminders.c.at)
        )
        return tuple(Asked(row.key, row.chat, row.at, row.message) for row in rows)
