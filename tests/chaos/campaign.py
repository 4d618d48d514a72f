"""The campaign: a broadcast through kills, failing calls, a locked database, a full disk and an absent Telegram."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.rules.notices import Subscription, Wish
from bot.store import Store, migrate
from playground.world import TOKEN, wall_clock
from tests.chaos.standin import standin
from tests.chaos.town import CITIZENS, STAFF, Subscriber, subscribers
from tests.chaos.trouble import locked, no_room
from tests.journeys.deployment import Deployment
from tests.store.examples import NOW

OPEN = ("waiting", "sending")
BACK = "sudah bisa lagi"
KTP = "ktp_cetak"
PAST_THE_LEASE = 10  # seconds that the clock is moved at each start: a killed sender's lease is good for 8
AWAY = 2.0
LONGEST_WAIT = 900  # seconds until a delivery is tried again: ten minutes, and their jitter
SETTLED = 1.0  # seconds from an answer until it surely is written down; promised are 0.1, on a machine at rest
RECOVERED = 2.5  # the same after a database that took nothing: the next try comes within a second
QUESTION_EVERY = 0.7


class Bot(Deployment):
    """The bot, with what only this campaign asks of it."""

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def events(self) -> Counter[str]:
        """What it logged, how often; a line that a kill or a full disk cut off counts for nothing."""
        return Counter(re.findall(r'"event": ?"([^"]+)"', self.logged()))


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a campaign is."""

    count: int = 2000
    kills: int = 20
    seed: int = 20170130
    rate: int = 50
    patience: float = 280.0
    trouble: float = 7.0  # seconds without a database; SQLite waits five for a lock
    enough: float = 0.95  # told of those who should hear; then Telegram recovers, so that the end can be waited for


@dataclass
class Outcome:
    """What happened."""

    plan: Plan
    who: tuple[Subscriber, ...]
    seconds: float = 0.0
    killed_at: list[float] = field(default_factory=list)
    troubled: list[tuple[float, float]] = field(default_factory=list)  # the database took nothing from … to …
    arrived: list[dict[str, Any]] = field(default_factory=list)
    drawn: dict[str, int] = field(default_factory=dict)
    deliveries: dict[int, tuple[str, int, str]] = field(default_factory=dict)  # chat: status, repeats, error
    wishes: set[int] = field(default_factory=set)  # chats that still wait
    asked: int = 0
    unanswered: int = 0
    log: Counter[str] = field(default_factory=Counter)

    @property
    def heard(self) -> dict[int, list[dict[str, Any]]]:
        """The arrivals of the news, by chat."""
        heard: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for one in self.arrived:
            if BACK in one["text"]:
                heard[one["chat"]].append(one)
        return heard

    @property
    def given_up(self) -> set[int]:
        """Chats whose delivery failed for good by a fault of ours: the dead letters, which an alert names."""
        return {chat for chat, (status, _, _) in self.deliveries.items() if status == "failed"}

    @property
    def unheard(self) -> list[int]:
        """Who could have been reached, and heard nothing for a fault of ours."""
        heard, given_up = self.heard, self.given_up
        return [
            one.chat
            for one in self.who
            if one.should_hear and not heard.get(one.new_chat) and {one.chat, one.new_chat} & given_up
        ]

    @property
    def lost(self) -> list[int]:
        """Who should have heard and did not."""
        heard = self.heard
        return [
            one.chat
            for one in self.who
            if one.should_hear and not heard.get(one.new_chat) and not {one.chat, one.new_chat} & self.given_up
        ]

    @property
    def repeated(self) -> int:
        return sum(len(arrivals) - 1 for arrivals in self.heard.values())

    @property
    def needless(self) -> list[dict[str, Any]]:
        """Arrivals that were repeated though the bot knew of them."""
        return [one for arrivals in self.heard.values() for one in arrivals[:-1] if not self.in_doubt(one)]

    @property
    def doubtful(self) -> int:
        """Arrivals of which the bot could not know: the most that may be repeated."""
        return sum(self.in_doubt(one) for arrivals in self.heard.values() for one in arrivals)

    def in_doubt(self, arrival: dict[str, Any]) -> bool:
        at = arrival["at"]
        held = (end + RECOVERED for begin, end in self.troubled if begin - SETTLED <= at <= end + SETTLED)
        until = next(held, at + SETTLED)
        return not arrival["answered"] or any(arrival["sender_began"] <= killed <= until for killed in self.killed_at)

    @property
    def misled(self) -> list[int]:
        """Chats that heard and are still waiting, or cannot be reached and still stand in the list."""
        return [chat for chat in self.wishes if chat not in self.given_up]

    @property
    def open_still(self) -> list[int]:
        return [chat for chat, (status, _, _) in self.deliveries.items() if status in OPEN]

    @property
    def good(self) -> bool:
        """Whether everything was kept that was promised."""
        broken = self.lost or self.needless or self.misled or self.open_still or self.unanswered
        return not broken and len(self.killed_at) == self.plan.kills


class Campaign:
    """One run of it."""

    def __init__(self, plan: Plan, folder: Path, url: str, client: httpx.AsyncClient) -> None:
        self.plan, self.client = plan, client
        self.outcome = Outcome(plan, subscribers(plan.count))
        self.bot = Bot(
            url, TOKEN, folder, SEND_RATE=str(plan.rate), PAID_BROADCAST="1", LOG_LEVEL="INFO", OWNER_IDS=str(STAFF)
        )
        self.url = f"sqlite:///{self.bot.database}"
        self.ahead = 0  # seconds of the clock
        self.chance = random.Random(plan.seed)

    async def run(self) -> Outcome:
        began = time.monotonic()
        await self.prepare()
        asking = asyncio.create_task(self.ask())
        with contextlib.suppress(TimeoutError):  # the outcome says what is missing
            async with asyncio.timeout(self.plan.patience):
                await self.through_everything()
                await self.until_told(self.plan.enough)
                await self.client.post("/chaos/calm")
                await self.pass_the_longest_wait()
                await self.until_nothing_is_open()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await self.until_answered()
        await self.bot.stop()
        await self.look_back()
        self.outcome.seconds = time.monotonic() - began
        return self.outcome

    async def prepare(self) -> None:
        migrate(self.url)
        store = Store(self.url)
        await store.open()
        async with store.writing() as session:
            for one in self.outcome.who:
                await session.subscribe(Subscription(0, one.chat, KTP, "kendari", Wish.ONCE, NOW))
        await store.close()
        await self.start()
        for line in (("blangko", "habis"), ("blangko", "normal")):
            code, printed = await self.bot.command("report", *line, "--yes")
            assert code == 0, printed

    async def through_everything(self) -> None:
        """Kills at random moments of the broadcast; between them, the other trouble."""
        last = int(self.plan.count * 0.8)
        moments = sorted(self.chance.sample(range(1, last), self.plan.kills))
        others = {
            self.plan.kills // 4: self.lock_the_database,
            self.plan.kills // 2: self.fill_the_disk,
            self.plan.kills * 3 // 4: self.send_telegram_away,
        }
        for number, moment in enumerate(moments):
            if number in others:
                await others[number]()
            await self.until_arrived(moment)
            await asyncio.sleep(self.chance.random() / 5)
            await self.bot.kill()
            self.outcome.killed_at.append(wall_clock())
            await self.start()

    async def start(self) -> None:
        await self.bot.start(CLOCK_OFFSET=str(self.ahead))
        self.ahead += PAST_THE_LEASE

    async def pass_the_longest_wait(self) -> None:
        """Ten minutes later what still waits for another try is due."""
        assert await self.bot.stop() == 0
        self.ahead += LONGEST_WAIT
        await self.start()

    async def lock_the_database(self) -> None:
        await self.in_trouble(locked(self.bot.database, self.plan.trouble))

    async def fill_the_disk(self) -> None:
        await self.in_trouble(no_room(self.bot.pid, self.plan.trouble))

    async def send_telegram_away(self) -> None:
        await self.client.post("/chaos/away", params={"seconds": AWAY})
        await asyncio.sleep(AWAY + 0.5)

    async def in_trouble(self, trouble: Any) -> None:
        begin = wall_clock()
        await trouble
        self.outcome.troubled.append((begin, wall_clock()))

    async def ask(self) -> None:
        """Citizens ask meanwhile; nobody kills their questions."""
        while True:
            chat = CITIZENS[self.outcome.asked % len(CITIZENS)]
            with contextlib.suppress(httpx.HTTPError):  # Telegram is away for citizens, too
                answer = await self.client.post("/api/send", json={"chat_id": chat, "text": "jam buka"})
                self.outcome.asked += answer.is_success
            await asyncio.sleep(QUESTION_EVERY)

    async def until_arrived(self, count: int) -> None:
        while await self.got("count") < count:
            await asyncio.sleep(0.02)

    async def until_told(self, share: float) -> None:
        should = sum(one.should_hear for one in self.outcome.who)
        while len([1 for status, _, _ in self.standing().values() if status == "sent"]) < should * share:
            await asyncio.sleep(0.5)

    async def until_nothing_is_open(self) -> None:
        while any(status in OPEN for status, _, _ in self.standing().values()):
            await asyncio.sleep(0.5)

    async def until_answered(self) -> None:
        for _ in range(100):
            if not (await self.got("tally"))["unanswered"]:
                return
            await asyncio.sleep(0.1)

    async def got(self, what: str) -> Any:
        try:
            return (await self.client.get(f"/chaos/{what}")).json()
        except httpx.HTTPError:
            return 0

    def standing(self) -> dict[int, tuple[str, int, str]]:
        rows = self.bot.query("SELECT chat, status, repeats, coalesce(error, '') FROM deliveries")
        return {chat: (status, repeats, error) for chat, status, repeats, error in rows}

    async def look_back(self) -> None:
        outcome, tally = self.outcome, await self.got("tally")
        outcome.arrived, outcome.drawn, outcome.unanswered = tally["arrived"], tally["drawn"], tally["unanswered"]
        outcome.deliveries, outcome.log = self.standing(), self.bot.events()
        outcome.wishes = {chat for (chat,) in self.bot.query("SELECT chat FROM subscriptions")}


async def campaign(plan: Plan) -> Outcome:
    """Run one; needs no network but loopback."""
    with tempfile.TemporaryDirectory(prefix="loket-chaos-") as folder:
        async with (
            standin(plan.count, plan.seed) as url,
            httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client,
        ):
            return await Campaign(plan, Path(folder), url, client).run()
