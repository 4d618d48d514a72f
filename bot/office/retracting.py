"""What staff take back: a report found wrong counts as never made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.language.messages import say
from bot.language.refusals import RefusedError
from bot.office.boards import LiveBoard
from bot.office.reporting import Following, Reporting
from bot.office.roster import Roster
from bot.rules.notices import NOT_BEGUN
from bot.rules.reports import Author, Report, ReportKind
from bot.rules.staff import may_retract, may_speak_of
from bot.store.store import Session, Store

RETRACTABLE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class WouldRetract:
    """What taking back a report would do."""

    report: Report
    following: Following
    unsent: int  # chats that would then hear nothing
    sent: int  # chats that would be told that it was wrong


class Retracting:
    """What was reported, taken back."""

    def __init__(self, live: LiveBoard, store: Store, staff: Reporting, roster: Roster) -> None:
        self._live, self._store = live, store
        self._staff, self._roster = staff, roster

    async def retractable(self, by: Author) -> tuple[Report, ...]:
        """The reports that this person may still take back, the newest first."""
        member = await self._roster.member(by.id)
        role, home = (member.role, member.place) if member else (None, None)
        return tuple(
            report
            for report in await self._takeable()
            if may_retract(role, by.id, report) and may_speak_of(home, (one.place for one in report.assertions))
        )

    async def _takeable(self) -> tuple[Report, ...]:
        """The reports that somebody may still take back, the newest first."""
        await self._live.refresh()
        retracted = {report.retracts for report in self._live.reports}
        earliest = self._live.clock() - RETRACTABLE
        return tuple(
            report
            for report in reversed(self._live.reports)
            if report.kind is ReportKind.ASSERTION and report.number not in retracted and report.at >= earliest
        )

    async def preview(self, number: int, by: Author) -> WouldRetract:
        """What taking back a report would change, how many would then not hear of it, and how many be corrected."""
        report = await self._may_retract(number, by)
        now = self._live.clock()
        retraction = Report(self._live.version + 1, now, by, ReportKind.RETRACTION, retracts=number)
        following = await self._staff.following(retraction, now)
        async with self._store.reading() as session:
            news = [notice for notice in following.notices if not notice.sets_right]
            unsent = await self._unsent(session, number) - await self._staff.owing.count(session, news)
            righted = [notice for notice in following.notices if notice.sets_right]
            sent = await self._staff.owing.count(session, righted)
        return WouldRetract(report, following, max(0, unsent), sent)

    async def _unsent(self, session: Session, number: int) -> int:
        """How many have yet to hear of a report."""
        notices = await session.notices_of(number)
        unsent = await self._staff.owing.count(session, [notice for notice in notices if notice.released_at is None])
        for notice in notices:
            if notice.released_at is not None:
                progress = await session.progress(notice.id)
                unsent += sum(progress[status] for status in NOT_BEGUN)
        return unsent

    async def retract(self, number: int, by: Author) -> tuple[Report, Report]:
        """A report found wrong counts as never made; what it owes and was not sent is cancelled.

        Returns the report and its retraction.
        """
        by = await self._roster.known_as(by)
        report = await self._may_retract(number, by)
        return report, await self.take_back(report, by)

    async def take_back(self, report: Report, by: Author) -> Report:
        """The same for a report that this person surely may take back; returns its retraction."""
        now, number = self._live.clock(), report.number
        async with self._store.writing(reporting=True) as session:
            await self._live.catch_up(session)
            if any(later.retracts == number for later in self._live.reports):
                raise RefusedError(say("staff.undo.not_done"))
            retraction = await session.append_report(now, by, ReportKind.RETRACTION, retracts=number)
            await self._staff.record(session, retraction, now)
            await session.cancel_notices(number)
        await self._staff.after_commit()
        return retraction

    async def _may_retract(self, number: int, by: Author) -> Report:
        report = next((report for report in await self._takeable() if report.number == number), None)
        if report is None:
            done = any(later.retracts == number for later in self._live.reports)
            raise RefusedError(say("staff.undo.not_done" if done else "staff.undo.not_late"))
        member = await self._roster.member(by.id)
        if not may_retract(member.role if member else None, by.id, report):
            raise RefusedError(say("staff.undo.not_others"))
        await self._staff.refuse_report_beyond(number, by)
        return report
