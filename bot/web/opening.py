"""From the settings to a public face that answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from starlette.types import ASGIApp

from bot.config import Settings
from bot.language.texts import Texts
from bot.office import Office
from bot.store import Store
from bot.web.app import make_app
from bot.web.face import Face
from bot.web.metrics import Metering, metrics
from bot.web.server import EVERYWHERE, serving
from bot.web.webhook import PATH, Take, webhook


class Shown(Protocol):
    """The office, and its texts."""

    @property
    def office(self) -> Office: ...

    @property
    def texts(self) -> Texts: ...


class Telegram(Protocol):
    """How the bot stands with Telegram."""

    @property
    def username(self) -> str | None: ...

    @property
    def away(self) -> bool: ...


@asynccontextmanager
async def public_face(
    settings: Settings,
    shown: Shown,
    store: Store,
    telegram: Telegram,
    take: Take | None = None,
    host: str | None = None,
) -> AsyncIterator[None]:
    """Shown for as long as the block lasts; `take` takes what Telegram brings to the webhook."""
    base = settings.webhook_url.removesuffix(PATH) if settings.webhook_url else None
    face = Face(shown.office.live, shown.texts, lambda: telegram.username, base)
    measured = metrics(Metering(shown.office.live, store), settings.metrics_token)
    app: ASGIApp = make_app(face, store, lambda: telegram.away, more=(measured,))
    if take is not None and settings.webhook_secret is not None:
        app = webhook(settings.webhook_secret, take, beside=app)
    async with serving(app, settings.port, EVERYWHERE if host is None else host):
        yield
