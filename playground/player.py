"""Plays a scene on the three phones, at a pace that people can read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qs, urlsplit

from playground import people
from playground.scenes import Block, Caption, Deed, Say, Scene, Step, Tap, Wait
from playground.world import Message, World

T = TypeVar("T")
TYPING = 1.0  # seconds in which a sentence is written before it is sent
LONGEST_READING = 6.0
Button = dict[str, Any]


class Stage(Protocol):
    """What a scene needs from the demo round it."""

    world: World
    chats: Mapping[str, int]

    async def go_to(self, at: datetime) -> None:
        """Moves the clocks, unless they are there already."""

    def show(self, **status: Any) -> None:
        """Tells the page how far the story is."""


async def nothing(moment: str) -> None:
    """What is done at a scene's moments where nobody takes pictures."""


@dataclass
class Player:
    """One playing of one scene; a pace of 0 does not wait for readers."""

    stage: Stage
    pace: float = 1.0
    at_moment: Callable[[str], Awaitable[None]] = nothing
    _since: dict[int, tuple[int, int]] = field(default_factory=dict)

    async def play(self, scene: Scene) -> None:
        """Plays it to the end; TimeoutError where the bot does not do what the story waits for."""
        for number, step in enumerate(scene.steps, 1):
            if step.at:
                await self.stage.go_to(step.at)
            self.stage.show(step=number, steps=len(scene.steps))
            await self._perform(step)

    async def _perform(self, step: Step) -> None:
        await self._do(step.deed)
        if step.moment:
            await self.at_moment(step.moment)

    async def _do(self, deed: Deed) -> None:
        match deed:
            case Caption(text):
                self.stage.show(caption=text)
                await self._pause(0.8 + len(text) / 32)
            case Say(who, text):
                await self._say(self.stage.chats[who], text)
            case Tap(who, label, seconds):
                await self._tap(self.stage.chats[who], label, seconds)
            case Wait(who, text, seconds):
                self._point_at(self.stage.chats[who])
                message = await self._until(lambda: self._told(self.stage.chats[who], text), seconds)
                await self._pause(1 + len(message.text) / 60)
            case Block(who, blocked):
                people.block(self.stage.world, self.stage.chats[who], blocked)

    async def _say(self, chat: int, text: str) -> None:
        self._point_at(chat, compose=text, lasts=round(1000 * TYPING * self.pace))
        await self._pause(TYPING + 0.2)
        self._mark(chat)
        people.say(self.stage.world, chat, text)

    async def _tap(self, chat: int, label: str, seconds: float) -> None:
        self._point_at(chat)
        message, _ = await self._until(lambda: self._button(chat, label), seconds)
        await self._pause(1.2 + len(message.text) / 60)
        # The bot may have edited the message meanwhile: the button that is there now is the one to tap.
        message, button = await self._until(lambda: self._button(chat, label), seconds)
        self._mark(chat)
        self._point_at(chat, tapped=message.message_id, label=button["text"])
        tap(self.stage.world, chat, message, button)
        await self._pause(0.6)

    def _point_at(self, chat: int, **deed: Any) -> None:
        """Tells the page at whom to look, and what that phone is doing."""
        self.stage.world.publish({"type": "scene", "chat_id": chat, **deed})

    def _mark(self, chat: int) -> None:
        """What the bot tells from here on is what the next `wait` or `tap` looks at."""
        self._since[chat] = (max(self.stage.world.phones[chat].messages, default=0), int(self.stage.world.now()))

    def _told(self, chat: int, text: str) -> Message | None:
        return next((message for message in self._news(chat) if text.casefold() in message.text.casefold()), None)

    def _button(self, chat: int, label: str) -> tuple[Message, Button] | None:
        pairs = ((message, button) for message in self._news(chat) for button in buttons_of(message))
        return next((pair for pair in pairs if label.casefold() in str(pair[1]["text"]).casefold()), None)

    def _news(self, chat: int) -> list[Message]:
        """What the bot wrote or edited since the owner of the phone last did something; the newest first."""
        newest, at = self._since.get(chat, (0, 0))
        written = (message for message in self.stage.world.phones[chat].messages.values() if message.out)
        news = [message for message in written if message.message_id > newest or message.edit_date >= at]
        return news[::-1]

    async def _until(self, look: Callable[[], T | None], seconds: float) -> T:
        """Looks again whenever anything happened, until something is found."""
        happened = asyncio.Event()
        stop_listening = self.stage.world.listen(lambda _: happened.set())
        try:
            async with asyncio.timeout(seconds):
                while (found := look()) is None:
                    await happened.wait()
                    happened.clear()
                return found
        finally:
            stop_listening()

    async def _pause(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, LONGEST_READING) * self.pace)


def buttons_of(message: Message) -> list[Button]:
    """The inline buttons under a message, row after row."""
    rows = (message.reply_markup or {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def tap(world: World, chat: int, message: Message, button: Button) -> None:
    """What a tap does: the bot hears of it, or a link to the bot opens."""
    if "callback_data" in button:
        people.tap(world, chat, message.message_id, str(button["callback_data"]))
    elif payload := start_payload(str(button.get("url", "")), world.profile.username):
        people.say(world, chat, f"/start {payload}")


def start_payload(url: str, username: str) -> str:
    """The payload of a deep link to the bot, empty where it is none."""
    parts = urlsplit(url)
    if parts.hostname != "t.me" or not re.fullmatch(rf"/{re.escape(username)}/?", parts.path, re.IGNORECASE):
        return ""
    return parse_qs(parts.query).get("start", [""])[0]


def is_far(now: datetime, at: datetime) -> bool:
    """Whether a story's next time is worth moving the clocks; playing takes some minutes itself."""
    return at - now > timedelta(minutes=2)
