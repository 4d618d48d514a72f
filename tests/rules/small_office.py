"""A small office with two counters, and staff who report to it, for tests of the rules."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.rules.board import Board
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue, Need, Office, Place, Resource, Service, State, Step
from bot.rules.reports import Assertion, Author, Report, ReportKind
from bot.rules.standing import board_at

WITA = ZoneInfo("Asia/Makassar")
SITTI, ARMAN = Author(1, "Sitti"), Author(2, "Arman")
CITY, MAIN, MALL = "kota", "kota/kantor", "kota/mpp"
UP, DOWN, HALF, SILENT = State.AVAILABLE, State.UNAVAILABLE, State.LIMITED, State.UNKNOWN
LATER = {"id": "berkas diterima, dikerjakan kemudian"}


def _needs(*resources: str) -> tuple[Need, ...]:
    return tuple(Need(resource, DOWN) for resource in ("counter", "utilities", *resources))


def _text(word: str) -> dict[str, str]:
    return {"id": word}


def _single(service: str, needs: tuple[Need, ...]) -> Service:
    step = Step(service, service, _text(service), _text(service), needs)
    return Service(service, _text(service), _text(service), (step,))


CATALOGUE = Catalogue(
    Office(_text("Kantor Contoh"), WITA, national_holidays=False),
    (
        Service(
            "ktp",
            _text("KTP-el"),
            _text("KTP"),
            (
                Step(
                    "ktp_cetak", "ktp", _text("pencetakan KTP"), _text("Pencetakan"), _needs("central_link", "blanks")
                ),
                Step("ktp_ambil", "ktp", _text("pengambilan KTP"), _text("Pengambilan"), (Need("counter", DOWN),)),
            ),
        ),
        _single("kk", (*_needs(), Need("central_link", HALF, LATER))),
        _single("legalisir", (Need("counter", DOWN),)),
    ),
    (
        Resource("central_link", "pusat", _text("jaringan pusat")),
        Resource("blanks", "blangko", _text("blangko")),
        Resource("utilities", "listrik", _text("listrik"), local=True),
        Resource("counter", "loket", _text("loket"), local=True),
    ),
    (
        Place(CITY, _text("Kota Contoh")),
        Place(MAIN, _text("Kantor"), main=True),
        Place(MALL, _text("MPP"), steps=("ktp_cetak", "ktp_ambil", "kk", "legalisir")),
    ),
)
CALENDAR = OfficeCalendar(CATALOGUE)
STEPS = tuple(CATALOGUE.steps)
CELLS = tuple((step, counter.path) for step in STEPS for counter in CATALOGUE.counters)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A time in February 2023 at the office; the 1st is a Wednesday."""
    return datetime(2023, 2, day, hour, minute, tzinfo=WITA)


def says(number: int, when: datetime, *assertions: Assertion, by: Author = SITTI) -> Report:
    return Report(number, when, by, ReportKind.ASSERTION, assertions)


def takes_back(number: int, when: datetime, retracts: int) -> Report:
    return Report(number, when, SITTI, ReportKind.RETRACTION, retracts=retracts)


def confirms(number: int, when: datetime, by: Author = ARMAN) -> Report:
    return Report(number, when, by, ReportKind.CONFIRMATION)


def board(*reports: Report, now: datetime) -> Board:
    return board_at(CATALOGUE, CALENDAR, reports, now)


def states(found: Board, counter: str = MAIN) -> dict[str, State]:
    """The state of each step at one counter."""
    return {step: found.state_of((step, counter)) for step in STEPS}
