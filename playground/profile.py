"""The bot's account: its name and texts per language, its commands per scope and language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Scope = tuple[str, int | None, int | None]

DEFAULT_SCOPE: Scope = ("default", None, None)


def scope_key(scope: Json | None) -> Scope:
    """A BotCommandScope as something that can be looked up."""
    if not scope:
        return DEFAULT_SCOPE
    return scope["type"], scope.get("chat_id"), scope.get("user_id")


@dataclass
class Profile:
    """Who the bot is, as Telegram shows it."""

    bot_id: int
    username: str = "loket_playground_bot"
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    commands: dict[tuple[Scope, str], list[Json]] = field(default_factory=dict)
    menu_buttons: dict[int | None, Json] = field(default_factory=dict)

    def as_user(self) -> Json:
        """The bot as a User."""
        name = self.text("name", "") or "Loket"
        return {"id": self.bot_id, "is_bot": True, "first_name": name, "username": self.username}

    def as_me(self) -> Json:
        """What getMe answers."""
        abilities = {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        return self.as_user() | abilities

    def set_text(self, kind: str, language: str, text: str) -> None:
        """Sets name, description or short description; an empty one is taken away."""
        self.texts.pop((kind, language), None)
        if text:
            self.texts[kind, language] = text

    def text(self, kind: str, language: str) -> str:
        """In this language, or the one for all."""
        return self.texts.get((kind, language)) or self.texts.get((kind, ""), "")

    def menu(self, chat_id: int, user_id: int, language: str, *, admin: bool) -> list[Json]:
        """The commands that one person sees in one chat: the narrowest scope wins, the language within it."""
        everywhere = ["all_private_chats"] if chat_id > 0 else ["all_group_chats"]
        scopes: list[Scope] = [("chat_member", chat_id, user_id)]
        if chat_id < 0 and admin:
            scopes.append(("chat_administrators", chat_id, None))
            everywhere.insert(0, "all_chat_administrators")
        scopes += [("chat", chat_id, None), *((scope, None, None) for scope in everywhere), DEFAULT_SCOPE]
        for key in ((scope, spoken) for scope in scopes for spoken in (language, "")):
            if self.commands.get(key):
                return self.commands[key]
        return []
