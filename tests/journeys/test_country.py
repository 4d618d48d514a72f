"""The whole country on one bot: asked once where one is, told of one's own office alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.catalogues.indonesia import written
from tests.journeys.deployment import Deployment, clock_at
from tests.journeys.town import Town


@pytest.fixture
async def country(deployment: Deployment, tmp_path: Path) -> Deployment:
    """514 offices on a Monday at 09.00 WIB, read from a file."""
    file = tmp_path / "indonesia.toml"
    file.write_text(written(), "utf-8")
    await deployment.start(CATALOGUE=str(file), **clock_at("2026-08-03 09.00", "Asia/Jakarta"))
    return deployment


async def test_a_report_on_one_city_reaches_who_waits_there_and_nobody_elsewhere(
    town: Town, country: Deployment
) -> None:
    asked = await town.answer(town.citizen, "kabari kalau ktp terganggu")
    here = await town.answer(town.citizen, "kota bogor")
    await town.answer(town.citizen, "/langganan ktp")
    await town.answer(town.neighbour, "/langganan ktp di kota kendari")
    for phone, office in ((town.citizen, "Kota Bogor"), (town.neighbour, "Kota Kendari")):
        await phone.tap(f"Juga bila KTP di {office} terganggu")

    await town.publish("/lapor blangko di kota bogor habis kiriman ditunggu")

    await town.heard(town.citizen, "di Kota Bogor")
    answer = await town.answer(town.citizen, "cetak ktp sudah bisa?")
    elsewhere = await town.answer(town.neighbour, "cetak ktp sudah bisa?")
    hours = [await town.answer(phone, "jam buka?") for phone in (town.citizen, town.neighbour)]
    assert ["15.00 WIB" in hours[0], "15.00 WITA" in hours[1]] == [True, True]
    assert "kabupaten atau kota mana" in asked
    assert "Kota Bogor" in here
    assert "kiriman ditunggu" in answer
    assert "belum ada kabar" in elsewhere.lower()
    assert not await town.said_to(town.neighbour, "Kota Bogor")
