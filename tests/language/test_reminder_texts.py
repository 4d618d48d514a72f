"""What staff are asked, as they read it, with the answers ready."""

from __future__ import annotations

from datetime import datetime

from bot.language import reminder_texts
from bot.language.view import View
from bot.rules.reminders import Duty, due
from bot.rules.reports import Assertion, Estimate, Moment, Report
from bot.rules.standing import board_at
from tests.office.house import TEXTS, actions
from tests.rules.small_office import CALENDAR, CATALOGUE, CITY, DOWN, SITTI, UP, WITA, at, confirms, says


def cut(until: datetime | None = None, planned_from: datetime | None = None) -> Assertion:
    return Assertion(
        "central_link", CITY, DOWN, estimate=Estimate(Moment(until)) if until else None, planned_from=planned_from
    )


def view(now: datetime, *reports: Report) -> View:
    return View(CATALOGUE, CALENDAR, board_at(CATALOGUE, CALENDAR, reports, now), now)


def asked(now: datetime, *reports: Report) -> tuple[list[str], list[str]]:
    """The first question of now: its lines, and what its buttons do."""
    seen = view(now, *reports)
    reminder = due(Duty(CATALOGUE, CALENDAR, reports, seen.board, (SITTI.id,), None))[0]
    said = reminder_texts.question(seen, reminder)
    return TEXTS.plain(said, "id", now, WITA).split("\n"), actions(said)


def test_at_opening_all_that_stands_is_one_tap_away_from_being_confirmed() -> None:
    said, does = asked(at(2, 7, 30), says(1, at(1, 8), cut()))

    assert said[0] == (
        "Loket sudah buka. Kabar terakhir dari Rabu, 1 Februari pukul 08.00 WITA. Apakah keadaan ini masih sama?"
    )
    assert said[1].startswith("• Jaringan pusat: ⛔ belum bisa")
    assert does == ["same", "ask:changed"]


def test_at_opening_that_nothing_is_down_is_said() -> None:
    said, _ = asked(at(2, 7, 30), says(1, at(1, 8), cut()), says(2, at(1, 9), Assertion("central_link", CITY, UP)))
    assert said[1] == "✅ Tidak ada gangguan yang dilaporkan."


def test_an_outage_that_lasts_is_asked_about_with_the_last_word_on_it() -> None:
    said, does = asked(at(1, 11), says(1, at(1, 8), cut()))

    assert said == [
        "Jaringan pusat masih gangguan? Gangguan ini dilaporkan sejak hari ini pukul 08.00 WITA.",
        "Terakhir dari Sitti, hari ini pukul 08.00 WITA.",
    ]
    assert does == ["ask:well:1", "ask:still:1"]


def test_where_an_estimate_has_passed_new_ones_are_offered() -> None:
    said, does = asked(at(3, 12), says(1, at(3, 8), cut(until=at(3, 12))))

    assert said[0].startswith("Jaringan pusat: perkiraan sudah lewat (hari ini pukul 12.00 WITA). Sudah pulih?")
    assert does == ["ask:well:1", "ask:still:1", "ask:until:1:2023-02-03", "ask:until:1:2023-02-06"]


def test_after_the_closing_the_next_office_day_is_offered_alone() -> None:
    _, does = asked(at(3, 17), says(1, at(3, 8), cut(until=at(3, 17))))

    assert does[2:] == ["ask:until:1:2023-02-06"]


def test_maintenance_that_should_be_over_is_called_so() -> None:
    said, does = asked(at(1, 15), says(1, at(1, 8), cut(until=at(1, 15), planned_from=at(1, 12))))

    assert said[0].startswith("Jaringan pusat: pemeliharaan seharusnya sudah selesai (hari ini pukul 15.00 WITA).")
    assert said[1] == "Dijadwalkan oleh Sitti, mulai dengan sendirinya."
    assert does[0] == f"ask:well:1-{at(1, 12).timestamp():.0f}"


def test_that_it_goes_on_is_thanked_for() -> None:
    seen = view(at(1, 11), says(1, at(1, 8), cut()), confirms(2, at(1, 9)))
    kept, given_up = (Assertion("central_link", CITY, DOWN, estimate=one) for one in (None, Estimate(None)))

    said = [
        TEXTS.plain(reminder_texts.still(seen, says(3, at(1, 11), one), seen.board.facts), "id", at(1, 11), WITA)
        for one in (kept, given_up)
    ]

    assert said[0] == "Dicatat pukul 11.00 WITA: Jaringan pusat masih gangguan. Terima kasih."
    assert said[1].endswith("warga kini membaca bahwa belum ada perkiraan.")
