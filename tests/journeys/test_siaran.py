"""Staff watch a broadcast, stop it, and let it go on: over HTTP, a crash in between."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise

import pytest

from tests.journeys.deployment import PAST_THE_LEASE, STAFF, Deployment
from tests.journeys.town import BACK, Town, until
from tests.patience import ANSWER, START
from tests.phone import Message, labels_of

FIRST = 747200000
CROWD, FEW = 150, 60  # half a minute's: on a slow machine staff need time to stop it
WAITING = range(FIRST, FIRST + CROWD)
RATE, FASTER = 5, 25  # notices a second
EVERY = 3.0  # seconds between two edits of one message


def heard(town: Town) -> int:
    """How many of the crowd read that it is back."""
    return sum(any(BACK in text for text in town.written(chat)) for chat in WAITING if chat in town.world.phones)


async def crowd(town: Town, deployment: Deployment, chats: range) -> None:
    """People who wait for their KTP, written down at once: typing takes long."""
    for chat in chats:
        town.world.add_phone(chat, f"Warga {chat - FIRST + 1}")
        town.world.phones[chat].acquainted = True
    rows = ", ".join(f"({chat}, 'ktp_cetak', 'kendari', 'once', '2017-01-01 00:00:00.000000')" for chat in chats)
    deployment.query(f"INSERT INTO subscriptions (chat, step, place, wish, since) VALUES {rows}")


async def shown(town: Town, message_id: int) -> Message:
    return next(one for one in await town.staff.messages() if one["message_id"] == message_id)


async def wait_until_shown(town: Town, message_id: int, words: str) -> Message:
    last = time.monotonic() + ANSWER
    while True:
        message = await shown(town, message_id)
        if words in message["text"]:
            return message
        assert time.monotonic() < last, message["text"]
        await asyncio.sleep(0.05)


@pytest.fixture
async def broadcast(town: Town, deployment: Deployment, request: pytest.FixtureRequest) -> Message:
    """What was published for all of them, at five a second."""
    await deployment.start(SEND_RATE=str(RATE))
    await town.publish("/lapor blangko habis")
    await crowd(town, deployment, WAITING[: getattr(request, "param", CROWD)])
    return await town.publish("/pulih blangko")


async def test_a_broadcast_is_watched_stopped_and_goes_on_over_a_crash(
    town: Town, deployment: Deployment, broadcast: Message
) -> None:
    # One message with bar, counts, pace and the end.
    await until(lambda: heard(town) >= 3)
    await town.staff.say("/siaran")
    overview = await town.staff.wait_for("Siaran kabar")
    assert "░" in overview["text"]
    assert f"dari {CROWD}" in overview["text"]
    assert "Laju: 5 kabar per detik" in overview["text"]
    assert "Selesai kira-kira" in overview["text"]
    assert labels_of(overview) == ["Hentikan"]

    # It is edited, not repeated.
    while (await shown(town, overview["message_id"]))["text"] == overview["text"]:
        await asyncio.sleep(0.05)
    assert await town.heard(town.staff, "Siaran kabar") == 1

    # Stopped within a second of being told so: no more goes out than in that, and then nothing.
    await town.staff.tap("Hentikan")
    await until(lambda: deployment.query("SELECT 1 FROM notices WHERE paused"))
    told = heard(town)
    await until(lambda: not deployment.query("SELECT 1 FROM deliveries WHERE status IN ('waiting', 'sending')"))
    stopped_at = heard(town)
    assert stopped_at <= told + RATE
    assert stopped_at < CROWD
    await asyncio.sleep(2)
    assert heard(town) == stopped_at
    stopped = await wait_until_shown(town, overview["message_id"], "Dihentikan")
    assert labels_of(stopped) == ["Lanjutkan"]

    # A crash changes nothing of that.
    await deployment.kill()
    await deployment.start(SEND_RATE=str(FASTER), **PAST_THE_LEASE)
    await asyncio.sleep(3)
    assert heard(town) == stopped_at
    assert labels_of(await shown(town, overview["message_id"])) == ["Lanjutkan"]

    # On to the end, and both messages say so.
    await town.staff.tap("Lanjutkan")
    await until(lambda: heard(town) == CROWD, START)
    done = await wait_until_shown(town, overview["message_id"], "Selesai.")
    assert "Tidak ada kabar yang sedang dikirim" in done["text"]
    assert f"Terkirim: {CROWD} dari {CROWD}" in done["text"]
    assert labels_of(done) == []
    result = await wait_until_shown(town, broadcast["message_id"], "Selesai.")
    assert f"Terkirim: {CROWD} dari {CROWD}" in result["text"]
    assert labels_of(result) == ["Urungkan"]

    # Nobody was told twice.
    assert {len(town.written(chat)) for chat in WAITING} == {1}


@pytest.mark.parametrize("broadcast", [FEW], indirect=True)
async def test_progress_is_edited_at_most_every_three_seconds(
    town: Town, deployment: Deployment, broadcast: Message
) -> None:
    await town.staff.say("/siaran")
    await town.staff.wait_for("Siaran kabar")

    await until(lambda: heard(town) == FEW, START)
    await wait_until_shown(town, broadcast["message_id"], "Selesai.")
    await asyncio.sleep(2 * EVERY)

    edits = [call["at"] for call in await town.journal("editMessageText") if int(call["params"]["chat_id"]) == STAFF]
    gaps = [after - before for before, after in pairwise(edits[-6:])]
    assert len(edits) >= 4
    assert min(gaps) > EVERY - 0.1
    assert deployment.query("SELECT count(*) FROM progress_messages") == [(0,)]
