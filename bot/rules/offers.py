"""What is likely today: what is down may be back, a usual outage may have come, what was reported last may be again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.rules.board import DOWN, Board, Fact
from bot.rules.catalogue import Catalogue, Resource, State
from bot.rules.drafts import QUESTIONS, Entry, Offer, OfferKind, Screen
from bot.rules.reports import Assertion, Estimate, Report, ReportKind

_MOST_DOWN = 4  # a first screen is read at a glance; the rest is behind its other buttons
_MOST_RETURNS = 40
_ALL = frozenset(QUESTIONS)


def offers(catalogue: Catalogue, board: Board, reports: Sequence[Report]) -> tuple[Offer, ...]:
    """The buttons of the first screen, in order."""
    found = [*_of_down(catalogue, board, _MOST_DOWN)]
    if last := _last(catalogue, board, reports):
        found.append(Offer(OfferKind.AGAIN, last))
    found += [Offer(OfferKind.OUTAGE, entry) for entry in _outages(catalogue, board)]
    if catalogue.tree.many:  # nobody knows that of all offices at once
        return tuple(found)
    return (*found, Offer(OfferKind.NORMAL, Entry(ready=_everything_well(catalogue, board))))


def returns(catalogue: Catalogue, board: Board) -> tuple[Offer, ...]:
    """All that is down, well again."""
    return tuple(offer for offer in _of_down(catalogue, board, _MOST_RETURNS) if offer.kind is OfferKind.RETURN)


def _of_down(catalogue: Catalogue, board: Board, most: int) -> Iterator[Offer]:
    """What is down, the latest first: well again, or still down with something new to say."""
    for facts in _down(catalogue, board)[:most]:
        targets, place = tuple(fact.target for fact in facts), facts[0].place
        known = frozenset({Screen.STATE, Screen.PLACE})
        yield Offer(OfferKind.RETURN, Entry(targets, place, State.AVAILABLE, answered=known))
        yield Offer(OfferKind.CHANGE, Entry(targets, place, facts[0].state, answered=_ALL))


def _down(catalogue: Catalogue, board: Board) -> list[list[Fact]]:
    """What holds steps down; the steps of one service that one report named stay together."""
    together: dict[tuple[object, ...], list[Fact]] = {}
    for fact in sorted(board.facts, key=lambda fact: -fact.number):
        if fact.down and _known(catalogue, fact.target, fact.place):
            step = catalogue.steps.get(fact.target)
            what = step.service if step else fact.target
            together.setdefault((fact.number, fact.place, fact.state, what), []).append(fact)
    return list(together.values())


def _known(catalogue: Catalogue, target: str, place: str) -> bool:
    """Whether the catalogue still has both: it may have changed since they were reported."""
    return target in {*catalogue.steps, *catalogue.resources_by_id} and place in catalogue.places_by_path


def _outages(catalogue: Catalogue, board: Board) -> Iterator[Entry]:
    """The usual outages that have not come: the first ready cause, nobody knows until when, where it usually holds."""
    down = {(fact.target, fact.place) for fact in board.facts if fact.down}
    for resource in catalogue.resources:
        if resource.local and catalogue.tree.many:  # at which of many offices?
            continue
        if resource.outage and not any((resource.id, path) in down for path in catalogue.places_of(resource.id)):
            yield _usual(resource)


def _usual(resource: Resource) -> Entry:
    return Entry(
        targets=(resource.id,),
        state=State.UNAVAILABLE,
        spares=frozenset(resource.spares),
        cause=next(iter(resource.causes), None),
        unsure=True,
        answered=_ALL,
    )


def _last(catalogue: Catalogue, board: Board, reports: Sequence[Report]) -> Entry | None:
    """The outage that was reported last, where it is over and no usual one stands for it."""
    retracted = {report.retracts for report in reports}
    for report in reversed(reports):
        down = [one for one in report.assertions if _may_come_again(catalogue, one)]
        if report.kind is ReportKind.ASSERTION and report.number not in retracted and down:
            return None if _stands(board, down) or _is_usual(catalogue, down) else _again(down)
    return None


def _may_come_again(catalogue: Catalogue, one: Assertion) -> bool:
    """Whether something was down; what was planned has its own time."""
    return one.state in DOWN and one.planned_from is None and _known(catalogue, one.target, one.place)


def _stands(board: Board, down: Sequence[Assertion]) -> bool:
    targets = {one.target for one in down}
    return any(fact.down and fact.target in targets for fact in board.facts)


def _is_usual(catalogue: Catalogue, down: Sequence[Assertion]) -> bool:
    resources = [catalogue.resources_by_id.get(one.target) for one in down]
    return any(resource and resource.outage for resource in resources)


def _again(down: Sequence[Assertion]) -> Entry:
    """The same as it was told then, but for when it began and until when."""
    plain = {replace(one, target="", since=None, estimate=None) for one in down}
    targets = tuple(one.target for one in down)
    if len(plain) == 1:
        (one,) = plain
        return Entry(targets, one.place, one.state, one.spares, one.cause, unsure=True, answered=_ALL)
    return Entry(ready=tuple(replace(one, since=None, estimate=Estimate(None)) for one in down))


def _everything_well(catalogue: Catalogue, board: Board) -> tuple[Assertion, ...]:
    """All that steps need, at every counter that is spoken of, and the steps that were themselves reported down."""
    serving = {counter for _, counter in board.cells}
    spoken = [counter.path for counter in catalogue.counters if counter.path in serving]
    local = [(resource.id, path) for resource in catalogue.resources if resource.local for path in spoken]
    wide = [(resource.id, catalogue.root.path) for resource in catalogue.resources if not resource.local]
    own = [(fact.target, fact.place) for fact in board.facts if fact.down and fact.place in catalogue.places_by_path]
    return tuple(Assertion(target, path, State.AVAILABLE) for target, path in dict.fromkeys((*wide, *local, *own)))
