"""A story is played on the phones, waits for the bot, and says so when the bot does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from playground.player import Player, is_far, start_payload
from playground.scenes import Block, Caption, Deed, Say, Scene, Step, Tap, Wait
from playground.world import Json, Message, World

CITIZEN, STAFF = 1, 2
NOON = datetime(2017, 1, 30, 12, tzinfo=UTC)


class RecordingStage:
    """A stage without a demo round it."""

    def __init__(self) -> None:
        self.world = World()
        self.chats: Mapping[str, int] = {"citizen": CITIZEN, "staff": STAFF}
        self.shown: list[dict[str, Any]] = []
        self.gone_to: list[datetime] = []
        for chat_id in self.chats.values():
            self.world.add_phone(chat_id, str(chat_id))

    async def go_to(self, at: datetime) -> None:
        self.gone_to.append(at)

    def show(self, **status: Any) -> None:
        self.shown.append(status)

    def write(self, chat_id: int, text: str, *buttons: Json) -> Message:
        """The bot writes."""
        markup = {"inline_keyboard": [list(buttons)]} if buttons else None
        sender = self.world.profile.as_user()
        return self.world.write(self.world.phones[chat_id], sender, text=text, reply_markup=markup)

    def said(self, chat_id: int) -> list[str]:
        return [message.text for message in self.world.phones[chat_id].messages.values() if not message.out]


def scene(*steps: Step | Deed) -> Scene:
    return Scene("s", "S", NOON, tuple(step if isinstance(step, Step) else Step(step) for step in steps))


async def play(stage: RecordingStage, *steps: Step | Deed) -> None:
    await Player(stage, pace=0).play(scene(*steps))


async def test_what_is_said_reaches_the_bot() -> None:
    stage = RecordingStage()

    await play(stage, Say("citizen", "ktp sudah bisa?"))

    assert stage.said(CITIZEN) == ["ktp sudah bisa?"]
    assert stage.world.updates.pending[0]["message"]["text"] == "ktp sudah bisa?"


async def test_a_story_waits_for_what_the_bot_tells() -> None:
    stage = RecordingStage()
    playing = asyncio.create_task(
        play(stage, Say("citizen", "ktp?"), Wait("citizen", "belum BISA"), Caption("dijawab"))
    )
    await asyncio.sleep(0.01)
    before = list(stage.shown)

    stage.write(CITIZEN, "KTP belum bisa hari ini.")
    await playing

    assert {"caption": "dijawab"} not in before
    assert {"caption": "dijawab"} in stage.shown


async def test_what_was_told_before_does_not_count() -> None:
    stage = RecordingStage()
    stage.write(CITIZEN, "KTP belum bisa.")

    with pytest.raises(TimeoutError):
        await play(stage, Say("citizen", "ktp?"), Wait("citizen", "belum bisa", 0.01))


async def test_an_edited_message_counts_as_told() -> None:
    stage = RecordingStage()
    message = stage.write(CITIZEN, "Pratinjau")
    playing = asyncio.create_task(play(stage, Say("citizen", "ya"), Wait("citizen", "diumumkan")))
    await asyncio.sleep(0.01)

    message.text, message.edit_date = "Sudah diumumkan.", int(stage.world.now())
    stage.world.tell("edit", stage.world.phones[CITIZEN], message)

    await playing


async def test_a_tap_takes_the_newest_button_with_its_label() -> None:
    stage = RecordingStage()
    stage.write(STAFF, "lama", {"text": "Terbitkan", "callback_data": "old"})
    stage.write(
        STAFF, "baru", {"text": "Batal", "callback_data": "no"}, {"text": "✅ Terbitkan", "callback_data": "new"}
    )

    await play(stage, Tap("staff", "Terbitkan"))

    assert [update["callback_query"]["data"] for update in stage.world.updates.pending] == ["new"]


async def test_a_tap_on_a_deep_link_opens_it_in_the_same_chat() -> None:
    stage = RecordingStage()
    stage.write(
        CITIZEN, "x", {"text": "Kabari", "url": f"https://t.me/{stage.world.profile.username}?start=kabari_ktp"}
    )

    await play(stage, Tap("citizen", "Kabari"))

    assert stage.said(CITIZEN) == ["/start kabari_ktp"]


async def test_a_story_stops_when_no_such_button_comes() -> None:
    with pytest.raises(TimeoutError):
        await play(RecordingStage(), Tap("staff", "Terbitkan", 0.01))


async def test_blocking_reaches_the_bot() -> None:
    stage = RecordingStage()

    await play(stage, Block("citizen", blocked=True))

    assert stage.world.phones[CITIZEN].blocked
    assert "my_chat_member" in stage.world.updates.pending[0]


async def test_moments_and_times_are_told_in_order() -> None:
    stage = RecordingStage()
    seen: list[str] = []

    async def at_moment(moment: str) -> None:
        seen.append(moment)

    await Player(stage, 0, at_moment).play(scene(Step(Caption("a"), NOON, "one"), Step(Caption("b"), moment="two")))

    assert seen == ["one", "two"]
    assert stage.gone_to == [NOON]
    assert {"step": 2, "steps": 2} in stage.shown


@pytest.mark.parametrize(
    ("url", "payload"),
    [
        ("https://t.me/Loket_Bot?start=ktp", "ktp"),
        ("https://t.me/loket_bot", ""),
        ("https://t.me/other_bot?start=ktp", ""),
        ("https://example.org/loket_bot?start=ktp", ""),
    ],
)
def test_only_links_to_the_bot_itself_have_a_payload(url: str, payload: str) -> None:
    assert start_payload(url, "loket_bot") == payload


def test_a_time_that_is_nearly_here_moves_no_clock() -> None:
    assert is_far(NOON, NOON.replace(minute=10))
    assert not is_far(NOON, NOON.replace(minute=1))
    assert not is_far(NOON, NOON.replace(hour=11))
