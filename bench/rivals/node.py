"""The rivals that run on Node, set up where the measuring first needs them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = Path(".venv/rivals")
PINNED = ("package.json", "package-lock.json")


class NoNodeError(Exception):
    """Node or npm is not there, or did not get the packages."""


def node_script(name: str) -> list[str]:
    """The command that runs a script of this folder; the packages that are pinned here are fetched once."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise NoNodeError("node and npm are not installed")
    FOLDER.mkdir(parents=True, exist_ok=True)
    if _outdated():
        for file in PINNED:
            shutil.copy(HERE / file, FOLDER)
        done = subprocess.run([npm, "ci", "--silent", "--no-audit", "--no-fund"], cwd=FOLDER, check=False)
        if done.returncode:
            shutil.rmtree(FOLDER)
            raise NoNodeError("npm could not get the packages")
    shutil.copy(HERE / name, FOLDER)
    return [node, str((FOLDER / name).absolute())]


def _outdated() -> bool:
    here = [(HERE / file).read_bytes() for file in PINNED]
    there = [(FOLDER / file).read_bytes() if (FOLDER / file).exists() else b"" for file in PINNED]
    return here != there or not (FOLDER / "node_modules").exists()
