"""What was not understood is kept as a shape, never as words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.unmatched import shape


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1 word, signs"),
        ("zxqv", "1 word, letters"),
        ("🙏🙏", "1 word, signs"),
        ("12345", "1 word, digits"),
        ("zxqv wvut?", "2-3 words, letters, asks"),
        ("blok m 12 apa ya", "4-7 words, letters and digits"),
        ("a b c d e f g h", "8+ words, letters"),
    ],
)
def test_a_shape_tells_length_signs_and_whether_it_asks(text: str, told: str) -> None:
    assert shape(text, named=False) == told


def test_a_named_service_is_part_of_the_shape_and_its_name_is_not() -> None:
    assert shape("ktp begitulah", named=True) == "2-3 words, letters, service named"


@given(st.text(), st.booleans())
def test_shapes_are_few_and_short(text: str, named: bool) -> None:
    told = shape(text, named=named)

    assert len(told) <= 64
    assert set(told.split(", ")) <= {
        *("1 word", "2-3 words", "4-7 words", "8+ words"),
        *("letters", "digits", "letters and digits", "signs", "asks", "service named"),
    }
