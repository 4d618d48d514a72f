"""The two unparsed calls: what they send, and that the limiter stands before one of them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.request import BaseRequest, RequestData

from bot.delivery.pacing import Lanes, NotTriedError
from bot.delivery.sending import OfficeBot


class RecordingRequest(BaseRequest):
    """Answers every call with one answer and keeps what was asked."""

    read_timeout = 10.0

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.timeouts: list[object] = []

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: object, **timeouts: object
    ) -> tuple[int, bytes]:
        assert request_data is not None
        said = dict(parse_qsl(request_data.url_encoded_parameters()))  # what travels is always a form
        self.calls.append((url.rpartition("/")[2], {name: value_of(value) for name, value in said.items()}))
        self.timeouts.append(timeouts["read_timeout"])
        return 200, self.answer


def value_of(text: str) -> Any:
    """What a field of the form says: JSON, but for a plain string."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def bot_with(request: BaseRequest, lanes: Lanes | None = None) -> OfficeBot:
    return OfficeBot("747100001:abc", request=request, get_updates_request=request, rate_limiter=lanes or Lanes(25))


async def test_a_notice_is_sent_as_html_and_gives_its_message_id() -> None:
    request = RecordingRequest(b'{"ok": true, "result": {"message_id": 42}}')
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Berhenti", callback_data="x:ktp")]])

    message = await bot_with(request).send_notice(7471, "<b>KTP-el</b> sudah bisa", keyboard)

    assert message == 42
    assert request.calls == [
        (
            "sendMessage",
            {
                "chat_id": 7471,
                "text": "<b>KTP-el</b> sudah bisa",
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
                "reply_markup": keyboard.to_dict(),
            },
        )
    ]


@pytest.mark.parametrize(
    "answer",
    [
        b'{"ok":true,"result":{"message_id":42,"text":"message_id: 7"}}',
        b'{"result": {"text": "halo", "message_id": 42}, "ok": true}',
    ],
    ids=["as Telegram writes it", "in another order"],
)
async def test_of_an_answer_the_message_id_is_read(answer: bytes) -> None:
    assert await bot_with(RecordingRequest(answer)).send_notice(7471, "halo") == 42


async def test_who_is_sent_the_same_is_told_the_same_but_for_the_chat() -> None:
    request = RecordingRequest(b'{"ok":true,"result":{"message_id":42}}')
    bot = bot_with(request)

    for chat in (7471, 7472):
        await bot.send_notice(chat, "KTP & KK: 100 % <b>sudah bisa</b> ✅")

    said = [parameters for _, parameters in request.calls]
    assert [one.pop("chat_id") for one in said] == [7471, 7472]
    assert said[0] == said[1]
    assert said[0]["text"] == "KTP & KK: 100 % <b>sudah bisa</b> ✅"


async def test_a_paid_broadcast_says_so() -> None:
    request = RecordingRequest(b'{"ok": true, "result": {"message_id": 42}}')

    await bot_with(request).send_notice(7471, "halo", paid=True)

    assert request.calls[0][1]["allow_paid_broadcast"] is True


async def test_a_notice_goes_through_the_gate_of_its_lane() -> None:
    request, lanes = RecordingRequest(b"{}"), Lanes(25)
    lanes.let_notices_pass_while(lambda: False)

    with pytest.raises(NotTriedError):
        await bot_with(request, lanes).send_notice(7471, "halo")

    assert request.calls == []


async def test_progress_is_put_in_the_place_of_what_stood_there_past_the_gate() -> None:
    request, lanes = RecordingRequest(b'{"ok": true, "result": {"message_id": 42}}'), Lanes(25)
    lanes.let_notices_pass_while(lambda: False)

    await bot_with(request, lanes).edit_progress(7471, 42, "<b>Siaran kabar</b>")

    assert request.calls == [
        (
            "editMessageText",
            {
                "chat_id": 7471,
                "message_id": 42,
                "text": "<b>Siaran kabar</b>",
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
            },
        )
    ]


async def test_updates_come_unparsed_and_the_long_poll_has_its_time() -> None:
    request = RecordingRequest(b'{"ok": true, "result": [{"update_id": 5, "strange": []}]}')

    updates = await bot_with(request).fetch_updates(5, 100, 30, ("message",))

    assert updates == [{"update_id": 5, "strange": []}]
    assert request.calls == [("getUpdates", {"offset": 5, "limit": 100, "timeout": 30, "allowed_updates": ["message"]})]
    assert request.timeouts == [40]


async def test_a_notice_that_was_wrong_is_changed_and_loses_its_buttons() -> None:
    request = RecordingRequest(b'{"ok": true, "result": true}')

    await bot_with(request).edit_notice(7471, 42, "<b>keliru</b>")

    changed = {"chat_id": 7471, "message_id": 42, "text": "<b>keliru</b>", "parse_mode": "HTML"}
    assert request.calls == [("editMessageText", {**changed, "link_preview_options": {"is_disabled": True}})]


async def test_a_change_goes_through_the_gate_too() -> None:
    request, lanes = RecordingRequest(b"{}"), Lanes(25)
    lanes.let_notices_pass_while(lambda: False)

    with pytest.raises(NotTriedError):
        await bot_with(request, lanes).edit_notice(7471, 42, "halo")

    assert request.calls == []
