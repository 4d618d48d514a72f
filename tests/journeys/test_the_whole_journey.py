"""A citizen asks, staff report, subscribers are told: over HTTP, the bot a process of its own, on both databases."""

from __future__ import annotations

import json

from tests.journeys.deployment import Deployment, everything_in
from tests.journeys.town import STRANGER, Town
from tests.phone import labels_of

NIK = "7471000102900001"
BACK = "sudah bisa lagi"


async def test_the_whole_journey(town: Town, office_on_both: Deployment, database_url: str) -> None:
    # Nobody has reported: said honestly.
    await town.citizen.say("ktp sudah bisa?")
    unknown = await town.citizen.reply()
    assert "belum ada kabar" in unknown["text"]
    assert "belum bisa" not in unknown["text"]

    # One line, one tap.
    await town.publish("/lapor pusat putus server pusat diputus Kemendagri; sejak 00.00")

    # The truth, in free words: state, cause, since when, no estimate, what still works, and the button.
    await town.citizen.say("min ktp udh bs blm")
    outage = await town.citizen.reply()
    assert "Layanan KTP-el" in outage["text"]
    assert "⛔ Pencetakan: belum bisa" in outage["text"]
    assert "server pusat diputus Kemendagri" in outage["text"]
    assert "sejak hari ini pukul 00.00 WITA" in outage["text"]
    assert "Perkiraan bisa lagi: belum ada" in outage["text"]
    assert "Tidak terkena gangguan ini: pengambilan KTP-el" in outage["text"]
    assert labels_of(outage) == ["Kabari saya bila sudah bisa", "Bagikan"]

    # Two ways of subscribing, and one who changes her mind.
    await town.citizen.tap("Kabari saya bila sudah bisa")
    assert "kami kabari di sini" in (await town.citizen.reply())["text"]
    await town.subscriber.say("kabari kalau ktp sudah bisa ya")
    assert "kami kabari di sini" in (await town.subscriber.reply())["text"]
    await town.neighbour.say("tolong kabari kalo KTP so bisa")
    await town.neighbour.reply()
    await town.neighbour.say("berhenti")
    assert "dihentikan" in (await town.neighbour.reply())["text"]

    # A stranger is refused, and it is recorded.
    await town.stranger.say("/lapor pusat normal")
    assert "khusus petugas" in (await town.stranger.reply())["text"]

    # A personal number is warned about, and the question answered.
    await town.citizen.say(f"NIK saya {NIK}, kk sudah bisa?")
    warned = await town.citizen.reply()
    assert warned["text"].startswith("🔒")
    assert "hapus pesan itu" in warned["text"]
    assert "Kartu Keluarga" in warned["text"]

    # The return reaches those who wait, once, and nobody else.
    await town.publish("/pulih pusat")
    assert BACK in (await town.citizen.wait_for(BACK))["text"]
    assert BACK in (await town.subscriber.wait_for(BACK))["text"]
    await town.citizen.say("ktp sudah bisa?")
    await town.citizen.reply()
    await town.publish("/lapor blangko habis")
    await town.publish("/pulih blangko")
    assert await town.heard(town.citizen, BACK) == 1
    assert await town.heard(town.subscriber, BACK) == 1
    assert await town.heard(town.neighbour, BACK) == 0
    assert await town.heard(town.stranger, BACK) == 0

    # What must stand nowhere stands nowhere.
    assert await office_on_both.stop() == 0
    kept = everything_in(database_url)
    assert str(STRANGER) in kept
    assert "/lapor pusat normal" in kept
    for secret in (NIK, town.token, town.token.partition(":")[2]):
        assert secret not in office_on_both.logged()
        assert secret not in kept
    assert "kk sudah bisa" not in kept


async def test_what_a_terminal_reports_is_told_by_the_running_bot(town: Town, office: Deployment) -> None:
    await town.publish("/lapor blangko habis")
    await town.subscriber.say("kabari kalau cetak ktp bisa")
    await town.subscriber.reply()

    shown = await office.command("report", "blangko", "normal")
    published = await office.command("report", "blangko", "normal", "--yes")
    refused = await office.command("report", "ktp", "yang", "bisa")

    assert shown[0] == 0
    assert "Nothing was published" in shown[1]
    assert published[0] == 0
    assert "Published as report 2" in published[1]
    assert refused[0] == 2
    assert BACK in (await town.subscriber.wait_for(BACK))["text"]


async def test_the_terminal_asks_and_understands(town: Town, office: Deployment) -> None:
    await town.publish("/lapor blangko habis")

    asked = await office.command("ask", "cetak ktp sudah bisa?")
    checked = await office.command("check")

    assert asked[0] == 0
    assert "⛔ Pencetakan KTP-el belum bisa" in asked[1]
    assert checked[0] == 0
    assert "it is @loket_playground_bot's" in checked[1]
    assert town.token not in checked[1]


async def test_the_log_is_json_a_line_an_event(office: Deployment) -> None:
    lines = office.logged().splitlines()

    assert all("event" in json.loads(line) for line in lines)
