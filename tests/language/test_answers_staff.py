"""What staff read: exactly what citizens will, what still holds, who is told and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.language import staff_board, staff_texts
from bot.language.answers_status import status
from bot.language.messages import Answer
from bot.language.staff_texts import Audience
from bot.language.texts import Texts
from bot.language.view import View
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import State
from bot.rules.holding import Held
from bot.rules.reports import Assertion, Estimate, Moment, Report, ReportKind
from bot.rules.standing import board_at
from tests.catalogues.indonesia import indonesia
from tests.language.gallery import LINK_CUT, MONDAY, view, went
from tests.language.office import MPP, OFFICE, SITTI, TWO_COUNTERS, WITA, at, board, down, everything, fact, up

TEXTS = Texts.load()
SEEN = view(board(*LINK_CUT))
BACK = [went("ktp_cetak", State.UNAVAILABLE, State.AVAILABLE)]
READ = status(view(everything()), ["ktp_cetak"])
REPORT = Report(12, at(2, 8, 5), SITTI, assertions=(Assertion("central_link", "kendari", State.UNAVAILABLE),))


def lines(said: Answer, now: datetime | None = None) -> list[str]:
    """An answer as it is read, by line."""
    return TEXTS.plain(said, "id", now or at(2), WITA).split("\n")


def actions(said: Answer) -> list[str]:
    """What the buttons would do."""
    return [button.action or "" for row in said.buttons for button in row]


def test_a_preview_quotes_exactly_what_citizens_will_read() -> None:
    said = staff_texts.preview(SEEN, "a1", BACK, READ, Audience(1248, at(2, 9, 2)), "Sitti R.")

    told = lines(said)
    assert told[:5] == [
        "Pratinjau — belum diumumkan",
        "Pencetakan KTP-el: ⛔ belum bisa → ✅ bisa",
        "Kabar akan dikirim ke 1.248 pelanggan hari ini pukul 09.02 WITA.",
        "Berlaku: sekarang · Diubah oleh: Sitti R.",
        "Yang dibaca warga:",
    ]
    assert told[5 : 5 + len(READ.lines)] == lines(READ)
    assert told[-1] == "Pratinjau ini hangus dalam 10 menit."
    assert actions(said) == ["p:a1", "e:a1", "q:a1"]


def test_a_preview_names_what_still_holds_and_offers_the_ways_out() -> None:
    held = (Held(("ktp_cetak",), fact()), Held(("kk",), fact("kk")))

    said = staff_texts.preview(SEEN, "a1", [], READ, Audience(0), "Sitti R.", held=held)

    assert "⚠️ Pencetakan KTP-el masih tertahan: jaringan ke server pusat." in lines(said)
    assert "⚠️ Kartu Keluarga (KK) masih tertahan: laporan tentang layanan itu sendiri." in lines(said)
    assert actions(said)[:3] == ["f:a1:central_link", "f:a1:only", "f:a1:lift"]


def test_only_the_ways_out_that_there_are_stand_there() -> None:
    def ways(*held: Held) -> list[str]:
        return actions(staff_texts.preview(SEEN, "a1", [], READ, Audience(0), "S", held=held))[:-3]

    assert ways() == []
    assert ways(Held(("kk",), fact("kk"))) == ["f:a1:lift"]
    assert ways(Held(("kk",), fact())) == ["f:a1:central_link", "f:a1:only"]


def test_a_preview_shows_spared_steps_and_questions_a_day_on_which_the_office_is_shut() -> None:
    said = staff_texts.preview(
        SEEN, "a1", [], READ, Audience(0), "Sitti R.", spared=["ktp_ambil"], shut_on=at(4).date()
    )

    assert "Dikecualikan dari gangguan ini: pengambilan KTP-el." in lines(said)
    assert "⚠️ Periksa: Sabtu, 4 Februari kantor tutup. Benarkah perkiraannya hari itu?" in lines(said)


def test_a_long_list_of_changes_is_counted() -> None:
    changes = [went(step, State.AVAILABLE, State.UNAVAILABLE) for step in SEEN.catalogue.steps]

    assert lines(Answer(tuple(staff_texts.change_lines(SEEN, changes))))[-1] == "… dan 1 perubahan lain"
    assert len(staff_texts.change_lines(SEEN, changes[:8])) == 8


def test_changes_name_the_counter_where_there_are_several() -> None:
    seen = view(board(catalogue=TWO_COUNTERS), TWO_COUNTERS)

    said = lines(Answer(tuple(staff_texts.change_lines(seen, [went("kk", State.UNKNOWN, State.AVAILABLE, MPP)]))))

    assert said == ["Kartu Keluarga (KK) di Mal Pelayanan Publik: ❔ belum ada kabar → ✅ bisa"]


def test_of_many_counters_that_change_alike_only_the_number_is_told() -> None:
    seen = view(board(catalogue=TWO_COUNTERS), TWO_COUNTERS)
    alike = [replace(went("kk", State.UNKNOWN, State.AVAILABLE), counter=f"kota/loket{n}") for n in range(4)]

    said = lines(Answer(tuple(staff_texts.change_lines(seen, alike))))

    assert said == ["Kartu Keluarga (KK) di 4 tempat: ❔ belum ada kabar → ✅ bisa"]


def test_who_is_told_and_when() -> None:
    def told(audience: Audience) -> str:
        return lines(Answer((staff_texts.audience_line(SEEN, audience),)))[0]

    assert told(Audience(0)) == "Tidak ada pelanggan yang perlu dikabari."
    assert told(Audience(5)) == "Kabar akan dikirim ke 5 pelanggan segera."
    assert told(Audience(5, at(2, 8))) == "Kabar akan dikirim ke 5 pelanggan segera."
    assert told(Audience(5, at(3, 6))) == "Kabar akan dikirim ke 5 pelanggan besok, Jumat, 3 Februari pukul 06.00 WITA."


def test_what_was_published_can_be_taken_back_and_need_not_wait() -> None:
    waiting = staff_texts.published(SEEN, 12, at(2, 8, 12), Audience(5, at(2, 9, 2)))

    assert lines(waiting)[0] == "Sudah diumumkan pukul 08.12 WITA."
    assert actions(waiting) == ["u:12", "n:12"]
    assert actions(staff_texts.published(SEEN, 12, at(2, 8, 12), Audience(0, at(2, 9, 2)))) == ["u:12"]
    assert actions(staff_texts.published(SEEN, 12, at(2, 8, 12), Audience(5))) == ["u:12"]


def test_reports_that_may_be_taken_back_are_listed() -> None:
    same = replace(REPORT, number=11, kind=ReportKind.CONFIRMATION)
    back = replace(REPORT, number=10, kind=ReportKind.RETRACTION)

    said = staff_texts.retractable(SEEN, [REPORT, same, back])

    assert lines(said)[1:] == [
        "12. jaringan ke server pusat ⛔ belum bisa – Sitti R., hari ini pukul 08.05 WITA",
        "11. masih sama – Sitti R., hari ini pukul 08.05 WITA",
        "10. laporan diurungkan – Sitti R., hari ini pukul 08.05 WITA",
    ]
    assert actions(said) == ["u:12", "u:11", "u:10"]
    assert lines(staff_texts.retractable(SEEN, []))[0].startswith("Tidak ada laporan yang dapat diurungkan.")


def test_a_report_on_many_targets_names_them_by_state() -> None:
    many = replace(
        REPORT,
        assertions=(
            Assertion("kk", OFFICE, State.AVAILABLE),
            Assertion("ikd", OFFICE, State.AVAILABLE),
            Assertion("signature", "kendari", State.LIMITED),
        ),
    )

    told = lines(Answer((staff_texts.describe(SEEN, many),)))[0]

    assert told.startswith(
        "Kartu Keluarga (KK) dan IKD (KTP digital) ✅ bisa dan tanda tangan elektronik ⚠️ terbatas – "
    )


def test_taking_back_shows_what_it_does_first() -> None:
    said = staff_texts.retraction_preview(SEEN, REPORT, BACK, unsent=3, sent=1240)

    assert lines(said)[-2:] == [
        "Kabar untuk 3 pelanggan dibatalkan sebelum terkirim.",
        "Kabar sudah sampai ke 1.240 pelanggan; mereka menerima satu ralat.",
    ]
    assert actions(said) == ["u!:12"]
    assert lines(staff_texts.retraction_preview(SEEN, REPORT, []))[-1] == "Tidak ada layanan yang berubah keadaannya."


def test_taken_back_is_confirmed() -> None:
    assert lines(staff_texts.retracted(REPORT, at(2, 9))) == ["Laporan nomor 12 diurungkan pukul 09.00 WITA."]
    assert lines(staff_texts.retracted(REPORT, at(2, 9), sent=5))[1] == "Ralat dikirim ke 5 pelanggan."


def test_a_stranger_is_refused_politely() -> None:
    assert lines(staff_texts.refused())[0].startswith("Perintah ini khusus petugas Disdukcapil.")
    assert lines(staff_texts.cancelled())[0].startswith("Dibatalkan.")


def test_the_board_for_staff_shows_who_said_what_and_what_follows() -> None:
    cut = replace(fact(estimate=MONDAY), spares=frozenset({"ktp_ambil"}))
    told = replace(
        board(down("kk", cut), up("legalisir")), facts=(cut, replace(fact("kk", State.AVAILABLE, None), number=2))
    )

    said = staff_board.board_for_staff(view(told))

    assert lines(said)[:4] == [
        "Yang dilaporkan",
        "• Jaringan ke server pusat: ⛔ belum bisa; server pusat Kemendagri sedang diperbaiki;"
        " sejak Rabu, 1 Februari pukul 08.10 WITA; perkiraan sampai Senin, 6 Februari;"
        " kecuali pengambilan KTP-el. Sitti R., Rabu, 1 Februari pukul 08.10 WITA",
        "• Kartu Keluarga (KK): ✅ bisa. Sitti R., Rabu, 1 Februari pukul 08.10 WITA",
        "Yang dibaca warga",
    ]
    assert actions(said) == ["same"]


def test_the_board_for_staff_says_where_it_is_stale_or_empty() -> None:
    stale = view(board(down("kk", fresh=False)))

    assert lines(staff_board.board_for_staff(stale))[-1].startswith("⚠️ Sebagian kabar belum diperbarui")
    nothing = staff_board.board_for_staff(view(board()))
    assert lines(nothing)[0].startswith("Belum ada laporan. Mulai dengan /lapor")
    assert nothing.buttons == ()


def test_a_fact_at_a_counter_names_it_where_there_are_several() -> None:
    printer = fact("kk", cause=None, place=MPP, estimate=Estimate(Moment(at(1, 14))))
    told = board(down("kk", printer, MPP), catalogue=TWO_COUNTERS)

    said = lines(staff_board.what_is_down(view(told, TWO_COUNTERS)))

    assert said[1].startswith("• Kartu Keluarga (KK) di Mal Pelayanan Publik: ⛔ belum bisa; sejak")
    assert "perkiraan sudah lewat (Rabu, 1 Februari pukul 14.00 WITA)" in said[1]


def test_what_is_down_is_listed_with_what_to_type() -> None:
    assert lines(staff_board.what_is_down(SEEN))[-1] == "Tulis /pulih lalu namanya, misalnya /pulih pusat."
    assert lines(staff_board.what_is_down(view(board()))) == ["Tidak ada gangguan yang sedang berlaku."]


def test_a_confirmation_repeats_what_it_confirmed() -> None:
    said = lines(staff_board.confirmed_same(SEEN, at(2, 9)))

    assert said[0] == "Terima kasih. Semua keadaan dikonfirmasi pukul 09.00 WITA."
    assert said[1].startswith("• Jaringan ke server pusat: ⛔ belum bisa")
    assert lines(staff_board.nothing_to_confirm())[0].startswith("Belum ada laporan yang dapat dikonfirmasi.")


BOGOR, PAPUA = "indonesia/jawa_barat/kota_bogor", "indonesia/papua/kota_jayapura"
COUNTRY = indonesia()
CALENDAR = OfficeCalendar(COUNTRY)


def seen_in_the_country(place: str | None = None) -> View:
    """All of it, or as staff of one place see it."""
    whole = View(COUNTRY, CALENDAR, board_at(COUNTRY, CALENDAR, (), at(2)), at(2))
    return replace(whole, catalogue=COUNTRY.within(place), names=COUNTRY) if place else whole


def reported(*said: tuple[str, str]) -> Report:
    return replace(REPORT, assertions=tuple(Assertion(target, place, State.UNAVAILABLE) for target, place in said))


@pytest.mark.parametrize(
    ("where", "told"),
    [
        (["indonesia"], "Tempat: Indonesia (514 kantor)"),
        ([BOGOR, PAPUA], "Tempat: Kota Bogor dan Kota Jayapura (2 kantor)"),
        (["indonesia/jawa_barat"], "Tempat: Provinsi Jawa Barat (27 kantor)"),
        ([f"{BOGOR}/kantor"], "Tempat: Kota Bogor"),
    ],
)
def test_a_preview_names_its_place_among_many_offices(where: list[str], told: str) -> None:
    said = staff_texts.preview(seen_in_the_country(), "a1", [], READ, Audience(0), "Sitti R.", where=where)

    assert lines(said)[1] == told


def test_one_office_reads_no_place_in_a_preview() -> None:
    said = staff_texts.preview(SEEN, "a1", [], READ, Audience(0), "Sitti R.", where=["kendari", OFFICE])

    assert "Tempat" not in "".join(lines(said))


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (reported(("blanks", BOGOR)), "blangko KTP di Kota Bogor ⛔ belum bisa"),
        (reported(("blanks", "indonesia")), "blangko KTP ⛔ belum bisa"),
        (
            reported(("kk", f"{BOGOR}/kantor"), ("ikd", f"{BOGOR}/kantor"), ("kk", f"{PAPUA}/kantor")),
            "Kartu Keluarga (KK) di Kota Bogor dan Kota Jayapura dan aktivasi Identitas Kependudukan Digital (IKD) "
            "di Kota Bogor ⛔ belum bisa",
        ),
        (reported(("blanks", "indonesia/timtim")), "blangko KTP ⛔ belum bisa"),
    ],
)
def test_a_report_is_told_with_its_place(report: Report, told: str) -> None:
    assert lines(Answer((staff_texts.describe(seen_in_the_country(), report),)))[0].startswith(told)


def test_who_has_a_place_reads_it_only_of_what_holds_from_above() -> None:
    seen = seen_in_the_country(BOGOR)

    own, above = (Answer((staff_texts.describe(seen, reported(("blanks", one))),)) for one in (BOGOR, "indonesia"))

    assert lines(own)[0].startswith("blangko KTP ⛔")
    assert lines(above)[0].startswith("blangko KTP di Indonesia ⛔")
