"""What all tests may ask for: a fresh database on each engine, and a store on it."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from bot.store import Store, migrate
from tests import postgres
from tests.migrated import migrated

# How long an example takes says more of the machine than of the code; CI tries the same ones each time.
settings.register_profile(
    "loket", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("loket")

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a server that lives as long as the tests, without the database's name."""
    child, folder = postgres.start()
    yield folder
    postgres.stop(child)


@pytest.fixture(scope="session")
def migrated_database(postgresql_server: str) -> str:
    """The name of a database on PostgreSQL with the newest schema and nothing in it."""
    with psycopg.connect(postgres.url(postgresql_server, "postgres"), autocommit=True) as server:
        server.execute("CREATE DATABASE migrated")
    migrate(postgres.url(postgresql_server, "migrated"))
    return "migrated"


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest, postgresql_server: str) -> Iterator[str]:
    """An empty database on PostgreSQL; with the newest schema in it where the test asks for a `store`."""
    name = f"loket_{next(_numbers)}"
    template = request.getfixturevalue("migrated_database") if "store" in request.fixturenames else "template1"
    with psycopg.connect(postgres.url(postgresql_server, "postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield postgres.url(postgresql_server, name)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database; the test runs once on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'loket.db'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """A store on a fresh database."""
    if database_url.startswith("sqlite"):
        migrated(Path(database_url.removeprefix("sqlite:///")))
    async with _opened(database_url) as opened:
        yield opened


@pytest.fixture
async def fresh(store: Store, database_url: str) -> AsyncIterator[Store]:
    """Another store on the database of `store`: what it reads was truly kept."""
    async with _opened(database_url) as opened:
        yield opened


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Store]:
    store = Store(url)
    await store.open()
    try:
        yield store
    finally:
        await store.close()
