"""A notice for very many: `python -m bench.outbox DATABASE_URL COUNT` publishes, fans out, claims and settles.

Nothing is sent, so that what is measured is the office and its database. Prints a line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import bindparam, text

from bench.processes import _environ
from bench.report import Figure, late
from bot.clock import Clock
from bot.config import Settings
from bot.delivery.jobs import at_once, prepare
from bot.delivery.release import release
from bot.delivery.settling import sent
from bot.office import Office
from bot.opening import open_office, opened_store
from bot.rules.catalogue import State
from bot.rules.notices import DeliveryStatus
from bot.rules.reports import Assertion, Author
from bot.store import Store
from bot.store.tables import UtcTime
from tests import postgres

SOME, A_MILLION = 50_000, 1_000_000
FEWER = (1_000, 10_000)  # where the curve of the costs begins
BATCH = 200  # deliveries claimed together
FIRST_CHAT = 747_100_000_000
ASK_EVERY = 0.1  # seconds between two questions of a citizen
CITIZEN = 747100101
STAFF = Author(747100201, "Sitti R.")
MONDAY = datetime(2017, 1, 30, 2, tzinfo=UTC)  # 10.00 in Kendari

_FILL = text(
    "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count - 1) "
    "INSERT INTO subscriptions (chat, step, place, wish, since, outages, limited_told) "
    "SELECT :first + n, 'ktp_cetak', 'kendari', 'once', :since, :no, :no FROM numbers"
).bindparams(bindparam("since", type_=UtcTime()))


def figures(count: int) -> Iterator[Figure]:
    """On SQLite and on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _all_sizes("SQLite", lambda size: f"sqlite:///{Path(folder) / f'loket{size}.db'}", count)
    server, folder = postgres.start()
    try:
        with psycopg.connect(postgres.url(folder, "postgres"), autocommit=True) as connection:
            for size in (*FEWER, count):
                connection.execute(f"CREATE DATABASE loket{size}".encode())
        yield from _all_sizes("PostgreSQL", lambda size: postgres.url(folder, f"loket{size}"), count)
    finally:
        postgres.stop(server)


def _all_sizes(database: str, url: Callable[[int], str], count: int) -> Iterator[Figure]:
    """What each subscriber costs of few and of many; the rest where there are many."""
    found = {size: _found(url(size), size) for size in (*FEWER, count)}
    yield from _figures(database, count, found[count])
    for name, what in (("release", "make a delivery"), ("send", "claim and settle one")):
        for size, of in found.items():
            base = found[FEWER[0]][f"{name}_cpu"]
            title = f"CPU to {what}, {size:,} subscribers, {database}"
            yield Figure(title, of[f"{name}_cpu"], "µs", f"of {FEWER[0]:,}", base)


def _found(url: str, count: int) -> Mapping[str, float]:
    command = [sys.executable, "-m", "bench.outbox", url, str(count)]
    done = subprocess.run(command, env=_environ(), check=True, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _figures(database: str, count: int, found: Mapping[str, float]) -> Iterator[Figure]:
    of = f"{count:,} subscribers, {database}"
    alone, limit = "an answer with nothing else to do", 0.5
    yield Figure(f"a report commits, {of}", found["report"], "s", "the same with nobody to tell", found["bare"], limit)
    yield Figure(
        f"its opposite commits, {of}", found["fell"], "s", "the same with nobody to tell", found["bare"], limit
    )
    yield Figure(f"an answer during the fan-out, 95 of 100, {of}", found["p95"], "s", alone, found["alone"], 0.3)
    yield Figure(f"an answer during the fan-out, the slowest, {of}", found["slowest"], "s", alone, found["alone"], 1)
    last, first = found["last"], found["first"]
    # The ratio is what was promised; the limit is told in seconds, as the measure is.
    yield Figure(f"the last claims and settlements of {BATCH}, {of}", last, "s", "the first", first, first * 1.3)
    yield Figure(f"count how far it is, {of}", found["progress"], "s", alone, found["alone"])
    yield Figure(f"memory of the process, {of}", found["memory"], "MiB", "before", found["memory_before"], 200)


async def measure(url: str, count: int) -> dict[str, float]:
    """All of it, in the order in which it happens."""
    seconds = [0.0]
    settings = _settings(url)
    async with opened_store(settings) as store:
        office = await open_office(settings, store, lambda: MONDAY + timedelta(seconds=seconds[0]))
        found = {"bare": await _publish(office, State.UNAVAILABLE), "memory_before": _peak()}
        await _fill(store, count)
        found["alone"] = statistics.median([await _timed(lambda: _ask(office)) for _ in range(20)])
        found["report"] = await _publish(office, State.AVAILABLE)
        seconds[0] = 300.0
        began = time.process_time()
        found |= await _fan_out(store, office)
        released = time.process_time()
        found |= await _send(store, office.live.clock)
        found["release_cpu"] = (released - began) / count * 1e6
        found["send_cpu"] = (time.process_time() - released) / count * 1e6
        notice = await _newest(store)
        async with store.reading() as session:
            began = time.perf_counter()
            progress = await session.progress(notice)
            found["progress"] = time.perf_counter() - began
        if progress[DeliveryStatus.SENT] != count:
            raise RuntimeError(f"{progress[DeliveryStatus.SENT]} of {count} are told as sent")
        found["fell"] = await _publish(office, State.UNAVAILABLE)
    return found | {"memory": _peak()}


async def _fan_out(store: Store, office: Office) -> dict[str, float]:
    async with store.reading() as session:
        (notice,) = await session.unreleased_notices()
    async with _asking(office) as waits:
        await release(store, notice, office.live.clock(), lambda: True)
    return {"p95": late(waits), "slowest": max(waits)}


async def _send(store: Store, clock: Clock) -> dict[str, float]:
    """Claim and settle all, as if Telegram had taken each at once."""
    rounds = []
    while True:
        began = time.perf_counter()
        async with store.writing() as session:
            claimed = await session.claim(clock(), BATCH)
            jobs = await prepare(session, claimed, clock(), at_once, None)
        if not jobs:
            break
        async with store.writing() as session:
            await session.settle(
                [sent(job, job.notice.kind, 1, job.delivery.changes, clock()) for job in jobs if job.notice]
            )
        rounds.append(time.perf_counter() - began)
    some = max(len(rounds) // 10, 1)
    return {"first": statistics.median(rounds[:some]), "last": statistics.median(rounds[-some:])}


@asynccontextmanager
async def _asking(office: Office) -> AsyncIterator[list[float]]:
    """A citizen asks again and again; how long each answer took."""
    waits = [await _timed(lambda: _ask(office))]

    async def ask() -> None:
        while True:
            waits.append(await _timed(lambda: _ask(office)))
            await asyncio.sleep(ASK_EVERY)

    asking = asyncio.create_task(ask())
    try:
        yield waits
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def _ask(office: Office) -> None:
    """Reads what is known of the chat, and writes down what it asked."""
    await office.citizens.ask(CITIZEN, "ktp sudah bisa?")


async def _publish(office: Office, state: State) -> float:
    """How long it took to publish, once it was previewed."""
    shown = await office.staff.preview(STAFF.id, STAFF, (Assertion("blanks", "kendari", state),), "/lapor")
    return await _timed(lambda: office.staff.publish(shown.preview.id, STAFF))


async def _fill(store: Store, count: int) -> None:
    async with store.writing() as session:
        values = {"count": count, "first": FIRST_CHAT, "since": MONDAY, "no": False}
        await session._connection.execute(_FILL, values)


async def _newest(store: Store) -> int:
    async with store.reading() as session:
        return max(notice.id for notice in await session.notices_of(await session.newest_report()))


async def _timed(step: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await step()
    return time.perf_counter() - began


def _settings(url: str) -> Settings:
    return Settings.read({"DATABASE_URL": url, "QUIET_HOURS": "off", "OWNER_IDS": str(STAFF.id)}, needs_token=False)


def _peak() -> float:
    """The most memory so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: Sequence[str]) -> None:
    url, count = arguments
    found: dict[str, Any] = asyncio.run(measure(url, int(count)))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
