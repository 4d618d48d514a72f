"""The effective state of every step at every counter, computed from reports, calendar and time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue, Need, Place, State, Step, Text, covers
from bot.rules.notices import Change
from bot.rules.reports import Assertion, Author, Estimate, Moment, Report, ReportKind

CellKey = tuple[str, str]
"""(step id, counter path)"""

DOWN = (State.UNAVAILABLE, State.LIMITED)


@dataclass(frozen=True, slots=True)
class Fact:
    """What stands about one target at one place after all reports."""

    target: str
    place: str
    state: State
    since: Moment
    cause: str | None
    estimate: Estimate | None
    spares: frozenset[str]
    planned: bool
    number: int  # the report that said so last
    confirmed_at: datetime
    by: Author

    @property
    def down(self) -> bool:
        return self.state in DOWN

    def overdue(self, now: datetime) -> bool:
        """Whether the time it was expected to last until has passed."""
        return self.estimate is not None and self.estimate.until is not None and self.estimate.until.at <= now


@dataclass(frozen=True, slots=True)
class Hold:
    """One fact that keeps a step down, with its effect on this step."""

    fact: Fact
    state: State  # LIMITED or UNAVAILABLE
    note: Text | None = None  # the catalogue's word on what still goes on


@dataclass(frozen=True, slots=True)
class Cell:
    """One step at one counter."""

    step: str
    counter: str
    state: State
    holds: tuple[Hold, ...] = ()  # the worst first, then the latest
    confirmed_at: datetime | None = None  # when staff last said or confirmed so; None where nobody did
    fresh: bool = True  # confirmed since the last opening
    settling: bool = False  # just back; its notice is not out yet ("baru tersambung")
    by: Author | None = None
    note: str | None = None  # what staff added when they reported it well


@dataclass(frozen=True, slots=True)
class Board:
    """The state of everything at one time."""

    at: datetime
    version: int  # number of the newest report in it
    cells: Mapping[CellKey, Cell]
    facts: tuple[Fact, ...] = ()  # what stands, available ones too

    def of(self, step: str) -> tuple[Cell, ...]:
        """The step at each counter that serves it."""
        return tuple(cell for cell in self.cells.values() if cell.step == step)

    def state_of(self, key: CellKey) -> State:
        cell = self.cells.get(key)
        return cell.state if cell else State.UNKNOWN

    def settled(self, settling: Iterable[CellKey]) -> Board:
        """The same board, with these cells marked as just back."""
        marks = {key: replace(self.cells[key], settling=True) for key in settling if key in self.cells}
        return replace(self, cells={**self.cells, **marks}) if marks else self


def board_at(catalogue: Catalogue, calendar: OfficeCalendar, reports: Sequence[Report], now: datetime) -> Board:
    """The board of `now` from all reports, in the order of their numbers; those taken back count as never made."""
    standing = _Standing(catalogue)
    for at, report, assertions in _events(reports, now):
        if report.kind is ReportKind.CONFIRMATION:
            standing.confirm(at, report.by)
        for assertion in assertions:
            standing.take(assertion, report, at)
    opened = {counter.path: calendar.last_opening(counter.path, now) for counter in catalogue.counters}
    cells = {
        (step.id, counter.path): standing.cell(step, counter, opened[counter.path])
        for step in catalogue.steps.values()
        for counter in catalogue.counters
        if standing.serves(counter, step)
    }
    version = max((report.number for report in reports), default=0)
    return Board(now, version, cells, tuple(standing.facts.values()))


def changes(before: Board, after: Board) -> tuple[Change, ...]:
    """Every cell whose state differs between two boards, in the order of the second."""
    keys = dict.fromkeys((*after.cells, *before.cells))
    return tuple(
        Change(*key, was=before.state_of(key), now=after.state_of(key))
        for key in keys
        if before.state_of(key) is not after.state_of(key)
    )


def cells_in(catalogue: Catalogue, assertions: Iterable[Assertion]) -> tuple[CellKey, ...]:
    """Every cell that these assertions speak of, changed by them or not."""
    return tuple(
        dict.fromkeys(
            (step.id, counter.path)
            for assertion in assertions
            for step in steps_of(catalogue, assertion.target)
            for counter in catalogue.counters_under(assertion.place)
        )
    )


def steps_of(catalogue: Catalogue, target: str) -> tuple[Step, ...]:
    """The step itself, or the steps that need the resource."""
    if target in catalogue.steps:
        return (catalogue.steps[target],)
    return tuple(step for step in catalogue.steps.values() if any(need.resource == target for need in step.needs))


def fingerprint(board: Board, keys: Iterable[CellKey]) -> str:
    """Equal for two boards where nobody reported on these cells in between; confirmations do not count."""
    told = [
        (*key, board.state_of(key), *sorted((hold.fact.target, hold.fact.number) for hold in cell.holds))
        for key in sorted(keys)
        if (cell := board.cells.get(key))
    ]
    return sha256(repr(told).encode()).hexdigest()[:32]


def _events(reports: Sequence[Report], now: datetime) -> Iterator[tuple[datetime, Report, Sequence[Assertion]]]:
    """Reports in order; what was planned comes in when its time has come."""
    retracted = {report.retracts for report in reports}
    plans: list[tuple[datetime, Report, Assertion]] = []
    for report in sorted(reports, key=lambda report: report.number):
        if report.number in retracted or report.kind is ReportKind.RETRACTION:
            continue
        yield from _started(plans, report.at)
        plans += [(a.planned_from, report, a) for a in report.assertions if a.planned_from]
        yield report.at, report, [a for a in report.assertions if a.planned_from is None]
    yield from _started(plans, now)


def _started(
    plans: list[tuple[datetime, Report, Assertion]], until: datetime
) -> Iterator[tuple[datetime, Report, Sequence[Assertion]]]:
    """Takes the plans that began by `until` out of the list, the earliest first."""
    for plan in sorted(plans, key=lambda plan: plan[0]):
        if plan[0] <= until:
            plans.remove(plan)
            yield plan[0], plan[1], (plan[2],)


@dataclass(slots=True)
class _Lift:
    """Who lifted the last thing that held a cell down, and when it was last confirmed."""

    at: datetime
    by: Author
    note: str | None


class _Standing:
    """What stands while the reports are read one after another."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.facts: dict[tuple[str, str], Fact] = {}
        self.lifts: dict[CellKey, _Lift] = {}

    def confirm(self, at: datetime, by: Author) -> None:
        self.facts = {key: replace(fact, confirmed_at=at, by=by) for key, fact in self.facts.items()}
        self.lifts = {key: _Lift(at, by, lift.note) for key, lift in self.lifts.items()}

    def take(self, assertion: Assertion, report: Report, at: datetime) -> None:
        keys = cells_in(self.catalogue, (assertion,))
        held = [key for key in keys if self._held(key)]
        self._put(_follow(self.facts.get((assertion.target, assertion.place)), assertion, report, at))
        for key in held:
            if not self._held(key):
                self.lifts[key] = _Lift(at, report.by, assertion.cause)

    def _put(self, fact: Fact) -> None:
        """A target reported well at a territory is well everywhere below it."""
        if fact.state is State.AVAILABLE:
            self.facts = {
                key: old
                for key, old in self.facts.items()
                if not (old.target == fact.target and covers(fact.place, old.place))
            }
        self.facts[fact.target, fact.place] = fact

    def serves(self, counter: Place, step: Step) -> bool:
        """A counter whose services the office left unset is spoken of once staff reported something there."""
        if counter.steps is not None:
            return step.id in counter.steps
        if counter == self.catalogue.main_counter:
            return True
        targets = {step.id, *(need.resource for need in step.needs)}
        return any((target, counter.path) in self.facts for target in targets)

    def cell(self, step: Step, counter: Place, opened: datetime) -> Cell:
        holds = tuple(self._holds(step, counter.path))
        if holds:
            top = max((h.fact for h in holds if h.state is holds[0].state), key=lambda fact: fact.confirmed_at)
            at, by, note = top.confirmed_at, top.by, None
            return Cell(step.id, counter.path, holds[0].state, holds, at, at >= opened, by=by, note=note)
        known = self._known(step, counter.path)
        if known is None:
            return Cell(step.id, counter.path, State.UNKNOWN)
        return Cell(
            step.id, counter.path, State.AVAILABLE, (), known.at, known.at >= opened, by=known.by, note=known.note
        )

    def _held(self, key: CellKey) -> bool:
        return next(iter(self._holds(self.catalogue.steps[key[0]], key[1])), None) is not None

    def _holds(self, step: Step, counter: str) -> list[Hold]:
        holds = [Hold(fact, fact.state) for fact in self._facts_on(step.id, counter) if fact.down]
        for need in step.needs:
            holds += [
                _hold(need, fact)
                for fact in self._facts_on(need.resource, counter)
                if fact.down and step.id not in fact.spares
            ]
        return sorted(holds, key=lambda hold: (hold.state is not State.UNAVAILABLE, -hold.fact.number))

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
        places = (counter,) if resource and resource.local else _upwards(counter)
        return [fact for place in places if (fact := self.facts.get((target, place)))]


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


def _upwards(path: str) -> list[str]:
    """A place and all above it, the lowest first."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts), 0, -1)]
