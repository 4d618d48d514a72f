"""A session is one transaction: kept whole or not at all, one writer at a time, readers never waiting."""

from __future__ import annotations

import asyncio
import random

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.rules.chats import LastQuestion
from bot.rules.reports import ReportKind
from bot.store import DatabaseAway, Session, Store, migrate, silence
from tests import postgres
from tests.patience import ANSWER
from tests.store.examples import CUT, NOW, SITI, noticed, reported, subscribed


async def test_readers_do_not_wait_for_the_writer_and_see_nothing_half_done(store: Store) -> None:
    async with store.writing(reporting=True) as writer:
        await writer.append_report(NOW, SITI, ReportKind.ASSERTION, (CUT,))
        async with asyncio.timeout(ANSWER), store.reading() as reader:
            seen = await reader.newest_report()

    async with store.reading() as reader:
        kept = await reader.newest_report()
    assert (seen, kept) == (0, 1)


async def test_writers_wait_for_each_other_and_none_fails(store: Store, fresh: Store) -> None:
    await asyncio.gather(*(reported(one) for one in (store, fresh) * 15))

    async with store.reading() as session:
        assert [report.number for report in await session.reports()] == list(range(1, 31))


async def test_a_failure_undoes_the_whole_session(store: Store, fresh: Store) -> None:
    async def fails_half_way() -> None:
        async with store.writing() as session:
            await session.append_report(NOW, SITI, ReportKind.ASSERTION, (CUT,))
            await session.remember_language(1, "en")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails_half_way()

    async with fresh.reading() as session:
        assert await session.newest_report() == 0
        assert (await session.chat_notes(1)).language is None


async def test_cancellation_leaves_no_half_transaction_and_no_lost_connection(store: Store, fresh: Store) -> None:
    chance = random.Random(7)

    async def report_with_its_mark(number: int) -> None:
        async with store.writing(reporting=True) as session:
            report = await session.append_report(NOW, SITI, ReportKind.ASSERTION, (CUT,))
            await session.remember_questions([LastQuestion(report.number, "mark", (), NOW)])

    kept: list[object] = []  # as a log or a task would: a cancellation's traceback holds the cursors it interrupted
    for number in range(60):
        task = asyncio.create_task(report_with_its_mark(number))
        await asyncio.sleep(chance.random() * 0.004)
        task.cancel()
        async with asyncio.timeout(ANSWER):
            kept += await asyncio.gather(task, return_exceptions=True)

    async with fresh.reading() as session:
        reports = await session.reports()
        marks = await session._connection.scalar(text("SELECT count(*) FROM chats"))
    assert marks == len(reports)
    assert store._engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert (await reported(store)).number == len(reports) + 1
    ends = {type(one) for one in kept}
    assert asyncio.CancelledError in ends
    assert ends <= {type(None), asyncio.CancelledError}


async def test_a_bug_is_not_taken_for_a_database_that_is_away(store: Store) -> None:
    async def asks_nonsense() -> None:
        async with store.reading() as session:
            await session._connection.execute(text("SELECT * FROM nowhere"))

    with pytest.raises((OperationalError, ProgrammingError)):
        await asks_nonsense()


async def test_a_database_that_is_away_is_said_so_with_its_cause(store: Store, postgresql_server: str) -> None:
    lost = Store(f"postgresql://siti:rahasia@/nowhere?host={postgresql_server}")

    with pytest.raises(DatabaseAway) as told:
        await lost.open()

    await lost.close()
    assert told.value.__cause__ is not None
    assert "rahasia" not in f"{told.value} {told.value.__cause__}"


async def test_a_lost_connection_is_away_once_and_the_store_goes_on(postgresql_url: str) -> None:
    migrate(postgresql_url)
    store, other = Store(postgresql_url), Store(postgresql_url)

    async def loses_its_connection() -> None:
        async with store.writing() as session:
            await session.remember_language(1, "en")
            async with other.writing() as killer:
                await killer._connection.execute(_LOSE_OTHERS)
            await session.remember_language(2, "en")

    with pytest.raises(DatabaseAway):
        await loses_its_connection()

    async with store.writing() as session:
        assert (await session.chat_notes(1)).language is None
        await session.remember_language(1, "id")
    await store.close()
    await other.close()


async def test_a_server_that_stands_still_is_given_up_and_the_store_goes_on(
    postgresql_url: str, postgresql_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(postgresql_url)
    store = Store(postgresql_url)
    monkeypatch.setattr(silence, "MOST_SECONDS", 0.3)

    async def asks_while_it_stands_still() -> None:
        async with asyncio.timeout(30), store.reading() as session:
            await session.newest_report()
            with postgres.frozen(postgresql_server):
                await session.newest_report()

    with pytest.raises(DatabaseAway):
        await asks_while_it_stands_still()

    async with store.reading() as session:
        assert await session.newest_report() == 0
    await store.close()


async def test_a_writer_has_its_limits_for_its_transaction_alone(postgresql_url: str) -> None:
    migrate(postgresql_url)
    store = Store(postgresql_url)
    limits = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")

    async def found(session: Session) -> list[str]:
        return [(await session._connection.execute(text(f"SHOW {limit}"))).scalar_one() for limit in limits]

    async with store.writing() as session:
        within = await found(session)
    async with store.reading() as session:
        after = await found(session)
    await store.close()

    assert (within, after) == (["5s", "30s", "8s"], ["0", "0", "0"])


_LOSE_OTHERS = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def test_an_error_shows_the_statement_and_not_what_was_in_it(store: Store) -> None:
    async def fails() -> None:
        async with store.reading() as session:
            await session._connection.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": "rahasia"})

    with pytest.raises((OperationalError, ProgrammingError)) as told:
        await fails()

    assert "nowhere" in str(told.value)
    assert "rahasia" not in str(told.value)


async def test_a_rich_session_holds_all_verbs_in_one_transaction(store: Store, fresh: Store) -> None:
    await subscribed(store, 1)
    notice = await noticed(store)

    async with store.writing() as session:
        chunk = await session.subscriptions_for(["ktp_cetak"], 0, 10)
        await session.add_deliveries(notice.id, [(chat[0].chat, notice.changes) for chat in chunk], NOW)
        await session.mark_released(notice.id, NOW, len(chunk))

    async with fresh.reading() as session:
        assert [one.told for one in await session.unfinished_notices()] == [1]
