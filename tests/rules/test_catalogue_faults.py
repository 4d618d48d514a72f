"""A bad catalogue is refused with every fault at once, each with its table, its key and what would be right."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.rules.catalogue import Catalogue, State
from bot.rules.catalogue_reading import CatalogueError, catalogue_of, read_catalogue

SOUND = """
[office]
name = "Kantor Contoh"
timezone = "Asia/Jakarta"
[[resources]]
id = "central_link"
short = "pusat"
name = "jaringan pusat"
[[resources]]
id = "counter"
short = "loket"
name = "loket"
local = true
[[services]]
id = "kk"
name = "Kartu Keluarga"
short = "KK"
needs = ["central_link"]
[[places]]
path = "kota"
name = "Kota Contoh"
"""
SERVICE = '[[services]]\nid = "kia"\nname = "Kartu Anak"\nshort = "KIA"\n'
RESOURCE = '[[resources]]\nid = "blanks"\nshort = "blangko"\nname = "blangko KTP"\n'
PLACE = '[[places]]\npath = "kota/kantor"\nname = "Kantor"\n'
CASES = tomllib.loads((Path(__file__).parent.parent / "catalogues" / "faults.toml").read_text("utf-8"))["cases"]


def read(text: str) -> Catalogue:
    return catalogue_of(tomllib.loads(text))


def faults(text: str) -> list[str]:
    with pytest.raises(CatalogueError) as refused:
        read(text)
    return list(refused.value.faults)


def test_a_sound_catalogue_is_taken() -> None:
    catalogue = read(SOUND)

    assert [need.resource for need in catalogue.steps["kk"].needs] == ["central_link", "counter"]
    assert catalogue.main_counter == catalogue.root
    assert catalogue.vocabulary is None
    assert catalogue.office.national_holidays
    assert [sentence.split(" unset")[0] for sentence in catalogue.unset] == [
        "office: contacts are",
        "office: complaint is",
        "office: late_fine is",
        "place kota: hours are",
        "place kota: address is",
        "service kk: requirements are",
    ]


def test_every_fault_comes_at_once() -> None:
    found = faults(
        """
        catalog = 1
        [office]
        name = 7
        timezone = "Asia/Makasar"
        exampel = true
        [[resources]]
        id = "Central Link"
        short = "pusat"
        [[services]]
        id = "kk"
        name = "Kartu Keluarga"
        short = "KK"
        needs = ["sentral_link", 3]
        [[places]]
        path = "kota"
        name = { en = "Town", indo = "Kota" }
        """
    )

    assert found == [
        'resources[0] "Central Link": id: "Central Link" is no id; an id has 1 to 32 of a-z, 0-9 and _',
        'resources[0] "Central Link": name: missing; write name = { id = "…", en = "…" }',
        "office.name: 7 is no text; write words in quotes, or leave the key out",
        'office.timezone: "Asia/Makasar" is no time zone; did you mean "Asia/Makassar"?',
        'office.exampel: unknown key; did you mean "example"?',
        'services[0] "kk": needs: unknown resource "sentral_link"; did you mean "Central Link"?',
        'services[0] "kk": needs[1]: 3 is no text; write words in quotes, or leave the key out',
        'places[0] "kota": name.indo: is no language; write two letters, as id or en',
        'places[0] "kota": name: has no Indonesian words; write { id = "…", en = "…" }',
        "catalog: unknown key; known: resources, office, services, places, exceptions, vocabulary, link_check",
        'resources: "counter" is missing, which every step needs; write [[resources]] with id = "counter"',
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["fault"].partition(";")[0])
def test_a_fault_names_its_key_and_what_would_be_right(case: dict[str, str]) -> None:
    # Keys without a table must stand in front of the first table.
    added, on_top = case["added"], not case["added"].startswith("[[")

    found = faults(added + SOUND if on_top else SOUND + added)

    assert found == [case["fault"]]


def test_a_tree_of_places_may_have_more_than_two_levels() -> None:
    catalogue = read(SOUND + PLACE + PLACE.replace("kantor", "kantor/satu").replace("Kantor", "Satu"))

    assert [counter.path for counter in catalogue.counters] == ["kota/kantor/satu"]


def test_an_empty_file_is_told_what_it_lacks() -> None:
    assert faults("") == [
        "office: missing; write [office] with name and timezone below",
        "services: missing; write at least one [[services]]",
        "resources: missing; write at least one [[resources]]",
        "places: missing; write at least one [[places]]",
    ]


def test_an_office_that_is_no_table_is_told_once() -> None:
    assert faults("office = 3\n" + SOUND.partition("[[")[1] + SOUND.partition("[[")[2]) == [
        "office: 3 is no table; write [office] with its keys below"
    ]


@pytest.mark.parametrize("zone", ["/etc/passwd", "../zone", "Asia", "", "Jakarta"])
def test_a_time_zone_that_is_none_is_refused(zone: str) -> None:
    found = faults(SOUND.replace("Asia/Jakarta", zone))

    assert len(found) == 1
    assert found[0].startswith("office.timezone: ")


def test_a_part_without_an_id_is_called_by_its_number() -> None:
    part = '[[services.steps]]\nname = "x"\nshort = "x"\nneeds = []\n'

    assert faults(SOUND + SERVICE + part) == ['services[1] "kia": steps[0].id: missing; write id = "…"']


def test_a_service_of_several_steps_cannot_share_its_id_with_one() -> None:
    parts = "".join(
        f'[[services.steps]]\nid = "{own}"\nname = "{own} x"\nshort = "x"\nneeds = []\n' for own in ("kia", "kia_b")
    )

    assert faults(SOUND + SERVICE + parts) == [
        'services[1] "kia": steps[0].id: "kia" already is a name of services[1] "kia" (id); leave it at one of them'
    ]


def test_a_place_that_names_a_service_of_several_steps_is_told_its_steps() -> None:
    parts = "".join(
        f'[[services.steps]]\nid = "{own}"\nname = "{own} x"\nshort = "x"\nneeds = []\n' for own in ("kia_a", "kia_b")
    )

    assert faults(SOUND + SERVICE + parts + PLACE + "steps = ['kia', 'kk']") == [
        'places[1] "kota/kantor": steps: "kia" is a service with several steps; '
        'name those that are meant: "kia_a", "kia_b"'
    ]


def test_a_citizens_word_may_be_the_short_name_of_a_resource() -> None:
    catalogue = read(f'{SOUND}{RESOURCE}{SERVICE}needs = ["blanks"]\naliases = "Blangko"')

    assert catalogue.services_by_id["kia"].aliases == ("blangko",)


def test_what_the_office_allows_is_no_longer_unset() -> None:
    alternative = '[[services.alternatives]]\nservice = "kk"\nallowed = false'

    catalogue = read(f"{SOUND}{SERVICE}needs = []\n{alternative}")

    assert [other.allowed for other in catalogue.services_by_id["kia"].alternatives] == [False]
    assert not any("stand in" in sentence for sentence in catalogue.unset)


def test_a_need_may_bring_its_own_note() -> None:
    need = "{ resource = 'central_link', effect = 'limited', note = 'berkas diterima' }"

    catalogue = read(f"{SOUND}{SERVICE}needs = [{need}]")

    assert catalogue.steps["kia"].needs[0].effect is State.LIMITED
    assert catalogue.steps["kia"].needs[0].note == {"id": "berkas diterima"}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b'[office]\nname = "x\n', ":2:10: Illegal character '\\n' (at line 2, column 10)"),
        (b"[office]\na = 1\na = 2\n", ":3:6: Cannot overwrite a value (at line 3, column 6)"),
        (b"a = [1", ": Unclosed array (at end of document)"),
        (b'name = "\xff"', ": is not UTF-8 from byte 8 on; save it as UTF-8"),
    ],
)
def test_a_fault_of_the_writing_names_its_file_and_line(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "kantor.toml"
    path.write_bytes(content)

    with pytest.raises(CatalogueError) as refused:
        read_catalogue(path)

    assert refused.value.faults == (f"{path}{fault}",)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"kantor\.toml: there is no such file; CATALOGUE names a TOML file"):
        read_catalogue(tmp_path / "kantor.toml")
    with pytest.raises(CatalogueError, match="cannot be read: Is a directory"):
        read_catalogue(tmp_path)
