"""Flood limits hold as Telegram's do, without a test having to wait."""

from __future__ import annotations

from playground.limits import FloodLimits
from tests.playground.conftest import Clock


def test_a_short_burst_passes_and_then_one_message_a_second(clock: Clock) -> None:
    limits = FloodLimits(clock=clock)

    burst = [limits.admit(1) for _ in range(6)]
    clock.now += 1
    later = [limits.admit(1), limits.admit(1)]

    assert burst == [0, 0, 0, 0, 0, 1]
    assert later == [0, 1]


def test_a_group_gets_twenty_a_minute(clock: Clock) -> None:
    limits = FloodLimits(clock=clock, chats=False)

    sent = [limits.admit(-5) for _ in range(21)]
    clock.now += 60

    assert sent == [0] * 20 + [60]
    assert limits.admit(-5) == 0
    assert FloodLimits(clock=clock, chats=False, groups=False).admit(-5) == 0


def test_thirty_a_second_over_all_hold_on_request_alone(clock: Clock) -> None:
    held, free = FloodLimits(clock=clock, overall=True), FloodLimits(clock=clock)

    assert [held.admit(chat) for chat in range(31)] == [0] * 30 + [1]
    assert not any(free.admit(chat) for chat in range(31))


def test_forgetting_begins_anew(clock: Clock) -> None:
    limits = FloodLimits(clock=clock)
    for _ in range(5):
        limits.admit(1)

    limits.forget()

    assert limits.admit(1) == 0
