"""What stands after reports, and the board that follows from it.

Counters of which staff said the same share what follows: a report on the central link is worked out once, not once for
each of 514 offices, and a cell is made when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from bot.rules.board import DOWN, Board, Cell, CellKey, Cells, Fact, Hold, steps_of
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue, Place, State, Step, covers
from bot.rules.place_tree import upwards
from bot.rules.reports import Assertion, Moment, Report, ReportKind
from bot.rules.situation import Facts, Lift, Situation

_NO_LIFTS: Mapping[str, Lift] = {}


def board_at(catalogue: Catalogue, calendar: OfficeCalendar, reports: Sequence[Report], now: datetime) -> Board:
    """The board of `now` from all reports, in the order of their numbers; those taken back count as never made."""
    return standing_after(catalogue, reports).board(calendar, now)


def standing_after(catalogue: Catalogue, reports: Iterable[Report]) -> Standing:
    """What stands after all reports; one that takes another back needs them all again."""
    in_order = sorted(reports, key=lambda report: report.number)
    retracted = {report.retracts for report in in_order}
    standing = Standing(catalogue)
    for report in in_order:
        if report.number not in retracted and report.kind is not ReportKind.RETRACTION:
            standing = standing.after(report)
    return replace(standing, version=in_order[-1].number if in_order else 0)


@dataclass(frozen=True)
class Standing:
    """What stands after some reports; a later report makes another one of it."""

    catalogue: Catalogue
    version: int = 0  # number of the newest report in it
    facts: Facts = field(default_factory=dict)
    lifts: Mapping[str, Mapping[str, Lift]] = field(default_factory=dict)  # by counter and step
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
        cells = _StandingCells(standing, calendar.openings_before(now))
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

    def seen(self, key: CellKey) -> tuple[State, tuple[Hold, ...]]:
        """The state of one step at one counter and what holds it down, without the rest of its cell."""
        step, counter = self.catalogue.steps[key[0]], self.catalogue.places_by_path[key[1]]
        if not self.serves(counter, step):
            return State.UNKNOWN, ()
        situation = self.situation(counter.path)
        if holds := situation.holds(step):
            return holds[0].state, holds
        return (State.AVAILABLE if situation.works(step) else State.UNKNOWN), ()

    def serves(self, counter: Place, step: Step) -> bool:
        """A counter whose services the office left unset is spoken of once staff reported something there."""
        if counter.steps is not None:
            return step.id in counter.steps
        if counter is self.catalogue.main_counter:
            return True
        targets = (step.id, *(need.resource for need in step.needs))
        return any((target, counter.path) in self.facts for target in targets)

    def situation(self, counter: str) -> Situation:
        """What the counter's steps follow from; one and the same for counters of which the same was said."""
        known = self._situations.get(counter)
        if known is None:
            places = tuple(place for place in upwards(counter) if place in self._spoken_of)
            lifts = self.lifts.get(counter, _NO_LIFTS)
            known = self._shared.get((places, id(lifts)))
            if known is None:
                known = Situation(self.catalogue, self.facts, counter, places, lifts)
                self._shared[places, id(lifts)] = known
            self._situations[counter] = known
        return known

    @cached_property
    def _situations(self) -> dict[str, Situation]:
        return {}

    @cached_property
    def _shared(self) -> dict[tuple[tuple[str, ...], int], Situation]:
        return {}

    @cached_property
    def _spoken_of(self) -> frozenset[str]:
        return frozenset(place for _, place in self.facts)

    def _confirmed(self, report: Report) -> Standing:
        """What stands where the report speaks of, confirmed now."""
        at, by, here = report.at, report.by, report.confirms
        facts = {
            key: replace(fact, confirmed_at=at, by=by) if here(fact.place) else fact for key, fact in self.facts.items()
        }
        shared = {id(lifts): lifts for lifts in self.lifts.values()}
        anew = {
            number: {step: Lift(at, by, lift.note) for step, lift in lifts.items()} for number, lifts in shared.items()
        }
        kept = {path: anew[id(lifts)] if here(path) else lifts for path, lifts in self.lifts.items()}
        return replace(self, facts=facts, lifts=kept)

    def _with(self, assertion: Assertion, report: Report, at: datetime) -> Standing:
        """After one assertion; the cells that nothing holds any more are known to work."""
        fact = _follow(self.facts.get((assertion.target, assertion.place)), assertion, report, at)
        facts, gone = _put(self.catalogue, self.facts, fact)
        after = replace(self, facts=facts)
        lifted = self._lifted(after, assertion, Lift(at, report.by, assertion.cause)) if gone else {}
        return replace(after, lifts={**self.lifts, **lifted}) if lifted else after

    def _lifted(self, after: Standing, assertion: Assertion, lift: Lift) -> dict[str, Mapping[str, Lift]]:
        """The lifts of every counter where the assertion took away the last thing that held a step down."""
        steps = steps_of(self.catalogue, assertion.target)
        found: dict[str, Mapping[str, Lift]] = {}
        for before, counters in self._alike(self.catalogue.counters_under(assertion.place)):
            now = after.situation(counters[0])
            free = [step.id for step in steps if before.held(step) and not now.held(step)]
            if free:
                lifts = {**self.lifts.get(counters[0], _NO_LIFTS), **dict.fromkeys(free, lift)}
                found |= dict.fromkeys(counters, lifts)
        return found

    def _alike(self, counters: Iterable[Place]) -> Iterable[tuple[Situation, list[str]]]:
        """These counters by their situation."""
        found: dict[int, tuple[Situation, list[str]]] = {}
        for counter in counters:
            situation = self.situation(counter.path)
            found.setdefault(id(situation), (situation, []))[1].append(counter.path)
        return found.values()


class _Kind:
    """Counters whose cells say the same, and these cells as far as somebody asked."""

    def __init__(self, situation: Situation, opened: datetime, served: Mapping[str, Step]) -> None:
        self._situation, self._opened, self.served = situation, opened, served
        self._made: dict[str, Cell] = {}

    def cell(self, step: str, counter: str) -> Cell | None:
        """The cell of one of them, whichever was asked for first."""
        cell = self._made.get(step)
        if cell is None and step in self.served:
            cell = self._made[step] = self._situation.cell(self.served[step], counter, self._opened)
        return cell


class _StandingCells(Cells):
    """Every step at every counter that serves it."""

    def __init__(self, standing: Standing, opened: Callable[[str], datetime]) -> None:
        self._standing, self._opened = standing, opened
        self._made: dict[CellKey, Cell] = {}
        self._kinds: dict[str, _Kind] = {}  # by counter
        self._shared: dict[object, _Kind] = {}

    def __getitem__(self, key: CellKey) -> Cell:
        cell = self._made.get(key)
        if cell is None:
            like = self.like(key)
            if like is None:
                raise KeyError(key)
            cell = self._made[key] = like if like.counter == key[1] else like.at(key[1])
        return cell

    def __contains__(self, key: object) -> bool:
        return isinstance(key, tuple) and key[1] in self._places and key[0] in self._kind(key[1]).served

    def __iter__(self) -> Iterator[CellKey]:
        served = [(counter.path, self._kind(counter.path).served) for counter in self._counters]
        return ((step, path) for step in self._standing.catalogue.steps for path, steps in served if step in steps)

    def __len__(self) -> int:
        return sum(len(self._kind(counter.path).served) for counter in self._counters)

    def like(self, key: CellKey) -> Cell | None:
        step, counter = key
        kind = self._kinds.get(counter)
        if kind is None:
            if counter not in self._places:
                return None
            kind = self._kind(counter)
        return kind.cell(step, counter)

    def kinds(self) -> Iterator[Cell]:
        first = {id(self._kind(counter.path)): counter.path for counter in reversed(self._counters)}
        keys = ((step, path) for path in first.values() for step in self._kind(path).served)
        return (cell for key in keys if (cell := self.like(key)))

    @property
    def _counters(self) -> tuple[Place, ...]:
        return self._standing.catalogue.counters

    @property
    def _places(self) -> Mapping[str, Place]:
        return self._standing.catalogue.counters_by_path

    def _kind(self, path: str) -> _Kind:
        kind = self._kinds.get(path)
        if kind is None:
            counter, situation, opened = self._places[path], self._standing.situation(path), self._opened(path)
            alone = path if counter.steps is None else None  # what such a one serves follows from its own reports
            key = id(situation), opened, counter.steps, alone
            kind = self._shared.get(key)
            if kind is None:
                kind = self._shared[key] = _Kind(situation, opened, self._served(counter))
            self._kinds[path] = kind
        return kind

    def _served(self, counter: Place) -> Mapping[str, Step]:
        standing = self._standing
        return {step.id: step for step in standing.catalogue.steps.values() if standing.serves(counter, step)}


def _put(catalogue: Catalogue, facts: Facts, fact: Fact) -> tuple[Facts, bool]:
    """The facts with this one, and whether something down made way for it.

    A target reported well at a territory is well everywhere below it.
    """
    key = fact.target, fact.place
    kept, gone = dict(facts), [facts[key]] if key in facts else []
    if fact.state is State.AVAILABLE:
        if fact.place not in catalogue.counters_by_path:  # below a counter is nothing
            gone = [old for old in facts.values() if old.target == fact.target and covers(fact.place, old.place)]
        for old in gone:
            del kept[old.target, old.place]
    kept[key] = fact
    return kept, any(old.down for old in gone)


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
