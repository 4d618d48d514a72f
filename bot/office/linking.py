"""What a link check proposes to staff: a ready report, withdrawn when somebody posted, never published by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.language.link_texts import proposal, withdrawn
from bot.language.messages import Answer, say
from bot.language.refusals import RefusedError
from bot.language.view import View
from bot.office.boards import LiveBoard
from bot.office.reporting import Published, Reporting
from bot.office.roster import Roster
from bot.rules.board import changes
from bot.rules.catalogue import LinkCheck
from bot.rules.links import Link, Watched, mark_of, proposed
from bot.rules.notices import Quiet
from bot.rules.reminders import Asked, may_ask
from bot.rules.reports import Assertion, Author, Report, ReportKind
from bot.store.store import Store

_PREFIX = "link:"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A report that fits what was seen, and who has not read of it."""

    resource: str
    key: str
    assertion: Assertion
    answer: Answer
    to: tuple[int, ...]


class Linking:
    """What follows from looks at the links of this office."""

    def __init__(self, live: LiveBoard, store: Store, staff: Reporting, roster: Roster, quiet: Quiet) -> None:
        self._live, self._store = live, store
        self._staff, self._roster, self._quiet = staff, roster, quiet

    @property
    def check(self) -> LinkCheck | None:
        """What is to be looked at; None where the catalogue names nothing."""
        return self._live.catalogue.link_check

    def may_ask(self) -> bool:
        """Whether staff may be spoken to now."""
        live = self._live
        return may_ask(live.catalogue, live.calendar, live.clock(), self._quiet)

    async def proposals(self, watched: Mapping[str, Watched]) -> tuple[Proposal, ...]:
        """What staff are to read now: nothing by night, and nothing that they said already."""
        await self._live.refresh()
        turned = {resource: one.link for resource, one in watched.items() if one.turned and one.link}
        if not turned or not self.may_ask():
            return ()
        found = [await self._proposal(resource, link) for resource, link in turned.items()]
        return tuple(one for one in found if one is not None)

    async def _proposal(self, resource: str, link: Link) -> Proposal | None:
        """At most one a day of each kind, as long as nobody reports anything: a link may come and go."""
        live, now = self._live, self._live.clock()
        board = live.at(now)
        assertion = proposed(live.catalogue, board, resource, link)
        if assertion is None:
            return None
        mark = mark_of(live.catalogue, board, resource)
        key = f"{_PREFIX}{resource}:{link}:{mark}:{live.calendar.today(now)}"
        async with self._store.reading() as session:
            asked = {one.chat for one in await session.asked(key)}
        staff = await self._roster.members()
        to = tuple(one.id for one in staff if one.id not in asked and one.place is None)
        report = Report(live.version + 1, now, Author(0, ""), ReportKind.ASSERTION, (assertion,))
        after = live.supposing(report, now)
        view = View(live.catalogue, live.calendar, after, now)
        return Proposal(resource, key, assertion, proposal(view, link, assertion, changes(board, after), mark), to)

    async def asking(self, one: Proposal, chat: int) -> bool:
        """Write down that a chat is told; false where it was before."""
        async with self._store.writing() as session:
            return await session.ask(one.key, chat, self._live.clock())

    async def shown(self, one: Proposal, chat: int, message: int) -> None:
        """Which message tells it, so that it can be withdrawn."""
        async with self._store.writing() as session:
            await session.asked_in(one.key, chat, message)

    async def overtaken(self, watched: Mapping[str, Watched]) -> tuple[tuple[Asked, Answer], ...]:
        """The proposals that stand and hold no longer, each with what its message says from now on."""
        async with self._store.reading() as session:
            standing = [one for one in await session.asked(_PREFIX) if one.message is not None]
        found = ((one, self._withdrawal(one, watched)) for one in standing)
        return tuple((one, said) for one, said in found if said is not None)

    def _withdrawal(self, one: Asked, watched: Mapping[str, Watched]) -> Answer | None:
        _, resource, link, mark, _ = one.key.split(":")
        live = self._live
        if resource not in live.catalogue.resources_by_id:
            return withdrawn("posted")
        if mark_of(live.catalogue, live.at(live.clock()), resource) != mark:
            return withdrawn("posted")
        now = watched.get(resource, Watched()).link
        return withdrawn(f"link_{now}") if now is not None and now != link else None

    async def settled(self, one: Asked) -> None:
        """Its message says nothing any more that could become untrue."""
        async with self._store.writing() as session:
            await session.asked_in(one.key, one.chat, None)

    async def publish(self, resource: str, link: str, mark: str, chat: int, by: Author) -> Published:
        """What was proposed is reported, unless anything in it changed since."""
        await self._live.refresh()
        live = self._live
        known = resource in live.catalogue.resources_by_id
        board = live.at(live.clock())
        assertion = proposed(live.catalogue, board, resource, Link(link)) if known else None
        if assertion is None or mark_of(live.catalogue, board, resource) != mark:
            raise RefusedError(say("link.withdrawn_posted"))
        async with self._store.writing() as session:  # from now on its message is the report's
            for one in await session.asked(f"{_PREFIX}{resource}:{link}:{mark}:"):
                if one.chat == chat:
                    await session.asked_in(one.key, chat, None)
        shown = await self._staff.preview(chat, by, (assertion,), "/lapor")
        return await self._staff.publish(shown.preview.id, by)
