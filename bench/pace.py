"""How fast notices go out of `loket run`, and how long a citizen waits meanwhile."""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import ProxyHandler, Request, build_opener

from bench.outbox import _fill
from bench.processes import LOKET, _child, _environ
from bench.report import Figure, late
from bench.stub import stub
from bench.town import town
from bot.store import Store, migrate
from playground.world import TOKEN

USUAL, PAID = 25, 1000  # notices a second
SHORT, LONG = 30, 600  # seconds at the usual pace
PAID_SECONDS = 20
SLACK = 60.0  # seconds more than the broadcast should take
AT_ONCE = {"RESUME_HOLD": "0", "QUIET_HOURS": "off", "NOTICE_GAP": "0", "LOG_LEVEL": "WARNING"}
_direct = build_opener(ProxyHandler({}))  # loopback never goes through a proxy


@dataclass(frozen=True, slots=True)
class Broadcast:
    """What a broadcast came to."""

    told: int
    pace: float  # notices a second, from the first to the last
    answers: Sequence[float] = ()  # seconds that each question waited
    limits_met: int = 0

    @property
    def p95(self) -> float:
        return late(self.answers)


def figures(seconds: float) -> Iterator[Figure]:
    """At Telegram's usual limit for so many seconds, and at the paid one for twenty."""
    usual = at_the_usual_pace(seconds)
    name = f"notices a second for {seconds:.0f} s, Telegram's limits on"
    yield Figure(name, usual.pace, "/s", "SEND_RATE", USUAL, least=24.5)
    yield Figure("flood waits met in it", usual.limits_met, "", "notices", usual.told, limit=1)
    alone = statistics.median(usual.answers)
    yield Figure("an answer meanwhile, 95 of 100", usual.p95, "s", "the median answer", alone, limit=0.3)
    yield Figure("an answer meanwhile, the slowest", max(usual.answers), "s", "the median answer", alone, limit=1)
    paid = at_the_paid_pace(PAID_SECONDS)
    yield Figure("notices a second, PAID_BROADCAST=1", paid.pace, "/s", "SEND_RATE", PAID, least=950)


def at_the_usual_pace(seconds: float) -> Broadcast:
    """25 a second against the stand-in with Telegram's limits on, three questions a second meanwhile."""
    count = round(USUAL * seconds)
    with town(count) as url, _running(url, count, SEND_RATE=str(USUAL)) as loket:
        _until(lambda: _get(f"{url}/bench/polled"), SLACK)
        _post(f"{url}/bench/begin")
        loket.publish()
        _until(lambda: _get(f"{url}/bench/count") >= count, seconds + SLACK)
        found = _get(f"{url}/bench/result")
    waits = [*found["answers"], *found["waiting"]]
    return Broadcast(len(found["notices"]), _pace(found["notices"]), waits, found["met"])


def at_the_paid_pace(seconds: float) -> Broadcast:
    """1,000 a second against a stub that only says yes."""
    count = round(PAID * seconds)
    with stub() as url, _running(url, count, SEND_RATE=str(PAID), PAID_BROADCAST="1") as loket:
        loket.publish()
        _until(lambda: _get(f"{url}/bot/count") >= count, seconds + SLACK, every=1.0)
        sent = _get(f"{url}/bot/sent")
    return Broadcast(len(sent), _pace(sent))


class Running(NamedTuple):
    """`loket run`, and how to publish that what was down is back."""

    pid: int
    publish: Callable[[], None]


@contextmanager
def _running(url: str, subscribers: int, core: int | None = None, **settings: str) -> Iterator[Running]:
    """`loket run` with so many who wait for KTP, where it is said on this core alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = f"sqlite:///{folder / 'loket.db'}"
        own = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": url, "DATABASE_URL": database, "OWNER_IDS": "747100201"}
        environ = _environ() | own | AT_ONCE | settings
        migrate(database)
        asyncio.run(_subscribed(database, subscribers))

        def report(state: str) -> None:
            command = [*LOKET, "report", "blangko", state, "--yes"]
            subprocess.run(command, cwd=folder, env=environ, check=True, stdout=subprocess.DEVNULL)

        report("habis")
        pinned = () if core is None else ("taskset", "-c", str(core))
        with _child([*pinned, *LOKET, "run"], folder, environ) as child:
            yield Running(child.pid, lambda: report("normal"))


async def _subscribed(database: str, count: int) -> None:
    store = Store(database)
    await store.open()
    await _fill(store, count)
    await store.close()


def _pace(at: Sequence[float]) -> float:
    return (len(at) - 1) / (max(at) - min(at))


def _until(condition: Any, seconds: float, every: float = 0.25) -> None:
    """Raises TimeoutError where it does not come true."""
    last = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > last:
            raise TimeoutError("the broadcast did not end")
        time.sleep(every)


def _get(url: str) -> Any:
    with _direct.open(url) as answer:
        return json.load(answer)


def _post(url: str) -> None:
    _direct.open(Request(url, method="POST")).close()
