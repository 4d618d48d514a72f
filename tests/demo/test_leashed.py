"""The demo's bot does not outlive the demo."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from playground.child import COMMAND, INHERITED
from tests.test_runner import free_port


def test_it_ends_when_the_demo_is_gone_however_that_ended(tmp_path: Path) -> None:
    own = {"BOT_TOKEN": "747100:of-the-tests", "TELEGRAM_API_URL": f"http://127.0.0.1:{free_port()}"}
    environ = {name: os.environ[name] for name in INHERITED if name in os.environ} | own
    bot = subprocess.Popen(
        COMMAND, cwd=tmp_path, env=environ, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert bot.stdin
    assert bot.stderr

    with bot:
        while b"telegram_away" not in bot.stderr.readline():
            assert bot.poll() is None
        bot.stdin.close()
        code = bot.wait(20)

    assert code == 0
