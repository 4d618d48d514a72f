"""Who did what, when, and what it changed: reports, other deeds, and attempts that were refused, as one list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.rules.board import cells_in
from bot.rules.catalogue import Catalogue, covers, touches
from bot.rules.chats import Refusal
from bot.rules.notices import Change
from bot.rules.reports import Report, ReportKind
from bot.rules.staff import Deed, DeedKind
from bot.rules.standing import Standing, standing_after

Entry = Report | Deed | Refusal
Effects = Mapping[int, tuple[Change, ...]]
"""What each report changed, by its number."""
_OF_A_REPORT = frozenset({DeedKind.STOPPED, DeedKind.RESUMED, DeedKind.HURRIED})


def newest_first(reports: Iterable[Report], deeds: Iterable[Deed], refused: Iterable[Refusal]) -> tuple[Entry, ...]:
    """Everything that was done or tried."""
    everything: list[Entry] = [*reports, *deeds, *refused]
    return tuple(sorted(everything, key=_at, reverse=True))


def _at(entry: Entry) -> datetime:
    return entry.at


def of_place(
    home: str, entries: Iterable[Entry], reports: Sequence[Report], colleagues: Collection[int]
) -> Iterator[Entry]:
    """What concerns a place: what was reported of it or from above, and whatever else its own staff did or tried."""
    known = {report.number: report for report in reports}
    for entry in entries:
        if isinstance(entry, Report):
            yield from _part_of(home, entry, known)
        elif isinstance(entry, Deed) and entry.kind in _OF_A_REPORT:
            about = known.get(int(entry.about))
            yield from [entry] if about and any(_part_of(home, about, known)) else []
        elif (entry.by.id if isinstance(entry, Deed) else entry.user) in colleagues:
            yield entry


def _part_of(home: str, report: Report, known: Mapping[int, Report]) -> Iterator[Report]:
    """A report as far as it speaks of a place, if it does."""
    if report.kind is ReportKind.CONFIRMATION:
        yield from [report] if report.place is None or touches(home, report.place) else []
    elif report.retracts is not None:
        wrong = known.get(report.retracts)
        yield from [report] if wrong and any(_part_of(home, wrong, known)) else []
    elif said := tuple(one for one in report.assertions if touches(home, one.place)):
        yield replace(report, assertions=said)


def effects_at(home: str, followed: Effects) -> Effects:
    """What each report changed at and below a place."""
    return {
        number: tuple(change for change in changed if covers(home, change.counter))
        for number, changed in followed.items()
    }


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
