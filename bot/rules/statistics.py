"""What citizens asked and what it spared them, in numbers that name nobody."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from bot.rules.board import DOWN, Board
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue, State, covers
from bot.rules.reports import Report

WINDOW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Asked:
    """How often a service was asked about within one hour; "" where none was named."""

    hour: datetime
    service: str
    understood: bool
    times: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The numbers of some days."""

    asked: int
    missed: int
    by_service: Mapping[str, int]  # the most frequent first; only where one was named
    by_hour: tuple[int, ...]  # of the office's day
    spared: int  # chats, each once a day
    subscribers: int
    delays: tuple[timedelta, ...]  # from an outage's start to its report

    @property
    def share_missed(self) -> int:
        """In percent."""
        return round(100 * self.missed / self.asked) if self.asked else 0

    @property
    def mean_delay(self) -> timedelta | None:
        return sum(self.delays, timedelta()) / len(self.delays) if self.delays else None


def statistics(
    asked: Iterable[Asked], zone: tzinfo, spared: int, subscribers: int, delays: Sequence[timedelta]
) -> Statistics:
    """Put together from what was counted."""
    services: Counter[str] = Counter()
    hours, missed = [0] * 24, 0
    for one in asked:
        services[one.service] += one.times
        hours[one.hour.astimezone(zone).hour] += one.times
        missed += 0 if one.understood else one.times
    named = {service: times for service, times in services.most_common() if service}
    return Statistics(sum(hours), missed, named, tuple(hours), spared, subscribers, tuple(delays))


def service_of(catalogue: Catalogue, ids: Sequence[str]) -> str:
    """The service that a question is counted under: the first that it named, whole or by a step."""
    if not ids:
        return ""
    step = catalogue.steps.get(ids[0])
    return step.service if step else ids[0]


def spares_a_trip(
    board: Board, calendar: OfficeCalendar, catalogue: Catalogue, steps: Iterable[str], office: str | None = None
) -> bool:
    """Whether who hears of these steps need not set out: one is down at every counter, on a working day not over.

    `office`: of many the one that was meant.
    """
    main = catalogue.counters_under(office)[0] if office else catalogue.main_counter
    counter, today = main.path, calendar.today(board.at, main.path)
    if not calendar.day_at(counter, today).reckoned or board.at >= calendar.closing_of(counter, today):
        return False
    return any(_down_everywhere(board, step, office or catalogue.root.path) for step in steps)


def _down_everywhere(board: Board, step: str, place: str) -> bool:
    cells = [cell for cell in board.of(step) if covers(place, cell.counter)]
    return bool(cells) and all(cell.state is State.UNAVAILABLE for cell in cells)


def hashed(chat: int, salt: str) -> str:
    """A chat as it is counted: once the day's salt is thrown away, nobody can find out which it was."""
    return hashlib.blake2b(str(chat).encode(), key=salt.encode(), digest_size=16).hexdigest()


def delays(reports: Sequence[Report], since: datetime) -> tuple[timedelta, ...]:
    """How long after its start each outage was first reported, where staff said the hour; what was planned has none."""
    retracted = {report.retracts for report in reports}
    down: set[tuple[str, str]] = set()
    found: list[timedelta] = []
    for report in (one for one in reports if one.number not in retracted):
        began = set()
        for one in report.assertions:
            key = one.target, one.place
            if one.state not in DOWN:
                down.discard(key)
            elif key not in down and one.planned_from is None:
                down.add(key)
                if one.since and not one.since.whole_day:
                    began.add(one.since.at)
        if report.at >= since:
            found += [report.at - start for start in sorted(began)]
    return tuple(found)
