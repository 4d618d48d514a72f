"""Setting right what was told: who read something that is true no longer, and when the next piece may go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from bot.rules.catalogue import State
from bot.rules.notices import (
    PLANS,
    UNDER_WAY,
    Change,
    Delivery,
    DeliveryStatus,
    Notice,
    NoticeKind,
    Quiet,
    Told,
    after_quiet,
    is_down,
    is_up,
    late,
    soonest,
)
from bot.rules.zones import Zones

_UNTIL_KNOWN = timedelta(seconds=2)  # whether what is on its way arrives

_GOOD = (NoticeKind.RESUMPTION, NoticeKind.PLAN)  # they wait for their hold, and wake nobody

Cell = tuple[str, str]
"""(step id, counter path)"""


@dataclass(frozen=True, slots=True)
class Telling:
    """A delivery from the side of its chat: what it read, or is about to read."""

    delivery: int
    notice: int
    report: int
    kind: NoticeKind
    changes: tuple[Change, ...]  # as they were told
    status: DeliveryStatus
    at: datetime  # when it ended; while it waits: when it is due
    unknown: bool = False
    message: int | None = None

    @property
    def read(self) -> bool:
        """Whether Telegram took it, or may have."""
        return self.unknown or self.status is DeliveryStatus.SENT

    @property
    def under_way(self) -> bool:
        return self.status in UNDER_WAY

    def of(self, cell: Cell) -> State | None:
        """The state in which it tells this cell."""
        return next((change.now for change in self.changes if _cell(change) == cell), None)


def relapse(report: int, changed: Iterable[Change], told: Iterable[Notice], since: datetime, now: datetime) -> Notice:
    """What fell of that which these notices told to be back; without changes where nothing of it did."""
    were_back = {_cell(change) for notice in told for change in notice.changes}
    fell = tuple(change for change in changed if is_down(change) and _cell(change) in were_back)
    return Notice(0, report, NoticeKind.RELAPSE, fell, now, now, since=since)


def correction(
    report: int, about: int, told: Iterable[Notice], state_of: Callable[[Cell], State], now: datetime
) -> Notice:
    """What these notices of a report said of cells that are otherwise without it; without changes where all is true."""
    said = {_cell(change): change for notice in told for change in notice.changes}
    after = (replace(change, was=change.now, now=state_of(cell)) for cell, change in said.items())
    wrong = tuple(change for change in after if change.was is not change.now)
    return Notice(0, report, NoticeKind.CORRECTION, wrong, now, now, about=about)


def in_time(notice: Notice, quiet: Quiet, zones: Collection[tzinfo]) -> Notice:
    """Neither a relapse nor a correction waits, but for the late evening and the night."""
    return replace(notice, release_at=soonest(notice.created_at, late(quiet), zones))


def overtaken(notice: Notice, newer: Collection[Change]) -> tuple[Change, ...]:
    """What is left of a notice that was not released, after newer changes.

    News of a cell is dropped for newer news; what sets right goes on, towards the newest state.
    """
    if notice.to_come:
        return notice.changes
    states = {_cell(change): change.now for change in newer}
    if notice.sets_right:
        return tuple(replace(change, now=states.get(_cell(change), change.now)) for change in notice.changes)
    return tuple(change for change in notice.changes if _cell(change) not in states)


def since_told(changed: Iterable[Change], waiting: Iterable[Notice], now: datetime) -> tuple[Change, ...]:
    """What a report changes for those who are told: a return that still waits for its hold was told to nobody.

    So a step that was down, came back and is limited before anybody heard of it has gone up, and not fallen; and one
    that was limited on its way back went up from where it was last heard of.
    """
    held = (notice for notice in waiting if notice.kind is NoticeKind.RESUMPTION and notice.release_at > now)
    told = {_cell(change): change.was for notice in held for change in notice.changes}
    return tuple(_from_told(change, told.get(_cell(change), change.was)) for change in changed)


def _from_told(change: Change, told: State) -> Change:
    """What goes up from a state that nobody reported stays as it is: it is news to everybody, not only to who waits."""
    since = replace(change, was=told)
    return since if is_up(since) and (is_down(change) or told is not State.UNKNOWN) else change


def last_told(tellings: Iterable[Telling], cell: Cell) -> State | None:
    """The state in which a chat read of a cell last."""
    read = [
        (telling.at, telling.delivery, state)
        for telling in tellings
        if telling.read and telling.kind not in PLANS and (state := telling.of(cell))
    ]
    return max(read)[2] if read else None


def to_set_right(notice: Notice, tellings: Sequence[Telling]) -> tuple[Change, ...]:
    """What a chat has to hear of a relapse or a correction: where the last that it read is true no longer."""
    if notice.to_come:  # a plan that was taken back: all who read of it
        return notice.changes
    told = (_set_right(notice, change, tellings) for change in notice.changes)
    return tuple(change for change in told if change)


def _set_right(notice: Notice, change: Change, tellings: Sequence[Telling]) -> Change | None:
    cell = _cell(change)
    on_its_way = any(
        telling.under_way and telling.kind in (NoticeKind.RELAPSE, NoticeKind.CORRECTION) and telling.of(cell)
        for telling in tellings
        if telling.notice != notice.id
    )
    was = last_told(tellings, cell)
    if was is None or was is change.now or on_its_way:
        return None
    fallen = replace(change, was=was)
    return fallen if notice.kind is NoticeKind.CORRECTION or is_down(fallen) else None


def unheard(changes: Iterable[Change], tellings: Collection[Telling]) -> tuple[Change, ...]:
    """The changes of which none of these tellings speaks."""
    return tuple(change for change in changes if not any(one.of(_cell(change)) for one in tellings))


def wrong_messages(notice: Notice, tellings: Iterable[Telling]) -> tuple[Told, ...]:
    """The messages in which a chat read of the report that was found wrong, the oldest first.

    And those of later news that rested on it.
    """
    about = [one for one in tellings if one.read and (one.report == notice.about or _rested_on(notice, one))]
    return tuple(Told(one.message, one.at) for one in sorted(about, key=lambda one: one.at))


def _rested_on(notice: Notice, telling: Telling) -> bool:
    later = telling.report > (notice.about or telling.report) and telling.kind is NoticeKind.RESUMPTION
    return later and any(telling.of(_cell(change)) not in (None, change.now) for change in notice.changes)


def by_cells(notice: Notice, cells: Collection[Cell]) -> Notice:
    """A notice as far as it speaks of these."""
    return replace(notice, changes=tuple(change for change in notice.changes if _cell(change) in cells))


def newer_news(notice: Notice, notices: Iterable[Notice]) -> frozenset[Cell]:
    """The cells of which a later notice has newer news; what sets right is news until it is told."""
    if notice.sets_right or notice.to_come:
        return frozenset()
    return frozenset(_cell(change) for later in notices if _newer(later, notice) for change in later.changes)


def still_news(changes: Iterable[Change], newer: Collection[Cell]) -> tuple[Change, ...]:
    """Of these changes, those of which there is no newer news."""
    return tuple(change for change in changes if _cell(change) not in newer)


def _newer(later: Notice, notice: Notice) -> bool:
    """A correction brings none: where a report was taken back, what was news before it is news again."""
    return later.report > notice.report and later.kind is not NoticeKind.CORRECTION and not later.to_come


def unread(notice: Notice, changes: Iterable[Change], tellings: Collection[Telling]) -> tuple[Change, ...]:
    """Of these changes, those that are news to a chat: who read last that a step is down need not read it again.

    What only may have arrived, such as an earlier try of this very notice, spares nobody: better twice than never.
    """
    if notice.kind is not NoticeKind.OUTAGE:
        return tuple(changes)
    surely = [one for one in tellings if one.status is DeliveryStatus.SENT]
    return tuple(
        change
        for change in changes
        if {last_told(tellings, _cell(change)), last_told(surely, _cell(change))} != {change.now}
    )


def may_go_at(
    notice: Notice,
    delivery: Delivery,
    tellings: Iterable[Telling],
    now: datetime,
    *,
    gap: timedelta,
    quiet: Quiet,
    zone: tzinfo,
) -> datetime:
    """When a delivery whose turn has come may go: now, or later.

    A broadcast that is not done when the quiet hours begin goes on in the morning. Good news on a step goes not sooner
    than `gap` after the last on it; whoever travels hears of a relapse at once.
    """
    may = max((now, *_gaps(notice, delivery, tellings, now, gap)))
    return _awake(notice, may, quiet, zone)


def sleeping(notice: Notice, now: datetime, *, quiet: Quiet, zones: Zones) -> bool:
    """Whether it is quiet for some who are owed a notice: they read it in their morning."""
    kept = zones.every(change.counter for change in notice.changes)
    return any(_awake(notice, now, quiet, zone) != now for zone in kept)


def _awake(notice: Notice, at: datetime, quiet: Quiet, zone: tzinfo) -> datetime:
    """When a notice may go in this zone: once it is not quiet, or at once where staff sent it while it was."""
    hours = quiet if notice.kind in _GOOD else late(quiet)
    hurried = notice.hurried_at is not None and after_quiet(notice.hurried_at, hours, zone) != notice.hurried_at
    return at if hurried else after_quiet(at, hours, zone)


def _gaps(
    notice: Notice, delivery: Delivery, tellings: Iterable[Telling], now: datetime, gap: timedelta
) -> Iterator[datetime]:
    """The ends of the gaps after other good news on the same steps."""
    steps = {change.step for change in delivery.changes}
    for one in tellings if notice.kind is NoticeKind.RESUMPTION else ():
        if one.kind is NoticeKind.RESUMPTION and steps & {change.step for change in one.changes}:
            if one.read and one.delivery != delivery.id:
                yield one.at + gap
            elif one.status is DeliveryStatus.SENDING and one.delivery < delivery.id:
                yield now + min(gap, _UNTIL_KNOWN)


def _cell(change: Change) -> Cell:
    return change.step, change.counter
