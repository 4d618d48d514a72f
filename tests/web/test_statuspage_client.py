"""A program that somebody else wrote for Statuspage reads ours: it polls the summary over HTTP."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.rules.reports import Estimate, Moment
from bot.web.server import serving
from tests.rules.small_office import at
from tests.web.site import HOSTILE, KENDARI, Site
from tests.web.test_statuspage import down

OFFICE, ROOT = KENDARI.main_counter.path, KENDARI.root.path


@pytest.fixture
def poll(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the exporter makes of our summary; it looks for its settings, and keeps its notes, where it runs."""
    (tmp_path / "services.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    from statuspage_prometheus_exporter.service_checker import check_service_status  # reads its settings at once

    async def polled() -> Any:
        async with serving(site.app, 0) as port:
            asked = {"url": f"http://127.0.0.1:{port}/api/v2/summary.json?bahasa=en"}
            return await asyncio.to_thread(check_service_status, "disdukcapil", asked)

    return polled


async def test_it_reads_components_incidents_and_maintenance(site: Site, poll: Any) -> None:
    await site.asserts(down("central_link", ROOT, cause="cable cut"))
    await site.asserts(down("ikd", OFFICE, planned_from=at(3, 8), estimate=Estimate(Moment(at(3, 14)))))

    read = await poll()

    assert (read["success"], read["status"], read["raw_status"]) == (True, 0, "major")
    (incident,), (maintenance,) = read["incident_metadata"], read["maintenance_metadata"]
    assert (incident["status"], incident["impact"]) == ("identified", "major")
    assert "Family card" in " ".join(incident["affected_components"])
    assert (maintenance["status"], maintenance["scheduled_start"][:16]) == ("scheduled", "2023-02-03T08:00")
    components = {one["name"]: one["status"] for one in read["component_metadata"]}
    assert components["Certified copies"] == "operational"
    assert "major_outage" in components.values()


async def test_it_reads_that_all_is_well(site: Site, poll: Any) -> None:
    await site.asserts(down("kk", cause=HOSTILE))
    await site.house.posts("pulih kk")

    read = await poll()

    assert (read["success"], read["status"], read["raw_status"], read["incident_metadata"]) == (True, 1, "none", [])


async def test_what_staff_wrote_is_no_more_than_words_to_it(site: Site, poll: Any) -> None:
    await site.asserts(down("kk", cause=HOSTILE))

    read = await poll()

    assert read["success"]
    assert json.loads(json.dumps(read)) == read
