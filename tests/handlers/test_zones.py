"""Three time zones: everybody reads and types the time of their own office, whatever the clock says elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from re import findall

import pytest

from bot.delivery.release import owed_to
from bot.language.refusals import RefusedError
from bot.language.staff_texts import audience_line, audience_of
from bot.language.wizard_days import estimate
from bot.rules.catalogue import State
from bot.rules.drafts import Draft, Entry
from bot.rules.notices import Askable, Delivery, DeliveryStatus, Notice
from bot.rules.reports import Author
from bot.rules.staff import Member, Role
from bot.runner import _for_staff, _may_go, _render
from bot.store import Store
from handlers.context import Desk
from tests.catalogues.indonesia import BOGOR, JAYAPURA, three_offices
from tests.delivery.story import settings_for
from tests.handlers.desk import Counter, opened
from tests.office.house import ARMAN, CITIZEN, NEIGHBOUR, SITTI, TEXTS, House

FRANS = Author(747100211, "Frans")  # reports in Jayapura
WEST, EAST = CITIZEN, NEIGHBOUR


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One engine is enough: the store knows nothing of time zones."""
    return f"sqlite:///{tmp_path / 'loket.db'}"


@pytest.fixture
async def country(store: Store) -> AsyncIterator[Counter]:
    async with opened(store, three_offices()) as counter:
        terminal = Author(0, "terminal")
        member = Member(FRANS.id, FRANS.name, Role.STAFF, place=JAYAPURA)
        await counter.house.office.roster.appoint_as_operator(terminal, member)
        yield counter


def wib(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in February 2023, in the west; the 2nd is a Thursday."""
    return datetime(2023, 2, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


async def at(counter: Counter, day: int, hour: int, minute: int = 0) -> None:
    """It is that time in the west."""
    counter.house.watch.now = wib(day, hour, minute)
    await counter.house.office.live.refresh()


async def reads(counter: Counter, text: str) -> tuple[str, str]:
    """What somebody in Bogor and somebody in Jayapura read who ask the same at the same moment."""
    told = []
    for chat, place in ((WEST, "kota bogor"), (EAST, "kota jayapura")):
        await counter.says(place, chat)
        await counter.says(text, chat)
        told.append(counter.text)
    return told[0], told[1]


async def test_who_asks_at_the_same_moment_reads_whether_their_own_office_is_open(country: Counter) -> None:
    await at(country, 2, 13, 30)

    west, east = await reads(country, "jam buka hari ini?")

    assert "15.00 WIB" in west.splitlines()[0]
    assert "sudah tutup" not in west
    assert "sudah tutup" in east.lower()
    assert "15.00 WIT" in east.splitlines()[0]
    assert "WITA" not in west + east


async def test_late_in_the_evening_it_is_tomorrow_already_in_the_east(country: Counter) -> None:
    await at(country, 2, 23, 30)

    west, east = await reads(country, "besok buka jam berapa?")

    assert "Jumat" in west
    assert "Sabtu" in east


async def test_an_outage_for_all_is_told_to_each_by_their_own_clock(country: Counter) -> None:
    await at(country, 2, 9)
    await country.house.posts("lapor pusat putus; sejak 08.10; sampai 14.00")

    west, east = await reads(country, "ktp sudah bisa?")

    assert "08.10 WIB" in west
    assert "14.00 WIB" in west
    assert "10.10 WIT" in east
    assert "16.00 WIT" in east
    assert "WIB" not in east


async def test_whatever_somebody_in_the_east_asks_names_no_other_zone(country: Counter) -> None:
    await at(country, 2, 9)
    await country.house.posts("lapor pusat putus; sejak 08.10; sampai 14.00")
    await country.says("kota jayapura", EAST)
    await at(country, 2, 12, 30)

    for asked in ("/start", "/status", "/jam", "/lokasi", "/syarat ktp", "kenapa?", "senin jam 8 buka?", "halo"):
        await country.says(asked, EAST)
    for tapped in ("all", "s:ktp", "share:ktp:kota_jayapura", "at:kota_jayapura"):
        await country.taps(tapped, EAST)

    zones = [set(findall(r"\bWI(?:B|TA|T)\b", one["text"])) for one in country.called("sendMessage")]
    assert len(zones) > 12
    assert set().union(*zones) == {"WIT"}


async def test_a_day_alone_is_that_day_for_everybody(country: Counter) -> None:
    await at(country, 2, 9)
    await country.says("/lapor pusat putus; sejak 1/2", FRANS.id)
    await country.taps(country.buttons[0], FRANS.id)
    await country.says("/papan", SITTI.id)
    office = country.text
    await country.says("/papan", FRANS.id)

    assert "sejak Rabu, 1 Februari" in office
    assert "sejak Rabu, 1 Februari" in country.text


async def test_staff_type_and_read_the_time_of_their_place(country: Counter) -> None:
    await at(country, 2, 9)

    await country.says("/lapor pusat putus; sejak 09.00; sampai 14.00", FRANS.id)
    preview = country.text
    await country.taps(country.buttons[0], FRANS.id)
    published = country.text
    await country.says("/papan", FRANS.id)

    assert "14.00 WIT" in preview
    assert "WIB" not in preview + published + country.text
    assert "11.00 WIT" in published
    fact = country.house.office.live.at(country.house.watch()).facts[0]
    assert fact.since.at == datetime(2023, 2, 2, 0, tzinfo=UTC)
    assert fact.estimate is not None
    assert fact.estimate.until is not None
    assert fact.estimate.until.at == datetime(2023, 2, 2, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "hour"), [("14.00", 5), ("14.00 wit", 5), ("14.00 WIB", 7), ("besok 14.00 wita", 30)]
)
async def test_who_is_over_all_types_the_time_of_the_place_unless_they_name_another(
    country: Counter, typed: str, hour: int
) -> None:
    await at(country, 2, 9)

    await country.says(f"/lapor pusat di kota jayapura putus; sampai {typed}", SITTI.id)

    until = datetime(2023, 2, 2, tzinfo=UTC) + timedelta(hours=hour)
    assert f"{until + timedelta(hours=9):%H.%M} WIT" in country.text
    assert "WIB" not in country.text


async def test_a_time_that_is_over_there_is_refused_by_that_clock(country: Counter) -> None:
    await at(country, 2, 13)

    await country.says("/lapor pusat di kota jayapura putus; sampai 14.00", SITTI.id)
    until = country.text
    await country.says("/lapor pusat di kota bogor putus; sejak 14.00", SITTI.id)

    assert "14.00 WIT" in until
    assert "14.00 WIB" in country.text


async def test_maintenance_and_other_days_are_those_of_the_place(country: Counter) -> None:
    await at(country, 2, 23, 30)

    await country.says("/jadwal tutup besok; pindah ruang", FRANS.id)
    closed = country.text
    await country.says("/jadwal pusat pemeliharaan besok 08.00 sampai besok 10.00; perawatan", FRANS.id)

    assert "Besok, Sabtu, 4 Februari" in closed
    assert "08.00 WIT" in country.text
    assert "WIB" not in country.text
    await country.taps(country.buttons[0], FRANS.id)
    planned = country.house.office.live.reports[-1].assertions[0].planned_from
    assert planned == datetime(2023, 2, 3, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("place", "days"), [(BOGOR, ["button.today", "button.tomorrow"]), (JAYAPURA, ["button.tomorrow"])]
)
async def test_the_days_that_are_offered_are_those_of_the_place(country: Counter, place: str, days: list[str]) -> None:
    await at(country, 2, 13, 30)  # Jayapura has closed, Bogor has not
    entry = Entry(("central_link",), place, State.UNAVAILABLE)

    offered = estimate(await country.house.office.roster.view(SITTI.id), Draft(1, 2, SITTI, wib(2, 13), entry=entry))

    assert [button.label.id for button in offered.buttons[0]] == days


async def owed(house: House) -> tuple[Notice, dict[int, Delivery]]:
    """The newest notice, and what each chat is owed of it."""
    (notice,) = await house.pending()
    async with house.store.reading() as session:
        chats = await session.subscriptions_for({change.step for change in notice.changes}, 0, 100)
    told = {
        chat: Delivery(chat, notice.id, chat, changes, DeliveryStatus.SENDING, notice.release_at)
        for chat, changes in owed_to(chats, Askable(notice))
    }
    return notice, told


def told_when(house: House, notice: Notice, now: datetime) -> str:
    """What staff read of who is told."""
    view = replace(house.office.citizens.view(), now=now)
    return audience_line(view, audience_of(view, 2, [notice], house.office.staff.sleeping)).id


async def test_a_notice_held_over_night_comes_in_the_morning_of_each(store: Store, tmp_path: Path) -> None:
    house = House(store, three_offices(), quiet=(time(21), time(6)), now=wib(2, 9))
    for chat, place in ((WEST, "kota_bogor"), (EAST, "kota_jayapura")):
        await house.office.subscribers.always(chat, ["ktp_cetak"], place)
    await house.posts("lapor pusat putus")
    house.watch.now = wib(2, 22)
    await house.posts("lapor pusat normal")

    notice, deliveries = await owed(house)
    may_go = _may_go(house.office, settings_for(tmp_path / "loket.db"))
    render = _render(Desk(house.office, TEXTS))
    later = [told_when(house, notice, at) for at in (wib(2, 22), wib(3, 4), wib(3, 6))]
    house.watch.now = notice.release_at
    goes = {chat: may_go(notice, mine, (), notice.release_at) for chat, mine in deliveries.items()}
    said = {chat: render(notice, mine, None, None, goes[chat]) for chat, mine in deliveries.items()}
    texts = {chat: told.text for chat, told in said.items() if told}

    assert later == ["staff.audience.later_zones", "staff.audience.now_zones", "staff.audience.now"]
    assert goes == {WEST: wib(3, 6), EAST: wib(3, 4)}
    assert "08.00–15.00 WIB" in texts[WEST]
    assert "08.00–15.00 WIT" in texts[EAST]


async def test_who_still_sleeps_is_told_now_where_staff_say_so(store: Store, tmp_path: Path) -> None:
    house = House(store, three_offices(), quiet=(time(21), time(6)), now=wib(2, 9))
    await house.office.subscribers.always(WEST, ["ktp_cetak"], "kota_bogor")
    await house.posts("lapor pusat putus")
    house.watch.now = wib(2, 22)
    done = await house.posts("lapor pusat normal")
    (notice,) = await house.pending()
    house.watch.now = wib(3, 4)  # it is morning in the east
    async with store.writing() as session:
        await session.add_deliveries(notice.id, [(WEST, notice.changes)], notice.release_at)
        await session.mark_released(notice.id, notice.release_at, 1)
        (sleeper,) = await session.claim(house.watch(), 10)
        await session.defer({sleeper.id: wib(3, 6)})

    await house.office.staff.send_now(done.report.number, SITTI)

    async with store.writing() as session:
        (woken,) = await session.claim(house.watch(), 10)
        hurried = await session.notice(notice.id)
    assert hurried is not None
    may_go = _may_go(house.office, settings_for(tmp_path / "loket.db"))
    assert may_go(hurried, woken, (), house.watch()) == house.watch()
    async with store.writing() as session:  # as if the tap had been cut off after its first step
        await session.defer({woken.id: wib(3, 6)})
    await house.office.staff.send_now(done.report.number, SITTI)
    async with store.writing() as session:
        (again,) = await session.claim(house.watch(), 10)
    assert again.id == woken.id

    with pytest.raises(RefusedError) as refusal:  # it waits no longer
        await house.office.staff.send_now(done.report.number, SITTI)
    assert refusal.value.answer.lines[0].id == "staff.sent_already"


async def test_staff_are_reminded_by_the_clock_of_their_place(country: Counter) -> None:
    office = country.house.office
    await at(country, 2, 9)
    await country.house.posts("lapor pusat di kota jayapura putus; sampai 12.00", FRANS)
    await at(country, 2, 10, 5)

    (reminder,) = await office.reminding.due()
    asked = await office.reminding.question(reminder, FRANS.id)
    text, _ = _for_staff(Desk(office, TEXTS))(asked)

    assert reminder.to == (FRANS.id,)
    assert "12.00 WIT" in text
    assert "WIB" not in text


async def test_what_spans_the_zones_is_told_by_the_clock_of_the_office(country: Counter) -> None:
    await at(country, 2, 9)
    await country.house.posts("lapor pusat putus")

    await country.says("/catatan", ARMAN.id)

    assert "09.00 WIB" in country.text
