"""Sending, editing and answering work as Telegram's do, refusals included."""

from __future__ import annotations

import httpx
import pytest

from playground.world import World
from tests.playground.conftest import CITIZEN, GROUP, STAFF, STRANGER, Bot, Clock

BUTTON = {"inline_keyboard": [[{"text": "Kabari saya", "callback_data": "k:ktp"}]]}


async def test_a_message_arrives_with_its_entities_and_buttons(bot: Bot, people: httpx.AsyncClient) -> None:
    sent = await bot.result(
        "sendMessage", chat_id=CITIZEN, text=" <b>KTP</b> belum bisa ", parse_mode="HTML", reply_markup=BUTTON
    )

    (phone, *_) = (await people.get("/api/state")).json()["phones"]
    (shown,) = phone["messages"]
    assert sent["text"] == "KTP belum bisa"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 3}]
    assert shown["html"] == "<b>KTP</b> belum bisa"
    assert shown["out"]
    assert shown["reply_markup"] == BUTTON


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "🪪" * 2049}, "message is too long"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag corresponding to start "
                                                 'tag "b"'),
        ({"text": "x", "parse_mode": "MarkdownV2"}, "unsupported parse_mode"),
        ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 9}]},
         "can't parse entities: entity is out of the text's bounds"),
        ({"text": "x", "chat_id": 5}, "chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "colour": "red"}, 'parameter "colour" is unknown to sendMessage'),
        ({"text": "x", "disable_notification": "perhaps"}, 'parameter "disable_notification": must be of type Boolean'),
        ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "é" * 33}]]}},
         "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": ""}]]}},
         "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
         "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "ftp://x"}]]}},
         "inline keyboard button URL 'ftp://x' is invalid: Wrong HTTP URL"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "data": "k"}]]}},
         'parameter "reply_markup": field "data" is unknown to InlineKeyboardButton'),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": " ", "callback_data": "k"}]]}},
         'can\'t parse inline keyboard button: Field "text" must be non-empty'),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "k"}] * 101]}},
         "reply markup is too long"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "copy_text": {"text": ""}}]]}},
         "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "reply_markup": "{"}, 'parameter "reply_markup": can\'t parse InlineKeyboardMarkup JSON object'),
    ],
)  # fmt: skip
async def test_what_telegram_refuses_is_refused_in_its_words(bot: Bot, params: dict[str, object], words: str) -> None:
    assert await bot.refusal("sendMessage", **({"chat_id": CITIZEN} | params)) == f"Bad Request: {words}"


async def test_a_text_is_measured_after_its_entities(bot: Bot) -> None:
    sent = await bot.result("sendMessage", chat_id=CITIZEN, text=f"<b>{'a' * 4096}</b>", parse_mode="HTML")

    assert len(sent["text"]) == 4096


async def test_people_who_are_out_of_reach_are_named(bot: Bot, people: httpx.AsyncClient, world: World) -> None:
    world.phones[STAFF].deactivated = True
    await people.post("/api/block", json={"chat_id": CITIZEN, "blocked": True})
    await people.post("/api/block", json={"chat_id": GROUP, "blocked": True})

    words = {
        chat: await bot.refusal("sendMessage", chat_id=chat, text="x") for chat in (CITIZEN, STAFF, STRANGER, GROUP)
    }

    assert words == {
        CITIZEN: "Forbidden: bot was blocked by the user",
        STAFF: "Forbidden: user is deactivated",
        STRANGER: "Forbidden: bot can't initiate conversation with a user",
        GROUP: "Forbidden: bot was kicked from the group chat",
    }


async def test_a_group_that_moved_says_where_to(bot: Bot, people: httpx.AsyncClient) -> None:
    moved = (await people.post("/api/migrate", json={"chat_id": GROUP})).json()

    told = await bot("sendMessage", chat_id=GROUP, text="x")

    assert told["parameters"] == {"migrate_to_chat_id": moved["chat_id"]}
    assert await bot.result("sendMessage", chat_id=moved["chat_id"], text="x")


async def test_a_flood_is_told_how_long_to_wait(bot: Bot, clock: Clock) -> None:
    for _ in range(5):
        await bot.result("sendMessage", chat_id=CITIZEN, text="x")

    told = await bot("sendMessage", chat_id=CITIZEN, text="x")
    clock.now += 1

    assert told["description"] == "Too Many Requests: retry after 1"
    assert told["parameters"] == {"retry_after": 1}
    assert await bot.result("sendMessage", chat_id=CITIZEN, text="x")


async def test_an_edit_changes_the_message_in_place(bot: Bot, people: httpx.AsyncClient) -> None:
    sent = await bot.result("sendMessage", chat_id=CITIZEN, text="lama", reply_markup=BUTTON)
    message = {"chat_id": CITIZEN, "message_id": sent["message_id"]}

    await bot.result("editMessageText", **message, text="baru")

    (shown,) = (await people.get("/api/state")).json()["phones"][0]["messages"]
    assert (shown["text"], shown["edited"], shown["reply_markup"]) == ("baru", True, None)
    assert "message is not modified: specified" in await bot.refusal("editMessageText", **message, text="baru")
    assert await bot.result("editMessageReplyMarkup", **message, reply_markup=BUTTON)
    assert "message is not modified" in await bot.refusal("editMessageReplyMarkup", **message, reply_markup=BUTTON)


async def test_what_can_not_be_edited_or_deleted_is_said(bot: Bot, people: httpx.AsyncClient) -> None:
    theirs = (await people.post("/api/send", json={"chat_id": CITIZEN, "text": "halo"})).json()["message_id"]
    in_group = (await people.post("/api/send", json={"chat_id": GROUP, "text": "/jam"})).json()["message_id"]
    photo = await bot.result("sendDocument", chat_id=CITIZEN, document=await _picture(bot))
    chat = {"chat_id": CITIZEN, "text": "x"}

    said = [
        await bot.refusal("editMessageText", **chat, message_id=999),
        await bot.refusal("editMessageText", **chat, message_id=theirs),
        await bot.refusal("editMessageText", **chat, message_id=photo["message_id"]),
        await bot.refusal("editMessageText", **chat),
        await bot.refusal("editMessageText", text="x", message_id=1),
        await bot.refusal("editMessageText", text="x", inline_message_id="7"),
        await bot.refusal("deleteMessage", chat_id=CITIZEN, message_id=999),
        await bot.refusal("deleteMessage", chat_id=GROUP, message_id=in_group),
    ]

    assert [words.removeprefix("Bad Request: ") for words in said] == [
        "message to edit not found",
        "message can't be edited",
        "there is no text in the message to edit",
        "message identifier is not specified",
        "chat_id is empty",
        "MESSAGE_ID_INVALID",
        "message to delete not found",
        "message can't be deleted",
    ]
    assert await bot.result("deleteMessage", chat_id=CITIZEN, message_id=theirs)


async def test_a_tap_is_answered_once_it_is_not_too_old(bot: Bot, people: httpx.AsyncClient, clock: Clock) -> None:
    sent = await bot.result("sendMessage", chat_id=CITIZEN, text="x", reply_markup=BUTTON)
    await people.post("/api/tap", json={"chat_id": CITIZEN, "message_id": sent["message_id"], "data": "k:ktp"})
    (update,) = await bot.result("getUpdates")
    query = update["callback_query"]

    assert query["data"] == "k:ktp"
    assert await bot.result("answerCallbackQuery", callback_query_id=query["id"], text="Siap")
    assert "MESSAGE_TOO_LONG" in await bot.refusal("answerCallbackQuery", callback_query_id=query["id"], text="a" * 201)
    clock.now += 61
    assert await bot.refusal("answerCallbackQuery", callback_query_id=query["id"]) == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )


async def test_an_inline_query_is_answered_with_results(bot: Bot, people: httpx.AsyncClient) -> None:
    await people.post("/api/inline", json={"chat_id": CITIZEN, "query": "ktp"})
    (update,) = await bot.result("getUpdates")
    query = {"inline_query_id": update["inline_query"]["id"]}
    card = {"type": "article", "id": "1", "title": "KTP", "input_message_content": {"message_text": "x"}}

    assert await bot.result("answerInlineQuery", **query, results=[card], cache_time=0, is_personal=True)
    assert "RESULT_ID_DUPLICATE" in await bot.refusal("answerInlineQuery", **query, results=[card, card])
    assert "RESULT_ID_INVALID" in await bot.refusal("answerInlineQuery", **query, results=[card | {"id": ""}])
    assert "RESULTS_TOO_MUCH" in await bot.refusal("answerInlineQuery", **query, results=[card] * 51)
    assert "query is too old" in await bot.refusal("answerInlineQuery", inline_query_id="1", results=[card])


async def test_a_picture_can_be_sent_again_by_its_id_but_never_downloaded(bot: Bot, people: httpx.AsyncClient) -> None:
    file_id = await _picture(bot)

    again = await bot.result("sendPhoto", chat_id=CITIZEN, photo=file_id, caption="<i>riwayat</i>", parse_mode="HTML")

    assert again["caption"] == "riwayat"
    assert (await people.get(f"/files/{file_id}")).content.startswith(b"\x89PNG")
    assert (await people.get("/files/nothing")).status_code == 404
    assert (await bot("getFile", file_id=file_id))["error_code"] == 404
    assert "wrong file identifier" in await bot.refusal("sendPhoto", chat_id=CITIZEN, photo="nothing")
    assert "there is no photo" in await bot.refusal("sendPhoto", chat_id=CITIZEN)
    assert "caption is too long" in await bot.refusal("sendPhoto", chat_id=CITIZEN, photo=file_id, caption="a" * 1025)


async def test_a_reply_shows_what_it_answers(bot: Bot, people: httpx.AsyncClient) -> None:
    asked = (await people.post("/api/send", json={"chat_id": CITIZEN, "text": "ktp?"})).json()["message_id"]

    sent = await bot.result("sendMessage", chat_id=CITIZEN, text="belum", reply_parameters={"message_id": asked})
    loose = {"message_id": 999, "allow_sending_without_reply": True}
    other = await bot.result("sendMessage", chat_id=CITIZEN, text="belum", reply_parameters=loose)

    assert sent["reply_to_message"]["text"] == "ktp?"
    assert "reply_to_message" not in other


async def _picture(bot: Bot) -> str:
    """The id of an uploaded picture."""
    files = {"photo": ("riwayat.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\4\0\0\0\3\0", "image/png")}
    answer = await bot.client.post(f"/bot{bot.token}/sendPhoto", data={"chat_id": str(CITIZEN)}, files=files)
    (size,) = answer.json()["result"]["photo"]
    assert (size["width"], size["height"]) == (1024, 768)
    return str(size["file_id"])
