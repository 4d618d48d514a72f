"""Delivers updates to the bot's webhook: in order within a chat, chats at once, again until they are taken."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from playground.methods import NAMES, carry_out, note
from playground.updates import Update, Webhook
from playground.world import World

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
PATIENCE = 60.0  # seconds that a webhook may take
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, not a secret
Pause = Callable[[float], Awaitable[Any]]


def chat_of(update: Update) -> int:
    """The chat within which the order is kept; the person, where there is no chat."""
    content = next(value for name, value in update.items() if name != "update_id")
    message = content.get("message", content)
    return int(message["chat"]["id"] if "chat" in message else content["from"]["id"])


class Courier:
    """Carries what is pending to the webhook while there is one; `pause` waits between attempts."""

    def __init__(self, world: World, pause: Pause = asyncio.sleep) -> None:
        self._world = world
        self._pause = pause
        self._busy: set[int] = set()
        self._lanes: tuple[Webhook | None, asyncio.Semaphore] = (None, asyncio.Semaphore())

    async def run(self) -> None:
        """Goes on until it is cancelled."""
        queue = self._world.updates
        while queue.webhook is None:  # the client costs some milliseconds that polling bots need not pay
            await self._stir()
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client, asyncio.TaskGroup() as tasks:
            while True:
                self._set_out(client, tasks)
                await self._stir()

    async def _stir(self) -> None:
        arrived = self._world.updates.arrived
        await arrived.wait()
        arrived.clear()

    def _set_out(self, client: httpx.AsyncClient, tasks: asyncio.TaskGroup) -> None:
        """Starts on the first update of each chat that has none under way."""
        hook = self._world.updates.webhook
        if hook is None:
            return
        if self._lanes[0] is not hook:
            self._lanes = (hook, asyncio.Semaphore(hook.max_connections))
        for update in self._world.updates.pending:
            chat = chat_of(update)
            if chat not in self._busy:
                self._busy.add(chat)
                tasks.create_task(self._carry(client, hook, update, chat))

    async def _carry(self, client: httpx.AsyncClient, hook: Webhook, update: Update, chat: int) -> None:
        lanes, wait = self._lanes[1], FIRST_WAIT
        try:
            while self._world.updates.webhook is hook and update in self._world.updates.pending:
                async with lanes:
                    answer = await self._deliver(client, hook, update)
                if answer is not None and answer.is_success:
                    self._world.updates.remove(update["update_id"])
                    await self._act(answer)
                    return
                await self._pause(_asked_wait(answer) or wait)
                wait = min(wait * 2, LONGEST_WAIT)
        finally:
            self._busy.discard(chat)
            self._world.updates.arrived.set()

    async def _deliver(self, client: httpx.AsyncClient, hook: Webhook, update: Update) -> httpx.Response | None:
        headers = {SECRET: hook.secret} if hook.secret else {}
        try:
            answer = await client.post(hook.url, json=update, headers=headers)
        except httpx.HTTPError as error:
            self._note(hook, str(error) or type(error).__name__)
            return None
        if not answer.is_success:
            self._note(hook, f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}")
        return answer

    def _note(self, hook: Webhook, words: str) -> None:
        hook.last_error, hook.last_error_at = words, int(self._world.now())

    async def _act(self, answer: httpx.Response) -> None:
        """A method in the body is carried out, and nobody is told how it went."""
        given = _method_in(answer)
        if given is None:
            return
        entry = note(self._world, given.pop("method"), given)
        told = await carry_out(self._world, entry.method, given)
        entry.status, entry.answer = told.status, told.body


def _asked_wait(answer: httpx.Response | None) -> float:
    seconds = answer.headers.get("retry-after", "") if answer is not None else ""
    return float(seconds) if seconds.isdecimal() else 0.0


def _method_in(answer: httpx.Response) -> dict[str, Any] | None:
    if not answer.headers.get("content-type", "").startswith("application/json"):
        return None
    try:
        given = answer.json()
    except ValueError:
        return None
    named = isinstance(given, dict) and str(given.get("method")).lower() in NAMES
    return given if named else None
