"""Notices on their way: staff see how far they are, stop them, and let them go on."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.language import broadcast_texts
from bot.language.messages import Answer, say
from bot.language.refusals import RefusedError
from bot.office.boards import LiveBoard
from bot.office.reporting import Reporting
from bot.office.roster import Roster
from bot.rules.broadcasts import SENDER, Broadcast, Phase, ProgressMessage
from bot.rules.catalogue import covers
from bot.rules.notices import Notice
from bot.rules.reports import Author
from bot.rules.staff import Deed, DeedKind, may_speak_of
from bot.store.store import Session, Store

_LATELY = timedelta(hours=24)
_MOST_LATELY, _LOOKED_AT = 2, 4  # notices that are done
_LOOKED_AT_FOR_A_PLACE = 40  # most are of other places

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """What a message that shows progress says now."""

    answer: Answer
    goes_on: bool  # there will be more to say
    worth_telling: bool = True  # false while nothing is released, and where nobody is owed anything

    @property
    def mark(self) -> str:
        """The same for the same words."""
        return hashlib.sha256(repr(self.answer).encode()).hexdigest()


class Broadcasting:
    """What staff see and steer of the sending."""

    def __init__(
        self,
        live: LiveBoard,
        store: Store,
        staff: Reporting,
        roster: Roster,
    ) -> None:
        self._live, self._store = live, store
        self._staff, self._roster = staff, roster

    async def overview(self, user: int) -> Progress:
        """All notices in progress and the last that were sent: to whom has a place, those that concern it."""
        now, home = self._live.clock(), await self._roster.home(user)
        async with self._store.reading() as session:
            open_ = _concerning(home, [*await session.unfinished_notices(), *await session.unreleased_notices()])
            broadcasts = [*await _counted(session, open_), *await _lately(session, open_, now, home)]
            pace = await session.pace(SENDER, now)
        view = self._live.view()
        own = await self._own(home, broadcasts)
        goes_on = any(one.phase(view.now) is not Phase.DONE for one in broadcasts)
        told = broadcast_texts.overview(view, broadcasts, pace, self._asleep(broadcasts), own)
        return Progress(view.clocked(told), goes_on)

    async def _own(self, home: str | None, broadcasts: Iterable[Broadcast]) -> frozenset[int]:
        """The reports whose sending is theirs to stop who have this place."""
        numbers = {one.notice.report for one in broadcasts}
        if home is None:
            return frozenset(numbers)
        await self._live.refresh()
        shown = (report for report in self._live.reports if report.number in numbers)
        places = {report.number: [one.place for one in self._live.about(report).assertions] for report in shown}
        return frozenset(number for number, said in places.items() if may_speak_of(home, said))

    async def of_report(self, number: int) -> Progress:
        """What one report sends."""
        now = self._live.clock()
        async with self._store.reading() as session:
            report = await session.report(number)
            assert report is not None  # reports are never deleted
            broadcasts = await _counted(session, await session.notices_of(number))
            pace = await session.pace(SENDER, now)
        view = self._live.view()
        phases = {one.phase(view.now) for one in broadcasts}
        retracted = any(later.retracts == number for later in self._live.reports)
        told = broadcast_texts.of_report(view, report, broadcasts, pace, self._asleep(broadcasts), retracted=retracted)
        return Progress(
            replace(told, zone=self._live.zone_of(report)),
            goes_on=not phases <= {Phase.DONE},
            worth_telling=not broadcasts or any(one.total for one in broadcasts),
        )

    def _asleep(self, broadcasts: Iterable[Broadcast]) -> frozenset[int]:
        """The notices of which somebody reads in the morning, because it is quiet there now."""
        now = self._live.clock()
        return frozenset(one.notice.id for one in broadcasts if self._staff.sleeping(one.notice, now))

    async def told(self, message: ProgressMessage) -> Progress:
        """What a message that is followed says now."""
        return await (self.overview(message.chat) if message.report is None else self.of_report(message.report))

    async def shared(self, message: ProgressMessage) -> tuple[int | None, str | None]:
        """The same for messages that say the same: one about everything says what concerns its reader's place."""
        return message.report, await self._roster.home(message.chat) if message.report is None else None

    async def steer(self, number: int, by: Author, *, stop: bool) -> None:
        """Stop what a report sends, or let it go on; the same tap twice changes nothing."""
        await self._staff.refuse_report_beyond(number, by)
        async with self._store.writing() as session:
            if not await session.notices_of(number):
                raise RefusedError(say("staff.sent_already"))
            changed = await session.pause_notices(number, stop)
            if changed:
                kind = DeedKind.STOPPED if stop else DeedKind.RESUMED
                await session.record_deed(Deed(self._live.clock(), await session.known_as(by), kind, str(number)))
        if changed:
            log.info("broadcast_stopped" if stop else "broadcast_goes_on", report=number, by=by.id)
            self._staff.nudge()

    async def follow(self, chat: int, message: int, report: int | None, shows: Progress | None = None) -> int | None:
        """From now on this message shows progress; returns the message about everything that it takes the place of.

        Without `report` it shows everything; where a report sends nothing there is nothing to follow. `shows` is what
        stands there already.
        """
        at = self._live.clock()
        followed = ProgressMessage(chat, message, report, at, shows.mark if shows else None)
        async with self._store.writing() as session:
            if report is not None and not await session.notices_of(report):
                return None
            return await session.follow(followed)

    async def followed(self) -> tuple[ProgressMessage, ...]:
        async with self._store.reading() as session:
            return await session.followed()

    async def edited(self, message: ProgressMessage, shows: Progress) -> None:
        """The message says this now; after its last word it is followed no longer."""
        async with self._store.writing() as session:
            if shows.goes_on:
                await session.mark_edited(message, shows.mark, self._live.clock())
            else:
                await session.unfollow(message)

    async def lost(self, message: ProgressMessage) -> None:
        """The message can be edited no more."""
        async with self._store.writing() as session:
            await session.unfollow(message)


async def _lately(session: Session, open_: Collection[Notice], now: datetime, home: str | None) -> list[Broadcast]:
    """The last that are done, without those that nobody was owed."""
    known = {notice.id for notice in open_}
    looked_at = _LOOKED_AT if home is None else _LOOKED_AT_FOR_A_PLACE
    newest = _concerning(home, await session.released_since(now - _LATELY, len(known) + looked_at))
    done = await _counted(session, [notice for notice in newest if notice.id not in known][:_LOOKED_AT])
    return [one for one in done if one.total][:_MOST_LATELY]


def _concerning(home: str | None, notices: Iterable[Notice]) -> list[Notice]:
    """Those that somebody at or below a place reads."""
    return [one for one in notices if home is None or any(covers(home, change.counter) for change in one.changes)]


async def _counted(session: Session, notices: Sequence[Notice]) -> list[Broadcast]:
    return [await session.broadcast(notice) for notice in notices]
