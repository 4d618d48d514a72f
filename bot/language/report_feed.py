"""Reports as news: an entry for each, said as it was published; one that was taken back says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.language.incident_texts import assertion_lines, concerned_services, report_title
from bot.language.messages import Brief, Message, say
from bot.language.view import View
from bot.rules.reports import Report, ReportKind

KEPT = timedelta(days=90)
_MOST = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One report, for readers of feeds."""

    number: int
    published: datetime
    updated: datetime
    title: Message
    lines: tuple[Message, ...]
    services: tuple[str, ...]


def entries(view: View, reports: Iterable[Report]) -> tuple[Entry, ...]:
    """Those of the last 90 days, the latest first; confirmations say nothing new."""
    known = sorted(reports, key=lambda report: report.number)
    taken_back = {report.retracts: report for report in known if report.retracts is not None}
    told = [one for one in known if one.kind is ReportKind.ASSERTION and one.assertions]
    recent = [one for one in told if one.at >= view.now - KEPT][-_MOST:]
    return tuple(_entry(view, report, taken_back.get(report.number)) for report in reversed(recent))


def _entry(view: View, report: Report, taken_back: Report | None) -> Entry:
    title, services = report_title(view, report), concerned_services(view, report)
    if taken_back is None:
        lines = tuple(assertion_lines(view, report.assertions))
        return Entry(report.number, report.at, report.at, title, lines, services)
    wrong = say("feed.correction", told=title)
    found = say("feed.correction.found", at=Brief(taken_back.at))
    return Entry(report.number, report.at, max(report.at, taken_back.at), wrong, (wrong, found), services)
