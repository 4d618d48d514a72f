"""A database is brought up to date once, never by halves, and never by an older Loket."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.store import DatabaseAway, DatabaseNewer, DatabaseOutdated, Store, migrate
from bot.store.engine import open_sync_engine, read_url
from bot.store.errors import BrokenReferences
from bot.store.migration import alone, check_references, upgrade
from bot.store.revisions import known_revisions, newest
from bot.store.tables import metadata

ROOT = Path(__file__).parents[2]


def test_migrating_twice_does_nothing_the_second_time(database_url: str) -> None:
    assert migrate(database_url)
    assert not migrate(database_url)


def test_the_revisions_are_those_that_alembic_finds() -> None:
    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    config.set_main_option("path_separator", "os")

    script = ScriptDirectory.from_config(config)

    assert script.get_heads() == [newest()]
    assert {revision.revision for revision in script.walk_revisions()} == set(known_revisions())


def test_processes_that_start_together_migrate_once(database_url: str) -> None:
    command = [sys.executable, "-c", f"from bot.store import migrate; print(migrate({database_url!r}))"]

    starts = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = sorted(start.communicate(timeout=60)[0].strip() for start in starts)

    assert answers == ["False", "False", "False", "True"]
    assert [start.returncode for start in starts] == [0, 0, 0, 0]


def _set_revision(url: str, revision: str) -> None:
    engine = open_sync_engine(read_url(url))
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


async def test_a_database_of_a_later_loket_is_refused_and_left_as_it_is(database_url: str) -> None:
    migrate(database_url)
    _set_revision(database_url, "9999")
    store = Store(database_url)

    with pytest.raises(DatabaseNewer, match="9999"):
        migrate(database_url)
    with pytest.raises(DatabaseNewer, match="9999"):
        await store.open()

    await store.close()
    _set_revision(database_url, newest())
    assert not migrate(database_url)


async def test_a_database_that_was_not_migrated_is_not_opened(database_url: str) -> None:
    store = Store(database_url)

    with pytest.raises(DatabaseOutdated, match="loket migrate"):
        await store.open()

    await store.close()


def test_a_failure_half_way_leaves_nothing(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_connection: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr("bot.store.migration.check_references", fail)
        with pytest.raises(ZeroDivisionError):
            migrate(database_url)

    assert _catalogue(database_url) == {}
    assert migrate(database_url)


def test_the_tables_are_what_the_migrations_make(database_url: str) -> None:
    migrate(database_url)

    engine = open_sync_engine(read_url(database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "target_metadata": metadata}
        )
        difference = compare_metadata(context, metadata)
    engine.dispose()

    assert difference == []


def test_a_database_made_at_once_equals_a_migrated_one(database_url: str) -> None:
    """Alembic's own comparison overlooks CHECKs and a partial index's WHERE."""
    migrate(database_url)
    migrated = _catalogue(database_url)
    engine = open_sync_engine(read_url(database_url))
    with engine.begin() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
    engine.dispose()

    assert _catalogue(database_url) == migrated
    assert len(migrated) > len(metadata.tables)


def _catalogue(url: str) -> dict[tuple[str, ...], Any]:
    """Every table, column, constraint and index in the database's own words; the order of clauses says nothing."""
    engine = open_sync_engine(read_url(url))
    statements = _SQLITE_CATALOGUE if engine.dialect.name == "sqlite" else _POSTGRESQL_CATALOGUE
    with engine.connect() as connection:
        rows = [row for statement in statements for row in connection.execute(sa.text(statement))]
    engine.dispose()
    return {tuple(row[:-1]): sorted(" ".join(str(row[-1]).split()).replace(" )", "").split(", ")) for row in rows}


_SQLITE_CATALOGUE = (
    "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' AND name NOT LIKE 'sqlite%'",
)
_POSTGRESQL_CATALOGUE = (
    "SELECT table_name, column_name, concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default)"
    " FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace AND conrelid <> coalesce(to_regclass('alembic_version'), 0)",
    "SELECT tablename, indexname, indexdef FROM pg_indexes"
    " WHERE schemaname = 'public' AND tablename <> 'alembic_version'",
)


def test_sqlite_is_left_in_a_mode_in_which_readers_do_not_wait(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'loket.db'}"
    migrate(url)
    _set_journal_mode(url, "DELETE")

    migrate(url)

    assert _set_journal_mode(url, "") == "wal"


def _set_journal_mode(url: str, mode: str) -> str:
    engine = open_sync_engine(read_url(url))
    connection = engine.raw_connection()
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA journal_mode{'=' if mode else ''}{mode}")
    (answer,) = cursor.fetchone() or ("",)
    connection.close()
    engine.dispose()
    return str(answer)


def test_rows_that_refer_to_nothing_stop_a_migration(tmp_path: Path) -> None:
    engine = open_sync_engine(read_url(f"sqlite:///{tmp_path / 'loket.db'}"))

    with engine.begin() as connection:
        metadata.create_all(connection)
        connection.exec_driver_sql("INSERT INTO deliveries (notice, chat, changes, status, due_at) VALUES (1,1,'',1,1)")
        with pytest.raises(BrokenReferences, match="deliveries"):
            check_references(connection)
    engine.dispose()


def test_a_database_that_cannot_be_reached_is_said_to_be_away(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path / 'missing' / 'loket.db'}", f"postgresql://u:rahasia@/x?host={tmp_path}"):
        with pytest.raises(DatabaseAway) as told:
            migrate(url)
        assert "rahasia" not in f"{told.value} {told.value.__cause__}"


def test_a_bug_in_a_migration_is_not_taken_for_a_database_that_is_away(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask_nonsense(connection: sa.Connection) -> None:
        connection.execute(sa.text("SELECT * FROM nowhere"))

    monkeypatch.setattr("bot.store.migration.check_references", ask_nonsense)

    with pytest.raises((sa.exc.OperationalError, sa.exc.ProgrammingError)):
        migrate(database_url)


def test_who_comes_second_finds_it_done(database_url: str) -> None:
    migrate(database_url)
    engine = open_sync_engine(read_url(database_url))

    with alone(engine) as connection:
        done = upgrade(connection)
    engine.dispose()

    assert not done


def test_a_file_that_another_process_holds_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.migration._ATTEMPTS", 2)
    monkeypatch.setattr("bot.store.engine.MIGRATION_SECONDS", 0)
    url = f"sqlite:///{tmp_path / 'loket.db'}"
    migrate(url)
    _set_journal_mode(url, "DELETE")
    engine = open_sync_engine(read_url(url))

    with engine.execution_options(begin="IMMEDIATE").begin(), pytest.raises(DatabaseAway, match="locked"):
        migrate(url)
    engine.dispose()
