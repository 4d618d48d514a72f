"""The units of docs/operations.md, held against systemd, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.proxies.page import block

pytestmark = pytest.mark.proxies

WEB = block("Environment=PORT=%i")
WORKER = "ExecStart=/opt/loket/.venv/bin/loket worker\n"


@pytest.mark.parametrize("name", ["loket.service", "loket-web@.service", "loket-worker@.service"])
def test_systemd_has_nothing_to_say_of_the_units(name: str, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    run = "ExecStart=/opt/loket/.venv/bin/loket run\n"
    whole = block("[Unit]")
    assert run in whole
    unit = {"loket.service": whole}.get(name) or whole.replace(run, WEB if "web" in name else WORKER)
    # The program and the user stand on another machine; the rest is as on the page.
    here = unit.replace("/opt/loket/.venv/bin/loket", "/bin/true").replace("User=loket", "User=root")
    (tmp_path / name).write_text(here)

    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / name).replace("@.", "@8081.")],
        capture_output=True, text=True, env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip

    assert [line for line in told.stderr.splitlines() if "loket" in line] == []
    assert told.returncode == 0, told.stderr
