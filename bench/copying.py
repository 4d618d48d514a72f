"""Moving an office to PostgreSQL: `loket copy` beside rows that are read and written bare."""

from __future__ import annotations

import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from bench.outbox import FIRST_CHAT, MONDAY
from bench.processes import LOKET, _environ
from bench.report import Figure
from bot.store import migrate
from tests import postgres

SOME, A_MILLION = 100_000, 1_000_000
MOST_MEMORY = 200  # MiB
COLUMNS = "chat, step, place, wish, since, outages, limited_told"
_FILL = (
    "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ? - 1) "
    f"INSERT INTO subscriptions ({COLUMNS}) SELECT ? + n, 'ktp_cetak', 'kendari', 'once', ?, 0, 0 FROM numbers"
)
_READ = f"SELECT {COLUMNS} FROM subscriptions"


def figures(count: int) -> Iterator[Figure]:
    """So many subscriptions, and a tenth of them: the memory is to be the same."""
    server, folder = postgres.start()
    try:
        with tempfile.TemporaryDirectory() as here:
            fewer, (seconds, memory) = (_copied(size, Path(here), folder) for size in (count // 10, count))
            bare = _bare(_source(count, Path(here)), _target(f"loket{count}", folder))
    finally:
        postgres.stop(server)
    of = f"{count:,} subscriptions"
    yield Figure(f"`loket copy`, {of}", seconds, "s", "read, COPY, nothing compared", bare)
    yield Figure(f"memory of `loket copy`, {of}", memory, "MiB", f"of {count // 10:,}", fewer[1], limit=MOST_MEMORY)


def _copied(count: int, here: Path, folder: str) -> tuple[float, float]:
    """Seconds and MiB."""
    source, target = _source(count, here), _target(f"loket{count}", folder)
    migrate(f"sqlite:///{source}")
    with sqlite3.connect(source) as connection:
        connection.execute(_FILL, (count, FIRST_CHAT, f"{MONDAY:%Y-%m-%d %H:%M:%S.%f}"))
    with psycopg.connect(postgres.url(folder, "postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE loket{count}".encode())
    environ = _environ() | {"DATABASE_URL": f"sqlite:///{source}"}
    began, memory = time.perf_counter(), 0.0
    with subprocess.Popen([*LOKET, "copy", "--to", target], env=environ, stdout=subprocess.DEVNULL) as copy:
        while copy.poll() is None:
            memory = max(memory, _most(copy.pid))
            time.sleep(0.02)
    seconds = time.perf_counter() - began
    with psycopg.connect(target) as connection:
        found = connection.execute("SELECT count(*) FROM subscriptions").fetchone()
    if copy.returncode or found != (count,):
        raise RuntimeError(f"{found} of {count} subscriptions were copied, exit code {copy.returncode}")
    return seconds, memory


def _bare(source: Path, target: str) -> float:
    """The same rows by what is fastest, into the same table, emptied."""
    with sqlite3.connect(source) as reading, psycopg.connect(target) as writing, writing.cursor() as cursor:
        cursor.execute("TRUNCATE subscriptions")
        began = time.perf_counter()
        with cursor.copy(f"COPY subscriptions ({COLUMNS}) FROM STDIN".encode()) as rows:
            for *values, outages, told in reading.execute(_READ):
                rows.write_row((*values, bool(outages), bool(told)))
        writing.commit()
        return time.perf_counter() - began


def _most(process: int) -> float:
    """The most memory that it ever had, MiB; 0 when it has ended."""
    status = Path(f"/proc/{process}/status").read_text()
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0)


def _source(count: int, here: Path) -> Path:
    return here / f"loket{count}.db"


def _target(name: str, folder: str) -> str:
    return postgres.url(folder, name)
