"""The public face of 514 offices: where to look, then one office by itself; no page lists the country."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.catalogues.indonesia import indonesia, three_offices
from tests.web.site import Site, opened_site
from tests.web.test_page import read


@pytest.fixture
async def country(tmp_path: Path) -> AsyncIterator[Site]:
    async with opened_site(tmp_path, catalogue=indonesia()) as opened:
        await opened.house.posts("lapor pusat di kota bogor putus server diperbaiki")
        await opened.house.posts("lapor blangko di provinsi bali habis")
        yield opened


async def test_the_way_leads_from_province_to_office(country: Site) -> None:
    root = (await country.get("/")).text
    province = (await country.get("/?tempat=jawa_barat")).text

    assert 'href="?tempat=jawa_barat"' in root
    assert "kota_bogor" not in root
    assert 'href="?tempat=kota_bogor"' in province
    assert "Provinsi Bali · ada gangguan di 9 kantor" in read(root)
    assert "Kota Bogor · ada gangguan" in read(province)


async def test_the_page_of_an_office_speaks_of_it_alone(country: Site) -> None:
    bogor = read((await country.get("/?tempat=kota_bogor")).text)
    bali = read((await country.get("/?tempat=kota_denpasar")).text)

    assert "server diperbaiki" in bogor
    assert "blangko" not in bogor
    assert "server diperbaiki" not in bali
    assert "blangko KTP" in bali


@pytest.mark.parametrize("where", ["", "?tempat=jawa_barat", "?tempat=kota_bogor", "?layar=1"])
async def test_no_page_grows_with_the_country(country: Site, where: str) -> None:
    assert len((await country.get(f"/{where}")).text) < 40_000


async def test_programs_read_a_summary_of_the_country_and_of_an_office(country: Site) -> None:
    whole = (await country.get("/api/v2/summary.json")).json()
    bogor = (await country.get("/api/v2/summary.json?tempat=kota_bogor")).json()

    printing = {one["id"]: one["status"] for one in whole["components"]}["ktp_cetak"]
    assert printing in ("partial_outage", "major_outage")
    assert len(str(whole)) < 60_000
    assert len(whole["incidents"]) == 2
    assert [one["name"] for one in bogor["incidents"]] == ["Gangguan jaringan pusat di Kota Bogor"]


async def test_a_feed_of_an_office_tells_what_concerns_it(country: Site) -> None:
    bali = (await country.get("/feed.atom?tempat=kota_denpasar")).text

    assert "Provinsi Bali" in bali
    assert "Kota Bogor" not in bali


async def test_the_page_of_an_office_tells_its_own_time(tmp_path: Path) -> None:
    async with opened_site(tmp_path, catalogue=three_offices()) as site:
        await site.house.posts("lapor pusat putus; sejak 07.10; sampai 14.00")

        pages = {place: read((await site.get(f"/?tempat={place}")).text) for place in ("kota_bogor", "kota_jayapura")}
        status = [
            (await site.get(f"/api/v2/status.json{where}")).json()["page"] for where in ("", "?tempat=kota_jayapura")
        ]

    assert "14.00 WIB" in pages["kota_bogor"]
    assert "16.00 WIT" in pages["kota_jayapura"]
    assert "WIB" not in pages["kota_jayapura"]
    assert [one["time_zone"] for one in status] == ["Asia/Jakarta", "Asia/Jayapura"]
    assert status[1]["updated_at"].endswith("+09:00")
