"""Staff of one place among 514: what they report holds there, and nothing beyond it is theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.language import staff_board
from bot.language.refusals import RefusedError
from bot.rules.catalogue import State
from bot.rules.drafts import Screen
from bot.rules.reports import Author
from bot.rules.staff import Member, Role
from bot.store import Store
from tests.catalogues.indonesia import indonesia
from tests.migrated import migrated
from tests.office.house import BUDI, CITIZEN, SITTI, House, actions

BOGOR, BEKASI = "indonesia/jawa_barat/kota_bogor", "indonesia/jawa_barat/kota_bekasi"
WEST_JAVA = "indonesia/jawa_barat"
DEWI, SINTA = Author(747100299, "Dewi"), Author(747100296, "Sinta")
TERMINAL = Author(0, "terminal")


@pytest.fixture
async def country(tmp_path: Path) -> AsyncIterator[House]:
    store = Store(migrated(tmp_path / "loket.db"))
    await store.open()
    house = House(store, indonesia())
    roster = house.office.roster
    await roster.appoint_as_operator(TERMINAL, Member(BUDI.id, BUDI.name, Role.STAFF, place=BOGOR))
    await roster.appoint_as_operator(TERMINAL, Member(DEWI.id, DEWI.name, Role.ADMIN, place=WEST_JAVA))
    yield house
    await store.close()


async def refused(house: House, line: str, by: Author) -> str:
    with pytest.raises(RefusedError) as refusal:
        await house.shows(line, by)
    return house.reads(refusal.value.answer)


def states(house: House, step: str, *offices: str) -> list[State]:
    board = house.office.citizens.view().board
    return [board.state_of((step, f"{office}/kantor")) for office in offices]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("lapor pusat putus", BOGOR),
        ("lapor listrik mati", f"{BOGOR}/kantor"),
        ("lapor ktp_cetak belum bisa", f"{BOGOR}/kantor"),
        ("lapor pusat di kota bogor putus", BOGOR),
    ],
)
async def test_a_report_without_a_place_holds_at_ones_own(country: House, line: str, place: str) -> None:
    shown = await country.shows(line, BUDI)

    assert {one.place for one in shown.preview.assertions} == {place}


async def test_another_place_is_not_known_to_who_may_not_report_there(country: House) -> None:
    told = await refused(country, "lapor pusat di kota bekasi putus", BUDI)

    assert "kota_bogor" in told
    assert "bekasi" not in told.replace("kota bekasi", "")


async def test_who_is_over_a_province_reports_for_all_or_one_of_its_offices(country: House) -> None:
    await country.posts("lapor pusat putus", DEWI)
    await country.posts("lapor blangko di kota bekasi habis", DEWI)

    assert states(country, "ktp_cetak", BOGOR, BEKASI) == [State.UNAVAILABLE] * 2
    assert states(country, "ktp_cetak", "indonesia/bali/kota_denpasar") == [State.UNKNOWN]


async def test_among_many_offices_a_counter_must_be_named(country: House) -> None:
    assert "Ada banyak kantor" in await refused(country, "lapor loket tutup", SITTI)
    assert "Ada banyak kantor" in await refused(country, "lapor ktp_cetak belum bisa", DEWI)


async def test_a_place_that_nobody_knows_is_refused_in_few_words(country: House) -> None:
    assert len(await refused(country, "lapor pusat di kota atlantis putus", SITTI)) < 400
    assert len(await refused(country, "lapor pusat di kantor putus", SITTI)) < 600


async def test_what_stands_beyond_ones_place_is_neither_taken_back_nor_hurried_nor_stopped(country: House) -> None:
    done = await country.posts("lapor pusat putus", SITTI)

    number, office = done.report.number, country.office
    assert await office.retracting.retractable(DEWI) == ()
    for attempt in (
        office.retracting.retract(number, DEWI),
        office.staff.send_now(number, DEWI),
        office.broadcasts.steer(number, DEWI, stop=True),
    ):
        with pytest.raises(RefusedError):
            await attempt


async def test_who_is_over_it_takes_it_back(country: House) -> None:
    done = await country.posts("lapor pusat putus", BUDI)

    assert [one.number for one in await country.office.retracting.retractable(DEWI)] == [done.report.number]
    await country.office.retracting.retract(done.report.number, DEWI)
    assert states(country, "ktp_cetak", BOGOR) == [State.UNKNOWN]


async def test_all_is_the_same_only_where_one_is(country: House) -> None:
    await country.posts("lapor pusat di kota bogor putus", DEWI)
    await country.posts("lapor pusat di kota bekasi putus", DEWI)
    country.watch.goes_on(hours=1)

    await country.office.staff.confirm(BUDI)

    confirmed = {fact.place: fact.confirmed_at for fact in country.office.citizens.view().board.facts}
    assert confirmed[BOGOR] - confirmed[BEKASI] == timedelta(hours=1)


async def test_the_board_is_that_of_ones_own_place_and_what_holds_from_above(country: House) -> None:
    await country.posts("lapor pusat putus server diperbaiki", DEWI)
    await country.posts("lapor blangko di kota bekasi habis", DEWI)

    seen = country.reads(staff_board.board_for_staff(await country.office.roster.view(BUDI.id)))
    whole = country.reads(staff_board.board_for_staff(await country.office.roster.view(SITTI.id)))

    assert "Provinsi Jawa Barat" in seen
    assert "Bekasi" not in seen
    assert "di 27 dari 514 kantor" in whole
    assert len(whole) < 1500


async def test_the_first_screen_is_about_ones_own_place(country: House) -> None:
    await country.posts("lapor blangko di kota bekasi habis", DEWI)

    draft, answer = await country.office.drafts.begin(BUDI.id, BUDI)

    assert "Bekasi" not in country.reads(answer)
    assert all(offer.entry.place in (None, BOGOR) for offer in draft.offers)


async def test_no_screen_has_514_buttons(country: House) -> None:
    drafts, chat, message = country.office.drafts, SITTI.id, 700
    draft, answer = await drafts.begin(chat, SITTI, Screen.HOME)
    await drafts.keep(draft, message)
    turn = 1
    for verb, arg in (("more", ""), ("t", "equipment"), ("is", "unavailable"), ("sp", "ok"), ("c", "-"), ("d", "?")):
        turned = await drafts.tap(chat, message, SITTI, str(turn), verb, arg)
        turn += 1
        answer = turned.answer or answer

    assert len(actions(answer)) < 60


async def test_an_invitation_is_for_the_place_of_who_invites_or_one_below(country: House) -> None:
    roster = country.office.roster

    own = await roster.invite(DEWI, "Rahma")
    below = await roster.invite(DEWI, "Arman di kota bekasi")
    with pytest.raises(RefusedError):
        await roster.invite(DEWI, "Ode di kota kendari")

    assert own.invitation.place == WEST_JAVA
    assert below.invitation.place == BEKASI


async def test_who_redeems_it_reports_there(country: House) -> None:
    roster, rahma = country.office.roster, Author(747100298, "Rahma")
    made = await roster.invite(DEWI, "Rahma di kota bekasi")

    joined = await roster.redeem(made.token, rahma)
    await country.posts("lapor pusat putus", rahma)

    assert joined.member.place == BEKASI
    assert states(country, "ktp_cetak", BEKASI, BOGOR) == [State.UNAVAILABLE, State.UNKNOWN]


async def test_an_admin_sees_and_removes_those_of_the_own_place_alone(country: House) -> None:
    roster, elsewhere = country.office.roster, Member(747100297, "Wayan", Role.STAFF, place="indonesia/bali")
    await roster.appoint_as_operator(TERMINAL, elsewhere)

    listed = await roster.listed(DEWI)

    assert {one.name for one in listed.members} >= {"Budi", "Dewi"}
    assert "Wayan" not in {one.name for one in listed.members}
    with pytest.raises(RefusedError):
        await roster.remove(DEWI, elsewhere.id)
    await roster.remove(DEWI, BUDI.id)


async def test_only_staff_of_a_place_are_asked_whether_it_still_is_so(country: House) -> None:
    await country.posts("lapor pusat di kota bekasi putus", DEWI)
    country.watch.goes_on(hours=24, minutes=30)

    asked = {reminder.key.partition(":")[0]: reminder for reminder in await country.office.reminding.due()}

    assert DEWI.id in asked["opening"].to
    assert SITTI.id in asked["opening"].to
    assert BUDI.id not in {chat for reminder in asked.values() for chat in reminder.to}
    assert country.reads(await country.office.reminding.question(asked["opening"], DEWI.id))


async def test_a_day_that_differs_is_that_of_the_own_place(country: House) -> None:
    scheduling, calendar = country.office.scheduling, country.office.calendar

    name, _ = await scheduling.preview_line(BUDI.id, BUDI, "tutup besok; pindahan")
    await scheduling.save(name, BUDI)

    tomorrow = (country.watch() + timedelta(days=1)).date()
    assert calendar.openings(f"{BOGOR}/kantor", tomorrow) == ()
    assert calendar.openings(f"{BEKASI}/kantor", tomorrow)


async def test_a_day_that_differs_elsewhere_is_not_ones_own_to_remove(country: House) -> None:
    scheduling, wayan = country.office.scheduling, Member(747100297, "Wayan", Role.STAFF, place=BEKASI)
    await country.office.roster.appoint_as_operator(TERMINAL, wayan)
    name, _ = await scheduling.preview_line(BUDI.id, BUDI, "tutup besok; pindahan")
    await scheduling.save(name, BUDI)

    with pytest.raises(RefusedError):
        await scheduling.remove_days(country.office.live.scheduled[0].id, Author(wayan.id, wayan.name))


async def test_a_place_that_the_catalogue_no_longer_has_may_report_nothing(country: House) -> None:
    await country.office.roster.appoint_as_operator(
        TERMINAL, Member(BUDI.id, "Budi", Role.STAFF, place="indonesia/timtim")
    )

    assert "indonesia/timtim" in await refused(country, "lapor pusat putus", BUDI)
    for attempt in (
        country.office.staff.confirm(BUDI),
        country.office.scheduling.preview_line(BUDI.id, BUDI, "tutup besok; pindahan"),
        country.office.scheduling.preview_line(BUDI.id, BUDI, "tutup besok di kota bogor; pindahan"),
    ):
        with pytest.raises(RefusedError) as refusal:
            await attempt
        assert refusal.value.reason == "staff.beyond"


async def test_a_clerk_of_one_city_does_not_stop_anothers_correction(country: House) -> None:
    office = country.office
    await office.subscribers.always(CITIZEN, ["ktp_cetak"], BEKASI)
    wrong = await country.posts("lapor ktp_cetak di kota bekasi belum bisa", DEWI)
    _, correction = await office.retracting.retract(wrong.report.number, DEWI)

    for attempt in (
        office.broadcasts.steer(correction.number, BUDI, stop=True),
        office.staff.send_now(correction.number, BUDI),
    ):
        with pytest.raises(RefusedError) as refusal:
            await attempt
        assert refusal.value.reason == "staff.beyond"
    await office.broadcasts.steer(correction.number, DEWI, stop=True)


async def moved(house: House, place: str = BOGOR) -> None:
    """Sinta, who was over all, has a place from now on."""
    await house.office.roster.appoint_as_operator(TERMINAL, Member(SINTA.id, SINTA.name, Role.ADMIN, place=place))


@pytest.fixture
async def sinta(country: House) -> Author:
    await country.office.roster.appoint_as_operator(TERMINAL, Member(SINTA.id, SINTA.name, Role.ADMIN))
    return SINTA


async def test_who_got_a_place_publishes_no_preview_of_before_beyond_it(country: House, sinta: Author) -> None:
    everywhere = await country.shows("lapor pusat putus", sinta)
    own = await country.shows("lapor blangko di kota bogor habis", sinta)
    await moved(country)

    with pytest.raises(RefusedError) as refusal:
        await country.office.staff.publish(everywhere.preview.id, sinta)
    await country.office.staff.publish(own.preview.id, sinta)

    assert refusal.value.reason == "staff.beyond"
    assert states(country, "ktp_cetak", BOGOR, BEKASI) == [State.UNAVAILABLE, State.UNKNOWN]


async def test_who_got_a_place_invited_nobody_beyond_it(country: House, sinta: Author) -> None:
    made = await country.office.roster.invite(sinta, "Rahma")
    await moved(country)

    with pytest.raises(RefusedError):
        await country.office.roster.redeem(made.token, Author(747100298, "Rahma"))

    assert not await country.office.roster.may_report(747100298)


@pytest.mark.parametrize("line", ["tutup besok; semua kantor", "tutup besok di kota bekasi; pindahan"])
async def test_only_what_was_shown_is_entered_into_the_calendar(country: House, sinta: Author, line: str) -> None:
    name, _ = await country.office.scheduling.preview_line(sinta.id, sinta, line)
    await moved(country)

    with pytest.raises(RefusedError):
        await country.office.scheduling.save(name, sinta)

    assert country.office.live.scheduled == ()
