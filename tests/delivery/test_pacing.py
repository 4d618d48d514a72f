"""The two lanes, in a time that passes only when somebody sleeps."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from bot.delivery.pacing import IN_PASSING, MOST_UNDER_WAY, NOTICE, Lanes, NotTriedError
from bot.telegram_request import CONNECTIONS
from tests.delivery.fakes import Calls, Time, answer, notice, settle


def lanes_at(time: Time, rate: float = 25, **more: object) -> Lanes:
    return Lanes(rate, now=time.now, sleep=time.sleep, chance=lambda: 0.0, **more)  # type: ignore[arg-type]


def most_in_a_second(moments: list[float]) -> int:
    return max(sum(start <= moment < start + 1 for moment in moments) for start in moments)


async def test_notices_keep_the_pace_without_a_burst() -> None:
    time = Time()
    lanes, calls = lanes_at(time), Calls(time)

    await time.until_done(*(notice(lanes, calls, chat) for chat in range(100)))

    assert calls.chats == list(range(100))
    assert most_in_a_second(calls.at) <= 26
    assert calls.at[-1] == pytest.approx(99 / 25, abs=0.03)


async def test_an_answer_never_waits_behind_notices() -> None:
    time = Time()
    lanes, notices, answers = lanes_at(time), Calls(time), Calls(time)
    queue = [asyncio.create_task(notice(lanes, notices, chat)) for chat in range(300)]
    await settle()

    await answer(lanes, answers, 5)

    assert answers.at == [0]
    await time.until_done(*queue)


async def test_however_slow_telegram_is_notices_leave_connections_to_the_answers() -> None:
    time = Time()
    lanes = lanes_at(time, rate=1000)
    under_way: list[int] = [0]

    async def slow() -> bool:
        under_way.append(under_way[-1] + 1)
        await time.sleep(2)
        under_way.append(under_way[-1] - 1)
        return True

    results = await time.until_done(
        *(lanes.process_request(slow, (), {}, "sendMessage", {"chat_id": chat}, NOTICE) for chat in range(1200))
    )

    assert results == [True] * 1200
    assert MOST_UNDER_WAY <= max(under_way) < CONNECTIONS - 16
    assert time.at - 1000 == pytest.approx(6, abs=0.5)  # three times as many as may be under way


async def test_a_flood_wait_pauses_notices_for_everybody_and_no_burst_follows() -> None:
    time = Time()
    lanes, calls = lanes_at(time), Calls(time, RetryAfter(2))

    results = await time.until_done(*(notice(lanes, calls, chat) for chat in range(60)))

    assert isinstance(results[0], RetryAfter)
    assert not any(0 < moment < 2 for moment in calls.at)
    assert most_in_a_second([moment for moment in calls.at if moment >= 2]) <= 21


async def test_a_flood_wait_of_notices_leaves_answers_alone() -> None:
    time = Time()
    lanes, answers = lanes_at(time), Calls(time)
    await time.until_done(notice(lanes, Calls(time, RetryAfter(2))))

    await answer(lanes, answers)

    assert answers.at == [0]
    assert lanes.pause_left() == 2


async def test_in_a_long_pause_notices_go_back_to_the_outbox() -> None:
    time = Time()
    lanes, calls = lanes_at(time), Calls(time, RetryAfter(10_072))

    results = await time.until_done(*(notice(lanes, calls, chat) for chat in range(3)))

    assert [type(result) for result in results] == [RetryAfter, NotTriedError, NotTriedError]
    assert len(calls.at) == 1


async def test_who_waits_at_the_gate_is_told_when_it_closes() -> None:
    time = Time()
    lanes, calls = lanes_at(time, rate=1), Calls(time)
    lanes.let_notices_pass_while(lambda: time.at < 1001.5)

    results = await time.until_done(*(notice(lanes, calls, chat) for chat in range(4)))

    assert results[:2] == [True, True]
    assert [type(result) for result in results[2:]] == [NotTriedError, NotTriedError]


async def test_who_is_cancelled_at_the_gate_takes_nobodys_place() -> None:
    time = Time()
    lanes, calls = lanes_at(time, rate=1), Calls(time)
    first, gone, last = (asyncio.create_task(notice(lanes, calls, chat)) for chat in range(3))
    await settle()

    gone.cancel()
    await time.until_done(first, gone, last)

    assert (calls.chats, calls.at) == ([0, 2], [0, pytest.approx(1, abs=0.05)])


async def test_a_fault_in_asking_who_may_pass_holds_up_nobody() -> None:
    time, asked = Time(), iter([ValueError("a fault of ours")])
    lanes, calls = lanes_at(time), Calls(time)

    def may_pass() -> bool:
        if error := next(asked, None):
            raise error
        return True

    lanes.let_notices_pass_while(may_pass)

    results = await time.until_done(*(notice(lanes, calls, chat) for chat in range(2)))

    assert [type(result) for result in results] == [ValueError, bool]


async def test_the_gate_is_kept_again_after_nobody_stood_there() -> None:
    time = Time()
    lanes, calls = lanes_at(time), Calls(time)

    for chat in range(2):
        await time.until_done(notice(lanes, calls, chat))

    assert calls.chats == [0, 1]


async def test_the_pace_falls_once_for_one_flood_wait_and_comes_back_slowly() -> None:
    time = Time()
    lanes = lanes_at(time)
    await time.until_done(*(notice(lanes, Calls(time, RetryAfter(1)), chat) for chat in range(1)))
    slowed = lanes.pace

    await time.until_done(*(notice(lanes, Calls(time), chat) for chat in range(1000)))

    assert slowed == 20
    assert 20 < lanes.pace < 25


async def test_the_pace_never_rises_above_the_one_that_was_set() -> None:
    time = Time()
    lanes = lanes_at(time)
    await time.until_done(notice(lanes, Calls(time, RetryAfter(1))))

    await time.until_done(*(notice(lanes, Calls(time), chat) for chat in range(3000)))

    assert lanes.pace == 25


async def test_an_answer_is_tried_again_over_flood_waits_errors_and_resets() -> None:
    time = Time()
    lanes = lanes_at(time)
    calls = Calls(time, RetryAfter(3), NetworkError("Bad Gateway"), TimedOut())

    results = await time.until_done(answer(lanes, calls))

    assert results == [True]
    assert calls.at == [0, 3, 4, 6]


async def test_an_answer_is_given_up_after_a_minute() -> None:
    time = Time()
    lanes, calls = lanes_at(time), Calls(time, *(TimedOut() for _ in range(99)))

    results = await time.until_done(answer(lanes, calls))

    assert isinstance(results[0], TimedOut)
    assert 45 < calls.at[-1] <= 60


async def test_a_flood_wait_of_hours_is_not_waited_for() -> None:
    time = Time()

    results = await time.until_done(answer(lanes_at(time), Calls(time, RetryAfter(10_072))))

    assert isinstance(results[0], RetryAfter)
    assert time.at == 1000


async def test_a_refusal_is_told_at_once() -> None:
    time = Time()
    calls = Calls(time, BadRequest("Bad Request: chat not found"))

    results = await time.until_done(answer(lanes_at(time), calls))

    assert isinstance(results[0], BadRequest)
    assert calls.at == [0]


async def test_a_chat_that_must_wait_holds_up_no_other_and_keeps_its_own_order() -> None:
    time = Time()
    lanes, slow, others = lanes_at(time), Calls(time, RetryAfter(30)), Calls(time)

    await time.until_done(
        answer(lanes, slow, 1), answer(lanes, slow, 1), answer(lanes, others, 2), answer(lanes, others, None)
    )

    assert slow.at == [0, 30, 30]
    assert others.at == [0, 0]


async def test_it_tells_when_a_reply_is_under_way() -> None:
    time = Time()
    told: list[bool] = []
    lanes = lanes_at(time, replying=told.append)

    await answer(lanes, Calls(time))
    await answer(lanes, Calls(time), endpoint="answerCallbackQuery")
    await answer(lanes, Calls(time), endpoint="sendChatAction")
    await time.until_done(answer(lanes, Calls(time, BadRequest("x"))))

    assert told == [True, False, True, False]


async def test_opening_and_closing_it_does_nothing() -> None:
    lanes = Lanes(25)

    await lanes.initialize()
    await lanes.shutdown()

    assert lanes.pace == lanes.send_rate == 25


async def test_what_goes_in_passing_is_tried_once_and_holds_up_no_lane() -> None:
    time = Time()
    lanes = lanes_at(time)
    passing, answers = Calls(time, RetryAfter(9)), Calls(time)

    def in_passing(chat: int) -> Coroutine[Any, Any, Any]:
        return lanes.process_request(passing.to(chat), (), {}, "editMessageText", {"chat_id": chat}, IN_PASSING)

    refused, *_ = await time.until_done(in_passing(1), answer(lanes, answers), notice(lanes, answers))

    assert isinstance(refused, RetryAfter)
    assert passing.at == [0]
    assert answers.at == [0, 0]
    assert lanes.pause_left() == 0


async def test_what_goes_in_passing_is_not_begun_while_an_answer_to_the_chat_is_under_way() -> None:
    time = Time()
    lanes = lanes_at(time)
    answers, passing = Calls(time, NetworkError("Bad Gateway")), Calls(time)

    async def later(chat: int) -> object:
        await settle()
        data = {"chat_id": chat}
        return await lanes.process_request(passing.to(chat), (), {}, "editMessageText", data, IN_PASSING)

    _, refused, other = await time.until_done(answer(lanes, answers, 1), later(1), later(2))

    assert isinstance(refused, NotTriedError)
    assert other is True
    assert passing.chats == [2]
