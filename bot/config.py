"""The settings of one deployment, read from the environment with every fault told at once."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from dotenv import dotenv_values

from bot.faults import OperatorError

T = TypeVar("T")
D = TypeVar("D")

_SQLITE = "sqlite:///"
TELEGRAM = "https://api.telegram.org"
KENDARI = Path(__file__).parent / "catalogues" / "kendari.toml"
WEBHOOK_PORTS = (443, 80, 88, 8443)  # the ports that Telegram calls
BULK_LIMIT, PAID_LIMIT = 30, 1000  # notices a second that Telegram lets pass
WEEK, CENTURY = 7 * 86_400, 3_155_760_000  # seconds; beyond them a figure is a slip of the finger
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
FORGETFUL_HOSTS = ("DYNO", "RAILWAY_ENVIRONMENT", "RENDER", "FLY_APP_NAME", "K_SERVICE")  # set there by the host


class Secret:
    """A text that hides itself wherever it is printed or logged."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one place that must send it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('…')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))


@dataclass(frozen=True, slots=True)
class Fault:
    """One variable that cannot be used as it stands; never holds a secret's text."""

    variable: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.variable} {self.wrong}. Right would be {self.right}."


class ConfigError(OperatorError):
    """The environment cannot be used; the message has a line for every fault in it."""

    title = "The configuration is wrong:"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self._faults = faults

    @property
    def faults(self) -> tuple[Fault, ...]:
        return self._faults


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that one deployment may set."""

    token: Secret | None  # None only where the command needs none
    owner_ids: frozenset[int]
    database_url: Secret  # may hold a password
    catalogue: Path
    telegram_api_url: str  # without a trailing slash
    webhook_url: str | None  # with `/telegram`; None: polling
    webhook_secret: Secret | None  # None only where there is no token to derive it from
    port: int
    serves_http: bool  # whether `loket run` answers HTTP as well: WEBHOOK_URL or PORT was set
    send_rate: float  # notices a second
    paid_broadcast: bool
    resume_hold: timedelta
    notice_gap: timedelta
    quiet_hours: tuple[time, time] | None  # office time, from and until; None: never quiet
    channel_id: int | str | None
    clock_offset: float  # seconds
    metrics_token: Secret | None
    log_format: str | None  # "console" or "json"; None: console on a terminal, else json
    log_level: str
    warnings: tuple[str, ...] = ()

    @classmethod
    def read(cls, environ: Mapping[str, str], *, needs_token: bool = True) -> Settings:
        """Read and check all variables; raise one ConfigError that names every fault."""
        env = _Environment(environ)
        token = env.get("BOT_TOKEN", _token, None)
        if needs_token and not env.has("BOT_TOKEN"):
            env.faults.append(Fault("BOT_TOKEN", "is missing", "the token that @BotFather gave"))
        api_url = env.get("TELEGRAM_API_URL", _address, TELEGRAM)
        paid = env.get("PAID_BROADCAST", _switch, False)
        settings = cls(
            token=token,
            owner_ids=env.get("OWNER_IDS", _user_ids, frozenset()),
            database_url=env.get("DATABASE_URL", _database_url, Secret("sqlite:///loket.db")),
            catalogue=env.get("CATALOGUE", _file, KENDARI),
            telegram_api_url=api_url,
            webhook_url=env.get("WEBHOOK_URL", lambda text: _webhook_url(text, on_loopback(api_url)), None),
            webhook_secret=env.get("WEBHOOK_SECRET", _webhook_secret, token and derived_secret(token)),
            port=env.get("PORT", _port, 8080),
            serves_http=env.has("WEBHOOK_URL") or env.has("PORT"),
            send_rate=env.get("SEND_RATE", lambda text: _send_rate(text, paid), 25.0),
            paid_broadcast=paid,
            resume_hold=env.get("RESUME_HOLD", _duration, timedelta(seconds=120)),
            notice_gap=env.get("NOTICE_GAP", _duration, timedelta(seconds=1800)),
            quiet_hours=env.get("QUIET_HOURS", _quiet_hours, (time(21), time(6))),
            channel_id=env.get("CHANNEL_ID", _channel, None),
            clock_offset=env.get("CLOCK_OFFSET", lambda text: _clock_offset(text, on_loopback(api_url)), 0.0),
            metrics_token=env.get("METRICS_TOKEN", _metrics_token, None),
            log_format=env.get("LOG_FORMAT", lambda text: _one_of(text.lower(), ("console", "json")), None),
            log_level=env.get("LOG_LEVEL", lambda text: _one_of(text.upper(), LOG_LEVELS), "INFO"),
            warnings=_warnings(environ, api_url),
        )
        if env.faults:
            raise ConfigError(tuple(env.faults))
        return settings

    @property
    def has_database(self) -> bool:
        """Whether there is a database to open: opening a SQLite file that is not there would make one."""
        url = self.database_url.reveal()
        return not url.startswith(_SQLITE) or Path(url.removeprefix(_SQLITE)).exists()


def environment(directory: Path) -> dict[str, str]:
    """The variables of this process, completed by a `.env` in that directory; the process wins."""
    # Not interpolated: a password may hold a dollar sign.
    from_file = dotenv_values(directory / ".env", interpolate=False)
    return {name: value for name, value in from_file.items() if value is not None} | dict(os.environ)


def derived_secret(token: Secret) -> Secret:
    """The webhook's secret where none was set: the same in every process, and telling nothing of the token."""
    return Secret(hmac.new(token.reveal().encode(), b"loket webhook secret", hashlib.sha256).hexdigest())


def on_loopback(url: str) -> bool:
    """Whether an address is on this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _WrongError(Exception):
    """A value that a parser cannot take: what is wrong with it, and what would be right."""

    def __init__(self, wrong: str, right: str) -> None:
        super().__init__(wrong, right)
        self.wrong, self.right = wrong, right


@dataclass(slots=True)
class _Environment:
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


def _token(text: str) -> Secret:
    if not re.fullmatch(r"\d+:[\w-]+", text, re.ASCII):  # its length is Telegram's own business
        raise _WrongError("does not look like a bot's token", "digits, a colon, then letters, digits, - and _")
    return Secret(text)


def _user_ids(text: str) -> frozenset[int]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    wrong = [part for part in parts if not re.fullmatch(r"[1-9]\d{0,15}", part, re.ASCII)]
    if wrong:
        raise _WrongError(
            f"has {', '.join(map(repr, wrong))}", "Telegram user ids separated by commas, such as 11111111,2222222"
        )
    return frozenset(map(int, parts))


def _database_url(text: str) -> Secret:
    scheme, mark, rest = text.partition("://")
    family = {"sqlite": "sqlite", "postgresql": "postgresql", "postgres": "postgresql"}.get(scheme)
    if not mark or family is None or (family == "sqlite" and not rest.startswith("/")):
        raise _WrongError("is of no kind that is known", "sqlite:///loket.db or postgresql://user:password@host/name")
    return Secret(f"{family}://{rest}")


def _file(text: str) -> Path:
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


def _address(text: str) -> str:
    _split(text, f"an http or https address, such as {TELEGRAM}")
    return text.rstrip("/")


def _webhook_url(text: str, stand_in: bool) -> str:
    right = f"an https address on one of Telegram's ports ({', '.join(map(str, WEBHOOK_PORTS))})"
    parts = _split(text, right)
    if not stand_in and parts.scheme != "https":
        raise _WrongError("is not https", right)
    if not stand_in and (parts.port or 443) not in WEBHOOK_PORTS:
        raise _WrongError(f"has port {parts.port}, which Telegram does not call", right)
    return text.rstrip("/") + "/telegram"


def _webhook_secret(text: str) -> Secret:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", text):
        raise _WrongError(
            "has characters that Telegram does not take, or too many", "1 to 256 of A-Z, a-z, 0-9, _ and -"
        )
    return Secret(text)


def _metrics_token(text: str) -> Secret:
    if not re.fullmatch(r"[!-~]{16,}", text):
        raise _WrongError("is short or has spaces in it", "16 or more letters and digits, picked at random")
    return Secret(text)


def _port(text: str) -> int:
    if not re.fullmatch(r"\d{1,5}", text, re.ASCII) or not 1 <= int(text) <= 65_535:
        raise _WrongError(f"is {text!r}", "a number from 1 to 65535")
    return int(text)


def _switch(text: str) -> bool:
    return _one_of(text, ("0", "1")) == "1"


def _one_of(text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise _WrongError(f"is {text!r}", f"{', '.join(allowed[:-1])} or {allowed[-1]}")
    return text


def _number(text: str, right: str, least: float, most: float) -> float:
    if not re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII) or not least <= float(text) <= most:
        raise _WrongError(f"is {text!r}", right)
    return float(text)


def _send_rate(text: str, paid: bool) -> float:
    most = PAID_LIMIT if paid else BULK_LIMIT
    more = "" if paid else f" (to {PAID_LIMIT} where PAID_BROADCAST=1)"
    return _number(text, f"notices a second, from 0.1 to {most}{more}", 0.1, most)


def _duration(text: str) -> timedelta:
    return timedelta(seconds=_number(text, f"seconds, from 0 to {WEEK}", 0, WEEK))


def _clock_offset(text: str, stand_in: bool) -> float:
    offset = _number(text, "seconds, such as -310000000", -CENTURY, CENTURY)
    if offset and not stand_in:
        raise _WrongError("is set while Telegram itself is talked to", "no offset, or a TELEGRAM_API_URL on loopback")
    return offset


def _quiet_hours(text: str) -> tuple[time, time] | None:
    if text.lower() == "off":
        return None
    match = re.fullmatch(r"([01]?\d|2[0-3])\s*-\s*([01]?\d|2[0-3])", text, re.ASCII)
    if not match or int(match[1]) == int(match[2]):
        raise _WrongError(f"is {text!r}", "two hours of the office's day from 00 to 23, such as 21-06, or off")
    return time(int(match[1])), time(int(match[2]))


def _channel(text: str) -> int | str:
    if re.fullmatch(r"-100\d{5,}", text, re.ASCII):
        return int(text)
    if re.fullmatch(r"@[A-Za-z]\w{3,}", text, re.ASCII):
        return text
    raise _WrongError(f"is {text!r}", "a public channel's name, such as @nama_kanal, or its id, such as -1001234567890")


def _warnings(environ: Mapping[str, str], api_url: str) -> tuple[str, ...]:
    """What may be meant so, but deserves a word at start."""
    env = _Environment(environ)
    sqlite = environ.get("DATABASE_URL", "").strip().partition(":")[0] in ("", "sqlite")
    host = next((name for name in FORGETFUL_HOSTS if env.has(name)), None)
    found = []
    if not env.has("OWNER_IDS"):
        found.append("OWNER_IDS is not set: nobody can report from Telegram until it names somebody.")
    if sqlite and host:
        found.append(
            f"DATABASE_URL is SQLite on a host that may forget its disk ({host} is set): use PostgreSQL there."
        )
    if api_url.startswith("http://") and not on_loopback(api_url):
        found.append("TELEGRAM_API_URL is plain http beyond this machine: the token travels readable.")
    return tuple(found)
