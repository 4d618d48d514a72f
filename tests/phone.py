"""A person's phone in a journey test: types, taps and reads over HTTP, as the page does."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import httpx

from tests.patience import ANSWER

Message = dict[str, Any]

GLANCE = 0.02


class Phone:
    """One chat of the stand-in.

    A person has read everything on the screen before they do something, so `reply` and
    `wait_for` look only at what the bot wrote, or rewrote, since the last thing done here.

    >>> async with Phone(base_url, 747100101) as citizen:
    ...     await citizen.say("ktp sudah bisa?")
    ...     answer = await citizen.reply()
    """

    def __init__(self, base_url: str, chat_id: int, *, patience: float = ANSWER) -> None:
        self.chat_id = chat_id
        self.patience = patience
        self._client = httpx.AsyncClient(base_url=base_url, trust_env=False, timeout=ANSWER)
        self._read: dict[int, str] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Lets the connection go."""
        await self._client.aclose()

    async def say(self, text: str, reply_to: int | None = None) -> Message:
        """Sends a text; the message as it stands in the chat."""
        return await self._do("send", text=text, reply_to=reply_to)

    async def photo(self, caption: str = "") -> Message:
        """Sends a photo."""
        return await self._do("photo", caption=caption)

    async def edit_last(self, text: str) -> Message:
        """Changes the last message that this person wrote."""
        mine = [message for message in await self.messages() if not message["out"]]
        return await self._do("edit", message_id=mine[-1]["message_id"], text=text)

    async def tap(self, label: str) -> None:
        """Taps the button that says this (or has this in what it says), in the latest message that has one."""
        for same in (str.__eq__, str.__contains__):
            for message in reversed(await self.messages()):
                for button in buttons_of(message):
                    if same(button["text"], label) and "callback_data" in button:
                        await self._do("tap", message_id=message["message_id"], data=button["callback_data"])
                        return
        raise AssertionError(f"no button says {label!r} in {self._shown(await self.messages())}")

    async def block(self, blocked: bool = True) -> None:
        """Blocks the bot, or lets it in again."""
        await self._do("block", blocked=blocked)

    async def messages(self) -> list[Message]:
        """Everything in the chat, the oldest first."""
        state = (await self._client.get("/api/state")).raise_for_status().json()
        messages = [phone["messages"] for phone in state["phones"] if phone["chat_id"] == self.chat_id]
        assert messages, f"the stand-in has no phone {self.chat_id}"
        found: list[Message] = messages[0]
        return found

    async def unread(self) -> list[Message]:
        """What the bot wrote or rewrote since the last thing done here, as far as it was not handed out."""
        return [
            message
            for message in await self.messages()
            if message["out"] and self._read.get(message["message_id"]) != _content(message)
        ]

    async def reply(self) -> Message:
        """The next message that the bot writes or rewrites here."""
        return await self._wait(lambda _: True, "a reply")

    async def wait_for(self, substring: str) -> Message:
        """The next message that the bot writes or rewrites with these words; what came before it counts as read."""
        return await self._wait(lambda message: substring in message["text"], f"{substring!r}")

    async def _wait(self, wanted: Callable[[Message], bool], what: str) -> Message:
        until = time.monotonic() + self.patience
        while True:
            for message in await self.unread():
                self._read[message["message_id"]] = _content(message)
                if wanted(message):
                    return message
            if time.monotonic() > until:
                raise AssertionError(f"waited {self.patience} s for {what}; read {self._shown(await self.messages())}")
            await asyncio.sleep(GLANCE)

    async def _do(self, action: str, **body: Any) -> Message:
        self._read = {message["message_id"]: _content(message) for message in await self.messages()}
        answer = await self._client.post(f"/api/{action}", json={"chat_id": self.chat_id, **body})
        assert answer.is_success, answer.text
        told: Message = answer.json()
        return told

    @staticmethod
    def _shown(messages: list[Message]) -> str:
        return "\n".join(f"{'bot' if message['out'] else 'me'}: {message['text']}" for message in messages[-6:])


def buttons_of(message: Message) -> list[dict[str, Any]]:
    """The buttons under a message, row by row."""
    markup = message["reply_markup"] or {}
    return [button for row in markup.get("inline_keyboard", []) for button in row]


def labels_of(message: Message) -> list[str]:
    """What its buttons say."""
    return [button["text"] for button in buttons_of(message)]


def _content(message: Message) -> str:
    return json.dumps([message["html"], message["reply_markup"]])
