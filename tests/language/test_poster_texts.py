"""What staff write behind `/poster` says what stands on it, and what means nothing here is refused with what would."""

from __future__ import annotations

import pytest

from bot.language import poster_texts
from bot.language.messages import Answer, Message
from bot.language.refusals import RefusedError
from bot.language.texts import Texts
from tests.language.gallery import view
from tests.language.office import TWO_COUNTERS, WITA, board

TEXTS = Texts.load()
SEEN = view(board(catalogue=TWO_COUNTERS), TWO_COUNTERS)


def made(line: str) -> poster_texts.Poster:
    return poster_texts.poster(SEEN, "loket_bot", line)


def read(said: Message | Answer | None) -> str:
    return TEXTS.plain(said, "id", SEEN.now, WITA) if said else ""


@pytest.mark.parametrize(
    ("line", "place", "question", "link", "file"),
    [
        ("", "", "Layanan apa yang bisa hari ini?", "", "poster.pdf"),
        ("ktp", "", "KTP-el: sudah bisa hari ini?", "?start=ktp", "poster-ktp.pdf"),
        ("KTP MPP", "Mal", "KTP-el: ", "?start=ktp-kendari_mpp", "poster-ktp-kendari-mpp.pdf"),
        (
            "kartu keluarga (KK) di kendari/mpp",
            "Mal",
            "Kartu Kel",
            "?start=kk-kendari_mpp",
            "poster-kk-kendari-mpp.pdf",
        ),
        ("pencetakan ktp-el", "", "Pencetakan KTP-el: ", "?start=ktp_cetak", "poster-ktp_cetak.pdf"),
        ("di mpp", "Mal", "Layanan apa", "", "poster-kendari-mpp.pdf"),
        ("mpp", "Mal", "Layanan apa", "", "poster-kendari-mpp.pdf"),
        ("ktp di", "", "KTP-el: ", "?start=ktp", "poster-ktp.pdf"),
    ],
)
def test_service_and_place_stand_on_it_and_in_its_link(
    line: str, place: str, question: str, link: str, file: str
) -> None:
    poster = made(line)

    assert place in read(poster.place)
    assert bool(place) == bool(poster.place)
    assert read(poster.question).startswith(question)
    assert poster.link == f"https://t.me/loket_bot{link}"
    assert poster.file == file
    assert poster.link in read(poster.caption)
    assert "@loket_bot" in read(poster.scan)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("qwzx", 'Saya tidak mengenal "qwzx". Tulis /poster saja, atau dengan layanan'),
        ("di qwzx", 'Saya tidak mengenal "qwzx". Tulis /poster saja'),
        ("ktp qwzx", 'Saya tidak mengenal tempat "qwzx". Sesudah layanan tulis'),
        ("ktp di bulan", 'Saya tidak mengenal tempat "bulan". Sesudah layanan tulis'),
    ],
)
def test_what_means_nothing_here_is_refused_in_one_line_with_what_would(line: str, told: str) -> None:
    with pytest.raises(RefusedError) as refused:
        made(line)

    assert read(refused.value.answer).startswith(told)
    assert "mpp" in read(refused.value.answer)
    assert "\n" not in read(refused.value.answer)
