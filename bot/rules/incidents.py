"""What went wrong and when it was well again, told from the reports: outages, and maintenance done and to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.rules.board import DOWN, steps_of
from bot.rules.catalogue import Catalogue, State, covers
from bot.rules.reports import Assertion, Estimate, Moment, Report, ReportKind

SpanKey = tuple[str, str]
"""(target, place)"""

IncidentId = tuple[int, datetime | None]
"""The report that began it, and for maintenance its planned beginning."""


@dataclass(frozen=True, slots=True)
class Span:
    """One target at one place was down, from then until then; None: it still is."""

    target: str
    place: str
    begins: datetime
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class IncidentUpdate:
    """What one report said about an incident."""

    report: int
    at: datetime
    assertions: tuple[Assertion, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """Everything that one report found down, until all of it was well again."""

    id: IncidentId
    updates: tuple[IncidentUpdate, ...]  # the earliest first; empty for maintenance that has not begun
    spans: tuple[Span, ...] = ()
    plan: tuple[Assertion, ...] = ()  # maintenance as it was announced
    announced_at: datetime | None = None  # when it was

    @property
    def planned(self) -> bool:
        return self.id[1] is not None

    @property
    def began(self) -> datetime:
        """When it began by the reports; for maintenance to come, when it will."""
        return self.id[1] or self.updates[0].at

    @property
    def ended(self) -> datetime | None:
        """When the last of it was well; None while something is down, and before it has begun."""
        ends = [span.ends for span in self.spans if span.ends]
        return max(ends) if ends and len(ends) == len(self.spans) else None

    @property
    def to_come(self) -> bool:
        return not self.updates

    @property
    def under_way(self) -> bool:
        return bool(self.updates) and self.ended is None

    @property
    def targets(self) -> tuple[SpanKey, ...]:
        """What it concerns."""
        said = [(assertion.target, assertion.place) for assertion in self.plan]
        return tuple(dict.fromkeys([*said, *((span.target, span.place) for span in self.spans)]))

    @property
    def changed_at(self) -> datetime:
        """When something was last said about it."""
        return self.updates[-1].at if self.updates else self.announced_at or self.began

    @property
    def cause(self) -> str | None:
        """What was last said about the cause."""
        return next((one.cause for one in self._latest() if one.cause), None)

    @property
    def since(self) -> Moment:
        """Since when, as staff last said; else since it was reported."""
        return next((one.since for one in self._latest() if one.since), Moment(self.began))

    @property
    def estimate(self) -> Estimate | None:
        """What was last said about its end."""
        return next((one.estimate for one in self._latest() if one.estimate), None)

    def _latest(self) -> Iterator[Assertion]:
        """What was asserted down, the latest first; what staff add to good news is no cause."""
        for update in reversed(self.updates):
            yield from (one for one in update.assertions if one.state in DOWN)
        yield from self.plan


def incidents(reports: Iterable[Report], now: datetime) -> tuple[Incident, ...]:
    """All of them in the order in which they began, maintenance to come last; a report taken back was never made."""
    story = _Story()
    for happening in _happenings(reports, now, story.plans):
        story.takes(happening)
    return tuple(story.told())


def since(all_of_them: Iterable[Incident], day: datetime) -> tuple[Incident, ...]:
    """Those that were not over by then, without what is to come; the latest first."""
    shown = [one for one in all_of_them if not one.to_come and (one.ended is None or one.ended >= day)]
    return tuple(sorted(shown, key=lambda one: (one.began, one.id[0]), reverse=True))


def effects(catalogue: Catalogue, incident: Incident) -> Mapping[str, State]:
    """The steps that it stopped or limited, each with the worst that it came to."""
    found: dict[str, State] = {}
    said = [one for update in incident.updates for one in update.assertions] or incident.plan
    spares: dict[str, frozenset[str]] = {}
    for assertion in (one for one in said if one.state in DOWN):
        if assertion.spares is not None:
            spares[assertion.target] = assertion.spares
        for step, state in _struck(catalogue, assertion, spares.get(assertion.target, frozenset())):
            found[step] = State.UNAVAILABLE if State.UNAVAILABLE in (state, found.get(step)) else state
    spared = {step for step in found if _spared_throughout(catalogue, step, said, spares)}
    return {step: found[step] for step in catalogue.steps if step in found and step not in spared}


def _struck(catalogue: Catalogue, assertion: Assertion, spared: frozenset[str]) -> Iterator[tuple[str, State]]:
    """Each step that an assertion holds down, where some counter serves it."""
    counters = catalogue.counters_under(assertion.place)
    for step in steps_of(catalogue, assertion.target):
        served = any(counter.steps is None or step.id in counter.steps for counter in counters)
        need = next((need for need in step.needs if need.resource == assertion.target), None)
        if step.id not in spared and served:
            whole = need is None or assertion.state is State.LIMITED
            yield step.id, assertion.state if whole or need is None else need.effect


def _spared_throughout(
    catalogue: Catalogue, step: str, said: Iterable[Assertion], spares: Mapping[str, frozenset[str]]
) -> bool:
    """Whether staff found out later that an outage leaves the step alone, and nothing else of it does not."""
    down = [one.target for one in said if one.state in DOWN]
    striking = [target for target in down if any(other.id == step for other in steps_of(catalogue, target))]
    return all(step in spares.get(target, frozenset()) for target in striking)


@dataclass(frozen=True, slots=True)
class _Happening:
    """Some assertions come true: those of a report as it is made, or maintenance as its time has come."""

    at: datetime
    report: Report
    assertions: tuple[Assertion, ...]
    planned_from: datetime | None = None

    @property
    def id(self) -> IncidentId:
        return self.report.number, self.planned_from


def _happenings(reports: Iterable[Report], now: datetime, plans: list[_Happening]) -> Iterator[_Happening]:
    """What came true up to now, in the order in which the board takes it in; `plans` keeps what is to come."""
    in_order = sorted(reports, key=lambda report: report.number)
    retracted = {report.retracts for report in in_order}
    for report in in_order:
        yield from _due(plans, report.at)
        if report.number in retracted or report.kind is not ReportKind.ASSERTION:
            continue
        at_once = tuple(one for one in report.assertions if one.planned_from is None)
        if at_once:
            yield _Happening(report.at, report, at_once)
        plans += _planned(report)
    yield from _due(plans, now)


def _planned(report: Report) -> Iterator[_Happening]:
    """The maintenance that a report announces, one for each beginning."""
    for begins in dict.fromkeys(one.planned_from for one in report.assertions if one.planned_from):
        together = tuple(one for one in report.assertions if one.planned_from == begins)
        yield _Happening(max(begins, report.at), report, together, begins)  # nobody knew of it before


def _due(plans: list[_Happening], now: datetime) -> Iterator[_Happening]:
    """The maintenance whose time has come, the earliest first; it leaves the plans."""
    plans.sort(key=lambda plan: plan.planned_from or plan.at)
    while plans and plans[0].at <= now:
        yield plans.pop(0)


@dataclass(slots=True)
class _Story:
    """Incidents as they grow, happening after happening."""

    plans: list[_Happening] = field(default_factory=list)
    _open: dict[SpanKey, IncidentId] = field(default_factory=dict)
    _updates: dict[IncidentId, list[IncidentUpdate]] = field(default_factory=dict)
    _spans: dict[IncidentId, list[Span]] = field(default_factory=dict)
    _plan: dict[IncidentId, _Happening] = field(default_factory=dict)

    def takes(self, happening: _Happening) -> None:
        if happening.planned_from is not None:
            self._plan[happening.id] = happening
        told: dict[IncidentId, list[Assertion]] = {}
        for assertion in happening.assertions:
            for incident in self._touched(assertion, happening):
                told.setdefault(incident, []).append(assertion)
        for incident, assertions in told.items():
            update = IncidentUpdate(happening.report.number, happening.at, tuple(assertions))
            self._updates.setdefault(incident, []).append(update)

    def _touched(self, assertion: Assertion, happening: _Happening) -> tuple[IncidentId, ...]:
        """The incidents that an assertion speaks of; it may begin one, or end some."""
        key = assertion.target, assertion.place
        if assertion.state in DOWN:
            if key not in self._open:
                self._open[key] = happening.id
                self._spans.setdefault(happening.id, []).append(Span(*key, begins=happening.at))
            return (self._open[key],)
        below = [one for one in self._open if one[0] == assertion.target and covers(assertion.place, one[1])]
        return tuple(dict.fromkeys(self._ended(one, happening.at) for one in below))

    def _ended(self, key: SpanKey, at: datetime) -> IncidentId:
        incident = self._open.pop(key)
        self._spans[incident] = [
            Span(span.target, span.place, span.begins, at)
            if span.ends is None and (span.target, span.place) == key
            else span
            for span in self._spans[incident]
        ]
        return incident

    def told(self) -> Iterator[Incident]:
        for incident, updates in self._updates.items():
            yield self._incident(incident, tuple(updates), self._plan.get(incident))
        for plan in self.plans:
            yield self._incident(plan.id, (), plan)

    def _incident(self, number: IncidentId, updates: tuple[IncidentUpdate, ...], plan: _Happening | None) -> Incident:
        spans = tuple(self._spans.get(number, ()))
        if plan is None:
            return Incident(number, updates, spans)
        return Incident(number, updates, spans, plan.assertions, plan.report.at)
