"""Another office starts by changing CATALOGUE alone: other counters, other services, another zone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.deployment import Deployment, clock_at
from tests.journeys.town import BACK, DECIDED, Town
from tests.phone import labels_of

PONTIANAK = Path(__file__).parents[1] / "catalogues" / "pontianak.toml"
OFFICE, MALL = "Kantor Jalan Contoh", "Gerai Mal Contoh"


@pytest.fixture
async def office(deployment: Deployment) -> Deployment:
    """A Monday in Pontianak, 09.00 WIB."""
    await deployment.start(CATALOGUE=str(PONTIANAK), **clock_at("2026-08-03 09.00", "Asia/Jakarta"))
    return deployment


async def test_an_office_in_wib_speaks_of_itself(town: Town, office: Deployment) -> None:
    greeting = await town.answer(town.citizen, "/start")
    hours = await town.answer(town.citizen, "/jam")
    where = await town.answer(town.citizen, "/lokasi")
    await town.publish("/lapor pusat putus server diperbaiki; sejak 08.10; sampai 14.00")
    outage = await town.answer(town.citizen, "cetak ktp dah bise?")
    unserved = await town.answer(town.citizen, "akta lahir sudah bisa?")

    assert "Disdukcapil Kota Contoh Pontianak" in greeting
    assert "08.00–14.30 WIB" in hours
    assert "10.00–20.00 WIB" in hours
    assert OFFICE in where
    assert MALL in where
    assert "pukul 08.10 WIB" in outage
    assert "pukul 14.00 WIB" in outage
    assert "akta" not in unserved.split("misalnya")[0]
    everything = "\n".join((greeting, hours, where, outage, unserved))
    assert "WITA" not in everything
    assert "Kendari" not in everything
    described = await town.journal("setMyDescription")
    assert "Pontianak" in described[0]["params"]["description"]


async def test_where_its_counters_differ_the_answer_has_a_line_for_each(town: Town, office: Deployment) -> None:
    preview = await town.preview("/lapor ktp cetak di mal belum bisa alat rusak")
    assert f"Pencetakan KTP-el di {MALL}: ❔ belum ada kabar → ⛔ belum bisa" in preview["text"]
    assert "Belum dilaporkan petugas" not in preview["text"]  # at one of the two it was
    await town.staff.tap("Terbitkan")
    await town.staff.wait_for(DECIDED)
    await town.publish("/lapor ktp cetak di kantor sudah bisa")

    lines = (await town.answer(town.citizen, "cetak ktp sudah bisa?")).splitlines()
    board = await town.answer(town.citizen, "/status")

    assert [line for line in lines if line.startswith("✅") and OFFICE in line]
    assert [line for line in lines if line.startswith("⛔") and MALL in line]
    assert f"bisa di {OFFICE}" in board
    assert f"belum bisa di {MALL}" in board


async def test_who_waits_at_one_counter_hears_of_that_counter(town: Town, office: Deployment) -> None:
    await town.publish("/lapor blangko habis")
    await town.citizen.say("/start ktp_cetak-pontianak_mal")
    at_the_mall = await town.citizen.reply()
    await town.citizen.tap("Kabari saya bila sudah bisa")
    noted = await town.citizen.reply()
    await town.answer(town.neighbour, "/start kabari_ktp_cetak-pontianak_sutoyo")
    listed = await town.answer(town.citizen, "/langganan")
    await town.publish("/lapor ktp cetak di kantor belum bisa printer rusak")

    refused = await town.answer(town.staff, "/pulih blangko di bandara")
    await town.publish("/pulih blangko")  # at the office the printer still holds
    told = await town.citizen.wait_for(BACK)
    early = await town.heard(town.neighbour, BACK)
    await town.publish("/pulih ktp cetak di kantor")
    other = await town.neighbour.wait_for(BACK)

    assert "10.00–20.00 WIB" in at_the_mall["text"]
    assert "Hentikan kabar ini" in labels_of(noted)
    assert MALL in noted["text"]
    assert MALL in listed
    assert "bandara" in refused
    assert MALL in told["text"]
    assert early == 0
    assert OFFICE in other["text"]
    assert await town.heard(town.citizen, BACK) == 1


async def test_a_notice_for_one_counter_names_it(town: Town, office: Deployment) -> None:
    await town.publish("/lapor listrik di mal mati")
    await town.answer(town.subscriber, "kabari kalau kk sudah bisa")
    await town.publish("/pulih listrik di mal")

    told = await town.subscriber.wait_for(BACK)

    assert MALL in told["text"]
    assert OFFICE not in told["text"]
    assert "10.00" in told["text"]
    assert "WIB" in told["text"]
