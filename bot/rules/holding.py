"""What keeps a step down that was reported well, and the ways out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.rules.board import Board, Fact, cells_in
from bot.rules.catalogue import Catalogue, State
from bot.rules.reports import Assertion

ONLY, LIFT = "only", "lift"  # ways out where something still holds; the third is a resource's id: it is well, too


@dataclass(frozen=True, slots=True)
class Held:
    """Steps that stay down although they were reported well, and what holds them."""

    steps: tuple[str, ...]
    by: Fact


def held(catalogue: Catalogue, after: Board, assertions: Iterable[Assertion]) -> tuple[Held, ...]:
    """What keeps steps down that this report calls well, with the steps that each holds."""
    well = [assertion for assertion in assertions if assertion.state is State.AVAILABLE]
    found: dict[tuple[str, str], Held] = {}
    for cell in (after.cells[key] for key in cells_in(catalogue, well) if key in after.cells):
        for fact in (hold.fact for hold in cell.holds):
            before = found.get((fact.target, fact.place), Held((), fact))
            found[fact.target, fact.place] = replace(before, steps=tuple(dict.fromkeys((*before.steps, cell.step))))
    return tuple(found.values())


def way_out(catalogue: Catalogue, choice: str, holding: Iterable[Held]) -> tuple[Assertion, ...]:
    """More to report, so that the steps are held no longer."""
    facts = [(one.by, one.steps) for one in holding]
    if choice == ONLY:  # the outage goes on, but spares them
        return tuple(
            Assertion(fact.target, fact.place, fact.state, spares=fact.spares | frozenset(steps))
            for fact, steps in facts
            if fact.target in catalogue.resources_by_id
        )
    chosen = catalogue.steps if choice == LIFT else {choice}
    return tuple(Assertion(fact.target, fact.place, State.AVAILABLE) for fact, _ in facts if fact.target in chosen)


def spared(catalogue: Catalogue, after: Board, assertions: Iterable[Assertion]) -> tuple[str, ...]:
    """The steps that these outages leave alone, in the order of the catalogue."""
    told = {(assertion.target, assertion.place) for assertion in assertions}
    alone = {step for fact in after.facts if fact.down and (fact.target, fact.place) in told for step in fact.spares}
    return tuple(step for step in catalogue.steps if step in alone)
