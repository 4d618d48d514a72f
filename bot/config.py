"""The settings of one deployment, read from the environment with every fault told at once."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from bot.faults import OperatorError
from bot.secret import Secret
from bot.settings_reading import (
    TELEGRAM,
    Fault,
    Variables,
    address_of,
    channel_of,
    clock_offset_of,
    database_url_of,
    duration_of,
    file_of,
    metrics_token_of,
    one_of,
    port_of,
    quiet_hours_of,
    send_rate_of,
    switch_of,
    token_of,
    user_ids_of,
    webhook_secret_of,
    webhook_url_of,
)

_SQLITE = "sqlite:///"
KENDARI = Path(__file__).parent / "catalogues" / "kendari.toml"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
FORGETFUL_HOSTS = ("DYNO", "RAILWAY_ENVIRONMENT", "RENDER", "FLY_APP_NAME", "K_SERVICE")  # set there by the host


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
        env = Variables(environ)
        token = env.get("BOT_TOKEN", token_of, None)
        if needs_token and not env.has("BOT_TOKEN"):
            env.faults.append(Fault("BOT_TOKEN", "is missing", "the token that @BotFather gave"))
        api_url = env.get("TELEGRAM_API_URL", address_of, TELEGRAM)
        paid = env.get("PAID_BROADCAST", switch_of, False)
        settings = cls(
            token=token,
            owner_ids=env.get("OWNER_IDS", user_ids_of, frozenset()),
            database_url=env.get("DATABASE_URL", database_url_of, Secret("sqlite:///loket.db")),
            catalogue=env.get("CATALOGUE", file_of, KENDARI),
            telegram_api_url=api_url,
            webhook_url=env.get("WEBHOOK_URL", lambda text: webhook_url_of(text, on_loopback(api_url)), None),
            webhook_secret=env.get("WEBHOOK_SECRET", webhook_secret_of, token and derived_secret(token)),
            port=env.get("PORT", port_of, 8080),
            serves_http=env.has("WEBHOOK_URL") or env.has("PORT"),
            send_rate=env.get("SEND_RATE", lambda text: send_rate_of(text, paid), 25.0),
            paid_broadcast=paid,
            resume_hold=env.get("RESUME_HOLD", duration_of, timedelta(seconds=120)),
            notice_gap=env.get("NOTICE_GAP", duration_of, timedelta(seconds=1800)),
            quiet_hours=env.get("QUIET_HOURS", quiet_hours_of, (time(21), time(6))),
            channel_id=env.get("CHANNEL_ID", channel_of, None),
            clock_offset=env.get("CLOCK_OFFSET", lambda text: clock_offset_of(text, on_loopback(api_url)), 0.0),
            metrics_token=env.get("METRICS_TOKEN", metrics_token_of, None),
            log_format=env.get("LOG_FORMAT", lambda text: one_of(text.lower(), ("console", "json")), None),
            log_level=env.get("LOG_LEVEL", lambda text: one_of(text.upper(), LOG_LEVELS), "INFO"),
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


def _warnings(environ: Mapping[str, str], api_url: str) -> tuple[str, ...]:
    """What may be meant so, but deserves a word at start."""
    env = Variables(environ)
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
