"""What a single message or a short dialogue is taken to ask."""

from __future__ import annotations

import time
import tomllib
from dataclasses import replace
from datetime import time as clock
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.days import DayAsked
from bot.language.questions import Context, Intent, Question, Recogniser
from bot.rules.privacy import PLACEHOLDER
from tests.language.small import SMALL

RECOGNISER = Recogniser(SMALL)
DEEDS = ("akta_lahir", "akta_mati", "akta_kawin", "akta_cerai", "akta_lain")


def asked(*texts: str) -> Question:
    """What the last message of a dialogue asks."""
    previous: Context | None = None
    for text in texts:
        question = RECOGNISER.recognise(text, previous)
        previous = Context(question.intent, question.services)
    return question


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("KTP", ("ktp",)),
        ("akta", DEEDS),
        ("so bisami rekam KTP?", ("ktp_rekam",)),
        ("ktp sama kk sudah bisa?", ("ktp", "kk")),
        ("rekam ktp bisa, cetak ktp belum?", ("ktp_rekam", "ktp_cetak")),
        ("blangko sudah ada?", ("ktp_cetak",)),
        ("blangko KIA habis?", ("kia",)),
        ("legalisir kk bisa?", ("legalisir", "kk")),
        ("pindah dari makassar ke kendari", ("datang",)),
        ("akta lahir dan akta sudah bisa?", ("akta_lahir",)),
        ("ktp xx xx xx xx xx kk rusak", ("ktp", "kk")),
    ],
)
def test_the_services_named_are_returned(text: str, services: tuple[str, ...]) -> None:
    assert asked(text).services == services


@pytest.mark.parametrize(
    ("text", "intent", "services"),
    [
        ("kk, mau tanya ktp sudah bisa?", Intent.SERVICE_STATUS, ("ktp",)),
        ("kk mau tanya", Intent.GREETING, ()),
        ("kk bisa bantu?", Intent.GREETING, ()),
        ("makasih kk", Intent.THANKS, ()),
        ("kk saya mau urus ktp", Intent.SERVICE_STATUS, ("ktp",)),
        ("ktp sudah bisa kk?", Intent.SERVICE_STATUS, ("ktp",)),
        ("kk saya hilang", Intent.REQUIREMENTS, ("kk",)),
        ("kk", Intent.SERVICE_STATUS, ("kk",)),
        ("mau urus ktp kk", Intent.SERVICE_STATUS, ("ktp", "kk")),
    ],
)
def test_kk_is_the_family_card_unless_it_greets(text: str, intent: Intent, services: tuple[str, ...]) -> None:
    question = asked(text)

    assert (question.intent, question.services) == (intent, services)


@pytest.mark.parametrize(
    "text",
    [
        "berhenti", "STOP!!!", "stoooop", "brenti", "jangan kirim lagi", "jgn kirim2 lagi nah", "gausah kabari lagi",
        "tutup langganan", "unsub", "keluar", "hapus data saya", "batalkan langganan", "notifnya dimatikan saja",
        "hapus nik saya dari bot ini",
        "saya mau berhenti berlangganan info ktp", "bagaimana cara berhenti langganan",
        "server sudah bisa, tolong berhenti kirim", "batal", "please stop", "kabari saya? jangan kabari lagi",
        "b e r h e n t i berhenti", "ktp sudah jadi, stop notif", "unsubscribe",
    ],
)  # fmt: skip
def test_a_stop_is_never_missed(text: str) -> None:
    assert asked(text).intent == Intent.UNSUBSCRIBE


@pytest.mark.parametrize(
    "text",
    [
        "kenapa saya tidak dikabari", "apa kabar", "makasih sudah dikabari", "ada kabar ktp?", "makasih kabarnya",
        "beri tahu syarat ktp", "minta info ktp", "belum ada kabar", "ktp sudah bisa?", "saya sudah langganan",
        "kasih tahu cara urus kk", "siapa yang bisa saya hubungi kalau ktp tidak bisa dicetak", "saya tunggu kabarnya",
        "beri tahu saya alamat kantor", "minta kabar ktp dong", "sudah minta kalau bisa kabari saya tapi belum",
        "ada kabai ktp?",
    ],
)  # fmt: skip
def test_nobody_is_subscribed_who_did_not_ask(text: str) -> None:
    assert asked(text).intent != Intent.SUBSCRIBE


@pytest.mark.parametrize(
    "text", ["ada yang telepon saya suruh aktivasi IKD", "barusan di wa orang ngaku dukcapil suruh klik link ikd"]
)
def test_somebody_who_calls_about_the_digital_card_is_a_complaint_and_no_state(text: str) -> None:
    assert asked(text).intent == Intent.COMPLAINT


@pytest.mark.parametrize(
    ("text", "intent", "services"),
    [
        (
            "Anak saya baru lahir. KTP saya Kendari. Akta kelahirannya apa saja syaratnya ya",
            Intent.REQUIREMENTS,
            "akta_lahir",
        ),
        (
            "Selamat pagi min. Saya sudah rekam ktp tiga bulan lalu. Kapan ktp saya bisa diambil?",
            Intent.PERSONAL_CASE,
            "ktp_ambil",
        ),
        ("Mau urus kk hari ini, tapi rumah jauh. Kantornya buka sampai jam berapa ya?", Intent.OFFICE_HOURS, "kk"),
    ],
)
def test_of_several_sentences_the_last_that_asks_counts(text: str, intent: Intent, services: str) -> None:
    question = asked(text)

    assert (question.intent, question.services[0]) == (intent, services)


def test_a_service_that_stopped_by_itself_is_no_stop() -> None:
    assert asked("kenapa pelayanan ktp berhenti").intent == Intent.REASON_OR_ETA


@pytest.mark.parametrize("text", ["jangan lupa kabari saya", "bila ktp sudah normal mohon saya diberi tahu"])
def test_who_asks_to_be_told_is_told(text: str) -> None:
    assert asked(text).intent == Intent.SUBSCRIBE


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("cara bikin SIM", "sim"),
        ("bpjs sdh bisa?", "bpjs"),
        ("bikin npwp pakai ktp bisa", "tax"),
        ("ktp sudah ada, mau bikin sim", "sim"),
        ("buku nikah hilang", "kua"),
        ("tolong ada kecelakaan", "emergency"),
        ("saya sudah tidak kuat hidup", "emergency"),
        ("saya tidak ingin hidup lagi", "emergency"),
        ("someone is hurt", "emergency"),
    ],
)
def test_another_agencys_business_names_the_agency(text: str, agency: str) -> None:
    question = asked(text)

    assert (question.intent, question.agency, question.services) == (Intent.OUT_OF_SCOPE, agency, ())


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("ktp untuk bikin sim sudah bisa dicetak?", ("ktp_cetak",)),
        ("untuk bpjs, kk sudah bisa diurus?", ("kk",)),
        ("mau daftar bpjs butuh kk, sudah bisa diurus?", ("kk",)),
        ("nik saya tidak terdaftar di bpjs", ("biodata",)),
        ("syarat kk kalau belum punya buku nikah", ("kk",)),
    ],
)
def test_an_agency_that_asks_for_a_document_is_not_the_question(text: str, services: tuple[str, ...]) -> None:
    question = asked(text)

    assert question.intent != Intent.OUT_OF_SCOPE
    assert question.services == services


@pytest.mark.parametrize(
    ("dialogue", "intent", "services"),
    [
        (("ktp sudah bisa?", "kalau KK?"), Intent.SERVICE_STATUS, ("kk",)),
        (("syarat kk", "kalau ktp?"), Intent.REQUIREMENTS, ("ktp",)),
        (("syarat kk", "akta lahir juga"), Intent.REQUIREMENTS, ("akta_lahir",)),
        (("ktp sudah bisa?", "syaratnya?"), Intent.REQUIREMENTS, ("ktp",)),
        (("ktp sudah bisa?", "kapan?"), Intent.REASON_OR_ETA, ("ktp",)),
        (("jam berapa buka", "kapan?"), Intent.OFFICE_HOURS, ()),
        (("ktp sudah bisa?", "oke kabari ya"), Intent.SUBSCRIBE, ("ktp",)),
        (("ktp sudah bisa?", "besok?"), Intent.SERVICE_STATUS, ("ktp",)),
        (("kenapa ktp belum bisa", "kalau besok?"), Intent.SERVICE_STATUS, ("ktp",)),
        (("ikd error?", "sudah bisa?"), Intent.SERVICE_STATUS, ("ikd",)),
        (("ikd error?", "masih?"), Intent.SERVICE_STATUS, ("ikd",)),
        (("ikd error?", "pelayanan apa saja yang bisa?"), Intent.ALL_STATUS, ("ikd",)),
        (("kabari kalau ktp bisa", "batal"), Intent.UNSUBSCRIBE, ("ktp",)),
        (("kabari kalau ktp bisa", "stop"), Intent.UNSUBSCRIBE, ()),
        (("ktp sudah bisa?", "bikin sim?"), Intent.OUT_OF_SCOPE, ()),
        (("ktp sudah bisa?", "halo"), Intent.GREETING, ()),
        (("ktp sudah bisa?", "selamat pagi saya mau bertanya apakah kantor buka hari ini"), Intent.OFFICE_HOURS, ()),
    ],
)
def test_a_short_message_takes_up_the_last_question(
    dialogue: tuple[str, ...], intent: Intent, services: tuple[str, ...]
) -> None:
    question = asked(*dialogue)

    assert (question.intent, question.services) == (intent, services)


@pytest.mark.parametrize(
    ("dialogue", "case"),
    [
        (("ktp saya hilang",), "hilang"),
        (("syarat ktp rusak",), "rusak"),
        (("syarat ktp", "kalau hilang?"), "hilang"),
        (("syarat ktp",), None),
        (("syarat kartu anak",), None),
    ],
)
def test_the_case_of_the_requirements_is_recognised(dialogue: tuple[str, ...], case: str | None) -> None:
    assert asked(*dialogue).case == case


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("jam 2 masih buka?", DayAsked(at=clock(14))),
        ("besok buka?", DayAsked(offset=1)),
        ("Senin libur?", DayAsked(weekday=0)),
    ],
)
def test_the_day_and_hour_asked_are_recognised(text: str, day: DayAsked) -> None:
    question = asked(text)

    assert (question.intent, question.day) == (Intent.OFFICE_HOURS, day)


def test_a_private_number_is_flagged_and_the_question_still_understood() -> None:
    question = asked("nik 7471 0001 0190 0001 saya tidak terdaftar")

    assert question.private
    assert (question.intent, question.services) == (Intent.PERSONAL_CASE, ("biodata",))
    assert not any("7471" in said for said in question.evidence)


@pytest.mark.parametrize(
    ("text", "english"), [("is the ID card service available?", True), ("ktp bisa?", False), ("STOP", False)]
)
def test_english_is_noticed(text: str, english: bool) -> None:
    assert asked(text).english is english


def test_two_close_readings_are_both_given() -> None:
    question = asked("mo ganti foto ktp bisa kah")

    assert (question.intent, question.second) == (Intent.REQUIREMENTS, Intent.SERVICE_STATUS)


def test_an_office_adds_words_in_its_catalogue() -> None:
    catalogue = replace(SMALL, vocabulary={"complaint_strong": ("tukang palak",), "slang": ("kabari: kabarkiyee",)})
    recogniser = Recogniser(catalogue)

    complaint, subscription = recogniser.recognise("banyak tukang palak di depan"), recogniser.recognise("kabarkiyee")

    assert (complaint.intent, subscription.intent) == (Intent.COMPLAINT, Intent.SUBSCRIBE)


def test_a_word_of_our_own_tongue_is_added_as_the_guide_says() -> None:
    guide = Path("docs/understanding.md").read_text("utf-8").split("```toml\n")[1].split("```")[0]
    catalogue = replace(SMALL, vocabulary=tomllib.loads(guide)["vocabulary"])
    recogniser = Recogniser(catalogue)

    asked_now, scolded = recogniser.recognise("ktp pigha bisa?"), recogniser.recognise("petugasnya pabongka")

    assert (asked_now.intent, asked_now.services) == (Intent.SERVICE_STATUS, ("ktp",))
    assert scolded.intent == Intent.COMPLAINT
    assert RECOGNISER.recognise("petugasnya pabongka").intent != Intent.COMPLAINT


@pytest.mark.parametrize(
    ("dialogue", "intent", "services"),
    [
        (("syarat akta kematian", "berapa lama?"), Intent.REQUIREMENTS, ("akta_mati",)),
        (("kk bisa?", "kalau akta lahir?", "syaratnya apa?"), Intent.REQUIREMENTS, ("akta_lahir",)),
        (("kenapa kk belum bisa", "kapan bisa lagi?"), Intent.REASON_OR_ETA, ("kk",)),
        (("ktp bisa?", "kalau kk?", "kabari saya"), Intent.SUBSCRIBE, ("kk",)),
        (("mau urus kia", "oke kabari ya"), Intent.SUBSCRIBE, ("kia",)),
        (("cetak ktp sudah bisa?", "kenapa?"), Intent.REASON_OR_ETA, ("ktp_cetak",)),
        (("cetak ktp sudah bisa?", "makasih"), Intent.THANKS, ()),
        (("kabari kalau kk bisa", "tidak jadi, batal"), Intent.UNSUBSCRIBE, ("kk",)),
        (("besok buka?", "kalau sabtu?"), Intent.OFFICE_HOURS, ()),
        (("alamat kantor", "jam buka?"), Intent.OFFICE_HOURS, ()),
        (("ktp sudah bisa?", "ke mana?"), Intent.REQUIREMENTS, ("ktp",)),
        (
            ("cetak ktp sudah bisa?", "kira-kira kapan ya bisa normal lagi kalau di mpp"),
            Intent.REASON_OR_ETA,
            ("ktp_cetak",),
        ),
        (("syarat kk", "kalau yang hilang itu bagaimana caranya kak"), Intent.REQUIREMENTS, ("kk",)),
        (("syarat kk", "jam berapa buka?", "kalau KIA?"), Intent.OFFICE_HOURS, ("kia",)),
    ],
)
def test_a_dialogue_keeps_its_thread(dialogue: tuple[str, ...], intent: Intent, services: tuple[str, ...]) -> None:
    question = asked(*dialogue)

    assert (question.intent, question.services) == (intent, services)


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("saksi nikah harus bawa ktp asli?", ("akta_kawin",)),
        ("syarat ktp", ("ktp",)),
        ("tanpa kk bisa rekam ktp?", ("ktp_rekam",)),
        ("ktp untuk daftar nikah sudah bisa dicetak?", ("ktp_cetak",)),
        ("tanya syarat KK", ("kk",)),
        ("saya bawa ktp", ("ktp",)),
    ],
)
def test_a_document_that_is_only_shown_is_not_the_question(text: str, services: tuple[str, ...]) -> None:
    assert asked(text).services == services


@pytest.mark.parametrize("text", ["ebrhenit langganan", "jgnaa kabari saya lagi", "xyzzy notifikasi saya kalau bisa"])
def test_a_wish_behind_a_word_nobody_knows_subscribes_nobody(text: str) -> None:
    assert asked(text).intent != Intent.SUBSCRIBE


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    question = RECOGNISER.recognise(text)

    assert 0 < question.confidence <= 1
    assert question == RECOGNISER.recognise(text)


@given(st.text(), st.sampled_from(list(Intent)))
def test_any_text_can_follow_any_question(text: str, intent: Intent) -> None:
    assert RECOGNISER.recognise(text, Context(intent, ("ktp",))).intent in Intent


# Seconds: 5 ms on a quiet machine, three times that on a busy one, and far more while coverage counts the lines.
LENGTH = 10_000  # letters
A_PAGE = "pak mau tanya ktp saya sudah bisa dicetak atau belum ya soalnya minggu lalu katanya blangko habis. "
MOST_PAGES = 10  # what grows faster than its text takes a hundred of them
FLOODS = (
    "ktp ", "xqzj ", "bisaaaa ", "kapan bisa ", "\u0301a", PLACEHOLDER, "a1", "besok jam 2 ", "1 ", "12-", "1.2.3.4 ",
    "0812 ", "7471 0001 ", "+62 ", "62-8", "1 2 3 4 5 6 7 8 9 0 ", "\u200b1", "\ufdfa",
    "\U0001d40a\U0001d413\U0001d40f ",
    "kirmi lgai ", "dtpnc ", "k.k.", "1_", "tidak perlu usah mau ", "jangan kalau bisa ",
)  # fmt: skip


@pytest.mark.parametrize("piece", FLOODS)
def test_a_flood_of_text_takes_no_longer_than_a_page(piece: str) -> None:
    assert seconds_for(piece) < MOST_PAGES * seconds_for(A_PAGE)


def seconds_for(piece: str) -> float:
    """Of the processor, at best, for a text of this alone."""
    text = (piece * LENGTH)[:LENGTH]
    times = []
    for _ in range(5):
        start = time.thread_time()
        RECOGNISER.recognise(text)
        times.append(time.thread_time() - start)
    return min(times)


@pytest.mark.parametrize(
    ("text", "services"),
    [
        ("NIK saya 7471000102900001, kk sudah bisa?", ("kk",)),
        ("nik 7471000102900001 ktp sudah bisa dicetak?", ("ktp_cetak",)),
        ("No. KK: 7471000102900001. Akta lahir bisa hari ini?", ("akta_lahir",)),
    ],
)
def test_the_words_that_introduce_a_number_name_no_service(text: str, services: tuple[str, ...]) -> None:
    question = RECOGNISER.recognise(text)

    assert question.private
    assert question.services[:1] == services
