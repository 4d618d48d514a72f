"""What staff schedule: maintenance to come, and days on which the office keeps other hours."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.language import plan_texts, schedule_texts
from bot.language.messages import Answer, say
from bot.language.refusals import RefusedError
from bot.language.schedule_lines import Days, Plan
from bot.language.staff_texts import audience_of
from bot.language.view import View
from bot.office.boards import LiveBoard
from bot.office.reporting import PREVIEW_LASTS, PUBLISHED, Reporting
from bot.office.retracting import Retracting
from bot.office.roster import Roster
from bot.rules.catalogue import CalendarException, touches
from bot.rules.notices import NoticeKind
from bot.rules.previews import Preview
from bot.rules.reports import Assertion, Author, Report, ReportKind
from bot.rules.schedule import SpecialDays, in_force, planned, plans
from bot.rules.staff import Deed, DeedKind
from bot.store.store import Store

_COMMAND = "/jadwal "


class Scheduling:
    """The staff's calendar."""

    def __init__(self, live: LiveBoard, store: Store, staff: Reporting, retracting: Retracting, roster: Roster) -> None:
        self._live, self._store, self._roster = live, store, roster
        self._staff, self._retracting = staff, retracting

    async def overview(self, by: Author) -> Answer:
        """What is to come, at the place of who asks or above."""
        await self._live.refresh()
        live, home = self._live, await self._roster.home(by.id)
        ahead = [one for one in plans(live.reports, live.clock()) if _concerns(home, {a.place for a in one.assertions})]
        days = [one for one in live.scheduled if _concerns(home, {each.place for each in one.exceptions})]
        return schedule_texts.overview(self._roster.desks.view(home), ahead, days)

    async def preview_line(self, chat: int, by: Author, line: str) -> tuple[str, Answer]:
        """A line, read and shown: the preview's id and what staff read; raises LineRefusedError."""
        await self._live.refresh()
        read = await self._read(by, line, self._live.clock())
        if isinstance(read, Days):
            return await self._preview_days(chat, by, line, read)
        return await self._preview_plan(chat, by, line, read.assertions)

    async def _read(self, by: Author, line: str, now: datetime) -> Days | Plan:
        """A line as its author means it: without a place, days that differ are those of the author's own."""
        home = await self._roster.home(by.id)
        read = self._roster.desks.schedule(home).read(line, now)
        if not isinstance(read, Days):
            return read
        read = replace(read, exceptions=tuple(replace(one, place=one.place or home) for one in read.exceptions))
        await self._refuse_days_beyond(by, read.exceptions, line)
        return read

    async def _refuse_days_beyond(self, by: Author, days: Iterable[CalendarException], line: str = "") -> None:
        root = self._live.catalogue.root.path
        await self._roster.refuse_beyond(by, {one.place or root for one in days}, f"{_COMMAND}{line}")

    async def _preview_days(self, chat: int, by: Author, line: str, read: Days) -> tuple[str, Answer]:
        now = self._live.clock()
        name = secrets.token_urlsafe(9)
        preview = Preview(name, chat, by, now, now + PREVIEW_LASTS, (), _mark(read), f"{_COMMAND}{line}")
        async with self._store.writing() as session:
            await session.save_preview(preview)
        entry = SpecialDays(0, read.exceptions, by, now)
        calendar = self._live.calendar.supposing((*in_force(self._live.scheduled), *entry.exceptions))
        view = View(self._live.catalogue, calendar, self._live.at(now), now, self._read_at(entry))
        return name, view.clocked(schedule_texts.days_preview(view, name, entry))

    def _read_at(self, entry: SpecialDays) -> str | None:
        """Of many offices the first that it concerns."""
        tree = self._live.catalogue.tree
        place = next((one.place for one in entry.exceptions if one.place), self._live.catalogue.root.path)
        return tree.office_of(tree.leaves_under[place][0]) if tree.many else None

    async def _preview_plan(
        self, chat: int, by: Author, line: str, assertions: tuple[Assertion, ...]
    ) -> tuple[str, Answer]:
        shown = await self._staff.preview(chat, by, assertions, f"{_COMMAND}{line}")
        view, notices = self._live.view(), shown.following.notices
        plan = Report(self._live.version + 1, view.now, by, ReportKind.ASSERTION, assertions)
        changed = tuple(change for one in notices if one.kind is NoticeKind.PLAN for change in one.changes)
        audience = audience_of(view, shown.following.told, notices, self._staff.sleeping)
        spared = [step for step in view.catalogue.steps if any(step in (one.spares or ()) for one in assertions)]
        reads = plan_texts.announced(view, assertions, changed)
        name = shown.preview.id
        told = schedule_texts.plan_preview(view, name, plan, changed, reads, audience, spared)
        return name, replace(told, zone=shown.reads.zone)

    async def save(self, preview_id: str, by: Author) -> Answer:
        """Enter days that differ; the same tap twice enters them once."""
        now = self._live.clock()
        async with self._store.reading() as session:
            preview = await self._staff.opened(session, preview_id, by, published=True)
        read = await self._read(by, preview.command.removeprefix(_COMMAND), preview.made_at)
        async with self._store.writing() as session:
            preview = await self._staff.opened(session, preview_id, by, published=True)
            by = await session.known_as(by)
            if not isinstance(read, Days) or _mark(read) != preview.fingerprint:
                raise RefusedError(say("staff.expired"))
            entry = SpecialDays(0, read.exceptions, by, now)
            if await session.add_special_days(entry, preview_id):
                await session.record_deed(Deed(now, by, DeedKind.SCHEDULED, _told(entry)))
            await session.close_preview(preview_id, PUBLISHED)
        await self._live.refresh()
        return schedule_texts.saved(self._live.view(), entry)

    async def ask_removal_of_days(self, number: int) -> Answer:
        return schedule_texts.remove_days(self._live.view(), await self._entry(number))

    async def remove_days(self, number: int, by: Author) -> Answer:
        """Those days are as they were."""
        entry, now = await self._entry(number), self._live.clock()
        await self._refuse_days_beyond(by, entry.exceptions)
        async with self._store.writing() as session:
            by = await session.known_as(by)
            if not await session.remove_special_days(number, by, now):
                raise RefusedError(say("schedule.gone"))
            await session.record_deed(Deed(now, by, DeedKind.UNSCHEDULED, _told(entry)))
        await self._live.refresh()
        return schedule_texts.removed()

    async def ask_removal_of_plan(self, number: int) -> Answer:
        plan = await self._plan(number)
        async with self._store.reading() as session:
            told = await session.count_told([one.id for one in await session.notices_of(number)])
        return schedule_texts.remove_plan(self._live.view(), plan, told)

    async def cancel_plan(self, number: int, by: Author) -> tuple[Answer, int]:
        """The maintenance will not be, and who read of it hears so; with the number of the retraction."""
        async with self._store.reading() as session:
            by = await session.known_as(by)
        await self._staff.refuse_report_beyond(number, by)
        retraction = await self._retracting.take_back(await self._plan(number), by)
        return schedule_texts.removed(), retraction.number

    async def _entry(self, number: int) -> SpecialDays:
        await self._live.refresh()
        found = next((one for one in self._live.scheduled if one.id == number), None)
        if found is None:
            raise RefusedError(say("schedule.gone"))
        return found

    async def _plan(self, number: int) -> Report:
        """A plan that is still to come; one that has begun ends by /pulih."""
        await self._live.refresh()
        live = self._live
        found = next((one for one in plans(live.reports, live.clock()) if one.number == number), None)
        if found is None:
            raise RefusedError(say("schedule.gone"))
        return replace(found, assertions=planned(found))


def _concerns(home: str | None, places: Iterable[str | None]) -> bool:
    return home is None or any(place is None or touches(home, place) for place in places)


def _mark(read: Days) -> str:
    """The same for the same days at the same places: nothing is saved that was not shown."""
    return hashlib.sha256(repr(read.exceptions).encode()).hexdigest()


def _told(entry: SpecialDays) -> str:
    """An entry as the audit keeps it."""
    return f"{entry.first} – {entry.last}: {entry.exceptions[0].reason['id']}"
