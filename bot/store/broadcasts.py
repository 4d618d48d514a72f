"""Broadcasts: stopped and going on, how far they are, and the messages in which staff watch them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, false, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert

from bot.rules.broadcasts import Broadcast, Pace, ProgressMessage
from bot.rules.notices import NOT_BEGUN, DeliveryStatus, Notice
from bot.store.deliveries import Deliveries
from bot.store.notices import Notices
from bot.store.rows import progress_message_from
from bot.store.tables import deliveries, leases, notices, progress_messages

_MOST_ERRORS = 3  # kinds of errors; a screen holds no more

_standing = notices.c.cancelled == false()
_waits = exists().where(deliveries.c.notice == notices.c.id, deliveries.c.status == DeliveryStatus.WAITING)


class Broadcasts(Notices, Deliveries):
    """What staff see and steer of the sending."""

    async def pause_notices(self, report: int, paused: bool) -> int:
        """Stop what a report sends, or let it go on; returns how many notices that changed.

        Only the wish is written down here: the sender moves the deliveries, a chunk at a time (`shelve`).
        """
        return await self._update(_standing, notices.c.report == report, notices.c.paused != paused, paused=paused)

    async def stopped_notices(self) -> frozenset[int]:
        """Nothing of these is to be sent: stopped by staff, or cancelled with deliveries that are not ended yet."""
        stopped = or_(notices.c.paused == true(), and_(notices.c.cancelled == true(), notices.c.held == true()))
        return frozenset((await self._connection.execute(select(notices.c.id).where(stopped))).scalars())

    async def to_shelve(self) -> tuple[Notice, ...]:
        """Stopped notices of which deliveries still wait to be claimed; those that go on of which some are held; and
        cancelled ones whose deliveries are not ended yet."""
        return await self._notices(
            or_(and_(notices.c.paused == true(), _waits), and_(notices.c.held == true(), notices.c.paused == false()))
        )

    async def shelve(self, notice: Notice, limit: int) -> int:
        """Hold a stopped notice's next deliveries, give back those of one that goes on, end those of a cancelled one.

        Held ones stand outside the order of claims, so that a million of them slow down no claim. Returns how many.
        """
        # The notice before its deliveries, as whoever makes them does, lest the two wait for each other.
        stands = select(notices.c.paused, notices.c.cancelled).where(notices.c.id == notice.id)
        now = (await self._connection.execute(stands.with_for_update(key_share=True))).one()
        if now.cancelled:  # no clock is needed: a delivery that waits is about as old as its due time
            dropped = {"status": DeliveryStatus.DROPPED, "ended_at": deliveries.c.due_at}
            moved = await self._move(notice.id, NOT_BEGUN, limit, dropped)
        elif now.paused:
            moved = await self._move(notice.id, (DeliveryStatus.WAITING,), limit, {"status": DeliveryStatus.HELD})
        else:
            moved = await self._move(notice.id, (DeliveryStatus.HELD,), limit, {"status": DeliveryStatus.WAITING})
        await self._update(notices.c.id == notice.id, held=now.paused or moved == limit)
        return moved

    async def _move(
        self, notice_id: int, those: Collection[DeliveryStatus], limit: int, values: Mapping[str, object]
    ) -> int:
        theirs = and_(deliveries.c.notice == notice_id, deliveries.c.status.in_(those))
        chunk = select(deliveries.c.id).where(theirs).order_by(deliveries.c.id).limit(limit)
        found = deliveries.c.id.in_(chunk), deliveries.c.status.in_(those)
        return (await self._connection.execute(update(deliveries).where(*found).values(values))).rowcount

    async def broadcast(self, notice: Notice) -> Broadcast:
        """How far one notice is."""
        repeats = select(func.coalesce(func.sum(deliveries.c.repeats), 0)).where(
            deliveries.c.notice == notice.id, deliveries.c.unknown
        )
        count = func.count().label("count")
        errors = (
            select(deliveries.c.error, count)
            .where(deliveries.c.notice == notice.id, deliveries.c.status == DeliveryStatus.FAILED)
            .group_by(deliveries.c.error)
            .order_by(count.desc(), deliveries.c.error)
            .limit(_MOST_ERRORS)
        )
        return Broadcast(
            notice,
            await self.progress(notice.id),
            repeats=(await self._connection.execute(repeats)).scalar_one(),
            errors=tuple((row.error or "", row[1]) for row in await self._connection.execute(errors)),
        )

    async def released_since(self, since: datetime, limit: int) -> tuple[Notice, ...]:
        """The newest released from then on, the newest first."""
        newest = await self._notices(_standing, notices.c.released_at >= since)
        return tuple(sorted(newest, key=lambda notice: (notice.released_at or since, notice.id), reverse=True)[:limit])

    async def pace(self, name: str, now: datetime) -> Pace | None:
        """How fast the holder of a lease sends; None where nobody holds it."""
        held = select(leases.c.pace, leases.c.rests_until).where(leases.c.name == name, leases.c.until > now)
        row = (await self._connection.execute(held)).one_or_none()
        return None if row is None or row.pace is None else Pace(row.pace, row.rests_until)

    async def follow(self, message: ProgressMessage) -> int | None:
        """Show progress in this message from now on.

        A chat has one message about all that is in progress: returns the one that this takes the place of.
        """
        replaced = None
        if message.report is None:
            before = and_(progress_messages.c.chat == message.chat, progress_messages.c.report.is_(None))
            earlier = (await self._connection.execute(select(progress_messages.c.message).where(before))).scalars()
            replaced = next((one for one in earlier if one != message.message), None)
            await self._connection.execute(delete(progress_messages).where(before))
        values = {"report": message.report, "shown": message.shown, "edited_at": message.edited_at}
        added = insert(progress_messages).values(chat=message.chat, message=message.message, **values)
        await self._connection.execute(added.on_conflict_do_update(index_elements=["chat", "message"], set_=values))
        return replaced

    async def followed(self) -> tuple[ProgressMessage, ...]:
        """The messages that show progress, the longest unchanged first."""
        rows = await self._connection.execute(select(progress_messages).order_by(progress_messages.c.edited_at))
        return tuple(progress_message_from(row) for row in rows)

    async def mark_edited(self, message: ProgressMessage, shown: str, at: datetime) -> None:
        """What stands there now; nothing where it is followed no longer."""
        await self._connection.execute(update(progress_messages).where(_is(message)).values(shown=shown, edited_at=at))

    async def unfollow(self, message: ProgressMessage) -> None:
        await self._connection.execute(delete(progress_messages).where(_is(message)))


def _is(message: ProgressMessage) -> ColumnElement[bool]:
    return and_(progress_messages.c.chat == message.chat, progress_messages.c.message == message.message)
