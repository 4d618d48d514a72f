"""Answers to every intent, and what the bot says between questions."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time

import pytest

from bot.language import answers_talk
from bot.language.answers import understood
from bot.language.answers_office import location, office_hours, requirements
from bot.language.answers_subscriptions import (
    already_subscribed,
    no_subscription,
    not_needed,
    outages_toggled,
    subscribed,
    subscriptions,
    unsubscribed,
    which_subscription,
)
from bot.language.days import DayAsked
from bot.language.kabari import kabari_action
from bot.language.messages import Answer
from bot.language.questions import Intent, Question
from bot.language.texts import Texts
from bot.language.view import View, contact
from bot.rules.catalogue import CalendarException, Contact, Opening, Requirements
from bot.rules.notices import Subscription, Wish
from tests.catalogues.indonesia import three_offices
from tests.language.gallery import LINK_CUT, SATURDAY, answer_to, view
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
    everything,
    up,
)

TEXTS = Texts.load()
CUT = view(board(*LINK_CUT))
BARE = view(board(), WITHOUT_HOURS)


def lines(said: Answer, now: datetime | None = None) -> list[str]:
    """An answer as it is read, by line."""
    return TEXTS.plain(said, "id", now or at(2), WITA).split("\n")


def actions(said: Answer) -> list[str]:
    """What the buttons would do."""
    return [button.action or button.url or "" for row in said.buttons for button in row]


def asked(intent: Intent, *services: str, seen: View = CUT, **more: object) -> Answer:
    """The answer to a question."""
    return answer_to(seen, replace(Question(intent, services), **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("intent", list(Intent))
@pytest.mark.parametrize("seen", [CUT, BARE, view(board(*LINK_CUT), now=SATURDAY)], ids=["cut", "bare", "closed"])
def test_every_intent_has_an_answer(intent: Intent, seen: View) -> None:
    assert lines(asked(intent, seen=seen))
    assert lines(asked(intent, "ktp", seen=seen))


@pytest.mark.parametrize(
    ("intent", "first"),
    [
        (Intent.SERVICE_STATUS, "Layanan KTP-el hari ini: sebagian belum bisa."),
        (Intent.REASON_OR_ETA, "Layanan KTP-el hari ini: sebagian belum bisa."),
        (Intent.ALL_STATUS, "Layanan hari ini, Kamis, 2 Februari 2023"),
        (Intent.SUBSCRIBE, "Layanan KTP-el hari ini: sebagian belum bisa."),
        (Intent.REQUIREMENTS, "Syarat: KTP hilang"),
        (Intent.PERSONAL_CASE, "Saya tidak bisa melihat berkas perorangan."),
        (Intent.COMPLAINT, "Mohon maaf atas pengalaman ini."),
        (Intent.THANKS, "Sama-sama, Bapak/Ibu. Silakan bertanya lagi kapan saja."),
        (Intent.UNSUBSCRIBE, "Tidak ada langganan aktif di percakapan ini."),
    ],
)
def test_the_first_line_answers(intent: Intent, first: str) -> None:
    assert lines(asked(intent, "ktp"))[0] == first


def test_another_day_gets_its_hours_and_no_promise() -> None:
    said = lines(asked(Intent.SERVICE_STATUS, "kk", day=DayAsked(offset=1)))

    assert said[0] == "Besok, Jumat, 3 Februari: loket buka pukul 08.00–12.00 dan 13.00–15.00 WITA."
    assert said[1] == "Keadaan layanan besok, Jumat, 3 Februari belum dapat dipastikan. Keadaan sekarang:"


@pytest.mark.parametrize("day", [DayAsked(offset=0), DayAsked(offset=-1), DayAsked(day=31, month=2)])
def test_today_a_day_gone_by_and_a_day_that_is_none_ask_about_now(day: DayAsked) -> None:
    assert lines(asked(Intent.SERVICE_STATUS, "kk", day=day))[0] == "⛔ Kartu Keluarga (KK) belum bisa hari ini."


def test_a_private_number_is_warned_about_before_the_answer() -> None:
    said = lines(asked(Intent.SERVICE_STATUS, "kk", private=True))

    assert said[0].startswith("🔒 Pesan tadi memuat nomor pribadi. Mohon hapus pesan itu")
    assert "⛔ Kartu Keluarga (KK) belum bisa hari ini." in said


def test_a_private_number_alone_gets_the_warning_alone() -> None:
    said = lines(asked(Intent.OTHER, private=True, confidence=0.3))

    assert len(said) == 3
    assert said[2] == "Untuk mengecek berkas, datang ke loket atau hubungi WhatsApp 0811-000-0000."


def test_what_the_words_did_not_say_is_not_understood() -> None:
    assert not understood(Question(Intent.OTHER, confidence=0.3))
    assert understood(Question(Intent.OTHER, confidence=0.8))
    assert understood(Question(Intent.THANKS, confidence=0.3))


@pytest.mark.parametrize(
    ("missed", "first", "does"),
    [
        (0, "Maaf, saya belum menangkap pertanyaannya.", ["all", "c"]),
        (1, "Maaf, saya masih belum menangkap.", ["s:ktp", "s:kk", "all"]),
        (2, "Maaf, pertanyaan ini di luar kemampuan saya. Silakan hubungi WhatsApp", ["all", "c"]),
    ],
)
def test_the_bot_gives_way_to_people_when_it_does_not_understand(missed: int, first: str, does: list[str]) -> None:
    said = answer_to(CUT, Question(Intent.OTHER, confidence=0.3), missed)

    assert lines(said)[0].startswith(first)
    assert actions(said) == does


def test_without_a_contact_the_counter_is_named() -> None:
    assert lines(answers_talk.not_understood(BARE, 5))[0].endswith("Silakan tanyakan kepada petugas di loket.")
    assert lines(answers_talk.private_warning(BARE))[-1] == "Untuk mengecek berkas, silakan datang ke loket."


@pytest.mark.parametrize(
    ("second", "services", "does"),
    [
        (Intent.REQUIREMENTS, ("ktp_ambil",), "r:ktp"),
        (Intent.SERVICE_STATUS, ("kk",), "s:kk"),
        (Intent.REASON_OR_ETA, ("kk",), "s:kk"),
        (Intent.OFFICE_HOURS, ("kk",), "h"),
        (Intent.ALL_STATUS, (), "all"),
        (Intent.LOCATION_CONTACT, (), "c"),
    ],
)
def test_a_reading_nearly_as_likely_is_one_tap_away(second: Intent, services: tuple[str, ...], does: str) -> None:
    assert actions(asked(Intent.PERSONAL_CASE, *services, second=second))[-1] == does


@pytest.mark.parametrize(
    ("second", "services"),
    [(Intent.REQUIREMENTS, ()), (Intent.SERVICE_STATUS, ("kk", "ikd")), (Intent.THANKS, ("kk",))],
)
def test_a_reading_that_no_tap_can_ask_is_left_out(second: Intent, services: tuple[str, ...]) -> None:
    assert actions(asked(Intent.PERSONAL_CASE, *services, second=second)) == []


def test_a_tap_is_not_offered_twice() -> None:
    assert actions(asked(Intent.REASON_OR_ETA, "kk", second=Intent.SERVICE_STATUS)) == ["k:kk"]
    assert actions(asked(Intent.OFFICE_HOURS, second=Intent.ALL_STATUS)) == ["all"]


def test_hours_are_todays_and_the_weeks() -> None:
    assert lines(office_hours(CUT))[:3] == [
        "Loket buka sampai pukul 15.00 WITA, istirahat 12.00–13.00.",
        "Jam buka tujuh hari ke depan",
        "• Hari ini s.d. besok, Jumat, 3 Februari: pukul 08.00–12.00 dan 13.00–15.00 WITA",
    ]


def test_hours_name_the_service_that_was_asked_about() -> None:
    assert lines(asked(Intent.OFFICE_HOURS, "kk"))[1] == "⛔ KK: belum bisa"


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (DayAsked(weekday=4), "Besok, Jumat, 3 Februari: loket buka pukul 08.00–12.00 dan 13.00–15.00 WITA."),
        (DayAsked(weekday=6), "Minggu, 5 Februari: kantor tutup karena akhir pekan."),
        (DayAsked(weekday=6, at=time(10)), "Minggu, 5 Februari: kantor tutup karena akhir pekan."),
        (DayAsked(offset=0), "Loket buka sampai pukul 15.00 WITA, istirahat 12.00–13.00."),
        (
            DayAsked(at=time(14)),
            "Buka hari ini pukul 14.00 WITA. Jam loket hari itu: 08.00–12.00 dan 13.00–15.00 WITA.",
        ),
        (
            DayAsked(offset=1, at=time(12, 30)),
            "Tutup besok, Jumat, 3 Februari pukul 12.30 WITA. Jam loket hari itu: 08.00–12.00 dan 13.00–15.00 WITA.",
        ),
    ],
)
def test_the_day_and_hour_that_were_asked_are_answered(day: DayAsked, first: str) -> None:
    assert lines(office_hours(CUT, day))[0] == first


def test_other_hours_on_a_day_say_why() -> None:
    ramadan = CalendarException(at(3).date(), at(3).date(), (Opening(time(8), time(14)),), {"id": "Ramadan"})
    seen = view(board(), replace(CATALOGUE, exceptions=(ramadan,)))

    assert lines(office_hours(seen, DayAsked(offset=1)))[0] == (
        "Besok, Jumat, 3 Februari: loket buka pukul 08.00–14.00 WITA. Jam khusus: Ramadan."
    )


def test_hours_that_are_not_set_are_asked_of_people() -> None:
    with_contact = view(board(), replace(WITHOUT_HOURS, office=CATALOGUE.office))

    assert lines(office_hours(BARE))[0] == "Jam buka loket dapat ditanyakan langsung kepada petugas."
    assert lines(office_hours(with_contact))[0] == "Jam buka loket dapat ditanyakan ke WhatsApp 0811-000-0000."
    assert (
        lines(office_hours(BARE, DayAsked(weekday=4)))[0] == "Jam buka loket dapat ditanyakan langsung kepada petugas."
    )


def test_counters_with_other_weeks_have_each_their_own() -> None:
    late = replace(TWO_COUNTERS.places[2], hours={3: TWO_COUNTERS.places[1].hours[3][1:]})  # type: ignore[index]
    seen = view(board(), replace(TWO_COUNTERS, places=(*TWO_COUNTERS.places[:2], late)))

    said = lines(office_hours(seen))

    assert "Jam buka Kantor Disdukcapil tujuh hari ke depan" in said
    assert "Jam buka Mal Pelayanan Publik tujuh hari ke depan" in said
    assert any("Tutup" in line or "tutup" in line for line in said)
    assert lines(office_hours(seen, DayAsked(weekday=4)))[0].startswith("Kantor Disdukcapil: Besok, Jumat")


def test_addresses_contacts_and_maps_are_told_as_far_as_set() -> None:
    own = replace(
        CATALOGUE.places[1], map_url="https://maps.example/1", contacts=(Contact("email", "a@example.go.id"),)
    )
    seen = view(board(), replace(CATALOGUE, places=(CATALOGUE.places[0], own)))

    said = location(seen)

    assert lines(said)[:4] == [
        "Alamat dan kontak Disdukcapil Kota Kendari",
        "📍 Kantor Disdukcapil: Jalan Contoh 1",
        "☎️ Kontak Kantor Disdukcapil: surel a@example.go.id",
        "☎️ Kontak: WhatsApp 0811-000-0000",
    ]
    assert actions(said) == ["https://maps.example/1"]
    assert lines(location(BARE)) == ["Untuk alamat dan kontak, silakan lihat kanal resmi Disdukcapil Kota Kendari."]


def test_made_up_facts_are_marked() -> None:
    seen = view(board(), replace(CATALOGUE, office=replace(CATALOGUE.office, example=True)))

    for said in (office_hours(seen), location(seen)):
        assert lines(said)[-1] == "Jam, alamat, dan kontak ini hanya contoh untuk peragaan."


def test_requirements_say_items_that_it_is_free_the_source_and_todays_state() -> None:
    assert lines(requirements(CUT, ["ktp_cetak"], "hilang")) == [
        "Syarat: KTP hilang",
        "• surat kehilangan dari kepolisian",
        "• formulir F-1.02",
        "Semua pengurusan gratis (UU 24/2013 Pasal 79A).",
        "Dasar: Perpres 96/2018 Pasal 15.",
        "Keadaan sekarang:",
        "⚠️ Perekaman: terbatas, berkas diterima, dikerjakan kemudian",
        "⛔ Pencetakan: belum bisa",
        "✅ Pengambilan: bisa",
    ]


def test_requirements_without_a_case_tell_each_case() -> None:
    said = lines(requirements(CUT, ["ktp"]))

    assert said[:3] == ["Syarat: KTP hilang", "• surat kehilangan dari kepolisian", "• formulir F-1.02"]
    assert said[3:5] == ["Syarat: KTP baru", "• fotokopi KK"]


def test_many_cases_are_chosen_by_buttons() -> None:
    cases = tuple(
        Requirements({"id": f"Perkara {name}"}, ({"id": "formulir"},) * 2, cues=(name,) if name else ())
        for name in ("satu", "dua", "tiga", "empat", "")
    )
    ktp = replace(KTP, requirements=cases)
    seen = view(board(), replace(CATALOGUE, services=(ktp, *CATALOGUE.services[1:])))

    said = requirements(seen, ["ktp"])

    assert lines(said)[0] == "Syarat KTP-el untuk keperluan apa? Silakan pilih."
    assert actions(said) == ["r:ktp:satu", "r:ktp:dua", "r:ktp:tiga", "r:ktp:empat"]
    assert "• formulir" in lines(requirements(seen, ["ktp"], "perkara dua"))


def test_requirements_of_other_services_named_are_one_tap_away() -> None:
    assert actions(requirements(CUT, ["legalisir", "ktp_cetak", "ktp", "gone"])) == ["r:ktp"]


def test_requirements_of_nothing_ask_of_what() -> None:
    said = requirements(CUT, [])

    assert lines(said)[0] == "Syarat layanan apa yang dicari? Silakan pilih."
    assert actions(said) == ["r:ktp"]


def test_requirements_that_nobody_wrote_down_are_asked_at_the_counter_and_still_free() -> None:
    said = lines(requirements(CUT, ["legalisir"]))

    assert said[0] == "Syarat legalisasi dokumen dapat ditanyakan kepada petugas di loket."
    assert "gratis" in said[1]


def test_nobodys_file_can_be_seen_but_what_works_can_be_told() -> None:
    said = lines(asked(Intent.PERSONAL_CASE, "ktp_ambil"))

    assert said[0] == "Saya tidak bisa melihat berkas perorangan."
    assert said[2:4] == ["Yang bisa saya sampaikan:", "✅ Pengambilan KTP-el: bisa"]
    assert lines(asked(Intent.PERSONAL_CASE, seen=BARE))[1].endswith("bawa tanda terima ke loket.")


@pytest.mark.parametrize("evidence", [("minta otp",), ("ngaku petugas", "parah"), ("telepon dari disdukcapil",)])
def test_who_asks_for_a_code_is_warned_of_before_anything_else(evidence: tuple[str, ...]) -> None:
    said = asked(Intent.COMPLAINT, "ikd", evidence=evidence, second=Intent.SERVICE_STATUS)

    assert lines(said)[0].startswith("⚠️ Waspada penipuan: jangan berikan kode OTP, PIN, atau uang")
    assert "Bila ragu, putuskan percakapan itu, lalu tanyakan ke WhatsApp 0811-000-0000." in lines(said)
    assert "SP4N-LAPOR!" in lines(said)[-1]
    assert actions(said) == []
    assert "tanyakan langsung di loket" in lines(asked(Intent.COMPLAINT, evidence=evidence, seen=BARE))[2]


def test_bad_service_is_no_scam() -> None:
    assert lines(asked(Intent.COMPLAINT, evidence=("minta uang", "parah")))[0] == "Mohon maaf atas pengalaman ini."


def test_an_emergency_is_answered_calmly_with_112_and_nothing_else() -> None:
    said = asked(Intent.OUT_OF_SCOPE, agency="emergency", second=Intent.LOCATION_CONTACT)

    assert lines(said)[0].startswith("🚨 Keadaan darurat: hubungi 112")
    assert "Ada orang yang siap membantu." in lines(said)[1]
    assert len(lines(said)) == 2
    assert actions(said) == []


def test_another_agencys_business_offers_no_way_back_here() -> None:
    assert actions(asked(Intent.OUT_OF_SCOPE, agency="sim", second=Intent.LOCATION_CONTACT)) == []


def test_a_step_that_is_a_cases_own_gets_that_case() -> None:
    steps = (replace(KTP.steps[0], aliases=("rekam", "baru")), *KTP.steps[1:])
    own = replace(CATALOGUE, services=(replace(KTP, steps=steps), *CATALOGUE.services[1:]))

    assert lines(requirements(view(board(), own), ["ktp_rekam"]))[0] == "Syarat: KTP baru"
    assert lines(requirements(view(board(), own), ["ktp_rekam"], "hilang"))[0] == "Syarat: KTP hilang"
    assert "Syarat: KTP hilang" in lines(requirements(view(board(), own), ["ktp_cetak"]))


@pytest.mark.parametrize("fine", ["Denda keterlambatan: tidak ada", "Denda keterlambatan: tidak ada."])
def test_a_late_fine_is_told_with_deeds_alone(fine: str) -> None:
    own = replace(CATALOGUE, office=replace(CATALOGUE.office, late_fine={"id": fine}))

    assert "Denda keterlambatan: tidak ada." in lines(requirements(view(board(), own), ["akta_lahir"]))
    assert not any("Denda" in line for line in lines(requirements(view(board(), own), ["kk"])))
    assert not any("Denda" in line for line in lines(requirements(CUT, ["akta_lahir"])))


def test_an_hour_that_is_over_is_not_said_to_be_open() -> None:
    seen = view(board(), now=at(2, 16))

    said = lines(office_hours(seen, DayAsked(at=time(14))), at(2, 16))

    assert said[0].startswith("Loket hari ini sudah tutup pukul 15.00 WITA.")


def test_a_weekday_whose_hours_are_over_today_is_next_weeks_too() -> None:
    seen = view(board(), now=at(2, 16))

    said = lines(office_hours(seen, DayAsked(weekday=3)), at(2, 16))

    assert said[0].startswith("Loket hari ini sudah tutup pukul 15.00 WITA.")
    assert said[1].startswith("Kamis, 9 Februari: loket buka pukul 08.00")
    assert not any("9 Februari" in line for line in lines(office_hours(CUT, DayAsked(weekday=3))))


def test_hours_of_another_day_call_the_states_those_of_now_and_offer_kabari() -> None:
    said = office_hours(CUT, DayAsked(weekday=5), ["kk"])

    assert lines(said)[0].startswith("Sabtu, 4 Februari: kantor tutup")
    assert lines(said)[1] == "Keadaan layanan Sabtu, 4 Februari belum dapat dipastikan. Keadaan sekarang:"
    assert actions(said) == ["k:kk", "all"]


def test_a_complaint_is_handed_to_those_who_act() -> None:
    own = replace(CATALOGUE, office=replace(CATALOGUE.office, complaint={"id": "Lapor Kendari"}))

    said = lines(asked(Intent.COMPLAINT, seen=view(board(), own)))

    assert said[2] == "Dapat juga lewat Lapor Kendari."
    assert "Dapat juga lewat SP4N-LAPOR! (lapor.go.id, SMS 1708)." in lines(asked(Intent.COMPLAINT))
    assert lines(asked(Intent.COMPLAINT, seen=BARE))[1] == "Agar ditangani, sampaikan lewat loket pengaduan."


@pytest.mark.parametrize(
    ("agency", "first"),
    [("sim", "SIM diurus di kepolisian (Satpas), bukan di Disdukcapil."), (None, "Urusan itu bukan di Disdukcapil")],
)
def test_another_agencys_business_names_it_where_known(agency: str | None, first: str) -> None:
    assert lines(asked(Intent.OUT_OF_SCOPE, agency=agency))[0].startswith(first)


@pytest.mark.parametrize(("hour", "part"), [(7, "pagi"), (11, "siang"), (15, "sore"), (20, "malam")])
def test_a_greeting_knows_the_time_of_day(hour: int, part: str) -> None:
    seen = view(everything(), now=at(2, hour))

    assert any(line.startswith(f"Selamat {part}, Bapak/Ibu.") for line in lines(answers_talk.greeting(seen), seen.now))


def test_a_greeting_shows_the_board_in_short() -> None:
    assert "⛔ Belum bisa: Pencetakan KTP-el, KK, dan IKD" in lines(answers_talk.greeting(CUT))
    assert "✅ Tidak ada gangguan: layanan yang dilaporkan petugas bisa." in lines(
        answers_talk.greeting(view(everything()))
    )
    assert lines(answers_talk.greeting(BARE))[1] == "❔ Belum ada kabar: petugas belum melaporkan keadaan layanan."
    partly = lines(answers_talk.greeting(view(board(up("kk")))))
    assert "✅ Tidak ada gangguan: layanan yang dilaporkan petugas bisa." in partly
    assert lines(answers_talk.greeting(view(everything(), now=SATURDAY)), SATURDAY)[1].startswith(
        "Kantor tutup hari ini"
    )


@pytest.mark.parametrize("kind", ["voice", "sticker", "photo", "document", "animation"])
def test_what_is_not_text_gets_one_line(kind: str) -> None:
    assert len(lines(answers_talk.media(kind))) == 1


def test_the_bots_own_trouble_is_owned() -> None:
    assert lines(answers_talk.trouble())[0].startswith("Maaf, jawaban sedang tidak bisa diambil.")
    assert lines(answers_talk.trouble(contact(CUT)))[0].endswith("atau hubungi WhatsApp 0811-000-0000.")


def test_privacy_says_what_is_kept_where_and_how_to_delete_it() -> None:
    said = answers_talk.privacy(CUT)

    told = "\n".join(lines(said))
    assert all(word in told for word in ("48 jam", "10 menit", "90 hari", "luar negeri", "UU 27/2022", "/hapusdata"))
    assert actions(said) == ["hd"]
    assert len(answers_talk.privacy(BARE).lines) == len(said.lines) - 1


def test_deleting_is_asked_again_first() -> None:
    assert actions(answers_talk.forget_asked()) == ["hd!"]
    assert "sudah dihapus" in lines(answers_talk.forgotten())[0]


def test_help_and_language_are_there() -> None:
    assert any(line.startswith("/status") for line in lines(answers_talk.help_(CUT)))
    assert actions(answers_talk.choose_language(TEXTS.languages)) == ["g:id", "g:en"]
    assert lines(answers_talk.language_chosen())[0].endswith("bahasa Indonesia.")


def test_a_subscription_says_what_is_kept_and_how_to_stop() -> None:
    said = subscribed(CUT, ["ktp_cetak"])

    assert lines(said)[0] == "Baik, kami kabari di sini begitu pencetakan KTP-el sudah bisa."
    assert "paling lambat 2 hari setelah kabar terkirim. Ketik berhenti" in lines(said)[1]
    assert actions(said) == ["x:ktp_cetak"]


def test_a_subscription_to_one_place_names_it() -> None:
    there = view(board(catalogue=TWO_COUNTERS), TWO_COUNTERS, place=MPP)

    assert lines(subscribed(there, ["kk"]))[0] == (
        "Baik, kami kabari di sini begitu Kartu Keluarga (KK) di Mal Pelayanan Publik sudah bisa."
    )


def test_a_lasting_subscription_says_so() -> None:
    said = subscribed(CUT, [step.id for step in KTP.steps], Wish.ALWAYS)

    assert lines(said)[0] == "Baik, kami kabari di sini setiap kali KTP-el bisa lagi setelah terganggu."
    assert actions(said) == ["x:ktp_rekam,ktp_cetak,ktp_ambil", "o:ktp"]


def _steps_of_all(seen: View) -> Iterable[str]:
    return list(seen.catalogue.steps)


def test_a_stop_button_never_outgrows_telegram() -> None:
    assert actions(subscribed(CUT, list(_steps_of_all(CUT)))) == ["x:ktp,kk,akta_lahir,akta_mati,ikd,suket,legalisir"]


def test_who_is_there_already_is_told_so() -> None:
    assert lines(already_subscribed(CUT, ["ktp_cetak"]))[0].startswith(
        "Bapak/Ibu sudah terdaftar untuk kabar pencetakan"
    )


def test_what_works_need_not_be_waited_for() -> None:
    settling = view(board(up("kk", settling=True)))

    assert lines(not_needed(CUT, ["ktp_ambil"]))[0] == (
        "✅ Pengambilan KTP-el sedang bisa, jadi tidak perlu menunggu kabar."
    )
    assert lines(not_needed(settling, ["kk"]))[0].startswith("✅ Kartu Keluarga (KK) bisa, baru tersambung")
    assert actions(not_needed(CUT, ["ktp_ambil"])) == ["a:ktp"]


def test_asked_to_tell_without_a_service_the_bot_offers_what_is_down_first() -> None:
    assert actions(which_subscription(CUT))[:4] == ["a:ktp", "a:kk", "a:ikd", "a:akta_lahir"]


def test_an_end_is_confirmed() -> None:
    ended = [Subscription(1, 5, "kk", OFFICE, Wish.ONCE, at(1))]

    assert lines(unsubscribed(CUT, ended, last=False)) == ["Langganan kabar Kartu Keluarga (KK) dihentikan."]
    assert "sudah dihapus" in lines(unsubscribed(CUT, ended, last=True))[0]
    assert lines(no_subscription()) == ["Tidak ada langganan aktif di percakapan ini."]


def test_the_list_stops_toggles_and_adds() -> None:
    own = [
        Subscription(1, 5, "ktp_cetak", "kendari", Wish.ONCE, at(1)),
        Subscription(2, 5, "kk", OFFICE, Wish.ALWAYS, at(1), outages=True),
        Subscription(3, 5, "kk", OFFICE, Wish.ONCE, at(1)),
        Subscription(4, 5, "ikd", "kendari", Wish.ALWAYS, at(1)),
    ]

    said = subscriptions(CUT, own)

    assert lines(said) == [
        "Langganan kabar di percakapan ini",
        "• Pencetakan KTP-el: satu kali, begitu bisa",
        "• Kartu Keluarga (KK) di Kantor Disdukcapil: setiap kali pulih, juga bila terganggu",
        "• IKD (KTP digital): setiap kali pulih",
    ]
    assert actions(said)[:5] == ["x:ktp_cetak", "x:kk", "x:ikd", "o:kk", "o:ikd"]
    assert actions(said)[5:] == ["a:akta_lahir", "a:akta_mati", "a:suket", "a:legalisir"]


def test_what_left_the_catalogue_is_named_and_can_be_stopped() -> None:
    gone = "indonesia/nusa_tenggara_timur_di_seberang/kabupaten_dengan_nama_panjang"
    own = [Subscription(1, 5, "akta_lahir", gone, Wish.ALWAYS, at(1))]
    seen = view(board(*LINK_CUT), three_offices())

    said = subscriptions(seen, own)

    assert "kabupaten_dengan_nama_panjang" in lines(said)[1]
    assert actions(said)[:2] == ["x:akta_lahir", "o:akta_lahir"]
    assert "kabupaten_dengan_nama_panjang" in lines(unsubscribed(seen, own, last=False))[0]


def test_of_very_many_there_is_one_stop_for_each_office() -> None:
    country = three_offices()
    steps = list(country.steps)
    own = [
        Subscription(number, 5, step, office, Wish.ALWAYS, at(1))
        for number, (office, step) in enumerate(itertools.product(country.tree.offices, steps))
    ]

    said = subscriptions(view(board(), country), own)

    stops = [action for action in actions(said) if action.startswith("x:")]
    assert stops == [f"x:*:{country.place_word(office)}" for office in country.tree.offices]
    assert not any(action.startswith("o:") for action in actions(said))


def test_an_empty_list_offers_ktp_first() -> None:
    assert actions(subscriptions(CUT, []))[0] == "a:ktp"


def test_outage_news_is_confirmed() -> None:
    assert "juga kami kabarkan" in lines(outages_toggled(CUT, "kk", on=True))[0]
    assert "tidak lagi" in lines(outages_toggled(CUT, "kk", on=False))[0]


def test_an_action_too_long_for_every_spelling_keeps_the_first_services() -> None:
    names = [f"layanan_nomor_{number}" for number in range(9)]
    services = tuple(
        replace(service, id=name, steps=tuple(replace(step, id=name, service=name) for step in service.steps))
        for name, service in zip(names, [CATALOGUE.services[1]] * 9, strict=True)
    )
    seen = view(board(), replace(CATALOGUE, services=services), place=MPP.rpartition("/")[0])

    action = kabari_action(seen, names)

    assert action == "k:layanan_nomor_0,layanan_nomor_1,layanan_nomor_2"
