"""The lease that makes one process the sender, and the end of what was kept long enough."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.rules.broadcasts import Pace
from bot.store.chats import NO_QUESTION
from bot.store.statistics import Counts
from bot.store.tables import (
    chats,
    days,
    deeds,
    deliveries,
    drafts,
    invitations,
    leases,
    previews,
    questions,
    refusals,
    reminders,
    reports,
    special_days,
    unmatched,
)

DELIVERIES_KEPT = timedelta(hours=48)
QUESTION_KEPT = timedelta(minutes=10)
REFUSALS_KEPT = timedelta(days=90)
REMINDERS_KEPT = timedelta(days=90)  # an outage of months is then asked about once more
AUDIT_KEPT = timedelta(days=2 * 365)
PREVIEWS_KEPT = timedelta(days=1)
INVITATIONS_KEPT = timedelta(days=7)  # so that who comes too late reads so
# One round of deliveries: a million in one statement would keep SQLite's only writer for seconds.
ROUND = 5_000


class Upkeep(Counts):
    """What keeps the house in order."""

    async def take_lease(
        self, name: str, holder: str, now: datetime, until: datetime, pace: Pace | None = None
    ) -> bool:
        """Take or renew it: true where it was free, has expired, or is the holder's already."""
        shown = {"pace": pace and pace.a_second, "rests_until": pace and pace.rests_until}
        taken = insert(leases).values(name=name, holder=holder, until=until, **shown)
        await self._connection.execute(
            taken.on_conflict_do_update(
                index_elements=["name"],
                set_={column: taken.excluded[column] for column in ("holder", "until", *shown)},
                where=or_(leases.c.holder == holder, leases.c.until <= now),
            )
        )
        held_by: str = (
            await self._connection.execute(select(leases.c.holder).where(leases.c.name == name))
        ).scalar_one()
        return held_by == holder

    async def holds_lease(self, name: str, holder: str, now: datetime) -> bool:
        """Whether it is still the holder's; then nobody takes it over before this transaction ends."""
        held = select(leases.c.holder).where(leases.c.name == name, leases.c.holder == holder, leases.c.until > now)
        return (await self._connection.execute(held.with_for_update(read=True))).one_or_none() is not None

    async def is_held(self, name: str, now: datetime) -> bool:
        """Whether somebody holds it."""
        held = select(leases.c.holder).where(leases.c.name == name, leases.c.until > now)
        return (await self._connection.execute(held)).one_or_none() is not None

    async def drop_lease(self, name: str, holder: str, now: datetime) -> None:
        """Give it back, where it is still the holder's; the flood wait that it met is for the next one, too."""
        mine = leases.c.name == name, leases.c.holder == holder
        await self._connection.execute(update(leases).where(*mine).values(until=now))

    async def rests_until(self, name: str) -> datetime | None:
        """The end of the flood wait that the last holder met."""
        return (
            await self._connection.execute(select(leases.c.rests_until).where(leases.c.name == name))
        ).scalar_one_or_none()

    async def prune(self, now: datetime) -> int:
        """End what was kept as long as promised; returns how many rows, so call again until it is 0."""
        old = (
            select(deliveries.c.id)
            .where(deliveries.c.ended_at <= now - DELIVERIES_KEPT)
            .order_by(deliveries.c.ended_at)
            .limit(ROUND)
        )
        return (
            await self._delete(deliveries, deliveries.c.id.in_(old))
            + await self._delete(previews, previews.c.expires_at <= now - PREVIEWS_KEPT)
            + await self._delete(drafts, drafts.c.at <= now - PREVIEWS_KEPT)
            + await self._delete(refusals, refusals.c.at <= now - REFUSALS_KEPT)
            + await self._delete(reminders, reminders.c.at <= now - REMINDERS_KEPT)
            + await self._delete(invitations, invitations.c.made_at <= now - INVITATIONS_KEPT)
            + await self._delete(deeds, deeds.c.at <= now - AUDIT_KEPT)
            + await self._delete(unmatched, unmatched.c.day <= (now - AUDIT_KEPT).date())
            + await self._delete(questions, questions.c.hour <= now - AUDIT_KEPT)
            + await self._delete(days, days.c.day <= (now - AUDIT_KEPT).date())
            + await self.close_days(now)
            + await self._forget_questions(now - QUESTION_KEPT)
            + await self._forget_authors(now - AUDIT_KEPT)
        )

    async def _delete(self, table: Table, which: ColumnElement[bool]) -> int:
        return (await self._connection.execute(delete(table).where(which))).rowcount

    async def _forget_questions(self, before: datetime) -> int:
        """A chat of which nothing else is known loses its row too: that it ever wrote is nobody's business."""
        old = chats.c.asked_at <= before
        nothing_else = chats.c.language.is_(None) & chats.c.place.is_(None)
        gone = await self._delete(chats, old & nothing_else)
        result = await self._connection.execute(update(chats).where(old).values(**NO_QUESTION))
        return gone + result.rowcount

    async def _forget_authors(self, before: datetime) -> int:
        """Who reported is forgotten; what was reported stays, as the board and its history follow from it."""
        result = await self._connection.execute(
            update(reports).where(reports.c.at <= before, reports.c.by_id != 0).values(by_id=0, by_name="")
        )
        scheduled = await self._connection.execute(
            update(special_days)
            .where(special_days.c.at <= before, special_days.c.by_id != 0)
            .values(by_id=0, by_name="", removed_by_id=None, removed_by_name=None)
        )
        return result.rowcount + scheduled.rowcount
