"""The addresses, and who answers them."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.language.messages import Message, say
from bot.language.view import View
from bot.store import Store
from bot.web.clients import language_of
from bot.web.documents import Document, json_document, sent
from bot.web.face import Face
from bot.web.feed import badge, feed, has_badge
from bot.web.guard import Guard
from bot.web.health import Readiness, alive
from bot.web.openapi import DESCRIPTION
from bot.web.page import board_page, message_page, privacy_page, screen_page
from bot.web.statuspage import Json, Statuspage
from bot.web.templating import PAGE_POLICY
from bot.web.wording import Wording

Handler = Callable[[Request], Awaitable[Response]]
_PAGE = {"Content-Security-Policy": PAGE_POLICY}


def make_app(
    face: Face,
    store: Store,
    telegram_away: Callable[[], bool],
    seconds: Callable[[], float] = monotonic,
    more: Sequence[Route] = (),
) -> Starlette:
    """The application; `more` are what only some processes answer."""
    return Starlette(
        routes=[
            Route("/healthz", alive),
            Route("/readyz", Readiness(store, telegram_away).answer),
            *_pages(face),
            *_machines(face),
            *more,
        ],
        middleware=[Middleware(Guard, too_many=_too_many(face), seconds=seconds)],
        exception_handlers={HTTPException: _refusal(face)},
    )


def _pages(face: Face) -> list[Route]:
    """What people read."""

    async def today(request: Request) -> Response:
        screen = request.query_params.get("layar") == "1"
        asked = face.asked(request, "screen" if screen else "page")
        make = screen_page if screen else board_page
        return sent(request, face.document(asked, lambda view: make(face, asked, view)), _PAGE)

    async def privacy(request: Request) -> Response:
        asked = face.asked(request, "privacy")
        return sent(request, face.document(asked, lambda view: privacy_page(face, asked, view)), _PAGE)

    return [Route("/", today), Route("/privasi", privacy)]


def _machines(face: Face) -> list[Route]:
    """What programs read."""

    async def atom(request: Request) -> Response:
        asked = face.asked(request, "feed")
        return sent(request, face.document(asked, lambda view: feed(face, asked, view)), {})

    async def picture(request: Request) -> Response:
        target = request.path_params["target"]
        if not has_badge(face.live.catalogue, target):
            raise HTTPException(404)
        asked = face.asked(request, f"badge {target}")
        return sent(request, face.document(asked, lambda view: badge(face, asked, view, target)), {})

    async def description(request: Request) -> Response:
        return sent(request, DESCRIPTION, {})

    kinds: dict[str, Callable[[Statuspage], Json]] = {
        "summary": Statuspage.summary,
        "status": Statuspage.status,
        "components": Statuspage.components,
        "incidents": Statuspage.all_incidents,
        "scheduled-maintenances": Statuspage.all_maintenance,
    }
    return [
        Route("/feed.atom", atom),
        Route("/badge/{target}.svg", picture),
        Route("/api/openapi.json", description),
        *(Route(f"/api/v2/{name}.json", _api(face, name, told)) for name, told in kinds.items()),
    ]


def _api(face: Face, name: str, told: Callable[[Statuspage], Json]) -> Handler:
    """One document in Statuspage's shape."""

    async def answer(request: Request) -> Response:
        asked = face.asked(request, f"api {name}")

        def make(view: View) -> Document:
            wording = face.lasting_wording(asked)
            return json_document(told(Statuspage(view, wording, asked.base, face.reports(view), face.incidents(view))))

        return sent(request, face.document(asked, make), {})

    return answer


def _refusal(face: Face) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What there is not, or not in this way."""

    async def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        said = "missing" if error.status_code == 404 else "wrong"
        return _short(face, request, error.status_code, said, dict(error.headers or {}))

    return answer


def _too_many(face: Face) -> Callable[[HTTPConnection, float], ASGIApp]:
    def answer(connection: HTTPConnection, wait: float) -> ASGIApp:
        return _short(face, connection, 429, "too_many", {"Retry-After": str(math.ceil(wait))})

    return answer


def _short(face: Face, connection: HTTPConnection, status: int, said: str, headers: dict[str, str]) -> Response:
    """A short word: a page for people, JSON for programs."""
    headers["Cache-Control"] = "no-store"
    if connection.url.path.startswith(("/api/", "/feed", "/badge/")):
        headers["Access-Control-Allow-Origin"] = "*"
        return JSONResponse({"error": said}, status_code=status, headers=headers)
    words = _wording(face, connection)
    body = message_page(words, say(f"page.error.{said}"), _advice(said))
    return Response(body, status_code=status, media_type="text/html", headers=headers | _PAGE)


def _advice(said: str) -> Message:
    return say(f"page.error.{said}.advice")


def _wording(face: Face, connection: HTTPConnection) -> Wording:
    named = connection.query_params.get("bahasa")
    language = language_of(named, connection.headers, face.texts.languages)
    return Wording(face.texts, language, face.live.clock(), face.live.catalogue.office.timezone)
