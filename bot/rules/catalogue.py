"""What an office offers: its services, what each step of them needs, and where."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.rules.place_tree import PlaceTree
from bot.rules.zones import Zones

Text = Mapping[str, str]
"""Words by language code; `id` is always there."""


class State(enum.StrEnum):
    """How far a step works. The words "belum bisa" belong to `UNAVAILABLE` alone."""

    AVAILABLE = "available"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Need:
    """A resource that a step needs, and what becomes of the step when it fails."""

    resource: str
    effect: State  # UNAVAILABLE or LIMITED
    note: Text | None = None  # for LIMITED: what still goes on ("berkas diterima, dikerjakan kemudian")


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a service that can work by itself."""

    id: str
    service: str
    name: Text  # inside a sentence: "pencetakan KTP-el"
    short: Text  # in a list under its service: "Pencetakan"
    needs: tuple[Need, ...]
    aliases: tuple[str, ...] = ()
    daily: int | None = None  # how many people the office serves a day; None: it has not said


@dataclass(frozen=True, slots=True)
class Requirements:
    """What to bring for one case of a service, and the law that says so."""

    title: Text  # "KTP hilang"
    items: tuple[Text, ...]
    basis: str | None = None  # "Perpres 96/2018 Pasal 15"
    cues: tuple[str, ...] = ()  # words that point at this case: "hilang"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another service that helps meanwhile; `allowed` None: the office has not said, so "tanya petugas"."""

    service: str
    allowed: bool | None
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """What a citizen comes for."""

    id: str
    name: Text  # "Kartu Keluarga (KK)"
    short: Text  # "KK"
    steps: tuple[Step, ...]
    aliases: tuple[str, ...] = ()
    requirements: tuple[Requirements, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """What steps need; a local one is reported at a counter and never inherited from above."""

    id: str
    short: str  # what staff type: "pusat"
    name: Text
    local: bool = False
    aliases: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()  # step ids that the catalogue proposes to spare
    causes: tuple[str, ...] = ()  # ready causes for staff, in citizens' words
    outage: str | None = None  # its usual outage, as a button says it to staff: "Pusat putus"


@dataclass(frozen=True, slots=True)
class Opening:
    """One stretch of opening hours within a day, office time."""

    start: time
    end: time


Week = Mapping[int, tuple[Opening, ...]]
"""Opening hours by weekday, Monday 0; a day that is missing is closed."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach people: `kind` is phone, whatsapp, email, web, instagram …"""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Place:
    """A node of the tree of places: a territory, or a counter where it has no children."""

    path: str
    name: Text
    aliases: tuple[str, ...] = ()
    address: str | None = None
    map_url: str | None = None
    contacts: tuple[Contact, ...] = ()
    hours: Week | None = None  # None: unset here, inherited from above, and unset where nobody set them
    steps: tuple[str, ...] | None = None  # step ids served at a counter; None: the office has not said
    main: bool = False  # the counter that a report without a place means
    timezone: ZoneInfo | None = None  # None: that of the nearest place above that has one, else the office's


@dataclass(frozen=True, slots=True)
class CalendarException:
    """Days that differ: closed (`openings` empty), or open at other hours; wins over the national calendar."""

    first: date
    last: date
    openings: tuple[Opening, ...]
    reason: Text
    place: str | None = None  # None: everywhere
    weekdays: tuple[int, ...] | None = None  # None: every day of the stretch; set: only these (Ramadan hours)


@dataclass(frozen=True, slots=True)
class Office:
    """Who speaks."""

    name: Text  # "Disdukcapil Kota Kendari"
    timezone: ZoneInfo  # of places that have no other
    contacts: tuple[Contact, ...] = ()
    complaint: Text | None = None
    late_fine: Text | None = None  # what registering late costs, in one sentence
    example: bool = False  # true where the facts are made up for the demo
    open_on_joint_leave: bool = False  # whether counters open on cuti bersama
    national_holidays: bool = True


@dataclass(frozen=True, slots=True)
class Probe:
    """An address to look at: `https://…`, `http://…` or `tcp://host:port`."""

    address: str
    status: tuple[int, ...] = ()  # the answers of HTTP that count as well; empty: any below 500


@dataclass(frozen=True, slots=True)
class WatchedLink:
    """A resource that is well where an address answers."""

    resource: str
    probe: Probe


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """What to look at from the office's machine, and how often."""

    own: Probe  # answers whenever the machine itself is online
    links: tuple[WatchedLink, ...]
    every: int = 60  # seconds


@dataclass(frozen=True)
class Catalogue:
    """Everything an office told us about itself, checked and frozen."""

    office: Office
    services: tuple[Service, ...]
    resources: tuple[Resource, ...]
    places: tuple[Place, ...]
    exceptions: tuple[CalendarException, ...] = ()
    vocabulary: Mapping[str, tuple[str, ...]] | None = None  # an office's own words for the recogniser, by group
    link_check: LinkCheck | None = None
    across: bool = False  # part of a whole that lies in several time zones
    unset: tuple[str, ...] = ()  # "place kendari/kantor: hours" …: what `loket check` lists

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """Every step by id, in the order of the services."""
        return {step.id: step for service in self.services for step in service.steps}

    @cached_property
    def steps_by_target(self) -> Mapping[str, tuple[Step, ...]]:
        """What a report on a target speaks of: the step itself, or the steps that need the resource."""
        needing = {
            resource.id: tuple(
                step for step in self.steps.values() if any(n.resource == resource.id for n in step.needs)
            )
            for resource in self.resources
        }
        return needing | {step.id: (step,) for step in self.steps.values()}

    @cached_property
    def services_by_id(self) -> Mapping[str, Service]:
        return {service.id: service for service in self.services}

    @cached_property
    def resources_by_id(self) -> Mapping[str, Resource]:
        return {resource.id: resource for resource in self.resources}

    @cached_property
    def places_by_path(self) -> Mapping[str, Place]:
        return {place.path: place for place in self.places}

    @cached_property
    def tree(self) -> PlaceTree:
        """How the places lie below each other."""
        return PlaceTree([place.path for place in self.places])

    @cached_property
    def zones(self) -> Zones:
        """Which place keeps which time."""
        own = {place.path: place.timezone for place in self.places}
        return Zones(self.office.timezone, own, self.tree, many=self.across)

    @cached_property
    def counters(self) -> tuple[Place, ...]:
        """The leaves of the tree, in catalogue order."""
        return tuple(place for place in self.places if place.path not in self.tree.below)

    @cached_property
    def counters_by_path(self) -> Mapping[str, Place]:
        return {counter.path: counter for counter in self.counters}

    @cached_property
    def root(self) -> Place:
        """The territory above all."""
        return min(self.places, key=lambda place: place.path.count("/"))

    @cached_property
    def main_counter(self) -> Place:
        """The counter that a report on a step means where it names none."""
        return next((counter for counter in self.counters if counter.main), self.counters[0])

    def counters_under(self, path: str) -> tuple[Place, ...]:
        """The counters at or below a place."""
        return tuple(self.places_by_path[one] for one in self.tree.leaves_under.get(path, ()))

    def within(self, place: str) -> Catalogue:
        """The same as if a place were all of it: for somebody who speaks of nothing else."""
        places = tuple(one for one in self.places if covers(place, one.path))
        office = replace(self.office, timezone=self.zones.of(place))
        return replace(self, places=places, office=office, across=self.zones.many)

    def places_of(self, target: str, path: str | None = None) -> tuple[str, ...]:
        """Where a report on a target holds: a resource for the territory, what is local and a step for a counter."""
        resource = self.resources_by_id.get(target)
        if resource and resource.local:
            under = self.counters_under(path) if path else (self.main_counter,)
            return tuple(counter.path for counter in under)
        return (path or (self.root if resource else self.main_counter).path,)

    def payload_for(self, target: str, place: str | None = None) -> str:
        """What a deep link to a service or step carries, such as `ktp-kendari_mpp`, `ktp-kota_bogor`."""
        return f"{target}-{self.place_word(place)}" if place else target

    def place_word(self, place: str) -> str:
        """A place as buttons and links carry it: one office writes out its few paths."""
        return self.tree.links.get(place, place)

    def place_of(self, word: str | None) -> str | None:
        """The place that a button or link carries; None where the catalogue no longer has it."""
        return word if word in self.places_by_path else self.tree.linked.get(word or "")

    def from_payload(self, payload: str) -> tuple[str, str | None] | None:
        """The service or step that a deep link names, and the place where it names one; None where it names nothing."""
        target, _, linked = payload.partition("-")
        place = self.tree.linked.get(linked)
        if target not in self.services_by_id and target not in self.steps:
            return None
        return None if linked and place is None else (target, place)


def covers(above: str, path: str) -> bool:
    """Whether `path` is the place `above` or lies below it."""
    return path == above or path.startswith(above + "/")


def touches(one: str, other: str) -> bool:
    """Whether one of two places lies at or below the other."""
    return covers(one, other) or covers(other, one)
