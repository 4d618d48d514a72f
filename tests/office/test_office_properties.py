"""What holds for the office whatever staff report and whoever subscribes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.delivery.release import release
from bot.language.refusals import RefusedError
from bot.rules.catalogue import State
from bot.rules.notices import DeliveryStatus, NoticeKind
from bot.rules.reports import Assertion
from bot.store import Store
from bot.store.tables import metadata
from tests.office.house import ARMAN, SITTI, House
from tests.rules.small_office import DOWN, HALF, MAIN, SILENT, STEPS, UP

SOME = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
RESOURCES = ("pusat", "blangko", "listrik", "loket")
DOWNS = ("putus", "terbatas")
downs = st.builds("lapor {} {}".format, st.sampled_from((*RESOURCES, "ktp_cetak", "kk")), st.sampled_from(DOWNS))
ups = st.builds("lapor {} bisa".format, st.sampled_from((*RESOURCES, "ktp_cetak", "kk", "legalisir")))
histories = st.lists(downs | ups, max_size=4)
services = st.sampled_from(("ktp", "kk", "legalisir"))
names = count(1)


async def emptied(store: Store) -> House:
    """A new office on the same database, of which nothing is left."""
    async with store.writing() as session:
        for table in reversed(metadata.sorted_tables):
            await session._connection.execute(table.delete())
    return House(store)


async def posted(house: House, commands: list[str]) -> None:
    for command in commands:
        await house.posts(command)
        house.watch.goes_on(minutes=1)


@SOME
@given(history=histories, wrong=downs)
async def test_a_report_and_its_taking_back_leave_board_and_answers_as_they_were(
    store: Store, history: list[str], wrong: str
) -> None:
    house = await emptied(store)
    await posted(house, history)
    before = house.office.citizens.view().board
    answers = [(await house.office.citizens.services(1, (service,))) for service in ("ktp", "kk", "legalisir")]
    done = await house.posts(wrong, ARMAN)

    await house.office.retracting.retract(done.report.number, ARMAN)

    after = house.office.citizens.view().board
    settled = {key: replace(cell, settling=False) for key, cell in after.cells.items()}
    assert settled == {key: replace(cell, settling=False) for key, cell in before.cells.items()}
    assert after.facts == before.facts
    if not any(cell.settling for cell in (*before.cells.values(), *after.cells.values())):
        assert answers == [
            (await house.office.citizens.services(1, (service,))) for service in ("ktp", "kk", "legalisir")
        ]


@SOME
@given(down=downs)
async def test_a_return_and_its_taking_back_leave_nothing_pending_that_was_not(store: Store, down: str) -> None:
    house = await emptied(store)
    await house.posts(down)
    before = house.office.citizens.view().board
    done = await house.posts(f"lapor {down.split()[1]} bisa", ARMAN)

    await house.office.retracting.retract(done.report.number, ARMAN)

    assert not [notice for notice in await house.pending() if notice.report == done.report.number]
    assert house.office.citizens.view().board.cells == before.cells


@SOME
@given(history=histories, up=ups, chats=st.lists(services, max_size=6))
async def test_as_many_chats_get_a_delivery_as_the_preview_said(
    store: Store, history: list[str], up: str, chats: list[str]
) -> None:
    house = await emptied(store)
    await posted(house, history)
    for chat, service in enumerate(chats, start=1):
        await house.office.subscribers.once(chat, (service,))
    shown = await house.shows(up)

    done = await house.office.staff.publish(shown.preview.id, SITTI)

    assert done.told == shown.following.told
    owed = [notice for notice in done.notices if notice.kind is NoticeKind.RESUMPTION]
    stored = [notice for notice in await house.pending() if notice.report == done.report.number]
    delivered = [await release(store, notice, notice.release_at, lambda: True) for notice in stored]
    assert sum(filter(None, delivered)) == done.told
    assert len(owed) <= 1
    async with store.reading() as session:
        waiting = [(await session.progress(notice.id))[DeliveryStatus.WAITING] for notice in stored]
    assert sum(waiting) == done.told


@SOME
@given(command=downs | ups, taps=st.integers(1, 4))
async def test_a_preview_is_published_once_however_often_it_is_tapped(store: Store, command: str, taps: int) -> None:
    house = await emptied(store)
    shown = await house.shows(command)

    done = await asyncio.gather(*(house.office.staff.publish(shown.preview.id, SITTI) for _ in range(taps)))

    assert {one.report.number for one in done} == {1}
    async with store.reading() as session:
        assert len(await session.reports()) == 1
        assert [notice.report for notice in await session.notices_of(1)] == [1] * len(shown.following.notices)


@SOME
@given(
    states=st.tuples(st.sampled_from((UP, DOWN, HALF)), st.sampled_from((UP, DOWN, HALF))), step=st.sampled_from(STEPS)
)
async def test_of_two_previews_on_one_step_published_at_once_one_wins(
    store: Store, states: tuple[State, State], step: str
) -> None:
    house = await emptied(store)
    both = [
        await house.office.staff.preview(by.id, by, (Assertion(step, MAIN, state),), "/lapor")
        for by, state in zip((SITTI, ARMAN), states, strict=True)
    ]
    assert house.office.citizens.view().board.state_of((step, MAIN)) is SILENT

    outcomes = await asyncio.gather(
        *(house.office.staff.publish(shown.preview.id, shown.preview.by) for shown in both), return_exceptions=True
    )

    refused = [one for one in outcomes if isinstance(one, BaseException)]
    assert [type(one) for one in refused] == [RefusedError]
    async with store.reading() as session:
        assert len(await session.reports()) == 1
