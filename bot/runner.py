"""The one place where the parts are put together, started and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from datetime import datetime
from typing import Any

import structlog
from telegram.error import InvalidToken, RetryAfter, TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes

from bot import logs
from bot.clock import Clock, system_clock
from bot.config import Settings
from bot.delivery.broadcaster import Broadcaster, Render, Rendered
from bot.delivery.pacing import Lanes
from bot.delivery.sending import OfficeBot
from bot.inbox import Inbox, OfficeApplication, replying
from bot.language.messages import Message
from bot.language.texts import MAIN_LANGUAGE, Texts
from bot.opening import open_office, opened_store
from bot.rules.notices import Delivery, Notice, Wish
from bot.store import DatabaseAway, Store
from bot.telegram_request import AiohttpRequest, proxy_for, seconds_of
from handlers import all_handlers
from handlers.context import Context, Desk
from handlers.errors import apologise
from handlers.keyboards import keyboard
from handlers.menus import set_menus

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0  # seconds between two tries to reach Telegram at start
_PRUNE_EVERY = 60.0  # the last question is kept for ten minutes
_REFUSED = 2  # exit code

log = structlog.get_logger(__name__)


async def run(settings: Settings) -> int:
    """Everything in one process until SIGTERM or SIGINT; its exit code."""
    logs.configure(settings.log_format, settings.log_level, _secrets(settings))
    for warning in settings.warnings:
        log.warning("configuration", warning=warning)
    if settings.webhook_url:
        log.warning("configuration", warning="WEBHOOK_URL is not used by this version: updates are fetched by polling")
    stopped = _stop_signals()
    clock = system_clock(settings.clock_offset)
    async with opened_store(settings) as store:
        office = await open_office(settings, store, clock)
        desk = Desk(office, Texts.load())
        lanes = Lanes(settings.send_rate, replying=replying)
        bot = _bot(settings, lanes)
        application = _application(bot, desk)
        broadcaster = Broadcaster(store, bot, lanes, _render(desk), clock, paid=settings.paid_broadcast)
        office.staff.nudge = broadcaster.nudge
        if not await _reached(application, stopped):
            return 0 if stopped.is_set() else _REFUSED
        try:
            await _work(application, desk, broadcaster, store, stopped)
        finally:
            await application.shutdown()
    return 0


def _bot(settings: Settings, lanes: Lanes) -> OfficeBot:
    assert settings.token is not None  # the settings of `run` were read with needs_token
    proxy = proxy_for(settings.telegram_api_url)
    return OfficeBot(
        settings.token.reveal(),
        base_url=f"{settings.telegram_api_url}/bot",
        request=AiohttpRequest(proxy=proxy),
        # getUpdates waits long for an answer: on its own connection it takes none from the replies
        get_updates_request=AiohttpRequest(connections=1, proxy=proxy),
        rate_limiter=lanes,
    )


def _application(bot: OfficeBot, desk: Desk) -> OfficeApplication:
    """The handlers on the bot; updates come by the inbox, so no Updater, and no JobQueue."""
    builder = ApplicationBuilder().application_class(OfficeApplication).bot(bot)
    application = builder.context_types(ContextTypes(context=Context)).updater(None).job_queue(None).build()
    assert isinstance(application, OfficeApplication)
    application.bot_data = desk
    application.add_handlers(all_handlers())
    application.add_error_handler(apologise)
    return application


def _render(desk: Desk) -> Render:
    """A notice as Telegram HTML with its buttons, in the chat's language."""

    def render(notice: Notice, delivery: Delivery, wish: Wish, language: str | None, now: datetime) -> Rendered | None:
        found = desk.office.telling.notice(notice, delivery.changes, wish)
        if found is None:
            return None
        answer, told = found
        zone, spoken = desk.office.catalogue.office.timezone, language or MAIN_LANGUAGE

        def label(words: Message) -> str:
            return desk.texts.plain(words, spoken, now, zone)

        return Rendered(desk.texts.render(answer, spoken, now, zone), told, keyboard(answer, label))

    return render


async def _reached(application: OfficeApplication, stopped: asyncio.Event) -> bool:
    """Telegram knows the bot; while Telegram is away, tried again for as long as nobody stops it."""
    wait = _FIRST_WAIT
    while not stopped.is_set():
        try:
            await application.initialize()
        except InvalidToken:
            log.error("token_refused", why="Telegram does not know BOT_TOKEN; take it again from @BotFather")
            return False
        except TelegramError as error:
            pause = seconds_of(error) if isinstance(error, RetryAfter) else wait
            log.warning("telegram_away", error=f"{type(error).__name__}: {error}", wait=pause)
            await _or_stopped(asyncio.sleep(pause), stopped)
            wait = min(wait * 2, _LONGEST_WAIT)
        else:
            return True
    return False


async def _work(
    application: OfficeApplication, desk: Desk, broadcaster: Broadcaster, store: Store, stopped: asyncio.Event
) -> None:
    """All background tasks, each started, kept and stopped here."""
    inbox = Inbox(application)
    async with asyncio.TaskGroup() as group:
        polling = group.create_task(inbox.run())
        sending = group.create_task(broadcaster.run())
        others = [
            group.create_task(desk.office.live.keep_fresh()),
            group.create_task(_keep_pruned(store, desk.office.live.clock)),
            group.create_task(set_menus(application.bot, desk)),
        ]
        log.info("ready", bot=application.bot.username, office=desk.office.catalogue.office.name["id"])
        await _or_stopped(asyncio.wait({polling, sending}), stopped)
        log.info("stopping")
        inbox.stop()
        await asyncio.wait({polling})  # replies in hand may still owe notices
        broadcaster.stop()
        await asyncio.wait({sending})
        for task in others:
            task.cancel()


async def _keep_pruned(store: Store, clock: Clock) -> None:
    """What is past its time is deleted, in rounds short enough that no writer waits noticeably."""
    while True:
        with contextlib.suppress(DatabaseAway):  # then a minute later
            while await _prune(store, clock()):
                pass
        await asyncio.sleep(_PRUNE_EVERY)


async def _prune(store: Store, now: datetime) -> int:
    async with store.writing() as session:
        return await session.prune(now)


def _stop_signals() -> asyncio.Event:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    return stopped


async def _or_stopped(awaited: Coroutine[Any, Any, object], stopped: asyncio.Event) -> None:
    """Wait for this, or for a stop."""
    both = [asyncio.ensure_future(awaited), asyncio.ensure_future(stopped.wait())]
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    for one in both:
        one.cancel()


def _secrets(settings: Settings) -> tuple[str, ...]:
    hidden = (settings.token, settings.webhook_secret, settings.database_url, settings.metrics_token)
    return tuple(secret.reveal() for secret in hidden if secret is not None)
