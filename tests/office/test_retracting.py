"""`/urung`: a report found wrong counts as never made."""

from __future__ import annotations

import asyncio

import pytest

from bot.language.refusals import RefusedError
from bot.rules.catalogue import State
from bot.rules.notices import Change, DeliveryStatus, Notice, NoticeKind, Settlement
from bot.rules.reports import Author, ReportKind
from bot.store import Store
from tests.office.house import ARMAN, BUDI, CITIZEN, NEIGHBOUR, SITTI, House
from tests.rules.small_office import DOWN, HALF, MAIN, SILENT, UP


async def refusal_of(house: House, number: int, by: Author = SITTI) -> str:
    with pytest.raises(RefusedError) as refused:
        await house.office.retracting.retract(number, by)
    return refused.value.reason


async def numbers(house: House, by: Author) -> list[int]:
    """The reports that somebody may still take back."""
    return [report.number for report in await house.office.retracting.retractable(by)]


async def tells(house: House, notice: Notice, chat: int) -> None:
    """The sender has told a notice to this chat."""
    now, ended = house.watch(), tuple((change.step, change.counter) for change in notice.changes)
    async with house.store.writing() as session:
        await session.add_deliveries(notice.id, [(chat, notice.changes)], now)
        await session.mark_released(notice.id, now, 1)
        (claimed,) = await session.claim(now, 1)
        await session.settle([Settlement(claimed.id, DeliveryStatus.SENT, now, message=1, ended=ended)])


async def test_a_report_taken_back_counts_as_never_made(house: House, fresh: Store) -> None:
    await house.posts("lapor blangko habis")

    report, retraction = await house.office.retracting.retract(1, SITTI)

    assert (report.number, retraction.number, retraction.retracts) == (1, 2, 1)
    assert retraction.kind is ReportKind.RETRACTION
    assert house.office.citizens.view().board.state_of(("ktp_cetak", MAIN)) is SILENT
    async with fresh.reading() as session:
        assert {notice.kind for notice in await session.unreleased_notices()} == {NoticeKind.WITHDRAWAL}


async def test_the_preview_of_taking_back_changes_nothing(house: House, fresh: Store) -> None:
    await house.office.subscribers.once(CITIZEN, ("ktp",))
    await house.posts("lapor blangko habis")
    await house.posts("pulih blangko")

    would = await house.office.retracting.preview(2, SITTI)

    assert would.report.number == 2
    assert {change.now for change in would.following.changes} == {State.UNAVAILABLE}
    assert would.following.told == 0
    assert (would.unsent, would.sent) == (1, 0)
    async with fresh.reading() as session:
        assert len(await session.reports()) == 2


async def test_what_a_wrong_return_owed_is_cancelled(house: House) -> None:
    await house.posts("lapor blangko habis")
    outage = await house.pending()
    await house.posts("pulih blangko")

    await house.office.retracting.retract(2, SITTI)

    assert [notice for notice in await house.pending() if notice.kind is NoticeKind.RESUMPTION] == []
    assert not house.office.citizens.view().board.cells["ktp_cetak", MAIN].settling
    assert outage


async def test_an_outage_that_never_was_is_told_only_to_who_asked_meanwhile(house: House) -> None:
    await house.posts("lapor blangko bisa")
    await house.posts("lapor ktp_cetak bisa")
    await house.office.subscribers.always(NEIGHBOUR, ("ktp",))
    await house.posts("lapor blangko habis", ARMAN)
    await house.office.subscribers.once(CITIZEN, ("ktp",))

    await house.office.retracting.retract(3, ARMAN)

    (notice,) = [notice for notice in await house.pending() if notice.report == 4]
    assert notice.kind is NoticeKind.RESUMPTION
    assert {change.was for change in notice.changes} == {SILENT}
    assert house.office.citizens.view().board.state_of(("ktp_cetak", MAIN)) is UP


async def test_an_outage_that_never_was_is_withdrawn_where_nobody_has_said_anything_else(house: House) -> None:
    await house.posts("lapor blangko habis")
    await house.office.subscribers.once(CITIZEN, ("ktp",))

    would = await house.office.retracting.preview(1, SITTI)
    await house.office.retracting.retract(1, SITTI)

    (notice,) = [notice for notice in await house.pending() if notice.report == 2]
    assert (notice.kind, notice.since) == (NoticeKind.WITHDRAWAL, house.office.staff.live.reports[0].at)
    assert {change.now for change in notice.changes} == {SILENT}
    assert would.following.told == 1


async def test_a_return_that_nobody_made_is_not_withdrawn_as_an_outage(house: House) -> None:
    await house.posts("lapor ktp_ambil bisa")

    await house.office.retracting.retract(1, SITTI)

    assert [notice for notice in await house.pending() if notice.report == 2] == []


async def test_taking_back_announces_no_outage_anew(house: House) -> None:
    await house.posts("lapor blangko terbatas")
    await house.posts("lapor pusat putus", ARMAN)

    await house.office.retracting.retract(2, ARMAN)

    assert house.office.citizens.view().board.state_of(("ktp_cetak", MAIN)) is HALF
    assert [notice for notice in await house.pending() if notice.report == 3 and notice.kind is NoticeKind.OUTAGE] == []


async def test_what_works_without_a_wrong_report_too_is_told_to_who_still_waits(house: House) -> None:
    await house.posts("lapor ktp_cetak mati")
    await house.office.subscribers.once(CITIZEN, ("ktp",))
    await house.office.subscribers.always(NEIGHBOUR, ("ktp",))
    await house.posts("lapor ktp_cetak bisa")
    await house.posts("lapor ktp_cetak terbatas")
    await house.posts("lapor pusat terbatas", ARMAN)

    would = await house.office.retracting.preview(3, SITTI)
    await house.office.retracting.retract(3, SITTI)

    assert house.office.citizens.view().board.state_of(("ktp_cetak", MAIN)) is HALF
    (notice,) = [one for one in await house.pending() if one.report == 5]
    assert notice.kind is NoticeKind.RESUMPTION
    assert notice.changes == (Change("ktp_cetak", MAIN, DOWN, HALF),)
    assert (would.following.told, would.unsent, would.sent) == (2, 0, 0)


async def test_what_was_taken_back_cannot_be_taken_back_again(house: House) -> None:
    await house.posts("lapor blangko habis")
    await house.office.retracting.retract(1, SITTI)

    assert await refusal_of(house, 1) == "staff.undo.not_done"
    assert await house.office.retracting.retractable(SITTI) == ()


async def test_two_who_take_the_same_back_at_once_do_it_once(house: House, fresh: Store) -> None:
    await house.posts("lapor blangko habis")

    outcomes = await asyncio.gather(
        house.office.retracting.retract(1, SITTI), house.office.retracting.retract(1, ARMAN), return_exceptions=True
    )

    assert [one.reason for one in outcomes if isinstance(one, RefusedError)] == ["staff.undo.not_done"]
    async with fresh.reading() as session:
        assert len(await session.reports()) == 2


async def test_after_a_day_it_is_too_late(house: House) -> None:
    await house.posts("lapor blangko habis")
    house.watch.goes_on(hours=24)
    assert await numbers(house, SITTI) == [1]

    house.watch.goes_on(seconds=1)

    assert await refusal_of(house, 1) == "staff.undo.not_late"


async def test_the_author_and_owners_may_take_back_others_not(house: House) -> None:
    await house.posts("lapor blangko habis", BUDI)
    await house.posts("lapor legalisir tutup", SITTI)

    assert await numbers(house, BUDI) == [1]
    assert await numbers(house, ARMAN) == [2, 1]
    assert await refusal_of(house, 2, BUDI) == "staff.undo.not_others"


async def test_confirmations_and_retractions_are_not_taken_back(house: House) -> None:
    await house.posts("lapor blangko habis")
    await house.office.staff.confirm(SITTI)
    await house.posts("pulih blangko")
    await house.office.retracting.retract(3, SITTI)

    assert await numbers(house, SITTI) == [1]


async def test_who_was_told_by_a_retraction_is_told_where_that_was_wrong_too(house: House) -> None:
    await house.posts("lapor ktp_cetak mati")
    await house.office.subscribers.once(CITIZEN, ("ktp",))
    await house.posts("lapor ktp_cetak bisa")
    await house.posts("lapor ktp_cetak terbatas")
    await house.office.retracting.retract(3, SITTI)
    (told,) = [one for one in await house.pending() if one.report == 4]
    await tells(house, told, CITIZEN)

    would = await house.office.retracting.preview(2, SITTI)
    await house.office.retracting.retract(2, SITTI)

    (notice,) = [one for one in await house.pending() if one.kind is NoticeKind.CORRECTION]
    assert (notice.about, notice.changes) == (2, (Change("ktp_cetak", MAIN, UP, DOWN),))
    assert (would.sent, would.unsent) == (1, 0)
