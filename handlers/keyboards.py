"""Buttons as Telegram wants them, and what comes back from a tap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.language.messages import Answer, Button, Message


@dataclass(frozen=True, slots=True)
class Action:
    """What a tapped button asks for: `k:ktp_cetak,ktp_rekam:kendari` is kind `k` with two arguments."""

    kind: str
    args: tuple[str, ...]

    @classmethod
    def parse(cls, data: str) -> Action:
        kind, *args = data.split(":")
        return cls(kind, tuple(args))

    def arg(self, index: int = 0) -> str:
        """An argument; empty where the button carried none."""
        return self.args[index] if index < len(self.args) else ""

    @property
    def ids(self) -> tuple[str, ...]:
        """The first argument as a list of ids."""
        return tuple(filter(None, self.arg().split(",")))


def keyboard(answer: Answer, label: Callable[[Message], str]) -> InlineKeyboardMarkup | None:
    """The buttons under an answer; None where it has none."""
    rows = [[_button(button, label) for button in row] for row in answer.buttons]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: Button, label: Callable[[Message], str]) -> InlineKeyboardButton:
    return InlineKeyboardButton(
        label(button.label), callback_data=button.action, url=button.url, switch_inline_query=button.query
    )
