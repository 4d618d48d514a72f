"""Places in several time zones: each keeps its own, in its hours, its days and its nights; one zone changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue
from bot.rules.corrections import in_time, may_go_at, sleeping
from bot.rules.history import window
from bot.rules.notices import Change, Delivery, DeliveryStatus, Notice, NoticeKind, soonest
from bot.rules.reminders import Duty, Reminder, ReminderKind, counter_of, due
from bot.rules.reports import Assertion, Report
from bot.rules.standing import board_at
from bot.rules.validity import good_until
from tests.catalogues.indonesia import BOGOR, DENPASAR, JAYAPURA, indonesia, province_path, three_offices
from tests.rules.small_office import CATALOGUE, CITY, DOWN, MAIN, SITTI, UP, says

WIB, WITA, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Jayapura")
QUIET = time(21), time(6)
HOLD, GAP = timedelta(minutes=2), timedelta(minutes=30)
WEST, EAST, NATION = 11, 12, 13  # staff


def wib(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in February 2023 in the west; the 1st is a Wednesday."""
    return datetime(2023, 2, day, hour, minute, tzinfo=WIB)


@pytest.fixture(scope="module")
def country() -> Catalogue:
    return three_offices()


@pytest.fixture(scope="module")
def calendar(country: Catalogue) -> OfficeCalendar:
    return OfficeCalendar(country)


@pytest.mark.parametrize(
    ("province", "zone"),
    [
        *(("Aceh", "WIB"), ("Jawa Timur", "WIB"), ("Kalimantan Barat", "WIB"), ("Kalimantan Tengah", "WIB")),
        *(("Kalimantan Utara", "WITA"), ("Gorontalo", "WITA"), ("Bali", "WITA"), ("Nusa Tenggara Timur", "WITA")),
        *(("Maluku", "WIT"), ("Maluku Utara", "WIT"), ("Papua Barat Daya", "WIT"), ("Papua Pegunungan", "WIT")),
    ],
)
def test_a_place_keeps_the_time_of_the_nearest_above_that_has_one(province: str, zone: str) -> None:
    catalogue = indonesia()
    office = next(one for one in catalogue.tree.offices if one.startswith(f"{province_path(province)}/"))

    assert catalogue.zones.of(f"{office}/kantor").tzname(wib(1, 9)) == zone


def test_what_concerns_several_places_keeps_the_time_of_the_lowest_above_them(country: Catalogue) -> None:
    zones = country.zones

    assert zones.among([f"{JAYAPURA}/kantor"]) is WIT
    assert zones.among([f"{JAYAPURA}/kantor", f"{BOGOR}/kantor"]) is WIB
    assert zones.every([f"{JAYAPURA}/kantor", f"{BOGOR}/kantor"]) == {WIB, WIT}
    assert zones.of("nowhere") is zones.of(None) is WIB


def test_a_part_of_the_country_keeps_its_own_time(country: Catalogue) -> None:
    papua = country.within("indonesia/papua")

    assert papua.office.timezone is WIT
    assert papua.zones.of(JAYAPURA) is papua.zones.of(None) is WIT
    assert papua.zones.many


def test_one_zone_is_asked_of_no_place() -> None:
    zones = CATALOGUE.zones

    assert not zones.many
    assert zones.among([MAIN]) is CATALOGUE.office.timezone
    assert zones.every([MAIN]) == zones.every([]) == {CATALOGUE.office.timezone}
    assert not CATALOGUE.within(CITY).zones.many


def test_an_office_opens_and_closes_by_its_own_clock(country: Catalogue, calendar: OfficeCalendar) -> None:
    counters = [f"{office}/kantor" for office in (BOGOR, DENPASAR, JAYAPURA)]

    assert [calendar.is_open(one, wib(2, 6, 30)) for one in counters] == [False, False, True]
    assert [calendar.is_open(one, wib(2, 13, 30)) for one in counters] == [True, True, False]
    assert [calendar.closing_of(one, date(2023, 2, 2)) for one in counters] == [wib(2, 15), wib(2, 14), wib(2, 13)]
    assert calendar.last_opening(counters[2], wib(2, 7)) == wib(2, 6)
    assert calendar.opening_before_today(counters[2], wib(2, 7)) == wib(1, 6)
    assert len({calendar.like(one) for one in counters}) == 3


def test_a_day_begins_in_the_east(calendar: OfficeCalendar) -> None:
    late, thursday, friday = wib(2, 23, 30), date(2023, 2, 2), date(2023, 2, 3)

    assert [calendar.today(late, place) for place in (BOGOR, JAYAPURA, None)] == [thursday, friday, thursday]
    assert [window(calendar, late, place)[-1] for place in (BOGOR, JAYAPURA)] == [thursday, friday]


def test_an_answer_is_good_until_its_own_office_closes(country: Catalogue, calendar: OfficeCalendar) -> None:
    def until(office: str) -> datetime:
        return good_until(calendar, country.counters_under(office), (), wib(2, 9)).at

    assert (until(BOGOR), until(JAYAPURA)) == (wib(2, 15), wib(2, 13))


def notice(kind: NoticeKind, reported: datetime, released: datetime | None = None) -> Notice:
    return Notice(5, 1, kind, (), reported, released or reported)


def test_a_notice_goes_out_where_the_night_is_over_first() -> None:
    assert soonest(wib(1, 22), QUIET, [WIB, WITA, WIT]) == wib(2, 4)
    assert soonest(wib(1, 20, 30), QUIET, [WIB, WIT]) == wib(1, 20, 30)
    assert in_time(notice(NoticeKind.RELAPSE, wib(1, 23)), QUIET, [WIB, WIT]).release_at == wib(2, 4)


@pytest.mark.parametrize(
    ("now", "hurried", "zone", "goes"),
    [
        pytest.param(wib(2, 4), None, WIT, wib(2, 4), id="morning in the east"),
        pytest.param(wib(2, 4), None, WITA, wib(2, 5), id="an hour later in the middle"),
        pytest.param(wib(2, 4), None, WIB, wib(2, 6), id="two hours later in the west"),
        pytest.param(wib(1, 20, 2), None, WIB, wib(1, 20, 2), id="evening in the west"),
        pytest.param(wib(1, 20, 2), None, WIT, wib(2, 4), id="night in the east already"),
        pytest.param(wib(1, 20, 1), wib(1, 20, 1), WIT, wib(1, 20, 1), id="staff sent it now"),
        pytest.param(wib(1, 22, 1), wib(1, 22, 1), WIB, wib(1, 22, 1), id="staff sent it now, by night everywhere"),
        pytest.param(wib(2, 4, 30), wib(2, 4, 30), WIB, wib(2, 4, 30), id="staff sent the rest, too, to the west"),
        pytest.param(wib(1, 21, 30), wib(1, 20, 30), WIB, wib(2, 6), id="hurried where it was not quiet yet"),
    ],
)
def test_each_reader_is_told_when_their_own_night_is_over(
    now: datetime, hurried: datetime | None, zone: ZoneInfo, goes: datetime
) -> None:
    back = replace(notice(NoticeKind.RESUMPTION, wib(1, 20)), hurried_at=hurried)
    mine = Delivery(1, 5, 7, (Change("ktp_cetak", MAIN, DOWN, UP),), DeliveryStatus.SENDING, now)

    assert may_go_at(back, mine, (), now, gap=GAP, quiet=QUIET, zone=zone) == goes


@pytest.mark.parametrize(
    ("now", "hurried", "offices", "waits"),
    [
        pytest.param(wib(2, 4, 1), None, (BOGOR, JAYAPURA), True, id="the west still sleeps"),
        pytest.param(wib(2, 6), None, (BOGOR, JAYAPURA), False, id="it is day everywhere"),
        pytest.param(wib(2, 4), wib(1, 22, 1), (BOGOR, JAYAPURA), False, id="staff sent it to all at once"),
        pytest.param(wib(1, 22), wib(1, 20, 30), (BOGOR, JAYAPURA), True, id="staff sent it while the west was awake"),
        pytest.param(wib(2, 4), None, (JAYAPURA,), False, id="it is day where it is told"),
        pytest.param(wib(2, 4), None, (BOGOR,), True, id="of one zone it is told in its morning"),
    ],
)
def test_what_waits_for_a_morning_is_known(
    country: Catalogue, now: datetime, hurried: datetime | None, offices: tuple[str, ...], waits: bool
) -> None:
    changes = tuple(Change("ktp_cetak", f"{office}/kantor", DOWN, UP) for office in offices)
    back = replace(notice(NoticeKind.RESUMPTION, wib(1, 20)), changes=changes, hurried_at=hurried)

    assert sleeping(back, now, quiet=QUIET, zones=country.zones) is waits


@pytest.mark.parametrize(
    ("hour", "asked"),
    [
        *((5, []), (6, [(EAST,)]), (7, [(EAST,)]), (8, [(WEST, NATION), (EAST,)]), (18, [(WEST, NATION), (EAST,)])),
        *((19, [(WEST, NATION)]), (21, [])),
    ],
)
def test_staff_are_asked_from_their_own_opening_to_their_own_night(
    country: Catalogue, calendar: OfficeCalendar, hour: int, asked: list[tuple[int, ...]]
) -> None:
    cut = says(1, wib(1, 9), Assertion("central_link", "indonesia", DOWN))

    found = asked_at(country, calendar, wib(2, hour), cut)

    assert sorted(one.to for one in found if one.kind is ReminderKind.OPENING) == sorted(asked)


def asked_at(country: Catalogue, calendar: OfficeCalendar, now: datetime, *reports: Report) -> tuple[Reminder, ...]:
    board = board_at(country, calendar, reports, now)
    homes = {WEST: BOGOR, EAST: JAYAPURA}
    return due(Duty(country, calendar, reports, board, (WEST, EAST, NATION), QUIET, homes=homes))


def test_who_lives_where_no_counter_is_is_asked_when_the_first_opens(country: Catalogue) -> None:
    papua = country.within("indonesia/papua")
    seen = Catalogue(country.office, papua.services, papua.resources, country.places[:1] + papua.places)
    cut = says(1, wib(1, 9), Assertion("central_link", "indonesia", DOWN))
    board = board_at(seen, OfficeCalendar(seen), (cut,), wib(2, 6))

    found = due(Duty(seen, OfficeCalendar(seen), (cut,), board, (SITTI.id,), QUIET))

    assert [one.kind for one in found] == [ReminderKind.OPENING]


def test_what_stands_is_reckoned_by_the_hours_of_its_place(country: Catalogue, calendar: OfficeCalendar) -> None:
    cut = says(1, wib(1, 9), Assertion("central_link", JAYAPURA, DOWN))
    facts = board_at(country, calendar, (cut,), wib(2, 9)).facts

    assert counter_of(country, facts) == f"{JAYAPURA}/kantor"
    assert counter_of(country, ()) == country.main_counter.path
