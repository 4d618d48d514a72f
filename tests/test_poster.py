"""The poster is one A4 page in black that is read from two metres, and its code leads to the bot."""

from __future__ import annotations

from typing import Any

import pypdfium2
import pytest
import zxingcpp

from bot.poster import Printed, draw

KK = Printed(
    "Disdukcapil Kota Kendari",
    "Mal Pelayanan Publik (MPP)",
    "Sebelum berangkat, tanya dulu",
    "Kartu Keluarga (KK): sudah bisa hari ini?",
    "https://t.me/loket_bot?start=kk-kendari_mpp",
    "Pindai kode ini, atau cari @loket_bot di Telegram",
    "Gratis, siang dan malam. Jangan kirim NIK, nomor KK, atau foto dokumen.",
)
LONG = Printed(
    "Dinas Kependudukan dan Pencatatan Sipil Kabupaten Kepulauan Siau Tagulandang Biaro " * 2,
    "Unit Pelaksana Teknis Daerah Kecamatan Tagulandang Selatan ✅ 市",
    "Sebelum berangkat, tanya dulu " * 3,
    "Pencatatan perubahan peristiwa kependudukan lain yang panjang namanya: sudah bisa hari ini? " * 4,
    "https://t.me/disdukcapil_kepulauan_siau_bot?start=" + "a" * 64,
    "Pindai kode ini, atau cari @disdukcapil_kepulauan_siau_bot di Telegram",
    "Gratis, siang dan malam. " * 40,
)
BARE = Printed("Disdukcapil", "", "Sebelum berangkat, tanya dulu", "Apa?", "https://t.me/loket_bot", "Pindai", "Gratis")


def page_of(poster: Printed) -> pypdfium2.PdfPage:
    document = pypdfium2.PdfDocument(draw(poster))
    assert len(document) == 1
    return document[0]


def picture(poster: Printed) -> Any:
    return page_of(poster).render(scale=1.5).to_pil()


@pytest.mark.parametrize("poster", [KK, LONG, BARE])
def test_its_code_is_read_as_the_link(poster: Printed) -> None:
    assert [code.text for code in zxingcpp.read_barcodes(picture(poster))] == [poster.link]


def test_it_is_an_a4_page_whose_words_can_be_searched() -> None:
    page = page_of(KK)

    assert [round(side) for side in page.get_size()] == [595, 842]
    text = " ".join(page.get_textpage().get_text_range().split())
    for words in (KK.office, KK.place, KK.headline, KK.question, KK.scan, KK.foot):
        assert words in text


def test_its_headline_is_read_from_two_metres() -> None:
    page = page_of(KK).get_textpage()
    text = page.get_text_range()

    _, bottom, _, top = page.get_charbox(text.index("Sebelum"))

    assert (top - bottom) / 72 * 25.4 >= 10  # millimetres: a two hundredth of the distance


@pytest.mark.parametrize("poster", [KK, LONG, BARE])
def test_it_prints_in_black_within_the_margins(poster: Printed) -> None:
    shown = picture(poster).convert("RGB")
    width, height = shown.size

    grey = shown.convert("L")
    assert all(low == high for low, high in zip(shown.split()[0].getextrema(), grey.getextrema(), strict=True))
    left, top, right, bottom = grey.point(lambda level: 255 - level).getbbox()
    assert left >= 0.05 * width
    assert right <= 0.95 * width
    assert top >= 0.03 * height
    assert bottom <= 0.98 * height


def test_the_same_words_give_the_same_page() -> None:
    assert draw(KK) == draw(KK)
