"""The people of the journeys, and a way to look at what happened between Telegram and the bot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from playground.world import World
from tests.journeys.deployment import COLLEAGUE, STAFF
from tests.patience import ANSWER
from tests.phone import Message, Phone

CITIZEN, NEIGHBOUR, SUBSCRIBER, STRANGER = 747100101, 747100102, 747100301, 747100901

BACK = "sudah bisa lagi"
DECIDED = "Sudah diumumkan"


@dataclass
class Town:
    """The stand-in's address, and the phones in it."""

    url: str
    token: str
    client: httpx.AsyncClient
    phones: dict[int, Phone]
    world: World

    @property
    def citizen(self) -> Phone:
        return self.phones[CITIZEN]

    @property
    def neighbour(self) -> Phone:
        return self.phones[NEIGHBOUR]

    @property
    def staff(self) -> Phone:
        return self.phones[STAFF]

    @property
    def colleague(self) -> Phone:
        return self.phones[COLLEAGUE]

    @property
    def subscriber(self) -> Phone:
        return self.phones[SUBSCRIBER]

    @property
    def stranger(self) -> Phone:
        return self.phones[STRANGER]

    async def journal(self, method: str | None = None) -> list[dict[str, Any]]:
        """Every call that the bot made."""
        answer = await self.client.get("/api/journal", params={"method": method} if method else {})
        calls: list[dict[str, Any]] = answer.raise_for_status().json()
        return calls

    async def fault(self, method: str, *faults: dict[str, Any]) -> None:
        """These go wrong next; with none, nothing does any more."""
        answer = await self.client.post("/api/faults", json={method: list(faults)} if faults else {})
        assert answer.is_success, answer.text

    async def newcomer(self, chat: int, name: str) -> Phone:
        """Somebody more, who has not written yet."""
        self.world.add_phone(chat, name)
        return self.phones.setdefault(chat, Phone(self.url, chat))

    def sends(self, phone: Phone, **content: Any) -> None:
        """A person sends what the page cannot: a voice message, a sticker, a document."""
        sender = self.world.phones[phone.chat_id]
        sender.acquainted = True
        message = self.world.write(sender, sender.person.as_user(), service=content)
        self.world.updates.offer("message", message.as_bot_api())

    async def answer(self, phone: Phone, text: str) -> str:
        """What the bot says to this."""
        await phone.say(text)
        return str((await phone.reply())["text"])

    async def preview(self, line: str, by: Phone | None = None) -> Message:
        """A report in one line, not yet decided."""
        phone = by or self.staff
        await phone.say(line)
        return await phone.wait_for("belum diumumkan")

    async def publish(self, line: str, by: Phone | None = None) -> Message:
        """The staff member reports in one line and publishes; what stands under it then."""
        phone = by or self.staff
        shown = await self.preview(line, phone)
        await phone.tap("Terbitkan")
        while (published := await phone.wait_for(DECIDED))["message_id"] != shown["message_id"]:
            pass  # an earlier one, in which its progress was shown just now
        return published

    async def heard(self, phone: Phone, words: str) -> int:
        """How many messages with these words the bot wrote to a phone."""
        return len(await self.said_to(phone, words))

    async def said_to(self, phone: Phone, words: str = "") -> list[str]:
        """What the bot wrote to a phone, as far as it has these words."""
        return [message["text"] for message in await phone.messages() if message["out"] and words in message["text"]]

    def written(self, chat: int) -> list[str]:
        """The same without asking over HTTP: for those who watch closely."""
        return [message.text for message in self.world.phones[chat].messages.values() if message.out]


async def until(condition: Callable[[], object], patience: float = ANSWER) -> None:
    """Wait for something that shows outside the phones."""
    last = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < last, "waited in vain"
        await asyncio.sleep(0.01)
