"""What staff are asked, with the answers ready: is it still so, is it over, until when?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.language.located import spoken_of
from bot.language.messages import Answer, Brief, Button, Capital, Clock, Message, Value, say
from bot.language.staff_board import SAME, fact_lines
from bot.language.view import View
from bot.rules.board import Fact
from bot.rules.reminders import Reminder, ReminderKind, counter_of, key_of
from bot.rules.reports import Report

Rows = tuple[tuple[Button, ...], ...]


def question(view: View, reminder: Reminder) -> Answer:
    """One question, as the chats read it that it goes to."""
    if reminder.kind is ReminderKind.OPENING:
        return _opening(view, reminder)
    return _about(view, reminder)


def _opening(view: View, reminder: Reminder) -> Answer:
    """Everything that stands, and one tap where it still does."""
    held = fact_lines(view, reminder.facts) if reminder.facts else [say("reminder.all_well")]
    lines = (say("reminder.opening", at=Brief(reminder.word.at)), *held)
    return Answer(lines, ((SAME, Button(say("button.changed"), action="ask:changed")),))


def _about(view: View, reminder: Reminder) -> Answer:
    assert reminder.incident is not None
    what, word = _targets(view, reminder.facts), _last_word(reminder)
    key = key_of(reminder.incident)
    ready = (
        Button(say("button.is_well"), action=f"ask:well:{key}"),
        Button(say("button.still_down"), action=f"ask:still:{key}"),
    )
    if reminder.until is None:
        since = Brief(reminder.incident.since)
        return Answer((say("reminder.lasting", what=what, since=since), word), (ready,))
    asked = say(f"reminder.{reminder.kind}", what=what, until=Brief(reminder.until))
    return Answer((asked, word), (ready, *_estimates(view, key, reminder.facts)))


def _last_word(reminder: Reminder) -> Message:
    """Who spoke last; of maintenance that began by itself nobody has said anything since it was planned."""
    word, incident = reminder.word, reminder.incident
    if incident and incident.planned and word.at == incident.began:
        return say("reminder.planned", by=word.by.name)
    return say("reminder.word", at=Brief(word.at), by=word.by.name)


def _targets(view: View, facts: Sequence[Fact]) -> Value:
    return Capital(spoken_of(view, ((fact.target, fact.place) for fact in facts)))


def _estimates(view: View, key: str, facts: Sequence[Fact]) -> Rows:
    """A new estimate: today, while the office is open, and the next office day."""
    days = next_days(view, facts)
    return (tuple(Button(say("button.until", day=Brief(day)), action=f"ask:until:{key}:{day}") for day in days),)


def next_days(view: View, facts: Sequence[Fact] = ()) -> tuple[date, ...]:
    """Today, where its closing is still to come, and the office day after it, at the first of these outages."""
    counter, calendar = counter_of(view.catalogue, facts), view.calendar
    today = calendar.today(view.now, counter)
    later = calendar.next_opening(counter, calendar.closing_of(counter, today))
    open_ = calendar.openings(counter, today) != () and calendar.closing_of(counter, today) > view.now
    days = [today] if open_ else []
    return (*days, calendar.today(later, counter)) if later else tuple(days)


def still(view: View, report: Report, facts: Sequence[Fact]) -> Answer:
    """That an outage goes on was written down, with what is known of its end."""
    open_end = any(one.estimate and one.estimate.until is None for one in report.assertions)
    more = (say("reminder.no_estimate"),) if open_end else ()
    noted: Message = say("reminder.still", what=_targets(view, facts), at=Clock(report.at))
    return Answer((noted, *more))
