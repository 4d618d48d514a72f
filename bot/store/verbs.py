"""What all groups of verbs stand on: one connection, one transaction."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

REPORTS_LOCK = 7_471_001  # advisory locks of PostgreSQL are plain numbers; these two are Loket's
MIGRATION_LOCK = 7_471_002


class Verbs:
    """A share of the session's verbs."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock_reports(self) -> None:
        """One report at a time. On SQLite there is but one writer anyway."""
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": REPORTS_LOCK})
