"""From the text of one variable to what it means, or to what is wrong with it and what would be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from bot.secret import Secret

T = TypeVar("T")
D = TypeVar("D")

TELEGRAM = "https://api.telegram.org"
WEBHOOK_PORTS = (443, 80, 88, 8443)  # the ports that Telegram calls
BULK_LIMIT, PAID_LIMIT = 30, 1000  # notices a second that Telegram lets pass
WEEK, CENTURY = 7 * 86_400, 3_155_760_000  # seconds; beyond them a figure is a slip of the finger


@dataclass(frozen=True, slots=True)
class Fault:
    """One variable that cannot be used as it stands; never holds a secret's text."""

    variable: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.variable} {self.wrong}. Right would be {self.right}."


class _WrongError(Exception):
    """A value that a parser cannot take: what is wrong with it, and what would be right."""

    def __init__(self, wrong: str, right: str) -> None:
        super().__init__(wrong, right)
        self.wrong, self.right = wrong, right


@dataclass(slots=True)
class Variables:
    """Variables being read, with the faults found so far; an empty variable counts as unset."""

    environ: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def has(self, name: str) -> bool:
        return bool(self.environ.get(name, "").strip())

    def get(self, name: str, parse: Callable[[str], T], default: D) -> T | D:
        if not self.has(name):
            return default
        try:
            return parse(self.environ[name].strip())
        except _WrongError as error:
            self.faults.append(Fault(name, error.wrong, error.right))
            return default


def token_of(text: str) -> Secret:
    if not re.fullmatch(r"\d+:[\w-]+", text, re.ASCII):  # its length is Telegram's own business
        raise _WrongError("does not look like a bot's token", "digits, a colon, then letters, digits, - and _")
    return Secret(text)


def user_ids_of(text: str) -> frozenset[int]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    wrong = [part for part in parts if not re.fullmatch(r"[1-9]\d{0,15}", part, re.ASCII)]
    if wrong:
        raise _WrongError(
            f"has {', '.join(map(repr, wrong))}", "Telegram user ids separated by commas, such as 11111111,2222222"
        )
    return frozenset(map(int, parts))


def database_url_of(text: str) -> Secret:
    scheme, mark, rest = text.partition("://")
    family = {"sqlite": "sqlite", "postgresql": "postgresql", "postgres": "postgresql"}.get(scheme)
    if not mark or family is None or (family == "sqlite" and not rest.startswith("/")):
        raise _WrongError("is of no kind that is known", "sqlite:///loket.db or postgresql://user:password@host/name")
    return Secret(f"{family}://{rest}")


def file_of(text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_file():
        raise _WrongError(f"names no file: {text}", "the path of a catalogue in TOML")
    return path


def _split(text: str, right: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises where it is no number
    except ValueError:
        raise _WrongError("is no address", right) from None
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise _WrongError("is no plain http address", right)
    return parts


def address_of(text: str) -> str:
    _split(text, f"an http or https address, such as {TELEGRAM}")
    return text.rstrip("/")


def webhook_url_of(text: str, stand_in: bool) -> str:
    right = f"an https address on one of Telegram's ports ({', '.join(map(str, WEBHOOK_PORTS))})"
    parts = _split(text, right)
    if not stand_in and parts.scheme != "https":
        raise _WrongError("is not https", right)
    if not stand_in and (parts.port or 443) not in WEBHOOK_PORTS:
        raise _WrongError(f"has port {parts.port}, which Telegram does not call", right)
    return text.rstrip("/") + "/telegram"


def webhook_secret_of(text: str) -> Secret:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", text):
        raise _WrongError(
            "has characters that Telegram does not take, or too many", "1 to 256 of A-Z, a-z, 0-9, _ and -"
        )
    return Secret(text)


def metrics_token_of(text: str) -> Secret:
    if not re.fullmatch(r"[!-~]{16,}", text):
        raise _WrongError("is short or has spaces in it", "16 or more letters and digits, picked at random")
    return Secret(text)


def port_of(text: str) -> int:
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII) or not 1 <= int(text) <= 65_535:
        raise _WrongError(f"is {text!r}", "a number from 1 to 65535")
    return int(text)


def switch_of(text: str) -> bool:
    return one_of(text, ("0", "1")) == "1"


def one_of(text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise _WrongError(f"is {text!r}", f"{', '.join(allowed[:-1])} or {allowed[-1]}")
    return text


def _number(text: str, right: str, least: float, most: float) -> float:
    if not re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII) or not least <= float(text) <= most:
        raise _WrongError(f"is {text!r}", right)
    return float(text)


def send_rate_of(text: str, paid: bool) -> float:
    most = PAID_LIMIT if paid else BULK_LIMIT
    more = "" if paid else f" (to {PAID_LIMIT} where PAID_BROADCAST=1)"
    return _number(text, f"notices a second, from 0.1 to {most}{more}", 0.1, most)


def duration_of(text: str) -> timedelta:
    return timedelta(seconds=_number(text, f"seconds, from 0 to {WEEK}", 0, WEEK))


def clock_offset_of(text: str, stand_in: bool) -> float:
    offset = _number(text, "seconds, such as -310000000", -CENTURY, CENTURY)
    if offset and not stand_in:
        raise _WrongError("is set while Telegram itself is talked to", "no offset, or a TELEGRAM_API_URL on loopback")
    return offset


def quiet_hours_of(text: str) -> tuple[time, time] | None:
    if text.lower() == "off":
        return None
    match = re.fullmatch(r"([01]?\d|2[0-3])\s*-\s*([01]?\d|2[0-3])", text, re.ASCII)
    if not match or int(match[1]) == int(match[2]):
        raise _WrongError(f"is {text!r}", "two hours of the office's day from 00 to 23, such as 21-06, or off")
    return time(int(match[1])), time(int(match[2]))


def channel_of(text: str) -> int | str:
    if re.fullmatch(r"-100\d{5,}", text, re.ASCII):
        return int(text)
    if re.fullmatch(r"@[A-Za-z]\w{3,}", text, re.ASCII):
        return text
    raise _WrongError(f"is {text!r}", "a public channel's name, such as @nama_kanal, or its id, such as -1001234567890")
