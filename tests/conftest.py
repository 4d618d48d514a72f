"""What all tests may ask for: a fresh database on each engine, and a store on it."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from bot.store import Store, migrate
from bot.store.tables import metadata
from tests import postgres
from tests.migrated import migrated
from tests.pooler import MISSING, installed, pooler

# How long an example takes says more of the machine than of the code; CI tries the same ones each time.
settings.register_profile(
    "loket", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("loket")

_numbers = itertools.count(1)
_END_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pgbouncer", action="store_true", help="reach PostgreSQL through it")


@pytest.fixture(scope="session")
def way(request: pytest.FixtureRequest, postgresql_server: str) -> Iterator[str]:
    """Where a Loket finds the server: straight, or through a pooler."""
    if not request.config.getoption("--pgbouncer"):
        yield postgresql_server
        return
    if not installed():
        pytest.skip(MISSING)
    with pooler(postgresql_server) as folder:
        yield folder


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a server that lives as long as the tests, without the database's name."""
    child, folder = postgres.start()
    yield folder
    postgres.stop(child)


@pytest.fixture(scope="session")
def emptied(postgresql_server: str, way: str) -> Callable[[], str]:
    """Gives a database on PostgreSQL with the newest schema and nothing in it; made once, as that takes longest."""
    straight, url = _created(postgresql_server, "emptied"), postgres.url(way, "emptied")
    migrate(url)
    tables = "; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables))

    def empty() -> str:
        with psycopg.connect(straight, autocommit=True) as connection:
            connection.execute(_END_OTHERS)
            connection.execute(tables)
            connection.execute("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
        return url

    return empty


@pytest.fixture
def postgresql_url(request: pytest.FixtureRequest, postgresql_server: str, way: str) -> Iterator[str]:
    """An empty database on PostgreSQL; with the newest schema in it where the test asks for a `store`."""
    if "store" in request.fixturenames:
        yield request.getfixturevalue("emptied")()
        return
    name = f"loket_{next(_numbers)}"
    _created(postgresql_server, name)
    yield postgres.url(way, name)
    with _administering(postgresql_server) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _created(server: str, name: str) -> str:
    with _administering(server) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return postgres.url(server, name)


def _administering(server: str) -> psycopg.Connection:
    return psycopg.connect(postgres.url(server, "postgres"), autocommit=True)


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
