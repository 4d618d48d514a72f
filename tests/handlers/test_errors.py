"""When a handler fails, the citizen gets a word, the operator a line, and what was written stays out of it."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs
from telegram.error import Forbidden

from bot.office.asking import Asking
from tests.handlers.desk import Counter

SECRET = "nama saya Wa Ode"


@pytest.fixture
def _failing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(Asking, "ask", ask)


@pytest.mark.usefixtures("_failing")
async def test_nobody_is_left_without_a_word(counter: Counter) -> None:
    with capture_logs() as logged:
        await counter.says(SECRET)

    assert "gangguan" in counter.text.lower() or "maaf" in counter.text.lower()
    assert "0800-000-000" in counter.text
    assert [(entry["log_level"], entry["update"]) for entry in logged] == [("error", 1)]
    assert SECRET not in repr([{**entry, "exc_info": ""} for entry in logged])


@pytest.mark.usefixtures("_failing")
async def test_the_next_update_is_answered(counter: Counter) -> None:
    with capture_logs():
        await counter.says(SECRET)

    await counter.says("/jam")

    assert "jam" in counter.text.lower()


async def test_nobody_who_blocked_the_bot_is_written_to_again(counter: Counter) -> None:
    counter.telegram.refuses["sendMessage"] = (403, "Forbidden: bot was blocked by the user")

    with capture_logs() as logged:
        await counter.says("/jam")

    assert len(counter.called("sendMessage")) == 1
    assert {type(entry["exc_info"]) for entry in logged} <= {Forbidden}


async def test_an_answer_that_telegram_cannot_take_is_apologised_for(counter: Counter) -> None:
    counter.telegram.refuses["sendMessage"] = (400, "Bad Request: message is too long")

    await counter.says("/jam")

    assert len(counter.called("sendMessage")) == 2


async def test_an_error_outside_an_update_is_logged_alone(counter: Counter) -> None:
    with capture_logs() as logged:
        await counter.application.process_error(None, RuntimeError("a fault"))

    assert {entry["update"] for entry in logged} == {None}
    assert counter.telegram.calls == []
