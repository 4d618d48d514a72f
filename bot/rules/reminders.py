"""What staff are asked so that the board stays true: which question is due, and whom it goes to."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.rules.board import Board, Cell, Fact
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue, covers
from bot.rules.incidents import Incident, incidents
from bot.rules.notices import Quiet, after_quiet
from bot.rules.reports import Author, Report, ReportKind

LADDER = tuple(timedelta(hours=hours) for hours in (3, 6, 12, 24))
"""How long an outage has lasted when it is asked about."""

COLLEAGUES_AFTER = timedelta(hours=1)
"""How long the reporter alone is asked about an end that was expected: citizens read that it has passed."""

_NIGHT: Quiet = (time(21), time(6))  # also where QUIET_HOURS is off: that is about subscribers


class ReminderKind(enum.StrEnum):
    """What is asked."""

    OPENING = "opening"  # whether everything is as it was: once an office day
    LASTING = "lasting"  # whether an outage goes on
    PASSED = "passed"  # its estimate has passed
    ENDED = "ended"  # maintenance should be over


@dataclass(frozen=True, slots=True)
class Word:
    """When something was last said, and by whom."""

    at: datetime
    by: Author


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a chat was asked."""

    key: str
    chat: int
    at: datetime
    message: int | None = None  # not known where it was not seen to arrive


@dataclass(frozen=True, slots=True)
class Reminder:
    """A question that is due."""

    key: str
    kind: ReminderKind
    to: tuple[int, ...]  # the chats that have not been asked
    word: Word  # the last that was said of it
    incident: Incident | None = None  # None: about everything
    facts: tuple[Fact, ...] = ()  # what stands of it
    until: datetime | None = None  # the end that was expected


@dataclass(frozen=True)
class Duty:
    """Everything that what is due follows from."""

    catalogue: Catalogue
    calendar: OfficeCalendar
    reports: Sequence[Report]
    board: Board
    staff: Sequence[int]
    quiet: Quiet
    asked: Collection[Asked] = ()
    homes: Mapping[int, str | None] = field(default_factory=dict)  # the places of those who have one

    @property
    def now(self) -> datetime:
        return self.board.at

    @cached_property
    def under_way(self) -> tuple[Incident, ...]:
        return tuple(one for one in incidents(self.reports, self.now) if one.under_way)


def due(duty: Duty) -> tuple[Reminder, ...]:
    """The questions of now: none by night, on days on which no counter opens, and before the first does.

    Where there are several time zones, each is asked in its own morning.
    """
    zones = {chat: duty.catalogue.zones.of(duty.homes.get(chat)) for chat in duty.staff}
    found = ((zone, one) for zone in dict.fromkeys(zones.values()) for one in _due_in(duty, zone))
    own = (replace(one, to=tuple(chat for chat in one.to if zones[chat] is zone)) for zone, one in found)
    return tuple(one for one in own if one.to)


def _due_in(duty: Duty, zone: ZoneInfo) -> Iterator[Reminder]:
    """What is to be asked where this zone is kept."""
    opened = _opened_today(duty.catalogue, duty.calendar, duty.now, zone)
    if opened is None or not _awake(zone, duty.now, duty.quiet):
        return
    about = (_about(duty, incident, opened) for incident in duty.under_way)
    yield from filter(None, (_opening(duty, opened), *about))


def may_ask(catalogue: Catalogue, calendar: OfficeCalendar, now: datetime, quiet: Quiet) -> bool:
    """Whether staff may be spoken to unasked: on an office day, from its opening until the night."""
    zone = catalogue.office.timezone
    return _opened_today(catalogue, calendar, now, zone) is not None and _awake(zone, now, quiet)


def _opened_today(catalogue: Catalogue, calendar: OfficeCalendar, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the first counter of a zone opened today; where none lies in it, the first of all."""
    paths = [counter.path for counter in catalogue.counters]
    here = [path for path in paths if catalogue.zones.of(path) is zone] or paths
    openings, today = map(calendar.openings_before(now), here), now.astimezone(zone).date()
    return min((one for one in openings if one.astimezone(zone).date() == today), default=None)


def _awake(zone: ZoneInfo, now: datetime, quiet: Quiet) -> bool:
    return all(after_quiet(now, hours, zone) == now for hours in (_NIGHT, quiet))


def _opening(duty: Duty, opened: datetime) -> Reminder | None:
    """Something that staff said is from before today's opening."""
    stale = [
        Word(cell.confirmed_at, cell.by)
        for cell in duty.board.kinds()
        if cell.confirmed_at is not None and cell.by is not None and cell.confirmed_at < opened
    ]
    if not stale:
        return None
    key = f"{ReminderKind.OPENING}:{opened.date().isoformat()}"
    latest = max(stale, key=lambda word: word.at)
    facts = tuple(fact for fact in duty.board.facts if fact.down)
    to = _unasked(duty, key, duty.staff)
    if any(duty.homes.values()):
        to = _at(duty, to, {key[1] for key in duty.board.cells if _is_stale(duty.board.like(key), opened)})
    return Reminder(key, ReminderKind.OPENING, to, latest, facts=facts)


def _is_stale(cell: Cell | None, opened: datetime) -> bool:
    return cell is not None and cell.confirmed_at is not None and cell.confirmed_at < opened


def _at(duty: Duty, chats: Iterable[int], places: Collection[str]) -> tuple[int, ...]:
    """Those whose place has one of these below it."""
    homes = ((chat, duty.homes.get(chat)) for chat in chats)
    return tuple(chat for chat, home in homes if home is None or any(covers(home, place) for place in places))


def _about(duty: Duty, incident: Incident, opened: datetime) -> Reminder | None:
    """The question about one incident: that its end was expected goes before that it lasts."""
    facts, word = standing(duty.board, incident), last_word(duty.reports, incident)
    ends = [fact.estimate.until.at for fact in facts if fact.estimate and fact.estimate.until]
    passed = [end for end in ends if end <= duty.now]
    if passed:
        return _ended(duty, incident, facts, word, max(passed))
    return None if incident.planned else _lasting(duty, incident, facts, word, opened)


def standing(board: Board, incident: Incident) -> tuple[Fact, ...]:
    """What an incident still holds down."""
    open_ = {(span.target, span.place) for span in incident.spans if span.ends is None}
    return tuple(fact for fact in board.facts if fact.down and (fact.target, fact.place) in open_)


def counter_of(catalogue: Catalogue, facts: Sequence[Fact]) -> str:
    """The counter by whose hours what stands is reckoned: one where the first of it does."""
    under = (counter.path for fact in facts for counter in catalogue.counters_under(fact.place))
    return next(under, catalogue.main_counter.path)


def last_word(reports: Iterable[Report], incident: Incident) -> Word:
    """What was last said about an incident, or of everything since it began."""
    by = {report.number: report.by for report in reports}
    words = [Word(update.at, by[update.report]) for update in incident.updates]
    words += [
        Word(report.at, report.by)
        for report in reports
        if report.kind is ReportKind.CONFIRMATION and report.at >= incident.began
        if any(report.confirms(span.place) for span in incident.spans)
    ]
    return max(words, key=lambda word: word.at)


def _ended(duty: Duty, incident: Incident, facts: tuple[Fact, ...], word: Word, until: datetime) -> Reminder | None:
    """Nobody has said anything since its end was expected."""
    if word.at >= until:
        return None
    kind = ReminderKind.ENDED if incident.planned else ReminderKind.PASSED
    key = f"{kind}:{key_of(incident)}:{until.timestamp():.0f}"
    since = min((one.at for one in duty.asked if one.key == key), default=duty.now)
    alone = duty.now - since < COLLEAGUES_AFTER
    staff = _at(duty, duty.staff, {fact.place for fact in facts})
    to = _unasked(duty, key, _reporter_first(staff, word) if alone else staff)
    return Reminder(key, kind, to, word, incident, facts, until)


def _lasting(duty: Duty, incident: Incident, facts: tuple[Fact, ...], word: Word, opened: datetime) -> Reminder | None:
    """Nobody has said anything since the last step of the ladder; a step before the opening is the opening's."""
    steps = [step for step in LADDER if incident.began + step <= duty.now]
    if not steps or not max(word.at, opened) <= incident.began + steps[-1]:
        return None
    about = f"{ReminderKind.LASTING}:{key_of(incident)}:"
    key = f"{about}{steps[-1] // timedelta(hours=1)}"
    in_vain = any(one.key.startswith(about) and one.key != key and one.at >= word.at for one in duty.asked)
    staff = _at(duty, duty.staff, {fact.place for fact in facts})
    to = _unasked(duty, key, staff if in_vain else _reporter_first(staff, word))
    return Reminder(key, ReminderKind.LASTING, to, word, incident, facts)


def _reporter_first(staff: Sequence[int], word: Word) -> Sequence[int]:
    """Who spoke last, as long as he is staff."""
    return (word.by.id,) if word.by.id in staff else staff


def _unasked(duty: Duty, key: str, chats: Iterable[int]) -> tuple[int, ...]:
    asked = {one.chat for one in duty.asked if one.key == key}
    return tuple(chat for chat in chats if chat not in asked)


def key_of(incident: Incident) -> str:
    """An incident in few letters, as buttons carry it."""
    number, planned = incident.id
    return f"{number}" if planned is None else f"{number}-{planned.timestamp():.0f}"


def incident_of(key: str, reports: Iterable[Report], now: datetime) -> Incident | None:
    """The incident of a key, while it is under way."""
    return next(_found(key, reports, now), None)


def _found(key: str, reports: Iterable[Report], now: datetime) -> Iterator[Incident]:
    return (one for one in incidents(reports, now) if one.under_way and key_of(one) == key)
