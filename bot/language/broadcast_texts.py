"""What staff read of notices on their way: how far, how fast, until when, and what did not arrive."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil

from bot.language.messages import BLANK, Answer, Brief, Button, Capital, Clock, Message, Value, say
from bot.language.view import View, names
from bot.language.whereabouts import whereabouts
from bot.rules.broadcasts import Broadcast, Pace, Phase, ends
from bot.rules.notices import DeliveryStatus
from bot.rules.reports import Report, ReportKind

_STOPPABLE = (Phase.SCHEDULED, Phase.LISTING, Phase.SENDING)
_GOING_ON = (Phase.LISTING, Phase.SENDING, Phase.STOPPED)


def overview(
    view: View,
    broadcasts: Sequence[Broadcast],
    pace: Pace | None,
    sleeping: Collection[int] = (),
    own: Collection[int] | None = None,
) -> Answer:
    """Everything in progress, with what was sent lately; a button each to stop it or let it go on.

    `own`: the reports whose sending its reader may steer; None: all.
    """
    going_on = [one for one in broadcasts if one.phase(view.now) is not Phase.DONE]
    lines = [say("broadcast.title")]
    if not going_on:
        lines.append(say("broadcast.none"))
    if any(one.phase(view.now) in _GOING_ON for one in going_on):
        lines += _pace_lines(view, pace)
    for one in broadcasts:
        lines += [BLANK, *_about(view, one, ends(going_on, pace, view.now), sleeping)]
    reports = dict.fromkeys(one.notice.report for one in going_on)
    mine = [one for one in reports if own is None or one in own]
    rows = [steering(view, one, going_on, everything=True, alone=len(reports) == 1) for one in mine]
    return Answer(tuple(lines), tuple((button,) for row in rows for button in row))


def of_report(
    view: View,
    report: Report,
    broadcasts: Sequence[Broadcast],
    pace: Pace | None,
    sleeping: Collection[int] = (),
    *,
    retracted: bool = False,
) -> Answer:
    """What was published, and how far its notices are; it can be taken back, and what waits need not wait."""
    phases = [one.phase(view.now) for one in broadcasts]
    asleep = any(one.phase(view.now) is Phase.SENDING and one.notice.id in sleeping for one in broadcasts)
    lines = [_head(report)]
    if not broadcasts:
        lines.append(say("broadcast.withdrawn"))
    for one in broadcasts:
        lines += [BLANK, *_about(view, one, ends(broadcasts, pace, view.now), sleeping)]
    if Phase.SENDING in phases:
        lines += _pace_lines(view, pace)
    decide = []
    if report.kind is ReportKind.ASSERTION and not retracted:
        decide.append(Button(say("button.undo"), action=f"u:{report.number}"))
    if Phase.SCHEDULED in phases or asleep:
        decide.append(Button(say("button.send_now"), action=f"n:{report.number}"))
    steer = steering(view, report.number, broadcasts, everything=False, alone=True)
    return Answer(tuple(lines), tuple(row for row in (tuple(decide), steer) if row))


def _head(report: Report) -> Message:
    if report.kind is ReportKind.RETRACTION and report.retracts is not None:
        return say("staff.undo.done", number=report.retracts, at=Clock(report.at))
    return say("staff.published", at=Clock(report.at))


def steering(
    view: View, report: int, broadcasts: Iterable[Broadcast], *, everything: bool, alone: bool
) -> tuple[Button, ...]:
    """Stop what a report sends, or let it go on; where several are shown, the report's number tells which."""
    phases = {one.phase(view.now) for one in broadcasts if one.notice.report == report}
    where = ":all" if everything else ""
    numbered = "" if alone else "_number"
    buttons = []
    if Phase.STOPPED in phases:
        buttons.append(Button(say(f"button.go_on{numbered}", number=report), action=f"go:{report}{where}"))
    if phases & set(_STOPPABLE):
        buttons.append(Button(say(f"button.hold{numbered}", number=report), action=f"stop:{report}{where}"))
    return tuple(buttons)


def _about(view: View, one: Broadcast, until: Mapping[int, datetime], sleeping: Collection[int]) -> list[Message]:
    """One notice: what it says, its bar, its counts, and where it stands; `sleeping`: some are told in the morning."""
    steps: Value = names(view, (change.step for change in one.notice.changes))
    if view.catalogue.tree.many:
        places = whereabouts(view, dict.fromkeys(change.counter for change in one.notice.changes))
        steps = say("status.at", step=steps, places=places)
    head = say(f"broadcast.kind_{one.notice.kind}", steps=Capital(steps), number=one.notice.report)
    phase = one.phase(view.now)
    if phase is Phase.SCHEDULED:
        return [head, say("broadcast.scheduled", at=Brief(one.notice.release_at))]
    if one.total == 0 and phase is Phase.DONE:
        return [head, say("staff.audience.none")]
    if phase is Phase.SENDING and one.notice.id in sleeping:
        return [head, *_counts(one), say(f"broadcast.sleeping{'_zones' if view.catalogue.zones.many else ''}")]
    return [head, *_counts(one), *_standing(view, phase, until.get(one.notice.id))]


def _counts(one: Broadcast) -> list[Message]:
    """The bar and what became of how many; a fate that nobody met is not named."""
    if not one.total:
        return []
    bar = say(f"broadcast.bar_{one.percent // 10}", percent=one.percent)
    counted = (
        ("waiting", one.waiting),
        ("gone", one.of(DeliveryStatus.GONE)),
        ("dropped", one.of(DeliveryStatus.DROPPED)),
        ("failed", one.of(DeliveryStatus.FAILED)),
    )
    lines = [bar, say("broadcast.sent", sent=one.sent, total=one.total)]
    lines += [say(f"broadcast.{fate}", count=count) for fate, count in counted if count]
    lines += [say("broadcast.error", count=count, error=error) for error, count in one.errors]
    return [*lines, say("broadcast.repeats", count=one.repeats)] if one.repeats else lines


def _standing(view: View, phase: Phase, until: datetime | None) -> list[Message]:
    if phase is not Phase.SENDING:
        return [say(f"broadcast.{phase}")]
    return [say("broadcast.ends", at=_next_minute(until))] if until else []


def _next_minute(until: datetime) -> Brief:
    """It is an estimate, and so stays the same for a while."""
    return Brief(until.replace(second=0, microsecond=0) + timedelta(minutes=1))


def _pace_lines(view: View, pace: Pace | None) -> list[Message]:
    if pace is None:
        return [say("broadcast.no_sender")]
    lines = [say("broadcast.pace", pace=max(1, round(pace.a_second)))]
    if pace.rests_until and pace.rests_until > view.now:
        lines.append(say("broadcast.rests", seconds=ceil((pace.rests_until - view.now).total_seconds())))
    return lines
