"""Buttons out, and taps back in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.messages import Answer, Button, say
from handlers.keyboards import Action, keyboard

words = st.text(st.characters(exclude_characters=":"))


@pytest.mark.parametrize(
    ("data", "kind", "ids", "second"),
    [
        ("all", "all", (), ""),
        ("s:kk", "s", ("kk",), ""),
        ("k:ktp_cetak,ktp_rekam:kendari/mpp", "k", ("ktp_cetak", "ktp_rekam"), "kendari/mpp"),
        ("u!:12", "u!", ("12",), ""),
        ("x:", "x", (), ""),
        ("", "", (), ""),
    ],
)
def test_a_tap_says_what_it_asks_for(data: str, kind: str, ids: tuple[str, ...], second: str) -> None:
    action = Action.parse(data)

    assert (action.kind, action.ids, action.arg(1)) == (kind, ids, second)


@given(kind=words, args=st.lists(words))
def test_what_a_button_carries_comes_back(kind: str, args: list[str]) -> None:
    action = Action.parse(":".join([kind, *args]))

    assert (action.kind, action.args) == (kind, tuple(args))
    assert action.arg(len(args)) == ""


def test_an_answer_without_buttons_has_no_keyboard() -> None:
    assert keyboard(Answer(()), lambda label: label.id) is None


def test_buttons_stand_in_their_rows_with_what_they_do() -> None:
    ask, see = Button(say("a"), action="all"), Button(say("b"), url="https://example.org")

    made = keyboard(Answer((), ((ask, see), (ask,))), lambda label: label.id.upper())

    assert made is not None
    rows = [[(one.text, one.callback_data, one.url) for one in row] for row in made.inline_keyboard]
    assert rows == [[("A", "all", None), ("B", None, "https://example.org")], [("A", "all", None)]]
