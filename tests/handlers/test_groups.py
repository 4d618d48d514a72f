"""In groups the bot answers who speaks to it, where they asked, and lets admins alone decide for all."""

from __future__ import annotations

from typing import Any

import pytest

from bot.rules.notices import Wish
from bot.store import Store
from tests.handlers.desk import PERSON, Counter
from tests.office.house import CITIZEN, NEIGHBOUR, SITTI

GROUP, FORUM = -747100501, -1007471005010
BOT = {"id": 747100001, "is_bot": True, "first_name": "Loket", "username": "loket_bot"}
NIK = "7471000102900001"
Json = dict[str, Any]


def written(text: str = "", user: int = CITIZEN, number: int = 7, **content: Any) -> Json:
    """A message in a group; a command carries its entity."""
    length = len(text.split()[0]) if text.startswith("/") else 0
    entities = [{"type": "bot_command", "offset": 0, "length": length}] if length else []
    return {
        "message_id": number,
        "date": 1,
        "chat": {"id": GROUP, "type": "group", "title": "Warga RT 3"},
        "from": {"id": user, **PERSON},
        **({"text": text, "entities": entities} if text else {}),
        **content,
    }


def by_bot(number: int) -> Json:
    return written("…", number=number) | {"from": BOT}


async def said(counter: Counter, text: str = "", user: int = CITIZEN, **content: Any) -> list[Json]:
    """Somebody writes; what the bot writes to that."""
    before = len(counter.called("sendMessage"))
    await counter.gets(message=written(text, user, **content))
    return counter.called("sendMessage")[before:]


async def tapped(counter: Counter, data: str, user: int = CITIZEN) -> list[Json]:
    """Somebody taps a button in the group; how that is acknowledged."""
    query = {"id": "1", "from": {"id": user, **PERSON}, "chat_instance": "1", "data": data, "message": by_bot(500)}
    await counter.gets(callback_query=query)
    return counter.called("answerCallbackQuery")[-1:]


def links(sent: Json) -> list[str]:
    rows = sent.get("reply_markup", {"inline_keyboard": []})["inline_keyboard"]
    return [button["url"] for row in rows for button in row if "url" in button]


async def test_what_people_say_among_themselves_is_not_answered(counter: Counter) -> None:
    assert await said(counter, "ktp sudah bisa?") == []
    assert await said(counter, "ktp bisa? tanya @loket_bot_lain atau saya@loket_bot.id") == []
    assert await said(counter, "iya", reply_to_message=written("kk bisa?", NEIGHBOUR, 5)) == []
    assert await said(counter, "/entahlah", reply_to_message=by_bot(5)) == []
    assert await said(counter, sticker=None, new_chat_title="RT 4") == []


@pytest.mark.parametrize("text", ["@loket_bot ktp sudah bisa?", "ktp sudah bisa @Loket_Bot", "/status@loket_bot ktp"])
async def test_who_speaks_to_it_is_answered_below_their_message(counter: Counter, text: str) -> None:
    (answer,) = await said(counter, text)

    assert "KTP-el hari ini" in answer["text"]
    assert answer["reply_parameters"] == {"message_id": 7, "allow_sending_without_reply": True}
    assert "message_thread_id" not in answer


async def test_a_topic_is_answered_in_the_topic(counter: Counter) -> None:
    chat = {"id": FORUM, "type": "supergroup", "title": "Kelurahan", "is_forum": True}
    topic: Json = {"chat": chat, "message_thread_id": 41, "is_topic_message": True}

    (answer,) = await said(counter, "@loket_bot kk bisa?", **topic)

    assert (answer["chat_id"], answer["message_thread_id"]) == (FORUM, 41)


async def test_a_thread_of_replies_outside_a_forum_is_no_topic(counter: Counter) -> None:
    chat = {"id": FORUM, "type": "supergroup", "title": "Kelurahan"}

    (answer,) = await said(counter, "@loket_bot kk bisa?", chat=chat, message_thread_id=41)

    assert "message_thread_id" not in answer


async def test_a_correction_is_answered_too(counter: Counter) -> None:
    await counter.gets(edited_message=written("@loket_bot kk bisa?", edit_date=2))

    assert "Kartu Keluarga" in counter.text


async def test_kabari_is_a_link_to_the_private_chat(counter: Counter) -> None:
    (one,) = await said(counter, "@loket_bot kk bisa?")
    (several,) = await said(counter, "@loket_bot ktp sama kk bisa?")

    assert links(one) == ["https://t.me/loket_bot?start=kabari_kk"]
    assert links(several) == ["https://t.me/loket_bot?start=kabari_ktp_rekam--ktp_cetak--ktp_ambil--kk"]


async def test_a_link_of_several_subscribes_to_them_all(counter: Counter, fresh: Store) -> None:
    await counter.says("/start kabari_ktp_cetak--kk-kendari_kantor")

    async with fresh.reading() as session:
        own = await session.subscriptions_of(CITIZEN)
    assert {(one.step, one.place) for one in own} == {("ktp_cetak", "kendari/kantor"), ("kk", "kendari/kantor")}


@pytest.mark.parametrize("payload", ["kabari_", "kabari_kk--paspor", "kabari_kk-entah"])
async def test_a_link_to_what_is_not_there_lets_choose(counter: Counter, payload: str, fresh: Store) -> None:
    await counter.says(f"/start {payload}")

    assert "a:ktp" in counter.buttons
    async with fresh.reading() as session:
        assert await session.subscriptions_of(CITIZEN) == ()


async def test_asking_to_be_told_in_a_group_subscribes_nobody(counter: Counter, fresh: Store) -> None:
    (named,) = await said(counter, "@loket_bot kabari kalau kk bisa")
    (unnamed,) = await said(counter, "@loket_bot kabari ya kalau sudah bisa", number=8)
    await said(counter, "/start kabari_kk")

    assert links(named) == ["https://t.me/loket_bot?start=kabari_kk"]
    assert "admin grup mengetik /langganan" in named["text"]
    assert links(unnamed)[0] == "https://t.me/loket_bot?start=kabari_ktp"
    async with fresh.reading() as session:
        assert await session.subscriptions_of(GROUP) == await session.subscriptions_of(CITIZEN) == ()


async def test_a_question_is_gone_on_from_only_by_a_reply_to_its_answer(counter: Counter) -> None:
    await said(counter, "@loket_bot kk sudah bisa?")  # answered by message 1000
    (reply,) = await said(counter, "syaratnya?", NEIGHBOUR, reply_to_message=by_bot(1000))
    (old,) = await said(counter, "syaratnya?", reply_to_message=by_bot(1000))
    (another,) = await said(counter, "@loket_bot syaratnya?", NEIGHBOUR)

    assert "Syarat: KK" in reply["text"]
    assert "Syarat layanan apa" in old["text"] == another["text"]


async def test_commands_and_taps_can_be_gone_on_from(counter: Counter) -> None:
    await said(counter, "/status kk")
    (first,) = await said(counter, "syaratnya?", reply_to_message=by_bot(1000))
    await tapped(counter, "s:kia")
    (second,) = await said(counter, "syaratnya?", reply_to_message=by_bot(1002))

    assert "KK" in first["text"]
    assert "KIA" in second["text"]


async def test_another_bot_is_not_talked_to(counter: Counter) -> None:
    other: Json = {"from": {"id": 5, "is_bot": True, "first_name": "Bot"}}

    assert await said(counter, "@loket_bot kk bisa?", **other) == []
    assert await said(counter, "kk bisa?", **other, reply_to_message=by_bot(3)) == []


async def test_its_name_under_a_message_asks_that_message_and_alone_how_to_ask(counter: Counter) -> None:
    (under,) = await said(counter, "@loket_bot", reply_to_message=written("kk sudah bisa belum?", NEIGHBOUR, 5))
    (alone,) = await said(counter, "@loket_bot")

    assert "Kartu Keluarga" in under["text"]
    assert 'misalnya "@loket_bot KTP sudah bisa?"' in alone["text"]


async def test_a_photo_for_the_bot_gets_a_word_and_a_sticker_none(counter: Counter) -> None:
    photo: Json = {"photo": [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]}
    sticker: Json = {"file_id": "b", "file_unique_id": "b", "type": "regular", "width": 1, "height": 1}
    sticker |= {"is_animated": False, "is_video": False}

    (caption,) = await said(counter, **photo, caption="@loket_bot syarat kk?")
    (bare,) = await said(counter, **photo, reply_to_message=by_bot(3))
    (named,) = await said(counter, **photo, caption="@loket_bot")
    silent = await said(counter, sticker=sticker, reply_to_message=by_bot(3)) + await said(counter, **photo)

    assert caption["text"].startswith("🔒 Foto tidak kami buka")
    assert "Syarat: KK" in caption["text"]
    assert bare["text"] == named["text"]
    assert bare["text"].startswith("🔒 Foto tidak kami buka")
    assert silent == []


async def test_a_personal_number_is_warned_about_there_too(counter: Counter) -> None:
    (answer,) = await said(counter, f"@loket_bot NIK saya {NIK}, kk sudah bisa?")

    assert answer["text"].startswith("🔒")
    assert "Kartu Keluarga" in answer["text"]


async def test_admins_subscribe_the_group_and_end_it(counter: Counter, fresh: Store) -> None:
    counter.telegram.admins.add(CITIZEN)

    (begun,) = await said(counter, "/langganan kk")
    async with fresh.reading() as session:
        own = await session.subscriptions_of(GROUP)
    (ended,) = await said(counter, "@loket_bot berhenti")

    assert [(one.step, one.wish) for one in own] == [("kk", Wish.ALWAYS)]
    assert "Admin grup mengakhirinya dengan /berhenti" in begun["text"]
    assert "dihentikan" in ended["text"]
    async with fresh.reading() as session:
        assert await session.subscriptions_of(GROUP) == ()


async def test_one_person_may_want_to_be_told_where_the_group_is(counter: Counter) -> None:
    counter.telegram.admins.add(CITIZEN)
    await said(counter, "/langganan kk")

    (words,) = await said(counter, "@loket_bot kk bisa?")
    (command,) = await said(counter, "/status kk")

    assert links(words) == links(command) == ["https://t.me/loket_bot?start=kabari_kk"]


async def test_an_admin_who_stays_anonymous_is_one(counter: Counter, fresh: Store) -> None:
    anonymous: Json = {"sender_chat": written()["chat"], "from": BOT | {"id": 1087968824}}
    await said(counter, "/langganan kk", **anonymous)

    async with fresh.reading() as session:
        assert [one.step for one in await session.subscriptions_of(GROUP)] == ["kk"]


@pytest.mark.parametrize("text", ["/langganan kk", "/langganan", "/berhenti", "@loket_bot berhenti kabari"])
async def test_others_are_told_that_admins_decide(counter: Counter, text: str, fresh: Store) -> None:
    counter.telegram.admins.add(NEIGHBOUR)
    await said(counter, "/langganan kia", NEIGHBOUR)

    (answer,) = await said(counter, text)

    assert answer["text"].startswith("Hanya admin grup")
    async with fresh.reading() as session:
        assert [one.step for one in await session.subscriptions_of(GROUP)] == ["kia"]


async def test_who_telegram_does_not_tell_of_is_no_admin(counter: Counter) -> None:
    counter.telegram.refuses["getChatMember"] = (400, "Bad Request: PARTICIPANT_ID_INVALID")

    (answer,) = await said(counter, "/langganan kk")

    assert answer["text"].startswith("Hanya admin grup")


@pytest.mark.parametrize("data", ["a:kk", "x:*", "o:kk", "g:en", "hd", "hd!"])
async def test_taps_that_change_the_group_are_for_admins(counter: Counter, data: str) -> None:
    (refused,) = await tapped(counter, data)
    silent = counter.called("sendMessage")
    counter.telegram.admins.add(CITIZEN)
    (taken,) = await tapped(counter, data)

    assert refused["text"].startswith("Hanya admin grup")
    assert silent == []
    assert "text" not in taken
    assert counter.called("sendMessage")


async def test_a_tap_on_kabari_under_a_notice_opens_the_private_chat(counter: Counter, fresh: Store) -> None:
    (opened,) = await tapped(counter, "k:ktp_cetak,kk:kendari/mpp")

    assert opened["url"] == "https://t.me/loket_bot?start=kabari_ktp_cetak--kk-kendari_mpp"
    async with fresh.reading() as session:
        assert await session.subscriptions_of(GROUP) == ()


async def test_anybody_may_look(counter: Counter) -> None:
    await tapped(counter, "all")
    assert counter.text.startswith("<b>Layanan hari ini")
    assert counter.last["reply_parameters"]["message_id"] == 500

    (help_,) = await said(counter, "/bantuan")
    (start,) = await said(counter, "/start")
    (hours,) = await said(counter, "/jam")
    (status,) = await said(counter, "/start kk")
    assert "Sebut @loket_bot" in help_["text"] == start["text"]
    assert "Loket buka" in hours["text"]
    assert "Kartu Keluarga" in status["text"]


async def test_staff_commands_work_in_private_chats(counter: Counter, fresh: Store) -> None:
    (for_staff,) = await said(counter, "/lapor pusat putus", SITTI.id)
    (for_others,) = await said(counter, "/lapor pusat putus")

    assert "percakapan pribadi" in for_staff["text"]
    assert "khusus petugas" in for_others["text"]
    async with fresh.reading() as session:
        assert [one.user for one in await session.refusals(counter.house.watch())] == [CITIZEN]


def membership(old: str, new: str, kind: str = "group") -> Json:
    ever = {"until_date": 0}
    chat = {"id": GROUP, "type": kind, "title": "Warga RT 3"}
    states = {
        name: {"user": BOT, "status": status} | (ever if status == "kicked" else {})
        for name, status in (("old_chat_member", old), ("new_chat_member", new))
    }
    return {"chat": chat, "from": {"id": CITIZEN, **PERSON}, "date": 1, **states}


async def test_a_group_that_takes_the_bot_in_is_greeted_once(counter: Counter) -> None:
    await counter.gets(my_chat_member=membership("left", "member"))
    await counter.gets(my_chat_member=membership("member", "member"))
    await counter.gets(my_chat_member=membership("left", "member", kind="channel"))

    (greeting,) = counter.called("sendMessage")
    assert greeting["text"].startswith("Halo, saya penjawab otomatis")
    assert "Admin grup dapat mengetik /langganan" in greeting["text"]
    assert "reply_parameters" not in greeting


@pytest.mark.parametrize("heard_in", [GROUP, FORUM])
async def test_a_group_that_grows_takes_its_subscription_along(counter: Counter, heard_in: int, fresh: Store) -> None:
    counter.telegram.admins.add(CITIZEN)
    await said(counter, "/langganan kk")

    grown: Json = {"migrate_to_chat_id": FORUM}
    if heard_in == FORUM:
        grown = {"chat": {"id": FORUM, "type": "supergroup", "title": "RT"}, "migrate_from_chat_id": GROUP}
    await said(counter, **grown)
    await counter.gets(my_chat_member=membership("member", "left"))

    async with fresh.reading() as session:
        assert [one.step for one in await session.subscriptions_of(FORUM)] == ["kk"]


@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_a_group_that_throws_the_bot_out_hears_nothing_more(counter: Counter, status: str, fresh: Store) -> None:
    counter.telegram.admins.add(CITIZEN)
    await said(counter, "/langganan kk")

    await counter.gets(my_chat_member=membership("member", status))

    async with fresh.reading() as session:
        assert await session.subscriptions_of(GROUP) == ()
