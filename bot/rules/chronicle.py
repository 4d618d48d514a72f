"""When the state of each step turned, kept up with the reports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from bot.rules.board import CellKey, Hold, cells_in
from bot.rules.catalogue import Catalogue, State
from bot.rules.reports import Assertion, Report, ReportKind
from bot.rules.standing import Standing

Turn = tuple[float, State]
"""From then on (seconds since 1970) it stood so."""

Course = Sequence[Turn]
"""How one step stood at one counter: its turns in order."""

_RANK = {State.UNAVAILABLE: 2, State.LIMITED: 1, State.AVAILABLE: 0, State.UNKNOWN: 0}


class Chronicle:
    """What stood when; of reports before `since` it tells only what they left standing then.

    It takes reports one by one, so that a new one costs no reading of the old. One that takes another back cannot be
    taken: then all are read again, by `chronicle_of`.
    """

    def __init__(self, catalogue: Catalogue, since: datetime) -> None:
        self._standing = Standing(catalogue)
        self._since = since
        self._at = since  # up to when it is told
        self._begun = False
        self._turns: dict[CellKey, list[Turn]] = {}
        self._before: dict[CellKey, dict[Turn, float]] = {}  # what staff said afterwards: since when, how, told when
        self._latest: dict[CellKey, tuple[float, tuple[Hold, ...]]] = {}  # what holds since then, not in it yet

    def take(self, report: Report) -> None:
        """Add a report that stands and takes none back."""
        self._come_to(report.at)
        self._standing = self._standing.after(report)
        self._note(report.at, [one for one in report.assertions if one.planned_from is None])
        self._come_to(report.at)  # maintenance that was announced after it had begun

    def courses(self, now: datetime, counters: Collection[str]) -> dict[CellKey, list[Turn]]:
        """How each step stood at these counters, up to now; what was said of the past afterwards counts there."""
        told = self
        if not self._begun or self._due(now):
            told = self._copy()  # a report may still come that was made before these plans began
            told._come_to(now)
        here = ((key, turns) for key, turns in told._turns.items() if key[1] in counters)
        return {key: _with_hindsight(turns, told._said_before(key)) for key, turns in here}

    def _copy(self) -> Chronicle:
        other = Chronicle(self._standing.catalogue, self._since)
        other._standing, other._at, other._begun = self._standing, self._at, self._begun
        other._turns = {key: list(turns) for key, turns in self._turns.items()}
        other._before, other._latest = dict(self._before), dict(self._latest)
        return other

    def _due(self, now: datetime) -> list[datetime]:
        return sorted({begins for begins, _, _ in self._standing.plans if begins <= now})

    def _come_to(self, now: datetime) -> None:
        """Maintenance begins at its time; and with the first that is told, how everything stood before it."""
        for begins in self._due(now):
            begun = [assertion for at, _, assertion in self._standing.plans if at == begins]
            self._begin(begins)
            self._standing = self._standing.as_of(begins)
            self._note(begins, begun)
        self._begin(now)

    def _begin(self, now: datetime) -> None:
        """Once what happens is to be told, how everything stood before it is noted."""
        if not self._begun and now >= self._since:
            self._begun = True
            catalogue = self._standing.catalogue
            self._note_cells(self._since, [(step, one.path) for step in catalogue.steps for one in catalogue.counters])

    def _note(self, at: datetime, assertions: Iterable[Assertion]) -> None:
        if self._begun:
            self._note_cells(at, cells_in(self._standing.catalogue, assertions))

    def _note_cells(self, at: datetime, keys: Iterable[CellKey]) -> None:
        self._at = max(self._at, at)  # clocks of two processes may differ a little; reports count in their order
        told = self._at.timestamp()
        for key in keys:
            state, holds = self._standing.seen(key)
            turns = self._turns.setdefault(key, [])
            if not turns or turns[-1][1] is not state:
                turns.append((told, state))
            if key in self._latest and self._latest[key][0] < told:  # what held for no time at all was never so
                self._before[key] = self._said_before(key)
            self._latest[key] = told, holds

    def _said_before(self, key: CellKey) -> dict[Turn, float]:
        told, holds = self._latest[key]
        began = [(hold.fact.since.at.timestamp(), hold.state) for hold in holds]
        return self._before.get(key, {}) | {(at, state): told for at, state in began if at < told}


def chronicle_of(catalogue: Catalogue, reports: Iterable[Report], since: datetime) -> Chronicle:
    """All reports in the order of their numbers; those taken back count as never made."""
    in_order = sorted(reports, key=lambda report: report.number)
    retracted = {report.retracts for report in in_order}
    told = Chronicle(catalogue, since)
    for report in in_order:
        if report.number not in retracted and report.kind is ReportKind.ASSERTION:
            told.take(report)
    return told


def _with_hindsight(turns: Sequence[Turn], before: dict[Turn, float]) -> list[Turn]:
    """The turns, made worse where staff said afterwards that it had been so already."""
    if not before:
        return list(turns)
    cuts = sorted({*(at for at, _ in turns), *(at for at, _ in before), *before.values()})
    found: list[Turn] = []
    place = -1
    for at in cuts:
        while place + 1 < len(turns) and turns[place + 1][0] <= at:
            place += 1
        stood = turns[place][1] if place >= 0 else State.UNKNOWN
        said = (state for (since, state), told in before.items() if since <= at < told)
        worst = max((stood, *said), key=_RANK.__getitem__)
        if not found or found[-1][1] is not worst:
            found.append((at, worst))
    return found
