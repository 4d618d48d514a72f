"""What is remembered: `Store` opens a database, `Session` holds the verbs, `migrate` brings the schema up to date."""

from bot.store.errors import (
    AlreadyPublished,
    DatabaseAway,
    DatabaseNewer,
    DatabaseOutdated,
    DatabaseUrlFault,
    StoreError,
    is_away,
)
from bot.store.migration import migrate
from bot.store.store import Session, Store

__all__ = [
    "AlreadyPublished",
    "DatabaseAway",
    "DatabaseNewer",
    "DatabaseOutdated",
    "DatabaseUrlFault",
    "Session",
    "Store",
    "StoreError",
    "is_away",
    "migrate",
]
