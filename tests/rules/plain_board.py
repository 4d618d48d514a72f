"""A board worked out cell by cell, each anew and from all that was said: what the fast one is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.rules.board import DOWN, Board, Cell, CellKey, Fact, Hold, cells_in
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue, Need, Place, State, Step, covers
from bot.rules.place_tree import upwards
from bot.rules.reports import Assertion, Author, Moment, Report, ReportKind


def plain_board_at(catalogue: Catalogue, calendar: OfficeCalendar, reports: Sequence[Report], now: datetime) -> Board:
    """The same as `board_at`."""
    return _after_all(catalogue, reports).board(calendar, now)


def _after_all(catalogue: Catalogue, reports: Iterable[Report]) -> Standing:
    """What stands after all reports; one that takes another back needs them all again."""
    in_order = sorted(reports, key=lambda report: report.number)
    retracted = {report.retracts for report in in_order}
    standing = Standing(catalogue)
    for report in in_order:
        if report.number not in retracted and report.kind is not ReportKind.RETRACTION:
            standing = standing.after(report)
    return replace(standing, version=in_order[-1].number if in_order else 0)


@dataclass(frozen=True, slots=True)
class _Lift:
    """Who lifted the last thing that held a cell down, and when it was last confirmed."""

    at: datetime
    by: Author
    note: str | None


@dataclass(frozen=True)
class Standing:
    """What stands after some reports; a later report makes another one of it."""

    catalogue: Catalogue
    version: int = 0  # number of the newest report in it
    facts: Mapping[tuple[str, str], Fact] = field(default_factory=dict)  # by target and place
    lifts: Mapping[CellKey, _Lift] = field(default_factory=dict)
    plans: tuple[tuple[datetime, Report, Assertion], ...] = ()  # maintenance that has not begun

    def after(self, report: Report) -> Standing:
        """With one more report, which takes none back."""
        standing = self.as_of(report.at)
        if report.kind is ReportKind.CONFIRMATION:
            standing = standing._confirmed(report)
        for assertion in report.assertions:
            if assertion.planned_from is None:
                standing = standing._with(assertion, report, report.at)
        plans = [(a.planned_from, report, a) for a in report.assertions if a.planned_from]
        return replace(standing, version=report.number, plans=(*standing.plans, *plans))

    def board(self, calendar: OfficeCalendar, now: datetime) -> Board:
        """The state of every step at every counter that serves it."""
        standing = self.as_of(now)
        counters = self.catalogue.counters
        opened = {counter.path: calendar.last_opening(counter.path, now) for counter in counters}
        cells = {
            (step.id, counter.path): standing._cell(step, counter, opened[counter.path])
            for step in self.catalogue.steps.values()
            for counter in counters
            if standing._serves(counter, step)
        }
        return Board(now, self.version, cells, tuple(standing.facts.values()))

    def as_of(self, now: datetime) -> Standing:
        """What was planned comes in when its time has come, the earliest first."""
        standing = self
        for plan in sorted(self.plans, key=lambda plan: plan[0]):
            if plan[0] <= now:
                at, report, assertion = plan
                left = tuple(other for other in standing.plans if other is not plan)
                standing = replace(standing, plans=left)._with(assertion, report, at)
        return standing

    def _confirmed(self, report: Report) -> Standing:
        at, by = report.at, report.by
        facts = {key: replace(fact, confirmed_at=at, by=by) for key, fact in self.facts.items()}
        return replace(self, facts=facts, lifts={key: _Lift(at, by, lift.note) for key, lift in self.lifts.items()})

    def _with(self, assertion: Assertion, report: Report, at: datetime) -> Standing:
        """After one assertion; the cells that nothing holds any more are known to work."""
        keys = cells_in(self.catalogue, (assertion,))
        held = [key for key in keys if self._held(key)]
        facts = _put(self.facts, _follow(self.facts.get((assertion.target, assertion.place)), assertion, report, at))
        after = replace(self, facts=facts)
        lift = _Lift(at, report.by, assertion.cause)
        lifted = {key: lift for key in held if not after._held(key)}
        return replace(after, lifts={**self.lifts, **lifted}) if lifted else after

    def _serves(self, counter: Place, step: Step) -> bool:
        """A counter whose services the office left unset is spoken of once staff reported something there."""
        if counter.steps is not None:
            return step.id in counter.steps
        if counter == self.catalogue.main_counter:
            return True
        targets = {step.id, *(need.resource for need in step.needs)}
        return any((target, counter.path) in self.facts for target in targets)

    def _cell(self, step: Step, counter: Place, opened: datetime) -> Cell:
        holds = sorted(self._holds(step, counter.path), key=_worst_then_latest)
        if holds:
            worst = [hold.fact for hold in holds if hold.state is holds[0].state]
            top = max(worst, key=lambda fact: fact.confirmed_at)
            fresh = top.confirmed_at >= opened
            return Cell(step.id, counter.path, holds[0].state, tuple(holds), top.confirmed_at, fresh, by=top.by)
        known = self._known(step, counter.path)
        if known is None:
            return Cell(step.id, counter.path, State.UNKNOWN)
        fresh = known.at >= opened
        return Cell(step.id, counter.path, State.AVAILABLE, (), known.at, fresh, by=known.by, note=known.note)

    def _held(self, key: CellKey) -> bool:
        return any(True for _ in self._holds(self.catalogue.steps[key[0]], key[1]))

    def _holds(self, step: Step, counter: str) -> Iterator[Hold]:
        """The facts that keep a step down, as they come."""
        for fact in self._facts_on(step.id, counter):
            if fact.down:
                yield Hold(fact, fact.state)
        for need in step.needs:
            for fact in self._facts_on(need.resource, counter):
                if fact.down and step.id not in fact.spares:
                    yield _hold(need, fact)

    def _known(self, step: Step, counter: str) -> _Lift | None:
        """Why the step, held by nothing, is known to work: said so, all it needs said so, or lifted."""
        reasons = [_Lift(fact.confirmed_at, fact.by, fact.cause) for fact in self._facts_on(step.id, counter)]
        needed = [self._well(need.resource, counter) for need in step.needs]
        well = [fact for fact in needed if fact is not None]
        if well and len(well) == len(needed):
            oldest = min(well, key=lambda fact: fact.confirmed_at)
            reasons.append(_Lift(oldest.confirmed_at, oldest.by, None))
        if lift := self.lifts.get((step.id, counter)):
            reasons.append(lift)
        return max(reasons, key=lambda reason: reason.at, default=None)

    def _well(self, resource: str, counter: str) -> Fact | None:
        """The latest word that a resource is well; None where nobody said so, or something else stands."""
        facts = self._facts_on(resource, counter)
        return None if any(fact.down for fact in facts) else max(facts, key=lambda f: f.confirmed_at, default=None)

    def _facts_on(self, target: str, counter: str) -> list[Fact]:
        """What stands about a target at a counter and above; what is local is not inherited."""
        resource = self.catalogue.resources_by_id.get(target)
        places = (counter,) if resource and resource.local else upwards(counter)
        return [fact for place in places if (fact := self.facts.get((target, place)))]


def _put(facts: Mapping[tuple[str, str], Fact], fact: Fact) -> dict[tuple[str, str], Fact]:
    """The facts with this one; a target reported well at a territory is well everywhere below it."""
    kept = dict(facts)
    if fact.state is State.AVAILABLE:
        kept = {
            key: old for key, old in facts.items() if not (old.target == fact.target and covers(fact.place, old.place))
        }
    kept[fact.target, fact.place] = fact
    return kept


def _worst_then_latest(hold: Hold) -> tuple[bool, int]:
    return hold.state is not State.UNAVAILABLE, -hold.fact.number


def _hold(need: Need, fact: Fact) -> Hold:
    """A resource that failed has the catalogue's effect; one that is limited limits."""
    if fact.state is State.UNAVAILABLE:
        return Hold(fact, need.effect, need.note)
    return Hold(fact, State.LIMITED)


def _follow(old: Fact | None, new: Assertion, report: Report, at: datetime) -> Fact:
    """The fact after an assertion: what it leaves out stands on while the same outage lasts."""
    same = old if old and old.down and new.state in DOWN else None
    kept = (same.since, same.cause, same.estimate, same.spares) if same else (Moment(at), None, None, frozenset[str]())
    return Fact(
        target=new.target,
        place=new.place,
        state=new.state,
        since=new.since or kept[0],
        cause=new.cause if new.cause is not None else kept[1],
        estimate=new.estimate or kept[2],
        spares=new.spares if new.spares is not None else kept[3],
        planned=new.planned_from is not None,
        number=report.number,
        confirmed_at=at if new.planned_from is None else report.at,
        by=report.by,
    )
