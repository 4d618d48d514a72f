"""What chats are known by, read and kept for all that ask at the same time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.clock import Clock
from bot.rules.chats import ChatNotes, LastQuestion
from bot.rules.drafts import WORDS_AWAITED
from bot.rules.notices import Subscription
from bot.store.store import Store
from bot.store.together import Together


@dataclass(frozen=True, slots=True)
class Known:
    """What a chat chose and asked last, what it waits for, and whether a report of its staff waits for words."""

    notes: ChatNotes
    own: tuple[Subscription, ...]
    drafting: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a question: the place where it chose one for good, the shape of what was not understood."""

    last: LastQuestion
    place: str | None = None
    shape: tuple[date, str] | None = None


class Recalling:
    """Under load many questions share a statement and a commit; each still waits for its own."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self.known = Together(self._known)
        self.keep = Together(self._keep)

    async def _known(self, chats: Sequence[int]) -> Sequence[Known]:
        async with self._store.reading() as session:
            notes = await session.notes_of_chats(chats)
            waiting = await session.subscriptions_of_chats(chats)
            drafting = await session.waiting_drafts(chats, self._clock() - WORDS_AWAITED)
        own: dict[int, list[Subscription]] = defaultdict(list)
        for one in waiting:
            own[one.chat].append(one)
        return [Known(notes.get(chat, ChatNotes()), tuple(own[chat]), chat in drafting) for chat in chats]

    async def _keep(self, kept: Sequence[Kept]) -> Sequence[None]:
        async with self._store.writing() as session:
            await session.remember_questions([one.last for one in kept])
            for one in kept:
                if one.place is not None:
                    await session.remember_place(one.last.chat, one.place)
            for day, shape in sorted(one.shape for one in kept if one.shape):
                await session.count_unmatched(day, shape)
        return [None] * len(kept)
