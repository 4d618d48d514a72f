"""The bot as Loket uses it: python-telegram-bot's own, with a few calls whose answers stay unparsed."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from telegram import InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.ext import ExtBot

from bot.delivery.pacing import IN_PASSING, NOTICE
from bot.telegram_request import Encoded

_MESSAGE_ID = re.compile(rb'\{"ok":true,"result":\{"message_id":(\d+)[,}]')
_NO_PREVIEW = {"is_disabled": True}


class OfficeBot(ExtBot[str]):
    """Sends notices and fetches updates without parsing what nobody reads, which halves the work of a broadcast."""

    __slots__ = ()

    async def send_notice(
        self, chat: int, text: str, keyboard: InlineKeyboardMarkup | None = None, *, paid: bool = False
    ) -> int:
        """Send Telegram HTML in the notices' lane and return the message's id; raises as `send_message` does."""
        assert self.rate_limiter is not None  # it stands before every call
        form = Encoded(f"chat_id={chat}&{_said(text, keyboard, paid)}")
        url = f"{self._base_url}/sendMessage"
        answer: Any = await self.rate_limiter.process_request(
            self._told, (url, form), {}, "sendMessage", {"chat_id": chat}, NOTICE
        )
        return int(answer["message_id"])

    def encoded(self, text: str, keyboard: InlineKeyboardMarkup | None) -> str:
        """An answer in Telegram HTML, but for where it goes."""
        return _said(text, keyboard, paid=False)

    async def send_answer(self, chat: int, said: str, **where: object) -> int:
        """Send what was encoded, to a thread or as a reply, and return the message's id; raises as `send_message`."""
        to = urlencode({"chat_id": chat, **where})
        call = f"{self._base_url}/sendMessage", Encoded(f"{to}&{said}").as_data()
        if self.rate_limiter is None:
            answer: Any = await self.request.post(*call)
        else:
            asked = "sendMessage", {"chat_id": chat}, None
            answer = await self.rate_limiter.process_request(self.request.post, call, {}, *asked)
        return int(answer["message_id"])

    async def _told(self, url: str, form: Encoded) -> dict[str, Any]:
        """Of Telegram's answer, which repeats the message, only the id: it stands first."""
        payload = await self.request._request_wrapper(url, "POST", form.as_data())
        if found := _MESSAGE_ID.match(payload):
            return {"message_id": found[1]}
        answer: dict[str, Any] = self.request.parse_json_payload(payload)["result"]
        return answer

    async def edit_progress(
        self, chat: int, message: int, text: str, keyboard: InlineKeyboardMarkup | None = None
    ) -> None:
        """Put Telegram HTML in the place of what a message says, once everything else has had its turn."""
        data: dict[str, Any] = {
            "chat_id": chat,
            "message_id": message,
            "text": text,
            "parse_mode": ParseMode.HTML,
            "link_preview_options": _NO_PREVIEW,
            "reply_markup": keyboard,
        }
        await self._post("editMessageText", data, api_kwargs=self._merge_api_rl_kwargs(None, IN_PASSING))

    async def edit_notice(self, chat: int, message: int, text: str) -> None:
        """Change a notice that was sent, in the notices' lane; its buttons go. Raises as `edit_message_text` does."""
        data: dict[str, Any] = {
            "chat_id": chat,
            "message_id": message,
            "text": text,
            "parse_mode": ParseMode.HTML,
            "link_preview_options": _NO_PREVIEW,
        }
        await self._post("editMessageText", data, api_kwargs=self._merge_api_rl_kwargs(None, NOTICE))

    async def fetch_updates(
        self, offset: int | None, limit: int, wait: int, kinds: Sequence[str]
    ) -> list[dict[str, Any]]:
        """Updates as they came: parsed one by one, a single bad one cannot take the others with it.

        Telegram confirms all before `offset`; `wait` is how many seconds it may wait for the first update.
        """
        data: dict[str, Any] = {"offset": offset, "limit": limit, "timeout": wait, "allowed_updates": list(kinds)}
        answer: list[dict[str, Any]] = await self._post(
            "getUpdates", data, read_timeout=wait + (self.request.read_timeout or 0)
        )
        return answer


@lru_cache(maxsize=64)
def _said(text: str, keyboard: InlineKeyboardMarkup | None, paid: bool) -> str:
    """What all who read the same are sent, encoded once: the chat alone comes before it."""
    said = {"text": text, "parse_mode": ParseMode.HTML, "link_preview_options": json.dumps(_NO_PREVIEW)}
    if keyboard is not None:
        said["reply_markup"] = keyboard.to_json()
    if paid:
        said["allow_paid_broadcast"] = "true"
    return urlencode(said)
