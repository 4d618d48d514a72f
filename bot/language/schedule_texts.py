"""`/jadwal` as staff read it: what is planned, what the calendar says, a preview, a removal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from bot.language.answers_office import hours_on
from bot.language.located import spoken_of
from bot.language.messages import (
    BLANK,
    Answer,
    Brief,
    Button,
    Capital,
    Hours,
    Lines,
    Listing,
    Message,
    Value,
    Words,
    say,
)
from bot.language.plan_texts import stretch
from bot.language.staff_texts import Audience, audience_line, change_lines, spared_lines
from bot.language.view import View
from bot.rules.calendar import Closure, national_days
from bot.rules.catalogue import CalendarException
from bot.rules.notices import Change
from bot.rules.reports import Report
from bot.rules.schedule import SpecialDays, planned

_AHEAD = timedelta(days=60)  # how far the national calendar is shown
_MOST_DAYS = 7  # days of which a preview shows the hours


def overview(view: View, plans: Sequence[Report], entries: Sequence[SpecialDays]) -> Answer:
    """Everything to come: what staff entered, with a number and a button each; what stands anyway; how to add."""
    today = view.today
    ahead = [entry for entry in entries if entry.last >= today]
    lines = [say("schedule.title"), *_numbered(plan_line(view, plan) for plan in plans)]
    lines += _numbered((entry_lines(view, entry)[0] for entry in ahead), after=len(plans))
    if not plans and not ahead:
        lines.append(say("schedule.nothing"))
    known = [one for one in view.catalogue.exceptions if one.last >= today]
    if known:
        lines += [BLANK, say("schedule.catalogue"), *(_exception(view, one) for one in known)]
    if national := _national(view, today):
        lines += [BLANK, say("schedule.national"), *national]
    actions = [*(f"j:plan:{plan.number}" for plan in plans), *(f"j:days:{entry.id}" for entry in ahead)]
    buttons = tuple(
        (Button(say("button.remove_number", number=number), action=action),)
        for number, action in enumerate(actions, start=1)
    )
    return Answer((*lines, BLANK, say("schedule.how")), buttons)


def _numbered(lines: Iterable[Message], after: int = 0) -> list[Message]:
    return [say("schedule.item", number=number, what=line) for number, line in enumerate(lines, start=after + 1)]


def plan_line(view: View, report: Report) -> Message:
    """Maintenance in one line, with who announced it."""
    plan = planned(report)
    what = Capital(spoken_of(view, ((one.target, one.place) for one in plan)))
    cause = next((one.cause for one in plan if one.cause), None)
    kind = "schedule.plan_cause" if cause else "schedule.plan"
    params: dict[str, Value] = {"cause": cause.rstrip(" .!")} if cause else {}
    return Message(kind, {"what": what, "when": stretch(plan), "by": report.by.name, **params})


def entry_lines(view: View, entry: SpecialDays) -> list[Message]:
    """One entry; the hours of Ramadan are one, whatever their weekdays."""
    said = tuple(_exception(view, one) for one in entry.exceptions)
    return [say("schedule.entry", what=Listing(said), by=entry.by.name)]


def _exception(view: View, one: CalendarException) -> Message:
    days: Value = Brief(one.first)
    if one.last != one.first:
        days = say("hours.span", first=days, last=Brief(one.last))
    if one.weekdays is not None:
        named = Listing(tuple(say(f"schedule.weekday_{day}") for day in one.weekdays))
        days = say("schedule.weekdays", days=days, weekdays=named)
    if (place := one.place or _everywhere(view)) is not None:
        days = say("status.at", step=days, places=view.place_name(place))
    params: dict[str, Value] = {"days": Capital(days), "reason": Words(one.reason)}
    if one.openings:
        return Message("schedule.open", {**params, "hours": Hours(one.openings)})
    return Message("schedule.shut", params)


def _everywhere(view: View) -> str | None:
    """Of many offices it is said that all are meant."""
    whole = view.names or view.catalogue
    return whole.root.path if whole.tree.many else None


def _national(view: View, today: date) -> list[Message]:
    """Holidays and cuti bersama ahead, with what they mean at the main counter."""
    if not view.catalogue.office.national_holidays:
        return []
    last = today + _AHEAD
    known = {day: one for year in {today.year, last.year} for day, one in national_days(year).items()}
    return [_holiday(view, day, known[day]) for day in sorted(known) if today <= day <= last]


def _holiday(view: View, day: date, closure: Closure) -> Message:
    openings = view.calendar.openings(view.catalogue.main_counter.path, day)
    kind = "schedule.holiday_shut" if openings == () else "schedule.holiday_open"
    name: Value = Words(closure.name)
    if closure.estimate:
        name = say("closed.estimate", name=name)
    return Message(kind, {"day": Capital(Brief(day)), "name": name})


def days_preview(view: View, preview_id: str, entry: SpecialDays) -> Answer:
    """What an entry says, and the hours that citizens will read; `view` has the calendar with it."""
    count = min((entry.last - entry.first).days + 1, _MOST_DAYS)
    days = [entry.first + timedelta(days=ahead) for ahead in range(count)]
    hours = tuple(line for day in days for line in hours_on(view, day))
    quoted = [say("staff.preview.citizens"), say("staff.quote", lines=Lines(hours))] if hours else []
    save = Button(say("button.save"), action=f"j:save:{preview_id}")
    lines = (say("schedule.preview"), *entry_lines(view, entry), *quoted, say("staff.preview.expires"))
    return Answer(lines, ((save, *_no(preview_id)),))


def plan_preview(
    view: View,
    preview_id: str,
    plan: Report,
    changes: Sequence[Change],
    reads: Answer,
    audience: Audience,
    spared: Sequence[str],
) -> Answer:
    """What maintenance will hold down, and what subscribers will read at once."""
    head = (plan_line(view, plan), *change_lines(view, changes), *spared_lines(view, spared), say("schedule.by_itself"))
    quoted = (say("schedule.subscribers_read"), say("staff.quote", lines=Lines(reads.lines)))
    publish = Button(say("button.publish"), action=f"p:{preview_id}")
    lines = (say("schedule.preview"), *head, audience_line(view, audience), *quoted, say("staff.preview.expires"))
    return Answer(lines, ((publish, *_no(preview_id)),))


def _no(preview_id: str) -> tuple[Button, ...]:
    return (
        Button(say("button.change"), action=f"e:{preview_id}"),
        Button(say("button.cancel"), action=f"q:{preview_id}"),
    )


def saved(view: View, entry: SpecialDays) -> Answer:
    return Answer((say("schedule.saved"), *entry_lines(view, entry)))


def remove_days(view: View, entry: SpecialDays) -> Answer:
    """Whether an entry is to go."""
    yes = Button(say("button.unschedule"), action=f"j:days!:{entry.id}")
    return Answer((say("schedule.remove"), *entry_lines(view, entry)), ((yes,),))


def remove_plan(view: View, plan: Report, told: int) -> Answer:
    """Whether maintenance is off, and who will be told so."""
    yes = Button(say("button.unschedule"), action=f"j:plan!:{plan.number}")
    word = say("schedule.plan_told", count=told) if told else say("schedule.plan_untold")
    return Answer((say("schedule.remove"), plan_line(view, plan), word), ((yes,),))


def removed() -> Answer:
    return Answer((say("schedule.removed"),))
