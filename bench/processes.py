"""Whole processes: how long until they are of use, and how much memory they take while idle."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.bot_api import StandIn
from bench.report import Figure

ROUNDS = 5
SETTLE = 3.0  # seconds until a bot that was just started is idle
PATIENCE = 30.0
TOKEN = "123456789:bench-not-a-real-token-at-all-0000"
LOKET = (sys.executable, "-P", "-m", "bot")
# The least that python-telegram-bot needs to poll: what of our figures is the framework's own.
BARE_BOT = """
import sys
from telegram.ext import Application
url, token = sys.argv[1:]
Application.builder().token(token).base_url(url + "/bot").build().run_polling()
"""


def figures() -> Iterator[Figure]:
    """Start of `ask`; start and memory of `run`."""
    yield asking()
    yield from running()


def asking() -> Figure:
    """From the shell to the answer, cold each time."""
    with tempfile.TemporaryDirectory() as folder:
        ask = _median_seconds([*LOKET, "ask", "ktp sudah bisa?"], Path(folder))
        bare = _median_seconds([sys.executable, "-P", "-c", "pass"], Path(folder))
    return Figure("`loket ask`, cold", ask, "s", "Python that does nothing", bare, limit=0.7)


def _median_seconds(command: Sequence[str], folder: Path) -> float:
    return statistics.median(_seconds(command, folder) for _ in range(ROUNDS))


def _seconds(command: Sequence[str], folder: Path) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env=_environ(), check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def running() -> Iterator[Figure]:
    """Until the first poll, then idle; the same for a bot that does nothing."""
    ours = [_run_once([*LOKET, "run"]) for _ in range(3)]
    bare = [_run_once([sys.executable, "-P", "-c", BARE_BOT], "--arguments") for _ in range(3)]
    ready, idle = (statistics.median(column) for column in zip(*ours, strict=True))
    bare_ready, bare_idle = (statistics.median(column) for column in zip(*bare, strict=True))
    name = "a bare python-telegram-bot"
    yield Figure("`loket run` until it polls", ready, "s", name, bare_ready, limit=2)
    yield Figure("`loket run`, idle", idle, "MiB", name, bare_idle, limit=130)


def _run_once(command: Sequence[str], arguments: str = "") -> tuple[float, float]:
    """Seconds until ready, MiB when idle."""
    with tempfile.TemporaryDirectory() as folder, StandIn() as api:
        full = [*command, api.url, TOKEN] if arguments else command
        began = time.perf_counter()
        with _child(full, Path(folder), _environ() | {"TELEGRAM_API_URL": api.url, "BOT_TOKEN": TOKEN}) as child:
            if not api.polled.wait(PATIENCE):
                raise RuntimeError(f"{' '.join(command[-2:])} did not poll within {PATIENCE:.0f} s")
            ready = time.perf_counter() - began
            time.sleep(SETTLE)
            return ready, _resident(child.pid)


@contextmanager
def _child(command: Sequence[str], folder: Path, environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(command, cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _resident(pid: int) -> float:
    """MiB in memory, as Linux counts."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    kib = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(kib) / 1024


def _environ() -> dict[str, str]:
    """Nothing of Loket's own may come from the shell that measures."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
