"""Reports as an Atom feed, and the state of one service as a picture for other sites."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from bot.language.messages import Capital, Message, Words, say
from bot.language.public_page import name_of, service_word, state_message
from bot.language.report_feed import Entry, entries
from bot.language.view import View, standings_of, state_of_line
from bot.rules.catalogue import Catalogue
from bot.rules.reports import Report
from bot.web.documents import Document
from bot.web.face import Asked, Face
from bot.web.templating import fill

_WIDTH, _EDGE = 7, 8  # of a letter about, and round a text
_COLOURS = {"available": "#0d6630", "settling": "#0d6630", "limited": "#7a4a00", "mixed": "#7a4a00"}
_COLOURS |= {"unavailable": "#a3151a", "unknown": "#4a5766"}
_SYMBOLS = {"available": "✓", "settling": "✓", "limited": "!", "mixed": "↔", "unavailable": "✕", "unknown": "?"}


@dataclass(frozen=True, slots=True)
class _Named:
    id: str
    entry: Entry


def feed(face: Face, asked: Asked, view: View) -> Document:
    """An entry for each report; who reads only feeds hears everything that was published."""
    by_number = {report.number: report for report in face.live.reports}
    told = [_Named(_id(view, by_number[one.number]), one) for one in entries(view, face.reports(view))]
    office = name_of(Words(view.catalogue.office.name))
    updated = max((one.entry.updated for one in told), default=view.now.replace(second=0, microsecond=0))
    body = fill(
        "feed.atom",
        face.lasting_wording(asked),
        id=f"urn:uuid:{uuid5(NAMESPACE_URL, f'loket/{view.catalogue.root.path}/{asked.language}')}",
        title=say("feed.title", office=Words(view.catalogue.office.name)),
        subtitle=say("feed.subtitle"),
        office=office,
        updated=updated,
        entries=told,
        base=asked.base,
        language_query=f"?bahasa={asked.language}" if asked.named else "",
    )
    return Document(body, "application/atom+xml", seconds=60, public=True)


def _id(view: View, report: Report) -> str:
    """For ever the same, also where another database of this office begins to count anew."""
    name = f"loket/{view.catalogue.root.path}/{report.number}/{int(report.at.timestamp())}"
    return f"urn:uuid:{uuid5(NAMESPACE_URL, name)}"


def badge(face: Face, asked: Asked, view: View, target: str) -> Document:
    """A service or step with its state, as SVG."""
    wording = face.wording(asked, view)
    tone, state = _state_of(view, target)
    name, word = wording.plain(_short(view.catalogue, target)), wording.plain(state)
    left = len(name) * _WIDTH + 2 * _EDGE
    body = fill(
        "badge.svg",
        wording,
        name=name,
        word=word,
        left=left,
        width=left + (len(word) + 2) * _WIDTH + 2 * _EDGE,
        colour=_COLOURS[tone],
        symbol=_SYMBOLS[tone],
    )
    return Document(body, "image/svg+xml", seconds=60, public=True)


def has_badge(catalogue: Catalogue, target: str) -> bool:
    """Whether there is such a service or step."""
    return target in catalogue.services_by_id or target in catalogue.steps


def _short(catalogue: Catalogue, target: str) -> Message:
    if target in catalogue.services_by_id:
        return name_of(Capital(Words(catalogue.services_by_id[target].short)))
    return name_of(Capital(Words(catalogue.steps[target].name)))


def _state_of(view: View, target: str) -> tuple[str, Message]:
    if target in view.catalogue.services_by_id:
        return service_word(view, view.catalogue.services_by_id[target])
    (standing,) = standings_of(view, [target])
    tone = state_of_line(standing.best) if standing.alike else "mixed"
    return tone, state_message(tone)
