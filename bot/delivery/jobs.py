"""What is needed to send a claimed batch, read in the claim's own transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.delivery.release import wanted
from bot.rules.corrections import Cell, Telling, newer_news, still_news, unread, wrong_messages
from bot.rules.notices import Change, Delivery, Notice, Subscription, Wish, concerns
from bot.store.store import Session

MayGo = Callable[[Notice, Delivery, Sequence[Telling], datetime], datetime]
"""When a delivery whose turn has come may go: now, or later."""


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed delivery with what is needed to send it; its changes are those still wanted."""

    delivery: Delivery
    notice: Notice | None  # None: cancelled meanwhile
    language: str | None
    # `once` where nothing that the chat keeps hears of these changes, None where it subscribes to nothing of them
    wish: Wish | None = Wish.ALWAYS
    narrowed: bool = False  # the delivery as it is stored has more changes


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store knows of a batch."""

    notices: Mapping[int, Notice]  # without their changes, of which each delivery has its own
    newer: Mapping[int, Collection[Cell]]  # of which cells there is newer news than in a notice
    subscriptions: Mapping[int, Sequence[Subscription]]
    tellings: Mapping[int, Sequence[Telling]]
    languages: Mapping[int, str]


def at_once(_notice: Notice, _delivery: Delivery, _tellings: Sequence[Telling], now: datetime) -> datetime:
    """Nothing waits."""
    return now


async def prepare(
    session: Session, claimed: Sequence[Delivery], now: datetime, may_go: MayGo, channel: int | None
) -> list[Job]:
    """The jobs of a batch; what may not go yet is put back.

    In the claim's own transaction, so that no delivery is left claimed without a job.
    """
    known = await _known(session, claimed)
    jobs = [_job(delivery, known, channel) for delivery in claimed]
    later = {job.delivery.id: at for job in jobs if (at := _due(job, known, now, may_go, channel)) > now}
    await session.defer(later)
    return [job for job in jobs if job.delivery.id not in later]


async def _known(session: Session, claimed: Sequence[Delivery]) -> _Known:
    chats = {delivery.chat for delivery in claimed}
    notices = await session.bare_notices({delivery.notice for delivery in claimed})
    later = await session.notices_after(min(notices)) if notices else ()
    return _Known(
        notices,
        {number: newer_news(notice, later) for number, notice in notices.items()},  # once: a country's has thousands
        _by_chat(await session.subscriptions_of_chats(chats)),
        # What is about to be told tells nobody what they read; half of what a first notice finds would be itself.
        await session.tellings_of(chats, besides=_alone(claimed)),
        await session.languages_of(chats),
    )


def _alone(claimed: Sequence[Delivery]) -> Collection[int]:
    """Those beside which no other is claimed for the same chat: two would have to know of each other."""
    times = Counter(delivery.chat for delivery in claimed)
    return [delivery.id for delivery in claimed if times[delivery.chat] == 1]


def _by_chat(subscriptions: Iterable[Subscription]) -> Mapping[int, Sequence[Subscription]]:
    found: dict[int, list[Subscription]] = defaultdict(list)
    for one in subscriptions:
        found[one.chat].append(one)
    return found


def _job(delivery: Delivery, known: _Known, channel: int | None) -> Job:
    notice = known.notices.get(delivery.notice)
    if notice is None:
        return Job(delivery, None, None)
    theirs = known.subscriptions.get(delivery.chat, ())
    tellings = known.tellings.get(delivery.chat, ())
    changes = unread(notice, still_news(delivery.changes, known.newer[notice.id]), tellings)
    if not notice.sets_right and delivery.chat != channel:
        changes = wanted(notice, changes, theirs)
    corrects = wrong_messages(notice, tellings)
    if (narrowed := changes != delivery.changes) or corrects:
        delivery = replace(delivery, changes=changes, corrects=corrects)
    return Job(delivery, notice, known.languages.get(delivery.chat), _wish(changes, theirs), narrowed)


def _due(job: Job, known: _Known, now: datetime, may_go: MayGo, channel: int | None) -> datetime:
    """What is no news any more goes on to be dropped; the channel wakes nobody."""
    if job.notice is None or not job.delivery.changes or job.delivery.chat == channel:
        return now
    return may_go(job.notice, job.delivery, known.tellings.get(job.delivery.chat, ()), now)


def _wish(changes: Collection[Change], subscriptions: Sequence[Subscription]) -> Wish | None:
    """How a message to this chat ends: with the end of its subscription only where that is all it had."""
    if not any(concerns(one, change) for one in subscriptions for change in changes):
        return None
    return Wish.ONCE if all(one.wish is Wish.ONCE for one in subscriptions) else Wish.ALWAYS
