"""What is shipped works elsewhere, and speaks of nothing but itself."""

from __future__ import annotations

import json
import os
import re
import site
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "playground")
# In two halves, so that this file names none of them either.
REGISTRIES = ("py" + "pi.org", "pythonho" + "sted.org", "registry.np" + "mjs.org", "debi" + "an.org", "index" + "-url")
BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network."""
    folder = tmp_path_factory.mktemp("dist")
    done = run([sys.executable, "-c", BUILD, str(folder)], ROOT)
    return folder / done.split()[-1]


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked as an installer would, far from the checkout."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def run(command: list[str], folder: Path, environ: dict[str, str] | None = None, told: str = "") -> str:
    done = subprocess.run(command, cwd=folder, env=environ, input=told, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def loket(elsewhere: Path, folder: Path, *arguments: str, told: str = "") -> str:
    """`loket …` from the unpacked wheel, in an empty folder."""
    keep = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "SYSTEMROOT")}
    paths = [str(elsewhere), *site.getsitepackages()]
    # -S leaves out the checkout, which an editable install puts on the path.
    command = [sys.executable, "-S", "-P", "-m", "bot", *arguments]
    return run(command, folder, keep | {"PYTHONPATH": os.pathsep.join(paths)}, told)


def test_the_wheel_holds_everything_that_is_read_at_run_time(wheel: Path):
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    texts = {f"bot/{path.relative_to(ROOT)}" for path in (ROOT / "locales").rglob("*.po")}

    assert not (shipped | texts) - names
    assert "bot/catalogues/kendari.toml" in names


def test_the_wheel_holds_nothing_else(wheel: Path):
    roots = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert roots <= {*PACKAGES} | {name for name in roots if re.fullmatch(r"loket-[\d.]+\.dist-info", name)}


def test_the_modules_are_taken_from_the_wheel(elsewhere: Path, tmp_path: Path):
    paths = os.pathsep.join([str(elsewhere), *site.getsitepackages()])

    found = run([sys.executable, "-S", "-P", "-c", "import bot; print(bot.__file__)"], tmp_path, {"PYTHONPATH": paths})

    assert Path(found.strip()).is_relative_to(elsewhere)


def test_loket_understands_elsewhere(elsewhere: Path, tmp_path: Path):
    told = loket(elsewhere, tmp_path, "understand", told="ktp sudah bisa?\n")

    assert json.loads(told) == {"intent": "service_status", "services": ["ktp"], "private": False}


def test_loket_answers_elsewhere(elsewhere: Path, tmp_path: Path):
    told = loket(elsewhere, tmp_path, "ask", "ktp sudah bisa?")

    assert "KTP" in told
    assert "{" not in told


def test_no_file_names_a_registry():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    naming = [
        f"{name}: {host}"
        for name in listed.stdout.splitlines()
        if (ROOT / name).is_file()
        for host in REGISTRIES
        if host.encode() in (ROOT / name).read_bytes()
    ]

    assert not naming
