"""/riwayat: a picture with plain figures under it, in private and in groups; words alone where nothing was told yet."""

from __future__ import annotations

import json

from bot.rules.catalogue_reading import SHIPPED, read_catalogue
from bot.store import Store
from tests.handlers.desk import Counter, Json, opened
from tests.handlers.test_groups import GROUP, written
from tests.office.house import CITIZEN

PNG = b"\x89PNG\r\n\x1a\n"


def photos(counter: Counter) -> list[Json]:
    return counter.called("sendPhoto")


def buttons(asked: Json) -> list[str]:
    markup = asked["reply_markup"]
    rows = (json.loads(markup) if isinstance(markup, str) else markup)["inline_keyboard"]
    return [one["callback_data"] for row in rows for one in row]


async def an_outage(counter: Counter) -> None:
    await counter.house.posts("lapor kk, legalisir bisa")
    counter.house.watch.goes_on(hours=1)
    await counter.house.posts("lapor kk putus")
    counter.house.watch.goes_on(hours=2)
    await counter.house.posts("pulih kk")


async def test_it_is_a_picture_with_its_figures_in_words(counter: Counter) -> None:
    await an_outage(counter)

    await counter.says("/riwayat")

    (sent,) = photos(counter)
    assert "• kk: <b>terganggu sekali, 2 jam</b>" in sent["caption"].lower()
    assert "• legalisir: <b>tidak ada gangguan yang dilaporkan</b>" in sent["caption"].lower()
    assert buttons(sent) == ["hi:kk", "hi:legalisir"]
    assert [file[:8] for file in counter.telegram.files] == [PNG]


async def test_a_service_can_be_named_or_tapped_and_leads_back_to_all(counter: Counter) -> None:
    await an_outage(counter)

    await counter.says("/riwayat kk")
    await counter.taps("hi:kk")
    await counter.taps("hi")

    named, tapped, back = photos(counter)
    assert named["caption"] == tapped["caption"]
    assert "legalisir" not in named["caption"].lower()
    assert buttons(named) == ["hi"]
    assert buttons(back) == ["hi:kk", "hi:legalisir"]


async def test_before_anything_was_reported_there_are_words_alone(counter: Counter) -> None:
    await counter.says("/riwayat")

    assert "Belum ada riwayat" in counter.text
    assert photos(counter) == []


async def test_a_group_gets_it_as_a_reply_to_who_asked(counter: Counter) -> None:
    await an_outage(counter)

    await counter.gets(message=written("/riwayat"))

    (sent,) = photos(counter)
    reply = sent["reply_parameters"]
    assert sent["chat_id"] == GROUP
    assert (json.loads(reply) if isinstance(reply, str) else reply)["message_id"] == 7


async def test_it_speaks_the_language_of_the_chat(counter: Counter) -> None:
    await an_outage(counter)
    await counter.house.office.citizens.choose_language(CITIZEN, "en")

    await counter.says("/riwayat kk")

    assert "disrupted once, 2 hours" in photos(counter)[0]["caption"]


async def test_a_caption_is_never_longer_than_telegram_takes(store: Store) -> None:
    async with opened(store, read_catalogue(SHIPPED / "demo.toml")) as counter:
        for step in tuple(counter.house.office.catalogue.steps)[:9]:
            await counter.house.posts(f"lapor {step} di mpp putus")
            counter.house.watch.goes_on(minutes=7)
            await counter.house.posts(f"lapor {step} putus")
            counter.house.watch.goes_on(minutes=7)

        await counter.says("/riwayat")

    caption = photos(counter)[0]["caption"].replace("<b>", "").replace("</b>", "")
    assert 900 < len(caption) <= 1024
    assert "lainnya: pilih layanannya di bawah" in caption
    assert len(buttons(photos(counter)[0])) == 6


async def test_a_number_that_was_sent_with_it_is_warned_of(counter: Counter) -> None:
    await an_outage(counter)

    await counter.says("/riwayat kk 7471000102900001")

    assert "hapus" in photos(counter)[0]["caption"].lower()
