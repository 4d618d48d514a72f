"""Who is owed which notice, and when."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo

from bot.rules.catalogue import State, covers
from bot.rules.place_tree import upwards


class NoticeKind(enum.StrEnum):
    """What a notice tells."""

    RESUMPTION = "resumption"  # steps went up
    OUTAGE = "outage"  # steps went down; only for chats that asked for it
    RELAPSE = "relapse"  # steps fell again; for the chats that were told they were back
    CORRECTION = "correction"  # a report was found wrong; for the chats that were told of it
    PLAN = "plan"  # maintenance to come; only for chats that asked to hear of outages
    PLAN_CANCELLED = "plan_cancelled"  # it was taken back; for the chats that were told of it
    WITHDRAWAL = "withdrawal"  # an outage that never was; for the chats that asked meanwhile to hear of its end


class Wish(enum.StrEnum):
    """How long a subscription lasts."""

    ONCE = "once"  # until its step is available
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Change:
    """One step at one counter went from one state to another."""

    step: str
    counter: str
    was: State
    now: State


PLANS = (NoticeKind.PLAN, NoticeKind.PLAN_CANCELLED)


@dataclass(frozen=True, slots=True)
class Notice:
    """The message that one report owes its subscribers."""

    id: int  # 0 until stored
    report: int
    kind: NoticeKind
    changes: tuple[Change, ...]
    created_at: datetime
    release_at: datetime
    released_at: datetime | None = None  # when its deliveries were made
    told: int = 0  # how many chats hear it, known from release on
    paused: bool = False  # staff stopped the sending
    hurried_at: datetime | None = None  # when staff sent it without hold and quiet hours
    about: int | None = None  # CORRECTION: number of the report that was found wrong
    since: datetime | None = None  # RELAPSE: for the chats that were told since then; WITHDRAWAL: that asked since then

    @property
    def to_come(self) -> bool:
        """Whether it speaks of maintenance to come: no news of how anything stands, and overtaken by none."""
        return self.kind in PLANS

    @property
    def sets_right(self) -> bool:
        """Whether it goes to the chats that read what is true no longer, whatever they subscribe to."""
        return self.kind in (NoticeKind.RELAPSE, NoticeKind.CORRECTION, NoticeKind.PLAN_CANCELLED)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat that wants to hear about one step at a place and below it."""

    id: int  # 0 until stored; the order of subscription
    chat: int
    step: str
    place: str
    wish: Wish
    since: datetime
    outages: bool = False  # "Juga bila terganggu"
    limited_told: bool = False  # `once`: a limited return was told already


class DeliveryStatus(enum.StrEnum):
    """Where one delivery stands."""

    WAITING = "waiting"
    SENDING = "sending"  # claimed; after a crash: unknown
    SENT = "sent"
    DROPPED = "dropped"  # no longer true or no longer wanted when its turn came
    GONE = "gone"  # the chat cannot be reached, for good
    FAILED = "failed"  # given up
    HELD = "held"  # waits until its notice, which staff stopped, goes on


NOT_BEGUN = (DeliveryStatus.WAITING, DeliveryStatus.HELD)
UNDER_WAY = (*NOT_BEGUN, DeliveryStatus.SENDING)


@dataclass(frozen=True, slots=True)
class Told:
    """A message that a chat has read."""

    message: int | None  # None: not known, nor whether it arrived
    at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notice for one chat."""

    id: int
    notice: int
    chat: int
    changes: tuple[Change, ...]  # those of the notice that this chat is owed
    status: DeliveryStatus
    due_at: datetime
    first_tried_at: datetime | None = None
    attempts: int = 0
    repeats: int = 0  # tries after one whose outcome is not known
    unknown: bool = False  # the last try's outcome is not known
    message: int | None = None  # Telegram's message id, once sent
    corrects: tuple[Told, ...] = ()  # CORRECTION: what the chat was told of the report; known when its turn has come


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of one try to deliver."""

    delivery: int
    status: DeliveryStatus
    at: datetime
    due_at: datetime | None = None  # WAITING: when to try again
    message: int | None = None
    error: str | None = None  # Telegram's words, without any token
    unknown: bool = False
    move_to: int | None = None  # the group became this supergroup
    ended: tuple[tuple[str, str], ...] = ()  # (step, place-of-change counter) whose `once` is fulfilled
    limited: tuple[tuple[str, str], ...] = ()  # (step, counter) told as limited
    told: tuple[Change, ...] | None = None  # the changes as they were told; None: as the delivery has them


Quiet = tuple[time, time] | None
"""The office time from and until which nobody is woken: 21.00 to 06.00; None: never quiet."""

_LATE = time(22)  # bad news that travellers need waits only from here on

_RANK = {State.UNKNOWN: 0, State.UNAVAILABLE: 0, State.LIMITED: 1, State.AVAILABLE: 2}


def is_up(change: Change) -> bool:
    """Whether the step went up: a resumption."""
    return _RANK[change.now] > _RANK[change.was]


def is_down(change: Change) -> bool:
    """Whether the step can do less than before, as far as anybody knew."""
    if change.was is State.UNKNOWN:
        return change.now in (State.UNAVAILABLE, State.LIMITED)
    return change.now is not State.UNKNOWN and _RANK[change.now] < _RANK[change.was]


def notices_for(
    report: int, changed: Collection[Change], now: datetime, hold: timedelta, quiet: Quiet, zones: Collection[tzinfo]
) -> tuple[Notice, ...]:
    """The notices that follow from what a report changed: good news after the hold, bad news at once."""
    ups = tuple(change for change in changed if is_up(change))
    downs = tuple(change for change in changed if is_down(change))
    good = Notice(0, report, NoticeKind.RESUMPTION, ups, now, soonest(now + hold, quiet, zones))
    bad = Notice(0, report, NoticeKind.OUTAGE, downs, now, soonest(now, late(quiet), zones))
    return tuple(notice for notice in (good, bad) if notice.changes)


def late(quiet: Quiet) -> Quiet:
    """The quiet hours of bad news: who wants to travel in the morning reads it in the evening."""
    return (_LATE, quiet[1]) if quiet and _within(_LATE, *quiet) else quiet


def after_quiet(at: datetime, quiet: Quiet, zone: tzinfo) -> datetime:
    """The first time from `at` on that is not quiet, by the clock of this zone."""
    if quiet is None:
        return at
    begins, ends = quiet
    local = at.astimezone(zone)
    if not _within(local.time(), begins, ends):
        return at
    morning = local.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    return morning if morning > local else morning + timedelta(days=1)


def soonest(at: datetime, quiet: Quiet, zones: Collection[tzinfo]) -> datetime:
    """The first time at which it is not quiet in one of these zones; elsewhere each delivery waits for its own."""
    return min(after_quiet(at, quiet, zone) for zone in zones)


def _within(at: time, begins: time, ends: time) -> bool:
    """Whether an hour lies in a stretch that may run over midnight."""
    return begins <= at < ends if begins <= ends else at >= begins or at < ends


def owed(subscription: Subscription, change: Change, notice: Notice) -> bool:
    """Whether this chat asked to hear of this change of a notice."""
    if not concerns(subscription, change):
        return False
    if notice.kind is NoticeKind.WITHDRAWAL:
        return subscription.wish is Wish.ONCE and (notice.since is None or subscription.since >= notice.since)
    if notice.kind is NoticeKind.PLAN:
        return subscription.outages
    if notice.kind is NoticeKind.OUTAGE:
        # From silence to limited is both: who waits for the step hears it as the return that it is to them.
        return subscription.outages and not (subscription.wish is Wish.ONCE and is_up(change))
    if subscription.wish is Wish.ONCE:
        return not (change.now is State.LIMITED and subscription.limited_told)
    return change.was is not State.UNKNOWN


class Askable:
    """The changes of a notice by step and place: a country's report has thousands, of which one chat asked for few."""

    def __init__(self, notice: Notice) -> None:
        self._notice = notice
        self._of: dict[tuple[str, str], list[int]] = {}
        for number, change in enumerate(notice.changes):
            for place in upwards(change.counter):
                self._of.setdefault((change.step, place), []).append(number)

    @property
    def steps(self) -> frozenset[str]:
        return frozenset(step for step, _ in self._of)

    @property
    def places(self) -> frozenset[str]:
        """Where a subscription may be to hear of it."""
        return frozenset(place for _, place in self._of)

    def asked(self, subscriptions: Iterable[Subscription]) -> tuple[Change, ...]:
        """Those that one chat's subscriptions ask for, in their order."""
        changes = self._notice.changes
        found = {
            number
            for one in subscriptions
            for number in self._of.get((one.step, one.place), ())
            if owed(one, changes[number], self._notice)
        }
        return tuple(changes[number] for number in sorted(found))


def concerns(subscription: Subscription, change: Change) -> bool:
    """Whether a subscription is to the step, at a place that the counter belongs to."""
    return subscription.step == change.step and covers(subscription.place, change.counter)


def still_true(change: Change, kind: NoticeKind, now: State) -> Change | None:
    """The change as it is told at sending time, with the state of then; None where it need not be told any more."""
    if kind in PLANS:
        return change
    today = replace(change, now=now)
    if kind is NoticeKind.CORRECTION:
        true = change.was is not now
    elif kind is NoticeKind.RELAPSE:
        true = is_down(today)
    elif kind is NoticeKind.OUTAGE:
        true = now in (State.UNAVAILABLE, State.LIMITED)
    elif kind is NoticeKind.WITHDRAWAL:
        true = now is State.UNKNOWN
    else:
        true = now in (State.AVAILABLE, State.LIMITED) and is_up(today)
    return today if true else None
