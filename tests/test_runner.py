"""The whole bot in this process: started, answering, stopped; and what it does where it cannot start."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from structlog.testing import capture_logs
from telegram import Chat
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot import logs, opening, reaching, runner
from bot.config import Settings, derived_secret
from bot.processes import Process
from bot.rules.catalogue_reading import SHIPPED
from bot.rules.notices import Change, Delivery, DeliveryStatus, Notice, NoticeKind, Wish
from bot.secret import Secret
from bot.store import DatabaseAway, Store, migrate
from handlers.context import Desk
from playground.faults import Fault
from playground.server import serve
from playground.updates import Webhook
from playground.world import World
from tests.office.house import CITIZEN, TEXTS, House
from tests.patience import ANSWER, START
from tests.phone import Phone
from tests.rules.small_office import DOWN, MAIN, UP, at

STAFF = 747100201


@pytest.fixture(autouse=True)
def _left_as_found(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Logging stays the tests' own, and so do the signals."""
    monkeypatch.setattr(logs, "configure", lambda *_: None)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    root, hook = logging.getLogger().handlers[:], sys.excepthook
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)
    logging.getLogger().handlers, sys.excepthook = root, hook
    structlog.reset_defaults()


def settings_of(url: str, folder: Path, **changed: str) -> Settings:
    return Settings.read(
        {
            "BOT_TOKEN": World().token,
            "TELEGRAM_API_URL": url,
            "DATABASE_URL": f"sqlite:///{folder / 'loket.db'}",
            "CATALOGUE": str(SHIPPED / "demo.toml"),
            "OWNER_IDS": str(STAFF),
            "RESUME_HOLD": "0",
            "QUIET_HOURS": "off",
            **changed,
        }
    )


@asynccontextmanager
async def town(*chats: int) -> AsyncIterator[tuple[World, str, list[Phone]]]:
    """A stand-in with these people in it."""
    world = World()
    for chat in chats:
        world.add_phone(chat, "Rahma")
    async with serve(world) as url:
        phones = [Phone(url, chat) for chat in chats]
        try:
            yield world, url, phones
        finally:
            for phone in phones:
                await phone.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


async def stopped(running: asyncio.Task[int], number: signal.Signals = signal.SIGTERM) -> int:
    signal.raise_signal(number)
    async with asyncio.timeout(START):
        return await running


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_answers_reports_and_tells_until_it_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    async with town(CITIZEN, STAFF) as (_, url, (citizen, staff)):
        running = asyncio.create_task(runner.run(settings_of(url, tmp_path)))
        await citizen.say("kabari kalau legalisir sudah bisa")
        await citizen.wait_for("kami kabari di sini")
        await staff.say("/lapor legalisir bisa")
        await staff.wait_for("Pratinjau")
        await staff.tap("Terbitkan")
        await staff.wait_for("Sudah diumumkan")
        await citizen.wait_for("sudah bisa")

        assert await stopped(running, number) == 0


async def test_what_deserves_a_word_is_logged_at_start(tmp_path: Path) -> None:
    async with town(CITIZEN) as (_, url, (citizen,)):
        settings = settings_of(url, tmp_path, OWNER_IDS="")
        with capture_logs() as logged:
            running = asyncio.create_task(runner.run(settings))
            await citizen.say("/jam")
            await citizen.reply()
            await stopped(running)

    said = [str(entry.get("warning")) for entry in logged if entry["event"] == "configuration"]
    assert any("OWNER_IDS" in one for one in said)
    assert [entry["event"] for entry in logged if entry["event"] in ("ready", "stopping")] == ["ready", "stopping"]


async def test_by_webhook_it_answers_what_waited_in_order_lets_nobody_else_in_and_drains_on_a_stop(
    tmp_path: Path,
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    async with town(CITIZEN, STAFF) as (world, url, (citizen, _)):
        world.updates.set_webhook(Webhook(f"{address}/telegram", secret="an earlier one"))
        for question in ("/jam", "/syarat kk"):  # while the bot was down
            await citizen.say(question)
        running = asyncio.create_task(runner.run(settings_of(url, tmp_path, WEBHOOK_URL=address, PORT=str(port))))
        answers = [await citizen.reply(), await citizen.reply()]
        async with httpx.AsyncClient(trust_env=False, timeout=ANSWER) as stranger:
            refused = await stranger.post(f"{address}/telegram", json={"update_id": 1})
        world.faults.plan("sendMessage", Fault("slow", seconds=0.5))
        await citizen.say("/jam")
        await citizen.reply()  # Telegram has it, and has not told the bot so
        unconfirmed = len(world.updates.pending)

        assert await stopped(running) == 0

        assert ["Jam buka" in answers[0]["text"], "Syarat" in answers[1]["text"]] == [True, True]
        assert refused.status_code == 403
        assert (unconfirmed, len(world.updates.pending)) == (1, 0)
        assert world.updates.webhook is not None
        assert world.updates.webhook.secret == derived_secret(Secret(world.token)).reveal()


async def test_what_a_web_takes_in_a_worker_sends_later(tmp_path: Path, postgresql_url: str) -> None:
    port = free_port()
    shared = {"DATABASE_URL": postgresql_url, "WEBHOOK_URL": f"http://127.0.0.1:{port}", "PORT": str(port)}
    async with town(CITIZEN, STAFF) as (_, url, (citizen, staff)):
        web = asyncio.create_task(runner.run(settings_of(url, tmp_path, **shared), Process.WEB))
        await citizen.say("kabari kalau legalisir sudah bisa")
        await citizen.wait_for("kami kabari di sini")
        await staff.say("/lapor legalisir bisa")
        await staff.wait_for("Pratinjau")
        await staff.tap("Terbitkan")
        await staff.wait_for("Sudah diumumkan")
        assert await stopped(web) == 0
        early = [one for one in await citizen.unread() if "sudah bisa" in one["text"]]

        worker = asyncio.create_task(runner.run(settings_of(url, tmp_path, **shared), Process.WORKER))
        await citizen.wait_for("sudah bisa")
        async with httpx.AsyncClient(trust_env=False, timeout=ANSWER) as visitor:
            with pytest.raises(httpx.ConnectError):
                await visitor.get(f"http://127.0.0.1:{port}/healthz")

        assert await stopped(worker) == 0
        assert early == []


async def test_a_start_waits_for_a_database_that_is_away_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_FIRST_WAIT", 0.001)
    settings = settings_of("http://127.0.0.1:9", tmp_path)
    tries = 0

    def away(url: str) -> bool:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise DatabaseAway("the database is away")
        return migrate(url)

    monkeypatch.setattr(opening, "migrate", away)
    async with opening.opened_store(settings, patience=1.0) as store, store.reading() as session:
        assert await session.newest_report() == 0
    tries = 0

    with pytest.raises(DatabaseAway):
        async with opening.opened_store(settings):
            pass

    assert tries == 1


async def test_a_token_that_telegram_does_not_know_ends_it(tmp_path: Path) -> None:
    async with town() as (_, url, _):
        settings = settings_of(url, tmp_path, BOT_TOKEN="747100009:unknown")
        with capture_logs() as logged:
            async with asyncio.timeout(START):
                assert await runner.run(settings) == 2

    assert "token_refused" in [entry["event"] for entry in logged]


async def test_a_stop_is_obeyed_at_once_while_telegram_is_away(tmp_path: Path) -> None:
    running = asyncio.create_task(runner.run(settings_of("http://127.0.0.1:9", tmp_path)))
    while signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:  # until then it would end the tests
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.5)  # by then it waits between two tries of the same call

    async with asyncio.timeout(ANSWER):
        assert await stopped(running) == 0


async def test_a_start_waits_for_telegram_as_long_as_it_says_or_longer_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Away:
        """Away four times, then there."""

        def __init__(self) -> None:
            self.errors: list[Exception] = [RetryAfter(0), *[NetworkError("away")] * 3]

        async def initialize(self) -> None:
            if self.errors:
                raise self.errors.pop(0)

    monkeypatch.setattr(reaching, "_FIRST_WAIT", 0.001)
    application: Any = Away()

    with capture_logs() as logged:
        assert await reaching.reached(application, asyncio.Event())

    assert [entry["wait"] for entry in logged] == [0.0, 0.002, 0.004, 0.008]


async def test_old_things_are_deleted_and_a_database_that_is_away_does_not_end_that(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "_PRUNE_EVERY", 0.001)
    async with store.writing() as session:
        await session.record_refusal(at(1, 8), 1, "/lapor")
    prune, rounds = runner._prune, 0

    async def pruned(store: Store, now: datetime) -> int:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            raise DatabaseAway("gone")
        return await prune(store, now)

    monkeypatch.setattr(runner, "_prune", pruned)
    keeping = asyncio.create_task(runner._keep_pruned(store, lambda: datetime(2030, 1, 1, tzinfo=UTC)))
    async with asyncio.timeout(ANSWER):
        while rounds < 4:
            await asyncio.sleep(0.001)
    keeping.cancel()

    async with store.reading() as session:
        assert await session.refusals(at(1)) == ()


async def test_a_notice_is_rendered_in_the_chats_language_or_not_at_all(store: Store) -> None:
    house = House(store)
    render = runner._render(Desk(house.office, TEXTS))
    change = Change("ktp_cetak", MAIN, DOWN, UP)
    notice = Notice(1, 1, NoticeKind.RESUMPTION, (change,), at(2), at(2))
    delivery = Delivery(1, 1, CITIZEN, (change,), DeliveryStatus.SENDING, at(2))
    assert render(notice, delivery, Wish.ALWAYS, None, at(2)) is None

    await house.posts("lapor ktp_cetak bisa")

    indonesian = render(notice, delivery, Wish.ALWAYS, None, at(2))
    english = render(notice, delivery, Wish.ALWAYS, "en", at(2))
    assert indonesian is not None
    assert english is not None
    assert indonesian.told == (change,)
    assert "sudah bisa lagi" in indonesian.text
    assert "again" in english.text
    assert indonesian.keyboard is not None


async def test_the_channel_is_found_by_its_name_and_its_loss_stops_nothing() -> None:
    class Bot:
        """Knows one channel."""

        async def get_chat(self, name: int | str) -> Chat:
            if name != "@loket_kendari":
                raise BadRequest("Chat not found")
            return Chat(-100747, Chat.CHANNEL)

    bot: Any = Bot()

    runs = asyncio.Event()
    with capture_logs() as logged:
        assert await runner._channel(bot, None, runs) is None
        assert await runner._channel(bot, "@loket_kendari", runs) == -100747
        assert logged == []
        assert await runner._channel(bot, "@elsewhere", runs) is None

    assert [entry["log_level"] for entry in logged] == ["warning"]


async def test_a_channel_is_asked_for_until_telegram_answers_or_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "_FIRST_WAIT", 0.01)
    monkeypatch.setattr(runner, "_LONGEST_WAIT", 0.02)
    tried: list[int | str] = []

    class Bot:
        """Away at first."""

        async def get_chat(self, name: int | str) -> Chat:
            tried.append(name)
            if len(tried) < 4:
                raise NetworkError("Bad Gateway")
            return Chat(-100747, Chat.CHANNEL)

    bot: Any = Bot()
    stopped = asyncio.Event()

    found = await runner._channel(bot, "@loket_kendari", stopped)
    stopped.set()

    assert (found, len(tried)) == (-100747, 4)
    assert await runner._channel(bot, "@loket_kendari", stopped) is None
    assert len(tried) == 4


async def test_secrets_are_named_to_the_log(tmp_path: Path) -> None:
    settings = settings_of("http://127.0.0.1:9", tmp_path, METRICS_TOKEN="a-long-metrics-token", WEBHOOK_SECRET="hook")

    assert runner._secrets(settings) == (
        World().token, "hook", f"sqlite:///{tmp_path / 'loket.db'}", "a-long-metrics-token",
    )  # fmt: skip
    migrate(settings.database_url.reveal())
