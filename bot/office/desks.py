"""What a staff member works with whose place is part of the whole: that place as if it were the office."""

from __future__ import annotations

from dataclasses import replace

from bot.language.report_line import ReportLines
from bot.language.schedule_lines import ScheduleLines
from bot.language.view import View
from bot.office.boards import LiveBoard
from bot.rules.catalogue import Catalogue, touches


class Desks:
    """The catalogue, the grammar and the board of each place; None is everywhere."""

    def __init__(self, live: LiveBoard) -> None:
        self._live = live
        self._catalogues: dict[str | None, Catalogue] = {None: live.catalogue}
        self._lines: dict[str | None, ReportLines] = {}

    def catalogue(self, home: str | None) -> Catalogue:
        """The places at and below it; one that the catalogue no longer has shows all, and may report on none of it."""
        if home not in self._catalogues:
            known = home in self._live.catalogue.places_by_path
            self._catalogues[home] = self._live.catalogue.within(home) if home and known else self._live.catalogue
        return self._catalogues[home]

    def lines(self, home: str | None) -> ReportLines:
        """The grammar of reports: without `di`, the place itself is meant, and its main counter."""
        if home not in self._lines:
            self._lines[home] = ReportLines(self.catalogue(home), self._live.calendar)
        return self._lines[home]

    def schedule(self, home: str | None) -> ScheduleLines:
        """The grammar of plans and days that differ."""
        return ScheduleLines(self.catalogue(home), self._live.calendar, self.lines(home))

    def view(self, home: str | None) -> View:
        """Its counters, and what stands there or above."""
        view, catalogue = self._live.view(), self.catalogue(home)
        if home is None or catalogue is view.catalogue:
            return view
        here = [(step, counter.path) for step in catalogue.steps for counter in catalogue.counters]
        cells = {key: cell for key in here if (cell := view.board.cells.get(key))}
        facts = tuple(fact for fact in view.board.facts if touches(home, fact.place))
        board = replace(view.board, cells=cells, facts=facts)
        return replace(view, catalogue=catalogue, board=board, names=view.catalogue)
