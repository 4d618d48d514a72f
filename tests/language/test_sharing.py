"""What is passed on is dated, says until when it holds and where a newer answer is."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.language import sharing
from bot.language.answers_board import all_status
from bot.language.answers_status import status
from bot.language.messages import Answer, Button, say
from bot.language.texts import Texts
from bot.language.view import View
from tests.language.gallery import LINK_CUT, view
from tests.language.office import CATALOGUE, MPP, TWO_COUNTERS, WITA, WITHOUT_HOURS, at, board

TEXTS = Texts.load()
CUT = view(board(*LINK_CUT))
LONG = "ktp_rekam,ktp_cetak,ktp_ambil,akta_lahir,akta_mati,legalisir,suket"


def read(said: Answer, seen: View = CUT, language: str = "id") -> list[str]:
    return TEXTS.plain(said, language, seen.now, WITA).split("\n")


def taps(said: Answer) -> list[list[str | None]]:
    return [[button.action or button.url or button.query for button in row] for row in said.buttons]


def test_a_text_says_who_speaks_on_which_day_and_until_when() -> None:
    lines = read(sharing.to_share(CUT, ("ktp_cetak",), ()))

    assert lines[0] == "Disdukcapil Kota Kendari, Kamis, 2 Februari 2023:"
    assert lines[1] == "⛔ Pencetakan KTP-el belum bisa hari ini."
    assert lines[-1].startswith("Berlaku sampai Kamis, 2 Februari 2023 pukul 12.00 WITA.")


def test_the_whole_board_names_its_day_once() -> None:
    lines = read(sharing.to_share(CUT, (), ()))

    assert lines[1].startswith("✅ Bisa: ")
    assert sum("Layanan hari ini" in line for line in lines) == 0


def test_maintenance_that_begins_sooner_ends_it() -> None:
    assert "pukul 10.30 WITA" in read(sharing.to_share(CUT, ("kk",), (at(2, 10, 30),)))[-1]


def test_hours_that_nobody_has_set_are_not_told() -> None:
    bare = view(board(), WITHOUT_HOURS)

    assert read(sharing.to_share(bare, ("kk",), ()), bare)[-1].startswith("Berlaku sampai Kamis, 2 Februari 2023.")


def test_english_is_spoken_too() -> None:
    assert read(sharing.to_share(CUT, ("kk",), ()), language="en")[-1].startswith("Holds until Thursday")


def test_an_answer_can_be_shared_beside_its_last_button_unless_that_is_a_long_one() -> None:
    assert taps(sharing.offered(status(CUT, ("ktp_ambil",)), ("ktp_ambil",))) == [["share:ktp_ambil"]]
    assert taps(sharing.offered(status(CUT, ("kk",)), ("kk",), MPP)) == [["k:kk"], [f"share:kk:{MPP}"]]
    assert taps(sharing.offered(all_status(CUT)))[-1] == ["h", "share:"]


def test_what_does_not_fit_a_button_is_left_out() -> None:
    ids = LONG.split(",")

    assert taps(sharing.offered(Answer(()), ids[:4], "kendari/kantor_besar")) == [
        ["share:ktp_rekam,ktp_cetak,ktp_ambil,akta_lahir"]
    ]
    assert taps(sharing.offered(Answer(()), ids)) == [["share:ktp_rekam"]]


def test_a_group_is_not_offered_to_share_what_it_reads() -> None:
    rows = sharing.offered(all_status(CUT)).buttons

    kept = sharing.without_offer((*rows, (Button(say("button.share"), action="share:kk"),)))

    assert [[one.action for one in row] for row in kept][-1] == ["h"]


@pytest.mark.parametrize(
    ("ids", "place", "link"),
    [
        (("ktp",), None, "https://t.me/loket_bot?start=ktp"),
        (("ktp_cetak",), MPP, "https://t.me/loket_bot?start=ktp_cetak-kendari_mpp"),
        (("ktp",), "kota/" + "a" * 60, "https://t.me/loket_bot?start=ktp"),
        ((), None, "https://t.me/loket_bot"),
        (("ktp", "kk"), None, "https://t.me/loket_bot"),
    ],
)
def test_the_link_opens_the_answer_where_it_is_one(ids: tuple[str, ...], place: str | None, link: str) -> None:
    assert sharing.bot_link(TWO_COUNTERS, "loket_bot", ids, place) == link


def test_whatsapp_gets_the_text_as_it_is_read() -> None:
    told = sharing.with_link(sharing.to_share(CUT, ("ktp",), ()), "https://t.me/loket_bot?start=ktp")
    plain = TEXTS.plain(told, "id", CUT.now, WITA)

    (row_of_card, row) = sharing.with_ways(told, plain, ("ktp",), inline=True).buttons

    address = urlsplit(row[0].url or "")
    assert (address.scheme, address.netloc) == ("https", "wa.me")
    assert parse_qs(address.query, strict_parsing=True) == {"text": [plain]}
    assert "<" not in plain
    assert row_of_card[0].query == "ktp"


def test_where_the_bot_has_no_inline_mode_no_card_is_offered() -> None:
    assert len(sharing.with_ways(Answer(()), "…", ("ktp",), inline=False).buttons) == 1


def test_a_text_too_long_for_a_link_loses_its_middle() -> None:
    plain = "\n".join(["kepala", "⛔ jawaban", *["sebab " * 30] * 20, "Berlaku sampai", "Keadaan terbaru"])

    link = sharing.whatsapp(plain)

    told = parse_qs(urlsplit(link).query)["text"][0].split("\n")
    assert len(link) <= 2000
    assert told[:2] == ["kepala", "⛔ jawaban"]
    assert told[-2:] == ["Berlaku sampai", "Keadaan terbaru"]


def test_a_card_answers_in_its_description_and_leads_to_the_bot() -> None:
    today, service, step = sharing.cards(CUT, "loket_bot", (sharing.TODAY, "ktp", "ktp_cetak"), ())

    assert (today.id, service.id, step.id) == ("today", "ktp", "ktp_cetak")
    assert read(Answer((today.title, today.first)))[0] == "Semua layanan hari ini"
    assert read(Answer((service.title, service.first))) == ["KTP-el", "Layanan KTP-el hari ini: sebagian belum bisa."]
    assert read(Answer((step.title,))) == ["Pencetakan KTP-el"]
    assert taps(step.said) == [["https://t.me/loket_bot?start=ktp_cetak"]]


@pytest.mark.parametrize(
    ("typed", "named", "all_asked", "wanted"),
    [
        ("", (), False, ("today", "ktp", "kk")),
        ("hari ini", (), True, ("today", "ktp", "kk")),
        ("ktp", ("ktp",), False, ("ktp",)),
        ("KTP_CETAK kk", ("kk",), False, ("ktp_cetak", "kk")),
        ("ktp kk ktp", ("kk",), False, ("ktp", "kk")),
        ("kartu kel", (), False, ("kk",)),
        ("kelua", (), False, ("kk",)),
        ("cetak ktp", ("ktp_cetak",), False, ("ktp_cetak", "today")),
        ("qwzx", (), False, ()),
    ],
)
def test_what_was_typed_so_far_chooses_the_cards(
    typed: str, named: tuple[str, ...], all_asked: bool, wanted: tuple[str, ...]
) -> None:
    found = sharing.wanted_by(CATALOGUE, typed, named, all_asked=all_asked)

    assert found[: len(wanted)] == wanted
    assert bool(found) == bool(wanted)
    assert len(set(found)) == len(found)
