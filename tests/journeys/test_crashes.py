"""Killed at the worst moments, the bot loses nothing; asked to stop, it finishes what it has in hand."""

from __future__ import annotations

from tests.journeys.deployment import PAST_THE_LEASE, STAFF, Deployment
from tests.journeys.town import BACK, DECIDED, NEIGHBOUR, SUBSCRIBER, Town, until

CROWD = range(747100401, 747100413)
QUESTIONS = {"syarat kk": "Syarat", "jam buka": "Jam buka", "alamat kantor": "Alamat dan kontak"}


def kinds(texts: list[str]) -> list[str]:
    """Which question each answer answers; a repeated answer counts once."""
    kinds = [next(kind for kind in QUESTIONS.values() if kind in text) for text in texts]
    return list(dict.fromkeys(kinds))


async def test_a_kill_between_acceptance_and_settling_repeats_only_what_was_in_flight(
    town: Town, office: Deployment
) -> None:
    await town.publish("/lapor blangko habis")
    for phone in (town.neighbour, town.subscriber):
        await town.answer(phone, "kabari kalau cetak ktp sudah bisa")
    await town.fault("sendMessage", {"kind": "hang", "taken": True, "seconds": 30, "chat_id": SUBSCRIBER})
    await town.publish("/pulih blangko")
    await town.subscriber.wait_for(BACK)  # taken, but the bot never hears so
    await until(lambda: office.query(f"SELECT 1 FROM deliveries WHERE chat = {NEIGHBOUR} AND status = 'sent'"))

    await office.kill()
    await office.start(**PAST_THE_LEASE)
    await until(lambda: office.query(f"SELECT 1 FROM deliveries WHERE chat = {SUBSCRIBER} AND status = 'sent'"))

    assert await town.heard(town.neighbour, BACK) == 1
    assert await town.heard(town.subscriber, BACK) == 2
    assert office.query(f"SELECT repeats FROM deliveries WHERE chat = {SUBSCRIBER}") == [(1,)]
    assert office.query("SELECT chat FROM subscriptions") == []


async def test_a_kill_between_report_and_notices_loses_no_notice(town: Town, deployment: Deployment) -> None:
    await deployment.start(RESUME_HOLD="8")
    await town.publish("/lapor blangko habis")
    await town.answer(town.subscriber, "kabari kalau cetak ktp sudah bisa")
    await town.publish("/pulih blangko")

    await deployment.kill()
    before = await town.heard(town.subscriber, BACK)
    await deployment.start(**PAST_THE_LEASE)
    await town.subscriber.wait_for(BACK)
    assert await deployment.stop() == 0

    assert before == 0
    assert await town.heard(town.subscriber, BACK) == 1


async def test_a_kill_during_a_poll_loses_no_question_and_keeps_their_order(town: Town, office: Deployment) -> None:
    crowd = [await town.newcomer(chat, f"Warga {chat}") for chat in CROWD]
    await town.fault("sendMessage", {"kind": "slow", "seconds": 0.15, "times": 20})
    for question in QUESTIONS:
        for phone in crowd:
            await phone.say(question)
    await until(lambda: sum(bool(town.written(chat)) for chat in CROWD) >= 5)

    await office.kill()
    await town.fault("sendMessage")
    unanswered = sum(kinds(town.written(chat)) != list(QUESTIONS.values()) for chat in CROWD)
    await office.start()
    await until(lambda: all(kinds(town.written(chat)) == list(QUESTIONS.values()) for chat in CROWD))
    assert await office.stop() == 0

    assert unanswered > 0
    assert not town.world.updates.pending
    assert max(len(town.written(chat)) for chat in CROWD) <= 2 * len(QUESTIONS)


async def test_a_kill_between_publishing_and_its_reply_publishes_once_and_shows_it(
    town: Town, office: Deployment
) -> None:
    await town.publish("/lapor blangko habis")
    await town.answer(town.subscriber, "kabari kalau cetak ktp sudah bisa")
    await town.preview("/pulih blangko")
    await town.fault("editMessageText", {"kind": "hang", "seconds": 30, "chat_id": STAFF})
    await town.staff.tap("Terbitkan")
    await until(lambda: len(office.query("SELECT number FROM reports")) == 2)

    await office.kill()
    await town.fault("*")
    await office.start(**PAST_THE_LEASE)
    shown = await town.staff.wait_for(DECIDED)
    await town.subscriber.wait_for(BACK)

    assert "Urungkan" in str(shown["reply_markup"])
    assert len(office.query("SELECT number FROM reports")) == 2
    assert len(office.query("SELECT id FROM notices WHERE report = 2")) == 1


async def test_a_stop_finishes_what_is_in_hand(town: Town, office: Deployment) -> None:
    crowd = [await town.newcomer(chat, f"Warga {chat}") for chat in CROWD]
    await town.fault("sendMessage", {"kind": "slow", "seconds": 0.5, "times": len(CROWD)})
    for phone in crowd:
        await phone.say("jam buka")
    await until(lambda: all(town.written(chat) for chat in CROWD))  # taken, not one of them answered to the bot yet

    code = await office.stop()
    await office.start()
    await town.answer(town.citizen, "jam buka")

    assert code == 0
    assert [len(town.written(chat)) for chat in CROWD] == [1] * len(CROWD)
