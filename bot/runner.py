"""The one place where the parts are put together, started and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from telegram import InlineKeyboardMarkup
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes

from bot import logs
from bot.clock import Clock, system_clock
from bot.config import Settings
from bot.delivery.broadcaster import Broadcaster, Render, Rendered
from bot.delivery.jobs import MayGo
from bot.delivery.pacing import Lanes
from bot.delivery.progress import ProgressKeeper
from bot.delivery.sending import OfficeBot
from bot.inbox import Inbox, OfficeApplication, replying
from bot.language.messages import Answer, Message
from bot.language.texts import MAIN_LANGUAGE, Texts
from bot.office import Office
from bot.opening import open_office, opened_store
from bot.rules.corrections import may_go_at
from bot.rules.notices import Delivery, Notice, Wish
from bot.store import DatabaseAway, Store
from bot.telegram_request import AiohttpRequest, proxy_for, seconds_of
from bot.web.opening import public_face
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
    async with opened_store(settings) as store, contextlib.AsyncExitStack() as stack:
        office = await open_office(settings, store, clock)
        desk = Desk(office, Texts.load())
        lanes = Lanes(settings.send_rate, replying=replying)
        listening = _Listening(connections=1, proxy=proxy_for(settings.telegram_api_url))
        bot = _bot(settings, lanes, listening)
        application = _application(bot, desk)
        broadcaster = Broadcaster(
            store,
            bot,
            lanes,
            _render(desk),
            clock,
            paid=settings.paid_broadcast,
            may_go=_may_go(office, settings),
            version=lambda: office.live.version,
            catch_up=office.live.refresh,
        )
        office.staff.nudge = broadcaster.nudge
        face = public_face(settings, office, desk.texts, store, partial(_username, bot), lambda: listening.away)
        await stack.enter_async_context(face)
        try:
            if not await _reached(application, stopped):
                return 0 if stopped.is_set() else _REFUSED
            broadcaster.channel = await _channel(bot, settings.channel_id)
            await _work(application, desk, broadcaster, store, stopped)
        finally:
            await application.shutdown()
            await bot.shutdown()  # an application that never reached Telegram leaves its connections open
    return 0


def _bot(settings: Settings, lanes: Lanes, listening: AiohttpRequest) -> OfficeBot:
    assert settings.token is not None  # the settings of `run` were read with needs_token
    return OfficeBot(
        settings.token.reveal(),
        base_url=f"{settings.telegram_api_url}/bot",
        request=AiohttpRequest(proxy=proxy_for(settings.telegram_api_url)),
        # getUpdates waits long for an answer: on its own connection it takes none from the replies
        get_updates_request=listening,
        rate_limiter=lanes,
    )


class _Listening(AiohttpRequest):
    """The connection on which updates are fetched: it notices when Telegram is away."""

    away = False

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        try:
            answer = await super().do_request(*args, **kwargs)
        except NetworkError:
            self.away = True
            raise
        self.away = False
        return answer


def _username(bot: OfficeBot) -> str | None:
    """The bot's name, once Telegram has told it."""
    try:
        return bot.username
    except RuntimeError:
        return None


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

    telling, texts, zone = desk.office.telling, desk.texts, desk.office.catalogue.office.timezone

    def render(
        notice: Notice, delivery: Delivery, wish: Wish | None, language: str | None, now: datetime
    ) -> Rendered | None:
        told_at = delivery.corrects[-1].at if delivery.corrects else None
        found = telling.notice(notice, delivery.changes, wish, told_at)
        if found is None:
            return None
        answer, told = found
        spoken = language or MAIN_LANGUAGE

        def label(words: Message) -> str:
            return texts.plain(words, spoken, now, zone)

        edit = texts.render(telling.corrected(told), spoken, now, zone) if delivery.corrects else None
        return Rendered(texts.render(answer, spoken, now, zone), told, keyboard(answer, label), edit)

    return render


def _may_go(office: Office, settings: Settings) -> MayGo:
    """The gap between two pieces of good news, and the quiet hours of a broadcast that is not done when they begin."""
    zone = office.catalogue.office.timezone
    return partial(may_go_at, gap=settings.notice_gap, quiet=settings.quiet_hours, zone=zone)


async def _channel(bot: OfficeBot, name: int | str | None) -> int | None:
    """The id of the office's public channel; without it nothing is posted there."""
    if name is None:
        return None
    try:
        return (await bot.get_chat(name)).id
    except TelegramError as error:
        log.warning("channel_not_found", channel=name, error=error.message, right="add the bot to it, as administrator")
        return None


async def _reached(application: OfficeApplication, stopped: asyncio.Event) -> bool:
    """Whether Telegram knows the bot; a stop ends the trying at once."""
    reaching = asyncio.create_task(_reach(application))
    await _or_stopped(asyncio.wait({reaching}), stopped)
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
            pause = seconds_of(error) if isinstance(error, RetryAfter) else wait
            log.warning("telegram_away", error=f"{type(error).__name__}: {error}", wait=pause)
            await asyncio.sleep(pause)
            wait = min(wait * 2, _LONGEST_WAIT)
        else:
            return True


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
            group.create_task(_progress(application.bot, desk, broadcaster).run()),
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


def _progress(bot: Any, desk: Desk, broadcaster: Broadcaster) -> ProgressKeeper:
    """What staff see of a broadcast, written by the process that sends."""
    live, texts = desk.office.live, desk.texts

    def render(answer: Answer) -> tuple[str, InlineKeyboardMarkup | None]:
        now, zone = live.clock(), live.catalogue.office.timezone
        buttons = keyboard(answer, lambda words: texts.plain(words, MAIN_LANGUAGE, now, zone))
        return texts.render(answer, MAIN_LANGUAGE, now, zone), buttons

    return ProgressKeeper(desk.office.broadcasts, bot, render, live.clock, lambda: broadcaster.at_work)


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
