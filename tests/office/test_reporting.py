"""Staff report in one line: shown first, published once, refused where something changed in between."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import datetime, time

import pytest

from bot.language.refusals import RefusedError
from bot.language.report_line import LineRefusedError
from bot.office.reporting import PREVIEW_LASTS
from bot.rules.catalogue import State
from bot.rules.notices import NoticeKind
from bot.rules.reports import Assertion, ReportKind
from bot.store import Store
from tests.office.house import ARMAN, BUDI, CITIZEN, HOLD, NEIGHBOUR, SITTI, SUBSCRIBER, House, named
from tests.rules.small_office import CATALOGUE, CITY, DOWN, HALF, MAIN, MALL, SILENT, UP, at


async def refusal_of(what: Awaitable[object]) -> str:
    """Why something was refused."""
    with pytest.raises(RefusedError) as refused:
        await what
    return refused.value.reason


async def test_a_preview_changes_nothing(house: House, fresh: Store) -> None:
    shown = await house.shows("lapor pusat putus")

    assert shown.following.changes
    async with fresh.reading() as session:
        assert await session.reports() == ()
        kept = await session.preview(shown.preview.id)
    assert kept == shown.preview
    assert kept.command == "/lapor pusat putus"
    assert house.office.citizens.view().board.state_of(("ktp_cetak", MAIN)) is SILENT


async def test_what_is_published_stands_at_once_with_what_it_owes(house: House, fresh: Store) -> None:
    done = await house.posts("lapor blangko habis")

    assert house.office.live.version == done.report.number == 1
    assert house.office.citizens.view().board.state_of(("ktp_cetak", MAIN)) is DOWN
    async with fresh.reading() as session:
        assert await session.reports() == (done.report,)
        owed = await session.unreleased_notices()
    assert [(notice.kind, notice.report) for notice in owed] == [(NoticeKind.OUTAGE, 1)]
    assert owed[0].release_at == house.watch()


async def test_a_return_waits_for_the_hold(house: House) -> None:
    await house.posts("lapor pusat putus")

    done = await house.posts("pulih pusat")

    back = next(notice for notice in done.notices if notice.kind is NoticeKind.RESUMPTION)
    assert back.release_at == house.watch() + HOLD
    assert house.office.citizens.view().board.cells["ktp_cetak", MAIN].settling


async def test_good_news_waits_for_the_morning(store: Store) -> None:
    house = House(store, now=at(2, 20, 59), quiet=(time(21), time(6)))
    await house.posts("lapor pusat putus")

    done = await house.posts("pulih pusat")

    assert [notice.release_at for notice in done.notices] == [at(3, 6)]


async def test_who_publishes_twice_publishes_once(house: House, fresh: Store) -> None:
    await house.office.subscribers.always(CITIZEN, ("ktp",))
    shown = await house.shows("lapor blangko habis")
    first = await house.office.staff.publish(shown.preview.id, SITTI)
    house.watch.goes_on(hours=1)

    again = await house.office.staff.publish(shown.preview.id, SITTI)

    assert again.report == first.report
    assert [notice.changes for notice in again.notices] == [notice.changes for notice in first.notices]
    assert again.told == first.told
    async with fresh.reading() as session:
        assert len(await session.reports()) == 1
        assert len(await session.unreleased_notices()) == 1


async def test_two_taps_at_once_are_one_report(house: House, fresh: Store) -> None:
    shown = await house.shows("lapor pusat putus")

    both = await asyncio.gather(*(house.office.staff.publish(shown.preview.id, SITTI) for _ in range(2)))

    assert {one.report.number for one in both} == {1}
    async with fresh.reading() as session:
        assert len(await session.reports()) == 1


async def test_of_two_conflicting_previews_published_at_once_one_wins(house: House, fresh: Store) -> None:
    mine = await house.shows("lapor pusat putus")
    theirs = await house.shows("lapor ktp_cetak tutup", ARMAN)

    outcomes = await asyncio.gather(
        house.office.staff.publish(mine.preview.id, SITTI),
        house.office.staff.publish(theirs.preview.id, ARMAN),
        return_exceptions=True,
    )

    refused = [one for one in outcomes if isinstance(one, RefusedError)]
    assert [one.reason for one in refused] == ["staff.conflict"]
    async with fresh.reading() as session:
        assert len(await session.reports()) == 1


async def test_two_offices_on_one_database_see_each_others_conflict(house: House, fresh: Store) -> None:
    elsewhere = House(fresh, watch=house.watch)
    mine = await house.shows("lapor pusat putus")
    await elsewhere.posts("lapor pusat terbatas", ARMAN)

    reason = await refusal_of(house.office.staff.publish(mine.preview.id, SITTI))

    assert reason == "staff.conflict"


async def test_a_conflict_names_who_changed_what_is_in_the_preview(house: House) -> None:
    mine = await house.shows("lapor blangko habis")
    await house.posts("lapor ktp_cetak tutup", ARMAN)
    await house.posts("lapor legalisir tutup", BUDI)

    with pytest.raises(RefusedError) as refused:
        await house.office.staff.publish(mine.preview.id, SITTI)

    assert "diubah oleh Arman" in house.reads(refused.value.answer)


async def test_a_conflict_names_who_took_back_what_is_in_the_preview(house: House) -> None:
    await house.posts("lapor ktp_cetak tutup", SITTI)
    mine = await house.shows("lapor blangko habis")
    await house.office.retracting.retract(1, ARMAN)
    await house.posts("lapor legalisir tutup", BUDI)

    with pytest.raises(RefusedError) as refused:
        await house.office.staff.publish(mine.preview.id, SITTI)

    assert "diubah oleh Arman" in house.reads(refused.value.answer)


async def test_a_report_on_something_else_or_a_confirmation_is_no_conflict(house: House) -> None:
    await house.posts("lapor pusat putus")
    shown = await house.shows("pulih pusat")
    await house.posts("lapor legalisir tutup", ARMAN)
    await house.office.staff.confirm(ARMAN)

    done = await house.office.staff.publish(shown.preview.id, SITTI)

    assert done.report.number == 4


async def test_a_preview_expires(house: House) -> None:
    shown = await house.shows("lapor pusat putus")
    house.watch.now += PREVIEW_LASTS

    assert (await house.office.staff.publish(shown.preview.id, SITTI)).report.number == 1

    late = await house.shows("pulih pusat")
    house.watch.goes_on(minutes=10, seconds=1)
    assert await refusal_of(house.office.staff.publish(late.preview.id, SITTI)) == "staff.expired"
    assert await refusal_of(house.office.staff.cancel(late.preview.id, SITTI)) == "staff.expired"


async def test_a_preview_refuses_a_time_without_a_zone(house: House) -> None:
    shown = await house.shows("lapor pusat putus")

    for naive in ({"made_at": datetime(2023, 2, 2)}, {"expires_at": datetime(2023, 2, 2)}):  # noqa: DTZ001
        with pytest.raises(ValueError, match="aware"):
            replace(shown.preview, **naive)  # type: ignore[arg-type]


async def test_a_preview_is_its_authors_alone(house: House) -> None:
    shown = await house.shows("lapor pusat putus")

    assert await refusal_of(house.office.staff.publish(shown.preview.id, ARMAN)) == "staff.expired"
    assert await refusal_of(house.office.staff.publish("unheard-of", SITTI)) == "staff.expired"


async def test_what_was_cancelled_stays_so(house: House) -> None:
    shown = await house.shows("lapor pusat putus")
    cancelled = await house.office.staff.cancel(shown.preview.id, SITTI)

    assert cancelled.command == "/lapor pusat putus"
    assert await refusal_of(house.office.staff.publish(shown.preview.id, SITTI)) == "staff.already_decided"
    assert await refusal_of(house.office.staff.cancel(shown.preview.id, SITTI)) == "staff.already_decided"


async def test_what_was_published_cannot_be_cancelled(house: House) -> None:
    shown = await house.shows("lapor pusat putus")
    await house.office.staff.publish(shown.preview.id, SITTI)

    assert await refusal_of(house.office.staff.cancel(shown.preview.id, SITTI)) == "staff.already_decided"


async def test_a_line_that_is_not_understood_is_refused(house: House) -> None:
    with pytest.raises(LineRefusedError):
        await house.shows("lapor ktp yang bisa")


async def test_the_message_that_shows_a_preview_is_remembered(house: House, fresh: Store) -> None:
    shown = await house.shows("lapor pusat putus")

    await house.office.staff.preview_shown(shown.preview.id, 77)

    async with fresh.reading() as session:
        kept = await session.preview(shown.preview.id)
    assert kept is not None
    assert kept.message == 77


async def test_a_day_on_which_the_office_is_shut_is_questioned(house: House) -> None:
    shown = await house.shows("lapor pusat putus; sampai Sabtu")

    assert shown.shut_on == at(4).date()


async def test_a_preview_says_how_many_will_be_told_before_they_are(house: House) -> None:
    await house.posts("lapor pusat putus")
    await house.office.subscribers.once(CITIZEN, ("ktp",))
    await house.office.subscribers.always(NEIGHBOUR, ("kk",))
    await house.office.subscribers.always(SUBSCRIBER, ("legalisir",))

    shown = await house.shows("pulih pusat")

    assert shown.following.told == 2
    assert (await house.office.staff.publish(shown.preview.id, SITTI)).told == 2


async def test_outages_are_told_to_those_who_chose_them(house: House) -> None:
    await house.office.subscribers.always(CITIZEN, ("ktp",))
    await house.office.subscribers.always(NEIGHBOUR, ("ktp",))
    await house.office.subscribers.outages(NEIGHBOUR, "ktp")

    assert (await house.posts("lapor pusat putus")).told == 1


async def test_a_preview_names_what_still_holds(house: House) -> None:
    await house.posts("lapor pusat putus")

    shown = await house.shows("lapor ktp_cetak bisa")

    assert [(one.steps, one.by.target) for one in shown.held] == [(("ktp_cetak",), "central_link")]
    assert shown.following.changes == ()


async def test_what_holds_from_above_is_named_too(house: House) -> None:
    await house.posts("lapor blangko habis")

    shown = await house.shows("pulih blangko di mpp")

    assert [(one.steps, one.by.place) for one in shown.held] == [(("ktp_cetak",), CITY)]


async def test_the_resource_is_well_too(house: House) -> None:
    await house.posts("lapor pusat putus")
    first = await house.shows("lapor ktp_cetak bisa")

    shown = await house.office.staff.widen(first.preview.id, SITTI, "central_link")

    assert shown.held == ()
    assert Assertion("central_link", CITY, UP) in shown.preview.assertions
    done = await house.office.staff.publish(shown.preview.id, SITTI)
    assert house.office.citizens.view().board.state_of(("kk", MAIN)) is UP
    assert len(done.report.assertions) == 2


async def test_only_these_steps_are_spared_and_the_outage_goes_on(house: House) -> None:
    await house.posts("lapor pusat putus kabel; sampai besok")
    first = await house.shows("lapor ktp_cetak bisa")

    shown = await house.office.staff.widen(first.preview.id, SITTI, "only")

    assert shown.held == ()
    assert shown.spared == ("ktp_cetak",)
    await house.office.staff.publish(shown.preview.id, SITTI)
    board = house.office.citizens.view().board
    assert board.state_of(("ktp_cetak", MAIN)) is UP
    assert board.state_of(("kk", MAIN)) is HALF
    fact = next(fact for fact in board.facts if fact.target == "central_link")
    assert fact.cause == "kabel"
    assert fact.estimate is not None


async def test_a_resource_that_is_well_lifts_what_steps_were_said_to_be_themselves(house: House) -> None:
    await house.posts("lapor ktp_cetak tutup")
    await house.posts("lapor pusat putus")
    first = await house.shows("pulih pusat")
    assert [(one.steps, one.by.target) for one in first.held] == [(("ktp_cetak",), "ktp_cetak")]

    shown = await house.office.staff.widen(first.preview.id, SITTI, "lift")

    assert shown.held == ()
    await house.office.staff.publish(shown.preview.id, SITTI)
    assert house.office.citizens.view().board.state_of(("ktp_cetak", MAIN)) is UP


async def test_a_preview_that_was_widened_cannot_be_published(house: House) -> None:
    await house.posts("lapor pusat putus")
    first = await house.shows("lapor ktp_cetak bisa")
    await house.office.staff.widen(first.preview.id, SITTI, "central_link")

    assert await refusal_of(house.office.staff.publish(first.preview.id, SITTI)) == "staff.expired"


async def test_inherited_spares_are_shown(house: House) -> None:
    await house.posts("lapor pusat putus; kecuali kk")

    shown = await house.shows("lapor pusat putus server diperbaiki")

    assert shown.spared == ("kk",)


async def test_a_report_that_falls_again_withdraws_the_good_news(house: House) -> None:
    await house.posts("lapor blangko habis")
    await house.posts("pulih blangko")
    await house.posts("lapor blangko habis")

    assert all(notice.kind is NoticeKind.OUTAGE for notice in await house.pending())


async def test_good_news_can_be_sent_at_once(house: House) -> None:
    await house.posts("lapor pusat putus")
    done = await house.posts("pulih pusat")
    nudged: list[bool] = []
    house.office.staff.nudge = lambda: nudged.append(True)

    sent = await house.office.staff.send_now(done.report.number, SITTI)

    assert sent.report == done.report
    assert {notice.release_at for notice in await house.pending()} == {house.watch()}
    assert nudged == [True]


async def test_what_was_sent_is_not_sent_again(house: House) -> None:
    done = await house.posts("lapor legalisir bisa")
    async with house.store.writing() as session:
        for notice in done.notices:
            await session.cancel_notices(notice.report)

    assert await refusal_of(house.office.staff.send_now(done.report.number, SITTI)) == "staff.sent_already"


async def test_a_confirmation_makes_everything_fresh_and_owes_nothing(house: House) -> None:
    await house.posts("lapor pusat putus")
    owed = await house.pending()
    house.watch.now = at(3, 9)
    assert not house.office.citizens.view().board.cells["kk", MAIN].fresh

    report = await house.office.staff.confirm(ARMAN)

    assert report.kind is ReportKind.CONFIRMATION
    cell = house.office.citizens.view().board.cells["kk", MAIN]
    assert cell.fresh
    assert cell.by == ARMAN
    assert await house.pending() == owed


async def test_citizens_read_todays_board_where_a_report_changes_many_services(house: House) -> None:
    shown = await house.shows("lapor loket tutup")

    assert named(shown.reads)[0] == "board.title"
    assert shown.reads.buttons == ()


async def test_a_report_at_one_counter_leaves_the_other(house: House) -> None:
    await house.posts("lapor ktp_cetak di mpp tutup")

    board = house.office.citizens.view().board
    assert board.state_of(("ktp_cetak", MALL)) is State.UNAVAILABLE
    assert board.state_of(("ktp_cetak", MAIN)) is SILENT
    assert CATALOGUE.main_counter.path == MAIN
