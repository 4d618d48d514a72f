"""The tree of places: which of them are offices, and how a link calls each."""

from __future__ import annotations

import pytest

from bot.rules.catalogue import Catalogue
from bot.rules.catalogue_reading import read_catalogue
from bot.rules.place_tree import PlaceTree
from tests.catalogues.indonesia import indonesia

CITY = ("kendari", "kendari/kantor", "kendari/mpp")
PROVINCE = (
    "sultra",
    "sultra/kendari",
    "sultra/kendari/kantor",
    "sultra/kendari/mpp",
    "sultra/muna",
    "sultra/muna/kantor",
)


def test_a_city_with_its_office_and_a_mall_is_one_office() -> None:
    tree = PlaceTree(CITY)

    assert tree.offices == ("kendari",)
    assert not tree.many


def test_a_single_place_is_an_office_by_itself() -> None:
    assert PlaceTree(["kantor"]).offices == ("kantor",)


def test_a_province_has_as_many_offices_as_it_has_cities_with_counters() -> None:
    tree = PlaceTree(PROVINCE)

    assert tree.offices == ("sultra/kendari", "sultra/muna")
    assert tree.many


@pytest.mark.parametrize(
    ("path", "office"),
    [("sultra", None), ("sultra/kendari", "sultra/kendari"), ("sultra/kendari/mpp", "sultra/kendari"), ("jawa", None)],
)
def test_the_office_of_a_place_is_the_one_it_belongs_to(path: str, office: str | None) -> None:
    assert PlaceTree(PROVINCE).office_of(path) == office


def test_a_link_to_one_of_many_says_no_more_than_tells_it_from_the_others() -> None:
    links = PlaceTree(PROVINCE).links

    assert [links[path] for path in PROVINCE] == ["sultra", "kendari", "kendari_kantor", "mpp", "muna", "muna_kantor"]


def test_a_link_of_an_earlier_day_by_the_whole_path_still_leads_there() -> None:
    assert PlaceTree(PROVINCE).linked["sultra_kendari_mpp"] == "sultra/kendari/mpp"


def test_the_country_is_514_offices_in_38_provinces() -> None:
    tree = indonesia().tree

    assert len(tree.offices) == 514
    assert len(tree.below["indonesia"]) == 38
    assert tree.offices_under["indonesia/jawa_barat"][0] == "indonesia/jawa_barat/kab_bogor"


def test_every_link_of_the_country_is_short_enough_and_leads_back() -> None:
    country = indonesia()
    longest = max((*country.steps, *country.services_by_id), key=len)

    payloads = {place.path: country.payload_for(longest, place.path) for place in country.places}

    assert max(map(len, payloads.values())) + len("kabari_") <= 64
    assert all(country.from_payload(payload) == (longest, path) for path, payload in payloads.items())


def test_what_the_whole_country_has_not_told_yet_is_said_in_few_lines() -> None:
    unset = [line for line in indonesia().unset if "place" in line.partition(":")[0]]

    assert unset == [
        "514 places, as indonesia/aceh/kab_aceh_selatan/kantor: address is unset; citizens are told no address. "
        "Set address of it."
    ]


@pytest.mark.parametrize("catalogue", [read_catalogue(), indonesia(1)], ids=["kendari", "one"])
def test_one_office_has_no_other(catalogue: Catalogue) -> None:
    assert not catalogue.tree.many


@pytest.mark.parametrize(
    ("paths", "common"),
    [
        (["sultra/kendari/kantor"], "sultra/kendari/kantor"),
        (["sultra/kendari/kantor", "sultra/kendari/mpp"], "sultra/kendari"),
        (["sultra/kendari/kantor", "sultra/muna/kantor"], "sultra"),
        ([], None),
    ],
)
def test_several_places_have_one_above_them_all(paths: list[str], common: str | None) -> None:
    assert PlaceTree(PROVINCE).common(paths) == common


@pytest.mark.parametrize(
    ("counters", "places"),
    [
        (["sultra/kendari/mpp"], ["sultra/kendari/mpp"]),
        (["sultra/kendari/kantor", "sultra/kendari/mpp"], ["sultra/kendari"]),
        (["sultra/muna/kantor"], ["sultra/muna"]),
        (["sultra/kendari/kantor", "sultra/kendari/mpp", "sultra/muna/kantor"], ["sultra"]),
        (["sultra/muna"], ["sultra/muna"]),
    ],
)
def test_counters_are_said_by_the_fewest_places(counters: list[str], places: list[str]) -> None:
    assert list(PlaceTree(PROVINCE).widest(counters)) == places
