"""What a catalogue's parts must be to each other: every name means one thing, every reference leads somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.rules.catalogue import Catalogue, Place, Service, Step
from bot.rules.catalogue_services import COUNTER
from bot.rules.catalogue_tables import meant, plain

LONGEST_PAYLOAD = 64
"""What Telegram takes as the payload of a deep link; `kabari_` stands before the longest."""

_SPARE = len("kabari_") + len("-")
_Named = tuple[str, str, str]  # label, owner, name


def faults_in(catalogue: Catalogue) -> Iterator[str]:
    yield from _missing(catalogue)
    yield from _ids(catalogue)
    yield from _shorts(catalogue)
    yield from _clashes([*_names_of_services(catalogue), *_names_of_resources(catalogue)])
    yield from _references(catalogue)
    if catalogue.places:
        yield from _tree(catalogue)
        yield from _counters(catalogue)
        yield from _payloads(catalogue)


def label(kind: str, at: int, own: str) -> str:
    """How a table of an array is called: `services[3] "kk"`."""
    return f'{kind}[{at}] "{own}"' if own else f"{kind}[{at}]"


def _missing(catalogue: Catalogue) -> Iterator[str]:
    for kind, found in (
        ("services", catalogue.services),
        ("resources", catalogue.resources),
        ("places", catalogue.places),
    ):
        if not found:
            yield f"{kind}: missing; write at least one [[{kind}]]"
    if catalogue.resources and COUNTER not in catalogue.resources_by_id:
        yield f'resources: "{COUNTER}" is missing, which every step needs; write [[resources]] with id = "{COUNTER}"'


def _services(catalogue: Catalogue) -> Iterator[tuple[str, Service]]:
    for at, service in enumerate(catalogue.services):
        yield label("services", at, service.id), service


def _parts(where: str, service: Service) -> Iterator[tuple[str, Step]]:
    """The steps that stand as tables of their own."""
    for at, step in enumerate(service.steps):
        if service.steps[0].id != service.id or at:
            yield f"{where}: steps[{at}]", step


def _ids(catalogue: Catalogue) -> Iterator[str]:
    """Services, steps and resources share one set of ids, since staff name all three in the same spot."""
    seen: dict[str, str] = {}
    named = [
        *((where, service.id) for where, service in _services(catalogue)),
        *((part, step.id) for where, service in _services(catalogue) for part, step in _parts(where, service)),
        *((label("resources", at, one.id), one.id) for at, one in enumerate(catalogue.resources)),
    ]
    for where, own in named:
        if own and own in seen:
            yield f'{_key(where, "id")}: "{own}" is the id of {seen[own]} already; choose another'
        seen.setdefault(own, where)
