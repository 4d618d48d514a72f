"""A catalogue that extends another adds to it, and replaces what would be false if it stayed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rules.catalogue_files import laid_over, tables_of
from bot.rules.catalogue_reading import CatalogueError, read_catalogue


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_table_is_laid_over_the_one_of_its_id() -> None:
    base = {
        "services": [{"id": "kk", "short": "KK"}, {"id": "kia", "short": "KIA", "steps": [{"id": "a", "needs": []}]}]
    }
    over = {"services": [{"id": "kia", "steps": [{"id": "a", "short": "A"}, {"id": "b"}]}, {"id": "ikd"}]}

    assert laid_over(base, over) == {
        "services": [
            {"id": "kk", "short": "KK"},
            {"id": "kia", "short": "KIA", "steps": [{"id": "a", "needs": [], "short": "A"}, {"id": "b"}]},
            {"id": "ikd"},
        ]
    }


def test_places_are_known_by_their_path() -> None:
    base = {"places": [{"path": "kota", "main": True}]}

    assert laid_over(base, {"places": [{"path": "kota", "address": "x"}]}) == {
        "places": [{"path": "kota", "main": True, "address": "x"}]
    }


def test_no_translation_and_no_hour_outlives_the_fact_it_belonged_to() -> None:
    base = {
        "office": {"name": {"id": "A", "en": "A"}, "timezone": "Asia/Makassar"},
        "places": [{"path": "k", "hours": {"senin": "08.00-15.00"}}],
    }
    over = {"office": {"name": {"id": "B"}}, "places": [{"path": "k", "hours": {"selasa": "08.00-12.00"}}]}

    merged = laid_over(base, over)

    assert merged["office"] == {"name": {"id": "B"}, "timezone": "Asia/Makassar"}
    assert merged["places"] == [{"path": "k", "hours": {"selasa": "08.00-12.00"}}]


def test_what_is_repeated_in_one_file_stays_twice_to_be_complained_of() -> None:
    base = {"services": [{"id": "kk"}, {"id": "kk"}]}
    over = {"services": [{"id": "kia"}, {"id": "kk", "short": "KK"}, {"id": "kk"}, {"short": "x"}, {"short": "y"}]}

    assert laid_over(base, over)["services"] == [
        {"id": "kk", "short": "KK"}, {"id": "kk"}, {"id": "kia"}, {"id": "kk"}, {"short": "x"}, {"short": "y"},
    ]  # fmt: skip


def test_what_has_another_shape_replaces(tmp_path: Path) -> None:
    assert laid_over({"office": 3, "services": [1]}, {"office": {}, "services": [{}]}) == {
        "office": {},
        "services": [{}],
    }


def test_a_shipped_catalogue_is_extended_by_its_name(tmp_path: Path) -> None:
    path = written(tmp_path, "kantor.toml", 'extends = "kendari.toml"\n[office]\ncontacts.phone = "1"\n')

    catalogue = read_catalogue(path)

    assert len(catalogue.steps) == 17
    assert [contact.value for contact in catalogue.office.contacts] == ["1"]


def test_a_file_beside_it_is_extended_before_a_shipped_one(tmp_path: Path) -> None:
    written(tmp_path, "kendari.toml", "a = 1\nb = 1")
    path = written(tmp_path, "kantor.toml", 'extends = "kendari.toml"\nb = 2')

    assert tables_of(path) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('extends = "kendary.toml"', r'extends: no file "kendary.toml" beside it; did you mean "kendari.toml"\?'),
        ("extends = 1", r'extends: is no file name; write extends = "kendari.toml"'),
        ('extends = "kantor.toml"', r"extends itself: kantor.toml extends kantor.toml; take one of the extends out"),
        ('extends = "other.toml"', r"extends itself: kantor.toml extends other.toml extends kantor.toml; take one of"),
    ],
)
def test_an_extension_that_leads_nowhere_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    written(tmp_path, "other.toml", 'extends = "kantor.toml"')
    path = written(tmp_path, "kantor.toml", text)

    with pytest.raises(CatalogueError, match=fault):
        tables_of(path)
