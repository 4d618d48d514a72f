"""The audit as staff read it: a page in the chat, and the rows of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.language.messages import Answer, Brief, Button, Capital, Listing, Message, Value, Words, say
from bot.language.view import View
from bot.rules.audit import Effects, Entry
from bot.rules.notices import Change
from bot.rules.reports import Assertion, Estimate, Moment, Report, ReportKind
from bot.rules.staff import Deed

PAGE = 6
_MOST_CHANGES = 3  # in a line of the chat; the file has more
_MOST_IN_A_CELL = 100  # changes of a report in one cell of the file: a country's has thousands
COLUMNS = ("at", "by", "number", "what", "was", "now", "note")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file: `at` and `number` as they are, the rest in words."""

    entry: Entry
    by: Value
    number: int
    what: Value
    was: Value = ""
    now: Value = ""
    note: Value = ""


def page(view: View, entries: Sequence[Entry], effects: Effects, names: Mapping[int, str], skipped: int) -> Answer:
    """Some entries, the newest first, with buttons to the older and the newer ones."""
    if not entries:
        return Answer((say("audit.nothing"),))
    shown = entries[skipped : skipped + PAGE]
    lines = [_line(view, one, effects, names) for one in shown]
    older = Button(say("button.older"), action=f"log:{skipped + PAGE}")
    newer = Button(say("button.newer"), action=f"log:{max(0, skipped - PAGE)}")
    ways = [older] * (skipped + PAGE < len(entries)) + [newer] * (skipped > 0)
    return Answer((say("audit.title"), *lines), (tuple(ways),) if ways else ())


def file_caption(count: int) -> Answer:
    return Answer((say("audit.file", count=count),))


def _line(view: View, entry: Entry, effects: Effects, names: Mapping[int, str]) -> Message:
    row = _row(view, entry, effects, names)
    what = row.what
    if row.note:
        what = say("audit.with_note", what=what, note=row.note)
    if isinstance(entry, Report) and (changed := effects.get(entry.number)):
        what = say("audit.with_changes", what=what, changes=_changes(view, changed))
    return say("audit.entry", at=Brief(entry.at), by=row.by, what=what)


def _changes(view: View, changed: Sequence[Change]) -> Value:
    told: list[Value] = [
        say("audit.change", step=Capital(_step(view, one)), was=_state(one.was), now=_state(one.now))
        for one in changed[:_MOST_CHANGES]
    ]
    more = len(changed) - len(told)
    return Listing((*told, say("audit.more", count=more)) if more else tuple(told))


def rows(view: View, entries: Iterable[Entry], effects: Effects, names: Mapping[int, str]) -> Iterator[Row]:
    """Every entry as a line of the file."""
    return (_row(view, entry, effects, names) for entry in entries)


def _row(view: View, entry: Entry, effects: Effects, names: Mapping[int, str]) -> Row:
    if isinstance(entry, Report):
        return _report(view, entry, effects.get(entry.number, ()))
    if isinstance(entry, Deed):
        return Row(entry, entry.by.name, entry.by.id, _deed(entry), _deed_state(entry.was), _deed_state(entry.now))
    name = names.get(entry.user) or say("roster.number", number=str(entry.user))
    return Row(entry, name, entry.user, say("audit.refused"), note=entry.what)


def _report(view: View, report: Report, changed: Sequence[Change]) -> Row:
    shown, more = changed[:_MOST_IN_A_CELL], len(changed) - _MOST_IN_A_CELL

    def stood(states: Iterable[tuple[Change, str]]) -> Value:
        told = (say("audit.stood", step=Capital(_step(view, one)), state=_state(state)) for one, state in states)
        return _listed((*told, *([say("audit.more", count=more)] if more > 0 else ())))

    return Row(
        report,
        report.by.name or say("audit.nobody"),
        report.by.id,
        _what(view, report),
        stood((one, one.was) for one in shown),
        stood((one, one.now) for one in shown),
        _listed(note for assertion in report.assertions for note in _notes(view, assertion)),
    )


def _listed(values: Iterable[Value]) -> Value:
    """As one enumeration, each thing once."""
    told: list[Value] = []
    for value in values:
        if value not in told:
            told.append(value)
    return Listing(tuple(told)) if told else ""


def _what(view: View, report: Report) -> Value:
    if report.kind is ReportKind.CONFIRMATION:
        return say("audit.confirmed", number=str(report.number))
    if report.kind is ReportKind.RETRACTION:
        return say("audit.retracted", number=str(report.number), other=str(report.retracts))
    told = [
        say("audit.stood", step=_target(view, one.target, one.place), state=_state(one.state))
        for one in report.assertions
    ]
    return say("audit.reported", number=str(report.number), what=Listing(tuple(told)))


def _notes(view: View, assertion: Assertion) -> Iterator[Value]:
    """What was said beside the state, each thing once."""
    if assertion.cause:
        yield assertion.cause
    if assertion.planned_from:
        yield say("audit.planned", since=Brief(assertion.planned_from))
    if assertion.since:
        yield say("staff.fact.since", since=Brief(assertion.since))
    if assertion.estimate:
        yield _estimate(assertion.estimate)
    if assertion.spares:
        spared = [_target(view, step) for step in sorted(assertion.spares)]
        yield say("staff.fact.spares", steps=Listing(tuple(spared)))


def _estimate(estimate: Estimate) -> Message:
    until: Moment | None = estimate.until
    return say("staff.fact.until", until=Brief(until)) if until else say("staff.fact.no_estimate")


def _step(view: View, change: Change) -> Value:
    return _target(view, change.step, change.counter)


def _target(view: View, target: str, place: str | None = None) -> Value:
    """Its name, and the counter where that is not the main one; what the catalogue no longer has goes by its id."""
    catalogue = view.catalogue
    named = catalogue.resources_by_id.get(target) or catalogue.steps.get(target)
    name: Value = Words(named.name) if named else target
    if place in (None, catalogue.root.path, catalogue.main_counter.path) or place not in catalogue.places_by_path:
        return name
    return say("status.at", step=name, places=view.place_name(str(place)))


def _state(state: str) -> Message:
    return say(f"staff.state.{state}")


def _deed(deed: Deed) -> Message:
    about = deed.about or say("roster.nameless")
    return say(f"audit.deed.{deed.kind}", about=about)


def _deed_state(word: str) -> Value:
    return say(f"audit.role.{word}") if word else ""
