"""What helps around a state: what still works, what the office allows instead, how fresh the word is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.language.messages import Listing, Message, Words, say
from bot.language.view import Standing, View, contact, label, names, standings_of
from bot.rules.catalogue import Alternative, State

_OTHERS_NAMED = 5


def still_works(view: View, standings: Sequence[Standing]) -> list[Message]:
    """Under an outage: the same service's other steps that work, else other services that do."""
    if not any(standing.state is State.UNAVAILABLE for standing in standings):
        return []
    asked = {standing.step.id for standing in standings}
    services = {standing.step.service for standing in standings}
    others = [view.standing(step) for step in view.catalogue.steps if step not in asked]
    able = [other for other in others if other.works and other.served]
    near = [other for other in able if other.step.service in services]
    if near:
        return [say("meanwhile.steps", steps=Listing(tuple(map(_with_limit, near))))]
    able = [other for other in able if other.state is State.AVAILABLE][:_OTHERS_NAMED]
    if not able or any(standing.works for standing in standings):
        return []
    return [say("meanwhile.services", services=Listing(tuple(label(view, other.step) for other in able)))]


def _with_limit(standing: Standing) -> Message | Words:
    name = Words(standing.step.name)
    return say("meanwhile.limited", step=name) if standing.state is State.LIMITED else name


def untouched_lines(view: View, standings: Sequence[Standing]) -> list[Message]:
    """Under an outage: what it does not touch, where nobody has reported more; for a spared step, that it is spared."""
    if any(standing.state is State.UNAVAILABLE for standing in standings):
        steps = untouched(view, standings)
        return [say("meanwhile.untouched", steps=names(view, steps))] if steps else []
    silent = [standing for standing in standings if standing.state is State.UNKNOWN]
    sparing = [fact for fact in view.board.facts if fact.down and any(one.step.id in fact.spares for one in silent)]
    spared = [one.step.id for one in silent if any(one.step.id in fact.spares for fact in sparing)]
    if not spared:
        return []
    causes = dict.fromkeys(fact.target for fact in sparing if fact.target in view.catalogue.resources_by_id)
    named = Listing(tuple(Words(view.catalogue.resources_by_id[cause].name) for cause in causes))
    return [say("meanwhile.spared", causes=named, steps=names(view, spared))]


def untouched(view: View, standings: Sequence[Standing]) -> tuple[str, ...]:
    """Silent steps that the outage at hand leaves alone: of the same services, else a few of the others."""
    if not any(standing.state is State.UNAVAILABLE for standing in standings):
        return ()
    services = {standing.step.service for standing in standings}
    silent = [one for one in standings_of(view, view.catalogue.steps) if one.state is State.UNKNOWN and one.served]
    near = [one.step.id for one in silent if one.step.service in services]
    if near or still_works(view, standings) or any(standing.works for standing in standings):
        return tuple(near)
    return tuple(one.step.id for one in silent[:_OTHERS_NAMED])


def alternative_lines(view: View, standings: Sequence[Standing]) -> list[Message]:
    """What to do instead where the office allows it; where it has not said, whom to ask."""
    down = [standing for standing in standings if standing.state is State.UNAVAILABLE]
    services = dict.fromkeys(standing.step.service for standing in down)
    offered = [way for service in services for way in view.catalogue.services_by_id[service].alternatives]
    open_ways = [way for way in offered if not _is_down(view, way)]
    allowed = [_called(view, way) for way in open_ways if way.allowed]
    unsaid = [_called(view, way) for way in open_ways if way.allowed is None]
    told = [say("instead.allowed", ways=Listing(tuple(allowed), either=True))] if allowed else []
    asks = [say("instead.ask", ways=Listing(tuple(unsaid), either=True))] if unsaid else []
    return [*told, *asks]


def _is_down(view: View, way: Alternative) -> bool:
    """Whether the other way is itself known not to work: then it helps nobody."""
    steps = view.catalogue.services_by_id[way.service].steps
    return all(view.standing(step.id).state is State.UNAVAILABLE for step in steps)


def _called(view: View, way: Alternative) -> Words:
    return Words(way.text or view.catalogue.services_by_id[way.service].short)


def silence_lines(view: View, standings: Sequence[Standing]) -> list[Message]:
    """That nobody has reported, and on what: silence is not bad news."""
    told = untouched(view, standings)
    quiet = [one.step.id for one in standings if all(cell.confirmed_at is None for cell in one.cells)]
    silent = [step for step in quiet if step not in told]
    if not silent:
        return []
    if not any(cell.confirmed_at for one in standings for cell in one.cells):
        return [say("confirmed.never")]
    return [say("confirmed.never_some", steps=names(view, silent))]


def staff_notes(standings: Iterable[Standing]) -> list[Message]:
    """What staff added when they reported something well."""
    told = (cell.note for standing in standings for cell in standing.cells if cell.note)
    return [say("status.note", note=note.rstrip(" .")) for note in dict.fromkeys(told)]


def freshness_lines(view: View, standings: Iterable[Standing]) -> list[Message]:
    """When staff last said so; that it may have changed since; whom to ask before leaving home."""
    cells = [cell for standing in standings for cell in standing.cells]
    fresh = [cell.fresh for cell in cells if cell.confirmed_at]
    lines = []
    if fresh:
        kind = "fresh" if all(fresh) else "mixed" if any(fresh) else "stale"
        lines.append(say(f"confirmed.{kind}", at=min(cell.confirmed_at for cell in cells if cell.confirmed_at)))
    reach = contact(view)
    if reach and (not all(fresh) or len(fresh) < len(cells)):
        lines.append(say("confirmed.ask", contact=reach))
    return lines
