"""The fate of every error that Telegram and the network give, by Telegram's own words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery.fate import Fate, Verdict, fate, growing_wait, may_have_been_taken, worth_retrying
from bot.telegram_request import NotSentError

NOW = datetime(2017, 2, 3, 10, 0, tzinfo=UTC)


def broken(error: TelegramError) -> TelegramError:
    """An error from below, as the request class raises it."""
    error.__cause__ = ConnectionResetError()
    return error


def first_fate(error: Exception) -> Fate:
    return fate(error, NOW, 1, NOW)


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (BadRequest("Bad Request: message is not modified: specified new message content is the same"), Verdict.DONE),
        (BadRequest("Bad Request: query is too old and response timeout expired"), Verdict.FAILED),
        (BadRequest("Bad Request: message to edit not found"), Verdict.FAILED),
        (BadRequest("Bad Request: chat not found"), Verdict.GONE),
        (BadRequest("Bad Request: group chat was deleted"), Verdict.GONE),
        (BadRequest("Bad Request: user not found"), Verdict.GONE),
        (BadRequest("Bad Request: PEER_ID_INVALID"), Verdict.GONE),
        (BadRequest("Bad Request: not enough rights to send text messages to the chat"), Verdict.LATER),
        (BadRequest("Bad Request: have no rights to send a message"), Verdict.LATER),
        (BadRequest("Bad Request: CHAT_WRITE_FORBIDDEN"), Verdict.LATER),
        (Forbidden("Forbidden: bot was blocked by the user"), Verdict.GONE),
        (Forbidden("Forbidden: user is deactivated"), Verdict.GONE),
        (Forbidden("Forbidden: bot was kicked from the group chat"), Verdict.GONE),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), Verdict.GONE),
        (Forbidden("Forbidden: bot is not a member of the channel chat"), Verdict.GONE),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Verdict.GONE),
        (Forbidden("Forbidden: bot can't send messages to bots"), Verdict.GONE),
        (Forbidden("Forbidden: the group chat was deleted"), Verdict.GONE),
        (RetryAfter(7), Verdict.LATER),
        (ChatMigrated(-1007471), Verdict.MOVED),
        (NetworkError("Internal Server Error"), Verdict.LATER),
        (NetworkError("Bad Gateway"), Verdict.LATER),
        (NetworkError("Too Many Requests"), Verdict.LATER),
        (NotSentError("ClientConnectorError"), Verdict.LATER),
        (InvalidToken("Unauthorized"), Verdict.LATER),
        (Conflict("Conflict: terminated by other getUpdates request"), Verdict.LATER),
        (TimedOut("SocketTimeoutError"), Verdict.UNKNOWN),
        (broken(NetworkError("ServerDisconnectedError")), Verdict.UNKNOWN),
        (TelegramError("An answer of 12 bytes cannot be read"), Verdict.UNKNOWN),
    ],
    ids=str,
)
def test_each_error_has_its_fate_and_is_no_bug(error: Exception, verdict: Verdict) -> None:
    end = first_fate(error)

    assert end.verdict is verdict
    assert not end.bug


@pytest.mark.parametrize(
    "error",
    [
        BadRequest("Bad Request: can't parse entities: Unsupported start tag"),
        BadRequest("Bad Request: message is too long"),
        BadRequest("Bad Request: BUTTON_DATA_INVALID"),
        BadRequest("Bad Request: something that nobody has seen"),
        NetworkError("Request Entity Too Large"),
        NetworkError("Content Too Large (413)"),  # where a gateway says so, since Python 3.13
        RuntimeError("a fault of ours"),
    ],
    ids=str,
)
def test_a_fault_of_ours_is_told_and_not_tried_again(error: Exception) -> None:
    assert first_fate(error) == Fate(Verdict.FAILED, bug=True)


def test_it_does_not_give_up_a_chat_on_an_unknown_403() -> None:
    end = first_fate(Forbidden("Forbidden: something that nobody has seen"))

    assert end == Fate(Verdict.LATER, at=NOW + timedelta(seconds=2))


def test_a_flood_wait_is_kept_to_the_second() -> None:
    assert first_fate(RetryAfter(10_072)).at == NOW + timedelta(seconds=10_072)


def test_a_group_is_followed_to_its_new_id() -> None:
    assert first_fate(ChatMigrated(-1007471)) == Fate(Verdict.MOVED, at=NOW, chat=-1007471)


def test_what_was_surely_not_sent_goes_again_at_once_and_then_looks_often() -> None:
    waits = [fate(NotSentError("x"), NOW, tries, NOW).at for tries in (1, 2, 3, 20)]

    assert waits == [NOW + timedelta(seconds=seconds) for seconds in (0, 2, 4, 30)]


def test_waits_double_from_two_seconds_to_ten_minutes() -> None:
    waits = [growing_wait(tries).total_seconds() for tries in (1, 2, 3, 4, 9, 10, 11, 1000)]

    assert waits == [2, 4, 8, 16, 512, 600, 600, 600]


def test_jitter_lengthens_a_wait_by_up_to_a_half() -> None:
    at = fate(TimedOut(), NOW, 3, NOW, jitter=1.0).at

    assert at == NOW + timedelta(seconds=12)


@pytest.mark.parametrize("error", [TimedOut(), NetworkError("Bad Gateway"), RetryAfter(5), NotSentError("x")], ids=str)
def test_after_a_day_it_is_given_up(error: Exception) -> None:
    first = NOW - timedelta(hours=24)

    assert fate(error, NOW, 99, first) == Fate(Verdict.FAILED)
    assert fate(error, NOW, 99, first + timedelta(seconds=1)).verdict is not Verdict.FAILED


@pytest.mark.parametrize(
    ("error", "worth"),
    [
        (RetryAfter(3), True),
        (NetworkError("Bad Gateway"), True),
        (TimedOut(), True),
        (NotSentError("x"), True),
        (BadRequest("Bad Request: can't parse entities"), False),
        (Forbidden("Forbidden: bot was blocked by the user"), False),
        (NetworkError("Request Entity Too Large"), False),
        (InvalidToken(), False),
        (ChatMigrated(-1), False),
    ],
    ids=str,
)
def test_an_answer_is_retried_only_over_what_passes(error: TelegramError, worth: bool) -> None:
    assert worth_retrying(error) is worth


def test_a_refusal_was_not_taken() -> None:
    refusals = (Forbidden("x"), BadRequest("x"), InvalidToken(), Conflict("x"), RetryAfter(1), ChatMigrated(-1))

    assert not any(may_have_been_taken(broken(error)) for error in refusals)
