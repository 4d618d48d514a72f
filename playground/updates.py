"""What waits for the bot: pending updates, the one long poll, the webhook's settings."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playground.refusals import conflict

# Telegram leaves these out unless they are asked for.
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
WEBHOOK_SET = "terminated by setWebhook request"
LONGEST_POLL = 50
FIRST_UPDATE = 700_000_001

Update = dict[str, Any]


@dataclass
class Webhook:
    """Where updates are delivered, and what went wrong last."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    last_error_at: int = 0


class UpdateQueue:
    """Updates in order of arrival until the bot has confirmed them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, forced_wait: int = 3) -> None:
        self.pending: deque[Update] = deque()
        self.allowed: list[str] = []
        self.webhook: Webhook | None = None
        self.arrived = asyncio.Event()
        self.closed = False
        self._clock = clock
        self._forced_wait = forced_wait
        self._next_id = FIRST_UPDATE
        self._poll: asyncio.Future[str | None] | None = None
        self._last_poll = (0, -60.0)

    def offer(self, kind: str, content: dict[str, Any]) -> int | None:
        """Queues an update of a kind that the bot wants; its id, or None where it does not want it."""
        if kind not in self.allowed and (self.allowed or kind in NOT_BY_DEFAULT):
            return None
        update_id, self._next_id = self._next_id, self._next_id + 1
        self.pending.append({"update_id": update_id, kind: content})
        self.arrived.set()
        self._end_poll(None)
        return update_id

    def confirm(self, offset: int) -> None:
        """Forgets what lies before the offset; a negative one counts from the end."""
        if offset < 0:
            offset = self.pending[max(offset, -len(self.pending))]["update_id"] if self.pending else 0
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()

    def remove(self, update_id: int) -> None:
        """Forgets one update, which a webhook took."""
        self.pending = deque(update for update in self.pending if update["update_id"] != update_id)

    def drop(self) -> None:
        """Forgets all."""
        self.pending.clear()

    async def poll(self, offset: int, limit: int, seconds: float, allowed: list[str] | None) -> list[Update]:
        """One getUpdates; a poll that is under way ends with a 409, as with Telegram."""
        if self.webhook:
            raise conflict(WEBHOOK_ACTIVE)
        if allowed is not None:
            self.allowed = allowed
        self._end_poll(OTHER_POLL)
        self.confirm(offset)
        patience = self._patience(offset, seconds)
        if not self.pending and patience and not self.closed:
            await self._wait(patience)
        return list(self.pending)[: min(max(limit, 1), 100)]

    def set_webhook(self, webhook: Webhook | None) -> None:
        """Delivers to this address from now on; None goes back to polling."""
        self.webhook = webhook
        self.arrived.set()
        if webhook:
            self._end_poll(WEBHOOK_SET)

    def close(self) -> None:
        """Ends the poll under way, since the server is about to stop."""
        self.closed = True
        self._end_poll(None)

    def _patience(self, offset: int, seconds: float) -> float:
        """Who asks the same again within three seconds waits three seconds for it."""
        last_offset, last_at = self._last_poll
        now = self._clock()
        self._last_poll = (offset, now)
        hurried = offset == last_offset and now < last_at + self._forced_wait
        return min(max(seconds, self._forced_wait if hurried else 0), LONGEST_POLL)

    async def _wait(self, seconds: float) -> None:
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            words = await asyncio.wait_for(poll, seconds)
        except TimeoutError:
            return
        finally:
            if self._poll is poll:
                self._poll = None
        if words:
            raise conflict(words)

    def _end_poll(self, words: str | None) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(words)
