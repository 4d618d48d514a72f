"""Each screen of a report by taps: what it says, and what its buttons do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.language.messages import Answer, say
from bot.language.refusals import RefusedError
from bot.language.report_line import LineRefusedError, ReportLines
from bot.language.report_lines import understood
from bot.language.texts import Texts
from bot.language.view import View
from bot.language.wizard_texts import again, screen
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import State
from bot.rules.catalogue_reading import SHIPPED, read_catalogue
from bot.rules.drafts import MOST_PLACES, QUESTIONS, Draft, Entry, Offer, OfferKind, Screen
from bot.rules.offers import offers, returns
from bot.rules.reports import Assertion, Author, Estimate, Moment, Report
from bot.rules.standing import board_at
from tests.catalogues.indonesia import indonesia
from tests.rules.small_office import WITA, at

TEXTS = Texts.load()
OFFICE = read_catalogue(SHIPPED / "demo.toml")
CALENDAR = OfficeCalendar(OFFICE)
SITTI = Author(7, "Sitti R.")
CITY, MAIN = "kendari", "kendari/kantor"
DOWN = State.UNAVAILABLE
CUT = Assertion("central_link", CITY, DOWN, "server <diputus>", estimate=Estimate(Moment(at(6, 15), whole_day=True)))
ALL = frozenset(QUESTIONS)


def view(*reports: Report, now: datetime | None = None) -> View:
    now = now or at(2)
    return View(OFFICE, CALENDAR, board_at(OFFICE, CALENDAR, reports, now), now)


def reported(*assertions: Assertion) -> Report:
    return Report(1, at(2, 8), SITTI, assertions=assertions)


def draft(shown: Screen, entry: Entry | None = None, **more: object) -> Draft:
    return replace(Draft(1, 1, SITTI, at(2), shown, turn=3, entry=entry or Entry()), **more)


def text(said: Answer) -> str:
    return TEXTS.plain(said, "id", at(2), WITA)


def labels(said: Answer) -> list[str]:
    return [TEXTS.plain(button.label, "id", at(2), WITA) for row in said.buttons for button in row]


def actions(said: Answer) -> list[str]:
    return [button.action or "" for row in said.buttons for button in row]


def home(seen: View, *reports: Report) -> Answer:
    return screen(seen, draft(Screen.HOME, offers=offers(OFFICE, seen.board, reports)))


def test_the_first_screen_shows_the_board_and_what_is_usual() -> None:
    said = home(view())

    assert "belum ada kabar" in text(said).lower()
    assert labels(said) == [
        "⛔ Pusat putus",
        "⛔ Blangko habis",
        "⛔ TTE gangguan",
        "⛔ Listrik padam",
        "✅ Semua normal",
        "Layanan atau sebab lain",
        "Tulis sendiri",
        "Batal",
    ]
    assert actions(said)[0] == "lp:3:o:0"


def test_what_is_down_comes_first() -> None:
    report = reported(CUT)

    said = home(view(report), report)

    assert labels(said)[:2] == ["✅ Jaringan pusat pulih", "Perbarui jaringan pusat"]
    assert "⛔ Pusat putus" not in labels(said)


def test_what_was_reported_last_is_offered_by_its_name_and_many_are_counted() -> None:
    many = Entry(ready=tuple(Assertion(step, MAIN, DOWN) for step in ("kk", "kia", "akta_lahir", "akta_mati")))

    said = screen(view(), draft(Screen.HOME, offers=(Offer(OfferKind.AGAIN, many),)))

    assert labels(said)[0] == "⛔ Lagi: Kartu Keluarga (KK) dan 3 lainnya"


def test_what_is_down_is_listed_with_a_button_each() -> None:
    seen = view(reported(CUT, Assertion("legalisir", MAIN, DOWN)))

    said = screen(seen, draft(Screen.RETURNS, offers=returns(OFFICE, seen.board)))

    assert "server <diputus>" in text(said)
    assert labels(said) == ["✅ Jaringan pusat pulih", "✅ Legalisir dokumen pulih", "‹ Kembali", "Batal"]


def test_what_is_down_at_two_counters_is_told_apart() -> None:
    report = reported(Assertion("utilities", MAIN, DOWN), Assertion("utilities", "kendari/mpp", DOWN))

    said = home(view(report), report)

    assert labels(said)[:4] == [
        "✅ Listrik dan internet pulih",
        "✅ Listrik dan internet di Mal Pelayanan Publik (MPP) pulih",
        "Perbarui listrik dan internet",
        "Perbarui listrik dan internet di Mal Pelayanan Publik (MPP)",
    ]


def test_targets_are_what_services_need_and_the_services() -> None:
    said = screen(view(), draft(Screen.TARGETS))

    assert labels(said)[:2] == ["Jaringan pusat", "Data biometrik"]
    assert {"KTP", "KK", "Akta kelahiran"} <= set(labels(said))
    assert len(labels(said)) == len(OFFICE.resources) + len(OFFICE.services) + 2


def test_a_service_shows_its_parts_and_the_whole() -> None:
    said = screen(view(), draft(Screen.STEPS, service="ktp"))

    assert labels(said)[:4] == ["Perekaman", "Pencetakan", "Pengambilan KTP yang sudah jadi", "Seluruh layanan KTP"]


def test_states_are_those_that_staff_know() -> None:
    said = screen(view(), draft(Screen.STATE, Entry(("blanks",))))

    assert text(said) == "Bagaimana keadaan blangko KTP sekarang?"
    assert actions(said)[:3] == ["lp:3:is:unavailable", "lp:3:is:limited", "lp:3:is:available"]


def test_each_step_that_follows_has_a_tick() -> None:
    said = screen(view(), draft(Screen.SPARES, Entry(("blanks", "signature"), state=DOWN, spares=frozenset({"kk"}))))

    assert {"☑️ Pencetakan KTP-el", "◻️ KK", "Lanjut"} <= set(labels(said))


def test_causes_are_numbered_in_full() -> None:
    said = screen(view(), draft(Screen.CAUSE, Entry(("blanks",), state=DOWN)))

    assert "1. blangko KTP habis, kiriman dari pusat sedang ditunggu" in text(said)
    assert labels(said)[:5] == ["1", "2", "3", "Tulis sendiri", "Tanpa sebab"]


def test_the_cause_that_stands_can_stay() -> None:
    said = screen(view(reported(CUT)), draft(Screen.CAUSE, Entry(("central_link",), state=DOWN)))

    assert "Sebab yang tertulis sekarang: server <diputus>." in text(said)
    assert "Tetap sebab itu" in labels(said)


def test_own_words_are_asked_for_with_an_example() -> None:
    assert "Paling banyak 200 huruf" in text(screen(view(), draft(Screen.CAUSE_WORDS)))
    assert "satu hal satu baris" in text(screen(view(), draft(Screen.LINES)))


def test_an_estimate_is_a_near_day_a_date_or_unknown() -> None:
    said = screen(view(), draft(Screen.ESTIMATE, Entry(("kk",), MAIN)))

    assert labels(said)[:4] == ["Hari ini", "Besok", "Pilih tanggal", "Belum tahu"]
    assert actions(said)[:4] == ["lp:3:d:2023-02-02", "lp:3:d:2023-02-03", "lp:3:m:2023-02-01", "lp:3:d:?"]


def test_today_is_offered_until_the_office_closes() -> None:
    evening = view(now=at(2, 15))

    assert labels(screen(evening, draft(Screen.ESTIMATE)))[0] == "Besok"
    assert "lp:3:d:2023-02-02" not in actions(screen(evening, draft(Screen.CALENDAR)))


@pytest.mark.parametrize(
    ("stands", "label"),
    [
        (CUT, "Tetap Senin, 6 Februari"),
        (replace(CUT, estimate=None), "Tetap tanpa perkiraan"),
        (replace(CUT, estimate=Estimate(None)), "Tetap tanpa perkiraan"),
    ],
)
def test_the_estimate_that_stands_can_stay(stands: Assertion, label: str) -> None:
    assert label in labels(screen(view(reported(stands)), draft(Screen.ESTIMATE, Entry(("central_link",)))))


def test_the_calendar_shows_a_month_from_today_on() -> None:
    said = screen(view(), draft(Screen.CALENDAR))

    assert text(said).startswith("Februari 2023")
    assert labels(said)[:7] == ["Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min"]
    assert labels(said)[7:14] == ["·", "·", "·", "2", "3", "(4)", "(5)"]
    assert [label for label in labels(said) if "›" in label or "‹" in label] == ["Berikutnya ›", "‹ Kembali"]


def test_the_calendar_turns_a_year_and_no_further() -> None:
    last = screen(view(), draft(Screen.CALENDAR, month=date(2030, 1, 1)))
    first = screen(view(), draft(Screen.CALENDAR, month=date(2020, 1, 1)))

    assert text(last).startswith("Februari 2024")
    assert "‹ Sebelumnya" in labels(last)
    assert "Berikutnya ›" not in labels(last)
    assert text(first).startswith("Februari 2023")


def test_places_are_the_counters_and_all_of_them() -> None:
    said = screen(view(), draft(Screen.PLACE, Entry(("kk",))))

    assert labels(said)[:3] == ["Kantor Disdukcapil", "Mal Pelayanan Publik (MPP)", "Seluruh Kota Kendari"]


def test_an_office_of_many_counters_says_how_to_name_the_others() -> None:
    mall = OFFICE.places[-1]
    many = replace(OFFICE, places=(*OFFICE.places, *(replace(mall, path=f"{CITY}/{n}") for n in range(MOST_PLACES))))
    seen = View(many, OfficeCalendar(many), view().board, at(2))

    said = screen(seen, draft(Screen.PLACE, Entry(("legalisir",))))

    assert "/lapor ktp cetak di kantor terbatas" in text(said)
    assert len(labels(said)) <= 100


def test_of_many_offices_those_of_a_province_are_shown_and_the_whole_of_it() -> None:
    country = indonesia()
    seen = View(country, OfficeCalendar(country), view().board, at(2))
    above = Entry(("kk",), "indonesia/jawa_barat")

    provinces, offices = (screen(seen, draft(Screen.PLACE, entry)) for entry in (Entry(("kk",)), above))

    assert "Provinsi Jawa Barat" in labels(provinces)
    assert "Seluruh Indonesia" in labels(provinces)
    assert "Kota Bogor" in labels(offices)
    assert "Seluruh Provinsi Jawa Barat" in labels(offices)
    assert "/lapor" not in text(provinces) + text(offices)  # none is left out
    assert all(len(one.action) <= 64 for row in offices.buttons for one in row)


def test_the_review_names_each_part_that_was_chosen() -> None:
    entry = Entry(("central_link",), CITY, DOWN, frozenset({"kk"}), "server lambat", date(2023, 2, 6), answered=ALL)

    said = screen(view(), draft(Screen.REVIEW, entry))

    assert text(said).split("\n") == [
        "Laporan ini: Jaringan pusat",
        "Keadaan: ⛔ belum bisa",
        "Tetap bisa: Kartu Keluarga (KK)",
        "Sebab: server lambat",
        "Perkiraan bisa lagi: Senin, 6 Februari",
        "Tempat: Kota Kendari",
    ]
    assert [action for action in actions(said) if ":q:" in action] == [f"lp:3:q:{question}" for question in QUESTIONS]


def test_the_review_shows_what_stands_where_nothing_new_was_said() -> None:
    entry = Entry(("central_link",), None, DOWN, answered=ALL)

    stands = text(screen(view(reported(replace(CUT, spares=frozenset({"kk"})))), draft(Screen.REVIEW, entry)))
    open_end = text(screen(view(reported(replace(CUT, estimate=Estimate(None)))), draft(Screen.REVIEW, entry)))
    unsure = text(screen(view(reported(CUT)), draft(Screen.REVIEW, replace(entry, unsure=True))))
    silent = text(screen(view(), draft(Screen.REVIEW, entry)))

    assert {"Tetap bisa: Kartu Keluarga (KK)", "Sebab: server <diputus>"} <= set(stands.split("\n"))
    assert "Perkiraan bisa lagi: Senin, 6 Februari" in stands
    assert "Perkiraan bisa lagi: belum tahu" in open_end
    assert "Perkiraan bisa lagi: belum tahu" in unsure
    assert silent.split("\n") == ["Laporan ini: Jaringan pusat", "Keadaan: ⛔ belum bisa"]


def test_a_whole_report_is_rewritten_rather_than_asked_about() -> None:
    ready = Entry(ready=(Assertion("kk", MAIN, DOWN), Assertion("legalisir", MAIN, DOWN)))

    said = screen(view(), draft(Screen.REVIEW, ready))

    assert "2 keterangan sekaligus" in text(said)
    assert labels(said) == ["Tulis sendiri", "Lihat pratinjau", "‹ Kembali", "Batal"]


def test_what_ended_has_no_buttons() -> None:
    said = screen(view(), draft(Screen.DONE), say("wizard.stale"))

    assert text(said).split("\n")[1].startswith("Dibatalkan")
    assert said.buttons == ()


def test_a_preview_that_expired_leads_to_a_new_one() -> None:
    said = again(view(), draft(Screen.PREVIEW), RefusedError(say("staff.expired")).answer)

    assert actions(said) == ["lp:3:go", "lp:3:back", "lp:3:stop"]


def staged(written: str, command: str = "lapor") -> tuple[Assertion, ...]:
    seen = view(reported(CUT))
    return understood(ReportLines(OFFICE, CALENDAR), command, written, seen.board, seen.now).assertions


def refused(written: str) -> str:
    with pytest.raises(LineRefusedError) as caught:
        staged(written)
    return text(caught.value.answer)


def test_a_staged_return_is_one_report_of_several_lines() -> None:
    said = staged("ktp cetak sudah bisa\n\n  akta lahir terbatas antrean; sampai 6/2\n/pulih pusat tersambung")

    assert [(one.target, one.state.value, one.cause) for one in said] == [
        ("ktp_cetak", "available", None),
        ("akta_lahir", "limited", "antrean"),
        ("central_link", "available", "tersambung"),
    ]
    assert staged("pusat", "pulih") == (Assertion("central_link", CITY, State.AVAILABLE),)


def test_a_day_on_which_the_office_is_shut_is_questioned_in_any_line() -> None:
    seen = view()

    said = understood(ReportLines(OFFICE, CALENDAR), "lapor", "kk bisa\nkia terbatas; 4/2", seen.board, seen.now)

    assert said.shut_on == date(2023, 2, 4)


def test_a_line_that_is_not_understood_is_named() -> None:
    assert refused("kk bisa\nkia entah").startswith("Di baris 2:\nSesudah Kartu Identitas Anak")


def test_a_target_in_two_lines_is_not_guessed() -> None:
    assert "sudah disebut di baris sebelumnya" in refused("kk bisa\nkk belum bisa")
