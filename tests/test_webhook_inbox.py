"""Updates that Telegram brings: handled once however often they come, in order within a chat, and the webhook kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from telegram import Update, WebhookInfo
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, ExtBot, TypeHandler

from bot.inbox import KINDS, Address, OfficeApplication, WebhookInbox, handling, replying, webhook
from bot.secret import Secret
from bot.store.errors import DatabaseAway
from tests.patience import ANSWER

HERE = Address("https://loket.example/telegram", Secret("hush"))
Handle = Callable[[Update], Awaitable[None]]


class Telegram(ExtBot[None]):
    """Remembers which webhook was set; `errors` are raised in turn instead."""

    __slots__ = ("errors", "info", "looked", "settings")

    def __init__(self) -> None:
        super().__init__("747100001:abc")
        with self._unfrozen():
            self.settings: list[dict[str, Any]] = []
            self.errors: list[TelegramError] = []
            self.info = WebhookInfo("", False, 0)
            self.looked = 0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def set_webhook(self, url: str, **settings: Any) -> bool:  # type: ignore[override]
        if self.errors:
            raise self.errors.pop(0)
        self.settings.append({"url": url, **settings})
        self.is_now(url)
        return True

    async def get_webhook_info(self, **_: Any) -> WebhookInfo:  # type: ignore[override]
        with self._unfrozen():
            self.looked += 1
        return self.info

    def is_now(self, url: str, **more: Any) -> None:
        """What Telegram says of the webhook from now on."""
        told = {"pending_update_count": 0, "max_connections": webhook.CONNECTIONS, "allowed_updates": KINDS, **more}
        with self._unfrozen():
            self.info = WebhookInfo(url, False, **told)


def said(number: int, chat: int = 1) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "Wa Ode"}
    chat_of = {"id": chat, "type": "private"}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1, "chat": chat_of, "from": person, "text": "halo"},
    }


class Office:
    """A webhook's inbox over a recording Telegram, and what its handler did."""

    def __init__(self, handle: Handle | None = None) -> None:
        self.telegram = Telegram()
        self.handled: list[int] = []
        self._handle = handle
        built = Application.builder().application_class(OfficeApplication).bot(self.telegram).updater(None)
        application = built.job_queue(None).build()
        application.add_handler(TypeHandler(Update, self._one))
        self.application, self.inbox = application, WebhookInbox(application, HERE, grace=1.0)

    async def _one(self, update: Update, _context: object) -> None:
        if self._handle is not None:
            await self._handle(update)
        self.handled.append(update.update_id)

    async def __aenter__(self) -> Office:
        await self.application.initialize()
        self.task = asyncio.create_task(self.inbox.run())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.inbox.stop()
        await self.task

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(ANSWER):
            while not condition():
                await asyncio.sleep(0.002)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handling, "AWAY_WAIT", 0.005)
    monkeypatch.setattr(handling, "LOOK_AGAIN", 0.01)
    monkeypatch.setattr(webhook, "ERROR_WAIT", 0.005)
    monkeypatch.setattr(webhook, "LOOK_EVERY", 0.01)


async def test_an_update_is_taken_when_it_was_handled_and_not_again() -> None:
    async with Office() as office:
        assert await office.inbox.receive(said(11))
        assert await office.inbox.receive(said(11))

    assert office.handled == [11]


async def test_one_that_comes_again_while_it_is_in_hand_waits_for_the_same_end() -> None:
    may_end = asyncio.Event()

    async def slow(_update: Update) -> None:
        await may_end.wait()

    async with Office(slow) as office:
        both = [asyncio.create_task(office.inbox.receive(said(11))) for _ in range(2)]
        await asyncio.sleep(0.01)
        early = [one.done() for one in both]
        may_end.set()
        assert await asyncio.gather(*both) == [True, True]

    assert early == [False, False]
    assert office.handled == [11]


async def test_within_a_chat_the_order_is_kept_while_others_go_on() -> None:
    may_end = asyncio.Event()

    async def slow_first(update: Update) -> None:
        if update.update_id == 11:
            await may_end.wait()

    async with Office(slow_first) as office:
        three = [asyncio.create_task(office.inbox.receive(said(*one))) for one in ((11, 1), (12, 1), (13, 2))]
        await office.until(lambda: office.handled == [13])
        may_end.set()
        assert await asyncio.gather(*three) == [True, True, True]

    assert office.handled == [13, 11, 12]


async def test_a_bad_update_is_taken_so_that_it_stops_no_other() -> None:
    async def failing(update: Update) -> None:
        if update.update_id == 11:
            raise ValueError("a fault of ours")

    async with Office(failing) as office:
        assert await office.inbox.receive(said(11))
        assert await office.inbox.receive({"update_id": 12, "message": {"text": "tanpa apa pun"}})
        assert await office.inbox.receive(said(13))

    assert office.handled == [13]


@pytest.mark.parametrize("raw", [{}, {"update_id": "11"}, {"update_id": True}])
async def test_what_has_no_number_is_no_update(raw: dict[str, Any]) -> None:
    async with Office() as office:
        with pytest.raises(ValueError, match="number"):
            await office.inbox.receive(raw)


async def test_a_short_absence_of_the_database_is_waited_for() -> None:
    away = 2

    async def handle(_update: Update) -> None:
        nonlocal away
        away -= 1
        if away >= 0:
            raise DatabaseAway

    async with Office(handle) as office:
        assert await office.inbox.receive(said(11))

    assert office.handled == [11]


async def test_while_the_database_stays_away_updates_go_back_in_order_and_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    away = True

    async def handle(_update: Update) -> None:
        if away:
            raise DatabaseAway

    office = Office(handle)
    office.inbox._intake._patience = 0.02
    async with office:
        given_back = await asyncio.gather(*(office.inbox.receive(said(number)) for number in (11, 12)))
        away = False
        taken = [await office.inbox.receive(said(number)) for number in (11, 12)]

    assert (given_back, taken) == ([False, False], [True, True])
    assert office.handled == [11, 12]


async def test_a_reply_that_is_still_tried_after_the_window_is_taken_and_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(handling, "WINDOW", 0.02)
    may_end = asyncio.Event()

    async def handle(_update: Update) -> None:
        replying(True)
        await may_end.wait()
        replying(False)

    async with Office(handle) as office:
        taken = await office.inbox.receive(said(11))
        before = list(office.handled)
        may_end.set()

    assert (taken, before, office.handled) == (True, [], [11])


async def test_nothing_is_taken_before_the_start_nor_after_a_stop_but_what_is_in_hand_is_finished(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[int] = []

    async def handle(update: Update) -> None:
        begun.append(update.update_id)
        await asyncio.sleep(0.03)

    office = Office(handle)
    monkeypatch.setattr(webhook, "OPENING", 0.01)
    early = await office.inbox.receive(said(10))
    monkeypatch.setattr(webhook, "OPENING", ANSWER)
    while_starting = asyncio.create_task(office.inbox.receive(said(10)))
    await asyncio.sleep(0.01)
    async with office:
        assert await while_starting
        in_hand = asyncio.create_task(office.inbox.receive(said(11)))
        await office.until(lambda: 11 in begun)
        office.inbox.stop()
        late = await office.inbox.receive(said(12))

    assert (early, await in_hand, late) == (False, True, False)
    assert office.handled == [10, 11]


async def test_only_so_many_handled_updates_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "REMEMBERED", 2)
    async with Office() as office:
        for number in (11, 12, 13, 13, 11):
            await office.inbox.receive(said(number))

    assert office.handled == [11, 12, 13, 11]


async def test_the_webhook_is_set_at_start_with_all_it_needs_and_drops_nothing() -> None:
    async with Office() as office:
        await office.until(lambda: office.telegram.looked)

    assert office.telegram.settings == [
        {
            "url": HERE.url,
            "secret_token": "hush",
            "max_connections": webhook.CONNECTIONS,
            "allowed_updates": KINDS,
            "drop_pending_updates": False,
        }
    ]


async def test_a_refusal_and_an_absence_are_told_and_outlived() -> None:
    office = Office()
    office.telegram.errors.extend((BadRequest("bad webhook: no such host"), NetworkError("away"), RetryAfter(0)))
    with structlog.testing.capture_logs() as written:
        async with office:
            await office.until(lambda: office.telegram.settings)

    told = [(line["event"], line["log_level"]) for line in written if "wait" in line]
    assert told == [("webhook_refused", "error"), ("telegram_away", "warning"), ("telegram_away", "warning")]


async def test_a_webhook_that_somebody_changed_is_set_again_and_trouble_with_it_is_told_once() -> None:
    with structlog.testing.capture_logs() as written:
        async with Office() as office:
            await office.until(lambda: office.telegram.looked)
            office.telegram.is_now("https://elsewhere.example/747100001:abc")
            await office.until(lambda: len(office.telegram.settings) == 2)
            trouble = {"last_error_date": datetime(2026, 8, 4, tzinfo=UTC), "last_error_message": "Read timeout"}
            office.telegram.is_now(HERE.url, **trouble)
            looked = office.telegram.looked
            await office.until(lambda: office.telegram.looked >= looked + 3)

    warned = [line for line in written if line["log_level"] == "warning"]
    assert [line["event"] for line in warned] == ["webhook_was_changed", "webhook_in_trouble"]
    assert warned[0]["host"] == "elsewhere.example"
    assert "747100001" not in str(written)


async def test_a_webhook_with_another_secret_is_set_again() -> None:
    refused = {"last_error_message": "Wrong response from the webhook: 403 Forbidden"}
    async with Office() as office:
        await office.until(lambda: office.telegram.looked)
        office.telegram.is_now(HERE.url, last_error_date=datetime(2026, 8, 4, tzinfo=UTC), **refused)
        await office.until(lambda: len(office.telegram.settings) == 2)
        looked = office.telegram.looked
        await office.until(lambda: office.telegram.looked >= looked + 3)

    assert len(office.telegram.settings) == 2  # once for each time that Telegram was refused


async def test_a_stop_does_not_wait_for_a_telegram_that_hangs() -> None:
    class Hanging(Telegram):
        async def set_webhook(self, url: str, **settings: Any) -> bool:  # type: ignore[override]
            await asyncio.Event().wait()
            return True

    office = Office()
    office.inbox._bot = Hanging()
    async with asyncio.timeout(ANSWER), office:
        await asyncio.sleep(0.01)
