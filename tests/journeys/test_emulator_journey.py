"""The same journey against an emulator of the Bot API that nobody here wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.emulator import Emulator, emulator
from tests.journeys.deployment import STAFF, Deployment
from tests.journeys.town import BACK, CITIZEN, DECIDED, until

Json = dict[str, Any]


def said_to(emulated: Emulator, chat: int, words: str) -> list[Json]:
    """What the bot wrote, or wrote anew, to a chat with these words, with Telegram's consent."""
    return [
        asked
        for method, asked, told in emulated.calls
        if method in ("sendMessage", "editMessageText")
        and (told["ok"], int(asked["chat_id"])) == (True, chat)
        and words in asked["text"]
    ]


async def hears(emulated: Emulator, chat: int, words: str) -> Json:
    await until(lambda: said_to(emulated, chat, words))
    return said_to(emulated, chat, words)[-1]


async def taps(emulated: Emulator, chat: int, asked: Json, label: str) -> None:
    """Somebody taps a button of this message."""
    markup = asked["reply_markup"]
    rows = (json.loads(markup) if isinstance(markup, str) else markup)["inline_keyboard"]
    data = next(button["callback_data"] for row in rows for button in row if button["text"] == label)
    message_id = next(told["result"]["message_id"] for _, one, told in emulated.calls if one is asked)
    chat_there, bot = {"id": chat, "type": "private", "first_name": "Warga"}, int(emulated.token.partition(":")[0])
    message = {"message_id": message_id, "date": 1, "chat": chat_there, "text": asked["text"]}
    sender = {"id": bot, "is_bot": True, "first_name": "Loket"}
    person = {"id": chat, "is_bot": False, "first_name": "Warga"}
    query = {"id": f"tap-{message_id}-{label}", "from": person, "message": message | {"from": sender}}
    await emulated.inject({"callback_query": query | {"chat_instance": "1", "data": data}})


async def publishes(emulated: Emulator, line: str, message_id: int) -> None:
    await emulated.say(STAFF, line, message_id)
    await taps(emulated, STAFF, await hears(emulated, STAFF, "belum diumumkan"), "Terbitkan")
    await hears(emulated, STAFF, DECIDED)


async def test_the_journey_runs_on_somebody_elses_telegram(tmp_path: Path) -> None:
    async with emulator(tmp_path) as emulated:
        office = Deployment(emulated.base_url, emulated.token, tmp_path)
        try:
            await office.start()
            await emulated.say(CITIZEN, "ktp sudah bisa?", 1)
            await hears(emulated, CITIZEN, "belum ada kabar")
            await publishes(emulated, "/lapor blangko habis kiriman terlambat", 2)
            await emulated.say(CITIZEN, "cetak ktp sudah bisa?", 3)
            outage = await hears(emulated, CITIZEN, "kiriman terlambat")
            await taps(emulated, CITIZEN, outage, "Kabari saya bila sudah bisa")
            await hears(emulated, CITIZEN, "kami kabari di sini")
            earlier = emulated.calls.copy()
            emulated.calls.clear()
            await publishes(emulated, "/pulih blangko", 4)
            await hears(emulated, CITIZEN, BACK)
            code = await office.stop()
        finally:
            await office.close()
        refused = [method for method, _, told in (*earlier, *emulated.calls) if not told["ok"]]

    assert code == 0
    assert len(said_to(emulated, CITIZEN, BACK)) == 1
    # The stop's own getUpdates: Telegram ends the older poll, the emulator refuses the newer one.
    assert refused in ([], ["getUpdates"])
