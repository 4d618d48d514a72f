"""An office moves to PostgreSQL: all of it or nothing, and it goes on counting where it was; and a backup in use."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.rules.broadcasts import SENDER, ProgressMessage
from bot.rules.chats import LastQuestion
from bot.rules.drafts import Draft
from bot.rules.notices import DeliveryStatus, Settlement
from bot.rules.schedule import SpecialDays
from bot.rules.staff import Deed, DeedKind, Invitation, Member, Role
from bot.rules.statistics import Asked, hashed
from bot.store import DatabaseAway, DatabaseOutdated, DatabaseUrlFault, Store, backup, migrate
from bot.store import copying as module
from bot.store.backup import BackupError, back_up
from bot.store.copying import TABLES, CopyError, copy
from bot.store.engine import open_sync_engine, read_url
from tests import postgres
from tests.store.examples import NOW, SITI, after, claimed, fanned_out, previewed, reported, subscribed

CHATS = range(747100101, 747100112)
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Store]:
    """A database with something in every table, and numbers that were given and are gone."""
    url = f"sqlite:///{tmp_path / 'loket.db'}"
    migrate(url)
    store = Store(url)
    await store.open()
    await reported(store, preview="a1b2")
    for chat in CHATS:
        await subscribed(store, chat, outages=chat % 2 == 0)
    notice = await fanned_out(store, *CHATS)
    told = (await claimed(store))[0]
    sent = Settlement(told.id, DeliveryStatus.SENT, NOW, message=7, ended=(("ktp_cetak", "kendari/kantor"),))
    async with store.writing() as session:
        await session.settle([sent])
        await session.save_preview(previewed())
        await session.start_draft(Draft(SITI.id, 5, SITI, NOW))
        await session.remember_language(CHATS[0], "en")
        await session.remember_questions([LastQuestion(CHATS[1], "service_status", ("ktp",), NOW)])
        await session.count_unmatched(NOW.date(), "satu kata")
        await session.record_refusal(NOW, CHATS[2], "/lapor")
        await session.ask("opening", CHATS[4], NOW)
        await session.add_special_days(SpecialDays(0, (), SITI, NOW))
        await session.add_questions([Asked(NOW, "ktp", True, 3)])
        await session.add_spared(NOW.date(), [hashed(CHATS[5], str(await session.salt_of(NOW.date(), "f00d")))])
        await session.set_member(Member(747100204, "Budi", Role.STAFF, NOW))
        await session.add_invitation("d1", Invitation(0, SITI, Role.ADMIN, None, NOW))
        await session.record_deed(Deed(NOW, SITI, DeedKind.INVITED, now="admin"))
        await session.follow(ProgressMessage(CHATS[3], 9, notice.report, NOW, None))
        await session.take_lease(SENDER, "stopped", NOW, after(seconds=8))
        await session.forget_chat(CHATS[-1])  # the highest numbers go
    yield store
    await store.close()


def source(folder: Path) -> str:
    return f"sqlite:///{folder / 'loket.db'}"


def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows by table, as Loket reads them."""
    engine = open_sync_engine(read_url(url))
    with engine.connect() as connection:
        found = {one.name: sorted((tuple(row) for row in connection.execute(select(one))), key=repr) for one in TABLES}
    engine.dispose()
    return found


async def test_all_of_it_is_there_afterwards_and_numbers_are_not_given_twice(
    office: Store, tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 3)
    done: dict[str, int] = {}

    copy(source(tmp_path), postgresql_url, LATER, done.__setitem__)

    there = everything(postgresql_url)
    assert there == everything(source(tmp_path))
    assert done == {name: len(rows) for name, rows in there.items()}
    assert all(done.values())
    moved = Store(postgresql_url)
    await moved.open()
    newer = [await subscribed(one, 747100999) for one in (office, moved)]
    await moved.close()
    assert newer[0].id == newer[1].id > max(row[0] for row in there["subscriptions"]) + 1


async def test_it_can_move_on_from_one_postgresql_to_another(
    office: Store, tmp_path: Path, postgresql_url: str, postgresql_server: str
) -> None:
    copy(source(tmp_path), postgresql_url, LATER)
    with pytest.raises(CopyError, match="the database itself"):
        copy(postgresql_url, postgresql_url, LATER)

    engine = open_sync_engine(read_url(postgresql_url))
    with engine.connect() as connection:
        (table,) = [one for one in TABLES if one.name == "subscriptions"]
        assert module._given(connection, table) >= len(CHATS)
    engine.dispose()


async def test_a_target_that_is_not_empty_stays_as_it_is(office: Store, tmp_path: Path, postgresql_url: str) -> None:
    migrate(postgresql_url)
    theirs = Store(postgresql_url)
    await theirs.open()
    await subscribed(theirs, 747100998)
    await theirs.close()
    before = everything(postgresql_url)

    with pytest.raises(CopyError, match="not empty: subscriptions"):
        copy(source(tmp_path), postgresql_url, LATER)

    assert everything(postgresql_url) == before


async def test_a_copy_that_differs_is_not_kept(
    office: Store, tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    added: Callable[..., int] = module._added
    sums = 0

    def one_bit_off(checksum: int, rows: Any) -> int:
        nonlocal sums
        sums += 1
        return added(checksum, rows) + (sums == 6)

    monkeypatch.setattr(module, "_added", one_bit_off)

    with pytest.raises(CopyError, match="differs after the copy"):
        copy(source(tmp_path), postgresql_url, LATER)

    assert not any(everything(postgresql_url).values())


async def test_a_database_at_which_a_bot_works_is_not_copied(
    office: Store, tmp_path: Path, postgresql_url: str
) -> None:
    with pytest.raises(CopyError, match="a bot is at work"):
        copy(source(tmp_path), postgresql_url, NOW)


async def test_nobody_writes_what_a_copy_would_leave_behind(
    office: Store, tmp_path: Path, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []

    def reports_meanwhile(table: str, _rows: int) -> None:
        with sqlite3.connect(tmp_path / "loket.db", timeout=0) as late:
            try:
                late.execute("DELETE FROM chats")
            except sqlite3.OperationalError as error:
                refused.append(str(error))

    copy(source(tmp_path), postgresql_url, LATER, reports_meanwhile)

    assert refused == ["database is locked"] * len(TABLES)


async def test_a_postgresql_that_was_never_brought_up_to_date_is_not_copied(
    postgresql_url: str, postgresql_server: str
) -> None:
    with pytest.raises(DatabaseOutdated):
        copy(postgresql_url, postgres.url(postgresql_server, "postgres"), LATER)


async def test_a_text_that_postgresql_does_not_take_is_said(office: Store, tmp_path: Path, postgresql_url: str) -> None:
    with sqlite3.connect(tmp_path / "loket.db") as odd:
        odd.execute("UPDATE staff SET name = 'Bu' || char(0) || 'di'")

    with pytest.raises(CopyError, match="staff has a row"):
        copy(source(tmp_path), postgresql_url, LATER)


def test_what_cannot_be_copied_is_said(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "loket.db").close()
    away = "postgresql://loket@127.0.0.1:9/loket"

    with pytest.raises(CopyError, match="PostgreSQL"):
        copy(source(tmp_path), f"sqlite:///{tmp_path / 'other.db'}", NOW)
    with pytest.raises(DatabaseUrlFault):
        copy(source(tmp_path), "mysql://a/b", NOW)
    with pytest.raises(DatabaseOutdated):
        copy(source(tmp_path), away, NOW)
    with pytest.raises(DatabaseAway):
        copy(away, "postgresql://other@127.0.0.1:9/loket", NOW)


async def test_a_backup_in_use_is_whole_and_only_for_its_owner(office: Store, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    async with office.writing() as session:  # half a change, which is not in it
        await session.remember_language(747100997, "en")

        size = back_up(source(tmp_path), file)

    assert size == file.stat().st_size > 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.glob("*backup*")) == ["backup.db"]
    kept, now = everything(f"sqlite:///{file}"), everything(source(tmp_path))
    assert len(kept["chats"]) == len(now["chats"]) - 1
    assert {name: rows for name, rows in kept.items() if name != "chats"} == {
        name: rows for name, rows in now.items() if name != "chats"
    }


def test_a_backup_takes_no_files_place_and_says_what_is_in_its_way(tmp_path: Path) -> None:
    url = source(tmp_path)
    with pytest.raises(BackupError, match="no database"):
        back_up(url, tmp_path / "backup.db")
    migrate(url)
    (tmp_path / "backup.db").write_text("another")

    with pytest.raises(BackupError, match="there already"):
        back_up(url, tmp_path / "backup.db")
    with pytest.raises(BackupError, match="cannot be written"):
        back_up(url, tmp_path / "nowhere" / "backup.db")
    with pytest.raises(BackupError, match="pg_dump --format=custom"):
        back_up("postgresql://loket@127.0.0.1:9/loket", tmp_path / "backup.db")

    assert (tmp_path / "backup.db").read_text() == "another"


def test_a_backup_that_is_damaged_or_cannot_end_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate(source(tmp_path))

    def damaged(_source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_copy", damaged)
    with pytest.raises(BackupError, match="No space left"):
        back_up(source(tmp_path), tmp_path / "backup.db")

    def overtaken(_source: Path, _target: Path) -> None:
        (tmp_path / "backup.db").write_text("somebody else's")

    monkeypatch.setattr(backup, "_copy", overtaken)
    with pytest.raises(BackupError, match="there already"):
        back_up(source(tmp_path), tmp_path / "backup.db")

    assert sorted(path.name for path in tmp_path.iterdir() if "backup" in path.name) == ["backup.db"]
    assert (tmp_path / "backup.db").read_text() == "somebody else's"


def test_what_is_no_database_is_not_backed_up(tmp_path: Path) -> None:
    (tmp_path / "loket.db").write_text("no database at all, but a text that is long enough to look like one" * 20)

    with pytest.raises(DatabaseAway):
        back_up(source(tmp_path), tmp_path / "backup.db")

    assert [path.name for path in tmp_path.iterdir()] == ["loket.db"]
