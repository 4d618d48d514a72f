"""Notices: exactly what the chat is owed, for the day from which it holds, with no word nobody gave."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

import pytest

from bot.language.messages import Answer
from bot.language.notice_texts import (
    about,
    corrected,
    correction,
    outage,
    relapse,
    resumption,
    service_day,
    withdrawal,
)
from bot.language.texts import Texts
from bot.rules.catalogue import CalendarException, Opening, State
from bot.rules.notices import Change, Wish
from tests.language.gallery import LINK_CUT, view, went
from tests.language.office import (
    CATALOGUE,
    MPP,
    OFFICE,
    TWO_COUNTERS,
    WITA,
    WITHOUT_HOURS,
    at,
    board,
    everything,
    limited,
    up,
)

TEXTS = Texts.load()
BACK = [went("ktp_cetak", State.UNAVAILABLE, State.AVAILABLE)]
FALLEN = [went("ktp_cetak", State.AVAILABLE, State.UNAVAILABLE)]


def lines(said: Answer, now: datetime | None = None) -> list[str]:
    """An answer as it is read, by line."""
    return TEXTS.plain(said, "id", now or at(2), WITA).split("\n")


def sent(now: datetime, *changes: Change, told: int = 0) -> list[str]:
    """A resumption rendered at this time."""
    return lines(resumption(view(everything(), now=now), changes or BACK, told=told), now)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (at(2, 9), "hari ini, Kamis, 2 Februari 2023"),
        (at(2, 6), "hari ini, Kamis, 2 Februari 2023"),
        (at(2, 18), "besok, Jumat, 3 Februari 2023"),
        (at(11, 10), "Senin, 13 Februari 2023"),
    ],
)
def test_a_notice_names_the_next_opening_from_when_it_is_sent(now: datetime, day: str) -> None:
    assert sent(now)[0] == f"✅ Pencetakan KTP-el sudah bisa lagi mulai {day}."


def test_the_hours_of_that_day_follow_and_the_next_day_only_if_it_is_served() -> None:
    assert "Besok, Jumat, 3 Februari juga dilayani." in sent(at(2))
    friday = sent(at(10))
    assert "Loket buka sampai pukul 15.00 WITA, istirahat 12.00–13.00." in friday
    assert not any("juga dilayani" in line for line in friday)
    assert "Senin, 13 Februari: loket buka pukul 08.00–12.00 dan 13.00–15.00 WITA." in sent(at(11, 10))


def test_where_hours_are_not_set_no_hour_is_named() -> None:
    seen = view(everything(), WITHOUT_HOURS)

    assert lines(resumption(seen, BACK)) == [
        "✅ Pencetakan KTP-el sudah bisa lagi mulai hari ini, Kamis, 2 Februari 2023.",
        "Terima kasih sudah menunggu.",
        "Langganan kabar ini selesai. Tidak perlu membalas.",
    ]


def test_an_office_shut_for_long_gets_no_day() -> None:
    shut = CalendarException(at(1).date(), at(28, month=12).date(), (), {"id": "kantor pindah"})
    seen = view(everything(), replace(CATALOGUE, exceptions=(shut,)))

    assert service_day(seen, [OFFICE]) is None
    assert lines(resumption(seen, BACK))[0] == "✅ Pencetakan KTP-el sudah bisa lagi."


@pytest.mark.parametrize(("people", "told"), [(100, 100), (137, 140), (1248, 1200), (12750, 13000)])
def test_many_people_are_counted_roughly(people: int, told: int) -> None:
    assert about(people) == told


def test_how_many_hear_it_is_said_when_they_are_many() -> None:
    assert "Sekitar 1.200 orang mendapat kabar ini" in sent(at(2), told=1248)[1]
    assert sent(at(2), told=99)[1] == "Terima kasih sudah menunggu."


def test_exactly_the_steps_that_are_owed_are_named() -> None:
    said = sent(at(2), *BACK, went("kk", State.UNAVAILABLE, State.AVAILABLE))

    assert said[0].startswith("✅ Pencetakan KTP-el dan Kartu Keluarga (KK) sudah bisa lagi")
    assert not any("akta" in line for line in said)


def test_first_reports_say_nothing_of_again() -> None:
    said = "\n".join(sent(at(2), went("kk", State.UNKNOWN, State.AVAILABLE)))

    assert said.startswith("✅ Kartu Keluarga (KK) sudah bisa mulai hari ini")
    assert "lagi" not in said


def test_limited_is_told_with_what_goes_on_and_is_waited_for_further() -> None:
    seen = view(board(limited("kk")))

    said = lines(resumption(seen, [went("kk", State.UNAVAILABLE, State.LIMITED)]))

    assert said[0] == (
        "⚠️ Kartu Keluarga (KK) dilayani lagi secara terbatas mulai hari ini, Kamis, 2 Februari 2023:"
        " berkas diterima, dikerjakan kemudian."
    )
    assert said[-1] == "Kami kabari lagi begitu Kartu Keluarga (KK) bisa sepenuhnya."


def test_limited_without_a_note_and_from_silence_is_told_too() -> None:
    seen = view(board(replace(limited("kk"), holds=())))

    said = lines(resumption(seen, [went("kk", State.UNKNOWN, State.LIMITED)]))

    assert said[0] == "⚠️ Kartu Keluarga (KK) dilayani secara terbatas mulai hari ini, Kamis, 2 Februari 2023."


def test_a_board_that_lost_the_cell_still_tells() -> None:
    seen = view(replace(board(), cells={}))

    assert lines(resumption(seen, [went("kk", State.UNAVAILABLE, State.LIMITED)]))[0].startswith(
        "⚠️ Kartu Keluarga (KK)"
    )


def test_who_hears_every_time_is_not_told_that_it_ended() -> None:
    said = resumption(view(everything()), BACK, wish=Wish.ALWAYS)

    assert not any("selesai" in line for line in lines(said))
    assert [button.action for row in said.buttons for button in row] == ["x:ktp_cetak"]
    several = resumption(view(everything()), [*BACK, went("kk", State.UNAVAILABLE, State.AVAILABLE)], wish=Wish.ALWAYS)
    assert several.buttons == ()


def test_counters_are_named_where_not_all_are_back() -> None:
    seen = view(everything(catalogue=TWO_COUNTERS), TWO_COUNTERS)
    there = [went("ktp_cetak", State.UNAVAILABLE, State.AVAILABLE, MPP)]

    assert lines(resumption(seen, there))[0].startswith("✅ Pencetakan KTP-el di Mal Pelayanan Publik sudah bisa lagi")
    assert lines(resumption(seen, [*BACK, *there]))[0].startswith("✅ Pencetakan KTP-el sudah bisa lagi")


def test_counters_with_other_hours_name_no_hour() -> None:
    late = replace(TWO_COUNTERS.places[2], hours={3: (Opening(time(13), time(17)),)})
    seen = view(everything(catalogue=TWO_COUNTERS), replace(TWO_COUNTERS, places=(*TWO_COUNTERS.places[:2], late)))

    said = lines(resumption(seen, [*BACK, went("ktp_cetak", State.UNAVAILABLE, State.AVAILABLE, MPP)]))

    assert said[0] == "✅ Pencetakan KTP-el sudah bisa lagi mulai hari ini, Kamis, 2 Februari 2023."
    assert not any("pukul" in line for line in said)


def test_what_staff_added_is_in_the_notice() -> None:
    seen = view(board(up("ktp_cetak", note="ambil nomor di loket 1")))

    assert "Catatan petugas: ambil nomor di loket 1." in lines(resumption(seen, BACK))


def test_an_outage_tells_cause_and_estimate_and_offers_kabari() -> None:
    said = outage(view(board(*LINK_CUT)), FALLEN)

    assert lines(said)[0] == "⛔ Pencetakan KTP-el belum bisa."
    assert lines(said)[1].startswith("Sebab: server pusat Kemendagri")
    assert [button.action for row in said.buttons for button in row] == ["k:ktp_cetak"]


def test_an_outage_that_never_was_is_withdrawn_and_the_wait_ends() -> None:
    never = [went("ktp_cetak", State.UNAVAILABLE, State.UNKNOWN)]

    assert lines(withdrawal(view(board()), never)) == [
        "Ralat: kabar bahwa pencetakan KTP-el terganggu ternyata keliru. Mohon maaf.",
        "Sejak itu belum ada laporan lain dari petugas. Sebelum berangkat, tanyakan lagi di sini.",
        "Langganan kabar ini selesai. Tidak perlu membalas.",
    ]


def test_a_relapse_is_sorry_once_and_keeps_the_subscription() -> None:
    said = lines(relapse(view(board(*LINK_CUT)), FALLEN))

    assert said[0] == "⛔ Pencetakan KTP-el terputus lagi dan belum bisa."
    assert sum("maaf" in line for line in said) == 1
    assert said[-1] == "Langganan tetap aktif: begitu bisa, kami kabari di sini."


@pytest.mark.parametrize(
    ("told", "last"),
    [
        (1248, "sekitar 200 orang sehari, jadi antreannya mungkin sekitar 7 hari."),
        (200, "jadi antrean hari pertama biasanya panjang."),
        (12, "Terima kasih sudah menunggu."),
    ],
)
def test_where_the_office_knows_what_it_does_a_day_the_queue_is_told_in_days(told: int, last: str) -> None:
    seen = view(everything())
    ktp, *others = seen.catalogue.services
    steps = tuple(replace(step, daily=200) for step in ktp.steps)
    catalogue = replace(seen.catalogue, services=(replace(ktp, steps=steps), *others))

    said = lines(resumption(replace(seen, catalogue=catalogue), BACK, told=told))

    assert said[1].endswith(last)


def test_who_stopped_is_promised_nothing() -> None:
    seen = view(board(*LINK_CUT))

    assert lines(relapse(seen, FALLEN, subscribed=False))[-1] == "Mohon maaf atas gangguan ini."
    assert lines(correction(seen, FALLEN, at(2, 8, 12), subscribed=False))[-1] == "⛔ Pencetakan KTP-el belum bisa."


def test_where_all_is_well_there_is_nothing_left_to_wait_for() -> None:
    assert lines(correction(view(everything()), BACK, at(2, 8, 12)))[-1] == "✅ Pencetakan KTP-el bisa."


def test_a_message_that_was_wrong_is_changed_to_the_truth() -> None:
    assert lines(corrected(view(board(*LINK_CUT)), FALLEN)) == [
        "Kabar ini ternyata keliru. Mohon maaf. Keadaan sebenarnya:",
        "⛔ Pencetakan KTP-el belum bisa.",
    ]


def test_a_correction_names_the_notice_and_the_truth() -> None:
    said = lines(correction(view(board(*LINK_CUT)), FALLEN, at(2, 8, 12)))

    assert said[:2] == [
        "Ralat: kabar hari ini pukul 08.12 WITA keliru. Mohon maaf atas kekeliruan ini.",
        "⛔ Pencetakan KTP-el belum bisa.",
    ]
