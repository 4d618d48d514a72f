"""When the office is open, by tables and by properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.calendar import ClosureKind, OfficeCalendar, national_days
from bot.rules.catalogue import CalendarException, Catalogue, Office, Opening, Place, Week
from bot.rules.catalogue_reading import read_catalogue

WITA = ZoneInfo("Asia/Makassar")
MORNING, AFTERNOON = Opening(time(8), time(11)), Opening(time(13, 30), time(15))
WHOLE = Opening(time(8), time(15))
WEEK: Week = {0: (WHOLE,), 1: (WHOLE,), 2: (WHOLE,), 3: (WHOLE,), 4: (MORNING, AFTERNOON)}
SATURDAYS: Week = {5: (Opening(time(10), time(20)),)}
KOTA, KANTOR, MAL = "kota", "kota/kantor", "kota/mal"
REASON = {"id": "rapat"}


def office(
    hours: Week | None = WEEK,
    *exceptions: CalendarException,
    own: Week | None = None,
    joint: bool = False,
    holidays: bool = True,
) -> OfficeCalendar:
    """A town of two counters; the mall keeps its own hours where they are given."""
    told = Office({"id": "Kantor"}, WITA, open_on_joint_leave=joint, national_holidays=holidays)
    places = (
        Place(KOTA, {"id": "Kota"}, hours=hours),
        Place(KANTOR, {"id": "Kantor"}),
        Place(MAL, {"id": "Mal"}, hours=own),
    )
    return OfficeCalendar(Catalogue(told, (), (), places, exceptions))


def wita(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


def closed(first: str, last: str | None = None, *, place: str | None = None) -> CalendarException:
    return CalendarException(date.fromisoformat(first), date.fromisoformat(last or first), (), REASON, place)


def other_hours(
    first: str, last: str, *openings: Opening, weekdays: tuple[int, ...] | None = None
) -> CalendarException:
    stretch = date.fromisoformat(first), date.fromisoformat(last)
    return CalendarException(*stretch, openings, {"id": "jam lain"}, weekdays=weekdays)


@pytest.mark.parametrize(
    ("now", "is_open", "closes", "following", "previous"),
    [
        # Thursday 2 and Friday 3 February 2023
        ("2023-02-02T07:59", False, None, "2023-02-02T08:00", "2023-02-01T08:00"),
        ("2023-02-02T08:00", True, "2023-02-02T15:00", "2023-02-02T08:00", "2023-02-02T08:00"),
        ("2023-02-02T14:59:59", True, "2023-02-02T15:00", "2023-02-02T08:00", "2023-02-02T08:00"),
        ("2023-02-02T15:00", False, None, "2023-02-03T08:00", "2023-02-02T08:00"),
        ("2023-02-02T23:59:59", False, None, "2023-02-03T08:00", "2023-02-02T08:00"),
        ("2023-02-03T00:00", False, None, "2023-02-03T08:00", "2023-02-02T08:00"),
        ("2023-02-03T06:30", False, None, "2023-02-03T08:00", "2023-02-02T08:00"),
        ("2023-02-03T11:00", False, None, "2023-02-03T13:30", "2023-02-03T08:00"),
        ("2023-02-03T14:00", True, "2023-02-03T15:00", "2023-02-03T13:30", "2023-02-03T08:00"),
        # Saturday, for Monday
        ("2023-02-04T09:00", False, None, "2023-02-06T08:00", "2023-02-03T08:00"),
        # Idulfitri 2023: leave from Wednesday 19 to Tuesday 25 April, with the holiday itself
        ("2023-04-18T15:30", False, None, "2023-04-26T08:00", "2023-04-18T08:00"),
        ("2023-04-22T12:00", False, None, "2023-04-26T08:00", "2023-04-18T08:00"),
    ],
)
def test_a_time_lies_within_the_hours_or_between_them(
    now: str, is_open: bool, closes: str | None, following: str, previous: str
) -> None:
    calendar, then = office(), wita(now)

    assert calendar.is_open(KANTOR, then) is is_open
    assert calendar.closes_at(KANTOR, then) == (wita(closes) if closes else None)
    assert calendar.next_opening(KANTOR, then) == wita(following)
    assert calendar.last_opening(KANTOR, then) == wita(previous)


@pytest.mark.parametrize(
    ("day", "kind", "name", "english", "estimate"),
    [
        ("2023-02-04", ClosureKind.WEEKEND, "", None, False),
        ("2026-01-16", ClosureKind.HOLIDAY, "Isra Mikraj Nabi Muhammad", "Isra' and Mi'raj", False),
        (
            "2026-03-20",
            ClosureKind.JOINT_LEAVE,
            "Cuti Bersama Hari Raya Idul Fitri",
            "Eid al-Fitr Joint Holiday",
            False,
        ),
        ("2026-08-17", ClosureKind.HOLIDAY, "Hari Kemerdekaan Republik Indonesia", "Independence Day", False),
    ],
)
def test_a_closed_day_says_why(day: str, kind: ClosureKind, name: str, english: str | None, estimate: bool) -> None:
    found = office().day_at(KANTOR, date.fromisoformat(day))

    assert found.closed
    assert found.reason is not None
    assert (found.reason.kind, found.reason.estimate) == (kind, estimate)
    assert found.reason.name == ({"id": name, "en": english} if english else {"id": name})


def test_a_date_that_is_not_decreed_yet_is_marked_and_not_named_so() -> None:
    closures = [closure for year in (2026, 2029) for closure in national_days(year).values()]

    assert any(closure.estimate for closure in closures)
    assert not any("(" in words for closure in closures for words in closure.name.values())


def test_a_holiday_on_a_day_of_leave_is_the_holiday() -> None:
    closures = national_days(2026)

    assert len([one for one in closures.values() if one.kind is ClosureKind.HOLIDAY]) == 17
    assert len([one for one in closures.values() if one.kind is ClosureKind.JOINT_LEAVE]) == 8


@pytest.mark.parametrize("day", ["1900-01-01", "2150-01-01"])
def test_years_that_the_package_does_not_know_have_no_holidays(day: str) -> None:
    assert national_days(date.fromisoformat(day).year) == {}


def test_an_office_may_open_on_joint_leave() -> None:
    calendar = office(joint=True)

    assert calendar.openings(KANTOR, date(2026, 5, 15)) == (MORNING, AFTERNOON)
    assert calendar.openings(KANTOR, date(2026, 5, 14)) == ()


def test_an_office_may_keep_no_national_holidays() -> None:
    assert office(holidays=False).openings(KANTOR, date(2026, 1, 16)) == (MORNING, AFTERNOON)


def test_an_exception_opens_a_holiday() -> None:
    calendar = office(WEEK, other_hours("2026-01-16", "2026-01-16", MORNING))

    day = calendar.day_at(KANTOR, date(2026, 1, 16))

    assert (day.openings, day.reason, day.note) == ((MORNING,), None, {"id": "jam lain"})
    assert calendar.is_open(KANTOR, wita("2026-01-16T10:00"))


def test_an_exception_closes_a_working_day_where_it_holds() -> None:
    calendar = office(WEEK, closed("2023-02-02", place=MAL))

    reason = calendar.day_at(MAL, date(2023, 2, 2)).reason

    assert reason is not None
    assert (reason.kind, reason.name) == (ClosureKind.EXCEPTION, REASON)
    assert calendar.openings(KANTOR, date(2023, 2, 2)) == (WHOLE,)


def test_the_exception_listed_last_wins() -> None:
    calendar = office(WEEK, closed("2023-02-01", "2023-02-28"), other_hours("2023-02-02", "2023-02-02", MORNING))

    assert calendar.openings(KANTOR, date(2023, 2, 1)) == ()
    assert calendar.openings(KANTOR, date(2023, 2, 2)) == (MORNING,)


def test_ramadan_hours_change_working_days_and_open_no_holiday() -> None:
    ramadan = other_hours("2026-02-18", "2026-03-19", MORNING, weekdays=(0, 1, 2, 3))
    calendar = office(WEEK, ramadan, closed("2026-02-25"))

    assert calendar.openings(KANTOR, date(2026, 2, 23)) == (MORNING,)
    assert calendar.openings(KANTOR, date(2026, 2, 20)) == (MORNING, AFTERNOON)
    assert calendar.openings(KANTOR, date(2026, 2, 25)) == ()
    assert calendar.openings(KANTOR, date(2026, 3, 18)) == ()


def test_hours_come_from_the_nearest_place_that_has_them() -> None:
    calendar = office(WEEK, own=SATURDAYS)

    assert calendar.openings(KANTOR, date(2023, 2, 4)) == ()
    assert calendar.openings(MAL, date(2023, 2, 4)) == SATURDAYS[5]
    assert calendar.openings(MAL, date(2023, 2, 3)) == ()


@pytest.mark.parametrize(
    ("now", "following", "previous"),
    [
        ("2023-02-02T07:29", "2023-02-02T07:30", "2023-02-01T07:30"),
        ("2023-02-02T12:00", "2023-02-02T07:30", "2023-02-02T07:30"),
        ("2023-02-03T16:00", "2023-02-06T07:30", "2023-02-03T07:30"),
    ],
)
def test_unset_hours_are_reckoned_with_and_never_told(now: str, following: str, previous: str) -> None:
    calendar, then = office(hours=None), wita(now)

    assert calendar.next_opening(KANTOR, then) == wita(following)
    assert calendar.last_opening(KANTOR, then) == wita(previous)
    assert calendar.openings(KANTOR, then.date()) is None
    assert calendar.closes_at(KANTOR, then) is None
    assert calendar.day_at(KANTOR, then.date()).reason is None


def test_an_office_without_hours_still_knows_weekends_and_holidays() -> None:
    calendar = office(hours=None)

    assert calendar.openings(KANTOR, date(2023, 2, 4)) == ()
    assert calendar.openings(KANTOR, date(2026, 1, 16)) == ()


@pytest.mark.parametrize(
    ("hours", "day", "end"),
    [
        (WEEK, "2023-02-02", "2023-02-02T15:00"),
        (WEEK, "2023-02-04", "2023-02-04T16:00"),
        (None, "2023-02-02", "2023-02-02T16:00"),
    ],
)
def test_a_day_ends_with_its_last_closing(hours: Week | None, day: str, end: str) -> None:
    assert office(hours).closing_of(KANTOR, date.fromisoformat(day)) == wita(end)


def test_an_office_that_is_closed_for_years_opens_at_no_time_in_sight() -> None:
    calendar = office(WEEK, closed("2020-01-01", "2026-12-31"))

    assert calendar.next_opening(KANTOR, wita("2023-02-02T12:00")) is None
    assert calendar.last_opening(KANTOR, wita("2023-02-02T12:00")) == wita("2021-12-29T00:00")


def test_today_is_the_offices() -> None:
    calendar = office()

    assert calendar.today(datetime(2023, 2, 1, 15, 59, tzinfo=UTC)) == date(2023, 2, 1)
    assert calendar.today(datetime(2023, 2, 1, 16, 0, tzinfo=UTC)) == date(2023, 2, 2)
    assert calendar.today(datetime.fromisoformat("2023-02-02T23:59")) == date(2023, 2, 2)


def test_another_office_lives_in_its_own_zone() -> None:
    catalogue = read_catalogue(Path(__file__).parent.parent / "catalogues" / "pontianak.toml")
    calendar = OfficeCalendar(catalogue)

    now = datetime(2026, 1, 5, 7, 15, tzinfo=UTC)

    assert calendar.is_open("pontianak/sutoyo", now)
    assert not calendar.is_open("pontianak/sutoyo", now + timedelta(minutes=15))
    assert calendar.is_open("pontianak/mal", now + timedelta(minutes=15))
    assert calendar.openings("pontianak/sutoyo", date(2026, 2, 23)) == (Opening(time(8), time(13, 30)),)
    assert calendar.openings("pontianak/mal", date(2026, 10, 23)) == ()


_UNHURRIED = settings(deadline=None)  # the first look at a year loads its holidays
_ZONES = st.sampled_from([UTC, WITA, ZoneInfo("Asia/Jakarta"), ZoneInfo("America/New_York")])
_TIMES = st.datetimes(
    datetime.fromisoformat("2015-01-01"), datetime.fromisoformat("2030-12-31"), timezones=st.just(UTC)
)
_STRETCHES = st.sampled_from([(), (WHOLE,), (MORNING, AFTERNOON), (Opening(time(0), time(23, 59)),)])
_WEEKS = st.dictionaries(st.integers(0, 6), _STRETCHES, min_size=1).filter(lambda week: any(week.values()))


def _offices(hours: Mapping[int, tuple[Opening, ...]] | None, joint: bool) -> OfficeCalendar:
    return office(hours, other_hours("2020-01-01", "2025-12-31", AFTERNOON, weekdays=(1, 6)), joint=joint)


@_UNHURRIED
@given(_TIMES, st.none() | _WEEKS, st.booleans())
def test_the_next_opening_is_open_and_never_behind_unless_it_is_now(
    now: datetime, hours: Mapping[int, tuple[Opening, ...]] | None, joint: bool
) -> None:
    calendar = _offices(hours, joint)

    following = calendar.next_opening(KANTOR, now)

    assert following is not None
    assert calendar.is_open(KANTOR, following)
    assert (following <= now) == calendar.is_open(KANTOR, now)
    assert calendar.next_opening(KANTOR, following) == following


@_UNHURRIED
@given(_TIMES, st.none() | _WEEKS, st.booleans())
def test_the_last_opening_is_behind_and_began_an_open_day(
    now: datetime, hours: Mapping[int, tuple[Opening, ...]] | None, joint: bool
) -> None:
    calendar = _offices(hours, joint)

    previous = calendar.last_opening(KANTOR, now)

    assert previous <= now
    assert calendar.is_open(KANTOR, previous)
    assert calendar.last_opening(KANTOR, previous) == previous
    assert not calendar.is_open(KANTOR, previous - timedelta(microseconds=1))


@_UNHURRIED
@given(_TIMES, st.none() | _WEEKS)
def test_between_the_last_opening_and_the_next_lies_no_other_day(
    now: datetime, hours: Mapping[int, tuple[Opening, ...]] | None
) -> None:
    calendar = _offices(hours, joint=False)
    previous, following = calendar.last_opening(KANTOR, now), calendar.next_opening(KANTOR, now)

    assert following is not None
    between = (previous.date() + timedelta(days=ahead) for ahead in range(1, (following.date() - previous.date()).days))
    assert all(calendar.openings(KANTOR, day) == () for day in between)


@_UNHURRIED
@given(_TIMES, _ZONES, st.none() | _WEEKS)
def test_a_moment_is_the_same_in_every_zone(
    now: datetime, zone: ZoneInfo, hours: Mapping[int, tuple[Opening, ...]] | None
) -> None:
    calendar, elsewhere = _offices(hours, joint=False), now.astimezone(zone)

    assert calendar.today(elsewhere) == calendar.today(now)
    assert calendar.is_open(KANTOR, elsewhere) == calendar.is_open(KANTOR, now)
    assert calendar.closes_at(KANTOR, elsewhere) == calendar.closes_at(KANTOR, now)
    assert calendar.next_opening(KANTOR, elsewhere) == calendar.next_opening(KANTOR, now)
    assert calendar.last_opening(KANTOR, elsewhere) == calendar.last_opening(KANTOR, now)


@_UNHURRIED
@given(_TIMES, _WEEKS)
def test_an_open_counter_says_when_it_closes(now: datetime, hours: Mapping[int, tuple[Opening, ...]]) -> None:
    calendar = _offices(hours, joint=False)

    closing = calendar.closes_at(KANTOR, now)

    assert (closing is not None) == calendar.is_open(KANTOR, now)
    assert closing is None or (closing > now and not calendar.is_open(KANTOR, closing))


@_UNHURRIED
@given(st.dates(date(2015, 1, 1), date(2030, 12, 31)), st.none() | _WEEKS)
def test_a_day_is_closed_for_a_reason_or_not_at_all(day: date, hours: Mapping[int, tuple[Opening, ...]] | None) -> None:
    found = _offices(hours, joint=False).day_at(KANTOR, day)

    assert found.closed == (found.reason is not None)


def test_a_catalogue_is_not_changed_by_its_calendar() -> None:
    catalogue = read_catalogue()
    before = replace(catalogue)

    OfficeCalendar(catalogue).next_opening("kendari/mpp", wita("2026-03-20T12:00"))

    assert catalogue == before


@pytest.mark.parametrize(
    ("now", "opened"),
    [
        ("2023-02-02T06:00", "2023-02-01T07:30"),
        ("2023-02-02T10:00", "2023-02-01T07:30"),
        ("2023-02-06T10:00", "2023-02-03T07:30"),  # Monday
        ("2023-02-05T10:00", "2023-02-03T07:30"),
    ],
)
def test_the_office_day_before_today_began_on_the_last_working_day(now: str, opened: str) -> None:
    calendar = OfficeCalendar(read_catalogue())

    assert calendar.opening_before_today("kendari/kantor", wita(now)) == wita(opened)
