"""The demo's bot: the real one, which ends with the demo, also where that was killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from pathlib import Path

from bot.config import Settings, environment
from bot.runner import run

_HERE = "127.0.0.1"  # nobody else on the network is shown what is played


def _end_with_the_demo() -> None:
    """The demo holds the other end of standard input, and says nothing there."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_demo, daemon=True).start()
    sys.exit(asyncio.run(run(Settings.read(environment(Path.cwd())), host=_HERE)))
