"""The people of the journeys, and a way to look at what happened between Telegram and the bot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from tests.journeys.deployment import STAFF
from tests.phone import Message, Phone

CITIZEN, NEIGHBOUR, SUBSCRIBER, STRANGER = 747100101, 747100102, 747100301, 747100901


@dataclass
class Town:
    """The stand-in's address, and the phones in it."""

    url: str
    token: str
    client: httpx.AsyncClient
    phones: dict[int, Phone]

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

    async def fault(self, method: str, fault: dict[str, Any] | None) -> None:
        answer = await self.client.post("/api/faults", json={method: fault} if fault else {})
        assert answer.is_success, answer.text

    async def publish(self, line: str) -> Message:
        """The staff member reports in one line and publishes; what stands under it then."""
        await self.staff.say(line)
        await self.staff.wait_for("belum diumumkan")
        await self.staff.tap("Terbitkan")
        return await self.staff.wait_for("Sudah diumumkan")

    async def heard(self, phone: Phone, words: str) -> int:
        """How many messages with these words the bot wrote to a phone."""
        return sum(words in message["text"] for message in await phone.messages() if message["out"])
