"""Two webs and two workers through kills and a restart of PostgreSQL, while people ask and a broadcast goes out."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from statistics import quantiles

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
from tests.journeys.processes import STAND_BY, Office
from tests.journeys.town import Town
from tests.office.house import House
from tests.store.examples import subscribed
from tests.test_runner import free_port

FIRST_CITIZEN, FIRST_SUBSCRIBER = 747_400_000, 747_300_000
QUESTION = "ktp sudah bisa?"
ANSWERED_WITHIN = 90.0  # seconds after the last question


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is asked of the office."""

    questions: float = 60.0  # a second
    seconds: float = 60.0
    subscribers: int = 1000
    rate: int = 30  # notices a second
    kill_every: float = 10.0
    restart_at: float = 0.5  # of the time
    away: float = 5.0  # seconds between PostgreSQL's stop and its start


@dataclass
class Outcome:
    """What came of it."""

    plan: Plan
    asked: dict[int, float] = field(default_factory=dict)
    answers: dict[int, list[float]] = field(default_factory=dict)
    told: Counter[int] = field(default_factory=Counter)
    repeats: int = 0  # that the bot counted, as it could not know
    kills: Counter[str] = field(default_factory=Counter)
    took_over: int = 0
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
        return not (self.unanswered or self.lost or self.needless or self.left_over or any(self.codes))


async def campaign(plan: Plan) -> Outcome:
    """All of it; the stand-in, the balancer and the citizens live in this process."""
    outcome = Outcome(plan)
    world = World(limits=FloodLimits(chats=False))
    world.listen(lambda event: _note(outcome, event))
    with _server() as (child, database), tempfile.TemporaryDirectory() as folder:
        async with (
            _office_in_hand(world, database, plan) as house,
            serve(world) as url,
            httpx.AsyncClient(base_url=url, trust_env=False) as client,
            _processes(Town(url, world.token, client, {}, world), Path(folder), database, plan) as office,
        ):
            begun = time.monotonic()
            await asyncio.gather(
                _ask(world, outcome, begun),
                _kill(office, outcome, begun),
                _restart(child, house, plan),
            )
            await _all_done(outcome)
            outcome.repeats = int(str(office.query("SELECT coalesce(sum(repeats), 0) FROM deliveries")[0][0]))
            outcome.took_over = sum(one.logged().count("sender_takes_over") for one in office.processes)
            outcome.codes = [await one.stop() for one in office.processes]
            outcome.left_over = len(world.updates.pending)
    return outcome


@contextmanager
def _server() -> Iterator[tuple[postgres.Child, str]]:
    child, folder = postgres.start()
    try:
        with psycopg.connect(postgres.url(folder, "postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE loket")
        yield child, postgres.url(folder, "loket")
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
async def _processes(town: Town, folder: Path, database: str, plan: Plan) -> AsyncIterator[Office]:
    ports = [free_port(), free_port()]
    async with (
        balanced(*(f"http://127.0.0.1:{port}" for port in ports)) as address,
        Office(town, folder, database, address) as office,
    ):
        for port in ports:
            office.add("web", PORT=str(port), LOG_LEVEL="INFO")
        for _ in range(2):
            office.add("worker", SEND_RATE=str(plan.rate), LOG_LEVEL="INFO")
        for process in office.processes:
            await process.start()
        yield office


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


async def _kill(office: Office, outcome: Outcome, begun: float) -> None:
    """One after the other, each started again."""
    for number, process in cycle(enumerate(office.processes)):
        await asyncio.sleep(outcome.plan.kill_every)
        if time.monotonic() > begun + outcome.plan.seconds:
            return
        await process.kill()
        await process.start()
        outcome.kills["web" if number < 2 else "worker"] += 1


async def _restart(child: postgres.Child, house: House, plan: Plan) -> None:
    """The news first, so that it is on its way when the database goes."""
    await asyncio.sleep(plan.seconds * plan.restart_at - 5)
    house.watch.goes_on(seconds=plan.seconds * plan.restart_at)
    await house.posts("pulih blangko")
    await asyncio.sleep(5)
    await asyncio.to_thread(postgres.restart, child, plan.away)


async def _all_done(outcome: Outcome) -> None:
    last = time.monotonic() + ANSWERED_WITHIN
    while (outcome.unanswered or outcome.lost) and time.monotonic() < last:
        await asyncio.sleep(0.2)
    await asyncio.sleep(2)  # what would be told once too often is told now


HEAD = """# Many processes, and trouble

Written by `make chaos ARGS=--processes`: two `loket web` behind a balancer, two `loket worker`, one PostgreSQL, and the
stand-in for Telegram, all on one machine. {questions:.0f} questions a second (`--questions`) come in for
{seconds:.0f} s, each from another chat, and news for {subscribers:,} chats goes out at {rate} a second. Every
{kill_every:.0f} s one process is killed (`kill -9`) and started again, which takes its time where the machine has much
else to do; halfway PostgreSQL is stopped for {away:.0f} s. How long people wait belongs to the machine of the last run,
which everything shares; what is lost does not.

"""


def page(outcome: Outcome) -> str:
    """What it showed, in Markdown."""
    plan, waits = outcome.plan, outcome.waits
    half, most = (quantiles(waits, n=100)[percent - 1] for percent in (50, 95))
    head = HEAD.format(
        questions=plan.questions, seconds=plan.seconds, subscribers=plan.subscribers, rate=plan.rate,
        kill_every=plan.kill_every, away=plan.away,
    )  # fmt: skip
    told = len(+outcome.told)
    return head + "\n".join((
        "| promised | found |",
        "|---|---|",
        f"| every question is answered | {len(outcome.asked):,} asked, **{outcome.unanswered} unanswered** |",
        f"| twice only where a kill came between | {outcome.answered_twice} answered twice |",
        f"| every notice arrives | {told:,} of {plan.subscribers:,} told, **{outcome.lost} lost** |",
        f"| again only where nobody could know of it | {outcome.repeats} repeated, **{outcome.needless} needlessly** |",
        f"| a stand-by takes over | {outcome.took_over} times |",
        f"| killed | {outcome.kills['web']} times a web, {outcome.kills['worker']} times a worker |",
        f"| an answer: the median, 95 of 100, the last | {half:.2f} s, {most:.2f} s, {waits[-1]:.1f} s |",
        "",
    ))  # fmt: skip
