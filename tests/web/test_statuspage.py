"""The API in Statuspage's shape, validated by its own description and by what Statuspage documents."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from bot.rules.catalogue import State
from bot.rules.reports import Assertion, Estimate, Moment
from tests.rules.small_office import at
from tests.web.site import HERE, KENDARI, Site

PATHS = ("summary", "status", "components", "incidents", "scheduled-maintenances")
ROOT = KENDARI.root.path
OFFICE = KENDARI.main_counter.path


async def component(site: Site, name: str) -> Any:
    told = await site.json("/api/v2/components.json")
    return next(one for one in told["components"] if one["id"] == name)


def down(target: str, place: str = OFFICE, state: State = State.UNAVAILABLE, **more: Any) -> Assertion:
    return Assertion(target, place, state, **more)


async def test_components_are_steps_grouped_by_service(site: Site) -> None:
    told = (await site.json("/api/v2/components.json"))["components"]

    groups = {one["id"]: one["components"] for one in told if one["group"]}
    steps = {one["id"]: one["group_id"] for one in told if not one["group"]}
    assert groups["layanan-ktp"] == ["ktp_rekam", "ktp_cetak", "ktp_ambil"]
    assert set(steps) == set(KENDARI.steps)
    assert all(step in groups[group] for step, group in steps.items())
    assert len({one["id"] for one in told}) == len(told)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (State.AVAILABLE, "operational"),
        (State.LIMITED, "degraded_performance"),
        (State.UNAVAILABLE, "major_outage"),
    ],
)
async def test_a_state_is_told_by_statuspages_word(site: Site, state: State, status: str) -> None:
    await site.asserts(down("kk", state=state))

    assert (await component(site, "kk"))["status"] == status
    assert (await component(site, "layanan-kk"))["status"] == status


async def test_what_nobody_reported_is_operational_with_a_note(site: Site) -> None:
    told = await component(site, "kk")

    assert told["status"] == "operational"
    assert told["description"] == "Belum ada kabar dari petugas tentang layanan ini."


async def test_what_is_down_at_one_counter_of_two_is_partly_out(site: Site) -> None:
    await site.asserts(down("kk"), down("kk", "kendari/mpp", State.AVAILABLE))

    told = await component(site, "kk")

    assert told["status"] == "partial_outage"
    assert "Kantor Disdukcapil: Belum bisa." in told["description"]


@pytest.mark.parametrize(
    ("targets", "indicator"),
    [
        ({}, "none"),
        ({"legalisir": State.AVAILABLE}, "none"),
        ({"legalisir": State.LIMITED}, "minor"),
        ({"legalisir": State.LIMITED, "kk": State.UNAVAILABLE}, "major"),
        ({"counter": State.UNAVAILABLE}, "critical"),
    ],
)
async def test_the_whole_is_as_bad_as_its_worst(site: Site, targets: dict[str, State], indicator: str) -> None:
    for target, state in targets.items():
        await site.asserts(down(target, state=state))

    assert (await site.json("/api/v2/status.json"))["status"]["indicator"] == indicator


async def test_an_incident_is_told_from_beginning_to_end(site: Site) -> None:
    await site.asserts(down("central_link", ROOT))
    site.house.watch.goes_on(hours=1)
    await site.asserts(
        down("central_link", ROOT, cause="server pusat diperbaiki", estimate=Estimate(Moment(at(3, 14))))
    )
    (going_on,) = (await site.json("/api/v2/summary.json"))["incidents"]
    site.house.watch.goes_on(hours=20)
    await site.asserts(down("central_link", ROOT, State.AVAILABLE))
    (over,) = (await site.json("/api/v2/incidents.json"))["incidents"]

    assert (going_on["status"], going_on["impact"], going_on["resolved_at"]) == ("identified", "major", None)
    assert going_on["name"] == "Gangguan jaringan pusat"
    assert [one["status"] for one in over["incident_updates"]] == ["resolved", "identified", "investigating"]
    assert over["incident_updates"][1]["body"] == (
        "Jaringan pusat: terganggu. Sebab: server pusat diperbaiki."
        " Perkiraan selesai: Jumat, 3 Februari 2023 pukul 14.00 WITA."
    )
    assert datetime.fromisoformat(over["resolved_at"]) == at(3, 6)
    assert (over["id"], over["shortlink"]) == (going_on["id"], f"{HERE}/#g1")
    assert "ktp_cetak" in [one["id"] for one in over["components"]]
    assert (await site.json("/api/v2/summary.json"))["incidents"] == []


async def test_maintenance_goes_from_scheduled_to_completed(site: Site) -> None:
    ends = Estimate(Moment(at(3, 14)))
    await site.asserts(down("kk", cause="pemutakhiran", estimate=ends, planned_from=at(3, 8)))
    stages = []
    for now in (at(2, 10), at(3, 9), at(3, 15)):
        site.house.watch.now = now
        (told,) = (await site.json("/api/v2/summary.json"))["scheduled_maintenances"]
        stages.append(told["status"])
    await site.asserts(down("kk", state=State.AVAILABLE))
    (over,) = (await site.json("/api/v2/scheduled-maintenances.json"))["scheduled_maintenances"]

    assert stages == ["scheduled", "in_progress", "verifying"]
    assert (over["status"], over["impact"]) == ("completed", "maintenance")
    assert datetime.fromisoformat(over["scheduled_for"]) == at(3, 8)
    assert datetime.fromisoformat(over["scheduled_until"]) == at(3, 14)
    assert (await site.json("/api/v2/summary.json"))["scheduled_maintenances"] == []
    assert (await site.json("/api/v2/incidents.json"))["incidents"] == []


async def test_every_answer_is_as_it_is_described(site: Site) -> None:
    await site.asserts(down("central_link", ROOT, cause="kabel putus"), down("kk", state=State.LIMITED))
    await site.asserts(down("ikd", planned_from=at(3, 8), estimate=Estimate(None)))
    described = await site.json("/api/openapi.json")

    for name in PATHS:
        path = f"/api/v2/{name}.json"
        schema = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        whole = json.loads(json.dumps(schema).replace("#/components/", "#/$defs/"))
        parts = json.loads(json.dumps(described["components"]).replace("#/components/", "#/$defs/"))
        Draft202012Validator({**whole, "$defs": parts}, validate_formats=True).validate(await site.json(path))


async def test_other_sites_may_read_it(site: Site) -> None:
    for path in (*(f"/api/v2/{name}.json" for name in PATHS), "/api/openapi.json", "/feed.atom", "/badge/ktp.svg"):
        answer = await site.get(path, origin="https://kendari.example")
        assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in (await site.get("/", origin="https://kendari.example")).headers


async def test_it_speaks_english_where_that_is_asked_for_by_name_alone(site: Site) -> None:
    asked = await site.json("/api/v2/status.json?bahasa=en")
    preferring = (await site.get("/api/v2/status.json", accept_language="en")).json()

    assert asked["status"]["description"] == "No word from staff yet"
    assert preferring["status"]["description"] == "Belum ada kabar dari petugas"


async def test_its_words_stay_true_when_they_are_read_later(site: Site) -> None:
    await site.asserts(down("kk", cause="kabel putus", estimate=Estimate(Moment(at(3, 14)))))

    for path in ("/api/v2/summary.json", "/feed.atom"):
        told = (await site.get(path)).text
        assert "hari ini" not in told
        assert "besok" not in told
        assert "Jumat, 3 Februari 2023 pukul 14.00 WITA" in told


async def test_what_only_limits_is_minor_and_what_touches_nothing_is_none(site: Site) -> None:
    await site.asserts(down("kk", state=State.LIMITED))
    await site.asserts(down("blanks", ROOT, spares=frozenset(KENDARI.steps)))

    nothing, minor = (await site.json("/api/v2/incidents.json"))["incidents"]

    assert (minor["impact"], minor["incident_updates"][0]["body"]) == (
        "minor",
        "Kartu Keluarga (KK) di Kantor Disdukcapil: terbatas.",
    )
    assert (nothing["impact"], nothing["components"]) == ("none", [])


async def test_what_is_limited_at_one_counter_of_two_is_degraded(site: Site) -> None:
    await site.asserts(down("kk", state=State.LIMITED), down("kk", "kendari/mpp", State.AVAILABLE))

    assert (await component(site, "kk"))["status"] == "degraded_performance"
