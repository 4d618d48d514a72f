"""Two webs and two workers through kills, and a PostgreSQL that is away, while people ask and a broadcast goes out."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import psycopg

from bot.clock import system_clock
from bot.rules.catalogue_reading import SHIPPED, read_catalogue
from bot.store import Store, migrate
from playground import people
from playground.balance import balanced
from playground.limits import FloodLimits
from playground.server import serve
from playground.world import Json, World
from tests import postgres
from tests.chaos.campaign import BACK
from tests.chaos.crew import Kills, Worker, kill_by_the_clock, noted
from tests.journeys.deployment import Deployment
from tests.journeys.processes import STAND_BY, Office
from tests.journeys.town import Town
from tests.office.house import House
from tests.store.examples import subscribed
from tests.test_runner import free_port

FIRST_CITIZEN, FIRST_SUBSCRIBER = 747_400_000, 747_300_000
QUESTION = "ktp sudah bisa?"
ANSWERED_WITHIN = 90.0  # seconds after the last question
NEWS_AT = 2.0  # seconds
TAKEN_OVER_WITHIN = 15.0  # seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is asked of the office, and what happens to it meanwhile."""

    name: str = "kills"
    questions: float = 60.0  # a second
    seconds: float = 60.0
    subscribers: int = 1500
    rate: int = 30  # notices a second
    kills: bool = True
    trouble_at: float = 27.0
    away: float = 5.0  # seconds between PostgreSQL's stop and its start
    frozen: float = 0.0  # seconds that PostgreSQL neither answers nor refuses

    @property
    def kill_every(self) -> float:
        return self.seconds / 6


PLANS = (Plan(), Plan("away", kills=False, away=30.0), Plan("frozen", kills=False, frozen=20.0))


@dataclass
class Outcome:
    """What came of it."""

    plan: Plan
    asked: dict[int, float] = field(default_factory=dict)
    answers: dict[int, list[float]] = field(default_factory=dict)
    told: Counter[int] = field(default_factory=Counter)
    repeats: int = 0  # that the bot counted, as it could not know
    kills: Kills = field(default_factory=Kills)
    readiness: list[tuple[int, float]] = field(default_factory=list)  # while the database is away: status, seconds
    faults: int = 0  # lines of the log
    codes: list[int] = field(default_factory=list)
    left_over: int = 0  # updates that nobody took

    @property
    def unanswered(self) -> int:
        return len(self.asked) - len(self.answers)

    @property
    def answered_twice(self) -> int:
        return sum(len(times) > 1 for times in self.answers.values())

    @property
    def waits(self) -> list[float]:
        return sorted(times[0] - self.asked[chat] for chat, times in self.answers.items())

    @property
    def lost(self) -> int:
        return self.plan.subscribers - len(+self.told)

    @property
    def needless(self) -> int:
        """Notices told again though the bot knew that they had arrived."""
        return max(0, self.told.total() - len(+self.told) - self.repeats)

    @property
    def good(self) -> bool:
        broken = self.unanswered or self.lost or self.needless or self.left_over or self.faults or any(self.codes)
        return not (broken or any(self.kills.sent_on)) and max(self.kills.took_over, default=0) < TAKEN_OVER_WITHIN


async def campaign(plan: Plan) -> Outcome:
    """All of it; the stand-in, the balancer and the citizens live in this process."""
    outcome = Outcome(plan)
    world = World(limits=FloodLimits(chats=False))
    world.listen(lambda event: _note(outcome, event))
    with _server() as (child, server), tempfile.TemporaryDirectory() as folder:
        database = postgres.url(server, "loket")
        async with (
            _office_in_hand(world, database, plan) as house,
            serve(world) as url,
            httpx.AsyncClient(base_url=url, trust_env=False) as client,
            _processes(Town(url, world.token, client, {}, world), Path(folder), database, plan) as (office, workers),
        ):
            begun = time.monotonic()
            await asyncio.gather(
                _tell(house),
                _ask(world, outcome, begun),
                _trouble(child, server, office.address, outcome),
                _kill(office, workers, outcome, begun),
            )
            await _all_done(outcome)
            outcome.repeats = int(str(office.query("SELECT coalesce(sum(repeats), 0) FROM deliveries")[0][0]))
            outcome.faults = sum(one.logged().count('"level": "error"') for one in office.processes)
            outcome.codes = [await one.stop() for one in office.processes]
            outcome.left_over = len(world.updates.pending)
            for one in office.processes if outcome.faults else ():
                sys.stderr.write("\n".join(line for line in one.logged().splitlines() if '"level": "error"' in line))
    return outcome


@contextmanager
def _server() -> Iterator[tuple[postgres.Child, str]]:
    child, folder = postgres.start()
    try:
        with psycopg.connect(postgres.url(folder, "postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE loket")
        yield child, folder
    finally:
        postgres.stop(child)


@asynccontextmanager
async def _office_in_hand(world: World, database: str, plan: Plan) -> AsyncIterator[House]:
    """Who waits for the news, and an office in this process that only reports."""
    migrate(database)
    store = Store(database)
    await store.open()
    clock = system_clock(float(STAND_BY))
    house = House(store, read_catalogue(SHIPPED / "demo.toml"), now=clock(), hold=timedelta(0))
    await house.posts("lapor blangko habis")
    for chat in range(FIRST_SUBSCRIBER, FIRST_SUBSCRIBER + plan.subscribers):
        world.add_phone(chat, "Warga").acquainted = True
        await subscribed(store, chat, since=clock())
    try:
        yield house
    finally:
        await store.close()


@asynccontextmanager
async def _processes(town: Town, folder: Path, database: str, plan: Plan) -> AsyncIterator[tuple[Office, list[Worker]]]:
    ports = [free_port(), free_port()]
    async with (
        balanced(*(f"http://127.0.0.1:{port}" for port in ports)) as address,
        AsyncExitStack() as addresses,
        Office(town, folder, database, address) as office,
    ):
        for port in ports:
            office.add("web", PORT=str(port), LOG_LEVEL="INFO")
        workers: list[Worker] = []
        for _ in range(2):
            sends: list[float] = []
            url = await addresses.enter_async_context(noted(town.world, sends))
            process = office.add("worker", TELEGRAM_API_URL=url, SEND_RATE=str(plan.rate), LOG_LEVEL="INFO")
            workers.append(Worker(process, sends))
        for process in office.processes:
            await process.start()
        yield office, workers


def _note(outcome: Outcome, event: Json) -> None:
    if event["type"] != "message" or not event["message"]["out"]:
        return
    chat = event["chat_id"]
    if chat in outcome.asked:
        outcome.answers.setdefault(chat, []).append(time.monotonic())
    elif BACK in event["message"]["text"]:
        outcome.told[chat] += 1


async def _ask(world: World, outcome: Outcome, begun: float) -> None:
    """Each question by somebody else, so that each answer is known by its chat."""
    plan = outcome.plan
    for number in range(int(plan.questions * plan.seconds)):
        await asyncio.sleep(max(0.0, begun + number / plan.questions - time.monotonic()))
        chat = FIRST_CITIZEN + number
        world.add_phone(chat, "Warga").acquainted = True
        outcome.asked[chat] = time.monotonic()
        people.say(world, chat, QUESTION)


async def _kill(office: Office, workers: list[Worker], outcome: Outcome, begun: float) -> None:
    plan, sending = outcome.plan, [worker.process for worker in workers]
    webs: list[Deployment] = [process for process in office.processes if process not in sending]
    if plan.kills:
        await kill_by_the_clock(webs, workers, outcome.kills, begun, plan.kill_every)


async def _tell(house: House) -> None:
    """The news early, so that it is on its way whatever goes."""
    await asyncio.sleep(NEWS_AT)
    house.watch.goes_on(seconds=NEWS_AT)
    await house.posts("pulih blangko")


async def _trouble(child: postgres.Child, server: str, web: str, outcome: Outcome) -> None:
    """PostgreSQL is away, or stands still, and a web is asked meanwhile whether it is ready."""
    plan = outcome.plan
    await asyncio.sleep(plan.trouble_at)
    looking = asyncio.create_task(_look(web, outcome))
    if plan.frozen:
        with postgres.frozen(server):
            await asyncio.sleep(plan.frozen)
    else:
        await asyncio.to_thread(postgres.restart, child, plan.away)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)


async def _look(web: str, outcome: Outcome) -> None:
    async with httpx.AsyncClient(base_url=web, trust_env=False, timeout=60) as client:
        while True:
            await asyncio.sleep(1)
            asked = time.monotonic()
            status = (await client.get("/readyz")).status_code
            outcome.readiness.append((status, time.monotonic() - asked))


async def _all_done(outcome: Outcome) -> None:
    last = time.monotonic() + ANSWERED_WITHIN
    while (outcome.unanswered or outcome.lost) and time.monotonic() < last:
        await asyncio.sleep(0.2)
    await asyncio.sleep(2)  # what would be told once too often is told now
