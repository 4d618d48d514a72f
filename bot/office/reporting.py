"""What staff do: preview, publish, confirm."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from bot.language.messages import Answer, Brief, say
from bot.language.preview_texts import citizens_read
from bot.language.refusals import RefusedError
from bot.language.report_lines import understood
from bot.language.view import View
from bot.office.boards import LiveBoard
from bot.office.owing import Owing
from bot.office.roster import Roster
from bot.rules.board import Board, CellKey, cells_in, fingerprint
from bot.rules.corrections import sleeping
from bot.rules.holding import Held, held, spared, way_out
from bot.rules.notices import Change, Notice, Quiet
from bot.rules.previews import Preview
from bot.rules.reports import Assertion, Author, Report, ReportKind
from bot.rules.staff import Deed, DeedKind
from bot.store.deliveries import CHUNK
from bot.store.errors import AlreadyPublished
from bot.store.store import Session, Store

PREVIEW_LASTS = timedelta(minutes=10)
PUBLISHED, CANCELLED, CHANGED = "published", "cancelled", "changed"


@dataclass(frozen=True, slots=True)
class Following:
    """What follows from a report, or would."""

    before: Board
    after: Board
    changes: tuple[Change, ...]
    notices: tuple[Notice, ...]
    told: int = 0  # chats that would hear of it, counted for a preview


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that a preview shows."""

    preview: Preview
    following: Following
    reads: Answer  # exactly what citizens will read
    held: tuple[Held, ...] = ()  # what keeps steps down that were reported well
    spared: tuple[str, ...] = ()  # steps that the reported outages leave alone, inherited ones too
    shut_on: date | None = None  # the office is shut on the day of the estimate


@dataclass(frozen=True, slots=True)
class Published:
    """A report that stands, and what followed from it."""

    report: Report
    notices: tuple[Notice, ...]
    told: int
    repeated: bool = False  # the same tap came twice


class Reporting:
    """The staff's side of the office."""

    def __init__(
        self,
        live: LiveBoard,
        store: Store,
        roster: Roster,
        hold: timedelta,
        quiet: Quiet,
    ) -> None:
        self.live = live
        self._store = store
        self._roster = roster
        self.owing = Owing(live, hold, quiet)
        self.sleeping = partial(sleeping, quiet=quiet, zones=live.catalogue.zones)
        self.nudge: Callable[[], None] = _nobody_to_nudge  # tells the broadcaster that there may be something to send

    async def preview_line(self, chat: int, by: Author, command: str, line: str) -> Shown:
        """A report in one line or several, read and shown; raises LineRefusedError."""
        await self.live.refresh()
        now = self.live.clock()
        lines = self._roster.desks.lines(await self._roster.home(by.id))
        said = understood(lines, command, line, self.live.at(now), now)
        shown = await self.preview(chat, by, said.assertions, f"/{command} {line}")
        return replace(shown, shut_on=said.shut_on)

    async def preview(self, chat: int, by: Author, assertions: tuple[Assertion, ...], command: str) -> Shown:
        """Keep a report in waiting, with the state it was made against; refused beyond the place of who reports."""
        await self._roster.refuse_beyond(by, {one.place for one in assertions}, command)
        now, by = self.live.clock(), await self._roster.known_as(by)
        report = Report(self.live.version + 1, now, by, ReportKind.ASSERTION, assertions)
        following = await self.following(report, now)
        cells = cells_in(self.live.catalogue, assertions)
        preview = Preview(
            id=secrets.token_urlsafe(9),
            chat=chat,
            by=by,
            made_at=now,
            expires_at=now + PREVIEW_LASTS,
            assertions=assertions,
            fingerprint=fingerprint(following.before, cells),
            command=command,
        )
        async with self._store.writing() as session:
            await session.save_preview(preview)
        view = self._view(following.after, cells)
        reads = citizens_read(view, following.changes, cells, following.notices, following.told)
        return Shown(
            preview,
            following,
            reads,
            held=held(self.live.catalogue, following.after, assertions),
            spared=spared(self.live.catalogue, following.after, assertions),
        )

    def _view(self, board: Board, cells: Sequence[CellKey]) -> View:
        """As citizens see it; of many offices at the first that it concerns."""
        catalogue, usual = self.live.catalogue, self.live.past.usual(board.at)
        place = catalogue.tree.office_of(cells[0][1]) if cells and catalogue.tree.many else None
        return View(catalogue, self.live.calendar, board, board.at, place, usual)

    async def preview_shown(self, preview_id: str, message: int) -> None:
        """Remember which message shows a preview."""
        async with self._store.writing() as session:
            await session.set_preview_message(preview_id, message)

    async def widen(self, preview_id: str, by: Author, choice: str) -> Shown:
        """A new preview in place of one, with a way out of what still holds its steps down."""
        async with self._store.writing() as session:
            old = await self.opened(session, preview_id, by)
            await session.close_preview(preview_id, CHANGED)
        await self.live.refresh()
        now = self.live.clock()
        report = Report(self.live.version + 1, now, by, ReportKind.ASSERTION, old.assertions)
        after = self.live.supposing(report, now)
        more = way_out(self.live.catalogue, choice, held(self.live.catalogue, after, old.assertions))
        return await self.preview(old.chat, by, (*old.assertions, *more), old.command)

    async def publish(self, preview_id: str, by: Author) -> Published:
        """The report and what it owes, in one transaction; the same tap twice changes nothing."""
        now = self.live.clock()
        await self._refuse_moved(preview_id, by)
        try:
            async with self._store.writing(reporting=True) as session:
                preview = await self.opened(session, preview_id, by, published=True)
                await self.live.catch_up(session)
                if preview.closed is None:
                    self._refuse_conflict(preview, now)
                report = await session.append_report(
                    now, preview.by, ReportKind.ASSERTION, preview.assertions, preview=preview_id
                )
                await self.record(session, report, now)
                await session.close_preview(preview_id, PUBLISHED)
        except AlreadyPublished as earlier:
            return await self._published(earlier.report.number, repeated=True)
        await self.live.refresh()
        published = await self._published(report.number)
        self.nudge()
        return published

    async def _refuse_moved(self, preview_id: str, by: Author) -> None:
        """Whose place became another one since the preview publishes nothing beyond it."""
        async with self._store.reading() as session:
            preview = await self.opened(session, preview_id, by, published=True)
        await self._roster.refuse_beyond(by, {one.place for one in preview.assertions}, preview.command)

    async def cancel(self, preview_id: str, by: Author) -> Preview:
        """Nothing changes and nothing is sent."""
        async with self._store.writing() as session:
            preview = await self.opened(session, preview_id, by)
            await session.close_preview(preview_id, CANCELLED)
        return preview

    async def confirm(self, by: Author) -> Report:
        """Everything stands as it stood, at the place of who says so."""
        place, by = await self._roster.home(by.id), await self._roster.known_as(by)
        await self._roster.refuse_beyond(by, {place or self.live.catalogue.root.path}, "/masihsama")
        async with self._store.writing(reporting=True) as session:
            report = await session.append_report(self.live.clock(), by, ReportKind.CONFIRMATION, place=place)
        await self.after_commit()
        return report

    async def send_now(self, number: int, by: Author) -> Published:
        """Send a report's waiting notices without hold or quiet hours ("the test print worked")."""
        await self.refuse_report_beyond(number, by)
        now = self.live.clock()
        async with self._store.writing() as session:
            undelivered = await session.undelivered_notices(number)
            waiting = [one.id for one in undelivered if one.released_at is None or self.sleeping(one, now)]
            cut_off = [
                one.id for one in undelivered if one.hurried_at
            ]  # an earlier tap, perhaps, by a database that went
            if not waiting and not cut_off:
                raise RefusedError(say("staff.sent_already"))
            if waiting:
                await session.hurry(waiting, now)
                await session.record_deed(Deed(now, await session.known_as(by), DeedKind.HURRIED, str(number)))
        published = await self._published(number)
        woken = [await self._wake(notice, now) for notice in waiting or cut_off]
        if not waiting and not any(woken):
            raise RefusedError(say("staff.sent_already"))
        await self.after_commit()
        return published

    async def _wake(self, notice: int, now: datetime) -> int:
        """What was put off until the morning is due now, a chunk at a time, so that no other writer waits; how many."""
        woken = 0
        looked_at: int | None = 0
        while looked_at is not None:
            async with self._store.writing() as session:
                moved, looked_at = await session.bring_forward(notice, now, looked_at, CHUNK)
            woken += moved
        return woken

    async def refuse_report_beyond(self, number: int, by: Author) -> None:
        """A report beyond the place of this person is not theirs to take back, to hurry or to stop.

        Nor is its correction, which speaks of the same places.
        """
        await self.live.refresh()
        report = next((one for one in self.live.reports if one.number == number), None)
        said = self.live.about(report).assertions if report else ()
        await self._roster.refuse_beyond(by, {one.place for one in said})

    async def _published(self, number: int, *, repeated: bool = False) -> Published:
        """A report that stands, with what it owes; read apart: nobody waits while a country's readers are counted."""
        async with self._store.reading() as session:
            report = await session.report(number)
            assert report is not None  # reports are never deleted
            notices = await session.notices_of(number)
            return Published(report, notices, await self.owing.count(session, notices), repeated)

    async def after_commit(self) -> None:
        await self.live.refresh()
        self.nudge()

    async def record(self, session: Session, report: Report, now: datetime) -> None:
        """Store the notices that a report owes; what was owed before about the same cells is overtaken."""
        following = await self._following(session, report, now)
        await session.overtake(following.changes)
        for notice in following.notices:
            await session.add_notice(notice)

    async def following(self, report: Report, now: datetime) -> Following:
        """What would follow from a report, and how many would hear of it."""
        async with self._store.reading() as session:
            following = await self._following(session, report, now)
            return replace(following, told=await self.owing.count(session, following.notices))

    async def _following(self, session: Session, report: Report, now: datetime) -> Following:
        before, after = self.live.at(now), self.live.supposing(report, now)
        changed = await self.owing.changed(report, before, after)
        return Following(before, after, changed, await self.owing.notices(session, report, changed, after, now))

    async def opened(self, session: Session, preview_id: str, by: Author, *, published: bool = False) -> Preview:
        """A preview that may still be acted on, by the person who made it."""
        preview = await session.preview(preview_id)
        if preview is None or preview.by.id != by.id:
            raise RefusedError(say("staff.expired"))
        if preview.closed == PUBLISHED and published:
            return preview
        if preview.closed in (PUBLISHED, CANCELLED):
            raise RefusedError(say("staff.already_decided"))
        if preview.closed is not None or self.live.clock() > preview.expires_at:
            raise RefusedError(say("staff.expired"))
        return preview

    def _refuse_conflict(self, preview: Preview, now: datetime) -> None:
        """A step in the preview changed meanwhile: it must be looked at again."""
        cells = cells_in(self.live.catalogue, preview.assertions)
        board = self.live.at(now)
        if fingerprint(board, cells) == preview.fingerprint:
            return
        last = self._last_on(frozenset(cells))
        raise RefusedError(say("staff.conflict", by=last.by.name, at=Brief(last.at)), say("staff.conflict.look"))

    def _last_on(self, cells: frozenset[CellKey]) -> Report:
        """The latest report that spoke of these cells, or took back one that did."""
        earlier = {report.number: report for report in self.live.reports}

        def spoke(report: Report) -> bool:
            about = report if report.retracts is None else earlier[report.retracts]
            return not cells.isdisjoint(cells_in(self.live.catalogue, about.assertions))

        return next(report for report in reversed(self.live.reports) if spoke(report))


def _nobody_to_nudge() -> None:
    """On the terminal nobody sends; the running bot looks by itself."""
