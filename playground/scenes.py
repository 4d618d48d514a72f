"""The stories that the demo can play: read from TOML, checked, frozen."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("scenes")
ROLES = ("citizen", "staff", "subscriber")
PATIENCE = 20.0
DEEDS = ("say", "tap", "wait", "caption", "block")
STEP_KEYS = {"at", "who", "timeout", "moment", *DEEDS}
SCENE_KEYS = {"id", "title", "at", "steps"}


@dataclass(frozen=True)
class Say:
    """Somebody writes to the bot."""

    who: str
    text: str


@dataclass(frozen=True)
class Tap:
    """Somebody taps the newest button with this label, as soon as there is one."""

    who: str
    label: str
    seconds: float = PATIENCE


@dataclass(frozen=True)
class Wait:
    """The story waits until the bot has told somebody this."""

    who: str
    text: str
    seconds: float = PATIENCE


@dataclass(frozen=True)
class Block:
    """Somebody blocks the bot, or lets it in again."""

    who: str
    blocked: bool


@dataclass(frozen=True)
class Caption:
    """A line of the narrator, shown above the phones."""

    text: str


Deed = Say | Tap | Wait | Block | Caption


@dataclass(frozen=True)
class Step:
    """One deed; `at` is set where the time moves on, `moment` names what pictures are taken of."""

    deed: Deed
    at: datetime | None = None
    moment: str = ""


@dataclass(frozen=True)
class Scene:
    """A story; one that starts at a mere time of day plays on the latest working day."""

    id: str
    title: str
    starts: datetime | time
    steps: tuple[Step, ...]


class SceneError(ValueError):
    """What is wrong with the scenes, all of it at once."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def read_scenes(folder: Path = FOLDER) -> tuple[Scene, ...]:
    """Reads every scene of a folder, in the order of the file names."""
    faults: list[str] = []
    scenes = [scene for path in sorted(folder.glob("*.toml")) if (scene := _read(path, faults))]
    ids = [scene.id for scene in scenes]
    faults += [f"id {twice!r} belongs to more than one scene" for twice in sorted({i for i in ids if ids.count(i) > 1})]
    if faults:
        raise SceneError(faults)
    return tuple(scenes)


def _read(path: Path, faults: list[str]) -> Scene | None:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{path.name}: not TOML: {error}")
        return None
    found = [f"{path.name}: {fault}" for fault in _faults(table)]
    faults += found
    return None if found else _scene(table)


def _scene(table: Mapping[str, Any]) -> Scene:
    return Scene(table["id"], table["title"], table["at"], tuple(_step(step) for step in table["steps"]))


def _step(table: Mapping[str, Any]) -> Step:
    return Step(_deed(table), table.get("at"), table.get("moment", ""))


def _deed(table: Mapping[str, Any]) -> Deed:
    who, seconds = table.get("who", ""), float(table.get("timeout", PATIENCE))
    match next(deed for deed in DEEDS if deed in table):
        case "say":
            return Say(who, table["say"])
        case "tap":
            return Tap(who, table["tap"], seconds)
        case "wait":
            return Wait(who, table["wait"], seconds)
        case "block":
            return Block(who, table["block"])
        case _:
            return Caption(table["caption"])


def _faults(table: Mapping[str, Any]) -> list[str]:
    faults = _unknown(table, SCENE_KEYS)
    faults += [f"{key} must be a text that is not empty" for key in ("id", "title") if not _is_text(table.get(key))]
    starts = table.get("at")
    if not isinstance(starts, time) and not _is_moment(starts):
        faults.append("at must be a time with its offset (2017-01-30T08:10:00+08:00) or a time of day (10:00:00)")
    steps = table.get("steps")
    if not isinstance(steps, list) or not steps or not all(isinstance(step, dict) for step in steps):
        return [*faults, "steps must be [[steps]] tables, at least one"]
    for number, step in enumerate(steps, 1):
        faults += [f"step {number}: {fault}" for fault in _step_faults(step)]
    return faults + _disorder(starts, steps)


def _unknown(table: Mapping[str, Any], known: set[str]) -> list[str]:
    return [f"{key} is unknown; known are {', '.join(sorted(known))}" for key in table if key not in known]


def _step_faults(step: Mapping[str, Any]) -> list[str]:
    faults = _unknown(step, STEP_KEYS)
    deeds = [deed for deed in DEEDS if deed in step]
    if len(deeds) != 1:
        return [*faults, f"needs exactly one of {', '.join(DEEDS)}; it has {' and '.join(deeds) or 'none'}"]
    return faults + _deed_faults(deeds[0], step)


def _deed_faults(deed: str, step: Mapping[str, Any]) -> list[str]:
    faults = []
    if deed == "block" and not isinstance(step["block"], bool):
        faults.append("block must be true or false")
    if deed != "block" and not _is_text(step[deed]):
        faults.append(f"{deed} must be a text that is not empty")
    if deed != "caption" and step.get("who") not in ROLES:
        faults.append(f"who must be one of {', '.join(ROLES)}, not {step.get('who')!r}")
    if "timeout" in step and not _is_positive(step["timeout"]):
        faults.append("timeout must be a number of seconds above 0")
    if "at" in step and not _is_moment(step["at"]):
        faults.append("at must be a time with its offset, like 2017-01-30T08:10:00+08:00")
    return faults


def _disorder(starts: object, steps: list[Mapping[str, Any]]) -> list[str]:
    """Time never runs backwards, and a scene of the latest working day stays on it."""
    timed = [(number, step["at"]) for number, step in enumerate(steps, 1) if _is_moment(step.get("at"))]
    if isinstance(starts, time):
        return [f"step {number}: at does not fit a scene that plays on the latest working day" for number, _ in timed]
    if not _is_moment(starts):
        return []
    before = [starts, *(at for _, at in timed)]
    pairs = zip(before, timed, strict=False)
    return [f"step {number}: at lies before the time of an earlier step" for last, (number, at) in pairs if at < last]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _is_moment(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None
