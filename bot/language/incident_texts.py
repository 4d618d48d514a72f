"""Outages and maintenance in sentences: what they are called, what each report said, how long they lasted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.language.messages import Brief, Capital, Listing, Message, Value, Words, say
from bot.language.outages import estimate_line
from bot.language.view import View, names
from bot.language.whereabouts import whereabouts
from bot.rules.board import cells_in, steps_of
from bot.rules.catalogue import Catalogue, Place, State
from bot.rules.incidents import Incident, IncidentUpdate, SpanKey, effects
from bot.rules.reports import Assertion, Estimate, Report

_WORST_FIRST = (State.UNAVAILABLE, State.LIMITED, State.AVAILABLE)
_MOST_DAYS = timedelta(days=2)
_MOST_HOURS = timedelta(hours=2)


def title(view: View, incident: Incident) -> Message:
    """What it is called, by what failed."""
    kind = "maintenance" if incident.planned else "outage"
    return say(f"page.incident.{kind}", what=_named(view, incident.targets))


def affected(view: View, incident: Incident) -> Message | None:
    """Whom it concerned: the steps that it stopped, and those that it limited."""
    struck = effects(view.catalogue, incident)
    stopped = [step for step, state in struck.items() if state is State.UNAVAILABLE]
    halved = [step for step, state in struck.items() if state is State.LIMITED]
    if stopped and halved:
        return say("page.incident.stopped_and_limited", stopped=names(view, stopped), limited=names(view, halved))
    if stopped:
        return say("page.incident.stopped", stopped=names(view, stopped))
    return say("page.incident.limited", limited=names(view, halved)) if halved else None


def when(incident: Incident) -> Message:
    """From when to when, and how long."""
    if incident.to_come:
        return _planned_time(incident)
    since = Brief(incident.since)
    if incident.ended is None:
        return say("page.incident.since", since=since)
    lasted = lasted_for(incident.ended - min(incident.since.at, incident.began, incident.ended))
    return say("page.incident.over", since=since, ended=Brief(incident.ended), lasted=lasted)


def in_short(view: View, incident: Incident) -> tuple[Message, ...]:
    """One that goes on, for who has no time to read: what, why, since when, until when."""
    since = Brief(incident.since)
    if incident.cause:
        told = say(
            "page.incident.now_cause", title=title(view, incident), cause=incident.cause.rstrip(" .!"), since=since
        )
    else:
        told = say("page.incident.now", title=title(view, incident), since=since)
    facts = {(fact.target, fact.place): fact for fact in view.board.facts if fact.down}
    standing = next((facts[target] for target in incident.targets if target in facts), None)
    return (told, estimate_line(view, standing)) if standing else (told,)


def _planned_time(incident: Incident) -> Message:
    until = incident.estimate.until if incident.estimate else None
    if until is None:
        return say("page.incident.from", begins=Brief(incident.began))
    return say("page.incident.from_to", begins=Brief(incident.began), ends=Brief(until))


def lasted_for(time: timedelta) -> Message:
    """A stretch of time in its most fitting unit."""
    if time >= _MOST_DAYS:
        return say("page.lasted.days", count=time.days)
    if time >= _MOST_HOURS:
        return say("page.lasted.hours", count=int(time / timedelta(hours=1)))
    return say("page.lasted.minutes", count=int(time / timedelta(minutes=1)))


def update_lines(view: View, update: IncidentUpdate) -> list[Message]:
    """What one report said of an incident, as it was published."""
    return assertion_lines(view, update.assertions)


def announcement_lines(incident: Incident) -> list[Message]:
    """Why maintenance is to come, as far as it was said."""
    return [say("page.update.cause", cause=incident.cause.rstrip(" .!"))] if incident.cause else []


def report_title(view: View, report: Report) -> Message:
    """A report in one line."""
    return _states(view, report.assertions)[0]


def assertion_lines(view: View, assertions: Iterable[Assertion]) -> list[Message]:
    """How things stand, why, and until when as far as it was said."""
    said = tuple(assertions)
    lines = _states(view, said)
    for cause, state in dict.fromkeys((one.cause, one.state is State.AVAILABLE) for one in said if one.cause):
        kind = "note" if state else "cause"
        lines.append(say(f"page.update.{kind}", cause=(cause or "").rstrip(" .!")))
    lines += [_begins(begins) for begins in dict.fromkeys(one.planned_from for one in said) if begins]
    lines += [_expected(estimate) for estimate in dict.fromkeys(one.estimate for one in said) if estimate]
    return lines


def _begins(begins: datetime) -> Message:
    return say("page.update.begins", at=Brief(begins))


def _expected(estimate: Estimate) -> Message:
    if estimate.until is None:
        return say("page.update.no_estimate")
    return say("page.update.estimate", until=Brief(estimate.until))


def _states(view: View, assertions: tuple[Assertion, ...]) -> list[Message]:
    """A line for each state, naming what is so."""
    found: dict[str, list[SpanKey]] = {}
    for one in sorted(assertions, key=lambda one: _WORST_FIRST.index(one.state)):
        found.setdefault("planned" if one.planned_from else one.state, []).append((one.target, one.place))
    return [say(f"page.update.{how}", what=Capital(_named(view, told))) for how, told in found.items()]


def _named(view: View, targets: Iterable[SpanKey]) -> Value:
    """Resources and steps by their names; where it is one place of several, with that."""
    by_places: dict[tuple[str, ...], list[str]] = {}
    for target, places in _places(targets).items():
        by_places.setdefault(places, []).append(target)
    groups = [_at(view, _listed(view, found), places) for places, found in by_places.items()]
    return Listing(tuple(groups)) if len(groups) > 1 else groups[0]


def _places(targets: Iterable[SpanKey]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for target, place in targets:
        found[target] = (*found.get(target, ()), place)
    return found


def _listed(view: View, targets: list[str]) -> Value:
    resources = view.catalogue.resources_by_id
    named: list[Value] = [Words(resources[one].name) for one in targets if one in resources]
    steps = names(view, [one for one in targets if one in view.catalogue.steps])
    # A target of an earlier catalogue has no name any more; its id is better than nothing.
    lost = [one for one in targets if one not in resources and one not in view.catalogue.steps]
    return Listing((*named, *steps.items, *lost))


def _at(view: View, what: Value, places: tuple[str, ...]) -> Value:
    """With its places, where that tells citizens something."""
    known = [path for path in dict.fromkeys(places) if _tells(view.catalogue, path)]
    if not known or len(view.catalogue.counters) == 1:
        return what
    return say("status.at", step=what, places=whereabouts(view, known))


def _tells(catalogue: Catalogue, path: str) -> bool:
    place: Place | None = catalogue.places_by_path.get(path)
    return place is not None and place is not catalogue.root


def concerned_services(view: View, report: Report) -> tuple[str, ...]:
    """The services that a report speaks of, for those who sort by them."""
    known = [one for one in report.assertions if steps_of(view.catalogue, one.target)]
    steps = [step for step, _ in cells_in(view.catalogue, known)]
    return tuple(dict.fromkeys(view.catalogue.steps[step].service for step in steps))
