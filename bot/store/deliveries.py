"""Deliveries, the outbox: made at release, claimed in batches, settled when Telegram has answered.

What touches both touches deliveries before subscriptions, lest two transactions of PostgreSQL wait for each other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Integer,
    Row,
    and_,
    bindparam,
    case,
    delete,
    false,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from bot.rules.notices import NOT_BEGUN, UNDER_WAY, Change, Delivery, DeliveryStatus, Settlement, Wish
from bot.rules.place_tree import upwards
from bot.store.among import among
from bot.store.revivals import Fulfilled
from bot.store.rows import changes_to_json, claimed_from
from bot.store.subscriptions import Subscriptions
from bot.store.tables import UtcTime, deliveries, notices, subscriptions

CHUNK = 2_000  # deliveries in one transaction: short enough that no writer waits noticeably

# Both stand in the partial index of open work; without `ended_at` the databases would not use it.
_waiting = and_(deliveries.c.ended_at.is_(None), deliveries.c.status == DeliveryStatus.WAITING)
_TO_SEND = [column for column in deliveries.c if column.name not in ("error", "ended_at", "revives")]
_sending = and_(deliveries.c.ended_at.is_(None), deliveries.c.status == DeliveryStatus.SENDING)


class Deliveries(Subscriptions):
    """One notice for one chat, many times."""

    async def add_deliveries(
        self, notice_id: int, rows: Sequence[tuple[int, tuple[Change, ...]]], due_at: datetime
    ) -> bool:
        """Make deliveries of (chat, changes owed to it), in this order; a chat that has one already keeps it.

        False, and none is made, where the notice was cancelled meanwhile.
        """
        standing = select(notices.c.id).where(notices.c.id == notice_id, notices.c.cancelled == false())
        # The lock makes a cancellation at the same time wait, so that it finds these to stop them.
        if (await self._connection.execute(standing.with_for_update(read=True))).one_or_none() is None:
            return False
        if not rows:
            return True
        await self._connection.execute(
            insert(deliveries).on_conflict_do_nothing(index_elements=["chat", "notice"]),
            [
                {
                    "notice": notice_id,
                    "chat": chat,
                    "changes": changes_to_json(changes),
                    "status": DeliveryStatus.WAITING,
                    "due_at": due_at,
                }
                for chat, changes in rows
            ],
        )
        return True

    async def claim(self, now: datetime, limit: int, stopped: Collection[int] = ()) -> tuple[Delivery, ...]:
        """Take due deliveries to be sent now: each by one claimant only, those of unknown outcome after all others.

        Nothing of the `stopped` notices is taken: a large one's deliveries take a while to be held.
        """
        claimed: list[Delivery] = []
        for unknown in (False, True):
            if len(claimed) < limit:
                claimed += await self._claim(now, limit - len(claimed), unknown, stopped)
        return tuple(claimed)

    async def _claim(self, now: datetime, limit: int, unknown: bool, stopped: Collection[int]) -> Sequence[Delivery]:
        due = (
            select(*_TO_SEND)
            .where(_waiting, deliveries.c.unknown == unknown, deliveries.c.due_at <= now, *_not_of(stopped))
            .order_by(deliveries.c.due_at, deliveries.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)  # says nothing on SQLite, where one writer is alone
        )
        rows = (await self._connection.execute(due)).all()
        if not rows:
            return ()
        claimed = {"claimed": [row.id for row in rows], "claimed_at": now, "again": int(unknown)}
        await self._connection.execute(_CLAIM, claimed)
        return [claimed_from(row, now) for row in rows]

    async def defer(self, later: Mapping[int, datetime]) -> None:
        """Put claimed deliveries back, as if they had not been claimed, to be due at these times."""
        if later:
            await self._connection.execute(_DEFER, [{"delivery": one, "new_due_at": at} for one, at in later.items()])

    async def bring_forward(self, notice_id: int, now: datetime, after: int, limit: int) -> tuple[int, int | None]:
        """Make a notice's next deliveries behind `after` due now, but for those that were tried and failed for now.

        Returns how many, and the last that was looked at: None where there were no more.
        """
        theirs = and_(deliveries.c.notice == notice_id, deliveries.c.status.in_(NOT_BEGUN))
        chunk = select(deliveries.c.id).where(theirs, deliveries.c.id > after).order_by(deliveries.c.id).limit(limit)
        ids = (await self._connection.execute(chunk)).scalars().all()
        # Those due already are named, too: one that is being claimed may be put off at this moment, and is waited for.
        untried = theirs, deliveries.c.id.in_(ids), deliveries.c.attempts == 0
        sooner = case((deliveries.c.due_at > now, literal(now, UtcTime)), else_=deliveries.c.due_at)
        moved = await self._connection.execute(update(deliveries).where(*untried).values(due_at=sooner))
        return moved.rowcount, ids[-1] if len(ids) == limit else None

    async def settle(self, settlements: Sequence[Settlement]) -> None:
        """Record what became of tries, and what follows for the subscriptions behind them.

        A delivery that ended stays ended, and once an outcome was unknown the delivery stays so marked: a later
        refusal does not tell whether the earlier message arrived.
        """
        if not settlements:
            return
        origins = await self._origins([one.delivery for one in settlements])
        known = [(one, origins[one.delivery]) for one in settlements if one.delivery in origins]
        kept = await self._end_once([_fulfilled(one, origin) for one, origin in known if one.ended])
        if news := [_settle_values(one, kept.get(one.delivery)) for one, origin in known if origin.ended_at is None]:
            await self._connection.execute(_SETTLE, news)
        await self._keep({one.delivery: kept.get(one.delivery) for one, origin in known if origin.ended_at is not None})
        if limited := [told for one, origin in known for told in _told(one.limited, one, origin)]:
            await self._connection.execute(_LIMITED_TOLD, limited)
        for one, origin in known:
            if one.move_to is not None and one.move_to != origin.chat:
                await self.move_chat(origin.chat, one.move_to)

    async def _origins(self, ids: Collection[int]) -> Mapping[int, Row[*tuple[Any, ...]]]:
        """The chat of each delivery, when it ended and when its notice was released."""
        return {row.id: row for row in (await self._connection.execute(_ORIGINS, {"ids": ids})).all()}

    async def recover_sending(self, now: datetime) -> int:
        """After a crash, or for a new sender: whether these were taken is unknown, so they wait again."""
        result = await self._connection.execute(
            update(deliveries).where(_sending).values(status=DeliveryStatus.WAITING, unknown=True, due_at=now)
        )
        return result.rowcount

    async def progress(self, notice_id: int) -> Mapping[DeliveryStatus, int]:
        """How many deliveries of a notice stand where; each status is there, with 0 where none is."""
        rows = await self._connection.execute(
            select(deliveries.c.status, func.count().label("chats"))
            .where(deliveries.c.notice == notice_id)
            .group_by(deliveries.c.status)
        )
        return dict.fromkeys(DeliveryStatus, 0) | {row.status: row.chats for row in rows}

    async def deliveries_by_status(self) -> Mapping[DeliveryStatus, int]:
        """How many deliveries of all notices stand where."""
        rows = await self._connection.execute(
            select(deliveries.c.status, func.count().label("chats")).group_by(deliveries.c.status)
        )
        return dict.fromkeys(DeliveryStatus, 0) | {row.status: row.chats for row in rows}

    async def next_due(self, stopped: Collection[int] = ()) -> datetime | None:
        """When the next waiting delivery is due, of the `stopped` notices none."""
        found = [
            (
                await self._connection.execute(
                    select(func.min(deliveries.c.due_at)).where(
                        _waiting, deliveries.c.unknown == unknown, *_not_of(stopped)
                    )
                )
            ).scalar_one()
            for unknown in (False, True)
        ]
        return min((due for due in found if due is not None), default=None)

    async def end_chat(self, chat: int) -> None:
        """A chat that cannot be reached for good: its subscriptions end, and so does what waits for it."""
        await self._connection.execute(
            update(deliveries)
            .where(deliveries.c.chat == chat, deliveries.c.status.in_(NOT_BEGUN))
            .values(status=DeliveryStatus.GONE, ended_at=deliveries.c.due_at)
        )
        await self.unsubscribe(chat)

    async def move_chat(self, old: int, new: int) -> None:
        """A group became a supergroup: its subscriptions and deliveries go on under the new id."""
        theirs = select(deliveries.c.notice).where(deliveries.c.chat == new)
        mine = deliveries.c.chat == old
        await self._connection.execute(
            update(deliveries).where(mine, deliveries.c.notice.not_in(theirs)).values(chat=new)
        )
        await self._connection.execute(delete(deliveries).where(mine))
        await self._move_subscriptions(old, new)


def _not_of(stopped: Collection[int]) -> list[ColumnElement[bool]]:
    return [deliveries.c.notice.not_in(sorted(stopped))] if stopped else []


def _settle_values(settlement: Settlement, revives: list[Any] | None) -> dict[str, object]:
    return {
        "delivery": settlement.delivery,
        "new_status": settlement.status,
        "new_due_at": settlement.due_at,
        "new_ended_at": None if settlement.status in UNDER_WAY else settlement.at,
        "new_message": settlement.message,
        "new_error": settlement.error,
        "new_unknown": settlement.unknown,
        "new_changes": None if settlement.told is None else changes_to_json(settlement.told),
        "new_revives": revives,
    }


def _fulfilled(settlement: Settlement, origin: Row[Any]) -> Fulfilled:
    return Fulfilled(settlement.delivery, origin.chat, _until(settlement, origin), settlement.ended)


def _until(settlement: Settlement, origin: Row[Any]) -> datetime:
    """What was asked for after the notice went out is a new wish, though it names the same step."""
    released: datetime | None = origin.released_at
    return released or settlement.at


def _told(cells: Collection[tuple[str, str]], settlement: Settlement, origin: Row[Any]) -> list[dict[str, object]]:
    """One line for each place whose subscribers were told of these cells."""
    return [
        {
            "told_chat": origin.chat,
            "told_step": step,
            "told_place": place,
            "told_until": _until(settlement, origin),
        }
        for step, counter in cells
        for place in upwards(counter)
    ]


_CLAIM = (  # as `claimed_from` tells it
    update(deliveries)
    .where(among(deliveries.c.id, "claimed"))
    .values(
        status=DeliveryStatus.SENDING,
        first_tried_at=func.coalesce(
            deliveries.c.first_tried_at, bindparam("claimed_at", type_=deliveries.c.first_tried_at.type)
        ),
        attempts=deliveries.c.attempts + 1,
        repeats=deliveries.c.repeats + bindparam("again", type_=Integer),
    )
)
_DEFER = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"), deliveries.c.status == DeliveryStatus.SENDING)
    .values(
        status=DeliveryStatus.WAITING,
        due_at=bindparam("new_due_at", type_=deliveries.c.due_at.type),
        first_tried_at=case((deliveries.c.attempts > 1, deliveries.c.first_tried_at)),
        attempts=deliveries.c.attempts - 1,
        repeats=deliveries.c.repeats - case((deliveries.c.unknown == true(), 1), else_=0),
    )
)
_ORIGINS = (
    select(deliveries.c.id, deliveries.c.chat, deliveries.c.ended_at, notices.c.released_at)
    .join_from(deliveries, notices)
    .where(among(deliveries.c.id, "ids"))
    .order_by(deliveries.c.id)
    .with_for_update(of=deliveries)
)
_SETTLE = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"), deliveries.c.ended_at.is_(None))
    .values(
        status=bindparam("new_status", type_=deliveries.c.status.type),
        due_at=func.coalesce(bindparam("new_due_at", type_=deliveries.c.due_at.type), deliveries.c.due_at),
        ended_at=bindparam("new_ended_at", type_=deliveries.c.ended_at.type),
        message=func.coalesce(bindparam("new_message", type_=deliveries.c.message.type), deliveries.c.message),
        error=bindparam("new_error", type_=deliveries.c.error.type),
        unknown=or_(deliveries.c.unknown, bindparam("new_unknown", type_=deliveries.c.unknown.type)),
        changes=func.coalesce(bindparam("new_changes", type_=JSON(none_as_null=True)), deliveries.c.changes),
        revives=func.coalesce(bindparam("new_revives", type_=deliveries.c.revives.type), deliveries.c.revives),
    )
)

_was_told = and_(
    subscriptions.c.chat == bindparam("told_chat"),
    subscriptions.c.step == bindparam("told_step"),
    subscriptions.c.place == bindparam("told_place"),
    subscriptions.c.wish == Wish.ONCE,
    subscriptions.c.since <= bindparam("told_until"),
)
_LIMITED_TOLD = update(subscriptions).where(_was_told).values(limited_told=True)
