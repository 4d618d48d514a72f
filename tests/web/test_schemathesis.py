"""The API asked by a program that reads its description and tries everything."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from bot.web.server import serving
from tests.rules.small_office import at
from tests.web.site import KENDARI, Site
from tests.web.test_statuspage import down

EXAMPLES = os.environ.get("LOKET_SCHEMATHESIS", "5")


async def test_it_finds_nothing(site: Site, tmp_path: Path) -> None:
    await site.asserts(down("central_link", KENDARI.root.path, cause="kabel putus"))
    await site.asserts(down("ikd", planned_from=at(3, 8)))
    async with serving(site.app, 0) as port:
        command = [
            str(Path(sys.executable).with_name("schemathesis")), "run",
            f"http://127.0.0.1:{port}/api/openapi.json", "--max-examples", EXAMPLES, "--checks", "all",
            "--generation-database", "none", "--no-color",
        ]  # fmt: skip
        child = await asyncio.create_subprocess_exec(
            *command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        told, _ = await child.communicate()

    assert child.returncode == 0, told.decode()
