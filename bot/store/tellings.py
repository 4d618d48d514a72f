"""Who read what: for a relapse, a correction, and the gap between two pieces of good news."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, select, true

from bot.rules.corrections import Telling
from bot.rules.notices import DeliveryStatus, Notice, NoticeKind
from bot.rules.reports import ReportKind
from bot.store.among import among
from bot.store.rows import notice_from, telling_from
from bot.store.tables import deliveries, notices, reports
from bot.store.verbs import Verbs

LONGEST_BROADCAST = timedelta(days=2)  # a notice's last chat may read it so long after its first
_TELLING_GOOD_NEWS = (NoticeKind.RESUMPTION, NoticeKind.CORRECTION)
_may_have_been_read = or_(
    deliveries.c.status.in_((DeliveryStatus.SENT, DeliveryStatus.SENDING)), deliveries.c.unknown == true()
)
_to_somebody = exists().where(deliveries.c.notice == notices.c.id, _may_have_been_read)


class Tellings(Verbs):
    """What chats read, or may have read. What was cancelled on its way counts, where it arrived."""

    async def notices_told_since(self, since: datetime, before: int | None = None) -> tuple[Notice, ...]:
        """The notices with good news that somebody may have read since then; `before`: only older ones than this."""
        which: list[ColumnElement[bool]] = [
            notices.c.kind.in_(_TELLING_GOOD_NEWS),
            or_(notices.c.released_at.is_(None), notices.c.released_at >= since - LONGEST_BROADCAST),
        ]
        if before is not None:
            which.append(notices.c.id < before)
        return await self._told(*which)

    async def notices_told_of(self, report: int) -> tuple[Notice, ...]:
        """The notices of a report that somebody may have read; and what later retractions said works, perhaps by it."""
        later = select(reports.c.number).where(reports.c.number > report, reports.c.kind == ReportKind.RETRACTION)
        by_it = and_(notices.c.report.in_(later), notices.c.kind == NoticeKind.RESUMPTION)
        return await self._told(or_(notices.c.report == report, by_it))

    async def being_sent(self, which: Collection[int]) -> bool:
        """Whether a delivery of these notices is on its way at this moment."""
        found = select(deliveries.c.id).where(
            deliveries.c.notice.in_(which),
            deliveries.c.status == DeliveryStatus.SENDING,
            deliveries.c.ended_at.is_(None),
        )
        return (await self._connection.execute(found.limit(1))).one_or_none() is not None

    async def told_by(
        self, notice_id: int, after: int = 0, limit: int = 500, *, unknown: bool = False
    ) -> Sequence[tuple[int, int]]:
        """The next (delivery, chat) of those that were told by a notice; `unknown`: of those that may have been."""
        maybe = and_(deliveries.c.unknown == true(), deliveries.c.status != DeliveryStatus.SENT)
        which: ColumnElement[bool] = maybe if unknown else deliveries.c.status == DeliveryStatus.SENT
        rows = await self._connection.execute(
            select(deliveries.c.id, deliveries.c.chat)
            .where(deliveries.c.notice == notice_id, which, deliveries.c.id > after)
            .order_by(deliveries.c.id)
            .limit(limit)
        )
        return [(row.id, row.chat) for row in rows]

    async def count_told(self, which: Collection[int]) -> int:
        """How many chats were told by any of these notices, or are being told at this moment."""
        # One notice has one delivery a chat; sorting a million chats to tell them apart would hold up the report.
        chats = func.count() if len(which) == 1 else func.count(deliveries.c.chat.distinct())
        counted = (
            select(chats)
            .select_from(deliveries)
            .where(
                deliveries.c.notice.in_(which),
                deliveries.c.status.in_((DeliveryStatus.SENT, DeliveryStatus.SENDING)),
            )
        )
        return (await self._connection.execute(counted)).scalar_one()

    async def tellings_of(
        self, chats: Collection[int], besides: Collection[int] = ()
    ) -> Mapping[int, Sequence[Telling]]:
        """Everything that these chats read as long as delivery records are kept, and what waits for them.

        `besides`: deliveries to leave out.
        """
        rows = await self._connection.execute(
            select(
                deliveries.c.id,
                deliveries.c.notice,
                deliveries.c.chat,
                deliveries.c.changes,
                deliveries.c.status,
                deliveries.c.ended_at,
                deliveries.c.due_at,
                deliveries.c.unknown,
                deliveries.c.message,
                notices.c.report,
                notices.c.kind,
                notices.c.cancelled,
            )
            .join_from(deliveries, notices)
            .where(among(deliveries.c.chat, chats), *([not_(among(deliveries.c.id, besides))] if besides else []))
            .order_by(deliveries.c.id)
        )
        found: dict[int, list[Telling]] = defaultdict(list)
        for row in rows:
            found[row.chat].append(telling_from(row))
        return found

    async def notices_setting_right(self, report: int) -> tuple[Notice, ...]:
        """The relapse or correction that a report owes."""
        which = notices.c.kind.in_((NoticeKind.RELAPSE, NoticeKind.CORRECTION))
        rows = select(notices).where(notices.c.report == report, which, notices.c.cancelled == false())
        return tuple(notice_from(row) for row in await self._connection.execute(rows))

    async def _told(self, *which: ColumnElement[bool]) -> tuple[Notice, ...]:
        rows = await self._connection.execute(select(notices).where(*which, _to_somebody).order_by(notices.c.id))
        return tuple(notice_from(row) for row in rows)
