"""The page in a browser: what people type and tap reaches the bot, what the bot does is seen."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from playground.picture import find_browser
from playground.server import serve
from playground.world import World
from tests.demo.browser import CITIZEN, KABARI, SUBSCRIBER, Opener

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(find_browser() is None, reason="no Chromium on this machine"),
]


async def test_the_page_loads_without_a_complaint_and_from_here_alone(opened: Opener) -> None:
    shown = await opened()
    asked: list[str] = []
    shown.page.on("request", lambda request: asked.append(request.url))

    await shown.page.reload()
    await shown.page.wait_for_selector("body[data-loaded]")

    await expect(shown.page.locator(".phone:visible")).to_have_count(3)
    assert await shown.page.get_attribute("html", "lang") == "id"
    assert all(url.startswith(shown.url) for url in asked)
    assert shown.complaints == []


async def test_figures_and_spaces_are_those_of_the_letters_and_not_of_the_emoji(opened: Opener) -> None:
    """Emoji fonts have figures and a space too, twice as wide."""
    shown = await opened()

    own, letters = await shown.page.evaluate(
        """() => [() => true, (family) => !family.includes("Emoji")].map((kept) => {
            const line = document.body.appendChild(document.createElement("span"));
            const families = getComputedStyle(document.body).fontFamily.split(",").filter(kept);
            line.style.cssText = `position:absolute;white-space:pre;font:16px ${families}`;
            line.textContent = "30 1 2026";
            return line.getBoundingClientRect().width;
        })"""
    )

    assert own == letters


async def test_what_is_typed_reaches_the_bot_and_its_answer_is_seen(opened: Opener) -> None:
    shown = await opened()

    await shown.page.get_by_label("Pesan dari Rahma").fill("ktp sudah bisa?")
    await shown.phone().get_by_role("button", name="Kirim pesan").click()
    heard = await shown.hears("message")
    await shown.write("Pencetakan KTP-el <b>belum bisa</b> hari ini.")

    assert (heard["text"], heard["from"]["id"]) == ("ktp sudah bisa?", CITIZEN)
    await expect(shown.phone().locator(".mine .words")).to_have_text("ktp sudah bisa?")
    await expect(shown.phone().locator(".message:not(.mine) b")).to_have_text("belum bisa")


async def test_what_people_write_is_never_taken_for_html(opened: Opener) -> None:
    shown = await opened()

    await shown.page.get_by_label("Pesan dari Rahma").fill("<img src=x onerror=alert(1)> <b>x</b>")
    await shown.page.keyboard.press("Enter")

    await expect(shown.phone().locator(".mine .words")).to_have_text("<img src=x onerror=alert(1)> <b>x</b>")
    assert await shown.phone().locator(".mine .words img, .mine .words b").count() == 0


async def test_a_tap_arrives_and_its_answer_is_a_toast(opened: Opener) -> None:
    shown = await opened()
    await shown.write("Belum bisa.", reply_markup=KABARI)

    key = shown.phone().get_by_role("button", name="Kabari saya")
    await key.click()
    heard = await shown.hears("callback_query")
    await expect(key).to_have_attribute("aria-busy", "true")
    await shown.call("answerCallbackQuery", callback_query_id=heard["id"], text="Baik, kami kabari.")

    assert heard["data"] == "kabari"
    await expect(shown.phone().locator(".toast")).to_have_text("Baik, kami kabari.")
    await expect(key).to_have_attribute("aria-busy", "false")


async def test_an_edit_changes_the_message_in_its_place(opened: Opener) -> None:
    shown = await opened()
    first = await shown.write("Pratinjau", reply_markup=KABARI)
    await shown.write("Yang kedua")
    await shown.phone().get_by_role("button", name="Kabari saya").focus()

    await shown.call("editMessageText", chat_id=CITIZEN, message_id=first["message_id"], text="Sudah diumumkan.")

    await expect(shown.phone().locator(".words")).to_have_text(["Sudah diumumkan.", "Yang kedua"])
    await expect(shown.phone().locator(".edited")).to_have_text("disunting")
    await expect(shown.phone().locator(".key")).to_have_count(0)
    await expect(shown.phone().locator(".message").first).to_be_focused()


async def test_a_deleted_message_goes(opened: Opener) -> None:
    shown = await opened()
    sent = await shown.write("Keliru")
    await expect(shown.phone().locator(".words")).to_have_text("Keliru")

    await shown.call("deleteMessage", chat_id=CITIZEN, message_id=sent["message_id"])

    await expect(shown.phone().locator(".message")).to_have_count(0)


async def test_typing_is_shown_until_the_message_comes(opened: Opener) -> None:
    shown = await opened()
    shown.world.phones[CITIZEN].acquainted = True

    await shown.call("sendChatAction", chat_id=CITIZEN, action="typing")
    await expect(shown.phone().locator(".dots")).to_be_visible()
    await expect(shown.phone().locator(".bot-status")).to_have_text("mengetik …")
    await shown.write("Ini dia")

    await expect(shown.phone().locator(".dots")).to_have_count(0)
    await expect(shown.phone().locator(".bot-status")).to_have_text("bot")


async def test_a_link_to_the_bot_opens_in_the_same_phone(opened: Opener) -> None:
    shown = await opened()
    link = f"https://t.me/{shown.world.profile.username}?start=ktp_cetak"
    await shown.write(
        f'Lihat <a href="{link}">pencetakan</a>.', reply_markup={"inline_keyboard": [[{"text": "Buka", "url": link}]]}
    )

    await shown.phone().get_by_role("link", name="pencetakan").click()
    await expect(shown.phone().locator(".mine .words")).to_have_count(1)
    await shown.phone().get_by_role("link", name="Buka").click()

    await expect(shown.phone().locator(".mine .words")).to_have_text(["/start ktp_cetak", "/start ktp_cetak"])
    assert len(shown.page.context.pages) == 1


async def test_a_command_in_a_text_can_be_tapped(opened: Opener) -> None:
    shown = await opened()
    await shown.write("Ketik /jam untuk jam buka, bukan 08/09.")

    await shown.phone().get_by_role("button", name="/jam").click()

    assert (await shown.hears("message"))["text"] == "/jam"
    assert await shown.phone().locator(".message:not(.mine) .command").count() == 1


async def test_a_suggested_sentence_is_sent_by_one_tap(opened: Opener) -> None:
    shown = await opened()

    await shown.phone("subscriber").get_by_role("button", name="Kirim: kabari kalau ktp sudah bisa").click()

    heard = await shown.hears("message")
    assert (heard["text"], heard["from"]["id"]) == ("kabari kalau ktp sudah bisa", SUBSCRIBER)


async def test_blocking_and_letting_in_again(opened: Opener) -> None:
    shown = await opened()

    await shown.phone().get_by_role("button", name="Blokir bot").click()
    await expect(shown.page.get_by_label("Pesan dari Rahma")).to_be_hidden()
    blocked = shown.world.phones[CITIZEN].blocked
    await shown.phone().get_by_role("button", name="Buka blokir").click()

    await expect(shown.page.get_by_label("Pesan dari Rahma")).to_be_focused()
    assert blocked
    assert not shown.world.phones[CITIZEN].blocked


async def test_a_photo_can_be_sent(opened: Opener) -> None:
    shown = await opened()

    await shown.phone().get_by_role("button", name="Kirim foto contoh").click()

    assert (await shown.hears("message"))["photo"]
    await expect(shown.phone().locator(".mine img")).to_be_visible()


async def test_the_narrator_and_the_clock_are_seen(opened: Opener) -> None:
    shown = await opened()
    shown.world.offset = 1485735000 - shown.world.now()
    shown.world.publish({"type": "clock", "offset": shown.world.offset})

    shown.demo.show(scene="pusat-putus", step=3, steps=9, caption="Senin pagi.")

    await expect(shown.page.locator("#caption")).to_have_text("Senin pagi.")
    await expect(shown.page.locator(".clock")).to_contain_text("Senin, 30 Januari 2017 08.10 WITA")
    await expect(shown.page.get_by_role("button", name="Putar")).to_be_disabled()
    shown.demo.show(scene=None, ended="failed")
    await expect(shown.page.locator("#caption")).to_contain_text("Cerita berhenti")


async def test_the_page_says_when_the_bot_is_starting_or_has_stopped(opened: Opener) -> None:
    shown = await opened()
    told = shown.page.locator("#bot-state")
    await expect(told).to_be_hidden()

    shown.demo.show(bot="starting")
    await expect(told).to_contain_text("sedang dinyalakan")
    await expect(shown.phone().locator(".bot-status")).to_have_text("sedang dinyalakan …")
    shown.demo.show(bot="stopped")

    await expect(told).to_contain_text("Bot berhenti")


async def test_a_reset_empties_the_phones(opened: Opener) -> None:
    shown = await opened()
    await shown.write("Lama")
    await expect(shown.phone().locator(".words")).to_have_text("Lama")

    shown.world.reset()

    await expect(shown.phone().locator(".message")).to_have_count(0)
    await expect(shown.phone().get_by_role("button", name="Mulai")).to_be_visible()


async def test_the_page_works_on_a_stand_in_without_stories(browser: Browser) -> None:
    world = World()
    for number, name in enumerate(("Warga", "Petugas", "Pelanggan"), 1):
        world.add_phone(number, name)

    async with serve(world) as url:
        page = await browser.new_page()
        await page.goto(url)
        await page.get_by_label("Pesan dari Petugas").fill("/papan")
        await page.keyboard.press("Enter")

        await expect(page.locator('[data-role="staff"] .mine .words')).to_have_text("/papan")
        await expect(page.locator("#scene-bar, #narrator, #bot-state").locator("visible=true")).to_have_count(0)
        await page.close()
