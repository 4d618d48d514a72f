"""The pictures of the README and the docs are taken of a demo that really plays."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from playground import picture
from playground.scenes import Say, Scene, Step, Wait

BOT = (sys.executable, "-P", str(Path(__file__).with_name("scripted_bot.py")))
STEPS = (
    Step(Say("citizen", "ktp sudah bisa?")),
    Step(Wait("citizen", "text 1"), moment="answer"),
    Step(Wait("citizen", "text 1"), moment="notice"),
)


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.skipif(picture.find_browser() is None, reason="no Chromium on this machine")
async def test_three_pictures_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Scene(picture.SCENE, "S", datetime(2017, 1, 30, 1, tzinfo=UTC), STEPS)
    monkeypatch.setattr("playground.demo.read_scenes", lambda: (story,))
    whole, answer, notice = (tmp_path / "docs" / name for name in ("demo.png", "answer.png", "notice.png"))

    await picture.take(whole, answer, notice, command=BOT)

    assert all(path.read_bytes().startswith(b"\x89PNG") for path in (whole, answer, notice))


def test_without_a_browser_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(picture, "find_browser", lambda: None)

    with pytest.raises(SystemExit):
        picture.main([])

    assert "install `chromium`" in capsys.readouterr().err
