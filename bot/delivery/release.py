"""The release of a notice: one delivery for each chat that is owed it, in the order of subscription."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.rules.notices import Change, Notice, NoticeKind, Subscription, owed
from bot.store.store import Store

CHUNK = 500  # chats in one transaction: short enough that no writer waits noticeably


async def release(store: Store, notice: Notice, now: datetime, may_go_on: Callable[[], bool]) -> int | None:
    """Make the deliveries of a notice and return how many chats hear it; None where it could not go on.

    It may be cut off anywhere and be done again: a chat that has its delivery keeps it.
    """
    steps = {change.step for change in notice.changes}
    told = after = 0
    while may_go_on():
        async with store.reading() as session:
            chats = await session.subscriptions_for(steps, after, CHUNK)
        rows = owed_to(chats, notice)
        async with store.writing() as session:
            if not chats:
                await session.mark_released(notice.id, now, told)
                return told
            await session.add_deliveries(notice.id, rows, notice.release_at)
        told += len(rows)
        after = chats[-1][0].id
    return None


def owed_to(chats: Sequence[Sequence[Subscription]], notice: Notice) -> list[tuple[int, tuple[Change, ...]]]:
    """Of these chats, given by their subscriptions: who is owed which changes."""
    rows = [(chat[0].chat, wanted(notice.changes, chat, notice.kind)) for chat in chats]
    return [(chat, changes) for chat, changes in rows if changes]


def wanted(changes: Sequence[Change], subscriptions: Sequence[Subscription], kind: NoticeKind) -> tuple[Change, ...]:
    """The changes that one chat's subscriptions ask for."""
    return tuple(change for change in changes if any(owed(one, change, kind) for one in subscriptions))
