"""Subscriptions: who wants to hear about what, in the order in which they asked."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby
from math import isqrt

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    delete,
    false,
    func,
    not_,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import Insert, insert

from bot.rules.catalogue import State
from bot.rules.notices import Notice, NoticeKind, Subscription, Wish, is_up
from bot.rules.place_tree import upwards
from bot.store.among import among
from bot.store.revivals import Revivals
from bot.store.rows import subscription_from
from bot.store.tables import subscriptions

_OF_CHATS = select(subscriptions).where(among(subscriptions.c.chat, "chats")).order_by(subscriptions.c.id)


class Subscriptions(Revivals):
    """Who wants to hear what."""

    async def subscribe(self, subscription: Subscription) -> Subscription:
        """Add a wish, or widen the one that stands; returns what stands now.

        The place in the order, and since when, stay the earlier ones; `always` and `outages` are never taken away.
        Who asks again wants to hear of a limited return again, so `limited_told` is the new one's.
        """
        await self._connection.execute(_upsert(subscription))
        row = await self._connection.execute(
            select(subscriptions).where(
                subscriptions.c.chat == subscription.chat,
                subscriptions.c.step == subscription.step,
                subscriptions.c.place == subscription.place,
            )
        )
        return subscription_from(row.one())

    async def unsubscribe(
        self, chat: int, steps: Collection[str] | None = None, places: Collection[str] = ()
    ) -> tuple[Subscription, ...]:
        """End a chat's subscriptions to these steps, or all; returns those that ended. No relapse brings them back.

        `places`: only those at or below these.
        """
        await self._forget_ended(chat, steps, places)
        which = [subscriptions.c.chat == chat, *_within(places)]
        if steps is not None:
            which.append(subscriptions.c.step.in_(steps))
        ended = await self._subscriptions(*which)
        await self._connection.execute(delete(subscriptions).where(*which))
        return ended

    async def subscriptions_of(self, chat: int) -> tuple[Subscription, ...]:
        return await self._subscriptions(subscriptions.c.chat == chat)

    async def subscriptions_of_chats(self, chats: Collection[int]) -> tuple[Subscription, ...]:
        """Those of many chats at once, for a batch whose turn has come: who stopped meanwhile hears nothing."""
        return tuple(map(subscription_from, (await self._connection.execute(_OF_CHATS, {"chats": chats})).all()))

    async def set_outages(self, chat: int, steps: Collection[str], on: bool, places: Collection[str] = ()) -> int:
        """Turn "Juga bila terganggu" on or off, at or below these places alone; returns how many subscriptions."""
        result = await self._connection.execute(
            update(subscriptions)
            .where(subscriptions.c.chat == chat, subscriptions.c.step.in_(steps), *_within(places))
            .values(outages=on)
        )
        return result.rowcount

    async def subscriptions_for(
        self,
        steps: Collection[str],
        after_chat_order: int = 0,
        limit: int = 500,
        places: Collection[str] | None = None,
        *,
        few: bool = False,
    ) -> tuple[tuple[Subscription, ...], ...]:
        """The next chats, up to `limit`, that subscribe to any of these steps, each with all its subscriptions to them.

        `places`: only subscriptions to these very places count; None: all do. `few`: what `few_wait` says of these.
        A chat's order is the id of the earliest that counts. Chats come in that order, and within a chat its
        subscriptions do, so the next chunk is asked with `after_chat_order=chunk[-1][0].id`; an empty chunk is the end.
        """
        after, own = after_chat_order, subscriptions.c
        order = own.id + 0 if few else own.id
        following = select(own.chat, own.id).where(*_counts(steps, places, indexed=few)).order_by(order).limit(limit)
        counts = _counts(steps, places, indexed=False)
        # Who subscribed earlier, too, was in an earlier chunk. Found here: a database that does not know yet how much
        # it holds compares every subscription with every other for that.
        while rows := (await self._connection.execute(following.where(order > after))).all():
            chats = {row.chat for row in rows}
            found = sorted(await self._subscriptions(among(own.chat, chats), *counts), key=lambda one: one.chat)
            by_chat = (tuple(chat) for _, chat in groupby(found, key=lambda one: one.chat))
            last = rows[-1].id
            if fresh := [chat for chat in by_chat if after < chat[0].id <= last]:  # who asks anew comes later
                return tuple(sorted(fresh, key=lambda chat: chat[0].id))
            after = last
        return ()

    async def few_wait(self, steps: Collection[str], places: Collection[str], limit: int = 500) -> bool:
        """Whether looking through all who wait there, for each `limit` of them, costs less than through all once."""
        newest = (await self._connection.execute(select(func.max(subscriptions.c.id)))).scalar_one() or 0
        most = isqrt(newest * limit)
        waiting = select(subscriptions.c.id).where(*_counts(steps, places)).limit(most + 1).subquery()
        found = await self._connection.execute(select(func.count()).select_from(waiting))
        return found.scalar_one() <= most

    async def count_chats_owed(self, notice: Notice) -> int:
        """How many chats hear of a notice: `bot.rules.notices.owed`, asked of all at once."""
        counted = select(func.count(subscriptions.c.chat.distinct())).where(or_(false(), *_owed(notice)))
        return (await self._connection.execute(counted)).scalar_one()

    async def _move_subscriptions(self, old: int, new: int) -> None:
        """Hand a chat's subscriptions to the chat it became; where both had one, it is widened."""
        theirs = {(held.step, held.place) for held in await self.subscriptions_of(new)}
        for held in await self.subscriptions_of(old):
            if (held.step, held.place) in theirs:
                await self._connection.execute(_upsert(held, chat=new))
                await self._connection.execute(delete(subscriptions).where(subscriptions.c.id == held.id))
            else:
                await self._connection.execute(
                    update(subscriptions).where(subscriptions.c.id == held.id).values(chat=new)
                )

    async def _subscriptions(self, *which: ColumnElement[bool]) -> tuple[Subscription, ...]:
        rows = await self._connection.execute(select(subscriptions).where(*which).order_by(subscriptions.c.id))
        return tuple(map(subscription_from, rows.all()))


def _within(places: Collection[str]) -> list[ColumnElement[bool]]:
    """That a subscription is for one of these places or below; none named, for any."""
    if not places:
        return []
    own = subscriptions.c.place
    return [or_(*(or_(own == place, own.startswith(f"{place}/", autoescape=True)) for place in places))]


def _owed(notice: Notice) -> list[ColumnElement[bool]]:
    """What its changes ask of a subscription, steps of the same places together: a country's report has thousands."""
    places: dict[tuple[str, Asked], set[str]] = {}
    for change in notice.changes:
        key = change.step, (change.now is State.LIMITED, change.was is State.UNKNOWN, is_up(change))
        places.setdefault(key, set()).update(upwards(change.counter))
    steps: dict[tuple[frozenset[str], Asked], list[str]] = {}
    for (step, asked), found in places.items():
        steps.setdefault((frozenset(found), asked), []).append(step)
    return [
        and_(subscriptions.c.step.in_(named), subscriptions.c.place.in_(sorted(found)), _wish_for(asked, notice))
        for (found, asked), named in steps.items()
    ]


Asked = tuple[bool, bool, bool]
"""All that a wish asks of a change: whether it is limited now, was unknown before, goes up."""


def _wish_for(asked: Asked, notice: Notice) -> ColumnElement[bool]:
    limited, was_unknown, goes_up = asked
    once = subscriptions.c.wish == Wish.ONCE
    if notice.kind is NoticeKind.WITHDRAWAL:
        return and_(once, true() if notice.since is None else subscriptions.c.since >= notice.since)
    if notice.kind is NoticeKind.PLAN:
        return subscriptions.c.outages == true()
    if notice.kind is NoticeKind.OUTAGE:
        return and_(subscriptions.c.outages == true(), not_(once) if goes_up else true())
    waits = and_(once, subscriptions.c.limited_told == false()) if limited else once
    return waits if was_unknown else or_(waits, not_(once))


def _counts(
    steps: Collection[str], places: Collection[str] | None, *, indexed: bool = True
) -> list[ColumnElement[bool]]:
    """What counts; `indexed`: it may be found by the index of places, not only by chats or in the order of ids."""
    step, place = subscriptions.c.step, subscriptions.c.place
    found: list[ColumnElement[bool]] = [(step if indexed else step.concat("")).in_(sorted(steps))]
    if places is not None:
        found.append((place if indexed else place.concat("")).in_(sorted(places)))
    return found


def _upsert(subscription: Subscription, chat: int | None = None) -> Insert:
    """PostgreSQL's INSERT … ON CONFLICT, which compiles for SQLite too."""
    added = insert(subscriptions).values(
        chat=subscription.chat if chat is None else chat,
        step=subscription.step,
        place=subscription.place,
        wish=subscription.wish,
        since=subscription.since,
        outages=subscription.outages,
        limited_told=subscription.limited_told,
    )
    return added.on_conflict_do_update(
        index_elements=["chat", "step", "place"],
        set_={
            "wish": case((subscriptions.c.wish == Wish.ALWAYS, subscriptions.c.wish), else_=added.excluded.wish),
            "outages": or_(subscriptions.c.outages, added.excluded.outages),
            "limited_told": added.excluded.limited_told,
        },
    )
