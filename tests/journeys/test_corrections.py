"""A return that did not hold: who was told reads it, who was not told hears nothing, nobody reads opposite things."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.journeys.deployment import Deployment, clock_at
from tests.journeys.town import BACK, CITIZEN, DECIDED, SUBSCRIBER, Town, until
from tests.phone import Phone

CROWD = range(747100401, 747100409)
WAITING = "kabari kalau cetak ktp sudah bisa"
WRONG, RALAT, AGAIN = "Kabar ini ternyata keliru", "Ralat", "terputus lagi"
CHANNEL = -1007471000001


async def crowd(town: Town) -> list[Phone]:
    """People who wait for the printing of KTP."""
    phones = [await town.newcomer(chat, f"Warga {chat}") for chat in CROWD]
    for phone in phones:
        await town.answer(phone, WAITING)
    return phones


async def half_told(town: Town, office: Deployment) -> None:
    """An outage, its end, and the moment at which half of the crowd have heard of it."""
    await office.restart(SEND_RATE="1", NOTICE_GAP="0")  # slow enough for a retraction in the middle
    await town.publish("/lapor blangko habis")
    await crowd(town)
    await town.publish("/pulih blangko")
    await until(lambda: len(told(town, BACK)) >= len(CROWD) // 2)


async def settled(office: Deployment) -> None:
    """Everything that was to be sent has been."""
    unsent = "SELECT id FROM deliveries WHERE ended_at IS NULL"
    unreleased = "SELECT id FROM notices WHERE NOT cancelled AND released_at IS NULL"
    await until(lambda: office.query(f"{unsent} UNION {unreleased}") == [])


def both_halves(town: Town) -> tuple[list[int], list[int]]:
    """Who read anything, and who read nothing: each chat is one or the other."""
    told = [chat for chat in CROWD if said(town, chat)]
    return told, [chat for chat in CROWD if chat not in told]


def told(town: Town, words: str) -> list[int]:
    return [chat for chat in CROWD if words in "\n".join(said(town, chat))]


def said(town: Town, chat: int) -> list[str]:
    """What a chat reads below what it was answered when it asked."""
    return [text for text in town.written(chat) if "kami kabari di sini" not in text or RALAT in text or AGAIN in text]


async def undo(town: Town, number: int) -> None:
    await town.staff.say("/urung")
    await town.staff.wait_for("Laporan mana yang keliru")
    await town.staff.tap(f"Urungkan nomor {number}")
    await town.staff.wait_for("Urungkan laporan ini?")
    await town.staff.tap("Ya, urungkan")
    await town.staff.wait_for("diurungkan pukul")


async def test_a_return_taken_back_is_corrected_for_the_told_and_silent_for_the_others(
    town: Town, office: Deployment
) -> None:
    await half_told(town, office)

    await undo(town, 2)
    await settled(office)

    half, others = both_halves(town)
    assert half
    assert others
    for chat in half:
        changed, ralat = said(town, chat)
        assert changed.startswith(WRONG)
        assert "belum bisa" in changed
        assert ralat.startswith(RALAT)
        assert "belum bisa" in ralat
        assert "Langganan tetap aktif" in ralat
    assert len(office.query("SELECT id FROM subscriptions")) == len(CROWD)


async def test_after_a_correction_the_true_return_reaches_everybody_in_the_old_order(
    town: Town, office: Deployment
) -> None:
    await half_told(town, office)
    await undo(town, 2)
    await settled(office)

    await town.publish("/pulih blangko")
    await until(lambda: len(office.query("SELECT id FROM subscriptions")) == 0)

    assert [said(town, chat)[-1].startswith("✅") for chat in CROWD] == [True] * len(CROWD)
    sent = office.query("SELECT chat FROM deliveries WHERE notice = (SELECT max(id) FROM notices) ORDER BY id")
    assert [chat for (chat,) in sent] == list(CROWD)


async def test_a_relapse_reaches_the_told_once_and_brings_their_wish_back(town: Town, office: Deployment) -> None:
    await half_told(town, office)

    await town.publish("/lapor blangko habis lagi")
    await settled(office)

    half, others = both_halves(town)
    assert half
    assert others
    for chat in half:
        back, again = said(town, chat)
        assert BACK in back
        assert AGAIN in again
    assert len(office.query("SELECT id FROM subscriptions")) == len(CROWD)


async def test_who_stopped_since_is_corrected_and_not_subscribed_again(town: Town, office: Deployment) -> None:
    await town.publish("/lapor blangko habis")
    await town.answer(town.citizen, WAITING)
    await town.publish("/pulih blangko")
    await town.citizen.wait_for(BACK)
    await town.answer(town.citizen, "berhenti")

    await undo(town, 2)
    ralat = await town.citizen.wait_for(RALAT)

    assert "Langganan tetap aktif" not in ralat["text"]
    assert office.query("SELECT id FROM subscriptions") == []


async def test_a_message_that_is_gone_stops_no_correction(town: Town, office: Deployment) -> None:
    await town.publish("/lapor blangko habis")
    await town.answer(town.citizen, WAITING)
    await town.publish("/pulih blangko")
    back = await town.citizen.wait_for(BACK)
    del town.world.phones[CITIZEN].messages[back["message_id"]]

    await undo(town, 2)

    assert "belum bisa" in (await town.citizen.wait_for(RALAT))["text"]


async def test_an_outage_that_never_was_ends_the_wait_of_those_who_asked_meanwhile(
    town: Town, office: Deployment
) -> None:
    await town.publish("/lapor cetak ktp bisa")
    await town.answer(town.subscriber, "/langganan ktp")
    await town.publish("/lapor blangko habis")
    await town.answer(town.citizen, WAITING)

    await undo(town, 2)
    heard = await town.citizen.wait_for("✅")
    await asyncio.sleep(0.5)

    assert "lagi" not in heard["text"].splitlines()[0]
    assert office.query(f"SELECT id FROM subscriptions WHERE chat = {CITIZEN}") == []
    assert await town.heard(town.citizen, "✅") == 1
    assert not await town.said_to(town.subscriber, RALAT)
    assert not await town.said_to(town.subscriber, "✅")


async def test_a_first_report_that_was_wrong_ends_the_wait_for_its_end(town: Town, office: Deployment) -> None:
    await town.publish("/lapor blangko habis")
    await town.answer(town.citizen, WAITING)

    await undo(town, 1)
    heard = await town.citizen.wait_for(RALAT)
    await until(lambda: office.query(f"SELECT id FROM subscriptions WHERE chat = {CITIZEN}") == [])
    await town.publish("/pulih blangko")
    await settled(office)

    assert "pencetakan KTP-el terganggu ternyata keliru" in heard["text"]
    assert await town.heard(town.citizen, RALAT) == 1
    assert not await town.heard(town.citizen, "✅")


async def test_a_morning_of_flapping_is_no_storm_and_no_silence(town: Town, deployment: Deployment) -> None:
    """Jepara's link: down 08.30, up 10.40, down again, up again, and so on."""
    told: dict[str, list[int]] = {}

    async def at(hour: str, line: str | None = None) -> None:
        """At this hour somebody reports, or nobody; how often people have read of good and bad news by then."""
        await deployment.restart(**clock_at(f"2026-08-03 {hour}"), NOTICE_GAP="1800")
        if line:
            await town.publish(line)
        await asyncio.sleep(0.7)
        told[hour] = [await town.heard(phone, words) for phone in people for words in (BACK, AGAIN)]

    people = (town.citizen, town.subscriber)
    await deployment.start(**clock_at("2026-08-03 08.30"))
    await town.answer(town.subscriber, "/langganan cetak ktp")
    await town.subscriber.tap("Juga bila")
    await town.publish("/lapor pusat putus")
    await town.answer(town.citizen, WAITING)
    await at("10.40", "/pulih pusat")
    await at("10.45", "/lapor pusat putus lagi")
    await at("10.50", "/pulih pusat")
    await at("10.55", "/lapor pusat putus lagi")
    await at("11.00", "/pulih pusat")
    await at("11.09")
    await deployment.restart(**clock_at("2026-08-03 11.11"), NOTICE_GAP="1800")
    await until(lambda: all(sum(BACK in text for text in town.written(phone.chat_id)) == 2 for phone in people))
    await settled(deployment)

    assert told == {
        "10.40": [1, 0, 1, 0],
        "10.45": [1, 1, 1, 1],
        "10.50": [1, 1, 1, 1],
        "10.55": [1, 1, 1, 1],
        "11.00": [1, 1, 1, 1],
        "11.09": [1, 1, 1, 1],
    }
    assert [await town.heard(phone, words) for phone in people for words in (BACK, AGAIN)] == [2, 1, 2, 1]
    assert await town.heard(town.subscriber, "belum bisa") == 2  # the outage of 08.30 and the relapse
    assert deployment.query(f"SELECT id FROM subscriptions WHERE chat = {CITIZEN}") == []


@pytest.mark.parametrize("end", ["/urung", "/lapor blangko habis lagi"])
async def test_what_falls_at_night_is_told_to_nobody_in_the_morning(
    town: Town, deployment: Deployment, end: str
) -> None:
    await deployment.start(**clock_at("2026-08-03 20.00"), QUIET_HOURS="21-06")
    await town.publish("/lapor blangko habis")
    await town.answer(town.citizen, WAITING)
    await deployment.restart(**clock_at("2026-08-03 22.30"), QUIET_HOURS="21-06")
    await town.publish("/pulih blangko")

    await deployment.restart(**clock_at("2026-08-04 03.00"), QUIET_HOURS="21-06")
    if end == "/urung":
        await undo(town, 2)
    else:
        await town.publish(end)
    await deployment.restart(**clock_at("2026-08-04 06.30"), QUIET_HOURS="21-06")
    await asyncio.sleep(1)

    assert not [text for text in town.written(CITIZEN) if BACK in text or RALAT in text or AGAIN in text]
    assert len(deployment.query(f"SELECT id FROM subscriptions WHERE chat = {CITIZEN}")) == 1


async def test_a_return_told_in_the_evening_and_fallen_at_night_is_set_right_in_the_morning(
    town: Town, deployment: Deployment
) -> None:
    await deployment.start(**clock_at("2026-08-03 20.00"), QUIET_HOURS="21-06")
    await town.publish("/lapor blangko habis")
    await town.answer(town.citizen, WAITING)
    await town.publish("/pulih blangko")
    await town.citizen.wait_for(BACK)

    await deployment.restart(**clock_at("2026-08-04 03.00"), QUIET_HOURS="21-06")
    await town.publish("/lapor blangko habis lagi")
    await asyncio.sleep(0.7)
    at_night = await town.heard(town.citizen, AGAIN)
    await deployment.restart(**clock_at("2026-08-04 06.01"), QUIET_HOURS="21-06")
    await town.citizen.wait_for(AGAIN)

    assert at_night == 0


async def test_the_channel_reads_outages_at_once_and_returns_and_is_changed_when_corrected(
    town: Town, office: Deployment
) -> None:
    channel = await town.newcomer(CHANNEL, "Disdukcapil")
    await office.restart(CHANNEL_ID=str(CHANNEL))

    await town.publish("/lapor blangko habis")
    outage = await channel.wait_for("belum bisa")
    await town.publish("/pulih blangko")
    back = await channel.wait_for(BACK)
    await undo(town, 2)
    changed = await channel.wait_for(WRONG)
    await asyncio.sleep(0.5)

    assert not outage["reply_markup"]
    assert "Langganan" not in back["text"]
    assert changed["message_id"] == back["message_id"]
    assert len(town.written(CHANNEL)) == 2


async def test_a_channel_that_the_bot_cannot_enter_is_a_warning(town: Town, office: Deployment) -> None:
    await office.restart(CHANNEL_ID="@tidak_ada_di_sini")

    await town.publish("/lapor blangko habis")

    assert '"channel_not_found"' in office.logged()
    assert DECIDED in str(await town.said_to(town.staff, DECIDED))
    assert office.query(f"SELECT id FROM deliveries WHERE chat <> {SUBSCRIBER}") == []


async def test_where_the_catalogue_knows_a_days_work_the_notice_says_how_long_the_queue_may_take(
    town: Town, office: Deployment, tmp_path: Path
) -> None:
    catalogue = tmp_path / "office.toml"
    catalogue.write_text(
        """
        extends = "demo.toml"
        [[services]]
        id = "legalisir"
        daily = 3
        """
    )
    await office.restart(CATALOGUE=str(catalogue))
    await town.publish("/lapor legalisir belum bisa")
    for chat in CROWD:
        phone = await town.newcomer(chat, f"Warga {chat}")
        await town.answer(phone, "kabari kalau legalisir sudah bisa")

    await town.publish("/pulih legalisir")
    await until(lambda: len(told(town, "sekitar 3 orang sehari, jadi antreannya mungkin sekitar 3 hari")) == len(CROWD))
