"""The pictures of the README and the docs are taken of a demo that really plays."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from playground import clerk, picture
from playground.scenes import Say, Scene, Step, Wait, read_scenes

DOCS = Path(__file__).parents[2] / "docs"
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
    monkeypatch.setattr(picture, "SETTLED", 0)
    whole, answer, notice = (tmp_path / "docs" / name for name in ("demo.png", "answer.png", "notice.png"))

    await picture.take(whole, answer, notice, command=BOT)

    assert all(path.read_bytes().startswith(b"\x89PNG") for path in (whole, answer, notice))


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.skipif(picture.find_browser() is None, reason="no Chromium on this machine")
async def test_the_clerks_pictures_are_of_one_phone_and_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    morning = Scene("pagi", "P", datetime(2023, 2, 2, 0, tzinfo=UTC), STEPS[:2])
    monkeypatch.setattr(clerk, "read_scenes", lambda _: (morning,))
    monkeypatch.setattr(picture, "SETTLED", 0)

    await clerk.take(tmp_path, command=BOT)

    taken = tmp_path / "staff-answer.png"
    with Image.open(taken) as shown:
        assert (shown.width, shown.height) == (2 * clerk.PHONE["width"], 2 * clerk.PHONE["height"])
    assert taken.stat().st_size < 100_000


def test_the_guide_shows_every_picture_of_the_morning_and_tells_who_sees_none_what_is_on_it() -> None:
    (morning,) = read_scenes(clerk.STORIES)
    moments = [step.moment for step in morning.steps if step.moment]

    shown = re.findall(
        r'<img src="staff-(\w+)\.png" width="300" alt="[^"]{20,}">', (DOCS / "staff.md").read_text("utf-8")
    )

    assert shown == moments
    assert {path.name for path in DOCS.glob("staff-*.png")} == {f"staff-{moment}.png" for moment in moments}


def test_without_a_browser_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(picture, "find_browser", lambda: None)

    with pytest.raises(SystemExit):
        picture.main([])
    with pytest.raises(SystemExit, match="install `chromium`"):
        clerk.main()

    assert "install `chromium`" in capsys.readouterr().err
