"""What every handler is handed beside the update: the office, and its texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from telegram import InlineKeyboardMarkup, Update
from telegram.ext import CallbackContext, ExtBot

from bot.language.messages import Answer
from bot.language.texts import Texts
from bot.office import Office
from bot.rules.lasting import Lasting
from bot.rules.reports import Author

Spoken = tuple[Answer, str]
"""An answer, and what is sent of it."""


class Answering(Protocol):
    """What answers need of the bot beyond python-telegram-bot's own calls."""

    def encoded(self, text: str, keyboard: InlineKeyboardMarkup | None) -> str: ...

    async def send_answer(self, chat: int, said: str, **where: object) -> int: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What handlers work with."""

    office: Office
    texts: Texts
    spoken: Lasting[Spoken] = field(default_factory=Lasting)
    """Answers in words and buttons, while the same answer is given again within its minute."""


class Context(CallbackContext[ExtBot[Any], dict[Any, Any], dict[Any, Any], Desk]):
    """A context that knows the desk. Nothing is kept in it: what must outlive a restart stands in the store."""

    @property
    def office(self) -> Office:
        return self.bot_data.office

    @property
    def texts(self) -> Texts:
        return self.bot_data.texts

    @property
    def answering(self) -> Answering:
        return cast("Answering", self.bot)

    @property
    def line(self) -> str:
        """What stands behind a command."""
        return " ".join(self.args or ())


def chat_of(update: Update) -> int:
    """The chat that an update came from."""
    assert update.effective_chat is not None  # every kind of update that has a handler comes from a chat
    return update.effective_chat.id


def author_of(update: Update) -> Author:
    """Who wrote or tapped."""
    user = update.effective_user
    assert user is not None  # private chats have no anonymous authors
    return Author(user.id, user.full_name)
