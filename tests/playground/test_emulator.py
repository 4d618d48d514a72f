"""python-telegram-bot works against an emulator that nobody here wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Update
from telegram.error import BadRequest

from tests.emulator import USERNAME, emulator

CITIZEN = 747100101


async def test_a_bot_asks_who_it_is_hears_and_answers(tmp_path: Path) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Kabari saya", callback_data="k:ktp")]])

    async with (
        emulator(tmp_path) as emulated,
        Bot(emulated.token, base_url=f"{emulated.base_url}/bot") as bot,
    ):
        await emulated.say(CITIZEN, "/start ktp")
        (update,) = await bot.get_updates(timeout=5, allowed_updates=Update.ALL_TYPES)
        await bot.set_my_description("Buka apa hari ini?")
        sent = await bot.send_message(
            CITIZEN, "Halo", reply_markup=keyboard, link_preview_options=LinkPreviewOptions(is_disabled=True)
        )
        with pytest.raises(BadRequest):
            await bot.send_message(CITIZEN, "a" * 4097)
        journal = emulated.journal()

    assert bot.username == USERNAME
    assert update.message is not None
    assert (update.message.text, sent.text) == ("/start ktp", "Halo")
    assert [(call["method"], call["status"]) for call in journal if call.get("method") == "sendMessage"] == [
        ("sendMessage", 200),
        ("sendMessage", 400),
    ]


async def test_an_upload_passes_the_proxy(tmp_path: Path) -> None:
    async with emulator(tmp_path) as emulated, Bot(emulated.token, base_url=f"{emulated.base_url}/bot") as bot:
        sent = await bot.send_photo(CITIZEN, b"\x89PNG\r\n\x1a\n", caption="riwayat")
        name = await bot.get_my_name()

    assert sent.caption == "riwayat"
    assert name.name == ""
