"""Everything the bot answers stands in one ordered list, and nothing that it offers is left without a taker."""

from __future__ import annotations

import re

import pytest
from telegram import Update
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
)

from bot.inbox import KINDS
from bot.language.texts import Texts
from handlers import ALLOWED_UPDATES, all_handlers, citizen, edits, roster, staff, subscriber, wizard
from handlers.keyboards import Action
from handlers.menus import CITIZEN_COMMANDS, STAFF_COMMANDS
from tests.language.gallery import scenes

CITIZENS_TAPS = {"s", "all", "h", "l", "c", "r", "g", "hd", "hd!"}
KINDS_OF = {
    CommandHandler: {Update.MESSAGE},
    MessageHandler: {Update.MESSAGE, Update.EDITED_MESSAGE},
    CallbackQueryHandler: {Update.CALLBACK_QUERY},
    ChatMemberHandler: {Update.MY_CHAT_MEMBER},
    InlineQueryHandler: {Update.INLINE_QUERY},
}


def callbacks() -> list[CallbackQueryHandler]:  # type: ignore[type-arg]
    return [one for one in all_handlers() if isinstance(one, CallbackQueryHandler)]


def takers(action: str) -> list[object]:
    """The groups that a tap is meant for; the citizens' takes by kind, after the others."""
    named = [(one.pattern, one.callback) for one in callbacks() if isinstance(one.pattern, re.Pattern)]
    fitting: list[object] = [callback for pattern, callback in named if pattern.match(action)]
    return fitting or ([citizen.button] if Action.parse(action).kind in CITIZENS_TAPS else [])


def offered() -> set[str]:
    """What every button of every answer carries."""
    return {one.action for scene in scenes() for row in scene.said.buttons for one in row if one.action}


def test_every_handler_is_waited_for() -> None:
    assert all(one.block for one in all_handlers())


def test_every_kind_of_update_that_has_a_handler_is_asked_for() -> None:
    taken = {kind for one in all_handlers() for kind in KINDS_OF[type(one)]}

    assert ALLOWED_UPDATES == KINDS
    assert taken == set(KINDS)


def test_staff_commands_come_first_and_catch_alls_last() -> None:
    edit, *handlers = all_handlers()
    commands = [
        name
        for one in handlers
        if isinstance(one, CommandHandler) and one.callback is not roster.redeem  # a citizen who is about to be staff
        for name in sorted(one.commands)
    ]
    kinds = [type(one) for one in handlers]

    assert edit.callback is edits.leave
    assert set(commands[: len(STAFF_COMMANDS)]) == set(STAFF_COMMANDS)
    assert set(commands[len(STAFF_COMMANDS) :]) >= {"start", *CITIZEN_COMMANDS}
    assert len(commands) == len(set(commands))
    assert kinds.index(MessageHandler) > max(at for at, kind in enumerate(kinds) if kind is not MessageHandler)
    assert callbacks()[-1].callback is citizen.button
    assert callbacks()[-1].pattern is None


@pytest.mark.parametrize("action", sorted(offered()))
def test_every_tap_that_an_answer_offers_is_taken_by_one_group(action: str) -> None:
    assert len(takers(action)) == 1
    assert len(action.encode()) <= 64


def test_what_staff_are_offered_is_guarded() -> None:
    guarded = {"p", "q", "e", "f", "u", "u!", "n", "same"}

    assert guarded <= {Action.parse(action).kind for action in offered()}
    for kind in guarded:
        assert takers(f"{kind}:a") == [wizard.change if kind == "e" else staff.button]
    assert takers("lp:1:o:0") == [wizard.button]


def test_each_kind_that_is_taken_is_offered_somewhere() -> None:
    kinds = {Action.parse(action).kind for action in offered()}

    assert kinds >= CITIZENS_TAPS - {"l"}
    assert {one for one in "kaox" if takers(f"{one}:a") == [subscriber.button]} == set("kaox") <= kinds


def test_every_command_in_the_menu_has_its_words_in_every_language() -> None:
    texts = Texts.load()

    for language in texts.languages:
        for name in (*CITIZEN_COMMANDS, *STAFF_COMMANDS):
            assert 3 <= len(texts.text(f"menu.{name}", language)) <= 256
