"""One sender at a time: the lease that a process holds while it sends notices."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from bot.clock import Clock
from bot.rules.broadcasts import SENDER, Pace
from bot.store.store import Session, Store

RENEW_EVERY = 2.0  # seconds
GOOD_FOR = timedelta(seconds=8)


class Lease:
    """What this process knows of its lease; it expires by itself, also while the database is away."""

    def __init__(self, store: Store, clock: Clock, name: str = SENDER, holder: str | None = None) -> None:
        self.term = 0  # counts the times it was taken anew
        self.rests_until: datetime | None = None  # the flood wait that the holder before met
        self._store, self._clock, self._name = store, clock, name
        self._holder = holder or uuid4().hex
        self._until: datetime | None = None

    def held(self) -> bool:
        return self._until is not None and self._clock() < self._until

    async def stands(self, session: Session) -> bool:
        """Whether it is held by the database's word, too, and until this session ends: who stood still may not know."""
        if self.held() and not await session.holds_lease(self._name, self._holder, self._clock()):
            self._until = None
        return self.held()

    async def renew(self, pace: Pace | None = None) -> bool:
        """Take or renew it, telling the others how fast this process sends; raises DatabaseAway."""
        anew, now = not self.held(), self._clock()
        async with self._store.writing() as session:
            rests_until = await session.rests_until(self._name) if anew else self.rests_until
            taken = await session.take_lease(self._name, self._holder, now, now + GOOD_FOR, pace)
        self._until = now + GOOD_FOR if taken else None
        self.term += taken and anew
        self.rests_until = rests_until
        return taken

    async def drop(self) -> None:
        """Give it back, so that a standby need not wait; raises DatabaseAway."""
        self._until = None
        async with self._store.writing() as session:
            await session.drop_lease(self._name, self._holder, self._clock())
