"""A country on PostgreSQL: 514 offices, a million chats with two subscriptions each, one central link for all.

`python -m bench.country URL CATALOGUE COUNT` publishes a report for all of it and fans it out, as a worker does, and
prints a line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import psycopg

from bench.country_answers import SECRET, SHOWN, Asked, asking, until_ready
from bench.country_curve import curve
from bench.face import _free_port
from bench.outbox import FIRST_CHAT, STAFF, _timed
from bench.processes import LOKET, TOKEN, _child, _environ
from bench.report import Figure
from bench.stub import stub
from bot.clock import system_clock
from bot.config import Settings
from bot.delivery.release import release
from bot.office import Office
from bot.opening import open_office, opened_store
from bot.rules.catalogue import State
from bot.rules.reports import Assertion
from bot.store import Store, migrate
from tests import postgres
from tests.catalogues.indonesia import indonesia, written

SOME, A_MILLION = 50_000, 1_000_000
WARM, CALM = 3.0, 10.0  # seconds after the start, and in which nothing else happens
STEPS = ("ktp_cetak", "ktp_rekam")  # each chat waits for both, half of them for one return, half for each

_CHATS = """
INSERT INTO chats (chat, place, services)
SELECT %(first)s + n, (%(offices)s::text[])[n %% %(many)s + 1], '[]' FROM generate_series(0, %(count)s - 1) AS n
"""
_SUBSCRIPTIONS = """
INSERT INTO subscriptions (chat, step, place, wish, since)
SELECT %(first)s + n / 2, (%(steps)s::text[])[n %% 2 + 1], (%(offices)s::text[])[n / 2 %% %(many)s + 1],
    CASE WHEN n / 2 %% 2 = 0 THEN 'once' ELSE 'always' END, %(since)s
FROM generate_series(0, 2 * %(count)s - 1) AS n
"""


def figures(count: int) -> Iterator[Figure]:
    """What an office more costs; then all of them at once."""
    yield from curve()
    server, folder = postgres.start()
    try:
        with psycopg.connect(postgres.url(folder, "postgres"), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET max_wal_size = '512MB'")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE loket")
        yield from _figures(postgres.url(folder, "loket"), count)
    finally:
        postgres.stop(server)


def _figures(url: str, count: int) -> Iterator[Figure]:
    migrate(url)
    filled, chats_alone = _fill(url, count)
    with tempfile.TemporaryDirectory() as folder, stub() as api:
        catalogue = Path(folder) / "indonesia.toml"
        catalogue.write_text(written(), encoding="utf-8")
        told = asyncio.run(_with_a_web(Path(folder), _environ() | _settings(url, catalogue, api), count))
    of, calm = f"{count:,} chats", "with nothing else to do"
    yield Figure(f"generate {of}, two subscriptions each", filled, "s", "without subscriptions", chats_alone)
    found, calmly, busy = told.found, told.calm, told.busy
    yield Figure(f"a country's report is previewed, {of}", found["preview"], "s", "for one office", found["one"], 3)
    yield Figure(f"it commits, {of}", found["report"], "s", "for one office", found["one_report"], 2)
    yield Figure(
        f"whoever tapped reads how many hear of it, {of}", found["tap"], "s", "for one office", found["one_tap"]
    )
    yield Figure("it holds its own process up, at the longest", found["stall"], "s", "for one office", found["idle"])
    cost, few = found["cost"] * 1e6, found["one_cost"] * 1e6
    yield Figure(f"its fan-out in chunks, {of}", found["fan_out"], "s", "for one office", found["one_fan_out"])
    yield Figure(f"processor for each of these, {of}", cost, "µs", "for one office", few)
    undone = f"it is taken back before anybody read it, {of}"
    yield Figure(undone, found["undo"], "s", "a report for one office", found["one_report"], 2)
    for part, limit in ((0.5, None), (0.99, 0.05)):
        own = f"own time of an answer of a web meanwhile, {part:.0%}"
        yield Figure(own, _part(busy.own, part), "s", calm, _part(calmly.own, part), limit)
    alone = _part(calmly.waits, 0.99)
    yield Figure("such an answer as it arrives, 99%", _part(busy.waits, 0.99), "s", calm, alone)
    yield Figure("questions that were not answered", busy.failed, "", "answered", len(busy.waits), 0)
    yield Figure("memory of that web, at the most", busy.memory, "MiB", "before the report", calmly.memory, 250)
    yield Figure("disk, with what PostgreSQL logs ahead", _disk(url), "MiB", "without", _disk(url, wal=False), 3072)


def _settings(url: str, catalogue: Path, api: str) -> dict[str, str]:
    return {
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api,
        "DATABASE_URL": url,
        "CATALOGUE": str(catalogue),
        "OWNER_IDS": str(STAFF.id),
        "QUIET_HOURS": "off",
        "LOG_LEVEL": "WARNING",
    }


def _fill(url: str, count: int) -> tuple[float, float]:
    """Seconds for all, and for the chats alone."""
    catalogue, began = indonesia(), time.perf_counter()
    offices = list(catalogue.tree.offices)
    values = {"first": FIRST_CHAT, "offices": offices, "many": len(offices), "count": count, "steps": list(STEPS)}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_CHATS, values)
        chats_alone = time.perf_counter() - began
        connection.execute(_SUBSCRIPTIONS, values | {"since": datetime(2017, 1, 30, tzinfo=UTC)})
        connection.execute("VACUUM ANALYZE")
    return time.perf_counter() - began, chats_alone


def _disk(url: str, *, wal: bool = True) -> float:
    """MiB of the database, with or without the log of its server."""
    log = " + (SELECT sum(size) FROM pg_ls_waldir())" if wal else ""
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SELECT pg_database_size('loket'){log}").fetchone()
    assert row is not None
    return float(row[0]) / 2**20


@dataclass(frozen=True)
class _Told:
    """What the worker's side measured, and a web that answered meanwhile."""

    found: Mapping[str, float]
    calm: Asked
    busy: Asked


async def _with_a_web(folder: Path, environ: dict[str, str], count: int) -> _Told:
    """`loket web` answers citizens of all offices by its webhook, first undisturbed, then during report and fan-out."""
    port = _free_port()
    own = {"PORT": str(port), "WEBHOOK_URL": f"http://127.0.0.1:{port}", "WEBHOOK_SECRET": SECRET}
    with _child([*LOKET, "web"], folder, environ | own) as web:
        async with aiohttp.ClientSession(headers={SHOWN: SECRET}) as session:
            await until_ready(session, port)
            async with asking(session, port, web.pid):
                await asyncio.sleep(WARM)
            async with asking(session, port, web.pid) as calm:
                await asyncio.sleep(CALM)
            async with asking(session, port, web.pid) as busy:
                found = await _measured(folder, environ, count)
            if web.poll() is not None:
                sys.stderr.write(f"the web ended with {web.returncode}\n")
    return _Told(found, calm, busy)


async def _measured(folder: Path, environ: dict[str, str], count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.country", environ["DATABASE_URL"], environ["CATALOGUE"], str(count)]
    project = {"PYTHONPATH": str(Path(__file__).parent.parent)}
    child = await asyncio.create_subprocess_exec(*command, cwd=folder, env=environ | project, stdout=subprocess.PIPE)
    out, _ = await child.communicate()
    if child.returncode:
        raise RuntimeError("the report was not measured")
    found: dict[str, float] = json.loads(out)
    return found


def _part(waits: Sequence[float], part: float) -> float:
    """What this part of them waited at most."""
    ordered = sorted(waits)
    return ordered[max(math.ceil(len(ordered) * part) - 1, 0)]


async def measure(url: str, catalogue: Path, count: int) -> dict[str, float]:
    """The worker's side: a report for one office, then for all, and the fan-out of its return."""
    settings = Settings.read(
        {"DATABASE_URL": url, "CATALOGUE": str(catalogue), "QUIET_HOURS": "off", "OWNER_IDS": str(STAFF.id)},
        needs_token=False,
    )
    ahead = [timedelta()]
    async with opened_store(settings) as store:
        clock = system_clock()
        office = await open_office(settings, store, lambda: clock() + ahead[0])
        places = office.live.catalogue
        found: dict[str, float] = {}
        async with _stalls() as idle:
            one = await _publish(office, store, places.tree.offices[0], State.UNAVAILABLE)
        found["one"], found["one_report"], found["one_tap"] = one
        found["idle"] = max(idle)
        await _publish(office, store, places.tree.offices[0], State.AVAILABLE)
        ahead[0] += timedelta(hours=1)
        found["one_fan_out"], found["one_cost"], _ = await _fan_out(office, store)
        await _publish(office, store, places.root.path, State.UNAVAILABLE)
        async with _stalls() as stalls:
            every = await _publish(office, store, places.root.path, State.AVAILABLE)
        found["preview"], found["report"], found["tap"] = every
        found["stall"] = max(stalls)
        await asyncio.sleep(3)  # every web sees it, and that it waits
        ahead[0] += timedelta(hours=1)
        found["fan_out"], found["cost"], told = await _fan_out(office, store)
        found["undo"] = await _timed(lambda: office.retracting.retract(office.live.version, STAFF))
    if told != count:
        raise RuntimeError(f"{told} of {count} hear of it")
    return found


async def _fan_out(office: Office, store: Store) -> tuple[float, float, int]:
    """Seconds for the return that waits, of the processor for each chat, and how many chats these are."""
    async with store.reading() as session:
        notice = max(await session.unreleased_notices(), key=lambda one: one.id)
    began, had = time.perf_counter(), time.process_time()
    told = await release(store, notice, office.live.clock(), lambda: True) or 0
    return time.perf_counter() - began, (time.process_time() - had) / max(told, 1), told


async def _publish(office: Office, store: Store, place: str, state: State) -> tuple[float, float, float]:
    """Seconds for the preview; from its tap until everybody sees the report, and until the tap is answered."""
    began = time.perf_counter()
    shown = await office.staff.preview(STAFF.id, STAFF, (Assertion("central_link", place, state),), "/lapor")
    previewed = time.perf_counter() - began
    stands = asyncio.create_task(_timed(lambda: _stands(store, office.live.version + 1)))
    answered = await _timed(lambda: office.staff.publish(shown.preview.id, STAFF))
    return previewed, await stands, answered


async def _stands(store: Store, number: int) -> None:
    """Until a report is seen beside the transaction that writes it."""
    while True:
        async with store.reading() as session:
            if await session.report(number):
                return
        await asyncio.sleep(0.005)


@asynccontextmanager
async def _stalls() -> AsyncIterator[list[float]]:
    """How long the event loop was not free, each time that it was looked at."""
    late: list[float] = []

    async def look() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            late.append(time.perf_counter() - began - 0.001)

    looking = asyncio.create_task(look())
    await asyncio.sleep(0.01)
    try:
        yield late
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


def main(arguments: Sequence[str]) -> None:
    url, catalogue, count = arguments
    found: dict[str, Any] = asyncio.run(measure(url, Path(catalogue), int(count)))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
