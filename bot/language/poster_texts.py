"""The office's poster for its door: what staff asked for, and the words and the link on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.language.line_words import places_to_name, tokens
from bot.language.messages import Answer, Capital, Listing, Message, Value, Words, say
from bot.language.refusals import RefusedError
from bot.language.sharing import bot_link
from bot.language.view import View
from bot.rules.catalogue import Catalogue, Place, Service, Step

_AT = "di"

Form = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Poster:
    """Every word of it, from the top of the page to its foot."""

    office: Message
    place: Message | None
    headline: Message
    question: Message
    scan: Message
    foot: Message
    link: str
    file: str
    caption: Answer  # to staff, with the file


def poster(view: View, bot: str, line: str) -> Poster:
    """For what stands behind `/poster`: nothing, a service or step, a place, or both."""
    catalogue = view.catalogue
    target, place = _wanted(catalogue, line)
    link = bot_link(catalogue, bot, (target.id,) if target else (), place.path if place else None)
    name = Capital(Words(target.name)) if target else None
    parts = ("poster", target.id if target else "", place.path.replace("/", "-") if place else "")
    return Poster(
        office=say("poster.office", office=Words(catalogue.office.name)),
        place=say("poster.place", place=Words(place.name)) if place else None,
        headline=say("poster.headline"),
        question=say("poster.question_of", service=name) if name else say("poster.question"),
        scan=say("poster.scan", bot=bot),
        foot=say("poster.foot"),
        link=link,
        file="-".join(filter(None, parts)) + ".pdf",
        caption=Answer((say("poster.caption", link=link),)),
    )


def _wanted(catalogue: Catalogue, line: str) -> tuple[Service | Step | None, Place | None]:
    """What is meant; a word that means nothing here is refused, never guessed."""
    words = _form(line)
    target, at = _target(catalogue, words)
    behind = words[at + 1 :] if words[at : at + 1] == (_AT,) else words[at:]
    if not behind:
        return target, None
    place = next((place for place in catalogue.places if behind in _forms(_place_names(place))), None)
    if place is None:
        raise RefusedError(_unknown(catalogue, behind, target))
    return target, place


def _target(catalogue: Catalogue, words: Form) -> tuple[Service | Step | None, int]:
    """The longest service or step that begins here, services first, and where the line goes on."""
    targets: tuple[Service | Step, ...] = (*catalogue.services, *catalogue.steps.values())
    for length in range(len(words), 0, -1):
        for target in targets:
            if words[:length] in _forms(_target_names(target)):
                return target, length
    return None, 0


def _target_names(target: Service | Step) -> Iterable[str]:
    shorts = target.short.values() if isinstance(target, Service) else ()  # a step's is one under its service
    return (target.id, *target.name.values(), *shorts, *target.aliases)


def _place_names(place: Place) -> Iterable[str]:
    return (place.path, place.path.rpartition("/")[2], *place.name.values(), *place.aliases)


def _forms(names: Iterable[str]) -> set[Form]:
    return {_form(name) for name in names}


def _form(text: str) -> Form:
    return tuple(token.word for token in tokens(text) if token.word != ",")


def _unknown(catalogue: Catalogue, words: Form, target: Service | Step | None) -> Message:
    said = " ".join(words)
    places = places_to_name(catalogue)
    if target:
        return say("poster.unknown_place", words=said, places=places)
    services: Value = Listing(tuple(service.id for service in catalogue.services[:3]), either=True)
    return say("poster.unknown", words=said, services=services, places=places)
