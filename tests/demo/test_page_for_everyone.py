"""The page by keyboard, on a small telephone, in the dark and through a screen reader."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from playground.picture import find_browser
from tests.demo.browser import KABARI, NARROW, SUBSCRIBER, Opener

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(find_browser() is None, reason="no Chromium on this machine"),
]

# Texts whose contrast with the plain colour behind them is below WCAG AA's 4.5.
TOO_FAINT = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const linear = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const [r, g, b, a = 1] = rgb(getComputedStyle(each).backgroundColor);
      if (a > 0.8) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const hidden = !element.checkVisibility() || element.closest("svg, template, .sr-only, .skip");
    if (!own || hidden || element.disabled) continue;
    const [one, two] = [light(rgb(getComputedStyle(element).color)), light(behind(element))].sort((a, b) => b - a);
    if ((one + 0.05) / (two + 0.05) < 4.5) faint.push(`${element.className || element.tagName} ${element.textContent}`);
  }
  return faint;
}"""


async def test_an_alert_waits_for_its_okay(opened: Opener) -> None:
    shown = await opened()
    await shown.write("Belum bisa.", reply_markup=KABARI)

    await shown.phone().get_by_role("button", name="Kabari saya").click()
    heard = await shown.hears("callback_query")
    await shown.call(
        "answerCallbackQuery", callback_query_id=heard["id"], text="Pratinjau sudah hangus.", show_alert=True
    )

    dialog = shown.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Pratinjau sudah hangus.")
    await shown.page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()


async def test_the_keyboard_alone_sends_a_message_and_taps_a_button(opened: Opener) -> None:
    shown = await opened()
    await shown.write("Belum bisa.", reply_markup=KABARI)
    press = shown.page.keyboard.press

    await shown.page.get_by_label("Percakapan Rahma").focus()
    await press("Tab")
    await expect(shown.phone().get_by_role("button", name="Kabari saya")).to_be_focused()
    await press("Enter")
    while not await shown.page.get_by_label("Pesan dari Rahma").evaluate("field => field === document.activeElement"):
        await press("Tab")
    await shown.page.keyboard.type("halo")
    await press("Enter")

    assert (await shown.hears("callback_query"))["data"] == "kabari"
    assert (await shown.hears("message"))["text"] == "halo"


async def test_the_first_stop_of_the_keyboard_skips_to_the_chats(opened: Opener) -> None:
    shown = await opened()

    await shown.page.keyboard.press("Tab")

    await expect(shown.page.get_by_role("link", name="Langsung ke percakapan")).to_be_focused()


async def test_the_command_menu_works_by_keyboard(opened: Opener) -> None:
    shown = await opened()
    commands = [{"command": "jam", "description": "Jam buka"}, {"command": "status", "description": "Layanan hari ini"}]
    await shown.call("setMyCommands", commands=commands)
    await shown.page.reload()
    await shown.page.wait_for_selector("body[data-loaded]")
    text = shown.page.get_by_label("Pesan dari Rahma")

    await text.press_sequentially("/")
    await expect(shown.phone().locator(".menu button")).to_have_count(2)
    await text.press_sequentially("st")
    await expect(shown.phone().locator(".menu button")).to_have_count(1)
    await text.press("ArrowDown")
    await shown.page.keyboard.press("Enter")

    assert (await shown.hears("message"))["text"] == "/status"
    await expect(shown.phone().locator(".menu")).to_be_hidden()
    await expect(text).to_be_focused()


async def test_the_arrow_key_edits_the_last_message(opened: Opener) -> None:
    shown = await opened()
    text = shown.page.get_by_label("Pesan dari Rahma")
    await text.fill("kpt bisa?")
    await text.press("Enter")
    await expect(shown.phone().locator(".mine .words")).to_have_text("kpt bisa?")

    await text.press("ArrowUp")
    await text.fill("ktp bisa?")
    await text.press("Enter")

    assert (await shown.hears("edited_message"))["text"] == "ktp bisa?"
    await expect(shown.phone().locator(".mine .words")).to_have_text("ktp bisa?")


async def test_at_360_pixels_nothing_scrolls_sideways_and_tabs_count_what_is_unread(opened: Opener) -> None:
    shown = await opened(NARROW)
    await shown.phone("citizen").locator(".log").wait_for()
    await shown.page.get_by_role("tab", name="Sitti").click()
    long = "https://example.org/" + "panjang" * 40

    await shown.write(f"{long} ✅ <code>{'x' * 200}</code>", reply_markup=KABARI)
    tab = shown.page.get_by_role("tab", name="Rahma")
    await expect(tab.locator(".count")).to_have_text("1")
    await tab.click()

    await expect(tab.locator(".count")).to_be_hidden()
    await expect(shown.page.locator(".phone:visible")).to_have_count(1)
    assert await shown.page.evaluate("document.documentElement.scrollWidth") == 360
    assert await shown.phone().locator(".log").evaluate("log => log.scrollWidth <= log.clientWidth")


async def test_a_scene_shows_the_phone_that_it_is_about(opened: Opener) -> None:
    shown = await opened(NARROW)

    shown.world.publish({"type": "scene", "chat_id": SUBSCRIBER, "compose": "halo", "lasts": 2000})

    await expect(shown.phone("subscriber").locator(".phone")).to_be_visible()
    await expect(shown.page.get_by_label("Pesan dari Arman")).to_have_value("halo")


async def test_tabs_move_by_arrow_keys(opened: Opener) -> None:
    shown = await opened(NARROW)
    await shown.page.get_by_role("tab", name="Rahma").focus()

    await shown.page.keyboard.press("ArrowRight")

    await expect(shown.page.get_by_role("tab", name="Sitti")).to_be_focused()
    await expect(shown.phone("staff").locator(".phone")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_can_be_read(opened: Opener, scheme: str) -> None:
    shown = await opened(color_scheme=scheme)
    await shown.page.get_by_label("Pesan dari Rahma").fill("ktp?")
    await shown.page.keyboard.press("Enter")
    await shown.write('<b>Belum</b> bisa, <a href="https://example.org">lihat</a>', reply_markup=KABARI)
    await expect(shown.phone().locator(".key")).to_be_visible()

    assert await shown.page.evaluate(TOO_FAINT) == []


async def test_the_chats_are_logs_that_a_screen_reader_follows(opened: Opener) -> None:
    shown = await opened()

    logs = shown.page.get_by_role("log")

    await expect(logs).to_have_count(3)
    for name in ("Rahma", "Sitti R.", "Arman"):
        await expect(shown.page.get_by_role("log", name=f"Percakapan {name} dengan Loket")).to_have_attribute(
            "aria-live", "polite"
        )
