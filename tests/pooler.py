"""pgbouncer in front of a PostgreSQL server, as an office's pooler: a connection for each transaction."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.proxies.page import block

MISSING = "pgbouncer is not installed"
# The user of our server needs no password, and there is one user; the rest is the block of docs/operations.md.
SETTINGS = """[databases]
* = host={server} user=postgres
[pgbouncer]
{block}
listen_addr =
listen_port = 5432
unix_socket_dir = {folder}
auth_type = any
logfile = {folder}/log
max_client_conn = 500
"""


@contextmanager
def pooler(server: str) -> Iterator[str]:
    """The folder of its socket, which stands for that of the server."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, MISSING
    with tempfile.TemporaryDirectory(prefix="loket-pool-", dir="/tmp") as name:  # a socket's path may not be long
        folder = Path(name)
        folder.chmod(0o777)
        settings = folder / "pgbouncer.ini"
        settings.write_text(SETTINGS.format(server=server, folder=folder, block=block("pool_mode")))
        account = "nobody" if os.geteuid() == 0 else None  # it refuses to run as root
        child = subprocess.Popen([program, "-q", settings], user=account)
        try:
            _until_ready(child, folder)
            yield name
        finally:
            child.kill()
            child.wait()


def installed() -> bool:
    return shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin") is not None


def _until_ready(child: subprocess.Popen[bytes], folder: Path) -> None:
    while not (folder / ".s.PGSQL.5432").exists():
        if child.poll() is not None:
            raise RuntimeError((folder / "log").read_text())
        time.sleep(0.02)
