"""What becomes of a call of the Bot API that failed: an error has one of few fates."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.telegram_request import NotSentError, seconds_of

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=10)
LONGEST_WAIT_UNSENT = timedelta(seconds=30)  # the network is back for all at once, so look often
PATIENCE = timedelta(hours=24)

# Telegram's own words, in lower case; each was seen in tdlib/telegram-bot-api or in the wild.
_AS_GOOD_AS_DONE = ("message is not modified",)
_TOO_LATE = ("query is too old", "message to edit not found", "message can't be edited", "message to delete not found")
_GONE_BY_REQUEST = (
    "chat not found",
    "user not found",
    "group chat was deleted",
    "user is deactivated",
    "peer_id_invalid",
    "input_user_deactivated",
)
_GONE_BY_REFUSAL = (
    "bot was blocked by the user",
    "user is deactivated",
    "bot was kicked from",
    "bot is not a member of",
    "bot can't initiate conversation with a user",
    "bot can't send messages to bots",
    "group chat was deleted",
)
# A group's admins took a right away and may give it back.
_MAY_COME_BACK = ("not enough rights", "have no rights", "chat_write_forbidden", "chat_restricted", "topic_closed")
# Answers with a status that only a call of ours that is wrong can bring about.
_OUR_FAULT = ("request entity too large", "content too large")  # the phrase before and since Python 3.13


class Verdict(enum.StrEnum):
    """The fates."""

    DONE = "done"  # as good as done
    LATER = "later"  # surely not taken: try again at `at`
    UNKNOWN = "unknown"  # may have been taken: try again at `at`, after all others
    MOVED = "moved"  # the group goes on as `chat`
    GONE = "gone"  # the chat cannot be reached, for good
    FAILED = "failed"  # given up; with `bug`, somebody has to look


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one try."""

    verdict: Verdict
    at: datetime | None = None
    chat: int | None = None
    bug: bool = False


def fate(error: Exception, now: datetime, tries: int, first_tried_at: datetime, jitter: float = 0.0) -> Fate:
    """The fate of the `tries`-th try (from 1), the first of them made at `first_tried_at`.

    `jitter` (0 to 1) lengthens waits by up to a half, so that they do not end all at once.
    """
    match error:
        case RetryAfter():
            return _again(Verdict.LATER, now, timedelta(seconds=seconds_of(error)), first_tried_at)
        case ChatMigrated():
            return Fate(Verdict.MOVED, at=now, chat=error.new_chat_id)
        case Forbidden():
            if _says(error, _GONE_BY_REFUSAL):
                return Fate(Verdict.GONE)
        case BadRequest():
            if not _says(error, _MAY_COME_BACK):
                return _refused(error)
        case NotSentError():
            wait = timedelta(0) if tries <= 1 else growing_wait(tries - 1, LONGEST_WAIT_UNSENT)
            return _again(Verdict.LATER, now, wait * (1 + jitter / 2), first_tried_at)
        case TelegramError():
            if _says(error, _OUR_FAULT):
                return Fate(Verdict.FAILED, bug=True)
        case _:
            return Fate(Verdict.FAILED, bug=True)
    verdict = Verdict.UNKNOWN if may_have_been_taken(error) else Verdict.LATER
    return _again(verdict, now, growing_wait(tries) * (1 + jitter / 2), first_tried_at)


def growing_wait(tries: int, longest: timedelta = LONGEST_WAIT) -> timedelta:
    """2 s after the first try, doubling."""
    return min(FIRST_WAIT * (1 << min(max(tries - 1, 0), 30)), longest)


def may_have_been_taken(error: TelegramError) -> bool:
    """Whether Telegram may have done what was asked, though no answer came."""
    if isinstance(error, NotSentError | BadRequest | Forbidden | InvalidToken | Conflict | RetryAfter | ChatMigrated):
        return False
    # A status is an answer and has no cause below it. A connection that broke has one, and so has a gateway's page of
    # HTML, which does not tell what happened behind it.
    return error.__cause__ is not None or not _answered_with_status(error)


def worth_retrying(error: TelegramError) -> bool:
    """Whether the same call may succeed in a moment: a flood wait, a 5xx, a reset, a timeout."""
    if isinstance(error, RetryAfter):
        return True
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest) and not _says(error, _OUR_FAULT)


def _refused(error: BadRequest) -> Fate:
    if _says(error, _AS_GOOD_AS_DONE):
        return Fate(Verdict.DONE)
    if _says(error, _GONE_BY_REQUEST):
        return Fate(Verdict.GONE)
    return Fate(Verdict.FAILED, bug=not _says(error, _TOO_LATE))


def _again(verdict: Verdict, now: datetime, wait: timedelta, first_tried_at: datetime) -> Fate:
    if now - first_tried_at >= PATIENCE:
        return Fate(Verdict.FAILED)
    return Fate(verdict, at=now + wait)


def _answered_with_status(error: TelegramError) -> bool:
    """`TimedOut`, and an answer of 200 that cannot be read, carry no status."""
    return type(error) is NetworkError


def _says(error: TelegramError, phrases: tuple[str, ...]) -> bool:
    words = error.message.lower()
    return any(phrase in words for phrase in phrases)
