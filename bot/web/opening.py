"""From the settings to a public face that answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from starlette.routing import Route

from bot.config import Settings
from bot.language.texts import Texts
from bot.office import Office
from bot.store import Store
from bot.web.app import make_app
from bot.web.face import Face
from bot.web.metrics import Metering, metrics
from bot.web.server import serving
from bot.web.webhook import PATH, Receive, webhook


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
    settings: Settings, shown: Shown, store: Store, telegram: Telegram, receive: Receive | None = None
) -> AsyncIterator[None]:
    """Shown for as long as the block lasts; `receive` takes what Telegram brings to the webhook."""
    base = settings.webhook_url.removesuffix(PATH) if settings.webhook_url else None
    face = Face(shown.office.live, shown.texts, lambda: telegram.username, base)
    measured = metrics(Metering(shown.office.live, store), settings.metrics_token)
    app = make_app(face, store, lambda: telegram.away, more=(measured, *_brought(settings, receive)))
    async with serving(app, settings.port):
        yield


def _brought(settings: Settings, receive: Receive | None) -> Sequence[Route]:
    if receive is None or settings.webhook_secret is None:
        return ()
    return (webhook(settings.webhook_secret, receive),)
