"""The messages in which staff watch a broadcast: true, and in nobody's way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter

from bot.delivery.pacing import NotTriedError
from bot.delivery.progress import ProgressKeeper
from bot.language.messages import Answer
from bot.rules.catalogue import State
from bot.rules.notices import Change, DeliveryStatus, Notice, NoticeKind, Settlement
from bot.store import Store
from bot.store.errors import DatabaseAway
from tests.office.house import SITTI, House

KTP = Change("ktp_cetak", "kota/kantor", State.UNAVAILABLE, State.AVAILABLE)
CHAT, COLLEAGUE = SITTI.id, 747100202


class Editor:
    """Records what it was asked to show; `faults` come in turn before it answers well."""

    def __init__(self, *faults: Exception) -> None:
        self.asked: list[tuple[int, int]] = []
        self.text = ""
        self.faults = list(faults)

    async def edit_progress(
        self, chat: int, message: int, text: str, keyboard: InlineKeyboardMarkup | None = None
    ) -> None:
        self.asked.append((chat, message))
        if self.faults:
            raise self.faults.pop(0)
        self.text = text


class Watched:
    """A keeper over an office that sends to three chats."""

    def __init__(self, house: House, *faults: Exception) -> None:
        self.house, self.editor, self.works = house, Editor(*faults), True
        self.broadcasts = house.office.broadcasts
        self.keeper = self.another()

    def another(self) -> ProgressKeeper:
        return ProgressKeeper(
            self.broadcasts, self.editor, self._render, self.house.watch, lambda: self.works, sleep=self._sleep
        )

    def _render(self, said: Answer) -> tuple[str, None]:
        return self.house.reads(said), None

    async def _sleep(self, seconds: float) -> None:
        self.house.watch.goes_on(seconds=seconds)

    async def released(self, waiting: int = 3) -> Notice:
        published = await self.house.posts("lapor ktp_cetak belum bisa")
        now = self.house.watch()
        async with self.house.store.writing() as session:
            notice = await session.add_notice(
                Notice(0, published.report.number, NoticeKind.RESUMPTION, (KTP,), now, now)
            )
            await session.add_deliveries(notice.id, [(chat, (KTP,)) for chat in range(1, waiting + 1)], now)
            for one in await session.unreleased_notices():  # the outage that nobody asked to hear of, too
                await session.mark_released(one.id, now, waiting)
        return replace(notice, released_at=now)

    async def send(self, count: int) -> None:
        now = self.house.watch()
        async with self.house.store.writing() as session:
            for one in await session.claim(now, count):
                await session.settle([Settlement(one.id, DeliveryStatus.SENT, now, message=1)])

    async def looks_after(self, seconds: float) -> None:
        self.house.watch.goes_on(seconds=seconds)
        await self.keeper.look()

    async def followed(self) -> set[tuple[int, int]]:
        return {(one.chat, one.message) for one in await self.broadcasts.followed()}


@pytest.fixture
def watched(store: Store) -> Watched:
    return Watched(House(store))


async def test_a_message_is_edited_while_something_changes_and_once_more_at_the_end(watched: Watched) -> None:
    notice = await watched.released()
    await watched.broadcasts.follow(CHAT, 50, notice.report)

    await watched.looks_after(3)
    await watched.looks_after(3)
    await watched.send(1)
    await watched.looks_after(3)
    await watched.send(2)
    await watched.looks_after(3)
    await watched.looks_after(3)

    assert watched.editor.asked == [(CHAT, 50)] * 3
    assert "Terkirim: 3 dari 3" in watched.editor.text
    assert "Selesai." in watched.editor.text
    assert await watched.followed() == set()


async def test_a_chat_is_left_alone_for_three_seconds_after_each_edit(watched: Watched) -> None:
    notice = await watched.released()
    shown = await watched.broadcasts.overview(CHAT)
    await watched.broadcasts.follow(CHAT, 50, notice.report)
    await watched.broadcasts.follow(CHAT, 51, None, shown)

    await watched.looks_after(2.9)
    assert watched.editor.asked == []

    await watched.send(3)
    await watched.looks_after(0.1)
    await watched.looks_after(2.4)
    assert watched.editor.asked == [(CHAT, 50)]

    await watched.looks_after(0.6)
    assert watched.editor.asked == [(CHAT, 50), (CHAT, 51)]


async def test_what_stands_there_already_is_not_edited(watched: Watched) -> None:
    await watched.released()
    await watched.broadcasts.follow(CHAT, 51, None, await watched.broadcasts.overview(CHAT))

    await watched.looks_after(3)

    assert watched.editor.asked == []


async def test_another_process_goes_on_where_one_stopped(watched: Watched) -> None:
    notice = await watched.released()
    await watched.broadcasts.follow(CHAT, 50, notice.report)
    await watched.looks_after(3)

    watched.keeper = watched.another()
    await watched.looks_after(3)
    await watched.send(1)
    await watched.looks_after(3)

    assert watched.editor.asked == [(CHAT, 50)] * 2


async def test_who_does_not_send_edits_nothing(watched: Watched) -> None:
    notice = await watched.released()
    await watched.broadcasts.follow(CHAT, 50, notice.report)
    watched.works = False

    await watched.looks_after(9)

    assert watched.editor.asked == []
    assert await watched.followed() == {(CHAT, 50)}


async def test_nothing_is_said_while_a_notice_waits_for_its_hour(watched: Watched) -> None:
    await watched.house.posts("lapor ktp_cetak belum bisa")
    published = await watched.house.posts("pulih ktp_cetak")
    await watched.broadcasts.follow(CHAT, 50, published.report.number)

    await watched.looks_after(3)

    assert watched.editor.asked == []
    assert await watched.followed() == {(CHAT, 50)}


async def test_a_report_that_owes_nothing_is_not_followed(watched: Watched) -> None:
    published = await watched.house.posts("lapor ktp_cetak belum bisa")
    async with watched.house.store.writing() as session:
        await session.cancel_notices(published.report.number)

    await watched.broadcasts.follow(CHAT, 50, published.report.number)

    assert await watched.followed() == set()


async def test_where_nobody_was_owed_anything_the_message_stays_as_it_is(watched: Watched) -> None:
    notice = await watched.released(waiting=0)
    await watched.broadcasts.follow(CHAT, 50, notice.report)

    await watched.looks_after(3)

    assert watched.editor.asked == []
    assert await watched.followed() == set()


async def test_an_answer_goes_before_progress(watched: Watched) -> None:
    notice = await watched.released()
    await watched.broadcasts.follow(CHAT, 50, notice.report)
    watched.editor.faults = [NotTriedError()]

    await watched.looks_after(3)
    await watched.looks_after(3)

    assert "Terkirim" in watched.editor.text


async def test_a_flood_wait_is_waited_for_in_that_chat_alone(watched: Watched) -> None:
    notice = await watched.released()
    await watched.broadcasts.follow(CHAT, 50, notice.report)
    await watched.looks_after(0)
    await watched.broadcasts.follow(COLLEAGUE, 60, notice.report)
    watched.editor.faults = [RetryAfter(30)]

    for _ in range(8):
        await watched.looks_after(3)

    assert watched.editor.asked == [(CHAT, 50), (COLLEAGUE, 60)]
    await watched.looks_after(10)
    assert watched.editor.asked[-1] == (CHAT, 50)


async def test_an_edit_that_got_lost_is_made_again(watched: Watched) -> None:
    notice = await watched.released()
    await watched.broadcasts.follow(CHAT, 50, notice.report)
    watched.editor.faults = [NetworkError("Bad Gateway"), NetworkError("Bad Gateway")]

    for _ in range(6):
        await watched.looks_after(3)

    assert len(watched.editor.asked) == 3
    assert "Terkirim" in watched.editor.text


async def test_what_telegram_has_already_counts_as_shown(watched: Watched) -> None:
    notice = await watched.released()
    await watched.broadcasts.follow(CHAT, 50, notice.report)
    watched.editor.faults = [BadRequest("Message is not modified: the same")]

    await watched.looks_after(3)
    await watched.looks_after(3)

    assert len(watched.editor.asked) == 1
    assert await watched.followed() == {(CHAT, 50)}


@pytest.mark.parametrize(
    "error",
    [
        BadRequest("Message to edit not found"),
        Forbidden("Forbidden: bot was blocked by the user"),
        BadRequest("Can't parse entities"),
    ],
)
async def test_a_message_that_can_be_edited_no_more_is_let_go(watched: Watched, error: Exception) -> None:
    notice = await watched.released()
    await watched.broadcasts.follow(CHAT, 50, notice.report)
    watched.editor.faults = [error]

    await watched.looks_after(3)

    assert await watched.followed() == set()


async def test_a_database_that_is_away_and_a_bug_end_nothing(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    class DoneError(BaseException):
        pass

    ends: list[BaseException] = [DatabaseAway("away"), ZeroDivisionError(), DoneError()]

    async def look(_keeper: ProgressKeeper) -> None:
        raise ends.pop(0)

    monkeypatch.setattr(ProgressKeeper, "look", look)

    with pytest.raises(DoneError):
        await watched.keeper.run()

    assert not ends
