"""Whatever happens in whatever order: the last thing that each subscriber read is true, or on its way."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import defaultdict
from collections.abc import Coroutine
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from bot.language.refusals import RefusedError
from bot.office import Office
from bot.rules.catalogue import State
from bot.rules.notices import Change, NoticeKind, Wish, is_down
from bot.rules.reports import Assertion, Author
from bot.store.tables import deliveries, notices
from tests.delivery.passing_time import story_loop
from tests.delivery.story import FAULTS, Cell, Process, Telegram, Told, settings_for, states, until
from tests.migrated import migrated
from tests.store.examples import NOW

CHATS = (747100101, 747100102, 747100103)
ASKED = ("kk", "ktp")
TARGETS = (
    ("blanks", "kendari"),
    ("central_link", "kendari"),
    ("ktp_cetak", "kendari/kantor"),
    ("kk", "kendari/kantor"),
)
STAFF = Author(747100201, "Sitti R.")
WATCHED = tuple((step, "kendari/kantor") for step in ("ktp_rekam", "ktp_cetak", "ktp_ambil", "kk"))
SAME_DAY = timedelta(hours=16)  # the contract says: since the opening of the office day before
JUMPS = (125.0, 600.0, 2400.0, 8 * 3600.0, 26 * 3600.0)
RANK = {"unknown": 0, "unavailable": 0, "limited": 1, "available": 2}
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # a story writes much and keeps nothing
IN_HAND = 2.0  # seconds from a claim until it is sent
WAITS, A_LONG_WAIT = 8, timedelta(hours=2)  # after so many all must be told: a night has nine quiet hours


@dataclass
class Asked:
    """What a chat asked for about one step, and which notices the bot knows to have fulfilled it."""

    wish: Wish
    since: datetime
    outages: bool = False
    limited_by: int = 0  # a limited return was told by this notice
    ended_by: int = 0

    def stands(self, righted: int) -> bool:
        """Whether it is still waited for; `righted`: the last notice that set right what was told."""
        return not self.ended_by or righted > self.ended_by

    def limited_told(self, righted: int) -> bool:
        return self.limited_by > righted


@dataclass
class Read:
    """The last thing that a chat read about one step."""

    state: str
    kind: str  # a notice's, or `answer`
    at: datetime
    report: int = 0


class Story(RuleBasedStateMachine):
    """Staff, subscribers, time, crashes and Telegram's errors, as they come."""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.loop = self.open.enter_context(story_loop())
        self.open.enter_context(structlog.testing.capture_logs())
        self.skipped = timedelta()
        self.telegram = Telegram(self.clock)
        self.asked: dict[int, dict[str, Asked]] = defaultdict(dict)
        self.read: dict[int, dict[Cell, Read]] = defaultdict(dict)
        self.heard = 0
        self.righted: dict[tuple[int, str], int] = defaultdict(int)
        self.fell: dict[Cell, datetime] = {}
        self.retracted: set[int] = set()
        self.stopped: dict[int, float] = {}
        self.doubtful: list[Told] = []  # what the bot cannot know yet to have arrived
        folder = Path(self.open.enter_context(tempfile.TemporaryDirectory(dir=IN_MEMORY)))
        migrated(folder / "loket.db")
        self.settings = settings_for(folder / "loket.db")
        self.process: Process

    def clock(self) -> datetime:
        return NOW + timedelta(seconds=self.loop.time()) + self.skipped

    def run(self, story: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(story)

    @property
    def office(self) -> Any:
        return self.process.office

    def newest(self) -> Office:
        """The office that knows of all reports; the running bot's own may be a second behind the terminal's."""
        return max(self.process.office, self.process.terminal, key=lambda office: office.live.version)

    @initialize()
    def the_bot_starts(self) -> None:
        self.process = self.run(Process.started(self.settings, self.telegram, self.clock))

    @rule(chat=st.sampled_from(CHATS), service=st.sampled_from(ASKED))
    def a_citizen_asks_to_hear_it_once(self, chat: int, service: str) -> None:
        self.run(self.office.subscribers.once(chat, [service]))
        self.run(self.note_wishes(chat, service))

    @rule(chat=st.sampled_from(CHATS), service=st.sampled_from(ASKED), outages=st.booleans())
    def somebody_subscribes(self, chat: int, service: str, outages: bool) -> None:
        self.run(self.office.subscribers.always(chat, [service]))
        if outages:
            self.run(self.office.subscribers.outages(chat, service))
        self.run(self.note_wishes(chat, service))

    @rule(chat=st.sampled_from(CHATS))
    def somebody_stops(self, chat: int) -> None:
        self.run(self.office.subscribers.end(chat))
        self.asked[chat].clear()
        self.stopped[chat] = self.loop.time()

    @rule(chat=st.sampled_from(CHATS))
    def somebody_blocks_the_bot(self, chat: int) -> None:
        self.telegram.blocked.add(chat)

    @rule(about=st.sampled_from(TARGETS), state=st.sampled_from([State.UNAVAILABLE, State.LIMITED, State.AVAILABLE]))
    def staff_report(self, about: tuple[str, str], state: State) -> None:
        self.run(self.report(self.office, Assertion(*about, state)))

    @rule(about=st.sampled_from(TARGETS), state=st.sampled_from([State.UNAVAILABLE, State.LIMITED, State.AVAILABLE]))
    def the_operator_reports_on_the_terminal(self, about: tuple[str, str], state: State) -> None:
        self.run(self.report(self.process.terminal, Assertion(*about, state)))

    @rule(about=st.sampled_from(TARGETS))
    def it_flaps(self, about: tuple[str, str]) -> None:
        for state in (State.UNAVAILABLE, State.AVAILABLE, State.UNAVAILABLE):
            self.run(self.report(self.office, Assertion(*about, state)))
            self.pass_by(150)

    @rule(back=st.integers(0, 3))
    def a_report_is_taken_back(self, back: int) -> None:
        reports = self.run(self.office.retracting.retractable(STAFF))
        if back < len(reports):
            self.retracted.add(reports[back].number)
            self.run(self.office.retracting.retract(reports[back].number, STAFF))

    @rule()
    def the_waiting_notices_are_sent_now(self) -> None:
        with suppress(RefusedError):  # nothing waits
            self.run(self.office.staff.send_now(self.office.live.version, STAFF))

    @rule(faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=3))
    def telegram_will_fail(self, faults: list[str]) -> None:
        self.telegram.faults = faults

    @rule(seconds=st.sampled_from([0.04, 0.5, 2.0, 10.0]))
    def a_while_passes(self, seconds: float) -> None:
        self.run(asyncio.sleep(seconds))

    @rule(seconds=st.sampled_from(JUMPS))
    def hours_pass(self, seconds: float) -> None:
        self.pass_by(seconds)

    def pass_by(self, seconds: float) -> None:
        """Time in which the machine sleeps, and a moment in which it wakes up and catches up."""
        self.skipped += timedelta(seconds=seconds)
        self.run(asyncio.sleep(3))

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
        assert self.telegram.broken is None
        earlier: dict[tuple[int, int], list[Told]] = defaultdict(list)
        for told in self.telegram.told:
            before = earlier[told.notice, told.chat]
            assert not any(one.known for one in before), f"told again though it was known: {told}"
            before.append(told)

    @invariant()
    def nobody_hears_what_they_did_not_ask_for(self) -> None:
        self.righted = self.run(self.set_right())
        for told in self.telegram.told[self.heard :]:
            for cell, state in told.cells.items():
                self.check_asked(told, cell, state)
            for cell, state in told.cells.items():
                self.read[told.chat][cell] = Read(state, told.kind, told.at, told.report)
            self.doubtful.append(told)
        self.heard = len(self.telegram.told)
        for told in [told for told in self.doubtful if told.known]:
            self.doubtful.remove(told)
            if told.kind == NoticeKind.RESUMPTION:
                self.fulfil(told)

    def check_asked(self, told: Told, cell: Cell, state: str) -> None:
        """`once` ends with what the bot can know to have been told; a limited return is told once."""
        if told.kind in (NoticeKind.RELAPSE, NoticeKind.CORRECTION):
            assert (told.chat, cell) in self.telegram.tried, f"{told.chat} read nothing that {told} could set right"
            return
        asked, righted = self.asked[told.chat].get(cell[0]), self.righted[told.chat, cell[0]]
        if asked is None and told.moment - self.stopped.get(told.chat, -IN_HAND) < IN_HAND:
            return  # claimed before the chat stopped
        assert asked, f"{told.chat} did not ask for {cell}: {told}"
        assert asked.stands(righted), f"{told.chat} heard of {cell} again: {told}"
        if told.kind == NoticeKind.OUTAGE:
            assert asked.outages, f"{told.chat} did not ask for outages: {told}"
        elif asked.wish is Wish.ONCE and state == State.LIMITED:
            assert not asked.limited_told(righted), f"a limited return was told twice: {told}"

    def fulfil(self, told: Told) -> None:
        for (step, _), state in told.cells.items():
            asked = self.asked[told.chat].get(step)
            if asked is None or asked.wish is not Wish.ONCE or asked.since > told.released:
                continue
            asked.limited_by = told.notice
            if state == State.AVAILABLE:
                asked.ended_by = told.notice

    @invariant()
    def the_last_thing_read_is_true_or_on_its_way(self) -> None:
        false = self.run(self.falsely_left())
        assert not false, false

    def teardown(self) -> None:
        with self.open:
            self.telegram.faults.clear()
            try:
                ended = any(self.run(self.ends_in_a_moment()) for _ in range(WAITS))
                assert ended, f"never told: {self.run(self.left_open())}"
                self.nobody_hears_what_they_did_not_ask_for()
                self.the_last_thing_read_is_true_or_on_its_way()
            finally:
                self.run(self.process.stop())

    async def report(self, office: Office, *assertions: Assertion) -> None:
        await office.live.refresh()
        before = states(WATCHED, office, self.clock())
        shown = await office.staff.preview(STAFF.id, STAFF, assertions, "/lapor")
        await office.staff.publish(shown.preview.id, STAFF)
        after = states(WATCHED, office, self.clock())
        self.fell |= {cell: self.clock() for cell in WATCHED if RANK[after[cell]] < RANK[before[cell]]}

    async def note_wishes(self, chat: int, service: str) -> None:
        """What a chat asked for by now; whoever waits has read how it stands."""
        now = self.clock()
        async with self.process.store.reading() as session:
            own = await session.subscriptions_of(chat)
        for one in own:
            before = self.asked[chat].get(one.step)
            limited_by = before.limited_by if before and one.limited_told else 0
            self.asked[chat][one.step] = Asked(one.wish, one.since, one.outages, limited_by)
        about = [cell for cell in WATCHED if cell[0].startswith(service)]
        board = states(about, self.newest(), now)
        self.read[chat] |= {cell: Read(state, "answer", now) for cell, state in board.items()}

    async def ends_in_a_moment(self) -> bool:
        """Whether all is told soon; if not, more time has passed until next time."""
        if not await until(self.nothing_is_open, 15):
            self.skipped += A_LONG_WAIT
            return False
        return True

    async def left_open(self) -> object:
        """For whoever reads the failure."""
        async with self.process.store.reading() as session:
            rows = await session._connection.execute(select(deliveries).where(deliveries.c.ended_at.is_(None)))
            return self.clock(), await session.unreleased_notices(), rows.all()

    async def nothing_is_open(self) -> bool:
        async with self.process.store.reading() as session:
            return not (await session.unreleased_notices() or await session.unfinished_notices())

    async def falsely_left(self) -> list[str]:
        """Who was left with something false of which better news was owed, and is not on its way."""
        on_the_way = await self.on_the_way()
        now = states(WATCHED, self.newest(), self.clock())
        return [
            f"{chat} read {read} of {cell}; it is {now[cell]}"
            for chat, cells in self.read.items()
            if chat not in self.telegram.unreachable
            for cell, read in cells.items()
            if cell in now and self.owes(chat, cell, read, now[cell])
            if (0, cell) not in on_the_way and (chat, cell) not in on_the_way
        ]

    def owes(self, chat: int, cell: Cell, read: Read, state: str) -> bool:
        asked, righted = self.asked[chat].get(cell[0]), self.righted[chat, cell[0]]
        stands = asked is not None and asked.stands(righted)
        if state == read.state or any(one == chat for _, one in self.telegram.lost):
            return False
        if is_down(Change(*cell, State(read.state), State(state))):
            anew = bool(self.retracted) and read.kind == "answer"  # taking back announces no outage anew
            return self.owes_bad_news(cell, read) or (asked is not None and stands and asked.outages and not anew)
        if asked is None or not stands or RANK[state] <= RANK[read.state]:
            return False
        if asked.wish is Wish.ONCE:
            return not (asked.limited_told(righted) and state == State.LIMITED)
        return read.kind != "answer" and not self.retracted

    def owes_bad_news(self, cell: Cell, read: Read) -> bool:
        """Who was told on the same day that it is back hears that it is not."""
        return read.report in self.retracted or (
            not self.retracted and read.kind == NoticeKind.RESUMPTION and self.fell[cell] - read.at < SAME_DAY
        )

    async def set_right(self) -> dict[tuple[int, str], int]:
        """By chat and step: the last notice that set right, or is about to, what the chat was told."""
        found: dict[tuple[int, str], int] = defaultdict(int)
        async with self.process.store.reading() as session:
            rows = await session._connection.execute(
                select(deliveries.c.chat, deliveries.c.changes, notices.c.id)
                .join_from(deliveries, notices)
                .where(notices.c.kind.in_([NoticeKind.RELAPSE, NoticeKind.CORRECTION]))
                .order_by(notices.c.id)
            )
            for row in rows:
                found |= {(row.chat, change[0]): row.id for change in row.changes}
        return found

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
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
TestStory = Story.TestCase
