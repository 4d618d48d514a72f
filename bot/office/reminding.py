"""What staff are asked of what they reported, and what their answers do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.language.messages import Answer, say
from bot.language.refusals import RefusedError
from bot.language.reminder_texts import question, still
from bot.office.boards import LiveBoard
from bot.office.reporting import Reporting, Shown
from bot.office.roster import Roster
from bot.rules.board import Board, Fact
from bot.rules.catalogue import State, covers
from bot.rules.notices import Quiet
from bot.rules.reminders import Duty, Reminder, counter_of, due, incident_of, standing
from bot.rules.reports import Assertion, Author, Estimate, Moment, ReportKind
from bot.store.store import Store


class Reminding:
    """The questions of this office."""

    def __init__(self, live: LiveBoard, store: Store, staff: Reporting, roster: Roster, quiet: Quiet) -> None:
        self._live, self._store, self._quiet = live, store, quiet
        self._staff, self._roster = staff, roster

    async def due(self) -> tuple[Reminder, ...]:
        """What is to be asked now, of chats that were not asked yet."""
        live = self._live
        async with self._store.reading() as session:
            await live.catch_up(session)
            asked = await session.asked()
        members = await self._roster.members()
        staff, homes = tuple(one.id for one in members), {one.id: one.place for one in members if one.place}
        board = replace(live.at(now := live.clock()), at=now)
        return due(Duty(live.catalogue, live.calendar, live.reports, board, staff, self._quiet, asked, homes))

    async def question(self, reminder: Reminder, chat: int) -> Answer:
        """As this chat reads it: who has a place is asked of what stands there."""
        home = await self._roster.home(chat)
        facts = tuple(fact for fact in reminder.facts if home is None or covers(home, fact.place))
        return await self._roster.clocked(chat, question(self._roster.desks.view(home), replace(reminder, facts=facts)))

    async def asking(self, reminder: Reminder, chat: int) -> bool:
        """Write down that a chat is being asked; false where it was before."""
        async with self._store.writing() as session:
            return await session.ask(reminder.key, chat, self._live.clock())

    async def not_asked(self, reminder: Reminder, chat: int) -> None:
        """It surely did not arrive: it is due again."""
        async with self._store.writing() as session:
            await session.unask(reminder.key, chat)

    async def well(self, key: str, chat: int, by: Author) -> Shown:
        """It is over: the preview of that report."""
        facts = await self._facts(key)
        return await self._preview(chat, by, [_said(fact, State.AVAILABLE) for fact in facts])

    async def until(self, key: str, day: str, chat: int, by: Author) -> Shown:
        """It goes on until the closing of a day: the preview of that report."""
        live, facts = self._live, await self._facts(key)
        closing = live.calendar.closing_of(counter_of(live.catalogue, facts), date.fromisoformat(day))
        if closing <= live.clock():
            raise RefusedError(say("reminder.day_over"))
        estimate = Estimate(Moment(closing, whole_day=True))
        return await self._preview(chat, by, [replace(_said(fact, fact.state), estimate=estimate) for fact in facts])

    async def still(self, key: str, by: Author) -> Answer:
        """It goes on: written down at once, as nothing changes for anybody. An estimate that has passed is given up."""
        now = self._live.clock()
        async with self._store.writing(reporting=True) as session:
            await self._live.catch_up(session)
            facts = self._standing(key)
            await self._roster.refuse_beyond(by, {fact.place for fact in facts})
            assertions = [_goes_on(fact, self._live.at(now)) for fact in facts]
            report = await session.append_report(now, await session.known_as(by), ReportKind.ASSERTION, assertions)
        await self._live.refresh()
        return still(self._live.view(), report, facts)

    async def _preview(self, chat: int, by: Author, assertions: Iterable[Assertion]) -> Shown:
        return await self._staff.preview(chat, by, tuple(assertions), "/lapor")

    async def _facts(self, key: str) -> tuple[Fact, ...]:
        await self._live.refresh()
        return self._standing(key)

    def _standing(self, key: str) -> tuple[Fact, ...]:
        """What an incident still holds down."""
        now = self._live.clock()
        incident = incident_of(key, self._live.reports, now)
        if incident is None:
            raise RefusedError(say("reminder.over"))
        return standing(self._live.at(now), incident)


def _said(fact: Fact, state: State) -> Assertion:
    return Assertion(fact.target, fact.place, state)


def _goes_on(fact: Fact, board: Board) -> Assertion:
    return replace(_said(fact, fact.state), estimate=Estimate(None) if fact.overdue(board.at) else None)
