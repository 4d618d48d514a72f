"""What citizens write and tap reaches the office, and its answer reaches them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.store import Store
from tests.handlers.desk import Counter, message
from tests.office.house import CITIZEN

NIK = "7471000102900001"


async def test_a_start_greets_with_todays_board(counter: Counter) -> None:
    await counter.says("/start")

    assert counter.text.startswith("Selamat pagi")
    assert counter.buttons == ["all", "h"]
    assert counter.last["parse_mode"] == "HTML"
    assert counter.last["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize("payload", ["ktp_cetak", "ktp_cetak-kendari_mpp"])
async def test_a_deep_link_opens_its_answer(counter: Counter, payload: str) -> None:
    await counter.says(f"/start {payload}")

    assert "encetakan KTP" in counter.text


async def test_a_deep_link_subscribes(counter: Counter, fresh: Store) -> None:
    await counter.says("/start kabari_kk")

    assert "kami kabari di sini" in counter.text
    async with fresh.reading() as session:
        assert [one.step for one in await session.subscriptions_of(CITIZEN)] == ["kk"]


async def test_a_deep_link_to_nothing_greets(counter: Counter) -> None:
    await counter.says("/start tidak_ada")

    assert counter.text.startswith("Selamat pagi")


async def test_what_is_written_freely_is_a_question_also_when_it_was_corrected(counter: Counter) -> None:
    await counter.says("kk sudah bisa?")
    first = counter.text
    await counter.says("akta kelahiran sudah bisa?", kind="edited_message", edit_date=2)

    assert "Kartu Keluarga" in first
    assert "kta kelahiran" in counter.text


async def test_an_edit_that_left_the_text_alone_is_not_answered_a_second_time(counter: Counter) -> None:
    await counter.says("kk sudah bisa?", message_id=7)
    await counter.says("kk sudah bisa?", kind="edited_message", edit_date=2, message_id=7)
    left_alone = len(counter.called("sendMessage"))
    await counter.says("akta kelahiran sudah bisa?", kind="edited_message", edit_date=3, message_id=7)
    await counter.says("akta kelahiran sudah bisa?", kind="edited_message", edit_date=4, message_id=7)

    assert left_alone == 1
    assert len(counter.called("sendMessage")) == 2
    assert "kta kelahiran" in counter.text


@pytest.mark.parametrize(
    ("command", "read"),
    [
        ("/status", "Layanan"),
        ("/status kk", "Kartu Keluarga"),
        ("/status qwzx", "Maaf"),
        ("/syarat", "gratis"),
        ("/syarat kk", "gratis"),
        ("/jam", "Jam"),
        ("/lokasi", "Jalan Contoh Nomor 1"),
        ("/bahasa", "Bahasa"),
        ("/privasi", "simpan"),
        ("/hapusdata", "hapus"),
        ("/bantuan", "/status"),
        ("/tidakada", "/status"),
    ],
)
async def test_each_command_is_answered(counter: Counter, command: str, read: str) -> None:
    await counter.says(command)

    assert read.lower() in counter.text.lower()
    assert len(counter.called("sendMessage")) == 1


@pytest.mark.parametrize("command", ["/status kk", "/syarat kk", "/langganan kk", "/berhenti kk", "/status"])
async def test_a_personal_number_behind_a_command_is_warned_about(counter: Counter, command: str) -> None:
    await counter.says(f"{command} {NIK}")

    assert counter.text.startswith("🔒")


async def test_a_photo_gets_one_line_and_its_caption_an_answer(counter: Counter) -> None:
    photo = {"photo": [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]}
    await counter.gets(message=message(CITIZEN, **photo))
    alone = counter.text
    await counter.gets(message=message(CITIZEN, caption="kk sudah bisa?", **photo))

    assert "\n" not in alone
    assert counter.text.startswith(alone)
    assert "Kartu Keluarga" in counter.text
    assert {name for name, _ in counter.telegram.calls} == {"sendMessage"}


@pytest.mark.parametrize(
    "content",
    [
        {"voice": {"file_id": "a", "file_unique_id": "a", "duration": 1}},
        {"document": {"file_id": "a", "file_unique_id": "a"}},
        {"location": {"latitude": 0.0, "longitude": 0.0}},
    ],
)
async def test_other_media_get_one_polite_line(counter: Counter, content: dict[str, Any]) -> None:
    await counter.gets(message=message(CITIZEN, **content))

    assert "\n" not in counter.text


async def test_a_corrected_caption_is_answered(counter: Counter) -> None:
    photo = {"photo": [{"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}]}
    await counter.gets(edited_message=message(CITIZEN, caption="kk sudah bisa?", edit_date=2, **photo))

    assert "Kartu Keluarga" in counter.text


async def test_what_happens_in_a_chat_by_itself_is_not_answered(counter: Counter) -> None:
    await counter.gets(message=message(CITIZEN, message_auto_delete_timer_changed={"message_auto_delete_time": 86400}))

    assert counter.telegram.calls == []


@pytest.mark.parametrize(
    ("action", "read"),
    [
        ("s:kk", "Kartu Keluarga"),
        ("s:ktp_cetak:kendari/mpp", "encetakan KTP"),
        ("s:ktp_cetak:kendari/closed", "encetakan KTP"),
        ("all", "Layanan"),
        ("h", "Jam"),
        ("l", "Jalan Contoh Nomor 1"),
        ("c", "Jalan Contoh Nomor 1"),
        ("r:kk", "gratis"),
        ("r:ktp:hilang", "hilang"),
        ("hd", "hapus"),
        ("z:of an earlier version", "Layanan"),
    ],
)
async def test_each_tap_is_acknowledged_and_answered(counter: Counter, action: str, read: str) -> None:
    await counter.taps(action)

    assert [name for name, _ in counter.telegram.calls] == ["answerCallbackQuery", "sendMessage"]
    assert read.lower() in counter.text.lower()


async def test_a_language_is_chosen_and_kept(counter: Counter, fresh: Store) -> None:
    await counter.taps("g:en")

    assert "English" in counter.text
    async with fresh.reading() as session:
        assert (await session.chat_notes(CITIZEN)).language == "en"


async def test_everything_is_deleted_and_the_last_word_is_in_the_chats_language(counter: Counter, fresh: Store) -> None:
    await counter.taps("g:en")
    await counter.taps("a:kk")

    await counter.taps("hd!")

    assert "deleted" in counter.text
    async with fresh.reading() as session:
        assert await session.subscriptions_of(CITIZEN) == ()
        assert (await session.chat_notes(CITIZEN)).language is None


async def test_a_tap_that_came_too_late_to_acknowledge_is_still_answered(counter: Counter) -> None:
    counter.telegram.refuses["answerCallbackQuery"] = (
        400, "Bad Request: query is too old and response timeout expired or query ID is invalid",
    )  # fmt: skip

    await counter.taps("s:kk")

    assert "Kartu Keluarga" in counter.text


async def test_groups_are_not_answered_yet(counter: Counter) -> None:
    group = {"chat": {"id": -100747, "type": "supergroup", "title": "RT 3"}}

    await counter.gets(message=message(CITIZEN, text="ktp sudah bisa?") | group)

    assert counter.telegram.calls == []
