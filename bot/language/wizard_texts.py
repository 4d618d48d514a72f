"""What each screen of a report by taps says and offers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.language.messages import Answer, Brief, Capital, Message, Value, Words, say
from bot.language.report_line import LONGEST_CAUSE
from bot.language.view import View, label, names
from bot.language.wizard_buttons import cancel, named, rows, tap, ways_out
from bot.language.wizard_days import calendar, estimate
from bot.language.wizard_home import home, returns, subject
from bot.rules.board import Fact
from bot.rules.catalogue import State
from bot.rules.drafts import (
    MOST_PLACES,
    Draft,
    Entry,
    Screen,
    causes,
    followers,
    places,
    questions,
    standing,
)

_STATES = (State.UNAVAILABLE, State.LIMITED, State.AVAILABLE)
_MOST_TARGETS = 80  # Telegram takes 100 buttons


def screen(view: View, draft: Draft, *notes: Message) -> Answer:
    """The screen that a draft shows; notes stand above it."""
    said = _SCREENS[draft.screen](view, draft)
    return Answer((*notes, *said.lines), said.buttons)


def again(view: View, draft: Draft, refused: Answer) -> Answer:
    """A preview that cannot be published any more, and the way to a new one."""
    renew = tap(draft, say("button.new_preview"), "go")
    return Answer(refused.lines, ((renew,), (tap(draft, say("button.change"), "back"), cancel(draft))))


def _targets(view: View, draft: Draft) -> Answer:
    """What several services need, and the services one by one."""
    catalogue = view.catalogue
    resources = [tap(draft, named(Capital(Words(one.name))), "t", one.id) for one in catalogue.resources]
    services = [tap(draft, named(Capital(Words(one.short))), "t", one.id) for one in catalogue.services]
    found = (*rows(resources[:_MOST_TARGETS]), *rows(services[: _MOST_TARGETS - len(resources)]))
    return Answer((say("wizard.targets"),), (*found, ways_out(draft)))


def _steps(view: View, draft: Draft) -> Answer:
    """A service's parts, and the whole."""
    service = view.catalogue.services_by_id[draft.service or ""]
    parts = [tap(draft, named(Capital(Words(step.short))), "s", step.id) for step in service.steps[:_MOST_TARGETS]]
    whole = tap(draft, say("button.whole_service", service=Words(service.short)), "s", service.id)
    return Answer((say("wizard.steps", service=Words(service.name)),), (*rows((*parts, whole), 1), ways_out(draft)))


def _state(view: View, draft: Draft) -> Answer:
    states = [tap(draft, say(f"staff.state.{state}"), "is", state.value) for state in _STATES]
    return Answer((say("wizard.state", what=subject(view, draft.entry)),), (*rows(states, 1), ways_out(draft)))


def _spares(view: View, draft: Draft) -> Answer:
    """A tick for each step that follows the resource; who unticks one says that it still works."""
    spared = draft.entry.spares or frozenset()
    ticks = [
        tap(draft, say("button.spared" if step in spared else "button.follows", step=_step(view, step)), "x", step)
        for step in followers(view.catalogue, draft.entry)[:_MOST_TARGETS]
    ]
    on = tap(draft, say("button.on"), "ok")
    lines = (say("wizard.spares", what=subject(view, draft.entry)),)
    return Answer(lines, (*rows(ticks), (on,), ways_out(draft)))


def _step(view: View, step: str) -> Value:
    return Capital(label(view, view.catalogue.steps[step]))


def _cause(view: View, draft: Draft) -> Answer:
    """Ready causes by number, since a button shows only the beginning of one; own words; none."""
    ready = causes(view.catalogue, draft.entry)
    lines = [say("wizard.cause_item", number=number, cause=cause) for number, cause in enumerate(ready, 1)]
    numbers = [tap(draft, named(str(number)), "c", number - 1) for number in range(1, len(ready) + 1)]
    kept = standing(view.board, draft.entry)
    without = say("button.still_cause") if kept and kept.cause else say("button.no_cause")
    others = (tap(draft, say("button.own_words"), "own"), tap(draft, without, "c", "-"))
    still = [say("wizard.cause_stands", cause=kept.cause)] if kept and kept.cause else []
    asked = (say("wizard.cause"), *still, *lines)
    return Answer(asked, (*rows(numbers, 4), others, ways_out(draft)))


def _cause_words(_view: View, draft: Draft) -> Answer:
    return Answer((say("wizard.cause_words", most=LONGEST_CAUSE),), (ways_out(draft),))


def _place(view: View, draft: Draft) -> Answer:
    """The counters that serve it, or what lies below a territory; and all of them."""
    *found, whole = places(view.catalogue, draft.entry)
    named = [(say("wizard.name", name=view.place_name(path)), path) for path in found]
    everywhere = say("button.whole_place", name=view.place_name(whole)), whole
    buttons = [tap(draft, label, "p", view.catalogue.place_word(path)) for label, path in (*named, everywhere)]
    lines = [say("wizard.place", what=subject(view, draft.entry))]
    if len(found) >= MOST_PLACES:
        lines.append(say("wizard.place_more"))
    return Answer(tuple(lines), (*rows(buttons, 1 if len(buttons) < 8 else 2), ways_out(draft)))


def _lines(_view: View, draft: Draft) -> Answer:
    return Answer((say("wizard.lines"),), (ways_out(draft),))


def _review(view: View, draft: Draft) -> Answer:
    """What was chosen, a button for each part of it."""
    entry = draft.entry
    asked = questions(view.catalogue, entry)
    change = [tap(draft, say(f"button.change_{question}"), "q", question.value) for question in asked]
    if entry.ready:
        change.append(tap(draft, say("button.own_words"), "own"))
    lines = (say("wizard.review", what=Capital(subject(view, entry))), *_chosen(view, draft, asked))
    show = tap(draft, say("button.show_preview"), "go")
    return Answer(lines, (*rows(change), (show,), ways_out(draft)))


def _chosen(view: View, draft: Draft, asked: Sequence[Screen]) -> Iterator[Message]:
    """Each part in a line; what is not said stays as it stands."""
    entry = draft.entry
    for question in asked:
        if value := _value(view, draft, question):
            yield say(f"wizard.review.{question}", value=value)
    if entry.ready:
        yield say("wizard.review.ready", count=len(entry.ready))


def _value(view: View, draft: Draft, question: Screen) -> Value | None:
    entry, stands = draft.entry, standing(view.board, draft.entry)
    match question:
        case Screen.STATE:
            return say(f"staff.state.{entry.state}")
        case Screen.SPARES:
            spares = entry.spares if entry.spares is not None or stands is None else stands.spares
            return names(view, [step for step in view.catalogue.steps if step in spares]) if spares else None
        case Screen.CAUSE:
            return entry.cause or (stands.cause if stands else None)
        case Screen.ESTIMATE:
            return Brief(entry.until) if entry.until else _undated(entry, stands)
        case _:
            return view.place_name(entry.place) if entry.place else None


def _undated(entry: Entry, stands: Fact | None) -> Value | None:
    """Where no day was chosen: what stands, unless nobody knows."""
    kept = stands.estimate if stands and not entry.unsure else None
    if kept and kept.until:
        return Brief(kept.until)
    return say("wizard.unsure") if entry.unsure or kept else None


def _done(_view: View, _draft: Draft) -> Answer:
    return Answer((say("staff.cancelled"),))


_SCREENS: Mapping[Screen, Callable[[View, Draft], Answer]] = {
    Screen.HOME: home,
    Screen.RETURNS: returns,
    Screen.TARGETS: _targets,
    Screen.STEPS: _steps,
    Screen.STATE: _state,
    Screen.SPARES: _spares,
    Screen.CAUSE: _cause,
    Screen.CAUSE_WORDS: _cause_words,
    Screen.ESTIMATE: estimate,
    Screen.CALENDAR: calendar,
    Screen.PLACE: _place,
    Screen.LINES: _lines,
    Screen.REVIEW: _review,
    Screen.DONE: _done,
}
