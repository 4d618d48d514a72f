"""An edit is answered where its text is another one, and what was tried in vain is tried again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from telegram import Chat, Message, Update

from handlers import edits
from handlers.edits import Unchanged

NOW = datetime(2017, 2, 2, tzinfo=UTC)


def update(number: int, text: str, message: int = 1, *, edited: bool = True) -> Update:
    written = Message(message, NOW, Chat(747100002, Chat.PRIVATE), text=text)
    return Update(number, edited_message=written) if edited else Update(number, message=written)


def test_an_edit_of_what_was_never_seen_is_answered() -> None:
    assert not Unchanged().check_update(update(1, "ktp"))


def test_a_text_that_was_put_back_is_answered_again() -> None:
    unchanged = Unchanged()

    left = [unchanged.check_update(update(number, text)) for number, text in enumerate(("ktp", "kk", "ktp", "ktp"), 1)]

    assert left == [False, False, False, True]


def test_an_update_that_is_handled_again_is_no_edit_without_change() -> None:
    unchanged = Unchanged()
    unchanged.check_update(update(1, "ktp", edited=False))

    again = [unchanged.check_update(update(2, "kk")) for _ in range(2)]
    same_words_elsewhere = unchanged.check_update(update(3, "kk", message=2))

    assert again == [False, False]
    assert not same_words_elsewhere


def test_no_more_messages_are_remembered_than_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edits, "_MOST", 2)
    unchanged = Unchanged()
    for number in (1, 2, 3):
        unchanged.check_update(update(number, "ktp", message=number, edited=False))

    first, last = (unchanged.check_update(update(9, "ktp", message=number)) for number in (1, 3))

    assert (first, last) == (False, True)
