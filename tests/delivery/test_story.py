"""Whatever happens in whatever order: the last thing that each subscriber read is true, or on its way."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Coroutine
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from bot.language.refusals import RefusedError
from bot.rules.catalogue import State
from bot.rules.notices import NoticeKind, Wish
from bot.rules.reports import Assertion, Author
from bot.store import migrate
from bot.store.rows import changes_from_json
from bot.store.tables import deliveries, notices
from tests.delivery.passing_time import story_loop
from tests.delivery.story import FAULTS, Cell, Process, Telegram, Told, settings_for, states, until
from tests.store.examples import NOW

CHATS = (747100101, 747100102, 747100103)
ASKED = ("ktp_cetak", "kk", "ktp")
TARGETS = (("blanks", "kendari"), ("central_link", "kendari"), ("ktp_cetak", "kendari/kantor"), ("kk", "kendari/kantor"))
STAFF = Author(747100201, "Sitti R.")
WATCHED = tuple((step, "kendari/kantor") for step in ("ktp_rekam", "ktp_cetak", "ktp_ambil", "kk"))
JUMPS = (600.0, 2400.0, 8 * 3600.0, 26 * 3600.0)
RANK = {"unknown": 0, "unavailable": 0, "limited": 1, "available": 2}
EVERYTHING_ENDS_WITHIN = 900.0  # seconds after the last fault: the longest wait between two tries is 10 minutes


@dataclass
class Asked:
    """What a chat asked for about one step, and what the bot can know it was told since."""

    wish: Wish
    since: datetime
    outages: bool = False
    limited_told: bool = False


@dataclass
class Read:
    """The last thing that a chat read about one step."""

    state: str
    kind: str  # a notice's, or `answer`
    at: datetime


@cache
def empty_database() -> Path:
    """Migrated once; each story begins with a copy."""
    file = Path(tempfile.mkdtemp(prefix="loket-story-")) / "loket.db"
    migrate(f"sqlite:///{file}")
    return file


class Story(RuleBasedStateMachine):
    """Staff, subscribers, time, crashes and Telegram's errors, as they come."""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.loop = self.open.enter_context(story_loop())
        self.skipped = timedelta()
        self.telegram = Telegram(self.clock)
        self.asked: dict[int, dict[str, Asked]] = defaultdict(dict)
        self.read: dict[int, dict[Cell, Read]] = defaultdict(dict)
        self.heard = 0
        folder = Path(self.open.enter_context(tempfile.TemporaryDirectory()))
        shutil.copy(empty_database(), folder / "loket.db")
        self.settings = settings_for(folder / "loket.db")
        self.process: Process

    def clock(self) -> datetime:
        return NOW + timedelta(seconds=self.loop.time()) + self.skipped

    def run(self, story: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(story)

    @property
    def office(self) -> Any:
        return self.process.office

    @initialize()
    def the_bot_starts(self) -> None:
        self.process = self.run(Process.started(self.settings, self.telegram, self.clock))

    @rule(chat=st.sampled_from(CHATS), service=st.sampled_from(ASKED))
    def a_citizen_asks_to_hear_it_once(self, chat: int, service: str) -> None:
        self.run(self.office.subscribers.once(chat, [service]))
        self.run(self.note_wishes(chat))

    @rule(chat=st.sampled_from(CHATS), service=st.sampled_from(ASKED), outages=st.booleans())
    def somebody_subscribes(self, chat: int, service: str, outages: bool) -> None:
        self.run(self.office.subscribers.always(chat, [service]))
        if outages:
            self.run(self.office.subscribers.outages(chat, service))
        self.run(self.note_wishes(chat))

    @rule(chat=st.sampled_from(CHATS))
    def somebody_stops(self, chat: int) -> None:
        self.run(self.office.subscribers.end(chat))
        self.asked[chat].clear()

    @rule(chat=st.sampled_from(CHATS))
    def somebody_blocks_the_bot(self, chat: int) -> None:
        self.telegram.blocked.add(chat)

    @rule(about=st.sampled_from(TARGETS), state=st.sampled_from([State.UNAVAILABLE, State.LIMITED, State.AVAILABLE]))
    def staff_report(self, about: tuple[str, str], state: State) -> None:
        self.run(self.report(Assertion(*about, state)))

    @rule(about=st.sampled_from(TARGETS))
    def it_flaps(self, about: tuple[str, str]) -> None:
        for state in (State.UNAVAILABLE, State.AVAILABLE, State.UNAVAILABLE):
            self.run(self.report(Assertion(*about, state)))
            self.run(asyncio.sleep(150))

    @rule(back=st.integers(0, 3))
    def a_report_is_taken_back(self, back: int) -> None:
        reports = self.run(self.office.staff.retractable(STAFF))
        if back < len(reports):
            self.run(self.office.staff.retract(reports[back].number, STAFF))

    @rule()
    def the_waiting_notices_are_sent_now(self) -> None:
        try:
            self.run(self.office.staff.send_now(self.office.live.version))
        except RefusedError:
            pass  # nothing waits

    @rule(faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3))
    def telegram_will_fail(self, faults: list[str]) -> None:
        self.telegram.faults = faults

    @rule(seconds=st.sampled_from([0.04, 1.0, 5.0, 130.0]))
    def a_while_passes(self, seconds: float) -> None:
        self.run(asyncio.sleep(seconds))

    @rule(seconds=st.sampled_from(JUMPS))
    def hours_pass(self, seconds: float) -> None:
        self.skipped += timedelta(seconds=seconds)
        self.run(asyncio.sleep(15))

    @rule(moment=st.sampled_from([0.0, 0.02, 0.04, 0.07, 0.11]))
    def the_bot_is_killed_and_started(self, moment: float) -> None:
        self.run(asyncio.sleep(moment))
        self.run(self.process.crash())
        self.telegram.doubt_what_was_just_answered()
        self.the_bot_starts()

    @rule()
    def the_bot_is_stopped_and_started(self) -> None:
        self.run(self.process.stop())
        self.the_bot_starts()

    @invariant()
    def each_is_told_each_notice_once_unless_nobody_could_know(self) -> None:
        earlier: dict[tuple[int, int], list[Told]] = defaultdict(list)
        for told in self.telegram.told:
            before = earlier[told.notice, told.chat]
            assert not any(one.known for one in before), f"told again though it was known: {told}"
            before.append(told)

    @invariant()
    def nobody_hears_what_they_did_not_ask_for(self) -> None:
        for told in self.telegram.told[self.heard :]:
            for (step, _), state in told.cells.items():
                if told.kind == NoticeKind.RESUMPTION:
                    self.hear_of_a_return(told, step, state)
            for cell, state in told.cells.items():
                self.read[told.chat][cell] = Read(state, told.kind, told.at)
        self.heard = len(self.telegram.told)

    def hear_of_a_return(self, told: Told, step: str, state: str) -> None:
        asked = self.asked[told.chat].get(step)
        assert asked, f"nobody in {told.chat} asked for {step}: {told}"
        if asked.wish is Wish.ONCE and told.known:
            if state == State.AVAILABLE:
                del self.asked[told.chat][step]
            else:
                assert not asked.limited_told, f"a limited return was told twice: {told}"
                asked.limited_told = True

    @invariant()
    def the_last_thing_read_is_true_or_on_its_way(self) -> None:
        false = self.run(self.falsely_left())
        assert not false, false

    def teardown(self) -> None:
        if hasattr(self, "process"):
            self.telegram.faults.clear()
            self.skipped += timedelta(hours=10)  # past any quiet hours, hold and gap
            ended = self.run(until(self.nothing_is_open, EVERYTHING_ENDS_WITHIN))
            self.nobody_hears_what_they_did_not_ask_for()
            self.run(self.process.stop())
            assert ended, "something was never told"
        self.open.close()

    async def report(self, *assertions: Assertion) -> None:
        shown = await self.office.staff.preview(STAFF.id, STAFF, assertions, "/lapor")
        await self.office.staff.publish(shown.preview.id, STAFF)

    async def note_wishes(self, chat: int) -> None:
        """What a chat asked for by now; whoever waits has read how it stands."""
        now = self.clock()
        async with self.process.store.reading() as session:
            own = await session.subscriptions_of(chat)
        for one in own:
            self.asked[chat][one.step] = Asked(one.wish, now, one.outages)
        board = states(WATCHED, self.office, now)
        self.read[chat] |= {cell: Read(state, "answer", now) for cell, state in board.items()}

    async def nothing_is_open(self) -> bool:
        async with self.process.store.reading() as session:
            return not (await session.unreleased_notices() or await session.unfinished_notices())

    async def falsely_left(self) -> list[str]:
        """Who was left with something false of which better news was owed, and is not on its way."""
        on_the_way = await self.on_the_way()
        now = states(WATCHED, self.office, self.clock())
        return [
            f"{chat} read {read} of {cell}; it is {now[cell]}"
            for chat, cells in self.read.items()
            if chat not in self.telegram.unreachable
            for cell, read in cells.items()
            if cell in now and self.owes(chat, cell, read, now[cell])
            if (0, cell) not in on_the_way and (chat, cell) not in on_the_way
        ]

    def owes(self, chat: int, cell: Cell, read: Read, state: str) -> bool:
        asked = self.asked[chat].get(cell[0])
        if asked is None or RANK[state] == RANK[read.state] or any(one == chat for _, one in self.telegram.lost):
            return False
        if RANK[state] < RANK[read.state]:
            return asked.outages and state != State.UNKNOWN
        if asked.wish is Wish.ONCE:
            return not (asked.limited_told and state == State.LIMITED)
        return read.kind != "answer"

    async def on_the_way(self) -> set[tuple[int, Cell]]:
        """(chat, cell) of what waits for a chat; chat 0 where the notice is not released yet."""
        async with self.process.store.reading() as session:
            waiting = await session.unreleased_notices()
            rows = await session._connection.execute(
                select(deliveries.c.chat, deliveries.c.changes)
                .join_from(deliveries, notices)
                .where(deliveries.c.ended_at.is_(None))
            )
            found = {(row.chat, (one[0], one[1])) for row in rows for one in row.changes}
        return found | {(0, (one.step, one.counter)) for notice in waiting for one in notice.changes}


Story.TestCase.settings = settings(
    max_examples=30,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestStory = Story.TestCase
