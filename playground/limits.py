"""Telegram's flood limits: how long a chat, a group or the whole bot has to wait."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

CHAT_BURST = 5  # seen with the real Telegram: about one a second, short bursts pass
GROUP_MESSAGES, GROUP_SECONDS = 20, 60.0
OVERALL_MESSAGES, OVERALL_SECONDS = 30, 1.0


@dataclass
class FloodLimits:
    """Which limits hold; `clock` counts seconds and is handed in, so that tests need not wait."""

    clock: Callable[[], float] = time.monotonic
    chats: bool = True
    groups: bool = True
    overall: bool = False
    _free_at: dict[int, float] = field(default_factory=dict)
    _sent: defaultdict[int | None, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def admit(self, chat_id: int) -> int:
        """0 where a message may go now (it is counted then); otherwise the whole seconds to wait."""
        now = self.clock()
        wait = max(self._chat_wait(chat_id, now), self._group_wait(chat_id, now), self._overall_wait(now))
        if wait > 0:
            return math.ceil(wait)
        self._free_at[chat_id] = max(self._free_at.get(chat_id, now), now) + 1.0
        self._sent[chat_id].append(now)
        self._sent[None].append(now)
        return 0

    def forget(self) -> None:
        """Begins anew, as if nothing had been sent."""
        self._free_at.clear()
        self._sent.clear()

    def _chat_wait(self, chat_id: int, now: float) -> float:
        return self._free_at.get(chat_id, now) - now - (CHAT_BURST - 1) if self.chats else 0.0

    def _group_wait(self, chat_id: int, now: float) -> float:
        wait = self._window_wait(chat_id, now, GROUP_MESSAGES, GROUP_SECONDS)
        return wait if self.groups and chat_id < 0 else 0.0

    def _overall_wait(self, now: float) -> float:
        wait = self._window_wait(None, now, OVERALL_MESSAGES, OVERALL_SECONDS)
        return wait if self.overall else 0.0

    def _window_wait(self, key: int | None, now: float, messages: int, seconds: float) -> float:
        sent = self._sent[key]
        while sent and sent[0] <= now - seconds:
            sent.popleft()
        return sent[0] + seconds - now if len(sent) >= messages else 0.0
