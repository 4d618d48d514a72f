"""What staff read around a report: preview, published, refused, taken back, confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.language.located import spoken_of, widest
from bot.language.messages import Answer, Brief, Button, Capital, Clock, Lines, Listing, Message, Value, Words, say
from bot.language.view import View, names
from bot.language.whereabouts import whereabouts
from bot.rules.holding import Held
from bot.rules.notices import Change, Notice
from bot.rules.reports import Report, ReportKind
from bot.rules.schedule import begins, planned

_MOST_CHANGES = 8  # a screen holds no more; the rest is counted
_MANY_COUNTERS = 3  # more that change alike are counted, not named: a country's report changes hundreds
_MOST_REPORTS = 6

Rows = tuple[tuple[Button, ...], ...]
Sleeping = Callable[[Notice, datetime], bool]
"""Whether it is quiet at that time for some who are owed a notice."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who will be told, and when; `release_at` None: nobody, or at once."""

    subscribers: int
    release_at: datetime | None = None
    sleeping: bool = False  # some of them in a time zone in which it is quiet yet


def audience_of(view: View, subscribers: int, notices: Sequence[Notice], sleeping: Sleeping) -> Audience:
    """Who will be told by these notices."""
    release_at = max((notice.release_at for notice in notices), default=None)
    asleep = (sleeping(notice, max(view.now, notice.release_at)) for notice in notices)
    later = view.catalogue.zones.many and any(asleep)
    return Audience(subscribers, release_at, later)


def preview(
    view: View,
    preview_id: str,
    changes: Sequence[Change],
    citizens_read: Answer,
    audience: Audience,
    by: str,
    *,
    where: Sequence[str] = (),
    held: Sequence[Held] = (),
    spared: Sequence[str] = (),
    shut_on: date | None = None,
) -> Answer:
    """Exactly what citizens will read, what changes, what still holds, how many are told and when."""
    head = preview_head(view, changes, audience, where=where, held=held, spared=spared, shut_on=shut_on).lines
    quoted = (say("staff.preview.citizens"), say("staff.quote", lines=Lines(citizens_read.lines)))
    before = (say("staff.preview.title"), *head, say("staff.preview.by", by=by))
    buttons = (*_ways_out(view, preview_id, held), _decide(preview_id))
    return Answer((*before, *quoted, say("staff.preview.expires")), buttons, citizens_read.zone)


def preview_head(
    view: View,
    changes: Sequence[Change],
    audience: Audience,
    *,
    where: Sequence[str] = (),
    held: Sequence[Held] = (),
    spared: Sequence[str] = (),
    shut_on: date | None = None,
) -> Answer:
    """Where, what changes, what still holds, who is told and when, and what is questioned."""
    notes = (*_held_lines(view, held), *spared_lines(view, spared))
    head = (*_where_lines(view, where), *change_lines(view, changes), *notes)
    return Answer((*head, audience_line(view, audience), *_shut_lines(shut_on)))


def _where_lines(view: View, places: Sequence[str]) -> list[Message]:
    """Of many offices which are meant, so that a wrong province is seen before anybody reads of it."""
    tree = view.catalogue.tree
    if not places or not tree.many:
        return []
    wide = widest(view, places)
    offices = dict.fromkeys(office for place in wide for office in tree.offices_under.get(place, ()))
    if len(offices) < 2:
        return [say("staff.preview.place", place=whereabouts(view, wide))]
    return [say("staff.preview.places", places=whereabouts(view, wide), count=len(offices))]


def _decide(preview_id: str) -> tuple[Button, ...]:
    return (
        Button(say("button.publish"), action=f"p:{preview_id}"),
        Button(say("button.change"), action=f"e:{preview_id}"),
        Button(say("button.cancel"), action=f"q:{preview_id}"),
    )


def change_lines(view: View, changes: Sequence[Change]) -> list[Message]:
    """Each step with the state it leaves and the one it takes."""
    if not changes:
        return [say("staff.change.none")]
    alike: dict[tuple[str, str, str], list[Change]] = {}
    for change in changes:
        alike.setdefault((change.step, change.was, change.now), []).append(change)
    told = [part for same in alike.values() for part in ([same] if len(same) > _MANY_COUNTERS else _one_by_one(same))]
    lines = [
        say("staff.change", step=Capital(_where(view, part)), was=_state(part[0].was), now=_state(part[0].now))
        for part in told[:_MOST_CHANGES]
    ]
    more = sum(map(len, told[_MOST_CHANGES:]))
    return [*lines, say("staff.change.more", count=more)] if more else lines


def _one_by_one(changes: Sequence[Change]) -> list[list[Change]]:
    return [[change] for change in changes]


def _state(state: str) -> Message:
    return say(f"staff.state.{state}")


def _where(view: View, same: Sequence[Change]) -> Value:
    """The step, with its counter where several serve it; of many counters, how many."""
    change = same[0]
    name = Words(view.catalogue.steps[change.step].name)
    if len(same) > 1:
        return say("staff.change.places", step=name, count=len(same))
    if len(view.board.counters_of.get(change.step, ())) <= 1 and change.counter == view.catalogue.main_counter.path:
        return name
    return say("status.at", step=name, places=view.place_name(change.counter))


def _held_lines(view: View, held: Sequence[Held]) -> list[Message]:
    return [_held_line(view, one) for one in held]


def _held_line(view: View, held: Held) -> Message:
    resource = view.catalogue.resources_by_id.get(held.by.target)
    holder = Words(resource.name) if resource else say("staff.held.own")
    return say("staff.held", steps=Capital(names(view, held.steps)), holder=holder)


def spared_lines(view: View, spared: Sequence[str]) -> list[Message]:
    return [say("staff.spared", steps=names(view, spared))] if spared else []


def _shut_lines(shut_on: date | None) -> list[Message]:
    return [say("staff.shut_on", day=Brief(shut_on))] if shut_on else []


def _ways_out(view: View, preview_id: str, held: Sequence[Held]) -> Rows:
    """For each resource that still holds: well too, or only these services; for steps' own reports: lift them."""
    holders = list(dict.fromkeys(one.by.target for one in held))
    resources = [view.catalogue.resources_by_id[one] for one in holders if one in view.catalogue.resources_by_id]
    rows = [
        (Button(say("button.well_too", resource=Capital(resource.short)), action=f"f:{preview_id}:{resource.id}"),)
        for resource in resources
    ]
    if resources:
        rows.append((Button(say("button.only_these"), action=f"f:{preview_id}:only"),))
    if len(resources) < len(holders):
        rows.append((Button(say("button.lift_steps"), action=f"f:{preview_id}:lift"),))
    return tuple(rows)


def audience_line(view: View, audience: Audience) -> Message:
    """How many will be told, and when."""
    if not audience.subscribers:
        return say("staff.audience.none")
    zones = "_zones" if audience.sleeping else ""
    if audience.release_at is None or audience.release_at <= view.now:
        return say(f"staff.audience.now{zones}", count=audience.subscribers)
    return say(f"staff.audience.later{zones}", count=audience.subscribers, at=Brief(audience.release_at))


def published(view: View, report: int, at: datetime, audience: Audience) -> Answer:
    """It is out; it can be taken back, and the notice need not wait."""
    undo = Button(say("button.undo"), action=f"u:{report}")
    waits = audience.subscribers and audience.release_at is not None and audience.release_at > view.now
    now = (Button(say("button.send_now"), action=f"n:{report}"),) if waits else ()
    return Answer((say("staff.published", at=Clock(at)), audience_line(view, audience)), ((undo, *now),))


def cancelled() -> Answer:
    return Answer((say("staff.cancelled"),))


def refused() -> Answer:
    """The command is for staff."""
    return Answer((say("staff.refused"),))


def describe(view: View, report: Report) -> Message:
    """One report in a line: what, by whom, when."""
    return say("staff.report", what=_what(view, report), by=report.by.name, at=Brief(report.at))


def _what(view: View, report: Report) -> Value:
    if report.kind is ReportKind.CONFIRMATION:
        return say("staff.report.confirmation")
    if report.kind is ReportKind.RETRACTION:
        return say("staff.report.retraction")
    if planned(report):
        targets = spoken_of(view, ((one.target, one.place) for one in report.assertions))
        return say("staff.report.plan", targets=targets, begins=Brief(begins(report)))
    said: dict[str, list[tuple[str, str]]] = {}
    for one in report.assertions:
        said.setdefault(one.state, []).append((one.target, one.place))
    lines = (
        say("staff.report.assertion", targets=spoken_of(view, about), state=_state(state))
        for state, about in said.items()
    )
    return Listing(tuple(lines))


def retractable(view: View, reports: Sequence[Report]) -> Answer:
    """What may still be taken back, the newest first, a button each."""
    if not reports:
        return Answer((say("staff.undo.nothing"),))
    shown = reports[:_MOST_REPORTS]
    lines = [say("staff.undo.item", number=one.number, report=describe(view, one)) for one in shown]
    buttons = tuple((Button(say("button.undo_number", number=one.number), action=f"u:{one.number}"),) for one in shown)
    return Answer((say("staff.undo.title"), *lines), buttons)


def retraction_preview(
    view: View, report: Report, changes: Sequence[Change], *, unsent: int = 0, sent: int = 0
) -> Answer:
    """What taking a report back does: to the board, to notices that wait, to those that went out."""
    told = [say("staff.undo.unsent", count=unsent)] if unsent else []
    told += [say("staff.undo.sent", count=sent)] if sent else []
    lines = (say("staff.undo.preview"), describe(view, report), *change_lines(view, changes), *told)
    return Answer(lines, ((Button(say("button.undo_yes"), action=f"u!:{report.number}"),),))


def retracted(report: Report, at: datetime, *, sent: int = 0) -> Answer:
    lines = [say("staff.undo.done", number=report.number, at=Clock(at))]
    if sent:
        lines.append(say("staff.undo.corrections", count=sent))
    return Answer(tuple(lines))


def not_retractable(reason: str) -> Answer:
    """`reason`: "late" (24 h are over), "others" (neither author nor admin) or "done" (taken back already)."""
    return Answer((say(f"staff.undo.not_{reason}"),))
