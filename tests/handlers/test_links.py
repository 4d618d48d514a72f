"""A link check proposes, and staff publish: on loopback, and with looks that the test decides."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest

from bot.delivery.link_keeper import LinkKeeper, answers
from bot.language.messages import Answer
from bot.rules.catalogue import LinkCheck, Probe, State, WatchedLink
from bot.store import Store
from bot.store.errors import DatabaseAway
from handlers.keyboards import keyboard
from tests.handlers.desk import Counter
from tests.office.house import ARMAN, SITTI, TEXTS
from tests.rules.small_office import at

OWN, CENTRE = Probe("http://127.0.0.1/own"), Probe("http://127.0.0.1/centre")
CHECK = LinkCheck(OWN, (WatchedLink("central_link", CENTRE),))


class Network:
    """What answers."""

    def __init__(self) -> None:
        self.silent: set[Probe] = set()

    async def look(self, probe: Probe) -> bool:
        return probe not in self.silent


class Watcher:
    """A link check over the counter's office."""

    def __init__(self, counter: Counter, *, at_work: bool = True) -> None:
        office = counter.house.office
        self.network = Network()

        def render(answer: Answer) -> tuple[str, object]:
            zone, now = office.catalogue.office.timezone, office.live.clock()
            buttons = keyboard(answer, lambda words: TEXTS.plain(words, "id", now, zone))
            return TEXTS.render(answer, "id", now, zone), buttons

        bot = counter.application.bot
        self.keeper = LinkKeeper(office.linking, CHECK, bot, render, lambda: at_work, self.network.look)  # type: ignore[arg-type]

    async def rounds(self, many: int, *silent: Probe) -> None:
        self.network.silent = set(silent)
        for _ in range(many):
            await self.keeper.round()


async def test_the_third_failure_proposes_a_report_once_to_everybody(counter: Counter, fresh: Store) -> None:
    watcher = Watcher(counter)

    await watcher.rounds(2, CENTRE)
    assert counter.called("sendMessage") == []
    await watcher.rounds(3, CENTRE)

    told = counter.called("sendMessage")
    assert [one["chat_id"] for one in told] == [SITTI.id, ARMAN.id]
    assert "tampak putus" in counter.text
    assert "belum bisa" in counter.text
    async with fresh.reading() as session:
        assert await session.reports() == ()


async def test_a_restart_proposes_it_to_nobody_again(counter: Counter) -> None:
    await Watcher(counter).rounds(3, CENTRE)

    await Watcher(counter).rounds(3, CENTRE)

    assert len(counter.called("sendMessage")) == 2


async def test_where_the_office_itself_is_offline_the_centre_is_not_blamed(counter: Counter) -> None:
    await Watcher(counter).rounds(5, OWN, CENTRE)

    assert counter.called("sendMessage") == []


async def test_only_the_process_that_sends_looks(counter: Counter) -> None:
    await Watcher(counter, at_work=False).rounds(3, CENTRE)

    assert counter.called("sendMessage") == []


async def test_by_night_a_proposal_waits_for_the_opening(counter: Counter) -> None:
    watcher = Watcher(counter)
    counter.house.watch.now = at(2, 23)
    await watcher.rounds(4, CENTRE)
    assert counter.called("sendMessage") == []

    counter.house.watch.now = at(3, 8)
    await watcher.rounds(1, CENTRE)

    assert len(counter.called("sendMessage")) == 2


async def test_terbitkan_reports_what_was_proposed(counter: Counter) -> None:
    watcher = Watcher(counter)
    await watcher.rounds(3, CENTRE)
    publish = counter.buttons[0]

    await counter.taps(publish, ARMAN.id, message_id=1001)
    await watcher.rounds(1, CENTRE)

    board = counter.house.office.live.view().board
    assert board.state_of(("ktp_cetak", "kendari/kantor")) is State.UNAVAILABLE
    (report,) = counter.house.office.live.reports
    assert report.by.id == ARMAN.id
    edits = [(one["chat_id"], one["message_id"], one["text"][:18]) for one in counter.called("editMessageText")]
    assert edits == [(ARMAN.id, 1001, "Sudah diumumkan pu"), (SITTI.id, 1000, "Usulan ini ditarik")]


async def test_a_proposal_is_withdrawn_when_somebody_posted_meanwhile(counter: Counter) -> None:
    watcher = Watcher(counter)
    await watcher.rounds(3, CENTRE)
    publish = counter.buttons[0]
    await counter.house.posts("lapor pusat putus kabel putus")

    await watcher.rounds(1, CENTRE)
    assert "sudah dilaporkan" in counter.text
    await counter.taps(publish, ARMAN.id)

    assert "ditarik" in counter.text
    assert len(counter.house.office.live.reports) == 1


async def test_a_link_that_came_back_before_anybody_reported_withdraws_it(counter: Counter) -> None:
    watcher = Watcher(counter)
    await watcher.rounds(3, CENTRE)

    await watcher.rounds(2)
    await watcher.rounds(2)

    assert [one["text"][:18] for one in counter.called("editMessageText")] == ["Usulan ini ditarik"] * 2
    assert "sudah kembali" in counter.text


async def test_a_return_is_proposed_after_an_outage_that_was_reported(counter: Counter) -> None:
    watcher = Watcher(counter)
    await watcher.rounds(3, CENTRE)
    await counter.taps(counter.buttons[0], SITTI.id, message_id=1000)

    await watcher.rounds(2)

    assert "tampak kembali" in str(counter.called("sendMessage")[-1]["text"])
    await counter.taps("link:no", SITTI.id)
    assert "tidak ada yang diumumkan" in counter.text


async def test_a_stale_button_of_another_catalogue_does_nothing(counter: Counter) -> None:
    await counter.taps("link:printer:down:abc", SITTI.id)

    assert "ditarik" in counter.text


async def test_what_telegram_refuses_stops_nothing(counter: Counter) -> None:
    watcher = Watcher(counter)
    counter.telegram.refuses["sendMessage"] = (403, "Forbidden: bot was blocked by the user")
    await watcher.rounds(3, CENTRE)
    del counter.telegram.refuses["sendMessage"]
    counter.house.watch.now = at(3, 9)
    again = Watcher(counter)
    await again.rounds(3, CENTRE)
    counter.telegram.refuses["editMessageText"] = (400, "Bad Request: message to edit not found")

    await again.rounds(2)

    assert len(counter.called("sendMessage")) == 4


class StopError(Exception):
    """Ends a loop that runs for ever."""


async def test_the_loop_goes_on_through_trouble(counter: Counter) -> None:
    troubles: list[Exception] = [DatabaseAway("away"), ValueError("a bug")]
    naps: list[float] = []

    def at_work() -> bool:
        if troubles:
            raise troubles.pop(0)
        return False

    async def sleep(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            raise StopError

    keeper = Watcher(counter).keeper
    keeper.at_work, keeper.sleep = at_work, sleep

    with pytest.raises(StopError):
        await keeper.run()

    assert naps == [60, 60, 60]


@contextlib.asynccontextmanager
async def serving(status: str) -> AsyncIterator[int]:
    """A server on loopback that answers everything so; its port."""

    callers: list[asyncio.Task[None] | None] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        callers.append(asyncio.current_task())
        with contextlib.suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        await asyncio.gather(*filter(None, callers))


@pytest.mark.parametrize(
    ("status", "wanted", "well"),
    [("200 OK", (), True), ("302 Found", (), True), ("503 Away", (), False), ("404 Gone", (200, 302), False)],
)
async def test_an_address_answers_with_a_status_that_counts(status: str, wanted: tuple[int, ...], well: bool) -> None:
    async with serving(status) as port:
        assert await answers(Probe(f"tcp://127.0.0.1:{port}"))
        assert await answers(Probe(f"http://127.0.0.1:{port}/", wanted)) is well


async def test_nobody_there_is_no_answer() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and not listening
        port = taken.getsockname()[1]

        assert not await answers(Probe(f"http://127.0.0.1:{port}/"))
        assert not await answers(Probe(f"tcp://127.0.0.1:{port}"))


async def test_an_office_without_addresses_looks_at_nothing(counter: Counter) -> None:
    assert counter.house.office.linking.check is None
