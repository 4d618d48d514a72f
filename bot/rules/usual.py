"""How long outages of one kind usually lasted here, told only from enough of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue
from bot.rules.incidents import Incident, SpanKey
from bot.rules.lengths import Length, length_between

ENOUGH = 5
"""Of fewer outages nothing is said: what happened four times is no rule to plan a day by."""

WITHIN = timedelta(days=365)  # before that the office may have had another link, other machines


@dataclass(frozen=True, slots=True)
class Usual:
    """The middle half of what outages of one target took, in opening hours."""

    cases: int
    least: Length
    most: Length


def usual_lengths(
    catalogue: Catalogue, calendar: OfficeCalendar, incidents: Iterable[Incident], now: datetime
) -> Mapping[str, Usual]:
    """By target, for those that failed often enough within a year and were well again; maintenance does not count."""
    lengths: dict[str, list[Length]] = {}
    for incident in incidents:
        if not incident.planned and incident.ended and incident.ended >= now - WITHIN:
            for target, length in _lengths(catalogue, calendar, incident):
                lengths.setdefault(target, []).append(length)
    return {target: _middle(found) for target, found in lengths.items() if len(found) >= ENOUGH}


def _lengths(catalogue: Catalogue, calendar: OfficeCalendar, incident: Incident) -> Iterator[tuple[str, Length]]:
    """What one outage took of the opening hours, for each target; nothing where it came and went while closed."""
    for target, place, begins, ends in _ended(incident):
        counters = catalogue.counters_under(place)
        if counters and (length := length_between(calendar, counters[0].path, begins, ends)).seconds:
            yield target, length


def _ended(incident: Incident) -> Iterator[tuple[str, str, datetime, datetime]]:
    """From when to when each target was down; it begins as early as staff said where the outage was one thing alone."""
    spans: dict[SpanKey, list[tuple[datetime, datetime]]] = {}
    for span in incident.spans:
        spans.setdefault((span.target, span.place), []).append((span.begins, span.ends or span.begins))
    for (target, place), found in spans.items():
        begins = min(begins for begins, _ in found)
        if len(spans) == 1:
            begins = min(begins, incident.since.at)
        yield target, place, begins, max(ends for _, ends in found)


def _middle(lengths: list[Length]) -> Usual:
    """Without the shortest and the longest quarter."""
    in_order = sorted(lengths, key=lambda one: (one.seconds, one.days))
    cut = len(in_order) // 4
    return Usual(len(in_order), in_order[cut], in_order[-1 - cut])
