"""An answer is passed on as a card in any chat, or as a text by a tap."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from bot.store import Store
from bot.store.tables import metadata
from tests.handlers.desk import PERSON, Counter
from tests.office.house import CITIZEN

Json = dict[str, Any]


async def types(counter: Counter, query: str) -> Json:
    """Somebody writes the bot's name and this in any chat; what Telegram is told to show."""
    asked = {"id": "7", "from": {"id": CITIZEN, **PERSON}, "query": query, "offset": ""}
    await counter.gets(inline_query=asked)
    return counter.called("answerInlineQuery")[-1]


def rows(counter: Counter) -> list[list[Json]]:
    return list(counter.last["reply_markup"]["inline_keyboard"])


async def test_the_bots_name_and_a_service_offer_its_card(counter: Counter) -> None:
    shown = await types(counter, "ktp")

    first = shown["results"][0]
    assert (first["type"], first["id"], first["title"]) == ("article", "ktp", "KTP-el")
    assert first["description"] in first["input_message_content"]["message_text"].replace("<b>", "").replace("</b>", "")
    assert "Berlaku sampai Kamis, 2 Februari 2023" in first["input_message_content"]["message_text"]
    assert first["reply_markup"]["inline_keyboard"][0][0]["url"] == "https://t.me/loket_bot?start=ktp"


async def test_cards_are_the_same_for_everybody_and_soon_asked_for_again(counter: Counter) -> None:
    await counter.taps("g:en")

    shown = await types(counter, "kk")

    assert shown["cache_time"] <= 30
    assert shown["is_personal"] is False
    assert "Berlaku" in shown["results"][0]["input_message_content"]["message_text"]


async def test_the_bots_name_alone_offers_today_and_every_service(counter: Counter) -> None:
    shown = await types(counter, "")

    ids = [card["id"] for card in shown["results"]]
    assert ids == ["today", *counter.house.office.catalogue.services_by_id]
    assert "button" not in shown


async def test_what_fits_nothing_leads_to_the_bot(counter: Counter) -> None:
    shown = await types(counter, "qwzx")

    assert shown["results"] == []
    assert shown["button"]["start_parameter"] == "tanya"
    await counter.says("/start tanya")
    assert counter.text.startswith("Selamat pagi")


@pytest.mark.parametrize(("words", "raised"), [("query is too old and response timeout expired", 0), ("other", 1)])
async def test_who_typed_on_is_no_trouble(counter: Counter, words: str, raised: int) -> None:
    counter.telegram.refuses["answerInlineQuery"] = (400, f"Bad Request: {words}")
    failures = []
    counter.application.add_error_handler(lambda *_: _noted(failures))

    await types(counter, "ktp")

    assert len(failures) == raised


async def _noted(failures: list[int]) -> None:
    failures.append(1)


async def test_what_was_typed_elsewhere_leaves_no_trace(counter: Counter, fresh: Store) -> None:
    await types(counter, "ktp 7471000102900001")

    async with fresh.reading() as session:
        for table in metadata.sorted_tables:
            assert (await session._connection.execute(select(table))).all() == []


@pytest.mark.parametrize("says", ["/status kk", "/status", "kk sudah bisa?", "apa yang bisa hari ini?", "/start kk"])
async def test_an_answer_can_be_shared(counter: Counter, says: str) -> None:
    await counter.says(says)

    assert rows(counter)[-1][-1]["text"] == "Bagikan"
    assert sum(map(len, rows(counter))) <= 3


@pytest.mark.parametrize("says", ["/start", "/jam", "/syarat kk", "qwzx", "/bantuan"])
async def test_what_tells_of_no_state_is_not_shared(counter: Counter, says: str) -> None:
    await counter.says(says)

    assert "Bagikan" not in str(counter.last.get("reply_markup"))


async def test_a_tap_gives_the_text_of_now_and_what_sends_it_on(counter: Counter) -> None:
    await counter.taps("share:kk:kendari/mpp")

    assert counter.called("answerCallbackQuery")
    assert "Keadaan terbaru: https://t.me/loket_bot?start=kk-kendari_mpp" in counter.text
    (telegram,), (whatsapp,) = rows(counter)
    assert telegram["switch_inline_query"] == "kk"
    plain = parse_qs(urlsplit(whatsapp["url"]).query)["text"][0]
    assert "Kartu Keluarga (KK)" in plain
    assert "<" not in plain


async def test_where_botfather_was_not_told_of_inline_mode_whatsapp_remains(counter: Counter) -> None:
    counter.telegram.inline = False
    await counter.application.bot.get_me()
    await counter.taps("share:")

    assert [[one["text"] for one in row] for row in rows(counter)] == [["Kirim lewat WhatsApp"]]


async def test_a_button_of_an_earlier_catalogue_shares_today(counter: Counter) -> None:
    await counter.taps("share:gone:kendari/gone")

    assert "Keadaan terbaru: https://t.me/loket_bot" in counter.text
