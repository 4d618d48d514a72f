"""What happens between a question and its answer: recognise, decide, render, look up."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

from bench.report import Figure
from bot.config import KENDARI
from bot.language.answers import answer
from bot.language.questions import Recogniser
from bot.language.texts import Texts
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import State
from bot.rules.catalogue_reading import read_catalogue
from bot.rules.reports import Assertion, Author, Report
from bot.rules.standing import board_at
from bot.store import Store, migrate

QUESTIONS = (
    "ktp sudah bisa?",
    "min, hari ini sdh bisa mi cetak ktp kah? sy mau ke kantor bsk",
    "syarat bikin kk baru apa saja",
    "kenapa jaringan putus terus, kapan normal lagi",
    "akta lahir anak saya sudah jadi belum ya pak",
    "makasih kk",
)
MONDAY = datetime(2017, 1, 30, 0, 10, tzinfo=UTC)  # 08.10 in Kendari
ROUNDS, MICRO = 7, 1e6
UNIT = "a JSON round trip of 1 kB"


def figures() -> Iterator[Figure]:
    """Microseconds each."""
    yield from deciding()
    yield asyncio.run(reading())


def deciding() -> Iterator[Figure]:
    """The pure parts, beside a piece of work that every machine knows."""
    catalogue = read_catalogue(KENDARI)
    calendar, recogniser, texts = OfficeCalendar(catalogue), Recogniser(catalogue), Texts.load()
    now, zone = MONDAY + timedelta(hours=3), catalogue.office.timezone
    few, many = _week(catalogue.root.path, 20), _week(catalogue.root.path, 2000)
    board = board_at(catalogue, calendar, few, now)
    asked, known = cycle(QUESTIONS), cycle([recogniser.recognise(text) for text in QUESTIONS])
    said = cycle([answer(recogniser.recognise(text), board, catalogue, calendar, now) for text in QUESTIONS])
    steps: dict[str, tuple[Callable[[], object], int]] = {
        "recognise a question": (lambda: recogniser.recognise(next(asked)), 600),
        "decide its answer": (lambda: answer(next(known), board, catalogue, calendar, now), 600),
        "render it": (lambda: texts.render(next(said), "id", now, zone), 600),
        "build the board, 20 reports": (lambda: board_at(catalogue, calendar, few, now), 100),
        "build the board, 2,000 reports": (lambda: board_at(catalogue, calendar, many, now), 1),
    }
    unit = micros(_json_round_trip(), 2000)
    for name, (step, times) in steps.items():
        yield Figure(name, micros(step, times), "µs", UNIT, unit)


def _week(place: str, count: int) -> tuple[Report, ...]:
    """An outage and its return, again and again; at the end it is out."""
    author = Author(1, "Bench")
    states = (State.UNAVAILABLE, State.AVAILABLE)
    return tuple(
        Report(
            number,
            MONDAY + timedelta(seconds=number),
            author,
            assertions=(Assertion("central_link", place, states[(count - number) % 2]),),
        )
        for number in range(1, count + 1)
    )


def _json_round_trip() -> Callable[[], object]:
    document = {f"key {number}": [number, "word", None, 1.5] for number in range(32)}
    return lambda: json.loads(json.dumps(document))


def micros(step: Callable[[], object], times: int) -> float:
    """The median round's microseconds a call, after one round to warm up."""
    step()
    return statistics.median(_round(step, times) for _ in range(ROUNDS))


def _round(step: Callable[[], object], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        step()
    return (time.perf_counter() - began) / times * MICRO


async def reading() -> Figure:
    """One row by its key through the store, beside the bare driver on the same file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.db"
        url = f"sqlite:///{file}"
        migrate(url)
        store = Store(url)
        await store.open()
        try:
            ours = [await _reads(store, 200) for _ in range(ROUNDS)]
        finally:
            await store.close()
        with sqlite3.connect(file) as bare:
            plain = micros(lambda: bare.execute("SELECT * FROM chats WHERE chat = ?", (1,)).fetchall(), 1000)
        bare.close()
    return Figure("read a chat's row, SQLite", statistics.median(ours), "µs", "sqlite3, in the same thread", plain)


async def _reads(store: Store, times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        async with store.reading() as session:
            await session.chat_notes(1)
    return (time.perf_counter() - began) / times * MICRO
