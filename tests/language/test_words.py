"""What is written becomes what is meant."""

from __future__ import annotations

import pytest

from bot.language.phrases import Found, Phrases, longest, table
from bot.language.words import Words, clean

WORDS = Words(table("slang"))
WORDS.learn({"kartu", "macam", "bisa", "syarat", "kantor", "dengan"})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("min ktp udh bs blm", "admin ktp sudah bisa belum"),
        ("so bisami bukaji belumpi", "sudah bisa buka belum"),
        ("syaratx apa", "syarat apa"),
        ("macam2 syarat2nya", "macam syarat"),
        ("bisaaaa halooo", "bisa halo"),
        ("ktpku", "ktp saya"),
        ("jam8 2tahun xq9", "jam 8 2 tahun xq 9"),
        ("b1sa", "bisa"),
        ("syaratapa ktphilang", "syarat apa ktp hilang"),
        ("kt p suda hbisa sayak tp", "ktp sudah bisa saya ktp"),
        ("syrat kantr", "syarat kantor"),
        ("perpidnahan", "pindah"),
        ("erhenti nerhenti ebrhenti", "berhenti berhenti berhenti"),
        ("kto hrai nii adta", "ktp hari ini data"),
        ("titupmi", "tutup"),
        ("k т р, k.k", "ktp kk"),
        ("jum'at", "jumat"),
        ("q9 z zzzzz xylofon", "q9 z zzzzz xylofon"),
        ("12.30 27/1/2017", "12.30 27/1/2017"),
        ("kata kota", "kata kota"),
        ("dia mengambilkan, kuat", "dia ambil kuat"),
        ("jarngan kk ssya", "jaringan kk saya"),
        ("bisakahnyaji", "bisa"),
    ],
)
def test_spelling_is_undone(written: str, meant: str) -> None:
    assert " ".join(WORDS.read(written)) == meant


@pytest.mark.parametrize("text", ["ＫＴＰ", "k\u200bt\u200bp", "ктр", "k\u0301tp", "KTP", "𝐊𝐓𝐏"])
def test_letters_that_only_look_alike_become_plain(text: str) -> None:
    assert clean(text) == "ktp"


def test_the_end_of_a_long_message_is_read_too() -> None:
    assert clean("a " * 5000 + "berhenti").endswith("berhenti")


def test_no_form_is_written_twice_with_different_meanings() -> None:
    slang = table("slang")
    pairs: dict[str, str] = {}
    for name in ("slang", "forms"):
        for line in slang[name].strip().splitlines():
            meant, _, written = line.partition(":")
            for form in written.split():
                assert pairs.setdefault(form, meant) == meant, form


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("kartu keluarga?", "kartu", [Found("x", 0, 1)]),
        ("kartu|surat keluarga", "surat keluarga", [Found("x", 0, 2)]),
        ("kapan .. bisa", "kapan itu bisa", [Found("x", 0, 3)]),
        ("kapan .. bisa", "kapan a b c d bisa", []),
        ("kapan bisa", "kapan", []),
        ("?", "kapan", []),
    ],
)
def test_the_notation_of_the_tables_finds_phrases(phrase: str, text: str, found: list[Found]) -> None:
    phrases = Phrases(str.split)
    phrases.add("x", phrase)

    assert list(phrases.find(text.split())) == found


def test_the_longest_phrase_takes_its_words() -> None:
    found = [Found("short", 0, 1), Found("long", 0, 2), Found("other", 3, 4)]

    assert longest(found) == [Found("long", 0, 2), Found("other", 3, 4)]
