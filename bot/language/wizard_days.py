"""Until when an outage may last: today, tomorrow, a day of the calendar, or nobody knows."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterator
from datetime import date, timedelta

from bot.language.messages import Answer, Brief, Button, DatePart, Message, say
from bot.language.view import View
from bot.language.wizard_buttons import Row, named, tap, ways_out
from bot.rules.drafts import Draft, standing

_MONTHS_AHEAD = 12
_WEEKS = Calendar()  # from Monday


def estimate(view: View, draft: Draft) -> Answer:
    """The near days by name, the others in the calendar; that nobody knows is an answer like any other."""
    today = _today(view, draft)
    near = [_day(draft, say("button.tomorrow"), today + timedelta(1))]
    if view.calendar.closing_of(_counter(view, draft), today) > view.now:
        near.insert(0, _day(draft, say("button.today"), today))
    others = (_month(draft, say("button.calendar"), today), tap(draft, say("button.no_estimate"), "d", "?"))
    return Answer((say("wizard.estimate"),), (tuple(near), others, *_as_it_is(view, draft), ways_out(draft)))


def _as_it_is(view: View, draft: Draft) -> tuple[Row, ...]:
    """While the same outage lasts, what was expected may stay."""
    fact = standing(view.board, draft.entry)
    if fact is None:
        return ()
    until = fact.estimate.until if fact.estimate else None
    label = say("button.still_until", until=Brief(until)) if until else say("button.still_no_estimate")
    return ((tap(draft, label, "d", "-"),),)


def calendar(view: View, draft: Draft) -> Answer:
    """A month, week by week; days on which the office is shut stand in brackets."""
    today = _today(view, draft)
    month = min(max(draft.month or today, today).replace(day=1), _last_month(today))
    weeks = _WEEKS.monthdatescalendar(month.year, month.month)
    head = tuple(_idle(draft, DatePart(day, "format.weekday")) for day in weeks[0])
    to_come = (week for week in weeks if week[-1] >= today)
    days = (tuple(_cell(view, draft, day, month, today) for day in week) for week in to_come)
    lines = (say("wizard.calendar", month=DatePart(month, "format.month")),)
    return Answer(lines, (head, *days, tuple(_turning(draft, month, today)), ways_out(draft)))


def _cell(view: View, draft: Draft, day: date, month: date, today: date) -> Button:
    """A day that can be chosen; what is over, or of another month, is empty."""
    over = day == today and view.calendar.closing_of(_counter(view, draft), day) <= view.now
    if day.month != month.month or day < today or over:
        return _idle(draft, "·")
    shut = view.calendar.openings(_counter(view, draft), day) == ()
    return _day(draft, say("wizard.day_shut" if shut else "wizard.day", day=str(day.day)), day)


def _turning(draft: Draft, month: date, today: date) -> Iterator[Button]:
    """To the months beside this one."""
    before, after = month - timedelta(1), month + timedelta(31)
    if before >= today.replace(day=1):
        yield _month(draft, say("button.earlier"), before)
    if month < _last_month(today):
        yield _month(draft, say("button.later"), after)


def _last_month(today: date) -> date:
    return (today.replace(day=1) + timedelta(31 * _MONTHS_AHEAD)).replace(day=1)


def _day(draft: Draft, label: Message, day: date) -> Button:
    return tap(draft, label, "d", day.isoformat())


def _month(draft: Draft, label: Message, day: date) -> Button:
    return tap(draft, label, "m", day.replace(day=1).isoformat())


def _idle(draft: Draft, label: DatePart | str) -> Button:
    """Telegram knows no cell without a button: this one does nothing."""
    return tap(draft, named(label), "-")


def _today(view: View, draft: Draft) -> date:
    """The date there."""
    return view.calendar.today(view.now, _counter(view, draft))


def _counter(view: View, draft: Draft) -> str:
    """The counter whose hours count."""
    under = view.catalogue.counters_under(draft.entry.place) if draft.entry.place else ()
    return (under or (view.catalogue.main_counter,))[0].path
