"""Who subscribes in the campaign: most can be reached, some in each way cannot."""

from __future__ import annotations

from dataclasses import dataclass

FIRST = 747_100_000_000  # far from the ids of the people in other tests
SHARE = 0.02
STAFF = 747100201
CITIZENS = (747100101, 747100102, 747100103)
# What may be true of a chat: a reason for which it hears nothing, but for `migrated`.
CONDITIONS = ("blocked", "deactivated", "chat not found", "kicked", "migrated")


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One chat, and what is true of it."""

    chat: int
    condition: str = ""

    @property
    def new_chat(self) -> int:
        """Where a group that became a supergroup goes on."""
        return self.chat - 1_000_000_000_000 if self.condition == "migrated" else self.chat

    @property
    def should_hear(self) -> bool:
        return self.condition in ("", "migrated")


def subscribers(count: int) -> tuple[Subscriber, ...]:
    """As many; each condition has its share, spread evenly."""
    every = round(1 / SHARE)
    return tuple(_subscriber(number, dict(enumerate(CONDITIONS)).get(number % every, "")) for number in range(count))


def _subscriber(number: int, condition: str) -> Subscriber:
    group = condition in ("kicked", "migrated")
    return Subscriber(-(FIRST // 1000 + number) if group else FIRST + number, condition)
