"""When counters are open, in sentences: today, this week, on a day that was asked for."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

from bot.language.messages import Brief, Capital, Clock, Hours, Message, Value, Words, say
from bot.language.view import View
from bot.rules.calendar import Closure, ClosureKind, Day
from bot.rules.catalogue import Opening, Place
from bot.rules.reports import Moment

_SATURDAY = 5


def today_lines(view: View) -> tuple[Message, ...]:
    """Today's hours: once where all counters keep the same, else a line a counter."""
    told = [(counter, counter_today(view, counter)) for counter in view.counters]
    known = [(counter, line) for counter, line in told if line]
    if not known:
        return ()
    if all(line == known[0][1] for _, line in known):
        return (known[0][1],)
    return tuple(say("hours.at_counter", counter=Words(counter.name), hours=line) for counter, line in known)


def over_for_today(view: View) -> bool:
    """Whether no counter opens any more today: then that comes before anything else."""
    return all(_over(view, counter) for counter in view.counters)


def _over(view: View, counter: Place) -> bool:
    today = view.calendar.today(view.now, counter.path)
    return (
        view.calendar.openings(counter.path, today) == () or view.calendar.closing_of(counter.path, today) <= view.now
    )


def _end_of_day(view: View, counter: Place, openings: tuple[Opening, ...]) -> datetime:
    """When the last stretch of today ends."""
    today = view.calendar.today(view.now, counter.path)
    return datetime.combine(today, openings[-1].end, view.catalogue.zones.of(counter.path))


def counter_today(view: View, counter: Place) -> Message | None:
    """Today's hours of one counter; None where they are not set."""
    day = view.calendar.day_at(counter.path, view.calendar.today(view.now, counter.path))
    if day.openings is None:
        return None
    if not day.openings:
        return say("hours.closed_today", why=why_closed(day), again=_again(view, counter))
    is_open = view.calendar.is_open(counter.path, view.now)
    told = _open_now(view, counter, day.openings) if is_open else _not_open_now(view, counter, day.openings)
    return say("hours.special", hours=told, note=Words(day.note)) if day.note else told


def _open_now(view: View, counter: Place, openings: tuple[Opening, ...]) -> Message:
    """Until when, with the breaks that still come."""
    end = Clock(_end_of_day(view, counter, openings))
    clock = view.now.astimezone(end.value.tzinfo).time()
    breaks = tuple(Opening(one.end, other.start) for one, other in pairwise(openings) if one.end > clock)
    if breaks:
        return say("hours.open_until_break", time=end, breaks=Hours(breaks))
    return say("hours.open_until", time=end)


def _not_open_now(view: View, counter: Place, openings: tuple[Opening, ...]) -> Message:
    """A day with hours, outside them: before, in a break, or over."""
    end = Clock(_end_of_day(view, counter, openings))
    if end.value <= view.now:
        return say("hours.over", time=end, again=_again(view, counter))
    start = datetime.combine(end.value.date(), openings[0].start, end.value.tzinfo)
    if view.now < start:
        return say("hours.opens_today", hours=Hours(openings), zone=zone(view, counter))
    return say("hours.break", again=Clock(view.calendar.next_opening(counter.path, view.now) or end.value))


def zone(view: View, counter: Place) -> str:
    """The name of a counter's time zone, as people there write it."""
    return view.now.astimezone(view.catalogue.zones.of(counter.path)).tzname() or ""


def why_closed(day: Day) -> Message:
    """Why a day is closed, with the holiday's name, to stand after "karena"."""
    closure = day.reason
    if closure is None or (closure.kind is ClosureKind.WEEKEND and day.date.weekday() < _SATURDAY):
        return say("closed.plain")
    return say(f"closed.{closure.kind}", name=_closure_name(closure))


def _closure_name(closure: Closure) -> Value:
    return say("closed.estimate", name=Words(closure.name)) if closure.estimate else Words(closure.name)


def _again(view: View, counter: Place) -> Message:
    opening = view.calendar.next_opening(counter.path, view.now)
    if opening is None:
        return say("hours.again_unknown")
    unset = view.calendar.openings(counter.path, view.calendar.today(opening, counter.path)) is None
    return say("hours.again", opening=Moment(opening, whole_day=unset))


def day_line(view: View, counter: Place, day: date) -> Message | None:
    """The hours of one day, by its name; None where the office has not set any."""
    found = view.calendar.day_at(counter.path, day)
    if found.openings is None:
        return None
    if not found.openings:
        return say("hours.day_closed", day=Capital(Brief(day)), why=why_closed(found))
    told = say("hours.day", day=Capital(Brief(day)), hours=Hours(found.openings), zone=zone(view, counter))
    return say("hours.special", hours=told, note=Words(found.note)) if found.note else told


def week_lines(view: View, counter: Place) -> tuple[Message, ...]:
    """The next seven days, days of the same hours together in their order."""
    first = view.calendar.today(view.now, counter.path)
    days = [view.calendar.day_at(counter.path, first + timedelta(days=ahead)) for ahead in range(7)]
    if any(day.openings is None for day in days):
        return ()
    return tuple(_week_line(view, counter, group) for group in _runs(days))


def _runs(days: list[Day]) -> list[list[Day]]:
    """Neighbouring days that a citizen would read the same about."""
    runs: list[list[Day]] = []
    for day in days:
        if runs and (runs[-1][0].openings, runs[-1][0].reason) == (day.openings, day.reason):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _week_line(view: View, counter: Place, run: list[Day]) -> Message:
    first, last = run[0], run[-1]
    days: Value = (
        Brief(first.date) if first is last else say("hours.span", first=Brief(first.date), last=Brief(last.date))
    )
    if first.openings:
        return say("hours.week_open", days=Capital(days), hours=Hours(first.openings), zone=zone(view, counter))
    return say("hours.week_closed", days=Capital(days), why=why_closed(first))
