"""Places as people write them: without the kind, run together, with slips; and words that are no place here."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.language.place_names import PlaceNames
from bot.language.questions import Recogniser
from bot.rules.catalogue import Catalogue, Place
from tests.catalogues.indonesia import indonesia


@pytest.fixture(scope="module")
def country() -> Catalogue:
    return indonesia()


@pytest.fixture(scope="module")
def names(country: Catalogue) -> PlaceNames:
    return PlaceNames(country, Recogniser(country).knows)


def short(country: Catalogue, places: tuple[str, ...]) -> list[str]:
    return [country.tree.links[path] for path in places]


@pytest.mark.parametrize(
    ("said", "places", "rest"),
    [
        ("ktp di bogor sudah bisa?", "kab_bogor kota_bogor", "ktp sudah bisa?"),
        ("ktp kota bandung", "kota_bandung", "ktp"),
        ("KK Kab. Bandung Barat bisa?", "kab_bandung_barat", "KK bisa?"),
        ("di kendri ktp sudah bisa", "kota_kendari", "ktp sudah bisa"),  # a slip, led in by "di"
        ("dukcapil di kota surabya buka?", "kota_surabaya", "dukcapil buka?"),
        ("tanjungpinang ktp", "kota_tanjungpinang", "ktp"),
        ("ktp bandarlampung", "kota_bandar_lampung", "ktp"),
        ("ktp di siak", "kab_siak", "ktp"),
        ("ktp surabaya bisa", "kota_surabaya", "ktp bisa"),
        ("banjarmasin kota ktp", "kota_banjarmasin", "ktp"),  # the kind behind the name
        ("can i get my card in bogor city?", "kota_bogor", "can i get my card ?"),
        ("ktp bandung kota cimahi", "kab_bandung kota_bandung kota_cimahi", "ktp"),  # not "bandung kota"
        ("ktp lampung kota", "lampung", "ktp kota"),
        ("ktp kotabogor", "kota_bogor", "ktp"),
        ("ktp kabbogor bisa", "kab_bogor", "ktp bisa"),
        ("ktp kabupaten", "", "ktp kabupaten"),
        ("siak error ya", "", "siak error ya"),  # the system is meant
        ("mau pindah ke bogor, syaratnya apa", "", "mau pindah ke bogor, syaratnya apa"),
        ("saya dari bogor, ktp bisa?", "kab_bogor kota_bogor", "saya dari , ktp bisa?"),
        ("di cetak kapan?", "", "di cetak kapan?"),
        ("di asd bisa?", "", "di asd bisa?"),
        ("ktp sudah bisa?", "", "ktp sudah bisa?"),
    ],
)
def test_a_place_is_found_in_a_question(
    names: PlaceNames, country: Catalogue, said: str, places: str, rest: str
) -> None:
    spoken = names.spoken(said)

    assert short(country, spoken.places) == places.split()
    assert " ".join(spoken.rest.split()) == rest
    assert not spoken.alone


@pytest.mark.parametrize(
    ("said", "places"),
    [
        ("kota bogor", "kota_bogor"), ("kab bogor", "kab_bogor"), ("banjarmasin kota", "kota_banjarmasin"),
        ("bogor kota", "kota_bogor"), ("bogor kabupaten", "kab_bogor"), ("kotabogor", "kota_bogor"),
        ("kabupaten/kota bogor", "kota_bogor"), ("in bogor city", "kota_bogor"),
        ("kota bogor dan kota depok", "kota_bogor kota_depok"), ("siak", "kab_siak"), ("jambi", "jambi kota_jambi"),
        ("saya di kota tangerang selatan kak", "kota_tangerang_selatan"), ("Kota Baru", "kab_kotabaru"),
        ("ke lampung", "lampung"),
    ],
)  # fmt: skip
def test_a_name_by_itself_says_where_somebody_is(names: PlaceNames, country: Catalogue, said: str, places: str) -> None:
    spoken = names.spoken(said)

    assert short(country, spoken.places) == places.split()
    assert spoken.alone
    assert not spoken.compares


@pytest.mark.parametrize(
    ("said", "several"),
    [
        ("ktp di kota bogor dan kota depok sudah bisa?", True),
        ("saya tinggal di kota bogor tapi ktp kota depok", True),
        ("ktp di bogor", False),  # one that is unclear
        ("ktp di kota bogor jawa barat", False),  # and the province that it lies in
        ("ktp jawa barat kota bogor", False),
        ("ktp kota bogor, bogor", False),
        ("ktp di kota bogor di srabaya", False),  # may be a slip of anything
        ("pindah dari kota bogor ke kota depok, di kota bekasi bisa?", False),
    ],
)
def test_two_places_are_told_from_one_that_is_unclear(names: PlaceNames, said: str, *, several: bool) -> None:
    assert names.spoken(said).several is several


@pytest.mark.parametrize(
    ("said", "unknown"),
    [
        ("ktp di xyzzy", True), ("kk kota xyzzy", True), ("ktp di kota bogor", False), ("ktp", False),
        ("ktp di sini", False), ("ktp di kantor disdukcapil", False), ("akta lahir", False),
    ],
)  # fmt: skip
def test_a_word_that_nobody_knows_where_a_place_would_stand_is_noticed(
    names: PlaceNames, said: str, *, unknown: bool
) -> None:
    assert names.spoken(said).unknown is unknown


def test_a_name_that_only_compares_is_told_apart(names: PlaceNames) -> None:
    assert names.spoken("kalau surabaya?").compares


@pytest.mark.parametrize(("said", "change"), [("ganti tempat", True), ("mau ganti kota dong", True), ("kota", False)])
def test_another_place_is_asked_for_in_words(names: PlaceNames, said: str, *, change: bool) -> None:
    assert names.spoken(said).change is change


@pytest.mark.parametrize(
    ("said", "places"),
    [
        ("bgor", "kab_bogor kota_bogor"), ("kota bgor", "kota_bogor"),
        ("timor tengah", "kab_timor_tengah_selatan kab_timor_tengah_utara"),
        ("sumatera", "sumatera_utara sumatera_barat sumatera_selatan"), ("bekasi kota", "kota_bekasi"),
        ("xyzqwe", ""), ("kak", ""), ("abc", ""), ("a b c d e f", ""),
    ],
)  # fmt: skip
def test_where_a_name_was_asked_for_part_of_it_or_slips_are_enough(
    names: PlaceNames, country: Catalogue, said: str, places: str
) -> None:
    assert short(country, names.guessed(said)) == places.split()


def test_a_message_of_many_words_takes_no_time_that_anybody_notices(names: PlaceNames) -> None:
    assert names.spoken("di xyzabc " * 400).places == ()


def test_a_place_whose_name_has_no_kind_is_found_as_well() -> None:
    more = (Place("indonesia/aceh/pusat", {"id": "Pusat Kota"}), Place("indonesia/aceh/pusat/kantor", {"id": "Kantor"}))
    country = replace(indonesia(2), places=(*indonesia(2).places, *more))

    assert PlaceNames(country, lambda _: False).spoken("ktp di pusat kota").places == ("indonesia/aceh/pusat",)
