"""Maintenance to come, as subscribers are told of it, and that it was taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.language.messages import Answer, Brief, Capital, Message, Value, say
from bot.language.view import View, names
from bot.language.whereabouts import whereabouts
from bot.rules.catalogue import State
from bot.rules.notices import Change
from bot.rules.reports import Assertion, Moment


def announced(view: View, plan: Sequence[Assertion], changes: Sequence[Change]) -> Answer:
    """What will be down, from when until when, why, and what to do."""
    lines = [
        say(f"notice.plan_{state}", steps=Capital(_named(view, steps, changes)), when=stretch(plan))
        for state, steps in _by_state(changes)
    ]
    cause = next((one.cause for one in plan if one.cause), None)
    why = [say("notice.plan_cause", cause=cause.rstrip(" .!"))] if cause else []
    return Answer((*lines, *why, say("notice.plan_after")))


def cancelled(view: View, plan: Sequence[Assertion], changes: Sequence[Change]) -> Answer:
    """It will not be."""
    return Answer((_cancelled(view, "notice.plan_cancelled", plan, changes), say("notice.plan_cancelled_after")))


def corrected(view: View, plan: Sequence[Assertion], changes: Sequence[Change]) -> Answer:
    """What stands in place of the announcement."""
    return Answer((_cancelled(view, "notice.plan_corrected", plan, changes),))


def _cancelled(view: View, kind: str, plan: Sequence[Assertion], changes: Sequence[Change]) -> Message:
    steps = _named(view, [change.step for change in changes], changes)
    return Message(kind, {"steps": steps, "when": stretch(plan)})


def _named(view: View, steps: Iterable[str], changes: Sequence[Change]) -> Value:
    """The steps, of many offices with where."""
    told = names(view, steps)
    if not view.catalogue.tree.many:
        return told
    return say("status.at", step=told, places=whereabouts(view, dict.fromkeys(one.counter for one in changes)))


def _by_state(changes: Sequence[Change]) -> list[tuple[State, list[str]]]:
    """The steps that stop, then those that go on in part."""
    found: dict[State, list[str]] = {}
    for change in changes:
        found.setdefault(change.now, []).append(change.step)
    return [(state, found[state]) for state in (State.UNAVAILABLE, State.LIMITED) if state in found]


def stretch(plan: Sequence[Assertion]) -> Message:
    """From when until when."""
    begins = min(one.planned_from for one in plan if one.planned_from)
    ends = [one.estimate.until for one in plan if one.estimate and one.estimate.until]
    if not ends:
        return say("schedule.from", begins=Brief(begins))
    until: Value = Brief(_last(ends))
    return say("schedule.from_to", begins=Brief(begins), ends=until)


def _last(ends: Sequence[Moment]) -> Moment:
    return max(ends, key=lambda moment: moment.at)
