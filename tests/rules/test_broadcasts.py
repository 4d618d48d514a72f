"""How far a broadcast is, when it will be done, and which message may be edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.rules.broadcasts import Broadcast, Pace, Phase, ProgressMessage, ends, may_be_edited
from bot.rules.notices import DeliveryStatus, Notice, NoticeKind
from tests.store.examples import KTP, NOW, after

NOTICE = Notice(1, 1, NoticeKind.RESUMPTION, (KTP,), NOW, NOW, released_at=NOW)


def broadcast(waiting: int, sent: int = 0, notice: Notice = NOTICE) -> Broadcast:
    return Broadcast(notice, {DeliveryStatus.WAITING: waiting, DeliveryStatus.SENT: sent})


@pytest.mark.parametrize(
    ("waiting", "changed", "phase"),
    [
        (0, {"released_at": None, "release_at": after(minutes=2)}, Phase.SCHEDULED),
        (0, {"released_at": None}, Phase.LISTING),
        (1, {}, Phase.SENDING),
        (1, {"paused": True}, Phase.STOPPED),
        (0, {"released_at": None, "release_at": after(minutes=2), "paused": True}, Phase.STOPPED),
        (0, {"paused": True}, Phase.DONE),
        (0, {}, Phase.DONE),
    ],
)
def test_a_broadcast_is_in_one_phase(waiting: int, changed: dict[str, object], phase: Phase) -> None:
    assert broadcast(waiting, notice=replace(NOTICE, **changed)).phase(NOW) is phase


def test_what_is_held_or_being_sent_still_waits_and_what_ended_counts_as_done() -> None:
    found = Broadcast(NOTICE, dict.fromkeys(DeliveryStatus, 1))

    assert (found.total, found.waiting, found.sent) == (len(DeliveryStatus), 3, 1)


def test_a_hundred_percent_is_told_only_when_nobody_waits() -> None:
    assert broadcast(1, 999_999).percent == 99
    assert broadcast(0, 3).percent == 100
    assert broadcast(0, 0).percent == 100


def test_broadcasts_end_one_after_the_other() -> None:
    first, second = broadcast(50), broadcast(100, notice=replace(NOTICE, id=2, release_at=after(seconds=1)))
    stopped = broadcast(999, notice=replace(NOTICE, id=3, paused=True))

    found = ends([stopped, second, first], Pace(25), NOW)

    assert found == {1: after(seconds=2), 2: after(seconds=6)}


def test_a_pause_that_telegram_asked_for_comes_first() -> None:
    assert ends([broadcast(50)], Pace(25, after(seconds=30)), NOW) == {1: after(seconds=32)}
    assert ends([broadcast(50)], Pace(25, after(seconds=-30)), NOW) == {1: after(seconds=2)}


def test_without_a_sender_nobody_knows_the_end() -> None:
    assert ends([broadcast(50)], None, NOW) == {}


def message(chat: int, number: int, edited_at: datetime) -> ProgressMessage:
    return ProgressMessage(chat, number, None, edited_at)


def test_a_chat_rests_three_seconds_between_two_edits_whatever_was_edited() -> None:
    early, late = message(1, 1, after(seconds=-60)), message(1, 2, after(seconds=-2))
    other, oldest = message(2, 3, after(seconds=-3)), message(3, 4, after(seconds=-9))

    assert may_be_edited([early, late, other, oldest], NOW) == (oldest, other)
    assert may_be_edited([early, late], NOW + timedelta(seconds=1)) == (early, late)
