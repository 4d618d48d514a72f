"""The office itself: when it is open, where it is, what to bring, where to complain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.language.answers_status import step_lines, steps_named
from bot.language.days import DayAsked
from bot.language.kabari import kabari_button, kabari_steps
from bot.language.messages import Answer, Brief, Button, Capital, Hours, Listing, Message, Words, say
from bot.language.opening_hours import day_line, over_for_today, today_lines, week_lines, zone
from bot.language.view import View, contact, standings_of, way_to_reach
from bot.rules.catalogue import Contact, Place, Requirements, Service

_MOST_STATES = 3
_MOST_ITEMS = 8
# In a complaint these are the words of a swindle rather than of bad service, as the recogniser spells them.
_TRICKS = frozenset(
    {"otp", "kode", "mengaku", "ngaku", "penipuan", "penipu", "ditipu", "tipu", "scam"}
    | {"telepon", "whatsapp", "sms", "transfer"}
)
_DEEDS = "akta_"  # the ids of what is registered after it happened
_A_ROW = 2  # buttons side by side on a small screen


def office_hours(view: View, asked: DayAsked | None = None, ids: Sequence[str] = ()) -> Answer:
    """The hours of the day that was asked for; else today's and the week's."""
    told, week = _day_and_week(view, asked)
    standings = standings_of(view, steps_named(view.catalogue, ids))
    states = step_lines(view, standings)[:_MOST_STATES]
    lines = [*(told or [_hours_unset(view)]), *(_as_of_now(view, asked) if states else ()), *states, *week]
    buttons = (*kabari_button(view, kabari_steps(standings)), (Button(say("button.all"), action="all"),))
    return Answer((*lines, *example_lines(view)), buttons)


def _day_and_week(view: View, asked: DayAsked | None) -> tuple[list[Message], list[Message]]:
    """The day that was asked for, alone; else today and the days to come."""
    today = view.today
    day = asked.on(today) if asked else None
    if asked and day and day != today:
        return hours_on(view, day, asked.at), []
    if asked and day and asked.at and asked.at > _clock(view):
        return hours_on(view, day, asked.at), []
    week = _week(view)
    if asked and asked.weekday is not None and over_for_today(view):  # this Monday is over: the next is meant
        week = [*hours_on(view, today + timedelta(7), asked.at), *week]
    return list(today_lines(view)), week


def _clock(view: View) -> time:
    return view.now.astimezone(view.zone).time()


def _as_of_now(view: View, asked: DayAsked | None) -> list[Message]:
    """That the states below are those of now, where another day was asked for."""
    today = view.today
    day = asked.on(today) if asked else None
    return [say("status.other_day", day=Brief(day))] if day and day > today else []


def example_lines(view: View) -> list[Message]:
    """That hours and addresses are made up, where they are."""
    return [say("office.example")] if view.catalogue.office.example else []


def _hours_unset(view: View) -> Message:
    reach = contact(view)
    return say("hours.ask", contact=reach) if reach else say("hours.ask_staff")


def _week(view: View) -> list[Message]:
    """The days to come, once for counters that keep the same hours."""
    week = [(counter, week_lines(view, counter)) for counter in view.counters]
    lines: list[Message] = []
    shown = {str(days): (counter, days) for counter, days in reversed(week) if days}
    for counter, days in reversed(shown.values()):
        title = say("hours.week_at", counter=Words(counter.name)) if len(shown) > 1 else say("hours.week")
        lines += [title, *days]
    return lines


def hours_on(view: View, day: date, at: time | None = None) -> list[Message]:
    """One day's hours at each counter, once where they are the same; with an hour, whether it lies within."""
    told = [(counter, _hours_at(view, counter, day, at)) for counter in view.counters]
    known = [(counter, line) for counter, line in told if line]
    if known and all(line == known[0][1] for _, line in known):
        return [known[0][1]]
    return [say("hours.at_counter", counter=Words(counter.name), hours=line) for counter, line in known]


def _hours_at(view: View, counter: Place, day: date, at: time | None) -> Message | None:
    found = view.calendar.day_at(counter.path, day)
    if not found.openings or at is None:
        return day_line(view, counter, day)
    inside = any(opening.start <= at < opening.end for opening in found.openings)
    moment = datetime.combine(day, at, view.catalogue.zones.of(counter.path))
    kind = "hours.then_open" if inside else "hours.then_closed"
    return say(kind, at=Brief(moment), day=Brief(day), hours=Hours(found.openings), zone=zone(view, counter))


def location(view: View) -> Answer:
    """Addresses and contacts, with a map to open; what is unset is not spoken of."""
    lines = [line for counter in view.counters for line in _place_lines(counter)]
    lines += [say("location.contact", contact=way_to_reach(way)) for way in _common_contacts(view)]
    maps = [(counter.map_url, Words(counter.name)) for counter in view.counters if counter.map_url]
    buttons = tuple((Button(say("button.map", place=name), url=url),) for url, name in maps)
    office = view.office_name
    if not lines:
        return Answer((say("location.unset", office=office),))
    return Answer((say("location.title", office=office), *lines, *today_lines(view), *example_lines(view)), buttons)


def _common_contacts(view: View) -> tuple[Contact, ...]:
    """The ways that lead to no counter in particular."""
    if view.catalogue.tree.many and view.place:
        return view.catalogue.places_by_path[view.place].contacts or view.catalogue.office.contacts
    return view.catalogue.office.contacts


def _place_lines(counter: Place) -> list[Message]:
    lines = [say("location.address", counter=Words(counter.name), address=counter.address)] if counter.address else []
    ways = Listing(tuple(way_to_reach(way) for way in counter.contacts))
    if counter.contacts:
        lines.append(say("location.counter_contact", counter=Words(counter.name), contacts=ways))
    return lines


def requirements(view: View, ids: Sequence[str], case: str | None = None) -> Answer:
    """What to bring; always that it is free, the legal source, and how the service stands today."""
    services = _services_named(view, ids)
    if not services:
        return _which_service(view)
    service = services[0]
    cases = _fitting(service, case or _case_of_step(service, ids))
    told = _requirement_lines(service, cases)
    standings = standings_of(view, [step.id for step in service.steps])
    states = [] if view.nowhere else [say("requirements.today"), *step_lines(view, standings)]
    buttons = (*_case_buttons(service, cases), *_other_services(services[1:]))
    return Answer((*told, say("requirements.free"), *_late_fine(view, service), *_bases(cases), *states), buttons)


def _services_named(view: View, ids: Sequence[str]) -> list[Service]:
    catalogue = view.catalogue
    owners = (catalogue.steps[one].service if one in catalogue.steps else one for one in ids)
    return [catalogue.services_by_id[one] for one in dict.fromkeys(owners) if one in catalogue.services_by_id]


def _case_of_step(service: Service, ids: Sequence[str]) -> str | None:
    """The cue of a case that is also a name of the one step in question: recording is for a first card."""
    steps = [step for step in service.steps if step.id in ids]
    called = set(steps[0].aliases) if len(steps) == 1 else set()
    return next((cue for one in service.requirements for cue in one.cues if cue in called), None)


def _fitting(service: Service, case: str | None) -> tuple[Requirements, ...]:
    """The case that was meant; all of them where it is not clear."""
    named = (case or "").casefold()
    fitting = [one for one in service.requirements if named and named in (one.title["id"].casefold(), *one.cues)]
    return (fitting[0],) if fitting else service.requirements


def _requirement_lines(service: Service, cases: Sequence[Requirements]) -> list[Message]:
    if not cases:
        return [say("requirements.ask", service=Words(service.name))]
    if _too_many(cases):  # then their titles stand on the buttons
        return [say("requirements.choose", service=Words(service.name))]
    return [line for case in cases for line in _case_lines(case)]


def _too_many(cases: Sequence[Requirements]) -> bool:
    """Whether the cases would fill more than a screen."""
    return len(cases) > 1 and sum(len(case.items) for case in cases) > _MOST_ITEMS


def _case_lines(case: Requirements) -> list[Message]:
    items = [say("requirements.item", item=Words(item)) for item in case.items]
    return [say("requirements.title", title=Words(case.title)), *items]


def _bases(cases: Sequence[Requirements]) -> list[Message]:
    bases = (part.strip() for one in cases if one.basis for part in one.basis.split(";"))
    sources = tuple(dict.fromkeys(bases))
    return [say("requirements.basis", sources=Listing(sources))] if sources else []


def _late_fine(view: View, service: Service) -> list[Message]:
    """What registering a birth, a death, a marriage late costs, where the office has said."""
    fine = view.catalogue.office.late_fine
    if fine is None or not service.id.startswith(_DEEDS):
        return []
    return [say("requirements.late_fine", fine=Words({code: text.rstrip(" .") for code, text in fine.items()}))]


def _case_buttons(service: Service, cases: Sequence[Requirements]) -> tuple[tuple[Button, ...], ...]:
    """The cases to choose from, where they are too many to read out."""
    if not _too_many(cases):
        return ()
    chosen = [(Words(case.title), f"r:{service.id}:{case.cues[0]}") for case in cases if case.cues]
    return in_rows([Button(say("button.service", service=title), action) for title, action in chosen])


def _other_services(others: Sequence[Service]) -> tuple[tuple[Button, ...], ...]:
    """Other services that were named too, one tap away."""
    named = [(Words(other.short), f"r:{other.id}") for other in others[:_MOST_STATES]]
    return tuple((Button(say("button.requirements", service=name), action),) for name, action in named)


def _which_service(view: View) -> Answer:
    """Every service that has requirements, to choose from."""
    buttons = [
        Button(say("button.service", service=Capital(Words(service.short))), action=f"r:{service.id}")
        for service in view.catalogue.services
        if service.requirements
    ]
    return Answer((say("requirements.which"), say("requirements.free")), in_rows(buttons))


def in_rows(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    """Many buttons, some to a row."""
    return tuple(tuple(buttons[at : at + _A_ROW]) for at in range(0, len(buttons), _A_ROW))


def personal_case(view: View, ids: Sequence[str]) -> Answer:
    """Nobody's file can be looked up here: whom to ask, and what works today."""
    reach = contact(view)
    where = say("personal.ask", contact=reach) if reach else say("personal.ask_counter")
    if view.nowhere:
        return Answer((say("personal.cannot"), where))
    named = steps_named(view.catalogue, ids)
    standings = standings_of(view, named)
    states = [say("personal.but"), *step_lines(view, standings)] if named else []
    return Answer((say("personal.cannot"), where, *states, *today_lines(view)))


def complaint(view: View) -> Answer:
    """An apology, once, and the ways that lead to somebody who acts."""
    reach = contact(view)
    counter = say("complaint.contact", contact=reach) if reach else say("complaint.counter")
    beyond = say("complaint.beyond", way=_complaint_way(view))
    return Answer((say("complaint.sorry"), counter, beyond, say("complaint.free")))


def _complaint_way(view: View) -> Words | Message:
    own = view.catalogue.office.complaint
    return Words(own) if own else say("complaint.lapor")


def is_scam(evidence: Sequence[str]) -> bool:
    """Whether a complaint speaks of somebody who asks for a code, or who only claims to be of the office."""
    return any(not _TRICKS.isdisjoint(phrase.split()) for phrase in evidence)


def scam(view: View) -> Answer:
    """A warning first; then how it goes rightly, whom to ask, and what to do where it happened already."""
    reach = contact(view)
    doubt = say("scam.contact", contact=reach) if reach else say("scam.counter")
    return Answer((say("scam.warning"), say("scam.rightly"), doubt, say("scam.happened", way=_complaint_way(view))))
