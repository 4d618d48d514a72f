"""The demo keeps a bot running beside the stand-in, moves it through time, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from playground.child import BotProcess
from playground.demo import Demo, Status, made_up_token, run
from playground.scenes import Caption, Say, Scene, Step, Wait
from tests.patience import ANSWER, START

BOT = (sys.executable, "-P", str(Path(__file__).with_name("scripted_bot.py")))
MONDAY = datetime(2017, 1, 30, 0, 10, tzinfo=UTC)


@pytest.fixture
async def demo(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Demo]:
    monkeypatch.setenv("WEBHOOK_URL", "https://office.example/")
    async with Demo.opened(command=BOT) as opened:
        await until(lambda: opened.status.bot == "ready")
        yield opened


async def until(condition: Any, seconds: float = START) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def ask(demo: Demo, text: str) -> str:
    """What the bot answers the citizen."""
    messages = demo.world.phones[demo.chats["citizen"]].messages
    known = len(messages)
    async with httpx.AsyncClient(base_url=demo.url, trust_env=False, timeout=ANSWER) as page:
        await page.post("/api/send", json={"chat_id": demo.chats["citizen"], "text": text})
    await until(lambda: len(messages) == known + 2)
    return list(messages.values())[-1].text


async def post(demo: Demo, path: str, **body: Any) -> httpx.Response:
    async with httpx.AsyncClient(base_url=demo.url, trust_env=False, timeout=ANSWER) as page:
        return await page.post(path, json=body)


async def test_it_begins_at_ten_on_a_working_day(demo: Demo) -> None:
    office = demo.now() + timedelta(hours=8)

    assert (office.hour, office.minute) == (10, 0)
    assert office.weekday() < 5


async def test_the_child_gets_nothing_of_the_visitors_own_settings(demo: Demo) -> None:
    names = (await ask(demo, "environment")).split()

    assert "WEBHOOK_URL" not in names
    assert {"BOT_TOKEN", "OWNER_IDS", "TELEGRAM_API_URL", "DATABASE_URL", "CATALOGUE", "CLOCK_OFFSET"} <= set(names)


async def test_a_jump_in_time_keeps_the_database(demo: Demo) -> None:
    first = await ask(demo, "hello")

    await demo.go_to(demo.now() + timedelta(days=2))

    second = await ask(demo, "hello")
    assert first.endswith("text 1")
    assert second.endswith("text 2")
    assert abs(offset(second) - offset(first) - 2 * 86400) < 5
    assert demo.status.bot == "ready"


def offset(answer: str) -> int:
    return int(answer.split()[1].rstrip(","))


async def test_beginning_again_forgets_everything(demo: Demo) -> None:
    await ask(demo, "hello")

    answered = await post(demo, "/api/restart")

    assert answered.status_code == 200
    assert not demo.world.phones[demo.chats["citizen"]].messages
    assert (await ask(demo, "hello")).endswith("text 1")


async def test_a_scene_is_played_from_its_own_time(demo: Demo) -> None:
    captions = []
    demo.world.listen(lambda event: captions.append((event.get("status") or {}).get("caption")))
    story = Scene(
        "s", "S", MONDAY, (Step(Caption("Senin")), Step(Say("citizen", "a")), Step(Wait("citizen", "text 1")))
    )

    await demo.play(story, pace=0)

    assert demo.now() - MONDAY < timedelta(minutes=1)
    assert "Senin" in captions
    assert demo.status.ended == "done"
    assert demo.status.scene is None


async def test_a_scene_whose_bot_does_not_answer_is_said_to_have_failed(demo: Demo) -> None:
    story = Scene("s", "S", MONDAY, (Step(Wait("citizen", "never", 0.01)),))

    with pytest.raises(TimeoutError):
        await demo.play(story, pace=0)

    assert demo.status.ended == "failed"


async def test_the_page_learns_the_scenes_and_who_holds_which_phone(demo: Demo) -> None:
    async with httpx.AsyncClient(base_url=demo.url, trust_env=False, timeout=ANSWER) as page:
        told = (await page.get("/api/scenes")).json()

    assert [scene["id"] for scene in told["scenes"]] == ["pusat-putus", "blangko-habis", "hari-ini"]
    assert sorted(told["roles"].values()) == ["citizen", "staff", "subscriber"]
    assert told["status"]["bot"] == "ready"


async def test_the_page_starts_and_stops_a_scene(demo: Demo) -> None:
    started = await post(demo, "/api/scene", id="hari-ini")
    await until(lambda: demo.status.scene == "hari-ini" and demo.status.bot == "ready")

    stopped = await post(demo, "/api/scene", id=None)

    assert (started.status_code, stopped.status_code) == (202, 202)
    assert demo.status.scene is None


async def test_an_unknown_scene_is_refused(demo: Demo) -> None:
    assert (await post(demo, "/api/scene", id="nothing")).status_code == 404


async def test_a_bot_that_dies_is_told_with_the_end_of_its_log(demo: Demo, capfd: pytest.CaptureFixture[str]) -> None:
    await post(demo, "/api/send", chat_id=demo.chats["citizen"], text="die")

    await until(lambda: demo.status.bot == "stopped")

    told = capfd.readouterr().err
    assert "the bot stopped with code 1" in told
    assert "it was told to" in told
    assert demo.world.token not in told


async def test_a_story_stopped_in_a_jump_leaves_the_bot_running(demo: Demo) -> None:
    jump = asyncio.create_task(demo.go_to(demo.now() + timedelta(days=1)))
    await until(lambda: demo.status.bot == "starting")

    jump.cancel()

    await until(lambda: demo.status.bot == "ready")
    assert (await ask(demo, "hello")).endswith("text 1")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
async def test_it_tells_its_address_and_stops_when_told_to(
    stop: signal.Signals, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    running = asyncio.create_task(run(None, True, BOT))
    await until(lambda: opened)
    async with httpx.AsyncClient(trust_env=False, timeout=ANSWER) as visitor:
        page = await visitor.get(opened[0])

    os.kill(os.getpid(), stop)
    await asyncio.wait_for(running, START)

    assert page.status_code == 200
    said, public = capsys.readouterr().out.splitlines()
    assert said == f"Loket's demo is at {opened[0]}/ - Ctrl+C stops it."
    assert public.startswith("The page that its bot serves to everybody is at http://127.0.0.1:")
    assert opened[0].startswith("http://127.0.0.1:")


async def test_a_taken_port_is_said_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(SystemExit) as caught:
            await run(port, False, BOT)

    assert str(caught.value) == f"loket demo: port {port} is taken; without --port a free one is chosen"


async def test_nothing_is_left_behind() -> None:
    async with Demo.opened(command=BOT) as demo:
        await until(lambda: demo.status.bot == "ready")
        folder = Path(demo.settings()["DATABASE_URL"].removeprefix("sqlite:///")).parent
        was_there = folder.exists()

    assert was_there
    assert not folder.exists()


async def test_a_bot_that_does_not_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.child.GRACE", 0.1)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    child = BotProcess(tmp_path, {}, died=lambda _: None, command=(sys.executable, "-c", deaf))
    await child.start(0)
    await until(lambda: "up" in child.tail())

    await asyncio.wait_for(child.stop(), ANSWER)


def test_a_made_up_token_has_the_right_shape_and_is_new_each_time() -> None:
    number, _, secret = made_up_token().partition(":")

    assert number.isdecimal()
    assert len(secret) == 35
    assert made_up_token() != made_up_token()


def test_the_page_starts_by_saying_that_the_bot_is_starting() -> None:
    assert Status().bot == "starting"
