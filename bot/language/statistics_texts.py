"""What staff read of what citizens asked: in words, and as bars before any drawing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.language.messages import Answer, Capital, Listing, Message, Value, Words, say
from bot.language.view import View
from bot.rules.statistics import WINDOW, Statistics

_MOST_SERVICES, _MOST_HOURS = 5, 3
_LONG = timedelta(hours=2)  # from here on told in hours


@dataclass(frozen=True, slots=True)
class Bars:
    """One chart: a title, and each bar's label with its number."""

    title: Message
    bars: tuple[tuple[Message, int], ...]
    upright: bool = False


def statistics(view: View, told: Statistics) -> Answer:
    """The numbers, each in a sentence."""
    head = say("statistics.title", days=WINDOW.days)
    if not told.asked:
        return Answer((head, say("statistics.nothing"), say("statistics.subscribers", count=told.subscribers)))
    share = say("statistics.missed", percent=told.share_missed, count=told.missed)
    lines = [say("statistics.asked", count=told.asked), share, *_often(view, told)]
    spared = say("statistics.spared_unavailable", count=told.spared)
    return Answer((head, *lines, spared, say("statistics.subscribers", count=told.subscribers), _delay(told)))


def _often(view: View, told: Statistics) -> Iterator[Message]:
    services = list(told.by_service.items())[:_MOST_SERVICES]
    if services:
        named = (say("statistics.item", what=_service(view, one), count=times) for one, times in services)
        yield say("statistics.services", services=Listing(tuple(named)))
    busiest = sorted(range(24), key=lambda hour: (-told.by_hour[hour], hour))[:_MOST_HOURS]
    hours = (
        say("statistics.item", what=_hour(hour), count=told.by_hour[hour]) for hour in busiest if told.by_hour[hour]
    )
    yield say("statistics.hours", hours=Listing(tuple(hours)))


def _service(view: View, service: str) -> Value:
    """Its short name; one that the catalogue no longer has goes by its id."""
    known = view.catalogue.services_by_id.get(service)
    return Capital(Words(known.short)) if known else service


def _hour(hour: int) -> Message:
    return say("statistics.hour", start=f"{hour:02}.00", end=f"{hour + 1:02}.00")


def _delay(told: Statistics) -> Message:
    mean = told.mean_delay
    if mean is None:
        return say("statistics.no_delay")
    outages = len(told.delays)
    if mean >= _LONG:
        return say("statistics.delay_hours", count=round(mean / timedelta(hours=1)), outages=outages)
    return say("statistics.delay_minutes", count=round(mean / timedelta(minutes=1)), outages=outages)


def charts(view: View, told: Statistics) -> tuple[Bars, ...]:
    """By hour of the day, and by service."""
    hours = tuple((say("statistics.label", label=f"{hour:02}"), times) for hour, times in enumerate(told.by_hour))
    services = tuple(
        (say("statistics.label", label=_service(view, one)), times)
        for one, times in list(told.by_service.items())[: _MOST_SERVICES + _MOST_HOURS]
    )
    by_hour = Bars(say("statistics.by_hour"), hours, upright=True)
    return (by_hour, Bars(say("statistics.by_service"), services)) if services else (by_hour,)


def picture_caption() -> Answer:
    return Answer((say("statistics.picture"),))
