"""The pages for people: today's board, the waiting room's screen, privacy, and short messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import segno
from markupsafe import Markup

from bot.language.history_chart import FULL, chart_of, paths
from bot.language.messages import DayMonth, Message, Words, say
from bot.language.outages import usual_lines
from bot.language.public_page import name_of, page_of
from bot.language.public_places import places_below, places_heading
from bot.language.public_privacy import privacy_sections
from bot.language.view import View
from bot.web.documents import Document
from bot.web.face import Asked, Face
from bot.web.templating import fill
from bot.web.wording import Wording

_HTML = "text/html"
_TELEGRAM = "https://t.me/"
_MOST_ROWS = 8  # of bars; the page is for cheap telephones
_LABELS = (
    *("skip", "languages", "places", "kabari", "services", "maintenance", "no_maintenance", "incidents"),
    *("no_incidents", "more", "privacy", "feed", "machines", "scan", "back"),
)
LABELS: Mapping[str, Message] = {name: say(f"page.label.{name}") for name in _LABELS} | {
    "example": say("office.example")
}


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The same page in another language."""

    code: str
    name: Message
    address: str


def board_page(face: Face, asked: Asked, view: View) -> Document:
    """The public page; of many offices first where to look."""
    if view.nowhere:
        return places_page(face, asked, view)
    page = page_of(replace(view, usual={}), face.incidents(view))  # said once above, and not at each service
    body = fill(
        "page.html",
        face.wording(asked, view),
        page=page,
        labels=LABELS,
        title=_title(view),
        more=say("page.more_incidents", count=page.left_out) if page.left_out else None,
        bot_address=_bot_address(face),
        usual=usual_lines(view, [fact for fact in view.board.facts if fact.down]),
        **_past(face, view),
        places=[(place, _query(asked, tempat=place.path)) for place in page.places],
        **_links(face, asked),
    )
    return Document(body, _HTML)


def places_page(face: Face, asked: Asked, view: View) -> Document:
    """The offices and territories below a place, a link each."""
    above = asked.place.rpartition("/")[0] if asked.place else ""
    body = fill(
        "places.html",
        face.wording(asked, view),
        title=_title(view),
        office=name_of(Words(view.catalogue.office.name)),
        day=say("page.day", day=view.today),
        heading=places_heading(view),
        above=_query(asked, tempat=above or None) if asked.place else None,
        places=[(row, _query(asked, tempat=view.catalogue.place_word(row.path))) for row in places_below(view)],
        labels=LABELS,
        **_links(face, asked),
    )
    return Document(body, _HTML)


def screen_page(face: Face, asked: Asked, view: View) -> Document:
    """The same for the screen in the waiting room, to be read from afar."""
    if view.nowhere:
        return places_page(face, asked, view)
    address = _bot_address(face)
    body = fill(
        "screen.html",
        face.wording(asked, view),
        page=page_of(view, face.incidents(view)),
        labels=LABELS,
        title=_title(view),
        qr=_qr(address, face.wording(asked, view)) if address else None,
    )
    return Document(body, _HTML)


def privacy_page(face: Face, asked: Asked, view: View) -> Document:
    """What is stored, in plain words."""
    body = fill(
        "privacy.html",
        face.wording(asked, view),
        title=say("page.privacy.title"),
        office=name_of(Words(view.catalogue.office.name)),
        sections=privacy_sections(view),
        labels=LABELS,
        **_links(face, asked),
    )
    return Document(body, _HTML, seconds=3600)


def message_page(wording: Wording, title: Message, text: Message) -> bytes:
    """One thing to say, such as that there is no such page."""
    return fill("message.html", wording, title=title, text=text, labels=LABELS)


def _past(face: Face, view: View) -> dict[str, Any]:
    """The last 90 days, each row with its bars as paths."""
    chart = chart_of(view, face.live.past.history(view.now, view.place if view.catalogue.tree.many else None))
    if chart is None:
        return {"past": ()}
    left_out = len(chart.rows) - _MOST_ROWS
    return {
        "past": [(row, paths(row.bars)) for row in chart.rows[:_MOST_ROWS]],
        "box": f"0 0 {3 * len(chart.rows[0].bars) - 1} {FULL}",
        "legend": say("history.legend", first=DayMonth(chart.first)),
        "more_past": say("history.more_on_telegram", count=left_out) if left_out > 0 else None,
    }


def _title(view: View) -> Message:
    return say("page.title", office=view.office_name)


def _links(face: Face, asked: Asked) -> dict[str, Any]:
    languages = [
        LanguageLink(code, say(f"language.{code}"), _query(asked, bahasa=code)) for code in face.texts.languages
    ]
    return {"languages": languages, "language_query": f"?bahasa={asked.language}" if asked.named else ""}


def _query(asked: Asked, **changed: str | None) -> str:
    """The address of this page with something else asked for."""
    kept = {"tempat": asked.place, "bahasa": asked.language if asked.named else None} | changed
    return "?" + urlencode({name: value for name, value in kept.items() if value}, safe="/")


def _bot_address(face: Face) -> str | None:
    name = face.bot_name()
    return f"{_TELEGRAM}{name}" if name else None


def _qr(address: str, wording: Wording) -> Markup:
    """A code for a phone's camera; the picture says where it leads."""
    title = wording.plain(say("page.qr", address=address.removeprefix("https://")))
    drawn = segno.make(address, error="m").svg_inline(scale=8, border=2, title=title, omitsize=True, svgclass=None)
    return Markup(drawn)  # noqa: S704 -- drawn by segno, which escapes the title
