"""Notices: written with their report, released later, cancelled where the news did not hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, false, insert, literal, select, update

from bot.rules.corrections import overtaken
from bot.rules.notices import UNDER_WAY, Change, Notice
from bot.store.rows import changes_to_json, notice_from
from bot.store.tables import UtcTime, deliveries, notices
from bot.store.verbs import Verbs

_standing = notices.c.cancelled == false()
_CANCELLED = {"cancelled": True, "paused": False, "held": True}  # `held`: its deliveries are to be looked for
_BARE = [column for column in notices.c if column.name != "changes"]
_unreleased = _standing & notices.c.released_at.is_(None)
# By status, which the index of a notice's deliveries holds, and not by their end: a million that ended cost nothing.
_undelivered = exists().where(deliveries.c.notice == notices.c.id, deliveries.c.status.in_(UNDER_WAY))


class Notices(Verbs):
    """What reports owe their subscribers. A cancelled notice is in no answer any more."""

    async def add_notice(self, notice: Notice) -> Notice:
        """Store it and return it with its id."""
        result = await self._connection.execute(
            insert(notices).values(
                report=notice.report,
                kind=notice.kind,
                changes=changes_to_json(notice.changes),
                created_at=notice.created_at,
                release_at=notice.release_at,
                released_at=notice.released_at,
                told=notice.told,
                about=notice.about,
                since=notice.since,
            )
        )
        assert result.inserted_primary_key is not None  # one row was inserted
        return replace(notice, id=result.inserted_primary_key.id)

    async def notice(self, notice_id: int) -> Notice | None:
        """The notice, or None where there is none or it was cancelled."""
        return next(iter(await self._notices(_standing, notices.c.id == notice_id)), None)

    async def bare_notices(self, ids: Collection[int]) -> Mapping[int, Notice]:
        """Those of these that stand, without their changes, of which a country has thousands."""
        rows = await self._connection.execute(select(*_BARE).where(_standing, notices.c.id.in_(ids)))
        return {row.id: notice_from(row) for row in rows}

    async def notices_of(self, report: int) -> tuple[Notice, ...]:
        return await self._notices(_standing, notices.c.report == report)

    async def unreleased_notices(self) -> tuple[Notice, ...]:
        """Those whose hold or quiet hours are not over, or whose deliveries are being made."""
        return await self._notices(_unreleased)

    async def releases(self) -> tuple[tuple[int, datetime], ...]:
        """The same as ids and times, without what they say."""
        rows = await self._connection.execute(
            select(notices.c.id, notices.c.release_at).where(_unreleased).order_by(notices.c.id)
        )
        return tuple((row.id, row.release_at) for row in rows)

    async def unfinished_notices(self) -> tuple[Notice, ...]:
        """Those released of which some chats are still to hear."""
        return await self._notices(_standing, notices.c.released_at.is_not(None), _undelivered)

    async def due_notice(self, now: datetime, besides: Collection[int] = ()) -> Notice | None:
        """The oldest that should be released by now, none of those `besides`."""
        due = notices.c.release_at <= now, notices.c.id.not_in(besides)
        return next(iter(await self._notices(_unreleased, *due)), None)

    async def undelivered_notices(self, report: int) -> tuple[Notice, ...]:
        """Those of a report of which some chats are still to hear, released or not."""
        to_hear = notices.c.released_at.is_(None) | _undelivered
        return await self._notices(_standing, notices.c.report == report, to_hear)

    async def hurry(self, ids: Collection[int], now: datetime) -> None:
        """Staff want these sent without waiting ("Kirim sekarang"): what is not released is due at once."""
        unreleased = notices.c.released_at.is_(None)
        release_at = case((unreleased, literal(now, UtcTime)), else_=notices.c.release_at)
        await self._update(_standing, notices.c.id.in_(ids), hurried_at=now, release_at=release_at)

    async def mark_released(self, notice_id: int, at: datetime, told: int) -> int:
        """All its deliveries are made; 0 where it was cancelled or released meanwhile."""
        return await self._update(_unreleased, notices.c.id == notice_id, released_at=at, told=told)

    async def cancel_notices(self, report: int) -> None:
        """Stop what the report owes, released or not.

        Deliveries that were not begun count as dropped from now on. They may be a million, so the sender ends them, a
        chunk at a time (`shelve`).
        """
        await self._update(_standing, notices.c.report == report, **_CANCELLED)

    async def overtake(self, newer: Collection[Change]) -> int:
        """Let newer changes take the place of what notices not yet released say of the same cells.

        One left empty is cancelled. Returns how many notices were touched.
        """
        touched = 0
        for notice in await self.unreleased_notices():
            left = overtaken(notice, newer)
            if left != notice.changes:
                touched += 1
                await self._keep_changes(notice, left)
        return touched

    async def notices_after(self, notice_id: int) -> tuple[Notice, ...]:
        """The notices after this one, the oldest first."""
        return await self._notices(_standing, notices.c.id > notice_id)

    async def _keep_changes(self, notice: Notice, left: Collection[Change]) -> None:
        if left:
            await self._update(notices.c.id == notice.id, changes=changes_to_json(left))
        else:
            await self._update(notices.c.id == notice.id, **_CANCELLED)

    async def _notices(self, *which: ColumnElement[bool]) -> tuple[Notice, ...]:
        rows = await self._connection.execute(select(notices).where(*which).order_by(notices.c.id))
        return tuple(notice_from(row) for row in rows)

    async def _update(self, *which: ColumnElement[bool], **values: object) -> int:
        return (await self._connection.execute(update(notices).where(*which).values(values))).rowcount
