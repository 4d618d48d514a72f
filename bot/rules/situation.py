"""What one counter's steps follow from: what was said of it and of the places above it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.rules.board import Cell, Fact, Hold
from bot.rules.catalogue import Catalogue, Need, State, Step
from bot.rules.reports import Author

Facts = Mapping[tuple[str, str], Fact]
"""What stands, by target and place."""


@dataclass(frozen=True, slots=True)
class Lift:
    """Who lifted the last thing that held a cell down, and when it was last confirmed."""

    at: datetime
    by: Author
    note: str | None


class Situation:
    """What stands at a counter and above; counters of which nothing else was said share one."""

    def __init__(
        self, catalogue: Catalogue, facts: Facts, counter: str, places: Sequence[str], lifts: Mapping[str, Lift]
    ) -> None:
        self._catalogue = catalogue
        self._facts = facts
        self._above = places  # the counter and those above it of which something was said, the lowest first
        self._here = tuple(place for place in places if place == counter)
        self._lifts = lifts  # by step
        self._said: dict[str, _Said] = {}  # by target, as far as a step asked

    def holds(self, step: Step) -> tuple[Hold, ...]:
        """The facts that keep a step down, the worst first, then the latest."""
        found = tuple(self._holds(step))
        return tuple(sorted(found, key=_worst_then_latest)) if len(found) > 1 else found

    def held(self, step: Step) -> bool:
        return next(self._holds(step), None) is not None

    def works(self, step: Step) -> Lift | None:
        """Why the step, held by nothing, is known to work: said so, all it needs said so, or lifted."""
        reasons = [Lift(fact.confirmed_at, fact.by, fact.cause) for fact in self._about(step.id).facts]
        needed = [self._about(need.resource).well for need in step.needs]
        well = [fact for fact in needed if fact is not None]
        if well and len(well) == len(needed):
            oldest = min(well, key=lambda fact: fact.confirmed_at)
            reasons.append(Lift(oldest.confirmed_at, oldest.by, None))
        if lift := self._lifts.get(step.id):
            reasons.append(lift)
        return max(reasons, key=lambda reason: reason.at, default=None)

    def cell(self, step: Step, counter: str, opened: datetime) -> Cell:
        """The step at a counter of this situation, which opened then."""
        if holds := self.holds(step):
            worst = [hold.fact for hold in holds if hold.state is holds[0].state]
            top = max(worst, key=lambda fact: fact.confirmed_at)
            fresh = top.confirmed_at >= opened
            return Cell(step.id, counter, holds[0].state, holds, top.confirmed_at, fresh, by=top.by)
        works = self.works(step)
        if works is None:
            return Cell(step.id, counter, State.UNKNOWN)
        return Cell(step.id, counter, State.AVAILABLE, (), works.at, works.at >= opened, by=works.by, note=works.note)

    def _holds(self, step: Step) -> Iterator[Hold]:
        for fact in self._about(step.id).down:
            yield Hold(fact, fact.state)
        for need in step.needs:
            for fact in self._about(need.resource).down:
                if step.id not in fact.spares:
                    yield _hold(need, fact)

    def _about(self, target: str) -> _Said:
        """What stands about a target here and above; what is local is not inherited."""
        said = self._said.get(target)
        if said is None:
            resource = self._catalogue.resources_by_id.get(target)
            places = self._here if resource and resource.local else self._above
            facts = [fact for place in places if (fact := self._facts.get((target, place)))]
            said = self._said[target] = _Said(facts) if facts else _NOTHING
        return said


class _Said:
    """The facts about one target, worked out once for all steps that ask."""

    __slots__ = ("down", "facts", "well")

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.facts = facts
        self.down = [fact for fact in facts if fact.down]
        # The latest word that it is well; None where nobody said so, or something else stands.
        self.well = None if self.down else max(facts, key=lambda fact: fact.confirmed_at, default=None)


_NOTHING = _Said(())


def _worst_then_latest(hold: Hold) -> tuple[bool, int]:
    return hold.state is not State.UNAVAILABLE, -hold.fact.number


def _hold(need: Need, fact: Fact) -> Hold:
    """A resource that failed has the catalogue's effect; one that is limited limits."""
    if fact.state is State.UNAVAILABLE:
        return Hold(fact, need.effect, need.note)
    return Hold(fact, State.LIMITED)
