"""What subscribers are told, rendered when it is sent: that steps are back, down, or that a notice was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.language.kabari import kabari_button
from bot.language.meanwhile import alternative_lines, staff_notes, still_works
from bot.language.messages import Answer, Brief, Button, Capital, Message, Value, Words, say
from bot.language.opening_hours import counter_today, day_line
from bot.language.outages import outage_lines
from bot.language.view import View, limited_note, names, standings_of
from bot.language.whereabouts import whereabouts
from bot.rules.catalogue import State
from bot.rules.notices import Change, Wish

_MANY = 100  # from here on how many people hear it matters to those who travel
_SEARCHED_DAYS = 60
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Group:
    """Steps that are told in one sentence."""

    steps: tuple[str, ...]
    counters: tuple[str, ...]
    now: State
    was_known: bool


def resumption(view: View, changes: Sequence[Change], *, told: int = 0, wish: Wish = Wish.ONCE) -> Answer:
    """What is back and from which day, for exactly the steps this chat is owed; `told`: how many chats hear it."""
    groups = _groups(changes)
    lines = [_back(view, group) for group in groups]
    lines += staff_notes(standings_of(view, dict.fromkeys(change.step for change in changes)))
    lines.append(_thanks(view, changes, told))
    lines += _opening_lines(view, tuple(dict.fromkeys(change.counter for change in changes)))
    return Answer((*lines, *_farewell(view, changes, wish)), _stop(changes, wish))


def _thanks(view: View, changes: Sequence[Change], told: int) -> Message:
    """How many hear it where they are many; how many days they fill where the office knows what it does a day."""
    known = [daily for change in changes if (daily := view.catalogue.steps[change.step].daily)]
    if known and told > min(known):
        days = -(-told // min(known))
        return say("notice.thanks_days", people=about(told), daily=min(known), days=days)
    return say("notice.thanks_many", people=about(told)) if told >= _MANY else say("notice.thanks")


def _groups(changes: Sequence[Change]) -> list[_Group]:
    """Steps that share state and counters; a service whose counters differ has a sentence for each."""
    per_step: dict[tuple[str, State, bool], list[str]] = {}
    for change in changes:
        key = (change.step, change.now, change.was is not State.UNKNOWN)
        per_step.setdefault(key, []).append(change.counter)
    together: dict[tuple[tuple[str, ...], State, bool], list[str]] = {}
    for (step, now, known), counters in per_step.items():
        together.setdefault((tuple(counters), now, known), []).append(step)
    return [_Group(tuple(steps), counters, now, known) for (counters, now, known), steps in together.items()]


def _subject(view: View, group: _Group) -> Value:
    """The steps by name, with the counters where these are not all that serve them."""
    serving = {cell.counter for step in group.steps for cell in view.standing(step).cells}
    told = names(view, group.steps)
    if serving <= set(group.counters) and not view.catalogue.tree.many:  # of many offices always that it is this one
        return Capital(told)
    return Capital(say("status.at", step=told, places=whereabouts(view, group.counters)))


def _back(view: View, group: _Group) -> Message:
    day = service_day(view, group.counters)
    said = "back" if group.was_known else "up"
    still = _note(view, group) if group.now is State.LIMITED else None
    kind = "limited_note" if still else group.now.value
    params: dict[str, Value] = {"steps": _subject(view, group)} | ({"note": still} if still else {})
    if day is None:
        return say(f"notice.{said}_{kind}", **params)
    return say(f"notice.{said}_{kind}_from", day=_whole(view, day), **params)


def _note(view: View, group: _Group) -> Words | None:
    cells = (view.board.cells.get((step, counter)) for step in group.steps for counter in group.counters)
    return next((found for cell in cells if cell and (found := limited_note(cell))), None)


def _whole(view: View, day: date) -> Message:
    """A day in full, with its word where it is today or tomorrow: the message is read later, too."""
    ahead = (day - view.today).days
    word = {0: "when.today", 1: "when.tomorrow"}.get(ahead, "when.day")
    return say(word, date=day)


def service_day(view: View, counters: Sequence[str]) -> date | None:
    """The first day from now on which one of the counters still opens, or may where its hours are unset."""
    today = view.today
    days = (today + timedelta(days=ahead) for ahead in range(_SEARCHED_DAYS))
    return next((day for day in days if any(_serves(view, one, day) for one in counters)), None)


def _serves(view: View, counter: str, day: date) -> bool:
    if view.calendar.openings(counter, day) == ():
        return False
    return day > view.today or view.now < view.calendar.closing_of(counter, day)


def about(people: int) -> int:
    """Two leading digits are enough for "sekitar"."""
    return round(people, 2 - len(str(people)))


def _opening_lines(view: View, counters: Sequence[str]) -> list[Message]:
    """The hours of that day, and that the next is served too, where all the counters keep the same."""
    day = service_day(view, counters)
    told = [_hours_on(view, counter, day) for counter in counters] if day else []
    return told[0] if told and all(lines == told[0] for lines in told) else []


def _hours_on(view: View, counter: str, day: date) -> list[Message]:
    if not view.calendar.openings(counter, day):
        return []
    place = view.catalogue.places_by_path[counter]
    today = day == view.today
    told = counter_today(view, place) if today else day_line(view, place, day)
    after = day + _A_DAY
    also = [say("notice.also", day=Capital(Brief(after)))] if view.calendar.openings(counter, after) else []
    return [line for line in (told, *also) if line]


def _farewell(view: View, changes: Sequence[Change], wish: Wish) -> list[Message]:
    """`once` ends where a step is available; a limited one is waited for further."""
    if wish is Wish.ALWAYS:
        return []
    waiting = [change.step for change in changes if change.now is State.LIMITED]
    return [say("notice.goes_on", steps=names(view, waiting))] if waiting else [say("notice.ended")]


def _stop(changes: Sequence[Change], wish: Wish) -> tuple[tuple[Button, ...], ...]:
    """Those who hear every time can end it where they read it."""
    steps = dict.fromkeys(change.step for change in changes)
    if wish is Wish.ONCE or len(steps) > 1:
        return ()
    return ((Button(say("button.stop"), action=f"x:{next(iter(steps))}"),),)


def outage(view: View, changes: Sequence[Change]) -> Answer:
    """What went down, for chats that asked for that: cause, since, estimate, what still works."""
    standings = standings_of(view, dict.fromkeys(change.step for change in changes))
    lines = [say(f"notice.down_{group.now}", steps=_subject(view, group)) for group in _groups(changes)]
    body = [*outage_lines(view, standings), *still_works(view, standings), *alternative_lines(view, standings)]
    return Answer((*lines, *body), kabari_button(view, [standing.step.id for standing in standings]))


def relapse(view: View, changes: Sequence[Change], *, subscribed: bool = True) -> Answer:
    """It fell again soon after it was told to be back."""
    standings = standings_of(view, dict.fromkeys(change.step for change in changes))
    lines = [say(f"notice.again_{group.now}", steps=_subject(view, group)) for group in _groups(changes)]
    kept = _kept(changes) if subscribed else []
    return Answer((*lines, *outage_lines(view, standings), say("notice.sorry"), *kept))


def correction(view: View, changes: Sequence[Change], told_at: datetime, *, subscribed: bool = True) -> Answer:
    """A notice was wrong: which, and how things stand (`changes` end in the state that is true)."""
    kept = _kept(changes) if subscribed else []
    return Answer((say("notice.correction", at=Brief(told_at)), *_truth(view, changes), *kept))


def corrected(view: View, changes: Sequence[Change]) -> Answer:
    """What stands in place of the notice that was wrong."""
    return Answer((say("notice.corrected"), *_truth(view, changes)))


def withdrawal(view: View, changes: Sequence[Change]) -> Answer:
    """The outage whose end a chat waits for never was, and nobody has said anything else of the steps."""
    steps = names(view, dict.fromkeys(change.step for change in changes))
    return Answer((say("notice.never_was", steps=steps), say("notice.ask_again"), say("notice.ended")))


def _truth(view: View, changes: Sequence[Change]) -> list[Message]:
    return [say(f"notice.truth_{group.now}", steps=_subject(view, group)) for group in _groups(changes)]


def _kept(changes: Sequence[Change]) -> list[Message]:
    """The wish goes on, where there is something left to wait for."""
    return [say("notice.still_subscribed")] if any(change.now is not State.AVAILABLE for change in changes) else []
