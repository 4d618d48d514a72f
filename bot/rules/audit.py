"""Who did what, when, and what it changed: reports, other deeds, and attempts that were refused, as one list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.rules.board import cells_in
from bot.rules.catalogue import Catalogue
from bot.rules.chats import Refusal
from bot.rules.notices import Change
from bot.rules.reports import Report, ReportKind
from bot.rules.staff import Deed
from bot.rules.standing import Standing, standing_after

Entry = Report | Deed | Refusal
Effects = Mapping[int, tuple[Change, ...]]
"""What each report changed, by its number."""


def newest_first(reports: Iterable[Report], deeds: Iterable[Deed], refused: Iterable[Refusal]) -> tuple[Entry, ...]:
    """Everything that was done or tried."""
    everything: list[Entry] = [*reports, *deeds, *refused]
    return tuple(sorted(everything, key=_at, reverse=True))


def _at(entry: Entry) -> datetime:
    return entry.at


def effects(catalogue: Catalogue, reports: Sequence[Report]) -> Effects:
    """The steps whose state each report changed when it was made, from what to what."""
    told: dict[int, tuple[Change, ...]] = {}
    by_number = {report.number: report for report in reports}
    standing = Standing(catalogue)
    for place, report in enumerate(reports):
        if report.kind is ReportKind.RETRACTION:
            after = standing_after(catalogue, reports[: place + 1])
        else:
            after = standing.after(report)
        about = report if report.retracts is None else by_number.get(report.retracts, report)
        told[report.number] = _changes(standing.as_of(report.at), after.as_of(report.at), about)
        standing = after
    return told


def _changes(before: Standing, after: Standing, about: Report) -> tuple[Change, ...]:
    stood = [(*key, before.seen(key)[0], after.seen(key)[0]) for key in cells_in(after.catalogue, about.assertions)]
    return tuple(Change(step, counter, was, now) for step, counter, was, now in stood if was is not now)
