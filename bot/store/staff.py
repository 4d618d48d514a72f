"""Who may report, the invitations to it, and what staff did that is no report."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.dialects import postgresql

from bot.rules.reports import Author
from bot.rules.staff import INVITATION_LASTS, Deed, Invitation, Member
from bot.store.tables import deeds, drafts, invitations, previews, progress_messages, staff
from bot.store.verbs import Verbs


class StaffList(Verbs):
    """Who was invited, came, and went."""

    async def member(self, user: int) -> Member | None:
        row = (await self._connection.execute(select(staff).where(staff.c.user == user))).one_or_none()
        return None if row is None else _member_from(row)

    async def members(self) -> tuple[Member, ...]:
        """Admins and staff, in the order in which they came."""
        rows = await self._connection.execute(select(staff).order_by(staff.c.since, staff.c.user))
        return tuple(map(_member_from, rows))

    async def known_as(self, by: Author) -> Author:
        """An author under the name that colleagues gave; Telegram's own can be changed to anything at any time."""
        member = await self.member(by.id)
        return by if member is None else Author(by.id, member.name)

    async def set_member(self, member: Member) -> None:
        """Add somebody, or change their name, role and place."""
        words = {"name": member.name, "role": member.role, "place": member.place}
        added = postgresql.insert(staff).values(user=member.id, since=member.since, **words)
        await self._connection.execute(added.on_conflict_do_update(index_elements=["user"], set_=words))

    async def remove_member(self, user: int) -> bool:
        """End it, with all that this person began; false where nobody was there."""
        await self._connection.execute(delete(invitations).where(invitations.c.by_id == user))
        await self._connection.execute(delete(previews).where(previews.c.by_id == user))
        await self._connection.execute(delete(drafts).where(drafts.c.by_id == user))
        await self._connection.execute(delete(progress_messages).where(progress_messages.c.chat == user))
        return (await self._connection.execute(delete(staff).where(staff.c.user == user))).rowcount == 1

    async def add_invitation(self, digest: str, invitation: Invitation) -> Invitation:
        """With its number."""
        result = await self._connection.execute(
            insert(invitations).values(
                digest=digest,
                by_id=invitation.by.id,
                by_name=invitation.by.name,
                role=invitation.role,
                name=invitation.name,
                made_at=invitation.made_at,
                place=invitation.place,
            )
        )
        assert result.inserted_primary_key is not None  # one row was inserted
        return replace(invitation, id=result.inserted_primary_key.id)

    async def invitation(self, digest: str) -> Invitation | None:
        row = (await self._connection.execute(select(invitations).where(invitations.c.digest == digest))).one_or_none()
        return None if row is None else _invitation_from(row)

    async def open_invitations(self, now: datetime) -> tuple[Invitation, ...]:
        """Those that somebody could still use."""
        is_open = invitations.c.used_by.is_(None) & (invitations.c.made_at > now - INVITATION_LASTS)
        rows = await self._connection.execute(select(invitations).where(is_open).order_by(invitations.c.id))
        return tuple(map(_invitation_from, rows))

    async def use_invitation(self, invitation: int, user: int) -> bool:
        """Once: false for whoever comes second, in whatever process."""
        unused = update(invitations).where(invitations.c.id == invitation, invitations.c.used_by.is_(None))
        return (await self._connection.execute(unused.values(used_by=user))).rowcount == 1

    async def withdraw_invitation(self, invitation: int) -> bool:
        unused = delete(invitations).where(invitations.c.id == invitation, invitations.c.used_by.is_(None))
        return (await self._connection.execute(unused)).rowcount == 1

    async def record_deed(self, deed: Deed) -> None:
        await self._connection.execute(
            insert(deeds).values(
                at=deed.at,
                by_id=deed.by.id,
                by_name=deed.by.name,
                kind=deed.kind,
                about=deed.about,
                was=deed.was,
                now=deed.now,
            )
        )

    async def deeds(self) -> tuple[Deed, ...]:
        """All that is kept, the oldest first."""
        rows = await self._connection.execute(select(deeds).order_by(deeds.c.at, deeds.c.id))
        return tuple(map(_deed_from, rows))


def _member_from(row: Row[Any]) -> Member:
    return Member(row.user, row.name, row.role, row.since, row.place)


def _invitation_from(row: Row[Any]) -> Invitation:
    return Invitation(row.id, Author(row.by_id, row.by_name), row.role, row.name, row.made_at, row.used_by, row.place)


def _deed_from(row: Row[Any]) -> Deed:
    return Deed(row.at, Author(row.by_id, row.by_name), row.kind, row.about, row.was, row.now)
