"""The stories of the demo: those that ship are right, wrong ones are refused in clear words."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from pathlib import Path

import pytest

from playground.scenes import Caption, Say, Scene, SceneError, Step, Tap, Wait, read_scenes

WITA = timezone(timedelta(hours=8))
RIGHT = 'id = "a"\ntitle = "A"\nat = 2017-01-30T08:10:00+08:00\n'


def read(folder: Path, text: str) -> Scene:
    (folder / "a.toml").write_text(text, encoding="utf-8")
    return read_scenes(folder)[0]


def faults(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(SceneError) as caught:
        read(folder, text)
    return caught.value.faults


def test_the_scenes_that_ship_are_right() -> None:
    scenes = read_scenes()

    assert [scene.id for scene in scenes] == ["pusat-putus", "blangko-habis", "hari-ini"]


def test_the_main_scene_runs_from_monday_to_friday_of_2017() -> None:
    main = read_scenes()[0]

    times = [step.at for step in main.steps if step.at]
    assert main.starts == datetime(2017, 1, 30, 7, 50, tzinfo=WITA)
    assert times[0] == datetime(2017, 1, 30, 8, 10, tzinfo=WITA)
    assert times[-1].date().isoformat() == "2017-02-03"


def test_the_main_scene_names_the_moments_of_which_pictures_are_taken() -> None:
    moments = {step.moment for step in read_scenes()[0].steps}

    assert {"answer", "notice"} <= moments


def test_each_deed_is_read(tmp_path: Path) -> None:
    steps = """
    [[steps]]
    caption = "Senin"
    [[steps]]
    at = 2017-01-30T09:00:00+08:00
    who = "citizen"
    say = "ktp?"
    moment = "asked"
    [[steps]]
    who = "citizen"
    wait = "KTP"
    timeout = 5
    [[steps]]
    who = "staff"
    tap = "Terbitkan"
    """

    scene = read(tmp_path, RIGHT + steps)

    assert scene.steps == (
        Step(Caption("Senin")),
        Step(Say("citizen", "ktp?"), datetime(2017, 1, 30, 9, tzinfo=WITA), "asked"),
        Step(Wait("citizen", "KTP", 5.0)),
        Step(Tap("staff", "Terbitkan", 20.0)),
    )


def test_a_scene_may_start_at_a_mere_time_of_day(tmp_path: Path) -> None:
    scene = read(tmp_path, 'id = "a"\ntitle = "A"\nat = 10:00:00\n[[steps]]\ncaption = "Hari ini"\n')

    assert scene.starts == time(10)


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        ("", "needs exactly one of say, tap, wait, caption, block; it has none"),
        ('who = "staff"\nsay = "a"\ntap = "b"', "it has say and tap"),
        ('who = "mayor"\nsay = "a"', "who must be one of citizen, staff, subscriber, not 'mayor'"),
        ('say = "a"', "not None"),
        ('who = "staff"\nsay = " "', "say must be a text that is not empty"),
        ('who = "staff"\nblock = "yes"', "block must be true or false"),
        ('who = "staff"\nwait = "a"\ntimeout = 0', "timeout must be a number of seconds above 0"),
        ('who = "staff"\nwait = "a"\ntimeout = true', "timeout must be a number of seconds above 0"),
        ('caption = "a"\nat = 2017-01-30', "at must be a time with its offset"),
        ('caption = "a"\nat = 2017-01-29T08:00:00+08:00', "at lies before the time of an earlier step"),
        ('caption = "a"\ncolour = "red"', "colour is unknown"),
    ],
)
def test_a_wrong_step_is_refused_with_its_number(tmp_path: Path, step: str, fault: str) -> None:
    found = faults(tmp_path, f'{RIGHT}[[steps]]\ncaption = "first"\n[[steps]]\n{step}\n')

    assert len(found) == 1
    assert found[0].startswith("a.toml: step 2: ")
    assert fault in found[0]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, 'id = ""\nname = "A"\n[[steps]]\nsay = "a"\n')

    assert [fault.removeprefix("a.toml: ") for fault in found] == [
        "name is unknown; known are at, id, steps, title",
        "id must be a text that is not empty",
        "title must be a text that is not empty",
        "at must be a time with its offset (2017-01-30T08:10:00+08:00) or a time of day (10:00:00)",
        "step 1: who must be one of citizen, staff, subscriber, not None",
    ]


def test_a_scene_without_steps_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, RIGHT) == ("a.toml: steps must be [[steps]] tables, at least one",)


def test_a_scene_of_the_latest_working_day_stays_on_it(tmp_path: Path) -> None:
    text = 'id = "a"\ntitle = "A"\nat = 10:00:00\n[[steps]]\ncaption = "a"\nat = 2017-01-30T08:00:00+08:00\n'

    assert "plays on the latest working day" in faults(tmp_path, text)[0]


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    assert faults(tmp_path, "id = ")[0].startswith("a.toml: not TOML: ")


def test_two_scenes_with_one_id_are_refused(tmp_path: Path) -> None:
    scene = f'{RIGHT}[[steps]]\ncaption = "a"\n'
    (tmp_path / "b.toml").write_text(scene, encoding="utf-8")

    assert faults(tmp_path, scene) == ("id 'a' belongs to more than one scene",)
