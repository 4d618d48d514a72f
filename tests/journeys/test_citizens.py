"""Everything a citizen can type, tap or send gets an answer, in the order in which it came."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from playground import people
from playground.world import Message
from tests.journeys.deployment import Deployment
from tests.journeys.town import CITIZEN, Town, until

SAID = (
    "/start",
    "/status",
    "/status ktp",
    "/syarat",
    "/syarat ktp",
    "/jam",
    "/lokasi",
    "/langganan",
    "/langganan kk",
    "/berhenti kk",
    "/berhenti",
    "/riwayat",
    "/riwayat kk",
    "/bahasa",
    "/privasi",
    "/hapusdata",
    "/bantuan",
    "/perintahyangtidakada",
    "selamat pagi",
    "kabari saya",
    "layanan apa yang terganggu?",
    "ktp saya sudah jadi belum?",
    "pelayanannya lambat sekali",
    "xqzv wpfk",
    "zzkx qqqv",
    "vvkq xxzq",
)
APOLOGY = "jawaban sedang tidak bisa diambil"


def bot_messages(town: Town) -> list[Message]:
    return [message for message in town.world.phones[CITIZEN].messages.values() if message.out]


def buttons(message: Message) -> Iterator[str]:
    """What the taps under a message carry."""
    for row in (message.reply_markup or {}).get("inline_keyboard", []):
        yield from (button["callback_data"] for button in row if "callback_data" in button)


async def walk(town: Town, text: str, tapped: set[str]) -> None:
    """A text, then every button below its answer, then every button below theirs: each once in the whole walk."""
    known = len(bot_messages(town))
    people.say(town.world, CITIZEN, text)
    await until(lambda: len(bot_messages(town)) > known)
    seen = known
    while seen < len(bot_messages(town)):
        message = bot_messages(town)[seen]
        seen += 1
        for data in buttons(message):
            if data not in tapped:
                tapped.add(data)
                before = len(bot_messages(town))
                people.tap(town.world, CITIZEN, message.message_id, data)
                await until(lambda: len(bot_messages(town)) > before)  # noqa: B023 -- awaited at once


def fine(town: Town, office: Deployment) -> bool:
    said = "\n".join(town.written(CITIZEN))
    return APOLOGY not in said and "failed" not in office.logged() and "{" not in said


@pytest.mark.parametrize("reports", [(), ("/lapor pusat putus server diputus; kecuali kk", "/lapor legalisir bisa")])
async def test_no_button_is_a_dead_end(town: Town, office: Deployment, reports: tuple[str, ...]) -> None:
    for line in reports:
        await town.publish(line)
    tapped: set[str] = set()

    for text in SAID:
        await walk(town, text, tapped)

    assert {data.partition(":")[0] for data in tapped} >= {
        "a",
        "all",
        "c",
        "g",
        "h",
        "hd",
        "hd!",
        "k",
        "o",
        "r",
        "s",
        "x",
    }
    assert len(tapped) > 40
    assert fine(town, office)


async def test_what_is_no_text_gets_one_polite_line_and_nothing_is_fetched(town: Town, office: Deployment) -> None:
    citizen = town.citizen
    await citizen.photo()
    photo = (await citizen.reply())["text"]
    await citizen.photo("kk sudah bisa?")
    captioned = (await citizen.reply())["text"]
    town.sends(citizen, voice={"file_id": "suara", "file_unique_id": "s", "duration": 3})
    voice = (await citizen.wait_for("ketik"))["text"]
    sticker = {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1}
    town.sends(citizen, sticker=sticker | {"is_animated": False, "is_video": False})
    await citizen.wait_for("Silakan ketik nama layanan")
    town.sends(citizen, document={"file_id": "berkas", "file_unique_id": "b"})
    await citizen.wait_for("Berkas tidak kami buka")
    town.sends(citizen, location={"latitude": -3.97, "longitude": 122.51})
    await citizen.wait_for("hanya bisa membaca tulisan")
    town.sends(citizen, pinned_message=None, new_chat_title="bukan pesan")
    await town.answer(citizen, "jam buka")

    assert photo.startswith("🔒")
    assert len(photo.splitlines()) == 1
    assert captioned.startswith("🔒")
    assert "Kartu Keluarga" in captioned
    assert "tulisan" in voice
    assert not await town.journal("getFile")
    assert len(town.written(CITIZEN)) == 7


async def test_an_edited_question_is_answered_anew(town: Town, office: Deployment) -> None:
    await town.answer(town.citizen, "syarat kk")
    await town.citizen.edit_last("syarat kia")

    assert "KIA" in (await town.citizen.reply())["text"]


async def test_an_edited_command_is_answered_as_a_command(town: Town, office: Deployment) -> None:
    await town.answer(town.citizen, "/status ktp")
    await town.citizen.edit_last("/status kk")
    status = (await town.citizen.reply())["text"]
    await town.answer(town.staff, "/lapor blanko hilang")
    await town.staff.edit_last("/lapor blangko habis")
    await town.staff.wait_for("belum diumumkan")

    assert status.startswith("❔ Kartu Keluarga (KK)")


async def test_english_is_answered_in_english_and_chosen_for_good(town: Town, office: Deployment) -> None:
    asked = await town.answer(town.citizen, "is the id card printing working today?")
    indonesian = await town.answer(town.citizen, "ktp sudah bisa?")
    await town.answer(town.citizen, "/bahasa")
    await town.citizen.tap("English")
    chosen = (await town.citizen.reply())["text"]
    english = await town.answer(town.citizen, "ktp sudah bisa?")
    await town.answer(town.citizen, "/bahasa")
    await town.citizen.tap("Bahasa Indonesia")
    back = (await town.citizen.reply())["text"]

    assert "no word yet" in asked
    assert "belum ada kabar" in indonesian
    assert "English" in chosen
    assert "KTP" in english
    assert "belum" not in english
    assert "bahasa Indonesia" in back


ODD = {
    "the longest that Telegram takes": "ktp " * 1024,
    "one long word": "k" * 4096,
    "emoji alone": "🙏🏽👨‍👩‍👧‍👦🇮🇩",
    "Arabic": "هل بطاقة الهوية جاهزة؟",
    "right to left marks": "\u202ektp sudah bisa?\u202c",
    "zero-width characters": "k\u200bt\u200dp s\u2060udah b\ufeffisa?",
    "nothing visible": "\u200b\u2060",
    "a combining storm": "k̷̢̛t̸̡̛p̶ bisa?",
    "markup": "<b>ktp</b> & <a href='x'>bisa</a>?",
    "format": "{step} %s %(x)s ktp {0}",
    "lines": "\n\n\nktp\n\nbisa\n",
    "a lone slash": "/",
    "a command with an address": "/status@loket_playground_bot ktp",
    "a surrogate's neighbour": "ktp \U0010ffff \ue000 bisa?",
}


async def test_whatever_is_written_gets_an_answer(town: Town, office: Deployment) -> None:
    answers = {}
    for what, text in ODD.items():
        answers[what] = await town.answer(town.citizen, text)

    for what in ("zero-width characters", "right to left marks", "lines", "a command with an address"):
        assert "KTP" in answers[what], (what, answers[what])
        assert "belum ada kabar" in answers[what], (what, answers[what])
    assert fine(town, office)


async def test_thirty_quick_messages_are_answered_in_order(town: Town, office: Deployment) -> None:
    asked = ["syarat kk", "jam buka", "alamat kantor"] * 10
    wanted = ["Syarat", "Jam buka", "Alamat"] * 10
    for text in asked:
        people.say(town.world, CITIZEN, text)

    await until(lambda: len(town.written(CITIZEN)) == len(asked))

    answers = town.written(CITIZEN)
    assert [word for word, answer in zip(wanted, answers, strict=True) if word in answer] == wanted
