"""The bot at Telegram: its connections, and waiting until it is reached."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import structlog
from telegram.error import InvalidToken, NetworkError, TelegramError

from bot.config import Settings
from bot.delivery.pacing import Lanes
from bot.delivery.sending import OfficeBot
from bot.inbox import OfficeApplication
from bot.telegram_request import AiohttpRequest, pause_after, proxy_for

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0  # seconds between two tries to reach Telegram at start

log = structlog.get_logger(__name__)


class Connection(AiohttpRequest):
    """One that notices when Telegram is away."""

    away = False

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        try:
            answer = await super().do_request(*args, **kwargs)
        except NetworkError:
            self.away = True
            raise
        self.away = False
        return answer


@dataclass(frozen=True, slots=True)
class AtTelegram:
    """The bot, and the connection whose state tells whether Telegram is away."""

    bot: OfficeBot
    watched: Connection
    connections: tuple[Connection, ...]

    @property
    def username(self) -> str | None:
        """The bot's name, once Telegram has told it."""
        try:
            return self.bot.username
        except RuntimeError:
            return None

    @property
    def away(self) -> bool:
        return self.username is None or self.watched.away

    async def close(self) -> None:
        """Also where a stop came in the middle of the first call, when the bot does not know yet what it opened."""
        await self.bot.shutdown()
        for connection in self.connections:
            await connection.shutdown()


def at_telegram(settings: Settings, lanes: Lanes, *, polls: bool) -> AtTelegram:
    """The bot of these settings, not connected yet."""
    assert settings.token is not None  # the settings were read with needs_token
    proxy = proxy_for(settings.telegram_api_url)
    calling = Connection(proxy=proxy)
    # getUpdates waits long for an answer: on its own connection it takes none from the replies
    listening = Connection(connections=1, proxy=proxy)
    bot = OfficeBot(
        settings.token.reveal(),
        base_url=f"{settings.telegram_api_url}/bot",
        request=calling,
        get_updates_request=listening,
        rate_limiter=lanes,
    )
    return AtTelegram(bot, listening if polls else calling, (calling, listening))


async def reached(application: OfficeApplication, stopped: asyncio.Event) -> bool:
    """Whether Telegram knows the bot; a stop ends the trying at once."""
    reaching = asyncio.create_task(_reach(application))
    await or_stopped(asyncio.wait({reaching}), stopped)
    if reaching.done():
        return reaching.result()
    reaching.cancel()
    await asyncio.wait({reaching})
    return False


async def _reach(application: OfficeApplication) -> bool:
    """The same, tried again for as long as Telegram is away."""
    wait = _FIRST_WAIT
    while True:
        try:
            await application.initialize()
        except InvalidToken:
            log.error("token_refused", why="Telegram does not know BOT_TOKEN; take it again from @BotFather")
            return False
        except TelegramError as error:
            pause = pause_after(error, wait)
            log.warning("telegram_away", error=f"{type(error).__name__}: {error}", wait=pause)
            await asyncio.sleep(pause)
            wait = min(wait * 2, _LONGEST_WAIT)
        else:
            return True


async def or_stopped(awaited: Coroutine[Any, Any, object], stopped: asyncio.Event) -> None:
    """Wait for this, or for a stop."""
    both = [asyncio.ensure_future(awaited), asyncio.ensure_future(stopped.wait())]
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    for one in both:
        one.cancel()
