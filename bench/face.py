"""How long the public page takes of `loket run` at 500 requests a second, and the last 90 days to tell."""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp

from bench.bot_api import StandIn
from bench.processes import LOKET, PATIENCE, TOKEN, _child, _environ
from bench.report import Figure, late
from bench.thinking import UNIT, _json_round_trip, micros
from bot.clock import system_clock
from bot.config import KENDARI
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue, State
from bot.rules.catalogue_reading import read_catalogue
from bot.rules.chronicle import chronicle_of
from bot.rules.history import history_of
from bot.rules.reports import Assertion, Author, Report, ReportKind
from bot.store import Store, migrate

A_SECOND, SECONDS = 500, 10
REPORTS, DAYS = 1000, 90
STAFF = Author(747100201, "Bench")


def figures() -> Iterator[Figure]:
    """Seconds for the page over HTTP, microseconds for what is behind it."""
    yield from asking_for_the_page()
    yield from telling_the_past()


def asking_for_the_page() -> Iterator[Figure]:
    """At 500 a second, whether or not the answers keep up, beside one request after another."""
    with _running() as (pid, address):
        alone = asyncio.run(_asked_in_turn(address))
        began = _processor_seconds(pid)
        loaded = asyncio.run(_asked(address))
        own = (_processor_seconds(pid) - began) / len(loaded)
    name, baseline = f"the public page, {A_SECOND} requests a second", statistics.median(alone)
    yield Figure(f"{name}, own time of each", own, "s", "one after another, over HTTP", baseline, limit=0.05)
    yield Figure(f"{name}, 95 of 100 over HTTP", late(loaded), "s", "one after another, over HTTP", baseline)


def _processor_seconds(pid: int) -> float:
    """What a process has had of the processors, as Linux counts."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _asked_in_turn(address: str) -> Sequence[float]:
    async with _session() as session:
        return [await _ask(session, address, time.perf_counter()) for _ in range(100)]


async def _asked(address: str) -> Sequence[float]:
    async with _session() as session:
        begin = time.perf_counter() + 0.1
        times = (begin + n / A_SECOND for n in range(A_SECOND * SECONDS))
        return await asyncio.gather(*(_ask(session, address, at) for at in times))


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100), auto_decompress=False)


async def _ask(session: aiohttp.ClientSession, address: str, begins: float) -> float:
    """Seconds from when it should have been asked, also where earlier ones stood in the way."""
    await asyncio.sleep(max(0.0, begins - time.perf_counter()))
    async with session.get(address) as answer:
        answer.raise_for_status()
        await answer.read()
    return time.perf_counter() - begins


@contextmanager
def _running() -> Iterator[tuple[int, str]]:
    """`loket run` with its page, after a quarter full of reports; its process and address."""
    with tempfile.TemporaryDirectory() as name, StandIn() as api:
        folder, port = Path(name), _free_port()
        database = f"sqlite:///{folder / 'loket.db'}"
        migrate(database)
        asyncio.run(_reported(database))
        own = {"TELEGRAM_API_URL": api.url, "BOT_TOKEN": TOKEN, "DATABASE_URL": database, "PORT": str(port)}
        with _child([*LOKET, "run"], folder, _environ() | own | {"LOG_LEVEL": "WARNING"}) as child:
            if not api.polled.wait(PATIENCE):
                raise RuntimeError("loket run did not poll")
            yield child.pid, f"http://127.0.0.1:{port}/"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


async def _reported(database: str) -> None:
    store = Store(database)
    await store.open()
    async with store.writing(reporting=True) as session:
        for report in quarter(read_catalogue(KENDARI), system_clock()()):
            await session.append_report(report.at, STAFF, ReportKind.ASSERTION, report.assertions)
    await store.close()


def quarter(catalogue: Catalogue, now: datetime) -> tuple[Report, ...]:
    """Outages and returns of every resource and step in turn, evenly through 90 days."""
    targets = (*catalogue.resources_by_id, *catalogue.steps)
    every, place = timedelta(days=DAYS) / REPORTS, catalogue.main_counter.path
    states = (State.UNAVAILABLE, State.AVAILABLE)
    return tuple(
        Report(
            n + 1,
            now - every * (REPORTS - n),
            STAFF,
            assertions=(Assertion(targets[n // 2 % len(targets)], place, states[n % 2]),),
        )
        for n in range(REPORTS)
    )


def telling_the_past() -> Iterator[Figure]:
    """Read all reports once, then tell 90 days of them, as each new minute does."""
    catalogue = read_catalogue(KENDARI)
    calendar, now = OfficeCalendar(catalogue), system_clock()()
    reports, since = quarter(catalogue, now), now - timedelta(days=DAYS)
    chronicle, unit = chronicle_of(catalogue, reports, since), micros(_json_round_trip(), 2000)
    telling = micros(lambda: history_of(chronicle, calendar, catalogue, now), 3)
    yield Figure(f"tell 90 days of {REPORTS:,} reports", telling, "µs", UNIT, unit, limit=50_000)
    reading = micros(lambda: chronicle_of(catalogue, reports, since), 1)
    yield Figure(f"read the {REPORTS:,} reports for it, once", reading, "µs", UNIT, unit)
