"""The demo's bot does not outlive the demo, and nobody else on the network sees it."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.child import COMMAND, INHERITED
from tests.patience import START
from tests.test_runner import free_port


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def bot(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Started as the demo starts it, up to where it looks for Telegram."""
    own = {
        "BOT_TOKEN": "747100:of-the-tests",
        "TELEGRAM_API_URL": f"http://127.0.0.1:{free_port()}",
        "PORT": str(port),
    }
    environ = {name: os.environ[name] for name in INHERITED if name in os.environ} | own
    started = subprocess.Popen(
        COMMAND, cwd=tmp_path, env=environ, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert started.stderr
    with started:
        while b"telegram_away" not in started.stderr.readline():
            assert started.poll() is None
        yield started
        started.kill()


def test_it_ends_when_the_demo_is_gone_however_that_ended(bot: subprocess.Popen[bytes]) -> None:
    assert bot.stdin

    bot.stdin.close()

    assert bot.wait(START) == 0


@pytest.mark.usefixtures("bot")
def test_it_answers_on_this_machine_alone(port: int) -> None:
    answers = {}
    for address in ("127.0.0.1", "127.0.0.2"):  # the second stands for any other that the machine has
        with socket.socket() as client:
            answers[address] = client.connect_ex((address, port)) == 0

    assert answers == {"127.0.0.1": True, "127.0.0.2": False}
