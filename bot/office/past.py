"""What the reports tell of the past, kept in memory until something changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue
from bot.rules.chronicle import Chronicle, chronicle_of
from bot.rules.history import History, history_of, window
from bot.rules.incidents import incidents
from bot.rules.reports import Report, ReportKind
from bot.rules.usual import WITHIN, Usual, usual_lengths

_LONGEST_OUTAGE = timedelta(days=90)  # one that began even earlier is not among the usual ones

_MOST_PLACES = 64  # whose past is kept, where the office is one of many


class Past:
    """The last 90 days, and how long outages usually last; each is told anew only where a report or time changed it."""

    def __init__(self, catalogue: Catalogue, calendar: OfficeCalendar, reports: Callable[[], Sequence[Report]]) -> None:
        self._catalogue, self._calendar, self._reports = catalogue, calendar, reports
        self._chronicle: Chronicle | None = None
        self._read = 0  # how many reports the chronicle has taken
        self._history: dict[str | None, tuple[tuple[int, datetime], History]] = {}  # by place
        self._usual: tuple[tuple[int, date] | None, Mapping[str, Usual]] = (None, {})

    def history(self, now: datetime, place: str | None = None) -> History:
        """Every step through the opening hours of the last 90 days, at a place or everywhere."""
        key = len(self._reports()), now.replace(second=0, microsecond=0)
        kept = self._history.get(place)
        if kept is None or kept[0] != key:
            if len(self._history) >= _MOST_PLACES:
                self._history.clear()
            told = history_of(self._up_to_date(now), self._calendar, self._catalogue, now, place)
            self._history[place] = kept = key, told
        return kept[1]

    def usual(self, now: datetime) -> Mapping[str, Usual]:
        """How long outages usually last, by what failed."""
        key = len(self._reports()), self._calendar.today(now)
        if self._usual[0] != key:
            recent = [one for one in self._reports() if one.at >= now - WITHIN - _LONGEST_OUTAGE]
            told = usual_lengths(self._catalogue, self._calendar, incidents(recent, now), now)
            self._usual = key, told
        return self._usual[1]

    def forget(self) -> None:
        """The calendar changed: what was told by it is to be told anew."""
        self._history = {}
        self._usual = None, {}

    def _up_to_date(self, now: datetime) -> Chronicle:
        """The chronicle with the newest reports; only where one takes another back are all read again."""
        reports = self._reports()
        newer = reports[self._read :]
        if self._chronicle is None or any(report.kind is ReportKind.RETRACTION for report in newer):
            self._chronicle = chronicle_of(self._catalogue, reports, self._first_morning(now))
        else:
            for report in newer:
                if report.kind is ReportKind.ASSERTION:
                    self._chronicle.take(report)
        self._read = len(reports)
        return self._chronicle

    def _first_morning(self, now: datetime) -> datetime:
        """Of the window; where it begins on different days, of an earlier one."""
        morning = datetime.combine(window(self._calendar, now)[0], time(), self._catalogue.office.timezone)
        return morning - timedelta(days=1) if self._catalogue.zones.many else morning
