"""What is remembered of those who write: chats, refused attempts, what was not understood; how a chat is forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects import postgresql

from bot.rules.chats import ChatNotes, LastQuestion, Refusal
from bot.store.among import among
from bot.store.rows import notes_from, refusal_from
from bot.store.statistics import Counts
from bot.store.tables import (
    chats,
    deliveries,
    drafts,
    previews,
    progress_messages,
    refusals,
    reminders,
    subscriptions,
    unmatched,
)

_QUESTION = ("intent", "services", "asked_at", "missed", "answered", "aim", "asked_in")
NO_QUESTION: Mapping[str, object] = {**dict.fromkeys(_QUESTION), "services": [], "missed": 0}


class Chats(Counts):
    """What a chat chose and asked last."""

    async def chat_notes(self, chat: int) -> ChatNotes:
        """What is known; nothing at all for a chat never seen."""
        row = (await self._connection.execute(select(chats).where(chats.c.chat == chat))).one_or_none()
        return ChatNotes() if row is None else notes_from(row)

    async def notes_of_chats(self, which: Collection[int]) -> Mapping[int, ChatNotes]:
        """The same of many; a chat never seen is missing."""
        rows = await self._connection.execute(select(chats).where(among(chats.c.chat, which)))
        return {row.chat: notes_from(row) for row in rows}

    async def languages_of(self, which: Collection[int]) -> Mapping[int, str]:
        """The languages that these chats chose; who chose none is missing."""
        rows = await self._connection.execute(
            select(chats.c.chat, chats.c.language).where(among(chats.c.chat, which), chats.c.language.is_not(None))
        )
        return {row.chat: row.language for row in rows}

    async def remember_language(self, chat: int, language: str) -> None:
        await self._remember(chat, language=language)

    async def remember_place(self, chat: int, place: str | None) -> None:
        await self._remember(chat, place=place)

    async def remember_questions(self, asked: Collection[LastQuestion]) -> None:
        """The last questions, for ten minutes: "kalau KK?" needs them. In one order: two processes never wait."""
        rows = [_row(one) for one in sorted(asked, key=lambda one: one.chat)]
        await self._connection.execute(_REMEMBER, rows)

    async def remember_answer(self, chat: int, message: int) -> None:
        """Which message answered the last question."""
        await self._connection.execute(update(chats).where(chats.c.chat == chat).values(answered=message))

    async def forget_question(self, chat: int) -> None:
        await self._connection.execute(update(chats).where(chats.c.chat == chat).values(**NO_QUESTION))

    async def forget_chat(self, chat: int) -> None:
        """Leave nothing of a chat but the reports that it made as staff."""
        for table, column in (
            (deliveries, deliveries.c.chat),
            (subscriptions, subscriptions.c.chat),
            (previews, previews.c.chat),
            (drafts, drafts.c.chat),
            (progress_messages, progress_messages.c.chat),
            (reminders, reminders.c.chat),
            (chats, chats.c.chat),
            (refusals, refusals.c.user),  # a private chat has its user's id
        ):
            await self._connection.execute(delete(table).where(column == chat))
        await self.forget_spared(chat)

    async def count_unmatched(self, day: date, shape: str) -> None:
        """One more question of this shape was not understood on that day of the office."""
        first = postgresql.insert(unmatched).values(day=day, shape=shape, times=1)
        again = first.on_conflict_do_update(index_elements=["day", "shape"], set_={"times": unmatched.c.times + 1})
        await self._connection.execute(again)

    async def unmatched(self, since: date) -> Mapping[str, int]:
        """How often each shape was not understood from that day on, the most frequent first."""
        times = func.sum(unmatched.c.times)
        rows = await self._connection.execute(
            select(unmatched.c.shape, times)
            .where(unmatched.c.day >= since)
            .group_by(unmatched.c.shape)
            .order_by(times.desc(), unmatched.c.shape)
        )
        return {shape: int(count) for shape, count in rows}

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


def _row(one: LastQuestion) -> dict[str, object]:
    last = (one.intent, list(one.services), one.at, one.missed, None, one.aim, one.language)
    return {"chat": one.chat, **dict(zip(_QUESTION, last, strict=True))}


_added = postgresql.insert(chats)
_REMEMBER = _added.on_conflict_do_update(
    index_elements=["chat"], set_={name: _added.excluded[name] for name in _QUESTION}
)
