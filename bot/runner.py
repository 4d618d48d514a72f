"""The one place where the parts are put together, started and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from telegram import InlineKeyboardMarkup
from telegram.error import TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes

from bot import logs
from bot.clock import Clock, system_clock
from bot.config import Settings
from bot.delivery.broadcaster import Broadcaster
from bot.delivery.fate import worth_retrying
from bot.delivery.jobs import MayGo
from bot.delivery.link_keeper import LinkKeeper
from bot.delivery.pacing import Lanes
from bot.delivery.progress import ProgressKeeper, RenderAnswer
from bot.delivery.reminder import ReminderKeeper
from bot.delivery.rendering import Render, Rendered
from bot.delivery.sending import OfficeBot
from bot.inbox import Address, Inbox, OfficeApplication, WebhookInbox, replying
from bot.language.messages import Answer, Message
from bot.language.texts import MAIN_LANGUAGE, Texts
from bot.office import Office
from bot.opening import open_office, opened_store
from bot.processes import Process
from bot.reaching import at_telegram, or_stopped, reached
from bot.rules.corrections import Telling, may_go_at
from bot.rules.notices import Delivery, Notice, Wish
from bot.store import DatabaseAway, Store
from bot.telegram_request import pause_after
from handlers import all_handlers
from handlers.context import Context, Desk
from handlers.errors import apologise
from handlers.keyboards import keyboard
from handlers.menus import keep_staff_menus, set_menus

if TYPE_CHECKING:
    from bot.web.webhook import Take

_PRUNE_EVERY = 60.0  # the last question is kept for ten minutes
_DATABASE_PATIENCE = 60.0  # seconds that a start waits for PostgreSQL, which may start at the same time
_REFUSED = 2  # exit code
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0  # seconds between two tries to find the channel
_NEW_OBJECTS = 10_000  # so many more than before, and they are looked through for garbage; Python's own is 700

log = structlog.get_logger(__name__)


async def run(settings: Settings, process: Process = Process.RUN, host: str | None = None) -> int:
    """One process until SIGTERM or SIGINT; its exit code.

    `host`: where it answers HTTP, if it does; None: on every address.
    """
    process.check(settings)
    logs.configure(settings.log_format, settings.log_level, _secrets(settings))
    for warning in settings.warnings:
        log.warning("configuration", warning=warning)
    clock = system_clock(settings.clock_offset)
    async with opened_store(settings, patience=_DATABASE_PATIENCE) as store, contextlib.AsyncExitStack() as stack:
        stopped = _stop_signals()
        office = await open_office(settings, store, clock)
        desk = Desk(office, Texts.load())
        lanes = Lanes(settings.send_rate, replying=replying)
        telegram = at_telegram(settings, lanes, polls=process.receives and settings.webhook_url is None)
        application = _application(telegram.bot, desk)
        parts = _Parts(
            _inbox(process, settings, application),
            _broadcaster(settings, store, telegram.bot, lanes, desk) if process.sends else None,
            settings.channel_id,
        )
        await stack.enter_async_context(office.live.kept_fresh())
        await stack.enter_async_context(office.counting.kept())
        if process.serves(settings):
            from bot.web.opening import public_face  # 5 MiB that who only polls does not need

            await stack.enter_async_context(public_face(settings, desk, store, telegram, parts.take, host))
        try:
            if not await reached(application, stopped):
                return 0 if stopped.is_set() else _REFUSED
            with _settled():
                await _work(application, desk, parts, store, stopped)
        finally:
            await application.shutdown()
            await telegram.close()
    return 0


@dataclass(frozen=True, slots=True)
class _Parts:
    """What this kind of process has."""

    inbox: Inbox | WebhookInbox | None
    broadcaster: Broadcaster | None
    channel: int | str | None  # the office's public one, by its number or name

    @property
    def take(self) -> Take | None:
        """Who takes what Telegram brings."""
        return self.inbox.receive if isinstance(self.inbox, WebhookInbox) else None


def _inbox(process: Process, settings: Settings, application: OfficeApplication) -> Inbox | WebhookInbox | None:
    if not process.receives:
        return None
    if settings.webhook_url is None:
        return Inbox(application)
    assert settings.webhook_secret is not None  # derived from the token, which is there
    return WebhookInbox(application, Address(settings.webhook_url, settings.webhook_secret))


def _broadcaster(settings: Settings, store: Store, bot: OfficeBot, lanes: Lanes, desk: Desk) -> Broadcaster:
    live = desk.office.live
    broadcaster = Broadcaster(
        store,
        bot,
        lanes,
        _render(desk),
        live.clock,
        paid=settings.paid_broadcast,
        may_go=_may_go(desk.office, settings),
        version=lambda: live.version,
        catch_up=live.refresh,
    )
    desk.office.staff.nudge = broadcaster.nudge
    return broadcaster


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
            return texts.plain(words, spoken, now, answer.zone or zone)

        edit = texts.render(telling.corrected(notice, told), spoken, now, zone) if delivery.corrects else None
        return Rendered(texts.render(answer, spoken, now, zone), told, keyboard(answer, label), edit)

    return render


def _may_go(office: Office, settings: Settings) -> MayGo:
    """The gap between two pieces of good news, and the quiet hours of a broadcast that is not done when they begin."""
    zones, quiet = office.catalogue.zones, settings.quiet_hours

    def may_go(notice: Notice, delivery: Delivery, tellings: Sequence[Telling], now: datetime) -> datetime:
        zone = zones.among(change.counter for change in delivery.changes)
        return may_go_at(notice, delivery, tellings, now, gap=settings.notice_gap, quiet=quiet, zone=zone)

    return may_go


@contextlib.contextmanager
def _settled() -> Iterator[None]:
    """What was loaded by now stays until the end: looking through it for garbage took a tenth of every answer.

    What is new is looked through less often: of what is in hand under load nothing is garbage, and that cost as much.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


async def _send(broadcaster: Broadcaster, bot: OfficeBot, channel: int | str | None, stopped: asyncio.Event) -> None:
    """Notices, from when the channel is known: until then one cannot tell what is owed to it."""
    broadcaster.channel = await _channel(bot, channel, stopped)
    if not stopped.is_set():
        await broadcaster.run()


async def _channel(bot: OfficeBot, name: int | str | None, stopped: asyncio.Event) -> int | None:
    """The id of the office's public channel; where Telegram does not let the bot in, nothing is posted there."""
    wait = _FIRST_WAIT
    while name is not None and not stopped.is_set():
        try:
            return (await bot.get_chat(name)).id
        except TelegramError as error:
            if not worth_retrying(error):
                right = "add the bot to it, as administrator"
                log.warning("channel_not_found", channel=name, error=error.message, right=right)
                return None
            pause = pause_after(error, wait)
            log.warning("telegram_away", error=f"{type(error).__name__}: {error}", wait=pause)
        await or_stopped(asyncio.sleep(pause), stopped)
        wait = min(wait * 2, _LONGEST_WAIT)
    return None


async def _work(
    application: OfficeApplication, desk: Desk, parts: _Parts, store: Store, stopped: asyncio.Event
) -> None:
    """All background tasks, each started, kept and stopped here."""
    async with asyncio.TaskGroup() as group:
        # In this order they are stopped: replies in hand may still owe notices.
        main: list[tuple[Inbox | WebhookInbox | Broadcaster, asyncio.Task[None]]] = []
        if parts.inbox:
            main.append((parts.inbox, group.create_task(parts.inbox.run())))
        others = []
        if parts.broadcaster:
            sending = _send(parts.broadcaster, application.bot, parts.channel, stopped)
            main.append((parts.broadcaster, group.create_task(sending)))
            # One such process is enough for what the whole office needs.
            others = [
                group.create_task(_keep_pruned(store, desk.office.live.clock)),
                group.create_task(_progress(application.bot, desk, parts.broadcaster).run()),
                group.create_task(_reminders(application.bot, desk, parts.broadcaster).run()),
                group.create_task(set_menus(application.bot, desk)),
                group.create_task(keep_staff_menus(application.bot, desk)),
            ]
            if check := desk.office.linking.check:
                at_work = partial(getattr, parts.broadcaster, "at_work")
                keeper = LinkKeeper(desk.office.linking, check, application.bot, _for_staff(desk), at_work)
                others.append(group.create_task(keeper.run()))
        log.info("ready", bot=application.bot.username, office=desk.office.catalogue.office.name["id"])
        await or_stopped(asyncio.wait({task for _, task in main}), stopped)
        log.info("stopping")
        for part, task in main:
            part.stop()
            await asyncio.wait({task})
        for task in others:
            task.cancel()


def _progress(bot: Any, desk: Desk, broadcaster: Broadcaster) -> ProgressKeeper:
    """What staff see of a broadcast, written by the process that sends."""
    render, clock = _for_staff(desk), desk.office.live.clock
    return ProgressKeeper(desk.office.broadcasts, bot, render, clock, lambda: broadcaster.at_work)


def _reminders(bot: Any, desk: Desk, broadcaster: Broadcaster) -> ReminderKeeper:
    """What staff are asked, by the process that sends."""
    render, clock = _for_staff(desk), desk.office.live.clock
    return ReminderKeeper(desk.office.reminding, bot, render, clock, lambda: broadcaster.at_work)


def _for_staff(desk: Desk) -> RenderAnswer:
    live, texts = desk.office.live, desk.texts

    def render(answer: Answer) -> tuple[str, InlineKeyboardMarkup | None]:
        now, zone = live.clock(), live.catalogue.office.timezone
        buttons = keyboard(answer, lambda words: texts.plain(words, MAIN_LANGUAGE, now, answer.zone or zone))
        return texts.render(answer, MAIN_LANGUAGE, now, zone), buttons

    return render


async def _keep_pruned(store: Store, clock: Clock) -> None:
    """What is past its time is deleted, in rounds short enough that no writer waits noticeably."""
    while True:
        try:
            while await _prune(store, clock()):
                pass
        except DatabaseAway:
            log.warning("nothing_pruned", wait=_PRUNE_EVERY)
        except Exception:
            log.exception("pruning_failed")
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


def _secrets(settings: Settings) -> tuple[str, ...]:
    hidden = (settings.token, settings.webhook_secret, settings.database_url, settings.metrics_token)
    return tuple(secret.reveal() for secret in hidden if secret is not None)
