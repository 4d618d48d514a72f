"""Questions and spared trips, counted without saying whose."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql

from bot.rules.statistics import Asked, hashed
from bot.store.tables import days, questions, spared, subscriptions
from bot.store.verbs import Verbs

_OVER_EVERYWHERE = timedelta(hours=12)  # after its midnight in UTC a day is over in the last of all zones


class Counts(Verbs):
    """What is counted of citizens' questions."""

    async def add_questions(self, counted: Collection[Asked]) -> None:
        """As many more within these hours."""
        for one in counted:
            row = {"hour": one.hour, "service": one.service, "understood": one.understood}
            first = postgresql.insert(questions).values(**row, times=one.times)
            again = {"times": questions.c.times + one.times}
            await self._connection.execute(first.on_conflict_do_update(index_elements=list(row), set_=again))

    async def questions(self, since: datetime) -> tuple[Asked, ...]:
        rows = await self._connection.execute(select(questions).where(questions.c.hour >= since))
        return tuple(Asked(row.hour, row.service, row.understood, row.times) for row in rows)

    async def salt_of(self, day: date, new: str) -> str | None:
        """The day's salt, which is `new` where it had none yet; None once it was thrown away."""
        first = postgresql.insert(days).values(day=day, salt=new, spared=0)
        await self._connection.execute(first.on_conflict_do_nothing(index_elements=["day"]))
        found: str | None = (await self._connection.execute(select(days.c.salt).where(days.c.day == day))).scalar_one()
        return found

    async def add_spared(self, day: date, chats: Collection[str]) -> None:
        """Chats, hashed, that were spared a trip; each counts once."""
        for chat in chats:
            added = postgresql.insert(spared).values(day=day, chat=chat)
            await self._connection.execute(added.on_conflict_do_nothing(index_elements=["day", "chat"]))

    async def spared_since(self, day: date) -> int:
        """How many trips were spared from that day on."""
        over = select(func.coalesce(func.sum(days.c.spared), 0)).where(days.c.day >= day)
        open_ = select(func.count()).select_from(spared).where(spared.c.day >= day)
        return int((await self._connection.execute(over)).scalar_one()) + int(
            (await self._connection.execute(open_)).scalar_one()
        )

    async def subscribers(self) -> int:
        """How many chats wait for anything."""
        chats = select(func.count(func.distinct(subscriptions.c.chat)))
        return int((await self._connection.execute(chats)).scalar_one())

    async def forget_spared(self, chat: int) -> None:
        """Leave no hash of a chat as long as its salt is there."""
        for day, salt in (await self._salts()).items():
            own = (spared.c.day == day) & (spared.c.chat == hashed(chat, salt))
            await self._connection.execute(delete(spared).where(own))

    async def _salts(self) -> Mapping[date, str]:
        rows = await self._connection.execute(select(days.c.day, days.c.salt).where(days.c.salt.is_not(None)))
        return {row.day: row.salt for row in rows}

    async def close_days(self, now: datetime) -> int:
        """Of days that are over only the number stays; salt and hashes go. Returns how many days."""
        over = [day for day in await self._salts() if day < (now - _OVER_EVERYWHERE).date()]
        for day in over:
            own = spared.c.day == day
            count = select(func.count()).select_from(spared).where(own).scalar_subquery()
            await self._connection.execute(update(days).where(days.c.day == day).values(spared=count, salt=None))
            await self._connection.execute(delete(spared).where(own))
        return len(over)
