"""The validation by others' models finds what is planted, and lets pass what is right."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import telegram
import telegram.error

from playground.methods import METHODS
from playground.world import World
from tests.playground.conformance import MODELS, assert_valid_calls, faults_of
from tests.playground.conftest import CITIZEN, Bot

RIGHT: dict[str, Any] = {
    "chat_id": CITIZEN,
    "text": "<b>KTP</b> belum bisa",
    "parse_mode": "HTML",
    "link_preview_options": {"is_disabled": True},
    "reply_markup": {"inline_keyboard": [[{"text": "Kabari saya", "callback_data": "k:ktp"}]]},
}


def _button(**button: Any) -> dict[str, Any]:
    return {"reply_markup": {"inline_keyboard": [[{"text": "a", **button}]]}}


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        (_button(callback_data="a" * 65), "BUTTON_DATA_INVALID"),
        (_button(), "exactly one of the optional fields must be used"),
        (_button(callback_data="k", colour="red"), "unknown field reply_markup.inline_keyboard.colour"),
        ({"txt": "x"}, "unknown field txt"),
        ({"link_preview_options": {"is_off": True}}, "unknown field link_preview_options.is_off"),
        ({"text": ["x"]}, "valid string"),
        ({"message_thread_id": "first"}, "valid integer"),
        ({"text": None}, "valid string"),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "<b>x"}, "can't parse entities"),
    ],
)
def test_a_planted_fault_is_found(planted: dict[str, Any], fault: str) -> None:
    call = {"method": "sendMessage", "params": RIGHT | planted}

    with pytest.raises(AssertionError) as failure:
        assert_valid_calls([call])

    assert fault in str(failure.value)


def test_a_missing_parameter_and_an_unknown_method_are_found() -> None:
    assert faults_of({"method": "sendMessage", "params": {"text": "x"}}) == ["chat_id: Field required"]
    assert faults_of({"method": "sendPigeon", "params": {}}) == ["is no method of the Bot API"]


async def test_right_calls_pass_as_the_journal_tells_them(bot: Bot, people: httpx.AsyncClient, world: World) -> None:
    await bot.result("sendMessage", **RIGHT)
    await bot.result("getUpdates", timeout=0, allowed_updates=["message"])
    await bot.result("setMyCommands", commands=[{"command": "jam", "description": "Jam"}], scope={"type": "default"})
    files = {"photo": ("a.png", b"\x89PNG", "image/png")}
    await bot.client.post(f"/bot{bot.token}/sendPhoto", data={"chat_id": str(CITIZEN), "caption": "x"}, files=files)

    journal = (await people.get("/api/journal")).json()

    assert [call["status"] for call in journal] == [200] * 4
    assert_valid_calls(journal)


async def test_calls_of_python_telegram_bot_pass_even_where_they_met_a_fault(address: str, world: World) -> None:
    keyboard = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Kabari saya", callback_data="k:ktp")]])
    world.faults.plan_json({"sendMessage": [{"kind": "forbidden"}, {"kind": "error", "code": 400}]})

    async with telegram.Bot(world.token, base_url=f"{address}/bot") as bot:
        for expected in (telegram.error.Forbidden, telegram.error.BadRequest):
            with pytest.raises(expected):
                await bot.send_message(CITIZEN, "<b>x</b>", parse_mode="HTML", reply_markup=keyboard)
        await bot.send_document(CITIZEN, b"x", filename="poster.pdf", reply_markup=keyboard)

    assert [call["status"] for call in world.journal.calls()] == [200, 403, 400, 200]
    assert_valid_calls(world.journal.calls())


def test_every_method_of_the_stand_in_is_known_to_others() -> None:
    assert set(METHODS) <= set(MODELS)
