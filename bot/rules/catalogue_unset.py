"""What an office has not told yet, in sentences for its operator; citizens are told nothing about it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.rules.catalogue import Catalogue, Place
from bot.rules.place_tree import upwards

_MOST_NAMED = 5  # places that lack the same and are still named one by one


def unset_in(catalogue: Catalogue) -> tuple[str, ...]:
    """A sentence for every fact that is left open, with the key that would set it."""
    return (*_office(catalogue), *_places(catalogue), *_services(catalogue))


def _office(catalogue: Catalogue) -> Iterator[str]:
    office = catalogue.office
    if not office.contacts and not any(place.contacts for place in catalogue.places):
        yield (
            "office: contacts are unset; citizens are told no way to reach the office. "
            'Set [office.contacts], as whatsapp = "…", phone = "…", email = "…".'
        )
    if office.complaint is None:
        yield (
            "office: complaint is unset; who complains is told of no place of the office's own. Set [office] complaint."
        )
    if office.late_fine is None:
        yield (
            "office: late_fine is unset; nothing is said of a fine for registering late. "
            "Set [office] late_fine to one sentence, also where there is none."
        )


def _places(catalogue: Catalogue) -> Iterator[str]:
    """A sentence for each counter; where many lack the same, one for all of them."""
    lacking: dict[str, list[str]] = {}
    for counter in catalogue.counters:
        for what in _lacking(catalogue, counter):
            lacking.setdefault(what, []).append(counter.path)
    for what, paths in lacking.items():
        if len(paths) <= _MOST_NAMED:
            yield from (f"place {path}: {what}" for path in paths)
        else:
            yield f"{len(paths)} places, as {paths[0]}: {what}"


def _lacking(catalogue: Catalogue, counter: Place) -> Iterator[str]:
    if not _has_hours(catalogue, counter):
        yield "hours are unset; citizens are told no hours. Set [places.hours] of it, or of a place above it."
    if counter.address is None:
        yield "address is unset; citizens are told no address. Set address of it."
    if counter.steps is None and counter != catalogue.main_counter:
        yield (
            "steps are unset; it is spoken of only once staff reported something there. "
            "Set steps of it to the ids of what it serves."
        )


def _has_hours(catalogue: Catalogue, counter: Place) -> bool:
    return any(
        place.hours is not None for path in upwards(counter.path) if (place := catalogue.places_by_path.get(path))
    )


def _services(catalogue: Catalogue) -> Iterator[str]:
    for service in catalogue.services:
        for other in service.alternatives:
            if other.allowed is None:
                yield (
                    f"service {service.id}: whether {other.service} may stand in for it is unset; "
                    "citizens are told to ask staff. Set allowed = true or false in its [[services.alternatives]]."
                )
        if not service.requirements:
            yield (
                f"service {service.id}: requirements are unset; citizens are told to ask staff what to bring. "
                "Set [[services.requirements]] with title and items."
            )
