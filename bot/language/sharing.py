"""An answer that travels on: dated, with the time until which it holds and the way to a newer one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from bot.language.answers_board import all_status
from bot.language.answers_status import status, steps_named
from bot.language.kabari import MAX_ACTION, MAX_PAYLOAD
from bot.language.messages import Answer, Button, Capital, Dated, Message, Value, Words, say
from bot.language.view import View, standings_of
from bot.rules.catalogue import Catalogue
from bot.rules.validity import good_until

TAP = "share"
TODAY = "today"  # the id of the card that shows the whole board
_TELEGRAM = "https://t.me/"
_WHATSAPP = "https://wa.me/?text="
_LONGEST_LINK = 2000  # characters that every browser and every button takes
_ALWAYS_THERE = 2  # lines at the end: until when, and the link
_LEFT_OUT = frozenset({"board.title"})  # the day stands above


@dataclass(frozen=True, slots=True)
class Card:
    """One answer to choose where somebody writes the bot's name in any chat."""

    id: str
    title: Message
    first: Message  # of its lines, the one that answers
    said: Answer


def offered(told: Answer, ids: Sequence[str] = (), place: str | None = None) -> Answer:
    """An answer with a way to share it, beside the last button unless that is a long one."""
    button = Button(say("button.share"), action=_tap(ids, place))
    *above, last = told.buttons or ((),)
    long = any((other.action or "").startswith("k:") for other in last)
    rows = (*above, last, (button,)) if long else (*above, (*last, button))
    return replace(told, buttons=rows)


def _tap(ids: Sequence[str], place: str | None) -> str:
    """`share:<id,id>[:place]` within Telegram's bytes; too long, without the place, then only the first."""
    there = f":{place}" if place else ""
    spelled = (f"{TAP}:{','.join(ids)}{there}", f"{TAP}:{','.join(ids)}", f"{TAP}:{ids[0] if ids else ''}")
    return next(one for one in spelled if len(one.encode()) <= MAX_ACTION)


def without_offer(rows: Iterable[tuple[Button, ...]]) -> tuple[tuple[Button, ...], ...]:
    """The buttons without this one: a group reads the answer already."""
    kept = (tuple(one for one in row if not (one.action or "").startswith(f"{TAP}:")) for row in rows)
    return tuple(row for row in kept if row)


def to_share(view: View, ids: Sequence[str], beginnings: Iterable[datetime]) -> Answer:
    """What anybody may read anywhere: who says so and on which day, the answer of now, until when it holds."""
    told = status(view, ids) if ids else all_status(view)
    lines = tuple(line for line in told.lines if line.id not in _LEFT_OUT)
    steps = steps_named(view.catalogue, ids) or tuple(view.catalogue.steps)
    cells = [cell for standing in standings_of(view, steps) for cell in standing.cells]
    until = good_until(view.calendar, view.counters, cells, view.now, beginnings)
    return view.clocked(Answer((_head(view), *lines, say("share.until", until=Dated(until)))))


def _head(view: View) -> Message:
    return say("share.head", office=view.office_name, day=view.today)


def bot_link(catalogue: Catalogue, bot: str, ids: Sequence[str] = (), place: str | None = None) -> str:
    """Opens the bot at this answer; where it is about several, at its greeting; too long, without the place."""
    if len(ids) != 1:
        return f"{_TELEGRAM}{bot}"
    spelled = (catalogue.payload_for(ids[0], place), catalogue.payload_for(ids[0]))
    payload = next(one for one in spelled if len(one) <= MAX_PAYLOAD)
    return f"{_TELEGRAM}{bot}?start={payload}"


def with_link(told: Answer, link: str) -> Answer:
    """The same for where no button goes along: WhatsApp, a text message, paper."""
    return replace(told, lines=(*told.lines, say("share.link", link=link)))


def with_ways(told: Answer, plain: str, ids: Sequence[str], *, inline: bool) -> Answer:
    """The text with what sends it on; `plain`: as it is read. Telegram takes a fresh card where the bot offers any."""
    card = (Button(say("button.share_telegram"), query=" ".join(ids)),) if inline else ()
    ways = (card, (Button(say("button.share_whatsapp"), url=whatsapp(plain)),))
    return replace(told, buttons=tuple(filter(None, ways)))


def whatsapp(plain: str) -> str:
    """A link that opens WhatsApp with this text; where it is too long, without what stands in the middle."""
    lines = plain.split("\n")
    while len(link := _WHATSAPP + quote("\n".join(lines), safe="")) > _LONGEST_LINK and len(lines) > _ALWAYS_THERE + 1:
        del lines[-_ALWAYS_THERE - 1]
    return link


def cards(view: View, bot: str, wanted: Iterable[str], beginnings: Sequence[datetime]) -> tuple[Card, ...]:
    """A card for each service or step, or for today's whole board."""
    return tuple(_card(view, bot, () if one == TODAY else (one,), beginnings) for one in wanted)


def place_missing(view: View, named: Sequence[str], places: Sequence[str]) -> Message:
    """Of many offices one must be typed along: an example of what was meant, as far as that is known."""
    catalogue = view.catalogue
    offices = catalogue.tree.offices_under.get(places[0]) if places else None
    office = offices[0] if offices else catalogue.tree.offices[-1]
    ids = [catalogue.steps[one].service if one in catalogue.steps else one for one in named]
    service = catalogue.services_by_id[ids[0]] if ids else catalogue.services[0]
    return say("share.no_place", service=Words(service.short), place=view.place_name(office))


def _card(view: View, bot: str, ids: tuple[str, ...], beginnings: Sequence[datetime]) -> Card:
    told = to_share(view, ids, beginnings)
    button = Button(say("button.share_ask"), url=bot_link(view.catalogue, bot, ids, view.place))
    return Card(ids[0] if ids else TODAY, _title(view, ids), told.lines[1], replace(told, buttons=((button,),)))


def _title(view: View, ids: Sequence[str]) -> Message:
    if not ids:
        return say("share.today")
    catalogue = view.catalogue
    named = catalogue.steps.get(ids[0]) or catalogue.services_by_id[ids[0]]
    name: Value = Words(named.name)
    return say("share.title", name=Capital(name))


def wanted_by(catalogue: Catalogue, text: str, named: Sequence[str], *, all_asked: bool) -> tuple[str, ...]:
    """Which cards somebody wants who has typed so far: what they named, what begins so, or at first all of them."""
    words = text.casefold().split()
    known = tuple(word for word in dict.fromkeys(words) if word in catalogue.services_by_id or word in catalogue.steps)
    if words and {*known} == {*words}:
        return known
    if named:
        return (*named, TODAY)
    everything = (TODAY, *catalogue.services_by_id)
    return everything if not words or all_asked else _beginning_so(catalogue, " ".join(words))


def _beginning_so(catalogue: Catalogue, typed: str) -> tuple[str, ...]:
    """Services one of whose names begins, or has a word that begins, as typed."""
    return tuple(
        service.id
        for service in catalogue.services
        if any(
            f" {name.casefold()}".find(f" {typed}") >= 0
            for name in (*service.name.values(), *service.short.values(), *service.aliases)
        )
    )
