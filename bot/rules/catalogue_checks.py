"""What a catalogue's parts must be to each other: every name means one thing, every reference leads somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.rules.catalogue import Catalogue, Place, Service, Step, Text
from bot.rules.catalogue_services import COUNTER
from bot.rules.catalogue_tables import below, meant, plain

LONGEST_PAYLOAD = 64
"""What Telegram takes as the payload of a deep link; the longest begins with `kabari_`."""

_AROUND = len("kabari_") + len("-")


@dataclass(frozen=True, slots=True)
class _Name:
    """Something that is called so, with the table and key that say it."""

    owner: str
    key: str
    words: str


def faults_in(catalogue: Catalogue) -> tuple[str, ...]:
    """Every fault that no table has by itself."""
    found = [*_missing(catalogue), *_twice_named(catalogue), *_references(catalogue), *_links(catalogue)]
    if catalogue.places:
        found += [*_tree(catalogue), *_counters(catalogue), *_payloads(catalogue), *_zones(catalogue)]
    return tuple(dict.fromkeys(found))


def _missing(catalogue: Catalogue) -> Iterator[str]:
    parts: dict[str, Sequence[object]] = {
        "services": catalogue.services,
        "resources": catalogue.resources,
        "places": catalogue.places,
    }
    for kind, found in parts.items():
        if not found:
            yield f"{kind}: missing; write at least one [[{kind}]]"
    if catalogue.resources and COUNTER not in catalogue.resources_by_id:
        yield f'resources: "{COUNTER}" is missing, which every step needs; write [[resources]] with id = "{COUNTER}"'


def _links(catalogue: Catalogue) -> Iterator[str]:
    """A link is looked at for the whole territory, once."""
    known = [resource.id for resource in catalogue.resources if not resource.local]
    links = catalogue.link_check.links if catalogue.link_check else ()
    for at, link in enumerate(links):
        where = below(_label("link_check.links", at, link.resource), "resource")
        if link.resource and link.resource not in known:
            yield f"{where}: no resource of a territory is called so{meant(link.resource, known)}"
        elif link.resource in [earlier.resource for earlier in links[:at]]:
            yield f"{where}: already looked at; name each resource once"


def _label(kind: str, at: int, own: str) -> str:
    """How a table of an array is called: `services[3] "kk"`."""
    return f'{kind}[{at}] "{own}"' if own else f"{kind}[{at}]"


def _services(catalogue: Catalogue) -> Iterator[tuple[str, Service]]:
    for at, service in enumerate(catalogue.services):
        yield _label("services", at, service.id), service


def _parts(catalogue: Catalogue) -> Iterator[tuple[str, Step]]:
    """The steps of services that have parts."""
    for where, service in _services(catalogue):
        if [step.id for step in service.steps] != [service.id]:
            yield from ((below(where, f"steps[{at}]"), step) for at, step in enumerate(service.steps))


def _twice_named(catalogue: Catalogue) -> Iterator[str]:
    """Ids and short names belong to one thing each; so does what citizens type, and what staff type.

    A citizen's word may equal a resource's id or short name: for staff that one wins, citizens ask for no resource.
    """
    citizens, staff = list(_ids_of_services(catalogue)), list(_ids_of_resources(catalogue))
    yield from _clashes([*citizens, *staff])
    resources = list(_names_of_resources(catalogue))
    yield from _clashes([*citizens, *_names_of_services(catalogue), *resources])
    yield from _clashes([*staff, *resources])
    yield from _clashes(_names_of_places(catalogue))


def _clashes(names: Iterable[_Name]) -> Iterator[str]:
    seen: dict[str, _Name] = {}
    for name in names:
        first = seen.setdefault(plain(name.words).replace("-", " "), name)
        if name.words and first.owner != name.owner:
            yield (
                f'{below(name.owner, name.key)}: "{name.words}" already is a name of {first.owner} ({first.key}); '
                "leave it at one of them"
            )


def _ids_of_services(catalogue: Catalogue) -> Iterator[_Name]:
    for where, service in _services(catalogue):
        yield _Name(where, "id", service.id)
    for where, step in _parts(catalogue):
        yield _Name(where, "id", step.id)


def _names_of_services(catalogue: Catalogue) -> Iterator[_Name]:
    for where, service in _services(catalogue):
        yield from _texts(where, "name", service.name)
        yield from _texts(where, "short", service.short)
        yield from (_Name(where, "aliases", alias) for alias in service.aliases)
    for where, step in _parts(catalogue):
        yield from _texts(where, "name", step.name)
        yield from (_Name(where, "aliases", alias) for alias in step.aliases)


def _ids_of_resources(catalogue: Catalogue) -> Iterator[_Name]:
    for at, resource in enumerate(catalogue.resources):
        where = _label("resources", at, resource.id)
        yield from (_Name(where, "id", resource.id), _Name(where, "short", resource.short))


def _names_of_resources(catalogue: Catalogue) -> Iterator[_Name]:
    for at, resource in enumerate(catalogue.resources):
        where = _label("resources", at, resource.id)
        yield from _texts(where, "name", resource.name)
        yield from (_Name(where, "aliases", alias) for alias in resource.aliases)


def _names_of_places(catalogue: Catalogue) -> Iterator[_Name]:
    named = [(_label("places", at, place.path), place) for at, place in enumerate(catalogue.places)]
    yield from (_Name(where, "path", place.path) for where, place in named)
    for where, place in named:
        yield from _texts(where, "name", place.name)
        yield from (_Name(where, "aliases", alias) for alias in place.aliases)


def _texts(owner: str, key: str, text: Text) -> Iterator[_Name]:
    yield from (_Name(owner, key, words) for words in text.values())


def _references(catalogue: Catalogue) -> Iterator[str]:
    services, places = catalogue.services_by_id, catalogue.places_by_path
    for where, service in _services(catalogue):
        for at, other in enumerate(service.alternatives):
            key = below(where, f"alternatives[{at}].service")
            if other.service == service.id:
                yield f'{key}: "{service.id}" cannot stand in for itself; name another service'
            elif other.service and other.service not in services:
                yield f'{key}: unknown service "{other.service}"{meant(other.service, services)}'
    for at, resource in enumerate(catalogue.resources):
        yield from _unknown_steps(catalogue, below(_label("resources", at, resource.id), "spares"), resource.spares)
    for at, place in enumerate(catalogue.places):
        yield from _unknown_steps(catalogue, below(_label("places", at, place.path), "steps"), place.steps or ())
    for one in catalogue.exceptions:
        if one.place is not None and one.place not in places:
            yield f'exceptions, {one.first}: place: unknown place "{one.place}"{meant(one.place, places)}'


def _unknown_steps(catalogue: Catalogue, key: str, ids: Iterable[str]) -> Iterator[str]:
    for own in ids:
        service = catalogue.services_by_id.get(own)
        if own in catalogue.steps:
            continue
        if service is not None:
            steps = ", ".join(f'"{step.id}"' for step in service.steps)
            yield f'{key}: "{own}" is a service with several steps; name those that are meant: {steps}'
        else:
            yield f'{key}: unknown step "{own}"{meant(own, catalogue.steps)}'


def _tree(catalogue: Catalogue) -> Iterator[str]:
    """One root, and every other place below one that is there."""
    known = catalogue.places_by_path
    roots = [path for path in known if path and "/" not in path]
    for other in roots[1:]:
        yield f'places: "{other}" is a second root; put it below one, as "{roots[0]}/{other}"'
    for at, place in enumerate(catalogue.places):
        above = place.path.rpartition("/")[0]
        if above and not above.endswith("/") and above not in known:
            key = below(_label("places", at, place.path), "path")
            yield f'{key}: no place "{above}" above it; write [[places]] with path = "{above}"'


def _counters(catalogue: Catalogue) -> Iterator[str]:
    """Only a counter serves steps or is the main one, and only one of them is."""
    counters = {counter.path for counter in catalogue.counters}
    mains: list[str] = []
    for at, place in enumerate(catalogue.places):
        where = _label("places", at, place.path)
        if place.path not in counters:
            for key in _of_counters(place):
                yield f"{below(where, key)}: only a counter can have it; this place has others below it"
        elif place.main:
            mains.append(where)
    if len(mains) > 1:
        yield f"places: {' and '.join(mains)} are both main; leave main = true at one of them"


def _of_counters(place: Place) -> Iterator[str]:
    if place.main:
        yield "main"
    if place.steps is not None:
        yield "steps"


def _zones(catalogue: Catalogue) -> Iterator[str]:
    """What is told of an office has one time zone: its counters keep it, and the place above all that of [office]."""
    tree, zones, root = catalogue.tree, catalogue.zones, catalogue.root.path
    for at, place in enumerate(catalogue.places):
        office = (tree.office_of(place.path) if tree.many else root) or place.path
        kept = catalogue.office.timezone if root in (office, place.path) else zones.of(office)
        if place.timezone not in (None, kept):
            where = "[office]" if root in (office, place.path) else f'"{office}"'
            key = below(_label("places", at, place.path), "timezone")
            yield f"{key}: what belongs to one office keeps one time; set it at {where}"


def _payloads(catalogue: Catalogue) -> Iterator[str]:
    """A deep link calls every place differently, and Telegram takes no more than 64 characters."""
    seen: dict[str, str] = {}
    longest = max((len(own) for own in (*catalogue.steps, *catalogue.services_by_id)), default=0)
    for at, place in enumerate(catalogue.places):
        key = below(_label("places", at, place.path), "path")
        payload = catalogue.tree.links[place.path]
        first = seen.setdefault(payload, place.path)
        if first != place.path:
            yield f'{key}: a link would write it "{payload}", as it does "{first}"; choose another'
        if longest + len(payload) + _AROUND > LONGEST_PAYLOAD:
            most = LONGEST_PAYLOAD - _AROUND - longest
            yield f"{key}: {len(payload)} characters are too long for a link; beside the longest id {most} have room"
