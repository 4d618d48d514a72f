"""How many answers a second, and what each costs, beside the bare echoes of others, all in one run.

Each bot has one core and the questions come from another; rounds of all take turns, so that a machine that is slow for
a while is so for everybody. Who is not in a round is stopped: what a bot does after its own took up to a third of the
core from the others.
"""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.face import _free_port, _processor_seconds
from bench.feed import Feed, feed
from bench.processes import LOKET, PATIENCE, TOKEN, _child, _environ
from bench.report import Figure
from bench.rivals.node import NoNodeError, node_script
from bot.store import migrate

ASKED = (  # in turn, as in a rush: most of them for what is down
    *("ktp sudah bisa?", "kapan ktp bisa lagi pak", "cetak ktp hari ini bisa kah?", "blangko sudah ada?"),
    *("kenapa ktp belum bisa", "kk bisa hari ini?", "akta kelahiran bisa ji?", "buka jam berapa"),
    *("syarat kk baru apa saja", "bisa rekam ktp besok?", "kia sudah bisa?", "layanan apa yang bisa hari ini"),
)
ROUNDS, LONG, QUESTIONS, WARM_UP = 3, 9, 1500, 300
TAIL = 0.2  # seconds that a bot may still work for what it answered: confirm it, write it down
LOKET_NAME, AIOGRAM, GRAMMY = "Loket", "aiogram's echo", "grammY's echo on its runner"
PTB, PTB_OWN = "python-telegram-bot's echo", "its echo on Loket's client, 256 at once"
WAKING = 0.5  # seconds for what a bot that was stopped has to catch up with
BOTS = {min(os.sched_getaffinity(0))}  # the core that bots share, only one of them awake at any time
PROJECT = Path(__file__).parents[1]
MOST = 1.5  # times the CPU of an echo on the same client


@dataclass
class Runner:
    """A bot that runs, and what its rounds came to."""

    name: str
    pid: int
    feed: Feed
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    async def warm_up(self) -> None:
        """Questions that are not measured, of a bot that was just started."""
        await self.feed.ask(WARM_UP)
        await asyncio.sleep(TAIL)
        os.kill(self.pid, signal.SIGSTOP)

    async def round(self, count: int) -> None:
        """Measured, of a bot that was stopped and is so again."""
        os.kill(self.pid, signal.SIGCONT)
        await asyncio.sleep(WAKING)
        began = _processor_seconds(self.pid)
        took = await self.feed.ask(count)
        await asyncio.sleep(TAIL)
        self.costs.append((_processor_seconds(self.pid) - began) / count * 1e6)
        self.rates.append(count / took)
        os.kill(self.pid, signal.SIGSTOP)

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def cost(self) -> float:
        """Microseconds of CPU for each."""
        return statistics.median(self.costs)


def figures(rounds: int = ROUNDS) -> Iterator[Figure]:
    """By polling, then by webhook."""
    for way in ("polling", "webhook"):
        with _other_core():
            found = asyncio.run(measured(way, rounds))
        yield from _compared(way, {one.name: one for one in found})


def _compared(way: str, found: Mapping[str, Runner]) -> Iterator[Figure]:
    loket, aiogram, own = found[LOKET_NAME], found[AIOGRAM], found[PTB_OWN]
    yield Figure(f"answers a second, {way}", loket.rate, "/s", AIOGRAM, aiogram.rate, least=aiogram.rate)
    yield Figure(f"CPU of an answer, {way}", loket.cost, "µs", PTB_OWN, own.cost, limit=MOST * own.cost)
    for name in (AIOGRAM, GRAMMY, PTB):
        if name in found:
            other = found[name]
            yield Figure(f"the same, {way}", loket.cost, "µs", name, other.cost)
            yield Figure(f"answers a second, {way}, of {name}", other.rate, "/s", LOKET_NAME, loket.rate)


async def measured(way: str, rounds: int, only: Sequence[str] = ()) -> Sequence[Runner]:
    """Of all bots in turn."""
    async with AsyncExitStack() as stack:
        runners = []
        for name, command in _commands().items():
            if not only or name in only:
                runners.append(await stack.enter_async_context(_running(name, command, way)))
                await runners[-1].warm_up()
        for _ in range(rounds):
            for runner in runners:
                await runner.round(QUESTIONS)
        return runners


def _commands() -> Mapping[str, Sequence[str]]:
    """What runs each bot; Loket as its users run it."""
    python = (sys.executable, "-P", "-m")
    commands: dict[str, Sequence[str]] = {
        LOKET_NAME: [*LOKET, "run"],
        PTB: [*python, "bench.rivals.ptb_echo", "default"],
        PTB_OWN: [*python, "bench.rivals.ptb_echo", "own"],
        AIOGRAM: [*python, "bench.rivals.aiogram_echo"],
    }
    try:
        commands[GRAMMY] = node_script("grammy_echo.mjs")
    except NoNodeError as error:
        sys.stdout.write(f"grammY is left out: {error}.\n")
    return commands


@asynccontextmanager
async def _running(name: str, command: Sequence[str], way: str) -> AsyncIterator[Runner]:
    port = str(_free_port()) if way == "webhook" else ""
    async with feed(ASKED) as questions:
        with tempfile.TemporaryDirectory() as folder:
            if name == LOKET_NAME:
                own = _office(Path(folder), questions.url, port)
            else:
                command, own = [*command, questions.url, TOKEN, *filter(None, [port])], {"PYTHONPATH": str(PROJECT)}
            with _child(["taskset", "-c", str(min(BOTS)), *command], Path(folder), _environ() | own) as child:
                await asyncio.wait_for(questions.ready.wait(), PATIENCE)
                try:
                    yield Runner(name, child.pid, questions)
                finally:
                    os.kill(child.pid, signal.SIGCONT)  # who is stopped does not end


def _office(folder: Path, url: str, port: str) -> dict[str, str]:
    """Loket's settings, with an outage to tell of."""
    database = f"sqlite:///{folder / 'loket.db'}"
    migrate(database)
    own = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": url, "DATABASE_URL": database, "OWNER_IDS": "747100201"}
    report = [*LOKET, "report", "blangko", "habis", "--yes"]
    subprocess.run(report, cwd=folder, env=_environ() | own, check=True, stdout=subprocess.DEVNULL)
    return own | ({"PORT": port, "WEBHOOK_URL": f"http://127.0.0.1:{port}"} if port else {})


@contextmanager
def _other_core() -> Iterator[None]:
    """The questions come from another core than the bots', which is the first."""
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, every - BOTS or every)
    try:
        yield
    finally:
        os.sched_setaffinity(0, every)
