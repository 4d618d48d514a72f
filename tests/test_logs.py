"""What reaches the operator's log, and what must not."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import structlog
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from telegram import Bot, Chat, Message, Update
from telegram.error import BadRequest

from bot import logs
from bot.store import DatabaseAway, Store
from bot.store.tables import refusals
from tests.test_inbox import Office
from tests.test_request import answering, bot_at, telegram

TOKEN = "747100001:not-a-token-that-opens-anything-00000"
NIK = "7471006505900001"


@pytest.fixture(autouse=True)
def _left_as_found() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    names = {name: logging.getLogger(name).level for name in logs._QUIET}
    yield
    root.handlers, sys.excepthook = handlers, hook
    root.setLevel(level)
    for name, was in names.items():
        logging.getLogger(name).setLevel(was)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def logging_to(form: str | None = "json", level: str = "DEBUG", secrets: tuple[str, ...] = (TOKEN,)) -> io.StringIO:
    stream = io.StringIO()
    logs.configure(form, level, secrets, stream)
    return stream


def test_a_line_of_json_tells_what_when_where_and_how_bad() -> None:
    stream = logging_to()

    structlog.get_logger("bot.inbox").warning("telegram_away", wait=2.0, chats=[1, None], of={"a": True})

    line = json.loads(stream.getvalue())
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "telegram_away",
        "level": "warning",
        "logger": "bot.inbox",
        "wait": 2.0,
        "chats": [1, None],
        "of": {"a": True},
    }


def test_the_standard_library_logs_into_the_same_stream() -> None:
    stream = logging_to()

    logging.getLogger("uvicorn.error").info("started on %s", "127.0.0.1")

    assert json.loads(stream.getvalue())["event"] == "started on 127.0.0.1"


def test_away_from_a_terminal_json_is_the_default() -> None:
    stream = logging_to(form=None)

    structlog.get_logger().info("ready")

    assert json.loads(stream.getvalue())["event"] == "ready"


def test_what_is_below_the_level_is_not_written() -> None:
    stream = logging_to(level="WARNING")

    structlog.get_logger().info("ready")
    logging.getLogger("telegram").info("ready")

    assert stream.getvalue() == ""


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_secret_is_written_in_any_spelling(form: str) -> None:
    password = 'p"ss\\word-of-the-database'
    stream = logging_to(form, secrets=(TOKEN, password))

    for text in (TOKEN, TOKEN.replace(":", "%3A"), TOKEN.partition(":")[2], password, repr(password)):
        structlog.get_logger().info("seen", text=text, more={"deep": [text]})
        logging.getLogger("x").debug("seen %s", text)
    logging.getLogger("y").info("somebody else's 999999999:AAaaBBbbCCccDDddEEeeFFffGGggHHhhIIi")

    written = stream.getvalue()
    assert "not-a-token" not in written
    assert "word-of-the-database" not in written
    assert "AAaaBBbb" not in written
    assert "[hidden]" in written


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_shows_the_fault_without_secrets_and_numbers(form: str) -> None:
    stream = logging_to(form)

    try:
        raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe for NIK {NIK}")
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("x").exception("failed too")

    written = stream.getvalue()
    assert written.count("ValueError: https://api.telegram.org/bot[hidden]/getMe for NIK •••") == 2
    assert "not-a-token" not in written
    assert NIK not in written


def test_personal_numbers_are_masked_wherever_they_stand() -> None:
    stream = logging_to()

    structlog.get_logger().info("nomor saya 0812-3456-7890", note=f"NIK {NIK}", parts=(NIK,), error=ValueError(NIK))
    logging.getLogger("x").info("NIK %s", NIK)

    written = stream.getvalue()
    assert NIK not in written
    assert "0812-3456-7890" not in written


def test_an_error_that_ends_the_process_is_logged_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    stream = logging_to()

    sys.excepthook(ValueError, ValueError(TOKEN), None)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)

    assert json.loads(stream.getvalue())["exception"] == "ValueError: [hidden]"
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_an_update_that_a_library_logs_is_named_and_not_quoted() -> None:
    stream = logging_to()
    message = Message(1, datetime(2017, 1, 30, tzinfo=UTC), Chat(1, "private"), text="rahasia saya")

    logging.getLogger("telegram.ext.Application").critical("cannot process %s", Update(5, message))

    assert json.loads(stream.getvalue())["event"] == "cannot process Update"


def test_an_error_that_a_library_puts_into_its_line_is_named_and_not_quoted() -> None:
    stream = logging_to()

    for error in (ValueError("rahasia saya"), OSError(98, "Address already in use")):
        logging.getLogger("telegram.ext.Application").critical("Error while building for %s.", error)
        logging.getLogger("uvicorn.error").error(error)

    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == [
        "Error while building for ValueError: [hidden].",
        "ValueError: [hidden]",
        "Error while building for OSError: [Errno 98] Address already in use.",
        "OSError: [Errno 98] Address already in use",
    ]


async def test_of_an_error_on_an_update_it_is_told_where_and_what_kind_but_not_in_its_words() -> None:
    stream = logging_to()

    async def handle(update: Update) -> None:
        await asyncio.sleep(0)
        assert update.message is not None
        try:
            int(str(update.message.text))
        except ValueError as error:
            raise KeyError(update.message.text) from error

    async def apologise(update: object, _context: object) -> None:
        raise LookupError(str(update))

    office = Office(handle)
    office.application.add_error_handler(apologise)
    async with office:
        office.telegram.say(11, chat=1, text="rahasia saya")
        await office.until(lambda: office.telegram.unconfirmed == [])

    failed, again = [line for line in map(json.loads, stream.getvalue().splitlines()) if "exception" in line]
    assert (failed["event"], failed["update"], again["update"]) == ("update_failed", 11, 11)
    assert "int(str(update.message.text))" in failed["exception"]
    assert failed["exception"].index("ValueError: [hidden]") < failed["exception"].index("KeyError: [hidden]")
    assert "rahasia" not in stream.getvalue()
    assert "Wa Ode" not in stream.getvalue()


def test_what_telegram_and_the_system_say_of_an_update_is_told() -> None:
    stream = logging_to()

    for error in (BadRequest("chat not found"), DatabaseAway("the database is away"), OSError(28, "disk full")):
        structlog.get_logger().error("update_failed", update=11, exc_info=error)

    told = [json.loads(line)["exception"] for line in stream.getvalue().splitlines()]
    assert told == [
        "telegram.error.BadRequest: chat not found",
        "bot.store.errors.DatabaseAway: the database is away",
        "OSError: [Errno 28] disk full",
    ]


async def test_a_database_that_refuses_a_row_does_not_have_it_quoted(store: Store) -> None:
    stream = logging_to()
    row = {"at": datetime(2017, 1, 30, tzinfo=UTC), "user": None, "what": "rahasia saya"}

    try:
        async with store.writing() as session:
            await session._connection.execute(insert(refusals), [row])
    except IntegrityError as error:
        structlog.get_logger().exception("settling_failed")
        structlog.get_logger().error("settling_failed", exc_info=error.orig)

    assert "INSERT INTO refusals" in stream.getvalue()
    assert stream.getvalue().count("Traceback") >= 2
    assert "rahasia" not in stream.getvalue()


async def test_a_task_that_nobody_waited_for_does_not_tell_what_it_failed_on() -> None:
    stream = logging_to()

    async def failing() -> None:
        raise ValueError("rahasia saya")

    task = asyncio.create_task(failing())
    await asyncio.sleep(0)
    del task
    gc.collect()

    line = json.loads(stream.getvalue())
    assert line["event"] == "Task exception was never retrieved"
    assert line["exception"].endswith("ValueError: [hidden]")


def test_all_that_failed_together_is_told_and_an_error_that_causes_itself_ends() -> None:
    stream = logging_to()
    itself = ValueError("a circle")
    itself.__cause__ = itself

    structlog.get_logger().error("failed", exc_info=ExceptionGroup("two parts", [itself, OSError("the other")]))

    told = json.loads(stream.getvalue())["exception"]
    assert told.startswith("ExceptionGroup: two parts (2 sub-exceptions)")
    assert told.count("ValueError: a circle") == 1
    assert told.endswith("OSError: the other")


def test_warnings_are_logged() -> None:
    stream = logging_to()

    with warnings.catch_warnings():
        warnings.simplefilter("default")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn("grows old", stacklevel=1)

    assert "grows old" in json.loads(stream.getvalue())["event"]


async def test_at_debug_a_conversation_with_telegram_leaves_no_token_in_the_log() -> None:
    stream = logging_to()
    for name in logs._QUIET:
        logging.getLogger(name).setLevel(logging.DEBUG)

    async with telegram(answering(404, {"ok": False, "description": "Not Found"})) as url, bot_at(url) as bot:
        for _ in range(2):
            await failing_call(bot)

    written = stream.getvalue()
    assert "sendMessage" in written
    assert "not-a-token" not in written


async def failing_call(bot: Bot) -> None:
    try:
        await bot.send_message(1, f"halo {bot!r} {bot.token}")
    except Exception:
        logging.getLogger("x").exception("failed")
