"""From the settings to a public face that answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.config import Settings
from bot.language.texts import Texts
from bot.office import Office
from bot.store import Store
from bot.web.app import make_app
from bot.web.face import Face
from bot.web.server import serving


@asynccontextmanager
async def public_face(
    settings: Settings,
    office: Office,
    texts: Texts,
    store: Store,
    bot_name: Callable[[], str | None],
    telegram_away: Callable[[], bool],
) -> AsyncIterator[None]:
    """Shown for as long as the block lasts, where the settings ask for it."""
    if not settings.serves_http:
        yield
        return
    base = settings.webhook_url.removesuffix("/telegram") if settings.webhook_url else None
    face = Face(office.live, texts, bot_name, base)
    # Until Telegram has told the bot's name it was not reached at all.
    async with serving(make_app(face, store, lambda: bot_name() is None or telegram_away()), settings.port):
        # Also while Telegram is not reached yet: what is reported from the terminal shows all the same.
        fresh = asyncio.create_task(office.live.keep_fresh())
        try:
            yield
        finally:
            fresh.cancel()
