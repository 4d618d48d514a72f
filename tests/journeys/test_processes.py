"""An office of several processes on PostgreSQL: webs behind a balancer answer, workers send, and none is missed."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import psycopg
from psycopg import sql

from bot.clock import system_clock
from bot.rules.catalogue_reading import SHIPPED, read_catalogue
from bot.store import Store, migrate
from playground.balance import balanced
from tests import postgres
from tests.journeys.deployment import Deployment, clock_at
from tests.journeys.town import BACK, Town, until
from tests.office.house import House
from tests.store.examples import subscribed
from tests.test_runner import free_port

FIRST, CROWD = 747200000, 40
WAITING = range(FIRST, FIRST + CROWD)
# The lease is good for 8 seconds and renewed every 2. Its clock 5 seconds on, a stand-by need not wait so long.
STAND_BY = clock_at("2026-08-04 10.00")["CLOCK_OFFSET"]
A_LITTLE_LATER = str(int(STAND_BY) + 5)


class Office:
    """The processes of one office, and its database."""

    def __init__(self, town: Town, folder: Path, database: str, balancer: str) -> None:
        self._town, self._folder, self._database, self._balancer = town, folder, database, balancer
        self.processes: list[Deployment] = []

    def add(self, kind: str, **settings: str) -> Deployment:
        folder = self._folder / f"{kind}{len(self.processes)}"
        folder.mkdir()
        common = {"DATABASE_URL": self._database, "WEBHOOK_URL": self._balancer, "CLOCK_OFFSET": STAND_BY} | settings
        process = Deployment(self._town.url, self._town.token, folder, kind, **common)
        self.processes.append(process)
        return process

    def query(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self._database, autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()

    async def close(self) -> None:
        for process in self.processes:
            await process.close()


@contextmanager
def away(server: str, database: str) -> Iterator[None]:
    """The database takes no connection, and those that were there are cut."""
    name = database.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(postgres.url(server, "postgres"), autocommit=True) as connection:
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        connection.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        yield
        connection.execute(allow.format(sql.Identifier(name), sql.SQL("true")))


def in_hand(town: Town) -> int:
    """Messages that the bot is sending."""
    return sum(entry.method == "sendMessage" and entry.status is None for entry in town.world.journal.entries)


async def test_two_webs_answer_through_a_kill_and_a_database_that_goes_away(
    town: Town, tmp_path: Path, postgresql_server: str, postgresql_url: str
) -> None:
    migrate(postgresql_url)
    ports = [free_port(), free_port()]
    webs = [f"http://127.0.0.1:{port}" for port in ports]
    async with balanced(*webs) as address, httpx.AsyncClient(trust_env=False) as browser:
        office = Office(town, tmp_path, postgresql_url, address)
        first, second = (office.add("web", PORT=str(port)) for port in ports)
        worker = office.add("worker", PORT=str(ports[0]))
        try:
            await asyncio.gather(*(process.start() for process in office.processes))

            # A report reaches every process's board within a second.
            await town.publish("/lapor blangko habis")
            published = time.monotonic()
            for web in webs:
                while "blangko" not in (await browser.get(web)).text.lower():
                    assert time.monotonic() < published + 3
                    await asyncio.sleep(0.02)
            took = time.monotonic() - published
            await town.answer(town.subscriber, "kabari kalau cetak ktp sudah bisa")

            # A question that meets the database away is answered when it is back; so is the one after it.
            with away(postgresql_server, postgresql_url):
                await town.citizen.say("jam buka")
                await town.neighbour.say("alamat kantor")
                await asyncio.sleep(1.0)
                ready = (await browser.get(f"{webs[1]}/readyz")).status_code
                page = (await browser.get(webs[1])).status_code
            assert "Jam buka" in (await town.citizen.reply())["text"]
            assert "Alamat" in (await town.neighbour.reply())["text"]

            # One web is killed while both have a question in hand: Telegram brings its question to the other.
            await town.fault("sendMessage", {"kind": "hang", "seconds": 1, "times": 2})
            for phone in (town.citizen, town.neighbour):
                await phone.say("syarat kk")
            await until(lambda: in_hand(town) == 2)
            await first.kill()
            for phone in (town.citizen, town.neighbour):
                assert "Syarat" in (await phone.reply())["text"]
            await town.publish("/pulih blangko")
            await town.subscriber.wait_for(BACK)

            assert [await second.stop(), await worker.stop()] == [0, 0]
        finally:
            await office.close()

    assert took < 1.5
    assert (ready, page) == (503, 200)
    assert not town.world.updates.pending
    assert "update_waits_for_database" in first.logged() + second.logged()
    assert office.query("SELECT status FROM deliveries") == [("sent",)]


def arrivals(town: Town) -> Counter[int]:
    """How often each of the crowd read that it is back."""
    return Counter({chat: sum(BACK in text for text in town.written(chat)) for chat in WAITING})


async def crowd_that_waits(town: Town, database: str) -> None:
    """Forty subscribers, and the news for them; of all processes only this one reports."""
    store = Store(database)
    await store.open()
    clock = system_clock(float(STAND_BY))
    house = House(store, read_catalogue(SHIPPED / "demo.toml"), now=clock(), hold=timedelta(0))
    await house.posts("lapor blangko habis")
    for chat in WAITING:
        town.world.add_phone(chat, "Warga").acquainted = True
        await subscribed(store, chat, since=clock())
    await house.posts("pulih blangko")
    await store.close()


async def test_a_stand_by_sends_on_for_a_worker_that_stands_still_and_the_woken_one_does_not(
    town: Town, tmp_path: Path, postgresql_url: str
) -> None:
    migrate(postgresql_url)
    await crowd_that_waits(town, postgresql_url)
    office = Office(town, tmp_path, postgresql_url, "http://127.0.0.1:9")
    sender = office.add("worker", SEND_RATE="10")
    stand_by = office.add("worker", SEND_RATE="30", CLOCK_OFFSET=A_LITTLE_LATER)
    try:
        await sender.start()
        await until(lambda: arrivals(town).total() >= 5)
        await stand_by.start()
        sender.signal(signal.SIGSTOP)
        stood_at = time.monotonic()
        told = arrivals(town).total()

        await until(lambda: arrivals(town).total() > told + 1)
        took_over = time.monotonic() - stood_at
        sender.signal(signal.SIGCONT)
        await until(lambda: len(+arrivals(town)) == CROWD)
        await until(lambda: office.query("SELECT count(*) FROM deliveries WHERE status <> 'sent'") == [(0,)])

        assert [await sender.stop(), await stand_by.stop()] == [0, 0]
    finally:
        await office.close()

    repeated = {chat for chat, times in arrivals(town).items() if times > 1}
    assert took_over < 15
    assert sender.logged().count("sender_takes_over") == stand_by.logged().count("sender_takes_over") == 1
    assert repeated <= {chat for (chat,) in office.query("SELECT chat FROM deliveries WHERE repeats > 0")}
    assert max(arrivals(town).values()) <= 2
