"""Reports are appended and never changed; a preview becomes one report at most."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import StatementError

from bot.rules.catalogue import State
from bot.rules.chats import LastQuestion
from bot.rules.reports import Assertion, Estimate, Moment, Report, ReportKind
from bot.store import AlreadyPublished, Store
from tests.store.examples import CUT, NOW, SITI, after, previewed, reported

RICH = Assertion(
    "blanks",
    "kendari/kantor",
    State.LIMITED,
    cause="blangko tinggal sedikit",
    since=Moment(NOW, whole_day=True),
    estimate=Estimate(Moment(after(days=2))),
    spares=frozenset({"kk", "kia"}),
    planned_from=after(hours=3),
)


async def test_a_report_is_read_as_it_was_written(store: Store, fresh: Store) -> None:
    assertions = (RICH, CUT, Assertion("kk", "kendari", State.AVAILABLE, estimate=Estimate(None), spares=frozenset()))

    async with store.writing() as session:
        written = await session.append_report(NOW, SITI, ReportKind.ASSERTION, assertions)

    async with fresh.reading() as session:
        read = await session.reports()
    assert read == (written,)
    assert written == Report(1, NOW, SITI, ReportKind.ASSERTION, assertions)


async def test_a_moment_keeps_the_day_that_the_office_meant(store: Store, fresh: Store) -> None:
    early = Moment(NOW.replace(hour=1), whole_day=True)

    async with store.writing() as session:
        await session.append_report(
            NOW, SITI, ReportKind.ASSERTION, (Assertion("kk", "kendari", State.LIMITED, since=early),)
        )

    async with fresh.reading() as session:
        (report,) = await session.reports()
    assert report.assertions[0].since is not None
    assert report.assertions[0].since.at.date() == NOW.date()


async def test_an_empty_office_has_no_newest_report(store: Store) -> None:
    async with store.reading() as session:
        assert await session.newest_report() == 0
        assert await session.reports() == ()
        assert await session.report(1) is None


async def test_reports_are_numbered_in_order_without_gaps(store: Store, fresh: Store) -> None:
    for minute in range(3):
        await reported(store, at=after(minutes=minute))

    async with fresh.reading() as session:
        assert [report.number for report in await session.reports()] == [1, 2, 3]
        assert [report.number for report in await session.reports(after=1)] == [2, 3]
        assert await session.newest_report() == 3


async def test_a_report_that_was_undone_leaves_no_gap(store: Store, fresh: Store) -> None:
    async def reported_in_vain() -> None:
        async with store.writing() as session:
            await session.append_report(NOW, SITI, ReportKind.ASSERTION, (CUT,))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await reported_in_vain()

    assert (await reported(fresh)).number == 1


async def test_a_retraction_names_the_report_it_takes_back(store: Store, fresh: Store) -> None:
    wrong = await reported(store)

    async with store.writing() as session:
        await session.append_report(after(minutes=5), SITI, ReportKind.RETRACTION, retracts=wrong.number)

    async with fresh.reading() as session:
        retraction = await session.report(2)
    assert retraction == Report(2, after(minutes=5), SITI, ReportKind.RETRACTION, (), wrong.number)


async def test_a_preview_becomes_one_report_however_often_it_is_tapped(store: Store, fresh: Store) -> None:
    first = await reported(store, preview="a1b2")

    with pytest.raises(AlreadyPublished) as refused:
        await reported(store, preview="a1b2")

    assert refused.value.report == first
    async with fresh.reading() as session:
        assert await session.newest_report() == 1


async def test_two_processes_that_publish_at_once_make_one_report_of_a_preview(store: Store, fresh: Store) -> None:
    outcomes = await asyncio.gather(
        *(reported(one, preview="a1b2") for one in (store, fresh) * 5), return_exceptions=True
    )

    assert sum(isinstance(outcome, Report) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, AlreadyPublished) for outcome in outcomes) == 9


async def test_what_a_reporting_session_read_still_holds_when_it_appends(store: Store, fresh: Store) -> None:
    async def read_then_append(one: Store) -> bool:
        async with one.writing(reporting=True) as session:
            seen = await session.newest_report()
            await asyncio.sleep(0)
            return (await session.append_report(NOW, SITI, ReportKind.CONFIRMATION)).number == seen + 1

    assert all(await asyncio.gather(*(read_then_append(one) for one in (store, fresh) * 10)))


async def test_a_preview_is_found_until_it_is_closed_and_after(store: Store, fresh: Store) -> None:
    async with store.writing() as session:
        await session.save_preview(previewed())
        await session.set_preview_message("a1b2", 77)
        first = await session.close_preview("a1b2", "published")
        second = await session.close_preview("a1b2", "cancelled")

    async with fresh.reading() as session:
        found = await session.preview("a1b2")
        assert await session.preview("other") is None
    assert (first, second) == (True, False)
    assert found is not None
    assert (found.message, found.closed, found.assertions) == (77, "published", (CUT,))
    assert found.expires_at - found.made_at == timedelta(minutes=10)


def test_a_preview_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        previewed(made_at=NOW.replace(tzinfo=None))


async def test_a_time_without_a_zone_is_never_stored(store: Store) -> None:
    async with store.writing() as session:
        with pytest.raises(StatementError, match="aware"):
            await session.remember_questions([LastQuestion(1, "greeting", (), NOW.replace(tzinfo=None))])
