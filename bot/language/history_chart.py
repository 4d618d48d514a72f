"""The last 90 days of steps as bars and plain figures, before any drawing; steps that fared alike share a row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.language.answers_board import short_names
from bot.language.duration import days_words, length_words
from bot.language.messages import Capital, DayMonth, Listing, Message, Value, say
from bot.language.view import View, standings_of
from bot.rules.catalogue import State
from bot.rules.history import DayTold, History, Record

FULL = 20  # how high a bar can be
_HEIGHTS = {State.AVAILABLE: 7, State.UNKNOWN: 1}
_LEAST_TROUBLE = 11  # higher than a day that went well, so that nobody needs the colour
_MOST_RANGES = 6
_MOST_NAMES = 4  # of what went well beside what did not; more are "the others"


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: how high, and in which tone; a day without opening hours has none."""

    tone: str  # a state, or "closed"
    height: int


@dataclass(frozen=True, slots=True)
class ChartRow:
    """Steps whose days were alike."""

    name: Message
    figures: Message  # "terganggu 6 hari, terlama 4 hari"
    told: Message  # the same with the days, for those who cannot see the bars
    bars: tuple[Bar, ...]
    disrupted: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """The rows, those in most trouble first."""

    rows: tuple[ChartRow, ...]
    first: date
    last: date


def chart_of(view: View, history: History, steps: Collection[str] | None = None) -> Chart | None:
    """The steps that were asked for, else all, at the counters of the view; None where nobody reported on them."""
    here = {counter.path for counter in view.counters}
    told = {key: record for key, record in history.items() if key[1] in here and (steps is None or key[0] in steps)}
    if not told:
        return None
    rows = tuple(_row(view, record, place, steps, told) for (record, place), steps in _groups(told))
    days = next(iter(told.values())).days
    return Chart(rows, days[0].date, days[-1].date)


def _groups(told: History) -> list[tuple[tuple[Record, str | None], list[str]]]:
    """The steps whose days were alike, those in most trouble first; with a place where it fared otherwise elsewhere."""
    clean = _cleanest(told)
    shown = {key: record if record.disruptions else clean for key, record in told.items()}
    fates: dict[str, set[Record]] = {}
    for (step, _), record in shown.items():
        fates.setdefault(step, set()).add(record)
    groups: dict[tuple[Record, str | None], list[str]] = {}
    for (step, place), record in shown.items():
        group = groups.setdefault((record, None if len(fates[step]) == 1 else place), [])
        group += [step] if step not in group else []
    return sorted(groups.items(), key=lambda group: -_trouble(group[0][0]))


def _cleanest(told: History) -> Record:
    """All that was never disrupted stands in one row: the days of what was reported on the earliest."""
    return max(told.values(), key=lambda record: (not record.disruptions, sum(day.available for day in record.days)))


def _trouble(record: Record) -> float:
    return sum(length.seconds for length in record.disruptions)


def _row(view: View, record: Record, place: str | None, steps: Sequence[str], told: History) -> ChartRow:
    figures = figures_of(record)
    ranges = tuple(_range(first, last) for first, last in _disrupted_days(record.days))
    if not ranges:
        alternative = say("history.told_none", figures=figures)
    elif len(ranges) > _MOST_RANGES:
        alternative = say("history.told_some", figures=figures, days=Listing(ranges[-_MOST_RANGES:]))
    else:
        alternative = say("history.told", figures=figures, days=Listing(ranges))
    others = not ranges and place is None and len(steps) > _MOST_NAMES and len(steps) < len({step for step, _ in told})
    name = say("history.others") if others else say("page.name", name=Capital(_named(view, steps, place)))
    return ChartRow(name, figures, alternative, tuple(map(_bar, record.days)), bool(ranges))


def figures_of(record: Record) -> Message:
    """How often, on how many days, and the longest."""
    longest = record.longest
    if longest is None:
        return say("history.none")
    how = "unavailable" if any(day.unavailable for day in record.days) else "limited"
    if len(record.disruptions) == 1:
        return say(f"history.once.{how}", length=length_words(longest))
    return say(f"history.often.{how}", days=days_words(record.disrupted_days), longest=length_words(longest))


def _bar(day: DayTold) -> Bar:
    worst = day.worst
    if worst is None:
        return Bar("closed", 0)
    height = _HEIGHTS.get(worst) or _LEAST_TROUBLE + round((FULL - _LEAST_TROUBLE) * day.disrupted)
    return Bar(worst.value, height)


def _disrupted_days(days: Iterable[DayTold]) -> Iterator[tuple[date, date]]:
    """From which day to which; days on which the office stayed closed part nothing."""
    first: date | None = None
    last: date | None = None
    for day in days:
        if day.disrupted:
            first, last = first or day.date, day.date
        elif day.open and first and last:
            yield first, last
            first = None
    if first and last:
        yield first, last


def _range(first: date, last: date) -> Message:
    if first == last:
        return say("history.day", day=DayMonth(first))
    return say("history.days", first=DayMonth(first), last=DayMonth(last))


def _named(view: View, steps: Sequence[str], place: str | None) -> Value:
    names = short_names(view, standings_of(view, steps))
    return say("status.at", step=names, places=view.place_name(place)) if place else names


def paths(bars: Sequence[Bar]) -> Mapping[str, str]:
    """The bars of each tone as one SVG path: a day is 3 wide, its bar 2; days that went well are drawn in runs."""
    found: dict[str, list[str]] = {}
    for tone, height in _HEIGHTS.items():
        for begins, ends in _runs(bars, tone.value):
            found.setdefault(tone.value, []).append(f"M{begins * 3} {FULL - height / 2:g}h{(ends - begins) * 3 - 1}")
    ends_at: dict[str, tuple[int, int]] = {}
    for index, bar in enumerate(bars):
        if bar.height > max(_HEIGHTS.values()):
            x, y = ends_at.get(bar.tone, (0, 0))
            found.setdefault(bar.tone, []).append(f"m{index * 3 + 1 - x} {FULL - y}v-{bar.height}")
            ends_at[bar.tone] = index * 3 + 1, FULL - bar.height
    return {tone: "".join(parts) for tone, parts in found.items()}


def _runs(bars: Sequence[Bar], tone: str) -> Iterator[tuple[int, int]]:
    """Where bars of one tone stand side by side, the end exclusive."""
    begins: int | None = None
    for index, bar in enumerate((*bars, Bar("", 0))):
        if bar.tone == tone:
            begins = index if begins is None else begins
        elif begins is not None:
            yield begins, index
            begins = None
