"""Reads a staff member's report in one line; what it does not understand is refused, never guessed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.language import when
from bot.language.line_words import (
    Meaning,
    Token,
    form_of,
    place_forms,
    places_to_name,
    target_forms,
    tokens,
    unknown_place,
)
from bot.language.messages import Listing, Message, Value, Words, say
from bot.language.refusals import RefusedError
from bot.rules.board import Board
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue, Place, State, covers
from bot.rules.privacy import find_private
from bot.rules.reports import Assertion, Estimate, Moment

STATES: dict[tuple[str, ...], State] = {
    tuple(words.split()): state
    for state, all_words in (
        (State.UNAVAILABLE, ("belum bisa", "tidak bisa", "gangguan", "putus", "habis", "mati", "tutup")),
        (State.LIMITED, ("terbatas", "sebagian")),
        (State.AVAILABLE, ("sudah bisa", "bisa", "normal", "pulih")),
    )
    for words in all_words
}
LONGEST_CAUSE = 200
_PARTS = ("sejak", "sampai", "kecuali")
_AT, _AND = "di", "dan"
_AS_BEFORE = frozenset({"tetap", "masih"})
_BEFORE_WORK = timedelta(hours=4)
_LONGEST_PLACE = 5  # words of a name
_MOST_MEANT = 8  # places that are named where a word means several


class LineRefusedError(RefusedError):
    """The line cannot be taken: the message tells the staff member why, and what would be right."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A report that was understood and not yet published."""

    assertions: tuple[Assertion, ...]
    shut_on: date | None = None  # the office is shut on the day of the estimate: worth a question


@dataclass(frozen=True, slots=True)
class Subject:
    """What a line speaks of, and how it goes on."""

    targets: tuple[Meaning, ...]
    where: tuple[tuple[str, str], ...]  # each target with each of its places
    counter: str  # whose hours count
    rest: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What is said of planned maintenance beside its times."""

    cause: str | None
    spares: frozenset[str] | None

    def assertion(self, where: tuple[str, str], begins: datetime, until: Estimate) -> Assertion:
        return Assertion(*where, State.UNAVAILABLE, self.cause, estimate=until, spares=self.spares, planned_from=begins)


class ReportLines:
    """The grammar of `/lapor` and `/pulih` over one office's catalogue."""

    def __init__(self, catalogue: Catalogue, calendar: OfficeCalendar) -> None:
        self._catalogue = catalogue
        self._calendar = calendar
        self._ranks = target_forms(catalogue)
        self._places = place_forms(catalogue)
        forms = {form for rank in self._ranks for form in rank}
        self._longest = max(map(len, forms))
        self._spellings = sorted(" ".join(form) for form in forms)

    def report(self, text: str, now: datetime) -> Understood:
        """`<sasaran>[, …] [di <tempat>] <keadaan> [sebab] [; …]`, as typed after `/lapor`."""
        head, *parts = text.split(";")
        words = tokens(head)
        targets, place, at = self._targets(words)
        state, at = self._state(words, at, targets)
        cause = self._cause(head[words[at].start :]) if at < len(words) else None
        said = self._parts(parts, state, targets, place, now)
        return self._understood(targets, place, state, cause, said)

    def resumption(self, text: str, board: Board) -> Understood:
        """`<sasaran>[, …] [di <tempat>] [catatan]`, as typed after `/pulih`."""
        words = tokens(text)
        targets, place, at = self._targets(words)
        for length in (2, 1):
            if tuple(token.word for token in words[at : at + length]) in STATES:
                raise LineRefusedError(say("staff.line.state_in_resumption", words=text[words[at].start :].strip()))
        if ";" in text:
            raise LineRefusedError(say("staff.line.part_in_resumption"))
        note = self._cause(text[words[at].start :], well=True) if at < len(words) else None
        targets = self._only_down(targets, place, board)
        return self._understood(targets, place, State.AVAILABLE, note, _Said())

    def subject(self, text: str) -> Subject:
        """What a line begins with: its targets and its place; what follows is the caller's."""
        words = tokens(text)
        targets, place, at = self._targets(words)
        where = self._where(targets, place)
        rest = text[words[at].start :] if at < len(words) else ""
        return Subject(tuple(targets), where, self._counter(place), rest)

    def planned(self, subject: Subject, parts: Iterable[str]) -> Planned:
        """What stands behind the semicolons of planned maintenance: why, and what it leaves alone."""
        cause: str | None = None
        spares: frozenset[str] | None = None
        for part in filter(None, parts):
            key, _, rest = part.partition(" ")
            if key.lower() == "kecuali" and spares is None:
                spares = self._spares(rest, subject.targets)
            elif key.lower() != "kecuali" and cause is None:
                cause = cause_of(part)
            else:
                raise LineRefusedError(say("staff.line.part_twice", part=part))
        return Planned(cause, spares)

    def place(self, text: str) -> Place:
        """A place by its name, and nothing behind it."""
        words = tokens(text)
        place, at = self._place(words, 0)
        if at < len(words):
            raise LineRefusedError(say("staff.line.unknown_place", words=text, places=places_to_name(self._catalogue)))
        return place

    def _targets(self, words: Sequence[Token]) -> tuple[list[Meaning], Place | None, int]:
        """The targets, the place where one is named, and where the line goes on."""
        if not words:
            raise LineRefusedError(say("staff.line.empty"))
        targets: list[Meaning] = []
        at = 0
        while True:
            meaning, at = self._target(words, at)
            targets.append(meaning)
            if at == len(words) or words[at].word != ",":
                break
            at += 1
        if at < len(words) and words[at].word == _AT:
            place, at = self._place(words, at + 1)
            return targets, place, at
        return targets, None, at

    def _target(self, words: Sequence[Token], at: int) -> tuple[Meaning, int]:
        """The longest target that begins here."""
        found = self._form(words, at)
        if found is None:
            raise LineRefusedError(self._unknown_target(words[at:]))
        form, meanings = found
        return self._single(form, meanings), at + len(form)

    def _form(self, words: Sequence[Token], at: int) -> tuple[tuple[str, ...], frozenset[Meaning]] | None:
        """The most words that begin here and call a target, with all that they may mean."""
        for length in range(min(self._longest, len(words) - at), 0, -1):
            form = tuple(token.word for token in words[at : at + length])
            for rank in self._ranks:
                if form in rank:
                    return form, rank[form]
        return None

    def _cause(self, text: str, *, well: bool = False) -> str | None:
        """The cause, unless it holds what is a report of its own: citizens would read that as the cause of this one."""
        first, *others = text.split(",")
        begun = [first] if first.split()[:1] == [_AND] else []
        for part in (*begun, *others):
            if self._is_report(tokens(part), well=well):
                raise LineRefusedError(say("staff.line.second_report", words=part.strip(" .")))
        return cause_of(text)

    def _is_report(self, words: Sequence[Token], *, well: bool) -> bool:
        """Whether it begins with a target and holds a state; what is well again needs none, alone or at a place."""
        at = 1 if words and words[0].word == _AND else 0
        found = self._form(words, at)
        if found is None:
            return False
        said = [token.word.strip(".!") for token in words[at + len(found[0]) :]]
        if _AS_BEFORE & set(said):  # "kk tetap bisa" comforts, and reports nothing
            return False
        if any(tuple(said[start : start + length]) in STATES for start in range(len(said)) for length in (1, 2)):
            return True
        return well and (not said or said[0] == _AT)

    def _single(self, form: tuple[str, ...], meanings: frozenset[Meaning]) -> Meaning:
        if len(meanings) > 1:
            names = Listing(tuple(self.name(meaning) for meaning in sorted(meanings)))
            raise LineRefusedError(say("staff.line.ambiguous_target", word=" ".join(form), names=names))
        return next(iter(meanings))

    def _unknown_target(self, words: Sequence[Token]) -> Message:
        said = " ".join(token.word for token in words[:4] if token.word != ",")
        near = difflib.get_close_matches(" ".join(token.word for token in words[:1]), self._spellings, n=1, cutoff=0.7)
        if near:
            return say("staff.line.unknown_target_near", words=said, near=near[0])
        return say("staff.line.unknown_target", words=said)

    def name(self, meaning: Meaning) -> Value:
        """How a target is called."""
        kind, key = meaning
        return Words(self._catalogue.services_by_id[key].name) if kind == "service" else self.called(key)

    def called(self, target: str) -> Words:
        """How a step or resource is called."""
        resource = self._catalogue.resources_by_id.get(target)
        return Words(resource.name if resource else self._catalogue.steps[target].name)

    def _place(self, words: Sequence[Token], at: int) -> tuple[Place, int]:
        for length in range(min(_LONGEST_PLACE, len(words) - at), 0, -1):
            form = tuple(token.word for token in words[at : at + length])
            if found := self._places.get(form):
                if len(found) > 1:
                    names = Listing(tuple(Words(place.name) for place in found[:_MOST_MEANT]))
                    raise LineRefusedError(say("staff.line.ambiguous_place", word=" ".join(form), names=names))
                return found[0], at + length
        said = [token.word for token in words[at : at + _LONGEST_PLACE]]
        raise LineRefusedError(unknown_place(self._catalogue, said))

    def _state(self, words: Sequence[Token], at: int, targets: Sequence[Meaning]) -> tuple[State, int]:
        for length in (2, 1):
            form = tuple(token.word for token in words[at : at + length])
            if form in STATES and len(form) == length:
                return STATES[form], at + length
        target = self.name(targets[-1])
        if at == len(words):
            raise LineRefusedError(say("staff.line.no_state", target=target))
        said = " ".join(token.word for token in words[at : at + 3])
        raise LineRefusedError(say("staff.line.not_a_state", words=said, target=target))

    def _parts(
        self, parts: Iterable[str], state: State, targets: Sequence[Meaning], place: Place | None, now: datetime
    ) -> _Said:
        said = _Said()
        for part in filter(None, (part.strip() for part in parts)):
            key, _, rest = part.partition(" ")
            key = key.lower()
            if state is State.AVAILABLE:
                raise LineRefusedError(say("staff.line.part_when_well", part=part))
            if key == "sejak":
                said.once("since", self._since(rest, self._zone(place), now), part)
            elif key == "kecuali":
                said.once("spares", self._spares(rest, targets), part)
            else:
                words = rest if key == "sampai" else part
                said.once("estimate", self._estimate(words, place, now), part)
        if said.estimate and (until := said.estimate.until) and until.whole_day:
            local = until.at.astimezone(self._catalogue.zones.of(self._counter(place))).date()
            said.shut_on = local if self._calendar.openings(self._counter(place), local) == () else None
        return said

    def _counter(self, place: Place | None) -> str:
        """The counter whose hours count for a place."""
        under = self._catalogue.counters_under(place.path) if place else ()
        return (under[0] if place and under else self._catalogue.main_counter).path

    def _zone(self, place: Place | None) -> ZoneInfo:
        """In which times are meant for a place."""
        return self._catalogue.zones.of(place.path if place else None)

    def _since(self, text: str, zone: ZoneInfo, now: datetime) -> Moment:
        try:
            moment = when.since(text, now, zone)
        except when.NotATimeError:
            raise LineRefusedError(say("staff.line.unknown_time", words=text or "sejak")) from None
        if moment.at > now:
            raise LineRefusedError(say("staff.line.since_ahead", moment=moment), zone=zone)
        return _that_day_everywhere(moment, now) if self._catalogue.zones.many else moment

    def _estimate(self, text: str, place: Place | None, now: datetime) -> Estimate:
        if " ".join(text.lower().split()) in when.UNKNOWN:
            return Estimate(None)
        counter, zone = self._counter(place), self._zone(place)
        try:
            moment = when.until(text, now, zone, lambda day: self._calendar.closing_of(counter, day))
        except when.NotATimeError:
            raise LineRefusedError(say("staff.line.unknown_time", words=text)) from None
        if moment.at <= now:
            raise LineRefusedError(say("staff.line.estimate_behind", moment=moment), zone=zone)
        return Estimate(moment)

    def _spares(self, text: str, targets: Sequence[Meaning]) -> frozenset[str]:
        if any(kind != "resource" for kind, _ in targets):
            raise LineRefusedError(say("staff.line.spares_need_resource"))
        spares: set[str] = set()
        for name in text.split(","):
            form = form_of(name)
            meanings = next((rank[form] for rank in self._ranks if form in rank), frozenset[Meaning]())
            steps = frozenset(meaning for meaning in meanings if meaning[0] != "resource")
            if not steps:
                raise LineRefusedError(say("staff.line.unknown_spare", words=name.strip() or "kecuali"))
            spares.update(self._steps(self._single(form, steps)))
        return frozenset(spares)

    def _steps(self, meaning: Meaning) -> tuple[str, ...]:
        if meaning[0] == "service":
            return tuple(step.id for step in self._catalogue.services_by_id[meaning[1]].steps)
        return (meaning[1],)

    def _only_down(self, targets: Sequence[Meaning], place: Place | None, board: Board) -> list[Meaning]:
        """A service means those of its steps that are not available."""
        down: list[Meaning] = []
        for meaning in targets:
            if meaning[0] != "service":
                down.append(meaning)
                continue
            steps = [step for step in self._steps(meaning) if not self._is_well(step, place, board)]
            if not steps:
                raise LineRefusedError(say("staff.line.all_well", service=self.name(meaning)))
            down += [("step", step) for step in steps]
        return down

    def _is_well(self, step: str, place: Place | None, board: Board) -> bool:
        path = (place or self._catalogue.main_counter).path
        cells = [cell for cell in board.of(step) if covers(path, cell.counter)]
        return bool(cells) and all(cell.state is State.AVAILABLE for cell in cells)

    def _understood(
        self, targets: Iterable[Meaning], place: Place | None, state: State, cause: str | None, said: _Said
    ) -> Understood:
        where = self._where(targets, place)
        assertions = tuple(
            Assertion(target, path, state, cause, said.since, said.estimate, said.spares) for target, path in where
        )
        return Understood(assertions, said.shut_on)

    def _is_wide(self, meaning: Meaning) -> bool:
        """Whether it holds for a whole territory where no place is named."""
        resource = self._catalogue.resources_by_id.get(meaning[1]) if meaning[0] == "resource" else None
        return resource is not None and not resource.local

    def _where(self, targets: Iterable[Meaning], place: Place | None) -> tuple[tuple[str, str], ...]:
        """Every target with every place that it is reported for, once; among many offices a counter must be named."""
        targets = tuple(targets)
        if place is None and self._catalogue.tree.many and not all(map(self._is_wide, targets)):
            office = self._catalogue.places_by_path[self._catalogue.tree.offices[-1]]
            raise LineRefusedError(say("staff.line.which_place", example=Words(office.name)))
        where = {
            (target, path): None
            for meaning in targets
            for target in ((meaning[1],) if meaning[0] == "resource" else self._steps(meaning))
            for path in self._catalogue.places_of(target, place.path if place else None)
        }
        return tuple(where)


@dataclass(slots=True)
class _Said:
    """What stood after the semicolons."""

    since: Moment | None = None
    estimate: Estimate | None = None
    spares: frozenset[str] | None = None
    shut_on: date | None = None

    def once(self, name: str, value: Moment | Estimate | frozenset[str], part: str) -> None:
        if getattr(self, name) is not None:
            raise LineRefusedError(say("staff.line.part_twice", part=part))
        setattr(self, name, value)


def _that_day_everywhere(moment: Moment, now: datetime) -> Moment:
    """A day alone, from before work on instead of midnight, when it is another day to the west."""
    early = moment.at + _BEFORE_WORK
    return replace(moment, at=early) if moment.whole_day and early <= now else moment


def cause_of(text: str) -> str | None:
    """The cause in the staff member's words; one that begins like another part was meant as that part."""
    cause = " ".join(text.split()).strip(" ,.")
    first = cause.split(" ", 1)[0].lower()
    if first in _PARTS:
        raise LineRefusedError(say("staff.line.cause_begins_part", word=first, cause=cause))
    if first == _AT:
        raise LineRefusedError(say("staff.line.cause_begins_place", cause=cause))
    if len(cause) > LONGEST_CAUSE:
        raise LineRefusedError(say("staff.line.cause_too_long", most=LONGEST_CAUSE))
    if find_private(cause):
        raise LineRefusedError(say("staff.line.private_number"))
    return cause or None
