"""An office of several processes on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tests import postgres
from tests.journeys.deployment import Deployment, clock_at
from tests.journeys.town import Town

STAND_BY = clock_at("2026-08-04 10.00")["CLOCK_OFFSET"]  # the same for all of them


class Office:
    """The processes of one office, and its database."""

    def __init__(self, town: Town, folder: Path, database: str, balancer: str) -> None:
        self.address = balancer
        self._town, self._folder, self._database = town, folder, database
        self.processes: list[Deployment] = []

    def add(self, kind: str, **settings: str) -> Deployment:
        folder = self._folder / f"{kind}{len(self.processes)}"
        folder.mkdir()
        common = {"DATABASE_URL": self._database, "WEBHOOK_URL": self.address, "CLOCK_OFFSET": STAND_BY} | settings
        process = Deployment(self._town.url, self._town.token, folder, kind, **common)
        self.processes.append(process)
        return process

    def query(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self._database, autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()

    async def __aenter__(self) -> Office:
        return self

    async def __aexit__(self, *_: object) -> None:
        for process in self.processes:
            await process.close()


@contextmanager
def away(server: str, database: str) -> Iterator[None]:
    """The database takes no connection, and those that were there are cut."""
    name = database.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(postgres.url(server, "postgres"), autocommit=True) as connection:
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        connection.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        yield
        connection.execute(allow.format(sql.Identifier(name), sql.SQL("true")))
