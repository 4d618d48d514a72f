"""What citizens are told of a service: the state first, then cause, estimate, what works, how fresh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

import pytest

from bot.language.answers_board import all_status, reasons
from bot.language.answers_status import status, steps_named
from bot.language.kabari import kabari_action
from bot.language.messages import Answer
from bot.language.texts import Texts
from bot.rules.board import Board, Cell
from bot.rules.catalogue import Alternative, CalendarException, Catalogue, Contact, Opening, Place, State, Week
from bot.rules.reports import Estimate, Moment
from tests.language.gallery import LINK_CUT, MONDAY, SATURDAY, view
from tests.language.office import (
    CATALOGUE,
    KTP,
    MPP,
    OFFICE,
    TWO_COUNTERS,
    WITA,
    WITHOUT_HOURS,
    at,
    board,
    down,
    everything,
    fact,
    limited,
    up,
)

TEXTS = Texts.load()


def lines(said: Answer, now: datetime | None = None) -> list[str]:
    """An answer as it is read, by line."""
    return TEXTS.plain(said, "id", now or at(2), WITA).split("\n")


def told(
    ids: Sequence[str],
    *cells: Cell,
    now: datetime | None = None,
    catalogue: Catalogue = CATALOGUE,
    place: str | None = None,
) -> list[str]:
    """The lines about these services, with these cells on the board."""
    seen = view(board(*cells, catalogue=catalogue), catalogue, now, place)
    return lines(status(seen, ids), now)


def actions(said: Answer) -> list[str]:
    """What the buttons would do."""
    return [button.action or "" for row in said.buttons for button in row]


@pytest.mark.parametrize(
    ("cell", "first"),
    [
        (up("kk"), "✅ Kartu Keluarga (KK) bisa hari ini."),
        (up("kk", settling=True), "✅ Kartu Keluarga (KK) bisa, baru tersambung. Keadaannya masih dapat berubah."),
        (limited("kk"), "⚠️ Kartu Keluarga (KK) terbatas hari ini: berkas diterima, dikerjakan kemudian."),
        (replace(limited("kk"), holds=()), "⚠️ Kartu Keluarga (KK) terbatas hari ini."),
        (down("kk"), "⛔ Kartu Keluarga (KK) belum bisa hari ini."),
        (down("kk", fact(estimate=Estimate(Moment(at(1, 14))))), "⛔ Kartu Keluarga (KK) masih belum bisa."),
        (down("kk", fresh=False), "⛔ Kartu Keluarga (KK) belum bisa menurut kabar terakhir dari petugas."),
        (Cell("kk", OFFICE, State.UNKNOWN), "❔ Kartu Keluarga (KK): belum ada kabar."),
    ],
)
def test_the_first_line_says_the_state(cell: Cell, first: str) -> None:
    assert told(["kk"], cell)[0] == first


def test_an_outage_names_cause_since_estimate_and_what_still_works() -> None:
    said = told(["ktp_cetak"], *LINK_CUT)

    assert said[1:4] == [
        "Sebab: server pusat Kemendagri sedang diperbaiki, sejak Rabu, 1 Februari pukul 08.10 WITA.",
        "Perkiraan bisa lagi: belum ada.",
        "Sementara itu tetap dilayani: perekaman KTP-el (terbatas) dan pengambilan KTP-el.",
    ]


@pytest.mark.parametrize(
    ("estimate", "planned", "line"),
    [
        (None, False, "Perkiraan bisa lagi: belum ada."),
        (Estimate(None), False, "Perkiraan bisa lagi: belum ada kepastian."),
        (MONDAY, False, "Perkiraan bisa lagi: Senin, 6 Februari. Perkiraan ini dapat berubah."),
        (
            Estimate(Moment(at(1, 16), whole_day=True)),
            False,
            "Perkiraan sebelumnya (Rabu, 1 Februari) sudah terlewati dan belum ada perkiraan baru."
            " Mohon maaf sudah membuat menunggu.",
        ),
        (
            Estimate(Moment(at(2, 8))),
            True,
            "Pemeliharaan seharusnya sudah selesai (hari ini pukul 08.00 WITA), belum dikonfirmasi petugas.",
        ),
    ],
)
def test_an_estimate_is_told_as_far_as_anybody_gave_one(estimate: Estimate | None, planned: bool, line: str) -> None:
    said = told(["kk"], down("kk", fact(estimate=estimate, planned=planned)))

    assert line in said


def test_where_nobody_named_a_time_no_time_is_promised() -> None:
    said = told(["kk"], down("kk"), now=at(2, 9, 17))

    ahead = [line for line in said if "Perkiraan" in line]

    assert ahead == ["Perkiraan bisa lagi: belum ada."]


def test_a_cause_that_staff_left_out_is_the_resource() -> None:
    assert "Sebab: kendala jaringan ke server pusat, sejak Rabu, 1 Februari pukul 08.10 WITA." in told(
        ["kk"], down("kk", fact(cause=None))
    )


def test_a_step_without_a_cause_says_only_since_when() -> None:
    assert told(["kk"], down("kk", fact("kk", cause=None)))[1] == "Sejak Rabu, 1 Februari pukul 08.10 WITA."


def test_planned_maintenance_is_called_so() -> None:
    said = told(["kk"], down("kk", fact(cause="pemutakhiran sistem", planned=True)))

    assert said[1].startswith("Pemeliharaan terjadwal: pemutakhiran sistem, sejak")


def test_two_causes_name_what_each_concerns() -> None:
    said = told(
        ["kk", "ktp_cetak"], down("kk"), down("ktp_cetak", fact("blanks", cause="blangko habis", estimate=MONDAY))
    )

    assert said[1].startswith("Sebab (KK): server pusat")
    assert said[2] == "Perkiraan bisa lagi: belum ada."
    assert said[3].startswith("Sebab (pencetakan KTP-el): blangko habis")
    assert said[4].startswith("Perkiraan bisa lagi: Senin")


def test_two_causes_within_one_service_go_by_the_short_names_of_its_steps() -> None:
    said = told(
        ["ktp"], down("ktp_rekam", fact("ktp_rekam", cause=None)), down("ktp_cetak", fact("blanks", cause="habis"))
    )

    assert "Perekaman: sejak Rabu, 1 Februari pukul 08.10 WITA." in said
    assert any(line.startswith("Sebab (Pencetakan): habis") for line in said)


def test_a_cause_at_one_counter_names_the_counter() -> None:
    cells = (down("kk"), down("kk", fact("kk", cause="printer rusak", place=MPP), counter=MPP))

    said = told(["kk"], *cells, catalogue=TWO_COUNTERS)

    assert said[0] == "⛔ Kartu Keluarga (KK) belum bisa hari ini."
    assert any(line.startswith("Sebab (Mal Pelayanan Publik): printer rusak") for line in said)


def test_ktp_alone_is_a_summary_of_its_three_steps() -> None:
    assert told(["ktp"], *LINK_CUT)[:4] == [
        "Layanan KTP-el hari ini: sebagian belum bisa.",
        "⚠️ Perekaman: terbatas, berkas diterima, dikerjakan kemudian",
        "⛔ Pencetakan: belum bisa",
        "✅ Pengambilan: bisa",
    ]


@pytest.mark.parametrize(
    ("seen", "first"),
    [
        (everything(), "Layanan KTP-el hari ini: semua bisa."),
        (everything(State.UNAVAILABLE), "Layanan KTP-el hari ini: belum bisa."),
        (everything(State.LIMITED), "Layanan KTP-el hari ini: terbatas."),
        (board(), "Layanan KTP-el hari ini: belum ada kabar."),
        (board(up("ktp_ambil")), "Layanan KTP-el hari ini: sebagian bisa, sebagian belum ada kabar."),
        (board(up("ktp_ambil"), limited("ktp_rekam")), "Layanan KTP-el hari ini: sebagian terbatas."),
        (board(up("ktp_ambil", fresh=False), down("ktp_rekam")), "Layanan KTP-el: sebagian belum bisa."),
    ],
)
def test_a_summary_answers_in_its_first_line(seen: Board, first: str) -> None:
    assert lines(status(view(seen), ["ktp"]))[0] == first


def test_services_that_stand_alike_are_said_once() -> None:
    said = told(["akta_lahir", "akta_mati"], up("akta_lahir"), up("akta_mati"))

    assert said[0] == "✅ Akta kelahiran dan akta kematian bisa hari ini."
    assert sum("akta" in line.lower() for line in said) == 1


def test_services_that_differ_have_a_line_each() -> None:
    said = told(["kk", "ktp_cetak", "legalisir"], *LINK_CUT)

    assert said[:4] == [
        "Layanan yang ditanyakan hari ini: sebagian belum bisa.",
        "⛔ KK: belum bisa",
        "⛔ Pencetakan KTP-el: belum bisa",
        "✅ Legalisir: bisa",
    ]


def test_counters_that_differ_have_a_line_each() -> None:
    said = told(["ktp_cetak"], down("ktp_cetak"), up("ktp_cetak", counter=MPP), catalogue=TWO_COUNTERS)

    assert said[:3] == [
        "✅ Pencetakan KTP-el di Mal Pelayanan Publik bisa hari ini.",
        "⛔ Kantor Disdukcapil: belum bisa",
        "✅ Mal Pelayanan Publik: bisa",
    ]


def test_counters_that_agree_are_not_named() -> None:
    said = told(["kk"], up("kk"), up("kk", counter=MPP), catalogue=TWO_COUNTERS)

    assert not any("Mal Pelayanan" in line for line in said)


def test_a_place_that_does_not_serve_a_step_says_so_and_where_it_stands() -> None:
    seen = board(up("kk"), catalogue=TWO_COUNTERS)
    here = replace(seen, cells={key: cell for key, cell in seen.cells.items() if key != ("kk", MPP)})

    said = lines(status(view(here, TWO_COUNTERS, place=MPP), ["kk"]))

    assert said[0] == "Tidak dilayani di Mal Pelayanan Publik: Kartu Keluarga (KK). Berikut keadaannya di tempat lain."
    assert said[1] == "✅ Kartu Keluarga (KK) bisa hari ini."


def test_a_place_that_was_asked_about_is_named_where_there_are_others() -> None:
    seen = board(up("kk"), up("kk", counter=MPP), up("ktp_cetak"), catalogue=TWO_COUNTERS)

    def headline(place: str, *ids: str) -> str:
        return lines(status(view(seen, TWO_COUNTERS, place=place), list(ids)))[0]

    assert headline(MPP, "kk") == "✅ Kartu Keluarga (KK) di Mal Pelayanan Publik bisa hari ini."
    assert "KTP-el di Mal Pelayanan Publik" in headline(MPP, "ktp")
    assert headline(TWO_COUNTERS.root.path, "kk") == "✅ Kartu Keluarga (KK) bisa hari ini."


def test_a_board_without_the_step_is_silence() -> None:
    empty = replace(board(), cells={})

    assert lines(status(view(empty), ["kk"]))[0] == "❔ Kartu Keluarga (KK): belum ada kabar."


def test_silence_is_not_bad_news() -> None:
    said = "\n".join(told(["ktp_cetak"]))

    assert "Belum ada petugas yang melaporkan keadaannya." in said
    assert "belum bisa" not in said
    assert "⛔" not in said


def test_what_is_not_set_drops_its_sentence() -> None:
    said = told(["kk"], up("kk"), catalogue=WITHOUT_HOURS)

    assert said == ["✅ Kartu Keluarga (KK) bisa hari ini.", said[1]]
    assert said[1].startswith("Diperbarui petugas")


def test_an_old_word_says_that_it_is_old_and_whom_to_ask() -> None:
    said = told(["kk"], down("kk", confirmed_at=at(1, 15, 10), fresh=False))

    assert said[-2] == (
        "Kabar terakhir dari petugas: kemarin, Rabu, 1 Februari 2023 pukul 15.10 WITA."
        " Sejak itu belum ada pembaruan, jadi keadaannya mungkin sudah berubah."
    )
    assert said[-1] == "Bila perlu kepastian sebelum berangkat, hubungi WhatsApp 0811-000-0000."


def test_a_contact_of_the_counter_stands_in_for_the_offices() -> None:
    own = replace(CATALOGUE.places[1], contacts=(Contact("radio", "FM 99"),))
    bare = replace(CATALOGUE, office=replace(CATALOGUE.office, contacts=()), places=(CATALOGUE.places[0], own))

    assert told(["kk"], catalogue=bare)[-1] == "Bila perlu kepastian sebelum berangkat, hubungi radio FM 99."


def test_closed_today_comes_first_and_the_outage_follows() -> None:
    said = told(["kk"], down("kk"), now=SATURDAY)

    assert said[0].startswith("Kantor tutup hari ini karena akhir pekan. Buka lagi ")
    assert said[1] == "⛔ Kartu Keluarga (KK) belum bisa."


def test_after_the_last_hour_it_is_over_for_today() -> None:
    said = told(["kk"], up("kk"), now=at(2, 15))

    assert said[0].startswith(
        "Loket hari ini sudah tutup pukul 15.00 WITA. Buka lagi besok, Jumat, 3 Februari 2023 pukul 08.00"
    )
    assert said[1] == "✅ Kartu Keluarga (KK) bisa menurut kabar terakhir."


@pytest.mark.parametrize(
    ("now", "line"),
    [
        (at(3, 6, 30), "Loket buka hari ini pukul 08.00–12.00 dan 13.00–15.00 WITA."),
        (at(2, 9), "Loket buka sampai pukul 15.00 WITA, istirahat 12.00–13.00."),
        (at(2, 12, 30), "Loket sedang istirahat dan buka lagi pukul 13.00 WITA."),
        (at(2, 14), "Loket buka sampai pukul 15.00 WITA."),
    ],
)
def test_todays_hours_are_told_as_of_now(now: datetime, line: str) -> None:
    assert line in told(["kk"], up("kk"), now=now)


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (at(17, month=8), "Kantor tutup hari ini karena libur nasional Hari Kemerdekaan Republik Indonesia."),
        (at(26, month=12), "Kantor tutup hari ini karena Cuti Bersama Hari Raya Natal."),
        (at(10, month=3, year=2027), "Kantor tutup hari ini karena libur nasional Hari Raya Idul Fitri (perkiraan)."),
    ],
)
def test_a_holiday_is_named(now: datetime, first: str) -> None:
    assert told(["kk"], up("kk"), now=now)[0].startswith(first)


def _with(*exceptions: CalendarException, hours: Week | None = None) -> Catalogue:
    counter = replace(CATALOGUE.places[1], hours=hours) if hours else CATALOGUE.places[1]
    return replace(CATALOGUE, places=(CATALOGUE.places[0], counter), exceptions=exceptions)


def test_a_closure_of_the_offices_own_is_named_and_its_end_only_if_it_is_known() -> None:
    flood = CalendarException(at(2).date(), at(2).date(), (), {"id": "banjir"})
    long = CalendarException(at(1).date(), at(1, year=2025).date(), (), {"id": "kantor pindah"})

    assert told(["kk"], up("kk"), catalogue=_with(flood))[0] == (
        "Kantor tutup hari ini karena banjir. Buka lagi besok, Jumat, 3 Februari 2023 pukul 08.00 WITA."
    )
    assert told(["kk"], up("kk"), catalogue=_with(long))[0] == (
        "Kantor tutup hari ini karena kantor pindah. Hari buka berikutnya belum diumumkan."
    )


def test_a_weekday_without_service_is_no_weekend() -> None:
    mondays = _with(hours={0: (Opening(time(8), time(12)),)})

    assert told(["kk"], up("kk"), catalogue=mondays)[0].startswith(
        "Kantor tutup hari ini karena bukan hari pelayanan. Buka lagi Senin, 6 Februari 2023 pukul 08.00 WITA."
    )


def test_other_hours_say_why() -> None:
    ramadan = CalendarException(at(1).date(), at(3).date(), (Opening(time(8), time(14)),), {"id": "Ramadan"})

    assert "Loket buka sampai pukul 14.00 WITA. Jam khusus: Ramadan." in told(
        ["kk"], up("kk"), catalogue=_with(ramadan)
    )


def test_where_hours_are_not_set_a_reopening_names_the_day_alone() -> None:
    said = told(["kk"], up("kk"), now=SATURDAY, catalogue=WITHOUT_HOURS)

    assert said[0] == "Kantor tutup hari ini karena akhir pekan. Buka lagi Senin, 6 Februari 2023."


def test_where_hours_are_not_set_the_evening_promises_nothing_for_today() -> None:
    assert told(["kk"], up("kk"), now=at(2, 19), catalogue=WITHOUT_HOURS)[0] == (
        "✅ Kartu Keluarga (KK) bisa menurut kabar terakhir."
    )


def test_counters_with_other_hours_have_a_line_each() -> None:
    late = replace(TWO_COUNTERS.places[2], hours={3: TWO_COUNTERS.places[1].hours[3][1:]})  # type: ignore[index]
    unset = Place("kendari/baru", {"id": "Gerai Baru"})
    three = replace(TWO_COUNTERS, places=(*TWO_COUNTERS.places[:2], late, unset))

    said = told(["kk"], up("kk"), up("kk", counter=MPP), up("kk", counter="kendari/baru"), catalogue=three)

    assert "Kantor Disdukcapil: Loket buka sampai pukul 15.00 WITA, istirahat 12.00–13.00." in said
    assert "Mal Pelayanan Publik: Loket buka hari ini pukul 13.00–15.00 WITA." in said


def test_other_ways_are_offered_as_far_as_the_office_said() -> None:
    def ways(*alternatives: Alternative) -> list[str]:
        ktp = replace(KTP, alternatives=alternatives)
        return told(
            ["ktp_cetak"], down("ktp_cetak"), catalogue=replace(CATALOGUE, services=(ktp, *CATALOGUE.services[1:]))
        )

    assert "Sebagai pengganti sementara: IKD." in ways(Alternative("ikd", True))
    assert "Sebagai pengganti sementara: KTP digital." in ways(Alternative("ikd", True, {"id": "KTP digital"}))
    assert not any("IKD" in line for line in ways(Alternative("ikd", False)))
    assert "Sebagai pengganti sementara, tanyakan kepada petugas tentang IKD." in ways(Alternative("ikd", None))


def test_another_way_that_is_down_itself_is_not_offered() -> None:
    said = told(["ktp_cetak"], down("ktp_cetak"), down("ikd"), down("suket"))

    assert not any("pengganti sementara" in line for line in said)


def test_other_services_that_work_are_named_where_the_service_itself_is_down() -> None:
    assert "Layanan lain yang bisa: legalisir." in told(["kk"], down("kk"), up("legalisir"))
    assert not any("Layanan lain" in line for line in told(["kk", "ikd"], down("kk"), up("ikd"), up("legalisir")))


def test_kabari_takes_the_unavailable_steps_else_the_limited_and_unknown_ones() -> None:
    def button(*cells: Cell) -> list[str]:
        return actions(status(view(board(*cells)), ["ktp"]))

    assert button(*LINK_CUT) == ["k:ktp_cetak"]
    assert button(limited("ktp_rekam"), up("ktp_cetak")) == ["k:ktp_rekam,ktp_ambil"]
    assert button(up("ktp_rekam"), up("ktp_cetak"), up("ktp_ambil")) == []


def test_who_waits_already_is_told_so_instead() -> None:
    said = status(view(board(*LINK_CUT)), ["ktp_cetak"], frozenset({"ktp_cetak"}))

    assert "Bapak/Ibu sudah terdaftar: begitu bisa, kami kirim kabar di sini." in lines(said)
    assert not said.buttons


def test_a_button_never_outgrows_telegram() -> None:
    there = view(board(catalogue=TWO_COUNTERS), TWO_COUNTERS, place=MPP)
    everything_asked = list(CATALOGUE.steps)

    action = kabari_action(there, everything_asked)

    assert action == "k:ktp,kk,akta_lahir,akta_mati,ikd,suket,legalisir:kendari/mpp"
    assert len(action) <= 64


def test_a_step_named_says_more_than_its_service() -> None:
    assert steps_named(CATALOGUE, ["ktp_cetak", "ktp", "kk", "gone"]) == ("ktp_cetak", "kk")


def test_an_id_of_an_earlier_catalogue_shows_the_board() -> None:
    assert told(["gone"], up("kk"))[0] == "Layanan hari ini, Kamis, 2 Februari 2023"


def test_the_board_groups_services_by_state() -> None:
    assert lines(all_status(view(board(*LINK_CUT))))[:4] == [
        "Layanan hari ini, Kamis, 2 Februari 2023",
        "✅ Bisa: Pengambilan KTP-el, suket, dan legalisir",
        "⚠️ Terbatas: Perekaman KTP-el, akta kelahiran, dan akta kematian",
        "⛔ Belum bisa: Pencetakan KTP-el, KK, dan IKD",
    ]


def test_the_board_tells_what_is_just_back() -> None:
    said = lines(all_status(view(board(up("kk", settling=True), up("ikd")))))

    assert said[1:3] == ["✅ Bisa: IKD", "✅ Bisa, baru tersambung: KK"]


def test_a_service_whose_steps_all_stand_alike_goes_by_its_name() -> None:
    assert lines(all_status(view(everything())))[1].startswith("✅ Bisa: KTP-el, KK, akta kelahiran")


def test_a_board_that_nobody_told_anything_says_so() -> None:
    assert lines(all_status(view(board())))[1] == "❔ Belum ada kabar: petugas belum melaporkan keadaan layanan."


def test_the_board_shows_where_counters_differ() -> None:
    cells = (down("kk"), up("kk", counter=MPP))

    said = lines(all_status(view(board(*cells, catalogue=TWO_COUNTERS), TWO_COUNTERS)))

    assert "↔️ Berbeda menurut tempat: KK (belum bisa di Kantor Disdukcapil dan bisa di Mal Pelayanan Publik)" in said


def test_a_closed_office_says_so_before_its_board() -> None:
    assert lines(all_status(view(board(*LINK_CUT), now=SATURDAY)), SATURDAY)[0].startswith("Kantor tutup hari ini")


def test_why_without_a_service_tells_every_outage_worst_first() -> None:
    said = lines(reasons(view(board(*LINK_CUT))))

    assert said[0].startswith("⛔ Belum bisa")
    assert any(line.startswith("Sebab:") for line in said)
    assert lines(reasons(view(board(*LINK_CUT), now=SATURDAY)), SATURDAY)[0].startswith("Kantor tutup hari ini")


def test_why_where_nothing_is_down_says_that_or_that_nobody_reported() -> None:
    assert lines(reasons(view(everything())))[0] == "✅ Tidak ada gangguan yang dilaporkan petugas."
    assert lines(reasons(view(board())))[0].startswith("❔ Belum ada kabar")


def test_a_note_of_staff_is_read_too() -> None:
    assert "Catatan petugas: antre di loket 3." in told(["kk"], up("kk", note="antre di loket 3."))
