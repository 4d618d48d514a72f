"""What is said in groups, and how an answer differs there: many read it, and nobody subscribes all by a tap."""

from __future__ import annotations

from dataclasses import replace

from bot.language.kabari import kabari_payload
from bot.language.messages import Answer, Button, Message, Words, say
from bot.language.sharing import without_offer
from bot.language.view import View
from bot.rules.catalogue import Catalogue

_SAID_INSTEAD = {"subscribed.always_stored": "groups.always_stored"}


def how_to_ask(view: View, bot: str) -> Answer:
    """Hello, and how the bot is spoken to among many."""
    office = Words(view.catalogue.office.name)
    return Answer((say("groups.hello", office=office), say("groups.how", bot=bot), say("groups.subscribe")))


def admins_only() -> Message:
    return say("groups.admins_only")


def kabari_for_oneself(told: Answer) -> Answer:
    """Who asked to be told in a group is told in private; a tap that subscribes becomes the button Kabari."""
    buttons = tuple(tuple(map(_kabari, row)) for row in told.buttons)
    offered = any(_is_kabari(button) for row in buttons for button in row)
    lines = (*told.lines, say("groups.kabari")) if offered else told.lines
    return replace(told, lines=lines, buttons=buttons)


def _kabari(button: Button) -> Button:
    kind, _, args = (button.action or "").partition(":")
    return replace(button, action=f"k:{args}") if kind == "a" else button


def _is_kabari(button: Button) -> bool:
    return (button.action or "").startswith("k:")


def in_group(told: Answer, catalogue: Catalogue, bot: str) -> Answer:
    """An answer as a group reads it: Kabari is a link to the private chat, admins stop what admins began."""
    lines = tuple(replace(line, id=_SAID_INSTEAD.get(line.id, line.id)) for line in told.lines)
    rows = without_offer(told.buttons)
    buttons = tuple(tuple(_linked(button, catalogue, bot) for button in row) for row in rows)
    return replace(told, lines=lines, buttons=buttons)


def _linked(button: Button, catalogue: Catalogue, bot: str) -> Button:
    if button.action is None or not _is_kabari(button):
        return button
    return Button(button.label, url=private_link(catalogue, bot, button.action))


def private_link(catalogue: Catalogue, bot: str, action: str) -> str:
    """Opens the private chat, where the same is begun for one person."""
    return f"https://t.me/{bot}?start={kabari_payload(catalogue, action)}"
