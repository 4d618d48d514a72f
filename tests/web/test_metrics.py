"""What Prometheus reads: who may, what it says of outbox and board, and that it says nothing of anybody."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.routing import Route

from bot.inbox import KINDS
from bot.language.intents import Intent
from bot.rules.broadcasts import SENDER, Pace
from bot.rules.notices import DeliveryStatus
from bot.secret import Secret
from bot.store import DatabaseAway, Session, Store
from bot.web import patience
from bot.web.metrics import KEPT, Metering, metrics
from tests.office.house import CITIZEN, House
from tests.patience import ANSWER
from tests.store.examples import subscribed

TOKEN = Secret("a-long-token-of-the-tests")
ALERTS = Path(__file__).parents[2] / "docs" / "alerts.yml"
HERE, ELSEWHERE = "127.0.0.1", "36.66.10.1"


async def asked(route: Route, peer: str = HERE, **headers: str) -> httpx.Response:
    """Prometheus asks, from this address."""
    transport = httpx.ASGITransport(Starlette(routes=[route]), client=(peer, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://loket.example") as client:
        return await client.get("/metrics", headers={name.replace("_", "-"): text for name, text in headers.items()})


class Watched:
    """An office, and somebody who asks for its metrics."""

    def __init__(self, store: Store) -> None:
        self.house = House(store)
        self.seconds = 0.0
        self._route = metrics(Metering(self.house.office.live, store, lambda: self.seconds), None)

    async def read(self) -> dict[tuple[str, str], float]:
        """Each sample by its name and its label."""
        families = text_string_to_metric_families((await asked(self._route)).text)
        return {
            (sample.name, next(iter(sample.labels.values()), "")): sample.value
            for family in families
            for sample in family.samples
        }


@pytest.mark.parametrize(
    ("peer", "headers", "with_token", "without"),
    [
        (HERE, {}, 200, 200),
        ("::1", {}, 200, 200),
        (HERE, {"x_forwarded_for": ELSEWHERE}, 401, 403),  # a proxy on this machine asks for somebody else
        (HERE, {"forwarded": f"for={ELSEWHERE}"}, 401, 403),
        (HERE, {"via": "1.1 nginx"}, 401, 403),
        (ELSEWHERE, {}, 401, 403),
        (ELSEWHERE, {"x_forwarded_for": HERE}, 401, 403),
        (ELSEWHERE, {"authorization": f"Bearer {TOKEN.reveal()}"}, 200, 403),
        (ELSEWHERE, {"authorization": f"bearer {TOKEN.reveal()}"}, 200, 403),
        (ELSEWHERE, {"authorization": f"Bearer {TOKEN.reveal()[:-1]}"}, 401, 403),
        (ELSEWHERE, {"authorization": f"Basic {TOKEN.reveal()}"}, 401, 403),
        (ELSEWHERE, {"authorization": "Bearer "}, 401, 403),
    ],
)
async def test_they_are_for_this_machine_and_for_who_has_the_token(
    peer: str, headers: dict[str, str], with_token: int, without: int
) -> None:
    class Counted:
        """Some figures."""

        async def text(self) -> bytes:
            return b"figures"

    metering: Any = Counted()
    answers = [await asked(metrics(metering, token), peer, **headers) for token in (TOKEN, None)]

    assert [one.status_code for one in answers] == [with_token, without]
    assert all((one.status_code == 200) == (one.content == b"figures") for one in answers)


async def test_they_say_how_the_outbox_the_sender_and_the_board_are(store: Store) -> None:
    watched = Watched(store)
    house = watched.house
    before = await watched.read()
    await house.posts("lapor ktp_cetak tutup")
    await subscribed(store, CITIZEN)
    await house.posts("lapor ktp_cetak bisa")
    await house.office.citizens.ask(CITIZEN, "jam buka")
    house.watch.goes_on(minutes=7)  # the hold of two minutes is over for five, and nobody sends
    watched.seconds = KEPT
    now = house.watch()
    async with store.writing() as session:
        await session.take_lease(SENDER, "somebody", now, house.watch.goes_on(seconds=8), Pace(25.0))
    house.watch.goes_on(seconds=-8)

    read = await watched.read()

    assert read["loket_outbox_lag_seconds", ""] == 300
    assert (before["loket_senders", ""], read["loket_senders", ""]) == (0, 1)
    assert (before["loket_send_pace", ""], read["loket_send_pace", ""]) == (0, 25)
    assert 0 <= read["loket_board_age_seconds", ""] < 60
    assert {fate for name, fate in read if name == "loket_notices"} >= {"waiting", "sent", "failed", "gone"}
    counted = read["loket_answers_total", "office_hours"] - before.get(("loket_answers_total", "office_hours"), 0)
    assert counted == 1
    assert str(CITIZEN) not in str(read)


async def test_without_a_database_they_tell_the_rest_and_no_old_figures(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(store)
    first = await watched.read()

    def away() -> Any:
        raise DatabaseAway("gone")

    monkeypatch.setattr(store, "reading", away)
    kept = await watched.read()
    watched.seconds = KEPT
    without = await watched.read()

    assert ("loket_senders", "") in first
    assert ("loket_senders", "") in kept
    assert ("loket_senders", "") not in without
    assert ("loket_board_age_seconds", "") in without


async def test_with_a_fault_in_the_database_they_tell_the_rest_count_and_log_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def faulty(session: Session) -> Any:
        await session._connection.execute(text("SELECT 1 FROM a_table_that_is_gone"))

    watched = Watched(store)
    before = await watched.read()
    monkeypatch.setattr(Session, "deliveries_by_status", faulty)
    watched.seconds = KEPT

    with structlog.testing.capture_logs() as written:
        without = await watched.read()
    watched.seconds = KEPT * 2
    after = await watched.read()

    faults = "loket_database_errors_total", "fault"
    assert ("loket_senders", "") not in without
    assert ("loket_board_age_seconds", "") in without
    assert after[faults] >= before[faults] + 1
    assert [line["event"] for line in written] == ["database_question_failed"]


async def test_a_database_that_stands_still_is_not_waited_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    watched, read, goes_on = Watched(store), store.reading, asyncio.Event()

    @asynccontextmanager
    async def still() -> AsyncIterator[Session]:
        try:
            await goes_on.wait()
        finally:  # as psycopg, which asks the server that stands still to cancel
            await goes_on.wait()
        async with read() as session:
            yield session

    monkeypatch.setattr(store, "reading", still)
    monkeypatch.setattr(patience, "PATIENCE", 0.02)

    async with asyncio.timeout(ANSWER):
        without = await watched.read()
    goes_on.set()

    assert ("loket_senders", "") not in without
    assert ("loket_board_age_seconds", "") in without


async def test_the_alerts_name_what_there_is(store: Store) -> None:
    watched = Watched(store)
    named = set(re.findall(r"\bloket_\w+", ALERTS.read_text("utf-8")))

    read = {name for name, _ in await watched.read()}

    assert named
    assert named <= read


async def test_before_anything_happened_every_series_is_there_at_nought(store: Store) -> None:
    """A process that serves them is asked: in this one much has happened."""
    fresh = (
        "import bot.runner, bot.web.opening, bot.metrics, prometheus_client as p;"
        "print(p.generate_latest(bot.metrics.REGISTRY).decode())"
    )
    written = subprocess.check_output([sys.executable, "-c", fresh])
    read = {
        (sample.name, label): sample.value
        for family in text_string_to_metric_families(written.decode())
        for sample in family.samples
        for label in [*sample.labels.values(), ""]
    }
    of_all = await Watched(store).read()

    expected = [
        *(("loket_updates_total", kind) for kind in (*KINDS, "other")),
        *(("loket_answers_total", intent.value) for intent in Intent),
        *(("loket_database_errors_total", kind) for kind in ("away", "fault")),
        ("loket_updates_failed_total", ""),
        ("loket_update_seconds_count", ""),
    ]
    assert {name: read.get(name) for name in expected} == dict.fromkeys(expected, 0)
    gauges = ["loket_outbox_lag_seconds", "loket_senders", "loket_send_pace", "loket_board_age_seconds"]
    assert {(name, "") for name in gauges} <= of_all.keys()
    assert {fate for name, fate in of_all if name == "loket_notices"} == {status.value for status in DeliveryStatus}


def test_that_nobody_writes_is_no_alarm_at_night_nor_after_it() -> None:
    """An office may be in any of the country's zones; the rule's hours are UTC."""
    [rule] = re.findall(r"LoketHearsNothing\n(.*?)annotations", ALERTS.read_text("utf-8"), re.DOTALL)
    [window] = map(int, re.findall(r"\[(\d+)h\]", rule))
    [(begins, ends)] = re.findall(r"hour\(\) >= (\d+) and hour\(\) < (\d+)", rule)

    heard = [hour + zone for zone in (7, 8, 9) for hour in (int(begins) - window, int(ends))]

    assert min(heard) >= 8
    assert max(heard) <= 21
    assert "day_of_week() >= 1 and day_of_week() <= 5" in rule
