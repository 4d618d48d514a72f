"""The grammar of `/jadwal`: what each line enters, and what is refused, with what would be right."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from bot.language.report_line import LineRefusedError, ReportLines
from bot.language.schedule_lines import Days, Plan, ScheduleLines
from bot.rules.catalogue import CalendarException, Opening
from bot.rules.reports import Assertion, Estimate, Moment
from tests.rules.small_office import CALENDAR, CATALOGUE, CITY, DOWN, MAIN, MALL, at

NOW = at(2)  # a Thursday
FRIDAY = date(2023, 2, 3)
LINES = ScheduleLines(CATALOGUE, CALENDAR, ReportLines(CATALOGUE, CALENDAR))


def days(line: str) -> tuple[CalendarException, ...]:
    read = LINES.read(line, NOW)
    assert isinstance(read, Days)
    return read.exceptions


def plan(line: str) -> tuple[Assertion, ...]:
    read = LINES.read(line, NOW)
    assert isinstance(read, Plan)
    return read.assertions


def hours(*ends: int) -> tuple[Opening, ...]:
    return tuple(Opening(time(start), time(end)) for start, end in zip(ends[::2], ends[1::2], strict=True))


def works(begins: datetime, until: Moment, cause: str | None = None, target: str = "central_link") -> Assertion:
    place = CITY if target == "central_link" else MAIN
    return Assertion(target, place, DOWN, cause, estimate=Estimate(until), planned_from=begins)


@pytest.mark.parametrize(
    ("line", "first", "last", "openings", "reason", "place"),
    [
        ("tutup besok; rapat kerja", date(2023, 2, 3), date(2023, 2, 3), (), "rapat kerja", None),
        ("tutup hari ini sampai besok; banjir", date(2023, 2, 2), date(2023, 2, 3), (), "banjir", None),
        ("TUTUP 20/2 sampai 22 Februari; pindah", date(2023, 2, 20), date(2023, 2, 22), (), "pindah", None),
        ("tutup 30/12 sampai 2/1; libur", date(2023, 12, 30), date(2024, 1, 2), (), "libur", None),
        ("tutup Jumat di mpp; listrik padam", date(2023, 2, 3), date(2023, 2, 3), (), "listrik padam", MALL),
        ("buka 23/3 08.00-14.00; cuti", date(2023, 3, 23), date(2023, 3, 23), hours(8, 14), "cuti", None),
        ("buka besok 8.00 – 11.00, 13.00-15.00; apel", FRIDAY, FRIDAY, hours(8, 11, 13, 15), "apel", None),
    ],
)  # fmt: skip
def test_days_that_differ(
    line: str, first: date, last: date, openings: tuple[Opening, ...], reason: str, place: str | None
) -> None:
    assert days(line) == (CalendarException(first, last, openings, {"id": reason}, place),)


def test_ramadan_has_hours_by_weekday_which_open_no_holiday() -> None:
    read = days("ramadan 23/3 sampai 21/4; senin-kamis 08.00-15.00; jumat 08.00-16.00")

    assert [(one.first, one.last, one.weekdays, one.openings) for one in read] == [
        (date(2023, 3, 23), date(2023, 4, 21), (0, 1, 2, 3), hours(8, 15)),
        (date(2023, 3, 23), date(2023, 4, 21), (4,), hours(8, 16)),
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("pusat pemeliharaan besok 08.00 sampai 12.00", works(at(3, 8), Moment(at(3, 12)))),
        ("pusat pemeliharaan Sabtu sampai Minggu; dirawat", works(at(4, 0), Moment(at(5, 16), True), "dirawat")),
        ("kk pemeliharaan Jumat sampai lusa 10.00", works(at(3, 7, 30), Moment(at(4, 10)), target="kk")),
    ],
)  # fmt: skip
def test_maintenance_has_a_beginning_and_an_end(line: str, told: Assertion) -> None:
    assert plan(line) == (told,)


def test_maintenance_may_leave_steps_alone() -> None:
    (told,) = plan("pusat di kota pemeliharaan besok 08.00 sampai 12.00; kecuali kk; dirawat")

    assert (told.spares, told.cause, told.place) == ({"kk"}, "dirawat", CITY)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "empty"),
        ("pemeliharaan besok", "no_target"),
        ("pusat putus", "not_maintenance"),
        ("pusat", "not_maintenance"),
        ("pusat pemeliharaan besok", "no_stretch"),
        ("pusat pemeliharaan hari ini 08.00 sampai besok", "begun"),
        ("pusat pemeliharaan 5/2 08.00 sampai besok", "ends_first"),
        ("tutup; rapat", "no_days"),
        ("tutup besok sampai lusa sampai Minggu; rapat", "no_days"),
        ("tutup lusa sampai besok; rapat", "last_first"),
        ("tutup besok 10.00; rapat", "no_clock"),
        ("tutup besok", "no_reason"),
        ("tutup besok; rapat; lagi", "too_much"),
        ("buka besok; apel", "no_hours"),
        ("buka besok 15.00-08.00; apel", "bad_hours"),
        ("ramadan 23/3 sampai 21/4", "no_week"),
        ("ramadan 23/3 sampai 21/4; senin", "no_week"),
        ("ramadan 23/3 sampai 21/4; sinen 08.00-15.00", "bad_week"),
        ("ramadan 23/3 sampai 21/4; senin 08.00-15.00; senin-rabu 08.00-14.00", "day_twice"),
    ],
)
def test_what_is_not_understood_is_refused_with_how_it_goes(line: str, why: str) -> None:
    with pytest.raises(LineRefusedError) as refused:
        LINES.read(line, NOW)

    assert [said.id for said in refused.value.answer.lines] == [f"schedule.line.{why}", "schedule.how"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("pintu pemeliharaan besok sampai lusa", "staff.line.unknown_target"),
        ("pusat pemeliharaan kapan sampai lusa", "staff.line.unknown_time"),
        ("tutup kapan; rapat", "staff.line.unknown_time"),
        ("tutup besok di mana; rapat", "staff.line.unknown_place"),
        ("tutup besok di mpp saja; rapat", "staff.line.unknown_place"),
        ("tutup besok; rapat 7471000102900001", "staff.line.private_number"),
        ("pusat pemeliharaan besok sampai lusa; dirawat; dipindah", "staff.line.part_twice"),
        ("pusat pemeliharaan besok sampai lusa; kecuali kk; kecuali kk", "staff.line.part_twice"),
    ],
)
def test_what_lapor_refuses_is_refused_here_too(line: str, why: str) -> None:
    with pytest.raises(LineRefusedError) as refused:
        LINES.read(line, NOW)

    assert refused.value.reason == why
