"""Updates in: none lost, none out of order within a chat, and no chat stops the others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

import pytest
import structlog
from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, ExtBot, TypeHandler

from bot.inbox import KINDS, Inbox, OfficeApplication, handling, polling, replying
from bot.store.errors import DatabaseAway
from tests.patience import ANSWER

Handle = Callable[[Update], Awaitable[None]]


class Telegram(ExtBot[None]):
    """Keeps updates until they are confirmed, and forces no wait; `errors` are raised in turn instead."""

    __slots__ = ("asked", "errors", "queue", "webhook_removed")

    def __init__(self) -> None:
        super().__init__("747100001:abc")
        with self._unfrozen():
            self.queue: list[dict[str, Any]] = []
            self.asked: list[int | None] = []
            self.errors: list[TelegramError] = []
            self.webhook_removed = False

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def delete_webhook(self, *_args: Any, drop_pending_updates: bool | None = None, **_kwargs: Any) -> bool:
        assert drop_pending_updates is False
        if self.errors:
            raise self.errors.pop(0)
        with self._unfrozen():
            self.webhook_removed = True
        return True

    async def fetch_updates(
        self, offset: int | None, limit: int, wait: int, kinds: Sequence[str]
    ) -> list[dict[str, Any]]:
        assert tuple(kinds) == KINDS
        if self.errors:
            raise self.errors.pop(0)
        self.asked.append(offset)
        self.queue[:] = [update for update in self.queue if update["update_id"] >= (offset or 0)]
        while wait and not self.queue:
            await asyncio.sleep(0.005)
        return self.queue[:limit]

    @property
    def unconfirmed(self) -> list[int]:
        return [update["update_id"] for update in self.queue]

    def say(self, number: int, chat: int, text: str = "halo") -> None:
        person = {"id": chat, "is_bot": False, "first_name": "Wa Ode"}
        message = {
            "message_id": number,
            "date": 1,
            "chat": {"id": chat, "type": "private"},
            "from": person,
            "text": text,
        }
        self.queue.append({"update_id": number, "message": message})


def told(written: Sequence[MutableMapping[str, Any]]) -> list[MutableMapping[str, Any]]:
    """What the log holds at its usual level."""
    return [line for line in written if line["log_level"] != "debug"]


class Office:
    """An inbox over a recording Telegram, and what its handler did."""

    def __init__(self, handle: Handle | None = None) -> None:
        self.telegram = Telegram()
        self.handled: list[int] = []
        self._handle = handle
        built = Application.builder().application_class(OfficeApplication).bot(self.telegram).updater(None)
        self.application = built.job_queue(None).build()
        self.application.add_handler(TypeHandler(Update, self._one))
        self.inbox = Inbox(self.application, grace=10.0)

    async def _one(self, update: Update, _context: object) -> None:
        if self._handle is not None:
            await self._handle(update)
        self.handled.append(update.update_id)

    async def __aenter__(self) -> Office:
        await self.application.initialize()
        self.task = asyncio.create_task(self.inbox.run())
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stopped()

    async def stopped(self) -> None:
        self.inbox.stop()
        await self.task

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(ANSWER):
            while not condition():
                await asyncio.sleep(0.002)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handling, "AWAY_WAIT", 0.005)
    monkeypatch.setattr(handling, "LOOK_AGAIN", 0.01)
    for name in ("A_LITTLE_MORE", "ERROR_WAIT"):
        monkeypatch.setattr(polling, name, 0.005)
    monkeypatch.setattr(polling, "ASK_AGAIN", 0.1)


async def test_updates_are_handled_and_then_confirmed() -> None:
    async with Office() as office:
        for number in (11, 12, 13):
            office.telegram.say(number, chat=number)
        await office.until(lambda: office.telegram.unconfirmed == [])

    assert office.handled == [11, 12, 13]


async def test_the_offset_stays_before_the_first_update_that_is_not_done() -> None:
    may_end = asyncio.Event()

    async def slow_first(update: Update) -> None:
        if update.update_id == 11:
            await may_end.wait()

    async with Office(slow_first) as office:
        for number in (11, 12, 13):
            office.telegram.say(number, chat=number)
        await office.until(lambda: office.telegram.asked.count(11) >= 2)
        unconfirmed = office.telegram.unconfirmed
        may_end.set()
        await office.until(lambda: office.telegram.unconfirmed == [])

    assert unconfirmed == [11, 12, 13]
    assert office.handled == [12, 13, 11]


async def test_within_a_chat_the_order_is_kept_while_others_go_on() -> None:
    may_end = asyncio.Event()

    async def slow_first(update: Update) -> None:
        if update.update_id == 11:
            await may_end.wait()

    async with Office(slow_first) as office:
        office.telegram.say(11, chat=1)
        office.telegram.say(12, chat=1)
        office.telegram.say(13, chat=2)
        await office.until(lambda: office.handled == [13])
        may_end.set()
        await office.until(lambda: len(office.handled) == 3)

    assert office.handled == [13, 11, 12]


async def test_many_chats_are_served_at_once() -> None:
    under_way, may_end = 0, asyncio.Event()

    async def handle(_update: Update) -> None:
        nonlocal under_way
        under_way += 1
        await may_end.wait()

    async with Office(handle) as office:
        for number in range(100):
            office.telegram.say(number, chat=number + 1)
        await office.until(lambda: under_way == 100)
        may_end.set()
        await office.until(lambda: len(office.handled) == 100)


async def test_a_bad_update_is_logged_without_its_content_apologised_for_and_confirmed() -> None:
    apologies: list[object] = []

    async def handle(update: Update) -> None:
        if update.update_id == 11:
            raise ValueError("a fault of ours")

    async def apologise(update: object, _context: object) -> None:
        apologies.append(update)

    office = Office(handle)
    office.application.add_error_handler(apologise)
    with structlog.testing.capture_logs() as written:
        async with office:
            office.telegram.say(11, chat=1, text="rahasia saya")
            office.telegram.say(12, chat=1)
            await office.until(lambda: office.telegram.unconfirmed == [])

    assert office.handled == [12]
    assert len(apologies) == 1
    assert [line["update"] for line in told(written)] == [11]
    assert "rahasia" not in str(written)


async def test_whatever_is_logged_on_the_way_to_an_answer_has_the_number_of_its_update() -> None:
    known: list[Any] = []

    async def handle(_update: Update) -> None:
        known.append(structlog.contextvars.get_contextvars()["update"])

    async with Office(handle) as office:
        for number in (11, 12):
            office.telegram.say(number, chat=1)
        await office.until(lambda: office.telegram.unconfirmed == [])

    assert known == [11, 12]
    assert "update" not in structlog.contextvars.get_contextvars()


async def test_a_reply_that_goes_on_outside_the_window_still_has_the_number_of_its_update(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(handling, "WINDOW", 0.01)
    accepted, known = asyncio.Event(), list[Any]()

    async def handle(update: Update) -> None:
        if update.update_id == 11:
            replying(True)
            await accepted.wait()
            replying(False)
        known.append(structlog.contextvars.get_contextvars()["update"])

    async with Office(handle) as office:
        office.telegram.say(11, chat=1)
        office.telegram.say(12, chat=2)
        await office.until(lambda: office.telegram.unconfirmed == [])
        accepted.set()
        await office.until(lambda: len(office.handled) == 2)

    assert known == [12, 11]


async def test_an_update_that_took_long_is_told_at_the_usual_level(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handling, "SLOW", 0.0)
    with structlog.testing.capture_logs() as written:
        async with Office() as office:
            office.telegram.say(11, chat=1)
            await office.until(lambda: office.telegram.unconfirmed == [])

    assert [(line["event"], line["kind"]) for line in told(written)] == [("update_handled", "message")]


async def test_a_failure_outside_the_handlers_is_logged_and_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def failing(_application: object, _update: object) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(OfficeApplication, "process_update", failing)
    with structlog.testing.capture_logs() as written:
        async with Office() as office:
            office.telegram.say(11, chat=1)
            await office.until(lambda: office.telegram.unconfirmed == [])

    assert [line["event"] for line in told(written)] == ["update_failed"]


async def test_a_stop_before_the_first_update_asks_for_nothing_more() -> None:
    async with Office() as office:
        await office.until(lambda: office.telegram.asked == [None])

    assert office.telegram.asked == [None]


async def test_an_update_that_cannot_be_read_stops_none_of_the_others() -> None:
    async with Office() as office:
        office.telegram.queue.append({"update_id": 11, "message": {"text": "tanpa apa pun"}})
        office.telegram.say(12, chat=1)
        await office.until(lambda: office.telegram.unconfirmed == [])

    assert office.handled == [12]


async def test_a_database_that_is_away_holds_updates_back_until_it_is_there_again() -> None:
    away = 3

    async def handle(_update: Update) -> None:
        nonlocal away
        away -= 1
        if away >= 0:
            raise DatabaseAway

    async with Office(handle) as office:
        office.telegram.say(11, chat=1)
        office.telegram.say(12, chat=1)
        await office.until(lambda: len(office.handled) == 2)

    assert office.handled == [11, 12]


async def test_a_stop_leaves_held_back_updates_to_telegram() -> None:
    async def handle(update: Update) -> None:
        if update.update_id == 12:
            raise DatabaseAway

    async with Office(handle) as office:
        for number in (11, 12, 13):
            office.telegram.say(number, chat=1)
        await office.until(lambda: office.handled == [11])

    assert office.telegram.unconfirmed == [12, 13]


async def test_a_stop_finishes_what_is_in_hand_and_confirms_it() -> None:
    begun: list[int] = []

    async def handle(update: Update) -> None:
        begun.append(update.update_id)
        await asyncio.sleep(0.05)

    async with Office(handle) as office:
        office.telegram.say(11, chat=1)
        office.telegram.say(12, chat=2)
        await office.until(lambda: len(begun) == 2)
        await office.stopped()

    assert office.handled == [11, 12]
    assert office.telegram.unconfirmed == []


async def test_what_outlasts_the_grace_of_a_stop_is_not_confirmed() -> None:
    async def handle(_update: Update) -> None:
        await asyncio.Event().wait()

    office = Office(handle)
    office.inbox = Inbox(office.application, grace=0.02)
    async with office:
        office.telegram.say(11, chat=1)
        await office.until(lambda: len(office.telegram.asked) > 0)

    assert office.telegram.unconfirmed == [11]


async def test_a_reply_that_is_still_tried_leaves_the_window_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handling, "WINDOW", 0.02)
    may_end = asyncio.Event()

    async def handle(update: Update) -> None:
        if update.update_id == 11:
            replying(True)
            await may_end.wait()
            replying(False)

    async with Office(handle) as office:
        office.telegram.say(11, chat=1)
        office.telegram.say(12, chat=1)
        await office.until(lambda: office.telegram.unconfirmed == [])
        before = list(office.handled)
        may_end.set()
        await office.until(lambda: len(office.handled) == 2)

    assert before == [12]


async def test_work_that_is_not_a_reply_stays_in_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handling, "WINDOW", 0.01)
    may_end = asyncio.Event()

    async def handle(_update: Update) -> None:
        await may_end.wait()

    async with Office(handle) as office:
        office.telegram.say(11, chat=1)
        await office.until(lambda: office.telegram.asked.count(11) >= 2)
        unconfirmed = office.telegram.unconfirmed
        may_end.set()
        await office.until(lambda: office.telegram.unconfirmed == [])

    assert unconfirmed == [11]


async def test_no_more_is_asked_for_while_too_many_are_in_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "MOST_IN_HAND", 2)
    monkeypatch.setattr(handling, "WINDOW", 0.005)
    may_end = asyncio.Event()

    async def handle(_update: Update) -> None:
        replying(True)
        await may_end.wait()

    async with Office(handle) as office:
        office.telegram.say(11, chat=1)
        office.telegram.say(12, chat=2)
        await office.until(lambda: len(office.telegram.asked) > 0)
        await asyncio.sleep(0.1)
        asked = len(office.telegram.asked)
        may_end.set()
        await office.until(lambda: office.telegram.unconfirmed == [])

    assert asked == 1


@pytest.mark.parametrize(
    ("error", "event"),
    [
        (NetworkError("Bad Gateway"), "telegram_away"),
        (RetryAfter(0), "telegram_away"),
        (InvalidToken(), "token_refused"),
        (Conflict("Conflict: terminated by other getUpdates request"), "another_process_polls"),
    ],
    ids=str,
)
async def test_after_an_error_it_is_told_and_polling_goes_on(error: TelegramError, event: str) -> None:
    office = Office()
    office.telegram.errors.append(error)
    with structlog.testing.capture_logs() as written:
        async with office:
            office.telegram.say(11, chat=1)
            await office.until(lambda: office.telegram.unconfirmed == [])

    assert [line["event"] for line in told(written)] == [event]


async def test_a_webhook_that_is_in_the_way_is_removed_and_nothing_dropped() -> None:
    office = Office()
    office.telegram.errors.append(Conflict("Conflict: can't use getUpdates method while webhook is active"))
    async with office:
        office.telegram.say(11, chat=1)
        await office.until(lambda: office.handled == [11])

    assert office.telegram.webhook_removed


async def test_a_webhook_that_cannot_be_removed_yet_is_in_the_way_a_while_longer() -> None:
    in_the_way = Conflict("Conflict: can't use getUpdates method while webhook is active")
    office = Office()
    office.telegram.errors.extend([in_the_way, NetworkError("Bad Gateway"), in_the_way])
    with structlog.testing.capture_logs() as written:
        async with office:
            office.telegram.say(11, chat=1)
            await office.until(lambda: office.handled == [11])

    assert [line["event"] for line in told(written)] == ["telegram_away", "webhook_removed"]


async def test_a_last_confirmation_that_fails_is_told() -> None:
    office = Office()
    with structlog.testing.capture_logs() as written:
        async with office:
            office.telegram.say(11, chat=1)
            await office.until(lambda: office.telegram.unconfirmed == [])
            office.telegram.errors.append(NetworkError("Bad Gateway"))

    assert [line["event"] for line in told(written)] == ["last_updates_unconfirmed"]


async def test_updates_without_a_chat_are_ordered_by_who_sent_them() -> None:
    person = {"id": 5, "is_bot": False, "first_name": "Wa Ode"}
    async with Office() as office:
        query = {"id": "1", "from": person, "chat_instance": "1", "data": "all"}
        office.telegram.queue.append({"update_id": 11, "callback_query": query})
        office.telegram.queue.append({"update_id": 12, "poll_answer": {"poll_id": "1"}})
        await office.until(lambda: office.telegram.unconfirmed == [])

    assert office.handled == [11]


def test_a_handler_that_nobody_waits_for_is_refused() -> None:
    async def handle(_update: Update, _context: object) -> None: ...

    with pytest.raises(ValueError, match="block=False"):
        Office().application.add_handler(TypeHandler(Update, handle, block=False))


def test_outside_a_handler_a_reply_concerns_no_update() -> None:
    replying(True)
    replying(False)
