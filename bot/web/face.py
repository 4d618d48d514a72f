"""The office as everybody sees it: the view of now, its incidents, and documents kept until something changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.requests import Request

from bot.language.texts import Texts
from bot.language.view import View
from bot.office.boards import LiveBoard
from bot.rules.catalogue import touches
from bot.rules.incidents import Incident, incidents
from bot.rules.reports import Report
from bot.web.clients import base_of, language_of
from bot.web.documents import Document, Shelf
from bot.web.wording import Wording

_FOR_READERS = ("page", "privacy")  # a wall and a program have no language of their own: it is asked for by name
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """What one request asks to see; equal ones get the same document."""

    kind: str
    language: str
    named: bool  # whether the language was asked for by name; then the links keep it
    place: str | None
    base: str


@dataclass
class Face:
    """What the addresses share."""

    live: LiveBoard
    texts: Texts
    bot_name: Callable[[], str | None]  # without "@"; None until Telegram told it
    base: str | None = None  # the public address; None: the one that was asked by
    _shelf: Shelf = field(default_factory=Shelf)
    _incidents: tuple[Hashable, tuple[Incident, ...]] = (None, ())

    def asked(self, request: Request, kind: str) -> Asked:
        """Read a request; what it says that is not known counts as unsaid."""
        named = request.query_params.get("bahasa")
        headers = request.headers if kind in _FOR_READERS else None
        place = request.query_params.get("tempat")
        return Asked(
            kind,
            language_of(named, headers, self.texts.languages),
            named in self.texts.languages,
            self.live.catalogue.place_of(place),
            self.base or base_of(request),
        )

    def document(self, asked: Asked, make: Callable[[View], Document]) -> Document:
        """The document of now, made where nothing that says the same is kept."""
        view = self.live.view(asked.place)
        key = (asked, view.board.version, _minute(view.now), view.board.settling, self.bot_name())
        return self._shelf.take(key, lambda: make(view))

    def incidents(self, view: View) -> tuple[Incident, ...]:
        """All of them as of this view's minute."""
        key = view.board.version, _minute(view.now)
        if self._incidents[0] != key:
            self._incidents = key, incidents(self.live.reports, view.now)
        if view.place is None or not view.catalogue.tree.many:
            return self._incidents[1]
        return tuple(one for one in self._incidents[1] if any(touches(view.place, at) for _, at in one.targets))

    def reports(self, view: View) -> tuple[Report, ...]:
        """All of them; of many offices those that concern the place of this view, and that took one back."""
        if view.place is None or not view.catalogue.tree.many:
            return self.live.reports
        place = view.place
        return tuple(
            one
            for one in self.live.reports
            if one.retracts is not None or any(touches(place, said.place) for said in one.assertions)
        )

    def wording(self, asked: Asked, view: View) -> Wording:
        return Wording(self.texts, asked.language, view.now, view.zone)

    def lasting_wording(self, asked: Asked) -> Wording:
        """For what is read later than it was made: no "today" and no day without its year, as seen from long ago."""
        return Wording(self.texts, asked.language, _LONG_AGO, self.live.catalogue.zones.of(asked.place))


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
