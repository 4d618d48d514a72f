"""Wishes that a notice ended, kept with its delivery, so that a relapse or a correction can bring them back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, null, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.rules.catalogue import covers
from bot.rules.notices import Change, Wish
from bot.store.among import among
from bot.store.tables import deliveries, subscriptions
from bot.store.verbs import Verbs


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """A chat was told that these (step, counter) are available; what it wished after `until` is a new wish."""

    delivery: int
    chat: int
    until: datetime
    cells: tuple[tuple[str, str], ...]


class Revivals(Verbs):
    """The end of `once`, and its return."""

    async def revive(self, rows: Sequence[tuple[int, tuple[Change, ...]]]) -> None:
        """Bring back what these chats waited for, as old as it was, for the changes that they are about to read.

        What a chat asked for anew stands; a limited return is told again.
        """
        changes = dict(rows)
        kept = await self._connection.execute(
            select(deliveries.c.chat, deliveries.c.revives)
            .where(among(deliveries.c.chat, changes), deliveries.c.revives.is_not(null()))
            .order_by(deliveries.c.id)
            .with_for_update()
        )
        back = [
            _as_subscription(row.chat, wish) for row in kept for wish in row.revives if _meant(wish, changes[row.chat])
        ]
        if back:
            await self._connection.execute(insert(subscriptions).on_conflict_do_nothing(), back)
        again = {(chat, change.step) for chat, theirs in rows for change in theirs}
        if again:
            told = [{"told_chat": chat, "told_step": step} for chat, step in sorted(again)]
            await self._connection.execute(_LIMITED_UNTOLD, told)

    async def _end_once(self, fulfilled: Sequence[Fulfilled]) -> Mapping[int, list[Any]]:
        """End the wishes that were fulfilled; by the deliveries that did it, with which they are to be kept."""
        if not fulfilled:
            return {}
        wishes = await self._once_of({one.chat for one in fulfilled})
        ended = {one.delivery: [wish for wish in wishes[one.chat] if _fulfils(one, wish)] for one in fulfilled}
        if gone := sorted({wish.id for wishes in ended.values() for wish in wishes}):
            await self._connection.execute(_END, {"gone": gone})
        return {delivery: [_as_kept(wish) for wish in wishes] for delivery, wishes in ended.items() if wishes}

    async def _keep(self, ended: Mapping[int, list[Any] | None]) -> None:
        """Keep ended wishes with deliveries."""
        values = [{"delivery": delivery, "new_revives": wishes} for delivery, wishes in ended.items() if wishes]
        if values:
            await self._connection.execute(_KEEP, values)

    async def _once_of(self, chats: Collection[int]) -> Mapping[int, list[Row[Any]]]:
        rows = await self._connection.execute(_ONCE_OF, {"chats": chats})
        found: dict[int, list[Row[Any]]] = defaultdict(list)
        for row in rows.all():
            found[row.chat].append(row)
        return found

    async def _forget_ended(self, chat: int, steps: Collection[str] | None, places: Collection[str] = ()) -> None:
        """Who stopped has nothing brought back; the lock lets a delivery that is just being settled come first."""
        rows = await self._connection.execute(
            select(deliveries.c.id, deliveries.c.revives)
            .where(deliveries.c.chat == chat)
            .order_by(deliveries.c.id)
            .with_for_update()
        )
        values = [
            {"delivery": row.id, "new_revives": _without(row.revives, steps, places)}
            for row in rows
            if row.revives is not None
        ]
        if values:
            await self._connection.execute(_KEEP, values)


def _fulfils(told: Fulfilled, wish: Row[Any]) -> bool:
    return wish.since <= told.until and any(
        wish.step == step and covers(wish.place, counter) for step, counter in told.cells
    )


def _as_kept(wish: Row[Any]) -> list[Any]:
    """Short, as a million deliveries may carry one."""
    return [wish.id, wish.step, wish.place, wish.since.isoformat(), wish.outages]


def _as_subscription(chat: int, wish: Sequence[Any]) -> dict[str, Any]:
    """With its old id, and so its old place in the order."""
    number, step, place, since, outages = wish
    return {
        "id": number,
        "chat": chat,
        "step": step,
        "place": place,
        "wish": Wish.ONCE,
        "since": datetime.fromisoformat(since),
        "outages": outages,
        "limited_told": False,
    }


def _meant(wish: Sequence[Any], changes: Iterable[Change]) -> bool:
    return any(change.step == wish[1] and covers(wish[2], change.counter) for change in changes)


def _without(
    kept: Iterable[Sequence[Any]], steps: Collection[str] | None, places: Collection[str]
) -> list[Sequence[Any]] | None:
    """What is left of them without those that ended: of these steps, at or below these places; None: all."""

    def ended(wish: Sequence[Any]) -> bool:
        here = not places or any(covers(place, wish[2]) for place in places)
        return here and (steps is None or wish[1] in steps)

    return [wish for wish in kept if not ended(wish)] or None


_ONCE_OF = (
    select(*(subscriptions.c[name] for name in ("id", "chat", "step", "place", "since", "outages")))
    .where(among(subscriptions.c.chat, "chats"), subscriptions.c.wish == Wish.ONCE)
    .order_by(subscriptions.c.id)
    .with_for_update()
)
_END = delete(subscriptions).where(among(subscriptions.c.id, "gone"))
_KEEP = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"))
    .values(revives=bindparam("new_revives", type_=deliveries.c.revives.type))
)
_LIMITED_UNTOLD = (
    update(subscriptions)
    .where(
        subscriptions.c.chat == bindparam("told_chat"),
        subscriptions.c.step == bindparam("told_step"),
        subscriptions.c.wish == Wish.ONCE,
    )
    .values(limited_told=False)
)
