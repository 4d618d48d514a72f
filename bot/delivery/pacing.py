"""Two lanes to Telegram: answers go at once, notices at a steady pace behind a gate of their own."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context, copy_context
from typing import Any
from weakref import WeakValueDictionary

from telegram._utils.types import JSONDict
from telegram.error import RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.delivery.fate import worth_retrying
from bot.telegram_request import CONNECTIONS, seconds_of

Result = bool | JSONDict | list[JSONDict]
Call = Callable[[], Awaitable[Result]]
Replying = Callable[[bool], None]

NOTICE = "notice"
"""As `rate_limit_args` it chooses the notices' lane."""

IN_PASSING = "in passing"
"""As `rate_limit_args` it marks what can wait for anything else: tried once, beside both lanes."""

ANSWER_PATIENCE = 60.0  # seconds in which an answer is tried again
FIRST_ANSWER_WAIT, LONGEST_ANSWER_WAIT = 0.5, 8.0
SLACK = 0.035  # event loops wake late, and a claim holds them up; without it 1,000 a second become 900
STRIDE = 0.015  # seconds: at a high pace those of so long go together, as waking for each costs more than sending it
MOST_UNDER_WAY = CONNECTIONS - 64  # notices; more would queue for a connection, past the gate and before answers
GLANCE = 0.25  # how often who waits at the gate looks whether it was closed
LONGEST_PAUSE_IN_HAND = 5.0  # in a longer pause notices go back to the outbox
LOWEST_RATE, SLOWER, FASTER, CALM = 1.0, 0.8, 1.05, 10.0  # the pace after a 429, and its way back up
# These are not the reply that a person waits for, and come before a handler has done its work.
_NO_REPLY = frozenset({"answerCallbackQuery", "sendChatAction"})
# Asked by those who try again themselves, and say so in the log.
_TRIED_ONCE = frozenset({"getMe", "getChat", "deleteWebhook"})


_Waiting = tuple["asyncio.Future[None]", Context]


class NotTriedError(Exception):
    """It was not sent: the notices' lane is closed or pauses for long, or an answer goes first."""


class Lanes(BaseRateLimiter[str]):
    """The limiter before every call; `replying` is told when a reply begins and ends, in the handler's own context."""

    def __init__(
        self,
        send_rate: float,
        *,
        replying: Replying = lambda _under_way: None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.send_rate = send_rate
        self.pace = send_rate  # notices a second, lowered by 429 alone
        self._replying, self._now, self._sleep, self._chance = replying, now, sleep, chance
        self._at_gate: deque[_Waiting] = deque()
        self._gatekeeper: asyncio.Task[None] | None = None
        self._under_way = 0  # notices
        self._may_pass: Callable[[], bool] = lambda: True
        self._next = self._paused_until = self._pace_changed = now()
        self._turns: WeakValueDictionary[int | str, asyncio.Lock] = WeakValueDictionary()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: str | None,
    ) -> Result:
        """Carry out one call in its lane."""

        def call() -> Awaitable[Result]:
            return callback(*args, **kwargs)

        if rate_limit_args == NOTICE:
            return await self._notice(call)
        if rate_limit_args == IN_PASSING:
            return await self._in_passing(data.get("chat_id"), call)
        if endpoint in _TRIED_ONCE:
            return await call()
        if endpoint in _NO_REPLY:
            return await self._answer(call)
        self._replying(True)
        try:
            return await self._in_turn(data.get("chat_id"), call)
        finally:
            self._replying(False)

    def let_notices_pass_while(self, may_pass: Callable[[], bool]) -> None:
        """Who is at the gate when this is false is told NotTriedError; what is on its way goes on."""
        self._may_pass = may_pass

    def pause_left(self) -> float:
        """Seconds until notices may go again after a flood wait."""
        return max(0.0, self._paused_until - self._now())

    def rest(self, seconds: float) -> None:
        """No notice goes for so long: Telegram asked this process to wait, or the one that sent before."""
        self._paused_until = max(self._paused_until, self._now() + seconds)

    async def _notice(self, call: Call) -> Result:
        await self._pass_gate()
        self._under_way += 1
        try:
            result = await call()
        except RetryAfter as error:
            self._slow_down(seconds_of(error))
            raise
        finally:
            self._under_way -= 1
        self._speed_up()
        return result

    async def _pass_gate(self) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._at_gate.append((turn, copy_context()))
        if self._gatekeeper is None:
            self._gatekeeper = asyncio.create_task(self._keep_gate())
        await turn

    async def _keep_gate(self) -> None:
        """In their order; those whose time has come pass together, as a round of the loop for each costs as much as
        sending it."""
        try:
            while self._at_gate:
                turn, theirs = self._at_gate[0]
                if turn.done():
                    self._at_gate.popleft()
                elif refused := theirs.run(self._refused):
                    self._at_gate.popleft()
                    turn.set_exception(refused)
                elif (wait := self._wait()) > 0:
                    await self._sleep(min(max(wait, STRIDE), GLANCE))
                else:
                    self._at_gate.popleft()
                    self._next = max(self._next, self._now() - SLACK) + 1 / self.pace
                    turn.set_result(None)
        finally:
            self._gatekeeper = None

    def _wait(self) -> float:
        """Seconds until the next may pass; where too many are under way, until one of them may have ended."""
        wait = max(self._next, self._paused_until) - self._now()
        return max(wait, STRIDE) if self._under_way >= MOST_UNDER_WAY else wait

    def _refused(self) -> Exception | None:
        """Asked in the context of who stands at the gate, who hears of what fails in the asking, too."""
        try:
            shut = not self._may_pass() or self.pause_left() > LONGEST_PAUSE_IN_HAND
        except Exception as error:
            return error
        return NotTriedError() if shut else None

    def _slow_down(self, pause: float) -> None:
        """A flood wait holds all notices. Several calls meet the same one, which lowers the pace once."""
        if not self.pause_left():
            self.pace = max(min(LOWEST_RATE, self.send_rate), self.pace * SLOWER)
        self.rest(pause)
        self._pace_changed = self._paused_until

    def _speed_up(self) -> None:
        if self.pace < self.send_rate and self._now() - self._pace_changed >= CALM:
            self.pace = min(self.send_rate, self.pace * FASTER)
            self._pace_changed = self._now()

    async def _in_passing(self, chat: int | str | None, call: Call) -> Result:
        """Holds up nobody: neither tried again nor begun while an answer to the chat is under way."""
        if chat is not None and (turn := self._turns.get(chat)) is not None and turn.locked():
            raise NotTriedError
        return await call()

    async def _in_turn(self, chat: int | str | None, call: Call) -> Result:
        """Replies to one chat keep their order, also where the first of them has to wait."""
        if chat is None:
            return await self._answer(call)
        turn = self._turns.setdefault(chat, asyncio.Lock())
        async with turn:
            return await self._answer(call)

    async def _answer(self, call: Call) -> Result:
        give_up = self._now() + ANSWER_PATIENCE
        tries = 0
        while True:
            try:
                return await call()
            except TelegramError as error:
                wait = self._answer_wait(error, tries)
                if not worth_retrying(error) or self._now() + wait > give_up:
                    raise
            await self._sleep(wait)
            tries += 1

    def _answer_wait(self, error: TelegramError, tries: int) -> float:
        if isinstance(error, RetryAfter):
            return seconds_of(error)
        return min(FIRST_ANSWER_WAIT * float(1 << min(tries, 10)), LONGEST_ANSWER_WAIT) * (1 + self._chance() / 2)
