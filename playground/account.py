"""The Bot API's methods on the bot itself: its name, texts, commands and menu button."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playground.markup import utf16
from playground.profile import scope_key
from playground.reach import known
from playground.refusals import bad_request
from playground.world import Json, World

Params = dict[str, Any]
Method = Callable[[World, Params], Any]

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MOST_COMMANDS = 100


def get_me(world: World, _params: Params) -> Json:
    """getMe."""
    return world.profile.as_me()


def setter(kind: str, longest: int, words: str) -> Method:
    """setMyName and its kin: one text per language."""

    def set_text(world: World, params: Params) -> bool:
        text = params.get(kind, "")
        if utf16(text) > longest:
            raise bad_request(words)
        world.profile.set_text(kind, params.get("language_code", ""), text)
        return True

    return set_text


def getter(kind: str) -> Method:
    """getMyName and its kin."""

    def get_text(world: World, params: Params) -> Json:
        text = world.profile.text(kind, params.get("language_code", ""))
        return {kind: text or (world.profile.as_user()["first_name"] if kind == "name" else "")}

    return get_text


def set_my_commands(world: World, params: Params) -> bool:
    """setMyCommands, for a scope and a language."""
    commands = params["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= utf16(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    _change_commands(world, params, commands)
    return True


def delete_my_commands(world: World, params: Params) -> bool:
    """deleteMyCommands, for a scope and a language."""
    _change_commands(world, params, [])
    return True


def get_my_commands(world: World, params: Params) -> list[Json]:
    """getMyCommands: exactly what was set for this scope and language."""
    return world.profile.commands.get((scope_key(params.get("scope")), params.get("language_code", "")), [])


def set_chat_menu_button(world: World, params: Params) -> bool:
    """setChatMenuButton."""
    if "chat_id" in params:
        known(world, params["chat_id"])
    world.profile.menu_buttons[params.get("chat_id")] = params.get("menu_button", {"type": "default"})
    return True


def get_chat_menu_button(world: World, params: Params) -> Json:
    """getChatMenuButton."""
    buttons = world.profile.menu_buttons
    return buttons.get(params.get("chat_id"), buttons.get(None, {"type": "default"}))


def _change_commands(world: World, params: Params, commands: list[Json]) -> None:
    scope = params.get("scope")
    if scope and "chat_id" in scope:
        known(world, scope["chat_id"])
    key = (scope_key(scope), params.get("language_code", ""))
    world.profile.commands.pop(key, None)
    if commands:
        world.profile.commands[key] = commands
    for phone in world.everyone():
        world.tell("phone", phone)
