"""What holds steps down, in sentences: cause, since when, until when as far as anybody said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.language.duration import length_words
from bot.language.messages import Brief, Listing, Message, Value, Words, say
from bot.language.view import Standing, View, holds, label, passed
from bot.language.whereabouts import whereabouts
from bot.rules.board import Cell, Fact
from bot.rules.catalogue import State
from bot.rules.usual import Usual

_MOST_CAUSES = 3  # a screen holds no more; the lines of the steps are there anyway


@dataclass(frozen=True, slots=True)
class _Trouble:
    """One thing that citizens read as one cause, with what it holds down."""

    fact: Fact
    cells: tuple[tuple[Standing, Cell], ...]


def outage_lines(view: View, standings: Sequence[Standing]) -> list[Message]:
    """A cause and an estimate for each trouble; an estimate that all share is said once."""
    troubled = [(s, cell) for s in standings for cell in s.cells if holds(cell)]
    troubles = _troubles(troubled)[:_MOST_CAUSES]
    causes = [_cause(view, trouble, _whom(view, trouble, standings, len(troubled))) for trouble in troubles]
    ends = [estimate_line(view, trouble.fact) for trouble in troubles]
    usually = usual_lines(view, [trouble.fact for trouble in troubles])
    if len({str(end) for end in ends}) == 1:
        return [cause for cause in causes if cause] + ends[:1] + usually
    return [line for pair in zip(causes, ends, strict=True) for line in pair if line] + usually


def overdue(view: View, cell: Cell) -> bool:
    """Whether everything that stops the step was expected to be over by now."""
    facts = [hold.fact for hold in holds(cell)]
    return bool(facts) and all(passed(fact, view.now) for fact in facts)


def _troubles(troubled: Sequence[tuple[Standing, Cell]]) -> list[_Trouble]:
    """The causes, once each: steps that one report held down with the same words share theirs."""
    facts: dict[str, Fact] = {}
    cells: dict[str, list[tuple[Standing, Cell]]] = {}
    for standing, cell in troubled:
        for hold in holds(cell):
            fact = hold.fact
            key = repr((fact.cause or fact.target, fact.since, fact.estimate, fact.planned))
            facts.setdefault(key, fact)
            cells.setdefault(key, []).append((standing, cell))
    return [_Trouble(fact, tuple(cells[key])) for key, fact in facts.items()]


def _whom(view: View, trouble: _Trouble, standings: Sequence[Standing], troubled: int) -> Value | None:
    """What the cause concerns, where the answer also speaks of other troubled steps or counters."""
    if len(trouble.cells) == troubled:
        return None
    if len(standings) == 1:
        return whereabouts(view, [cell.counter for _, cell in trouble.cells])
    steps = {standing.step.id: standing.step for standing, _ in trouble.cells}
    within = len({standing.step.service for standing in standings}) == 1
    return Listing(tuple(Words(step.short) if within else label(view, step) for step in steps.values()))


def _cause(view: View, trouble: _Trouble, whom: Value | None) -> Message | None:
    """Why and since when. Where staff gave no cause, the resource itself says enough; a step says only since when."""
    fact = trouble.fact
    since = Brief(fact.since)
    resource = view.catalogue.resources_by_id.get(fact.target)
    suffix = "_of" if whom else ""
    subject: dict[str, Value] = {"subject": whom} if whom else {}
    if fact.cause:
        kind = "planned" if fact.planned else "given"
        return say(f"cause.{kind}{suffix}", cause=fact.cause.rstrip(" .!"), since=since, **subject)
    if resource:
        return say(f"cause.resource{suffix}", resource=Words(resource.name), since=since, **subject)
    return say(f"cause.since{suffix}", since=since, **subject)


def estimate_line(view: View, fact: Fact) -> Message:
    """Until when: what was said, that it has passed, or that nobody can say."""
    if fact.estimate is None:
        return say("estimate.none")
    until = fact.estimate.until
    if until is None:
        return say("estimate.unknown")
    if until.at > view.now:
        return say("estimate.until", until=Brief(until))
    return say("estimate.planned_over" if fact.planned else "estimate.passed", until=Brief(until))


def usual_lines(view: View, facts: Sequence[Fact]) -> list[Message]:
    """How long such an outage usually lasts, where nobody could say until when and it happened often enough."""
    unsaid = [one.target for one in facts if not one.planned and (not _estimated(one) or one.overdue(view.now))]
    return [_usual(view, target, view.usual[target]) for target in dict.fromkeys(unsaid) if target in view.usual]


def _estimated(fact: Fact) -> bool:
    return fact.estimate is not None and fact.estimate.until is not None


def _usual(view: View, target: str, usual: Usual) -> Message:
    named = view.catalogue.resources_by_id.get(target) or view.catalogue.steps[target]
    least, most = length_words(usual.least), length_words(usual.most)
    if least == most:
        return say("estimate.usual_about", what=Words(named.name), length=least, count=usual.cases)
    return say("estimate.usual", what=Words(named.name), least=least, most=most, count=usual.cases)


def down(view: View) -> tuple[Standing, ...]:
    """Every step that is held down at some counter of the view."""
    standings = (view.standing(step) for step in view.catalogue.steps)
    bad = (State.UNAVAILABLE, State.LIMITED)
    return tuple(standing for standing in standings if any(cell.state in bad for cell in standing.cells))
