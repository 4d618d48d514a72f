"""Where an invitation holds, chosen by taps before it is handed on: a new link each time, and the old one is void."""

from __future__ import annotations

from dataclasses import replace

from bot.language import roster_texts
from bot.language.messages import Answer, say
from bot.language.refusals import RefusedError
from bot.office.boards import LiveBoard
from bot.office.roster import Invited, Roster
from bot.rules.reports import Author
from bot.rules.staff import Invitation


class Narrowing:
    """The places of an invitation; one office has none to choose from."""

    def __init__(self, live: LiveBoard, roster: Roster) -> None:
        self._live, self._roster = live, roster

    async def places(self, by: Author, invitation: int, word: str, page: int) -> Answer:
        """A page of what lies below a territory, by the word that a button carries; else of where it holds now."""
        found, top = await self._open(by, invitation), await self._top(by)
        now = self._live.catalogue.place_of(found.place) or top
        territory = self._live.catalogue.place_of(word) or self._territory(now)
        return roster_texts.narrowing(self._live.view(), found, top, territory, page)

    async def to(self, by: Author, invitation: int, word: str) -> Invited:
        """The same invitation for this place."""
        found, catalogue = await self._open(by, invitation), self._live.catalogue
        place = catalogue.place_of(word) or found.place or await self._top(by)
        await self._roster.refuse_beyond(by, [place], "/undang")
        everywhere = place == catalogue.root.path and await self._roster.home(by.id) is None
        return await self._roster.issue(replace(found, by=by, place=None if everywhere else place), instead=found)

    async def _open(self, by: Author, invitation: int) -> Invitation:
        found = await self._roster.waiting(by, invitation) if self._live.catalogue.tree.many else None
        if found is None:
            raise RefusedError(say("roster.invitation_gone"))
        return found

    def _territory(self, place: str) -> str:
        """A place, or where the office stands to which it belongs."""
        office = self._live.catalogue.tree.office_of(place)
        return office.rpartition("/")[0] if office else place

    async def _top(self, by: Author) -> str:
        return await self._roster.home(by.id) or self._live.catalogue.root.path
