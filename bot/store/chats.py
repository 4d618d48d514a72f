"""What is remembered of chats and of refused attempts, and how a chat is forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql

from bot.rules.chats import ChatNotes, Refusal
from bot.store.rows import notes_from, refusal_from
from bot.store.tables import chats, deliveries, previews, refusals, subscriptions
from bot.store.verbs import Verbs


class Chats(Verbs):
    """What a chat chose and asked last."""

    async def chat_notes(self, chat: int) -> ChatNotes:
        """What is known; nothing at all for a chat never seen."""
        row = (await self._connection.execute(select(chats).where(chats.c.chat == chat))).one_or_none()
        return ChatNotes() if row is None else notes_from(row)

    async def languages_of(self, which: Collection[int]) -> Mapping[int, str]:
        """The languages that these chats chose; who chose none is missing."""
        rows = await self._connection.execute(
            select(chats.c.chat, chats.c.language).where(chats.c.chat.in_(which), chats.c.language.is_not(None))
        )
        return {row.chat: row.language for row in rows}

    async def remember_language(self, chat: int, language: str) -> None:
        await self._remember(chat, language=language)

    async def remember_place(self, chat: int, place: str | None) -> None:
        await self._remember(chat, place=place)

    async def remember_question(
        self, chat: int, intent: str | None, services: Collection[str], at: datetime, missed: int = 0
    ) -> None:
        """The last question, for ten minutes: "kalau KK?" needs it. `missed`: how many in a row were not understood."""
        await self._remember(chat, intent=intent, services=list(services), asked_at=at, missed=missed)

    async def forget_question(self, chat: int) -> None:
        await self._connection.execute(
            update(chats).where(chats.c.chat == chat).values(intent=None, services=[], asked_at=None, missed=0)
        )

    async def forget_chat(self, chat: int) -> None:
        """Leave nothing of a chat but the reports that it made as staff."""
        for table, column in (
            (deliveries, deliveries.c.chat),
            (subscriptions, subscriptions.c.chat),
            (previews, previews.c.chat),
            (chats, chats.c.chat),
            (refusals, refusals.c.user),  # a private chat has its user's id
        ):
            await self._connection.execute(delete(table).where(column == chat))

    async def record_refusal(self, at: datetime, user: int, what: str) -> None:
        """Somebody tried what only staff may; `what` was masked by the caller."""
        await self._connection.execute(insert(refusals).values(at=at, user=user, what=what))

    async def refusals(self, since: datetime) -> tuple[Refusal, ...]:
        """Refused attempts from then on, the oldest first."""
        rows = await self._connection.execute(
            select(refusals).where(refusals.c.at >= since).order_by(refusals.c.at, refusals.c.id)
        )
        return tuple(refusal_from(row) for row in rows)

    async def _remember(self, chat: int, **values: object) -> None:
        added = postgresql.insert(chats).values({"chat": chat, "services": [], **values})
        await self._connection.execute(added.on_conflict_do_update(index_elements=["chat"], set_=values))
