"""The kinds of process that an office may run: what each does, and what it needs of the settings."""

from __future__ import annotations

from enum import Enum

from bot.config import ConfigError, Settings
from bot.settings_reading import Fault

_POSTGRESQL = "postgresql://user:password@host/name, which several processes can share; on SQLite use `loket run`"


class Process(Enum):
    """`loket run` is the whole office; `web` and `worker` share the work, any number of each."""

    RUN = "run"
    WEB = "web"
    WORKER = "worker"

    @property
    def receives(self) -> bool:
        """Whether it answers what people write."""
        return self is not Process.WORKER

    @property
    def sends(self) -> bool:
        """Whether it sends notices, or stands by to do so."""
        return self is not Process.WEB

    def serves(self, settings: Settings) -> bool:
        """Whether it answers HTTP: a worker may share its settings with a web on the same machine."""
        return self is Process.WEB or (self is Process.RUN and settings.serves_http)

    def check(self, settings: Settings) -> None:
        """Raises ConfigError where this process cannot work with these settings."""
        faults = []
        if self is not Process.RUN and settings.database_url.reveal().startswith("sqlite"):
            faults.append(Fault("DATABASE_URL", f"is SQLite, which `loket {self.value}` cannot use", _POSTGRESQL))
        if self is Process.WEB and settings.webhook_url is None:
            faults.append(
                Fault("WEBHOOK_URL", "is missing", "the public https address at which Telegram finds `loket web`")
            )
        if faults:
            raise ConfigError(tuple(faults))
