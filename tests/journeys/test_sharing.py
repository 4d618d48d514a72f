"""A citizen passes an answer on, to a chat of Telegram and to WhatsApp, and who reads it finds the newest."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pypdfium2
import zxingcpp

from tests.journeys.deployment import Deployment
from tests.journeys.town import NEIGHBOUR, Town
from tests.phone import buttons_of

OUTAGE = "server pusat diputus Kemendagri"
UNTIL = "Berlaku sampai Selasa, 4 Agustus 2026 pukul 15.00 WITA."


async def test_an_answer_is_passed_on_as_a_card_and_as_a_text(town: Town, office: Deployment) -> None:
    await town.publish(f"/lapor pusat putus {OUTAGE}")

    # In any chat the bot's name and a service offer a card.
    await town.client.post("/api/inline", json={"chat_id": NEIGHBOUR, "query": "ktp"})
    await town.answer(town.neighbour, "halo")  # handled after it
    (shown,) = await town.journal("answerInlineQuery")
    card = shown["params"]["results"][0]
    assert OUTAGE in card["input_message_content"]["message_text"]
    assert UNTIL in card["input_message_content"]["message_text"]

    # Under an answer stands a tap that gives the same as a text for WhatsApp.
    await town.answer(town.citizen, "ktp sudah bisa?")
    await town.citizen.tap("Bagikan")
    text = await town.citizen.wait_for("Berlaku sampai")
    telegram, whatsapp = buttons_of(text)
    assert telegram["switch_inline_query"] == "ktp"
    (sent,) = parse_qs(urlsplit(whatsapp["url"]).query)["text"]
    assert sent == text["text"]
    assert OUTAGE in sent
    assert UNTIL in sent

    # Its link opens the answer of then.
    link = card["reply_markup"]["inline_keyboard"][0][0]["url"]
    assert link in sent
    await town.publish("/pulih pusat")
    assert "✅ Pencetakan: bisa" in await town.answer(
        town.neighbour, f"/start {urlsplit(link).query.removeprefix('start=')}"
    )


async def test_the_code_on_the_printed_poster_opens_the_answer(town: Town, office: Deployment) -> None:
    await town.staff.say("/poster ktp di mpp")
    sent = await town.staff.wait_for("Cetak di kertas A4")

    page = (await town.client.get(sent["document"]["url"])).raise_for_status().content
    (code,) = zxingcpp.read_barcodes(pypdfium2.PdfDocument(page)[0].render(scale=1.5).to_pil())
    payload = urlsplit(code.text).query.removeprefix("start=")
    assert "Layanan KTP-el" in await town.answer(town.citizen, f"/start {payload}")
