"""An office of several processes on PostgreSQL: webs behind a balancer answer, workers send, and none is missed."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx

from bot.clock import system_clock
from bot.rules.catalogue_reading import SHIPPED, read_catalogue
from bot.store import Store, migrate
from playground.balance import balanced
from tests.journeys.processes import STAND_BY, Office, away
from tests.journeys.town import BACK, Town, until
from tests.office.house import House
from tests.patience import ANSWER
from tests.store.examples import subscribed
from tests.test_runner import free_port

FIRST, CROWD = 747200000, 40
WAITING = range(FIRST, FIRST + CROWD)
TAKES_OVER = "sender_takes_over"
# The lease is good for 8 seconds and renewed every 2. Its clock 4 seconds on, a stand-by need not wait so long.
A_LITTLE_LATER = str(int(STAND_BY) + 4)


def in_hand(town: Town) -> int:
    """Messages that the bot is sending."""
    return sum(entry.method == "sendMessage" and entry.status is None for entry in town.world.journal.entries)


async def seconds_until_shown(browser: httpx.AsyncClient, web: str, word: str) -> tuple[float, float]:
    """Until the page says so, and for the slowest page meanwhile."""
    began = asked = time.monotonic()
    slowest = 0.0
    async with asyncio.timeout(ANSWER):
        while word not in (await browser.get(web)).text.lower():
            slowest = max(slowest, time.monotonic() - asked)
            await asyncio.sleep(0.02)
            asked = time.monotonic()
    return time.monotonic() - began, max(slowest, time.monotonic() - asked)


async def test_two_webs_answer_through_a_kill_and_a_database_that_goes_away(
    town: Town, tmp_path: Path, postgresql_server: str, postgresql_url: str
) -> None:
    migrate(postgresql_url)
    ports = [free_port(), free_port()]
    webs = [f"http://127.0.0.1:{port}" for port in ports]
    async with (
        balanced(*webs) as address,
        httpx.AsyncClient(trust_env=False, timeout=ANSWER) as browser,
        Office(town, tmp_path, postgresql_url, address) as office,
    ):
        first, second = (office.add("web", PORT=str(port)) for port in ports)
        worker = office.add("worker", PORT=str(ports[0]))
        await asyncio.gather(*(process.start() for process in office.processes))

        # A report shows on every process's board.
        await town.publish("/lapor blangko habis")
        for web in webs:
            took, slowest = await seconds_until_shown(browser, web, "blangko")
            assert took < 1 + 10 * slowest  # a second, and as much more as the machine is slow
        await town.answer(town.subscriber, "kabari kalau cetak ktp sudah bisa")

        # A question that meets the database away is answered when it is back; so is the one after it.
        with away(postgresql_server, postgresql_url):
            await town.citizen.say("jam buka")
            await town.neighbour.say("alamat kantor")
            await until(lambda: "update_waits_for_database" in first.logged() + second.logged())
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

        # What was taken in by webs is told by the worker.
        await town.publish("/pulih blangko")
        await town.subscriber.wait_for(BACK)
        assert [await second.stop(), await worker.stop()] == [0, 0]

    assert (ready, page) == (503, 200)
    assert not town.world.updates.pending
    assert office.query("SELECT status FROM deliveries") == [("sent",)]


def arrivals(town: Town) -> Counter[int]:
    """How often each of the crowd read that it is back."""
    return Counter({chat: sum(BACK in text for text in town.written(chat)) for chat in WAITING})


@asynccontextmanager
async def waiting_crowd(town: Town, database: str) -> AsyncIterator[House]:
    """Forty people who wait for their KTP, and an office in this process that reports, but neither asks nor sends."""
    store = Store(database)
    await store.open()
    clock = system_clock(float(STAND_BY))
    house = House(store, read_catalogue(SHIPPED / "demo.toml"), now=clock(), hold=timedelta(0))
    await house.posts("lapor blangko habis")
    for chat in WAITING:
        town.world.add_phone(chat, "Warga").acquainted = True
        await subscribed(store, chat, since=clock())
    try:
        yield house
    finally:
        await store.close()


async def test_a_stand_by_sends_on_for_a_worker_that_stands_still_and_the_woken_one_does_not(
    town: Town, tmp_path: Path, postgresql_url: str
) -> None:
    migrate(postgresql_url)
    async with (
        waiting_crowd(town, postgresql_url) as house,
        Office(town, tmp_path, postgresql_url, "http://127.0.0.1:9") as office,
    ):
        sender = office.add("worker", SEND_RATE="10")
        stand_by = office.add("worker", SEND_RATE="30", CLOCK_OFFSET=A_LITTLE_LATER)
        await sender.start()
        await until(lambda: TAKES_OVER in sender.logged())
        await stand_by.start()
        await house.posts("pulih blangko")
        await until(lambda: arrivals(town).total() >= 5)

        sender.signal(signal.SIGSTOP)
        stood_at, told = time.monotonic(), arrivals(town).total()
        await until(lambda: TAKES_OVER in stand_by.logged() and arrivals(town).total() > told + 1)
        took = time.monotonic() - stood_at
        sender.signal(signal.SIGCONT)
        await until(lambda: len(+arrivals(town)) == CROWD)
        await until(lambda: office.query("SELECT count(*) FROM deliveries WHERE status <> 'sent'") == [(0,)])
        assert [await sender.stop(), await stand_by.stop()] == [0, 0]

    # Twice it reached only those of whom nobody could know whether Telegram had it.
    repeated = {chat for chat, times in arrivals(town).items() if times > 1}
    assert took < 15
    assert repeated <= {chat for (chat,) in office.query("SELECT chat FROM deliveries WHERE repeats > 0")}
    assert max(arrivals(town).values()) <= 2
