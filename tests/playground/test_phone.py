"""The journeys' phone reads and taps as a person does."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from playground.world import World
from tests.phone import Phone, labels_of
from tests.playground.conftest import CITIZEN, Bot

BUTTONS = {
    "inline_keyboard": [
        [{"text": "🔔 Kabari saya", "callback_data": "k:ktp"}, {"text": "Batal", "url": "https://x.id"}]
    ]
}


@pytest.fixture
async def phone(address: str) -> AsyncIterator[Phone]:
    async with Phone(address, CITIZEN, patience=0.3) as phone:
        yield phone


async def test_a_reply_is_what_came_since_the_last_thing_done(phone: Phone, bot: Bot) -> None:
    await bot.result("sendMessage", chat_id=CITIZEN, text="lama")
    await phone.say("ktp sudah bisa?")
    await bot.result("sendMessage", chat_id=CITIZEN, text="satu")
    await bot.result("sendMessage", chat_id=CITIZEN, text="dua")

    assert (await phone.reply())["text"] == "satu"
    assert (await phone.wait_for("du"))["text"] == "dua"
    assert await phone.unread() == []
    with pytest.raises(AssertionError, match="for a reply; read"):
        await phone.reply()


async def test_a_button_is_found_by_its_label_and_an_edit_is_a_reply(phone: Phone, bot: Bot, world: World) -> None:
    sent = await bot.result("sendMessage", chat_id=CITIZEN, text="belum bisa", reply_markup=BUTTONS)

    await phone.tap("Kabari saya")
    message = {"chat_id": CITIZEN, "message_id": sent["message_id"]}
    await bot.result("editMessageText", **message, text="Siap, nanti dikabari")

    edited = await phone.reply()
    assert world.updates.pending[-1]["callback_query"]["data"] == "k:ktp"
    assert edited["text"] == "Siap, nanti dikabari"
    assert labels_of(edited) == []
    with pytest.raises(AssertionError, match="no button says 'Kabari saya'"):
        await phone.tap("Kabari saya")


async def test_a_phone_edits_sends_photos_and_blocks(phone: Phone, world: World) -> None:
    await phone.say("ktp")
    await phone.edit_last("kk")
    await phone.photo("NIK saya")
    await phone.block()

    assert [message["text"] for message in await phone.messages()] == ["kk", "NIK saya"]
    assert world.phones[CITIZEN].blocked
