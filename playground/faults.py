"""Faults on request: what goes wrong next, for which method, how often; or by chance."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from playground.refusals import RefusalError, too_many_requests

Kind = Literal["flood", "forbidden", "error", "server_error", "reset_before", "reset_after", "hang", "slow"]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass
class Fault:
    """One thing that goes wrong `times` times; with a `chat_id`, for that chat alone.

    `hang` gives no answer for `seconds` and closes then; with `taken` it carries the call out first.
    `slow` carries out and answers after `seconds`. `reset_before` and `reset_after` cut the connection.
    """

    kind: Kind
    times: int = 1
    chat_id: int | None = None
    retry_after: int = 1
    code: int = 400
    description: str = ""
    seconds: float = 1.0
    taken: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"a fault's kind is one of {', '.join(KINDS)}; not {self.kind!r}")

    @property
    def carries_out(self) -> bool:
        """Whether the call has its effect in spite of the fault."""
        return self.kind in ("reset_after", "slow") or (self.kind == "hang" and self.taken)

    @property
    def cuts(self) -> bool:
        """Whether the connection ends without an answer."""
        return self.kind in ("reset_before", "reset_after", "hang")

    def refusal(self) -> RefusalError | None:
        """What the bot reads in place of an answer, for the kinds that refuse."""
        match self.kind:
            case "flood":
                return too_many_requests(self.retry_after)
            case "forbidden":
                return RefusalError(403, self.description or "Forbidden: bot was blocked by the user")
            case "error":
                return RefusalError(self.code, self.description or "Bad Request: fault on request")
            case "server_error":
                return RefusalError(502, self.description or "Bad Gateway")
        return None


@dataclass
class Lottery:
    """Faults by chance: each of them, by its name, meets its share of the calls for these chats. Seeded."""

    method: str
    faults: Mapping[str, Fault]
    share: float
    chats: Collection[int]
    seed: int = 0
    drawn: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 -- a fault that can be met again, not a secret
        self._names: Sequence[str] = tuple(self.faults)

    def draw(self, method: str, chat_id: int | None) -> Fault | None:
        """What this call meets; None where it goes well."""
        if method != self.method or chat_id not in self.chats:
            return None
        number = int(self._chance.random() / self.share)
        if number >= len(self._names):
            return None
        self.drawn[self._names[number]] += 1
        return self.faults[self._names[number]]


class FaultBook:
    """The faults that are still to come, by method; `*` stands for every method."""

    def __init__(self) -> None:
        self.lottery: Lottery | None = None  # for calls that no planned fault meets
        self._waiting: dict[str, list[Fault]] = {}

    def plan(self, method: str, *faults: Fault) -> None:
        """These, in this order, in place of what was planned for the method."""
        self._waiting[method] = list(faults)

    def plan_json(self, wishes: dict[str, Any]) -> None:
        """`{"method"|"*": fault | [faults] | null}`; an empty object forgets them all."""
        if not wishes:
            self._waiting.clear()
        for method, wish in wishes.items():
            entries = wish if isinstance(wish, list) else [wish] if wish else []
            self.plan(method, *(Fault(**entry) for entry in entries))

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The next fault for this call, counted; those of the method come before those of `*`."""
        for fault in self._waiting.get(method, []) + self._waiting.get("*", []):
            if fault.times > 0 and fault.chat_id in (None, chat_id):
                fault.times -= 1
                return fault
        return self.lottery.draw(method, chat_id) if self.lottery else None
