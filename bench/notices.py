"""What a notice costs, beside the bare sends of others in the same run; and a minute of a thousand a second.

The bot has one core, the Bot API that answers after 50 ms another. What Loket is charged with is all that its process
does from the first notice to the last settlement: claiming, rendering, sending, settling, and looking after itself.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.answers import BOTS, PROJECT, _other_core
from bench.face import _processor_seconds
from bench.pace import PAID, SLACK, _get, _pace, _running, _until
from bench.processes import TOKEN
from bench.report import Figure, late
from bench.rivals.node import NoNodeError, node_script
from bench.stub import stub

LATENCY = 0.05  # seconds in which the Bot API answers
AT_ONCE = 64  # as many as are under way at a thousand a second
ROUNDS, LONG = 3, 7
SECONDS = 10  # of notices in a round
A_MINUTE = 60
START = 3.0  # seconds until a bot that was just started is idle
SETTLED = 0.5  # seconds after the last message in which it is written down
AIOGRAM, GRAMMY = "aiogram's bare send", "grammY's bare send"
PAID_BROADCAST = {"SEND_RATE": str(PAID), "PAID_BROADCAST": "1"}


@dataclass(frozen=True, slots=True)
class Minute:
    """What a thousand a second came to, with questions meanwhile."""

    pace: float
    answers: Sequence[float]  # seconds from the question's arrival to its answer leaving


def figures(rounds: int = ROUNDS) -> Iterator[Figure]:
    """CPU of a notice beside others', then the minute."""
    with _other_core():
        yield from _costs(rounds)
        minute = a_minute()
    name = f"with an API of {LATENCY * 1000:.0f} ms"
    yield Figure(f"notices a second for {A_MINUTE} s {name}", minute.pace, "/s", "SEND_RATE", PAID, least=950)
    alone = statistics.median(minute.answers)
    yield Figure("own time of an answer meanwhile, 95 of 100", late(minute.answers), "s", "the median", alone, 0.1)


def _costs(rounds: int) -> Iterator[Figure]:
    """Rounds of all take turns, so that a machine that is slow for a while is so for everybody."""
    rivals = _rivals()
    ours: list[float] = []
    theirs: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(rounds):
        ours.append(of_loket())
        for name, command in rivals.items():
            theirs[name].append(of_rival(command))
    cost = statistics.median(ours)
    for name, costs in theirs.items():
        other = statistics.median(costs)
        limit = other if name == AIOGRAM else None
        yield Figure("CPU of a notice, claim to settlement", cost, "µs", name, other, limit)


def _rivals() -> Mapping[str, Sequence[str]]:
    commands: dict[str, Sequence[str]] = {AIOGRAM: [sys.executable, "-P", "-m", "bench.rivals.aiogram_sends"]}
    try:
        commands[GRAMMY] = node_script("grammy_sends.mjs")
    except NoNodeError as error:
        sys.stdout.write(f"grammY is left out: {error}.\n")
    return commands


def of_loket() -> float:
    """Microseconds of CPU for each of some thousands, all that the process does meanwhile included."""
    count = PAID * SECONDS
    with stub(LATENCY) as url, _running(url, count, min(BOTS), **PAID_BROADCAST) as loket:
        time.sleep(START)
        loket.publish()
        _until(
            lambda: _get(f"{url}/bot/count"), SLACK, every=0.02
        )  # the outbox is made: what that costs is another figure
        began = _processor_seconds(loket.pid)
        _until(lambda: _get(f"{url}/bot/count") >= count, SECONDS + SLACK)
        time.sleep(SETTLED)
        return (_processor_seconds(loket.pid) - began) / count * 1e6


def of_rival(command: Sequence[str]) -> float:
    """The same of a plain loop that remembers nothing."""
    with stub(LATENCY) as url:
        full = ["taskset", "-c", str(min(BOTS)), *command, url, TOKEN, str(PAID * SECONDS), str(AT_ONCE)]
        environ = os.environ | {"PYTHONPATH": str(PROJECT)}
        return float(subprocess.run(full, env=environ, check=True, stdout=subprocess.PIPE).stdout)


def a_minute() -> Minute:
    """A thousand a second, ten questions a second meanwhile."""
    count = PAID * A_MINUTE
    with stub(LATENCY) as url, _running(url, count, min(BOTS), **PAID_BROADCAST) as loket:
        time.sleep(START)
        loket.publish()
        _until(lambda: _get(f"{url}/bot/count"), SLACK)
        _get(f"{url}/bot/ask")
        _until(lambda: _get(f"{url}/bot/count") >= count, A_MINUTE + SLACK)
        return Minute(_pace(_get(f"{url}/bot/sent")), _get(f"{url}/bot/waited"))
