"""The release of a notice: one delivery for each chat that is owed it, in the order of subscription."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime

from bot.rules.corrections import last_told, to_set_right, unheard
from bot.rules.notices import Askable, Change, Notice, NoticeKind, Subscription, owed
from bot.store.store import Session, Store

CHUNK = 500  # chats in one transaction: short enough that no writer waits noticeably
FEW = 100  # places to ask for by name; of a report for more, most who wait for its steps hear

Rows = list[tuple[int, tuple[Change, ...]]]
"""Chats, each with the changes that it is owed."""


async def release(
    store: Store, notice: Notice, now: datetime, may_go_on: Callable[[], bool], channel: int | None = None
) -> int | None:
    """Make the deliveries of a notice and return how many chats hear it; None where it could not go on.

    It may be cut off anywhere and be done again: a chat that has its delivery keeps it.
    """
    chunks = _told(store, notice) if notice.sets_right else _subscribed(store, notice, channel)
    told = 0
    async for rows in chunks:
        if not may_go_on():
            return None
        async with store.writing() as session:
            await session.add_deliveries(notice.id, rows, notice.release_at)
            if notice.sets_right and not notice.to_come:
                await session.revive(rows)
        told += sum(chat != channel for chat, _ in rows)
    if not may_go_on():
        return None
    async with store.writing() as session:
        await session.mark_released(notice.id, now, told)
    return told


def early_posts(notices: Sequence[Notice], now: datetime) -> list[Notice]:
    """What the channel reads before others are told: an outage of the night. A channel wakes nobody."""
    return [one for one in notices if one.kind is NoticeKind.OUTAGE and one.release_at > now]


async def post(store: Store, notice: Notice, channel: int) -> None:
    """To the channel, at once."""
    async with store.writing() as session:
        await session.add_deliveries(notice.id, [(channel, notice.changes)], notice.created_at)


async def waits(store: Store, notice: Notice) -> bool:
    """Who is being told at this moment must be known before it is set right; and who is set right, before news."""
    async with store.reading() as session:
        if notice.sets_right:
            return await session.being_sent([one.id for one in await _about(session, notice)])
        return any(one.released_at is None for one in await session.notices_setting_right(notice.report))


async def _about(session: Session, notice: Notice) -> Sequence[Notice]:
    """The notices whose readers a relapse or a correction speaks to."""
    if notice.about is not None:
        return await session.notices_told_of(notice.about)
    return await session.notices_told_since(notice.since or notice.created_at, before=notice.id)


async def _subscribed(store: Store, notice: Notice, channel: int | None) -> AsyncIterator[Rows]:
    """Who is owed news, in the order of subscription, the channel before all."""
    if channel is not None and notice.kind is not NoticeKind.WITHDRAWAL:  # a channel asked for nothing
        yield await _spared(store, notice, [(channel, await _news_to(store, channel, notice))])
    news, after = Askable(notice), 0
    places = news.places if len(news.places) <= FEW else None
    async with store.reading() as session:
        few = places is not None and await session.few_wait(news.steps, places, CHUNK)
    while True:
        async with store.reading() as session:
            chats = await session.subscriptions_for(news.steps, after, CHUNK, places, few=few)
        if not chats:
            return
        yield await _spared(store, notice, owed_to(chats, news))
        after = chats[-1][0].id


async def _news_to(store: Store, channel: int, notice: Notice) -> tuple[Change, ...]:
    """The channel reads everything, so what it read last is no news to it."""
    async with store.reading() as session:
        tellings = (await session.tellings_of([channel]))[channel]
    return tuple(one for one in notice.changes if last_told(tellings, (one.step, one.counter)) is not one.now)


async def _spared(store: Store, notice: Notice, rows: Rows) -> Rows:
    """Without the cells on which a chat is set right by the same report."""
    async with store.reading() as session:
        rights = {one.id for one in await session.notices_setting_right(notice.report)}
        tellings = await session.tellings_of([chat for chat, _ in rows]) if rights else {}
    left = [
        (chat, unheard(changes, [one for one in tellings.get(chat, ()) if one.notice in rights]))
        for chat, changes in rows
    ]
    return [(chat, changes) for chat, changes in left if changes]


async def _told(store: Store, notice: Notice) -> AsyncIterator[Rows]:
    """Who read what is true no longer, in the order in which they were told; who may have read it after them."""
    async with store.reading() as session:
        about = [one.id for one in await _about(session, notice)]
    for told, unknown in itertools.product(about, (False, True)):
        after = 0
        while True:
            async with store.reading() as session:
                chunk = await session.told_by(told, after, CHUNK, unknown=unknown)
                tellings = await session.tellings_of([chat for _, chat in chunk])
            if not chunk:
                break
            rows = [(chat, to_set_right(notice, tellings[chat])) for _, chat in chunk]
            yield [(chat, changes) for chat, changes in rows if changes]
            after = chunk[-1][0]


def owed_to(chats: Sequence[Sequence[Subscription]], news: Askable) -> Rows:
    """Of these chats, given by their subscriptions: who is owed which changes."""
    rows = [(chat[0].chat, news.asked(chat)) for chat in chats]
    return [(chat, changes) for chat, changes in rows if changes]


def wanted(notice: Notice, changes: Sequence[Change], subscriptions: Sequence[Subscription]) -> tuple[Change, ...]:
    """Of these changes of a notice, those that one chat's subscriptions ask for."""
    return tuple(change for change in changes if any(owed(one, change, notice) for one in subscriptions))
