"""Logging for operators: structlog and the standard library's in one stream, without secrets or personal numbers."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import quote

import structlog
from sqlalchemy.exc import DBAPIError
from structlog.types import EventDict, Processor
from telegram import TelegramObject
from telegram.error import TelegramError

from bot.faults import OperatorError
from bot.rules.privacy import mask

HIDDEN = "[hidden]"
# Whatever looks like a bot's token is hidden, also one that nobody configured here.
_ANY_TOKEN = re.compile(r"\d{6,}(?::|%3[Aa])[A-Za-z0-9_-]{30,}")
# At INFO or DEBUG these tell addresses, parameters of statements, or texts of chats.
_QUIET = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "psycopg": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "aiohttp": logging.INFO,
    "asyncio": logging.INFO,
    "telegram": logging.INFO,
    "uvicorn.access": logging.WARNING,
}
# What goes wrong on an update may quote what a citizen wrote; the library's loggers cannot say whose it was.
_MAY_QUOTE = frozenset({"asyncio", "uvicorn.error"})
_QUOTE_NOBODY = (TelegramError, OperatorError, OSError, DBAPIError)


def configure(form: str | None, level: str, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Set up all logging; `form` is `console` or `json`, None: console on a terminal, else json.

    None of the `secrets` is ever written, nor what looks like a token.
    """
    stream = stream or sys.stderr
    form = form or ("console" if stream.isatty() else "json")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Formatter(form, secrets, colors=stream.isatty()))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name, floor in _QUIET.items():
        logging.getLogger(name).setLevel(max(floor, logging.getLevelNamesMapping()[level]))
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Hides secrets in all values before the rendering escapes them, and in the finished text: no way leads past it."""

    def __init__(self, form: str, secrets: Iterable[str], *, colors: bool) -> None:
        self._secrets = _secret_pattern(secrets)
        super().__init__(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _tell_exception,
                self._clean,
                _renderer(form, colors=colors),
            ],
            foreign_pre_chain=_shared(),
        )

    def format(self, record: logging.LogRecord) -> str:
        """python-telegram-bot logs whole updates where it cannot go on; what citizens write stays out."""
        if isinstance(record.args, tuple):
            record.args = tuple(map(_named, record.args))
        if isinstance(record.msg, BaseException):
            record.msg = _named(record.msg)
        if record.name == "asyncio":  # lists what it knows of the task, the error's words among it
            record.msg, record.args = record.getMessage().partition("\n")[0], ()
        return self._without_secrets(super().format(record))

    def _clean(self, _logger: object, _method: str, event: EventDict) -> EventDict:
        """Personal numbers go too, from texts, tracebacks among them; the time is none, and bare numbers are ids."""
        return {key: value if key == "timestamp" else self._cleaned(value) for key, value in event.items()}

    def _cleaned(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping):
            return {key: self._cleaned(one) for key, one in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._cleaned(one) for one in value]
        return mask(self._without_secrets(str(value)))

    def _without_secrets(self, text: str) -> str:
        if self._secrets is not None:
            text = self._secrets.sub(HIDDEN, text)
        return _ANY_TOKEN.sub(HIDDEN, text)


def _shared() -> Sequence[Processor]:
    return (
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    )


def _named(given: object) -> object:
    """What a library gives its line: of an update, and of an error that may quote one, the kind alone."""
    if isinstance(given, BaseException):
        return _words(given, private=True).rstrip("\n")
    return type(given).__name__ if isinstance(given, TelegramObject) else given


def _tell_exception(_logger: object, _method: str, event: EventDict) -> EventDict:
    """The traceback; of an error that may quote a citizen only where and what kind it is."""
    error = _error_of(event.pop("exc_info", None))
    if error is not None:
        private = "update" in event or event.get("logger") in _MAY_QUOTE
        event["exception"] = "".join(_traceback(error, private=private)).rstrip("\n")
    return event


def _error_of(given: Any) -> BaseException | None:
    if given is True:
        given = sys.exc_info()
    found = given[1] if isinstance(given, tuple) else given
    return found if isinstance(found, BaseException) else None


def _traceback(error: BaseException, *, private: bool) -> Iterator[str]:
    """As Python writes it, the first cause first."""
    for one in _causes(error):
        if one.__traceback__ is not None:
            yield "Traceback (most recent call last):\n"
            yield from traceback.format_tb(one.__traceback__)
        yield _words(one, private=private)
        for part in one.exceptions if isinstance(one, BaseExceptionGroup) else ():
            yield "\none of them:\n\n"
            yield from _traceback(part, private=private)
        if one is not error:
            yield "\nand then:\n\n"


def _causes(error: BaseException) -> Sequence[BaseException]:
    """What led to an error, and the error."""
    found: list[BaseException] = []
    before: BaseException | None = error
    while before is not None and before not in found:
        found.append(before)
        before = before.__cause__ or (None if before.__suppress_context__ else before.__context__)
    return found[::-1]


def _words(error: BaseException, *, private: bool) -> str:
    if isinstance(error, DBAPIError) and (state := getattr(error.orig, "sqlstate", None)):
        return f"{_name(error)}: {_name(error.orig)} {state} [SQL: {error.statement}]\n"
    if state := getattr(error, "sqlstate", None):  # PostgreSQL's own words quote the row
        return f"{_name(error)}: {state} {getattr(getattr(error, 'diag', None), 'constraint_name', None) or ''}\n"
    if private and not isinstance(error, _QUOTE_NOBODY):
        return f"{_name(error)}: {HIDDEN}\n"
    return "".join(traceback.format_exception_only(error))


def _name(error: BaseException | None) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _renderer(form: str, *, colors: bool) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    return structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)


def _secret_pattern(secrets: Iterable[str]) -> re.Pattern[str] | None:
    """Each secret as it is, as an address quotes it, as repr escapes it, and a token without the bot's id."""
    spellings: set[str] = set()
    for secret in secrets:
        spellings |= {secret, quote(secret, safe=""), repr(secret)[1:-1], secret.rpartition(":")[2]}
    spellings = {spelling for spelling in spellings if len(spelling) >= 6}
    if not spellings:
        return None
    return re.compile("|".join(re.escape(one) for one in sorted(spellings, key=len, reverse=True)))


def _log_uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """What ends the process goes through the same filter; a Ctrl-C is no error."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
        return
    logging.getLogger("loket").critical("stopped by an error", exc_info=(kind, error, traceback))
