"""The stories that ship are played to their end by the real bot."""

from __future__ import annotations

import httpx
import pytest

from playground.demo import Demo
from tests.patience import ANSWER


def times_told(demo: Demo, role: str, words: str) -> int:
    """How many messages with these words the bot wrote to somebody."""
    messages = demo.world.phones[demo.chats[role]].messages.values()
    return sum(words in message.text for message in messages if message.out)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("pusat-putus", {"citizen": 1, "staff": 0, "subscriber": 1}),
        ("blangko-habis", {"citizen": 0, "staff": 0, "subscriber": 1}),
        ("hari-ini", {"citizen": 0, "staff": 0, "subscriber": 0}),
    ],
)
async def test_every_scene_is_played_to_its_end_and_each_subscriber_told_once(name: str, told: dict[str, int]) -> None:
    async with Demo.opened() as demo:
        await demo.play(demo.scenes[name], pace=0)

        async with httpx.AsyncClient(base_url=demo.public_url, trust_env=False, timeout=ANSWER) as visitor:
            public, health = await visitor.get("/"), await visitor.get("/healthz")
        refused = [entry.answer for entry in demo.world.journal.entries if entry.status and entry.status >= 400]
        assert demo.status.ended == "done"
        assert refused == []
        assert (public.status_code, health.status_code) == (200, 200)
        assert {role: times_told(demo, role, "sudah bisa lagi") for role in told} == told
