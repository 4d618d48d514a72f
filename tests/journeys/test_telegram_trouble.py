"""Telegram answers late, wrongly or not at all; people block the bot: nobody is lost, nobody waits for another."""

from __future__ import annotations

import asyncio
from typing import Any

from playground.updates import Webhook
from tests.journeys.deployment import STAFF, Deployment
from tests.journeys.town import BACK, CITIZEN, DECIDED, NEIGHBOUR, STRANGER, SUBSCRIBER, Town, until
from tests.phone import Phone, buttons_of

FAULTS = {
    "a flood wait": {"kind": "flood", "retry_after": 1},
    "a gateway's 502": {"kind": "server_error"},
    "a reset before": {"kind": "reset_before"},
    "a reset after": {"kind": "reset_after"},  # Telegram took it, and the bot cannot know: better twice than never
    "no answer": {"kind": "hang", "seconds": 0.3},
}
HIT = dict(zip(range(747100501, 747100601), FAULTS, strict=False))


async def hit(town: Town) -> list[Phone]:
    """A phone for each trouble, which the next message to it meets."""
    return [await town.newcomer(chat, trouble) for chat, trouble in HIT.items()]


async def strike(town: Town) -> None:
    await town.fault("sendMessage", *({**FAULTS[trouble], "chat_id": chat} for chat, trouble in HIT.items()))


def written(town: Town) -> dict[str, int]:
    return {trouble: len(town.written(chat)) for chat, trouble in HIT.items()}


async def test_trouble_delays_an_answer_but_loses_none(town: Town, office: Deployment) -> None:
    phones = await hit(town)
    await strike(town)

    for phone in phones:
        await phone.say("jam buka hari ini")
    for phone in phones:
        await phone.reply()
    assert await office.stop() == 0

    assert written(town) == dict.fromkeys(FAULTS, 1) | {"a reset after": 2}


async def test_trouble_delays_a_notice_but_loses_none(town: Town, office: Deployment) -> None:
    phones = await hit(town)
    await town.publish("/lapor blangko habis")
    for phone in phones:
        await town.answer(phone, "kabari kalau cetak ktp sudah bisa")
    await strike(town)

    await town.publish("/pulih blangko")
    for phone in phones:
        await phone.wait_for(BACK)
    await until(lambda: office.query("SELECT count(*) FROM deliveries WHERE status = 'sent'") == [(len(FAULTS),)])

    assert written(town) == dict.fromkeys(FAULTS, 2) | {"a reset after": 3}  # the first one was the subscription's


async def test_a_chat_that_has_to_wait_stops_nobody_else(town: Town, office: Deployment) -> None:
    await town.fault("sendMessage", {"kind": "flood", "retry_after": 4, "chat_id": CITIZEN})
    await town.citizen.say("jam buka")

    await town.answer(town.neighbour, "jam buka")
    early = town.written(CITIZEN)
    await town.citizen.reply()

    assert early == []


async def test_telegrams_own_flood_limits_delay_and_lose_nothing(town: Town, office: Deployment) -> None:
    town.world.limits.chats = True
    for _ in range(8):
        await town.citizen.say("jam buka")

    await until(lambda: len(town.written(CITIZEN)) == 8)

    assert {call["status"] for call in await town.journal("sendMessage")} == {200, 429}


def chats(office: Deployment) -> set[int]:
    return {chat for (chat,) in office.query("SELECT chat FROM subscriptions")}


async def test_who_cannot_be_reached_for_good_is_not_written_to_again(town: Town, office: Deployment) -> None:
    words = "Forbidden: something that nobody has seen yet"
    await town.publish("/lapor blangko habis")
    for phone in (town.citizen, town.neighbour, town.subscriber, town.stranger):
        await town.answer(phone, "kabari kalau cetak ktp sudah bisa")
    await town.citizen.block()  # an update tells of it
    await until(lambda: CITIZEN not in chats(office))
    town.world.phones[SUBSCRIBER].blocked = True  # while the bot was away
    town.world.phones[STRANGER].deactivated = True
    await town.fault("sendMessage", {"kind": "forbidden", "description": words, "chat_id": NEIGHBOUR})

    await town.publish("/pulih blangko")
    await town.neighbour.wait_for(BACK)  # a refusal of no known kind is not for good
    await until(lambda: chats(office) == set())

    statuses = dict(office.query("SELECT chat, status FROM deliveries"))
    assert statuses == {NEIGHBOUR: "sent", SUBSCRIBER: "gone", STRANGER: "gone"}
    refused = [call["params"]["chat_id"] for call in await town.journal("sendMessage") if call["status"] == 403]
    assert sorted(refused) == sorted((NEIGHBOUR, SUBSCRIBER, STRANGER))


def complaints(office: Deployment) -> list[str]:
    """What the log holds of updates that failed."""
    return [line for line in office.logged().splitlines() if "update_failed" in line or "an update failed" in line]


async def test_two_taps_on_publish_publish_once(town: Town, office: Deployment) -> None:
    shown = await town.preview("/lapor blangko habis")
    publish = next(button for button in buttons_of(shown) if button["text"] == "Terbitkan")
    tap = {"chat_id": STAFF, "message_id": shown["message_id"], "data": publish["callback_data"]}

    for _ in range(2):
        await town.client.post("/api/tap", json=tap)
    await town.staff.wait_for(DECIDED)
    board = await town.answer(town.staff, "/papan")

    assert len(office.query("SELECT number FROM reports")) == 1
    assert await town.heard(town.staff, DECIDED) == 1
    assert "Blangko KTP" in board
    refused = [call["answer"]["description"] for call in await town.journal("editMessageText") if call["status"] == 400]
    assert len(refused) == 1
    assert "message is not modified" in refused[0]
    assert not complaints(office)


async def test_a_tap_that_was_answered_too_late_still_gets_its_answer(town: Town, office: Deployment) -> None:
    await town.answer(town.citizen, "/bantuan")
    town.world.query_lifetime = -1.0

    await town.citizen.tap("Jam buka")
    reply = await town.citizen.reply()

    assert "Jam buka" in reply["text"]
    assert [call["status"] for call in await town.journal("answerCallbackQuery")] == [400]
    assert not complaints(office)


async def test_telegram_away_at_the_start_is_waited_for(town: Town, deployment: Deployment) -> None:
    await town.fault("getMe", {"kind": "reset_before"}, {"kind": "server_error"})
    town.world.updates.set_webhook(Webhook("http://127.0.0.1:9/telegram"))  # that somebody left behind
    await town.citizen.say("jam buka")

    await deployment.start()
    await town.citizen.reply()

    assert "webhook_removed" in deployment.logged()
    assert [call["params"] for call in await town.journal("deleteWebhook")] == [{"drop_pending_updates": False}]


async def test_telegram_away_and_another_poller_are_outlived(town: Town, office: Deployment) -> None:
    async def interrupted() -> bool:
        await town.client.post(f"/bot{town.token}/getUpdates", json={"timeout": 0, "limit": 1})
        return "another_process_polls" in office.logged()

    while not await interrupted():
        await asyncio.sleep(0.05)
    await town.answer(town.citizen, "jam buka")
    await town.fault("getUpdates", {"kind": "server_error"}, {"kind": "reset_before"})
    await town.citizen.say("alamat kantor")
    await town.citizen.wait_for("Alamat")
    await town.citizen.say("syarat kk")
    await town.citizen.wait_for("Syarat")

    assert "telegram_away" in office.logged()


async def odd(town: Town, phone: Phone, **changed: Any) -> None:
    """An update as no Telegram of today sends it."""
    message = await phone.say("/start")
    pending = town.world.phones[phone.chat_id].messages[message["message_id"]]
    town.world.updates.offer("message", pending.as_bot_api() | changed)


async def test_an_unreadable_update_does_not_stop_the_rest(town: Town, office: Deployment) -> None:
    await odd(town, town.citizen, chat={"no": "id"})
    await odd(town, town.neighbour, entities="a word and no list")
    for phone in (town.citizen, town.neighbour):
        await phone.wait_for("penjawab otomatis")  # the /start that was sound

    await town.answer(town.citizen, "jam buka")
    await town.answer(town.neighbour, "jam buka")
    assert await office.stop() == 0

    assert office.logged().count("update_unreadable") == 2
    assert not town.world.updates.pending


async def test_a_failure_of_the_bots_own_is_apologised_for_and_stops_nobody(town: Town, office: Deployment) -> None:
    shown = await town.publish("/lapor blangko habis")
    forged = {"chat_id": STAFF, "message_id": shown["message_id"], "data": "u:bukan-nomor"}
    await town.client.post("/api/tap", json=forged)

    apology = await town.staff.reply()
    await town.answer(town.citizen, "jam buka")
    await town.answer(town.staff, "/papan")

    assert "jawaban sedang tidak bisa diambil" in apology["text"]
    assert complaints(office)
