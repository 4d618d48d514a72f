"""Checks the buttons under a message as Telegram does."""

from __future__ import annotations

import re
from typing import Any

from playground.markup import utf16
from playground.refusals import bad_request

# Everything else that a button may carry is looks.
LOOKS = frozenset({"text", "icon_custom_emoji_id", "style"})
MOST_BUTTONS = 100
LINK = re.compile(r"(?:https?://[^\s/]+|tg://\w+)", re.IGNORECASE)


def checked_keyboard(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """The markup where Telegram takes it; None where it leaves no keyboard."""
    if markup is None or "inline_keyboard" not in markup:
        return markup
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in (button for row in rows for button in row):
        _check_button(button)
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: dict[str, Any]) -> None:
    actions = set(button) - LOOKS
    if not button["text"].strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be non-empty')
    if len(actions) != 1:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
            if not actions
            else "can't parse inline keyboard button: exactly one of the optional fields must be used"
        )
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not LINK.match(button["url"]):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if "copy_text" in button and not 1 <= utf16(button["copy_text"]["text"]) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
