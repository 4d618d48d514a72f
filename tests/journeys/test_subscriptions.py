"""Who asked to be told is told: of what they asked for, as often as they asked, when people are awake."""

from __future__ import annotations

import pytest

from tests.journeys.deployment import STAFF, Deployment, clock_at, everything_in
from tests.journeys.town import BACK, CITIZEN, SUBSCRIBER, Town, until
from tests.phone import buttons_of, labels_of

WAITING = "kabari kalau cetak ktp sudah bisa"
GARBAGE = ("sampah", "ktp-bulan", "-", "_", "--", "A" * 64, "hasOwnProperty", "ktp_cetak_")


async def test_once_ends_and_always_goes_on(town: Town, deployment: Deployment) -> None:
    await deployment.start(NOTICE_GAP="0")
    await town.publish("/lapor blangko habis")
    await town.answer(town.citizen, WAITING)
    await town.answer(town.subscriber, "/langganan cetak ktp")
    await town.publish("/pulih blangko")
    last = (await town.citizen.wait_for(BACK))["text"]
    first = await town.subscriber.wait_for(BACK)
    await until(lambda: deployment.query("SELECT chat, wish FROM subscriptions") == [(SUBSCRIBER, "always")])

    await town.publish("/lapor blangko habis")
    await town.publish("/pulih blangko")
    await town.subscriber.wait_for(BACK)
    await town.subscriber.tap("Hentikan kabar ini")
    ended = (await town.subscriber.reply())["text"]

    assert "Langganan kabar ini selesai" in last
    assert "Langganan kabar ini selesai" not in first["text"]
    assert labels_of(first) == ["Hentikan kabar ini"]
    assert "dihentikan" in ended
    assert await town.heard(town.subscriber, BACK) == 2


async def test_a_limited_return_is_told_once_and_the_wait_goes_on(town: Town, deployment: Deployment) -> None:
    await deployment.start(NOTICE_GAP="0")
    await town.publish("/lapor ktp cetak belum bisa")
    await town.answer(town.citizen, WAITING)

    await town.publish("/lapor ktp cetak terbatas")
    told = (await town.citizen.wait_for("secara terbatas"))["text"]
    await until(lambda: deployment.query("SELECT limited_told FROM subscriptions") == [(1,)])
    await town.publish("/lapor ktp cetak terbatas satu alat rusak")
    await town.publish("/pulih ktp cetak")
    await town.citizen.wait_for("sudah bisa")

    assert "Kami kabari lagi begitu pencetakan KTP-el bisa sepenuhnya" in told
    assert await town.heard(town.citizen, "secara terbatas") == 1
    await until(lambda: deployment.query("SELECT chat FROM subscriptions") == [])


async def test_outages_are_told_to_those_who_asked_for_them(town: Town, office: Deployment) -> None:
    await town.answer(town.citizen, "/langganan kk")
    await town.answer(town.subscriber, "/langganan kk")
    await town.subscriber.tap("Juga bila KK terganggu")
    on = (await town.subscriber.reply())["text"]

    await town.publish("/lapor pusat putus server diputus")
    told = await town.subscriber.wait_for("Kartu Keluarga")
    await town.answer(town.subscriber, "/langganan")
    await town.subscriber.tap("Tanpa kabar gangguan KK")
    off = (await town.subscriber.reply())["text"]
    await town.publish("/pulih pusat")
    await town.citizen.wait_for("KK")
    await town.subscriber.wait_for("KK")

    assert "juga kami kabarkan" in on
    assert "server diputus" in told["text"]
    assert "tidak lagi" in off
    assert await town.heard(town.citizen, "server diputus") == 0
    assert await town.heard(town.subscriber, "server diputus") == 1


async def test_one_report_that_revives_many_is_one_message_with_the_three_asked_for(
    town: Town, office: Deployment
) -> None:
    await town.publish("/lapor akta lahir, akta mati, akta kawin, surat pindah, kia belum bisa")
    for service in ("akta lahir", "surat pindah", "kia"):
        await town.answer(town.citizen, f"kabari kalau {service} sudah bisa")
    before = len(await town.said_to(town.citizen))

    await town.publish("/lapor akta lahir, akta mati, akta kawin, surat pindah, kia sudah bisa")
    told = (await town.citizen.wait_for(BACK))["text"]
    await town.answer(town.staff, "/papan")

    assert len(await town.said_to(town.citizen)) == before + 1
    headline = told.splitlines()[0].lower()
    assert all(name in headline for name in ("akta kelahiran", "pindah", "kia"))
    assert "kematian" not in told
    assert "perkawinan" not in told


async def test_good_news_waits_for_the_morning(town: Town, deployment: Deployment) -> None:
    quiet = {"QUIET_HOURS": "21-06"}
    await deployment.start(**quiet, **clock_at("2026-08-04 21.30"))
    await town.publish("/lapor blangko habis")
    await town.answer(town.citizen, WAITING)
    preview = await town.preview("/pulih blangko")
    await town.staff.tap("Terbitkan")
    published = await town.staff.wait_for("Sudah diumumkan")
    await deployment.restart(**quiet, **clock_at("2026-08-05 05.55"))
    await town.answer(town.citizen, "jam buka")
    at_night = await town.heard(town.citizen, BACK)

    await deployment.restart(**quiet, **clock_at("2026-08-05 06.01"))
    told = await town.citizen.wait_for(BACK)

    assert "besok, Rabu, 5 Agustus pukul 06.00 WITA" in preview["text"]
    assert "Kirim sekarang" in labels_of(published)
    assert at_night == 0
    assert "hari ini, Rabu, 5 Agustus 2026" in told["text"]


async def test_a_relapse_during_the_hold_cancels_the_good_news(town: Town, deployment: Deployment) -> None:
    await deployment.start(RESUME_HOLD="1")
    await town.publish("/lapor blangko habis")
    await town.answer(town.citizen, WAITING)
    await town.publish("/pulih blangko")
    await town.publish("/lapor blangko habis lagi")
    await town.publish("/lapor legalisir belum bisa")
    await town.answer(town.subscriber, "kabari kalau legalisir sudah bisa")

    await town.publish("/pulih legalisir")
    await town.subscriber.wait_for(BACK)  # a hold later

    assert await town.heard(town.citizen, BACK) == 0
    await until(lambda: deployment.query("SELECT chat FROM subscriptions") == [(CITIZEN,)])


async def test_stopping_one_leaves_the_others(town: Town, office: Deployment) -> None:
    await town.answer(town.citizen, "/langganan ktp")
    await town.answer(town.citizen, "/langganan kk")

    stopped = await town.answer(town.citizen, "/berhenti ktp")
    listed = await town.answer(town.citizen, "/langganan")
    await town.answer(town.citizen, "/berhenti")
    nothing = await town.answer(town.citizen, "/berhenti")

    assert "KTP" in stopped
    assert "Kartu Keluarga" in listed
    assert "KTP-el:" not in listed
    assert "Tidak ada langganan aktif" in nothing


async def test_the_list_of_subscriptions_adds_and_stops(town: Town, office: Deployment) -> None:
    await town.citizen.say("/langganan")
    empty = await town.citizen.reply()
    for label in labels_of(empty):
        await town.citizen.tap(label)
        await town.citizen.reply()
    await town.citizen.say("/langganan")
    full = await town.citizen.reply()
    stops = [button["text"] for button in buttons_of(full) if button["callback_data"].startswith("x:")]
    for label in stops:
        await town.citizen.tap(label)
        await town.citizen.reply()

    assert labels_of(empty)[0] == "Tambah KTP"
    assert len(stops) > len(labels_of(empty))  # KTP has three steps
    assert office.query("SELECT chat FROM subscriptions") == []


@pytest.fixture
async def down(town: Town, office: Deployment) -> Deployment:
    await town.publish("/lapor ktp cetak belum bisa")
    return office


async def test_deep_links_open_what_they_name(town: Town, down: Deployment) -> None:
    service = await town.answer(town.citizen, "/start ktp")
    step = await town.answer(town.citizen, "/start ktp_cetak")
    there = await town.answer(town.citizen, "/start ktp-kendari_mpp")
    subscribed = await town.answer(town.citizen, "/start kabari_ktp")
    greetings = [await town.answer(town.neighbour, f"/start {payload}") for payload in GARBAGE]
    offers = [await town.answer(town.neighbour, f"/start {payload}") for payload in ("kabari_", "kabari_sampah")]

    assert service.startswith("Layanan KTP-el")
    assert "Pencetakan KTP-el belum bisa" in step
    assert there.startswith("Tidak dilayani di Mal Pelayanan Publik")
    assert "kami kabari di sini begitu pencetakan KTP-el" in subscribed
    assert all(greeting.startswith("Selamat ") for greeting in greetings)
    assert all(offer.startswith("Kabar layanan apa") for offer in offers)
    assert {chat for (chat,) in down.query("SELECT chat FROM subscriptions")} == {town.citizen.chat_id}


async def test_forgetting_a_chat_leaves_nothing_of_it(town: Town, office: Deployment) -> None:
    await town.publish("/lapor blangko habis")
    await town.answer(town.subscriber, "/langganan ktp")
    await town.answer(town.subscriber, "/bahasa")
    await town.subscriber.tap("English")
    await town.subscriber.reply()
    await town.answer(town.subscriber, "/lapor blangko habis")
    await town.publish("/pulih blangko")
    await until(lambda: office.query(f"SELECT 1 FROM deliveries WHERE chat = {SUBSCRIBER} AND status = 'sent'"))
    held = everything_in(f"sqlite:///{office.database}")

    await town.subscriber.say("/hapusdata")
    await town.subscriber.reply()
    await town.subscriber.tap("Yes")
    await town.subscriber.reply()
    assert await office.stop() == 0

    kept = everything_in(f"sqlite:///{office.database}")
    assert str(SUBSCRIBER) in held
    assert str(SUBSCRIBER) not in kept
    assert "Arif" not in kept
    assert str(STAFF) in kept  # who reported what stays
