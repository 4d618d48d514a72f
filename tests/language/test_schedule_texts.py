"""`/jadwal` as staff read it: what they entered, and what stands anyway."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from bot.language import plan_texts, schedule_texts
from bot.language.messages import Answer
from bot.language.view import View
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import CalendarException, Catalogue, Opening, State
from bot.rules.notices import Change
from bot.rules.reports import Assertion, Estimate, Moment
from bot.rules.schedule import SpecialDays
from bot.rules.standing import board_at
from tests.office.house import TEXTS, actions
from tests.rules.small_office import CATALOGUE, CITY, DOWN, MAIN, MALL, SITTI, UP, WITA, at, says

OFFICE = replace(CATALOGUE, office=replace(CATALOGUE.office, national_holidays=True))
NOON = Estimate(Moment(at(4, 12)))
PLAN = Assertion("central_link", CITY, DOWN, "server dirawat.", estimate=NOON, planned_from=at(4, 8))
SHUT = CalendarException(date(2023, 2, 6), date(2023, 2, 8), (), {"id": "pindah kantor"}, MALL)


def view(catalogue: Catalogue = CATALOGUE, now: datetime | None = None) -> View:
    now = now or at(2)
    calendar = OfficeCalendar(catalogue)
    return View(catalogue, calendar, board_at(catalogue, calendar, (), now), now)


def read(said: Answer, now: datetime | None = None) -> str:
    return TEXTS.plain(said, "id", now or at(2), WITA)


def test_what_staff_entered_is_numbered_with_a_button_each() -> None:
    entry, over = (SpecialDays(number, (SHUT,), SITTI, at(1)) for number in (5, 6))
    over = replace(over, exceptions=(replace(SHUT, first=date(2023, 1, 2), last=date(2023, 1, 2)),))

    said = schedule_texts.overview(view(), [says(3, at(1), PLAN)], [entry, over])

    lines = read(said).split("\n")
    assert lines[1] == (
        "1. 🔧 Jaringan pusat: pemeliharaan mulai Sabtu, 4 Februari pukul 08.00 WITA sampai Sabtu, 4 Februari "
        "pukul 12.00 WITA; server dirawat. Sitti"
    )
    assert lines[2].startswith("2. 🗓 Senin, 6 Februari s.d. Rabu, 8 Februari di MPP: tutup (pindah kantor).")
    assert actions(said) == ["j:plan:3", "j:days:5"]


def test_what_the_catalogue_and_the_nation_say_stands_beside_it() -> None:
    spring = datetime(2027, 2, 20, 9, tzinfo=WITA)
    own = CalendarException(date(2027, 3, 9), date(2027, 3, 9), (Opening(time(8), time(11)),), {"id": "tetap melayani"})

    said = read(schedule_texts.overview(view(replace(OFFICE, exceptions=(own,)), spring), (), ()), spring)

    assert "• " in said
    assert "Selasa, 9 Maret: buka 08.00–11.00 (tetap melayani)" in said
    assert "perkiraan" in said  # Idulfitri is not decreed yet
    assert "tetap buka" in said


def test_an_office_without_national_holidays_is_shown_none() -> None:
    assert "Libur nasional" not in read(schedule_texts.overview(view(), (), ()))


def test_a_plan_tells_what_stops_and_what_goes_on_in_part() -> None:
    changes = (Change("kk", MAIN, UP, State.LIMITED), Change("ktp_cetak", MAIN, UP, DOWN))

    said = read(plan_texts.announced(view(), (PLAN,), changes)).split("\n")

    assert said[0].startswith("🔧 Pencetakan KTP belum bisa mulai Sabtu, 4 Februari pukul 08.00 WITA sampai")
    assert said[1].startswith("🔧 Kk terbatas mulai")
    assert said[2] == "Yang dikerjakan: server dirawat."


def test_a_plan_that_was_taken_back_is_told_so_also_where_it_was_read() -> None:
    change = (Change("ktp_cetak", MAIN, UP, DOWN),)

    assert read(plan_texts.cancelled(view(), (PLAN,), change)).startswith(
        "Pemeliharaan dibatalkan: pencetakan KTP tidak jadi dihentikan mulai Sabtu"
    )
    assert read(plan_texts.corrected(view(), (PLAN,), change)).startswith("Kabar ini tidak berlaku lagi:")
