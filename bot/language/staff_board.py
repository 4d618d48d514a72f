"""The board as staff need it: what was asserted, by whom, how fresh, and what follows from it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.language.answers_board import group_lines
from bot.language.located import located
from bot.language.messages import Answer, Brief, Button, Capital, Clock, Message, Value, say
from bot.language.view import View, names, standings_of
from bot.rules.board import Fact, counters_down
from bot.rules.catalogue import State

_MOST_FACTS, _LONGEST_CAUSE = 10, 80  # Telegram takes 4096 characters, and a telephone shows fewer
SAME = Button(say("button.same"), action="same")


def board_for_staff(view: View) -> Answer:
    """Every fact that stands, then what citizens are told of it."""
    facts = sorted(view.board.facts, key=lambda fact: fact.number)
    asserted = [say("staff.board.asserted"), *fact_lines(view, facts)] if facts else [say("staff.board.nothing")]
    follows = [_of_many(view)] if view.nowhere else [say("staff.board.follows"), *_states(view)]
    stale = [say("staff.board.stale")] if _stale(view) else []
    return Answer((*asserted, *follows, *stale), ((SAME,),) if facts else ())


def _states(view: View) -> list[Message]:
    return group_lines(view, standings_of(view, view.catalogue.steps))


def _of_many(view: View) -> Message:
    """At how many offices something is down: no message holds them all."""
    tree = view.catalogue.tree
    down = {tree.office_of(counter) for counter in counters_down(view.board)}
    return say("staff.board.many", count=len(down), offices=len(tree.offices))


def _stale(view: View) -> bool:
    return any(cell.confirmed_at and not cell.fresh for cell in view.board.kinds())


def fact_lines(view: View, facts: Iterable[Fact]) -> list[Message]:
    """A line for what one report said alike of several targets; what is down and new first, where all is too much."""
    together: dict[Fact, list[str]] = {}
    for fact in facts:
        together.setdefault(replace(fact, target=""), []).append(fact.target)
    first = sorted(together, key=lambda fact: (not fact.down, -fact.number))[:_MOST_FACTS]
    lines = [_fact_line(view, fact, targets) for fact, targets in together.items() if fact in first]
    more = len(together) - len(lines)
    return [*lines, say("staff.fact.more", count=more)] if more else lines


def _fact_line(view: View, fact: Fact, targets: Sequence[str]) -> Message:
    """Targets, state, cause, since, estimate, spared steps; then who said so and when it was last confirmed."""
    details: list[Message] = []
    if fact.cause:
        details.append(say("staff.fact.cause", cause=textwrap.shorten(fact.cause, _LONGEST_CAUSE, placeholder=" …")))
    if fact.state is not State.AVAILABLE:
        details += [say("staff.fact.since", since=Brief(fact.since)), _estimate(view, fact)]
    if fact.spares:
        spared = [step for step in view.catalogue.steps if step in fact.spares]
        details.append(say("staff.fact.spares", steps=names(view, spared)))
    subject = Capital(located(view, targets, (fact.place,)))
    said = say("staff.fact.by", by=fact.by.name, at=Brief(fact.confirmed_at))
    kind = "staff.fact" if details else "staff.fact.bare"
    return say(kind, target=subject, state=say(f"staff.state.{fact.state}"), details=_joined(details), said=said)


def _joined(details: Sequence[Message]) -> Value:
    if not details:
        return ""
    first, *rest = details
    return say("staff.fact.join", first=first, rest=_joined(rest)) if rest else first


def _estimate(view: View, fact: Fact) -> Message:
    if fact.estimate is None or fact.estimate.until is None:
        return say("staff.fact.no_estimate")
    until = fact.estimate.until
    return say("staff.fact.until" if until.at > view.now else "staff.fact.overdue", until=Brief(until))


def what_is_down(view: View) -> Answer:
    """`/pulih` alone: everything that is held down, with what to type."""
    facts = [fact for fact in view.board.facts if fact.state is not State.AVAILABLE]
    if not facts:
        return Answer((say("staff.down.nothing"),))
    return Answer((say("staff.down.title"), *fact_lines(view, facts), say("staff.down.how")))


def confirmed_same(view: View, at: datetime) -> Answer:
    """Everything was confirmed as it stands."""
    held = [fact for fact in view.board.facts if fact.state is not State.AVAILABLE]
    lines = [say("staff.same.done", at=Clock(at))]
    return Answer((*lines, *fact_lines(view, held)))


def nothing_to_confirm() -> Answer:
    return Answer((say("staff.same.nothing"),))
