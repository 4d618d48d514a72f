"""A small office for the tests of texts: its catalogue, and boards that are told rather than computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.rules.board import Board, Cell, Fact, Hold
from bot.rules.catalogue import (
    Alternative,
    Catalogue,
    Contact,
    Need,
    Office,
    Opening,
    Place,
    Requirements,
    Resource,
    Service,
    State,
    Step,
)
from bot.rules.reports import Author, Estimate, Moment

WITA = ZoneInfo("Asia/Makassar")
OFFICE = "kendari/kantor"
MPP = "kendari/mpp"
SITTI = Author(7, "Sitti R.")
LATER = {"id": "berkas diterima, dikerjakan kemudian", "en": "papers are taken and worked on later"}
WEEK = {day: (Opening(time(8), time(12)), Opening(time(13), time(15))) for day in range(5)}


def at(day: int, hour: int = 9, minute: int = 0, month: int = 2, year: int = 2023) -> datetime:
    """A time at the office; February 2023 begins on a Wednesday."""
    return datetime(year, month, day, hour, minute, tzinfo=WITA)


def _text(indonesian: str, english: str) -> Mapping[str, str]:
    return {"id": indonesian, "en": english}


def _service(service: str, name: Mapping[str, str], short: Mapping[str, str], needs: Sequence[str]) -> Service:
    step = Step(service, service, name, short, tuple(Need(need, State.UNAVAILABLE) for need in needs))
    return Service(service, name, short, (step,))


_LINK = (Need("central_link", State.UNAVAILABLE), Need("counter", State.UNAVAILABLE))
KTP = Service(
    "ktp",
    _text("KTP-el", "e-KTP identity card"),
    _text("KTP-el", "e-KTP"),
    (
        Step("ktp_rekam", "ktp", _text("perekaman KTP-el", "e-KTP enrolment"), _text("Perekaman", "Enrolment"), _LINK),
        Step("ktp_cetak", "ktp", _text("pencetakan KTP-el", "e-KTP printing"), _text("Pencetakan", "Printing"), _LINK),
        Step(
            "ktp_ambil", "ktp", _text("pengambilan KTP-el", "e-KTP collection"), _text("Pengambilan", "Collection"), ()
        ),
    ),
    requirements=(
        Requirements(
            _text("KTP hilang", "Lost e-KTP"),
            (_text("surat kehilangan dari kepolisian", "police report"), _text("formulir F-1.02", "form F-1.02")),
            "Perpres 96/2018 Pasal 15",
            ("hilang",),
        ),
        Requirements(
            _text("KTP baru", "New e-KTP"),
            (_text("fotokopi KK", "copy of the family card"),),
            "Perpres 96/2018 Pasal 15",
            ("baru",),
        ),
    ),
    alternatives=(Alternative("ikd", None), Alternative("suket", None)),
)
CATALOGUE = Catalogue(
    Office(
        _text("Disdukcapil Kota Kendari", "Kendari Civil Registry"),
        WITA,
        contacts=(Contact("whatsapp", "0811-000-0000"),),
    ),
    (
        KTP,
        _service("kk", _text("Kartu Keluarga (KK)", "Family card (KK)"), _text("KK", "KK"), ["central_link"]),
        _service(
            "akta_lahir",
            _text("akta kelahiran", "birth certificate"),
            _text("akta kelahiran", "birth certificate"),
            ["signature"],
        ),
        _service(
            "akta_mati",
            _text("akta kematian", "death certificate"),
            _text("akta kematian", "death certificate"),
            ["signature"],
        ),
        _service("ikd", _text("IKD (KTP digital)", "IKD (digital identity)"), _text("IKD", "IKD"), ["central_link"]),
        _service(
            "suket", _text("surat keterangan pengganti KTP-el", "e-KTP substitute letter"), _text("suket", "suket"), []
        ),
        _service(
            "legalisir",
            _text("legalisasi dokumen", "certified copies"),
            _text("legalisir", "certified copies"),
            ["counter"],
        ),
    ),
    (
        Resource("central_link", "pusat", _text("jaringan ke server pusat", "link to the central server")),
        Resource("signature", "tte", _text("tanda tangan elektronik", "electronic signature")),
        Resource("counter", "loket", _text("loket", "counter"), local=True),
    ),
    (
        Place("kendari", _text("Kota Kendari", "Kendari")),
        Place(OFFICE, _text("Kantor Disdukcapil", "Main office"), address="Jalan Contoh 1", hours=WEEK, main=True),
    ),
)
TWO_COUNTERS = replace(
    CATALOGUE,
    places=(*CATALOGUE.places, Place(MPP, _text("Mal Pelayanan Publik", "Public Service Mall"), hours=WEEK)),
)
WITHOUT_HOURS = replace(
    CATALOGUE,
    office=replace(CATALOGUE.office, contacts=()),
    places=tuple(replace(place, hours=None, address=None) for place in CATALOGUE.places),
)


def fact(
    target: str = "central_link",
    state: State = State.UNAVAILABLE,
    cause: str | None = "server pusat Kemendagri sedang diperbaiki",
    since: Moment | None = None,
    estimate: Estimate | None = None,
    *,
    planned: bool = False,
    place: str = "kendari",
) -> Fact:
    """What stands about one target."""
    started = since or Moment(at(1, 8, 10))
    return Fact(target, place, state, started, cause, estimate, frozenset(), planned, 1, started.at, SITTI)


def down(step: str, held_by: Fact | None = None, counter: str = OFFICE, **changes: object) -> Cell:
    """A step that is stopped."""
    hold = Hold(held_by or fact(), State.UNAVAILABLE)
    return _cell(Cell(step, counter, State.UNAVAILABLE, (hold,)), **changes)


def limited(step: str, held_by: Fact | None = None, counter: str = OFFICE, **changes: object) -> Cell:
    """A step that goes on in part."""
    hold = Hold(held_by or fact(), State.LIMITED, LATER)
    return _cell(Cell(step, counter, State.LIMITED, (hold,)), **changes)


def up(step: str, counter: str = OFFICE, **changes: object) -> Cell:
    """A step that works."""
    return _cell(Cell(step, counter, State.AVAILABLE), **changes)


def silent(step: str, counter: str = OFFICE) -> Cell:
    """A step of which nobody said anything."""
    return Cell(step, counter, State.UNKNOWN)


def _cell(cell: Cell, **changes: object) -> Cell:
    told = replace(cell, confirmed_at=at(2, 8, 5), by=SITTI)
    return replace(told, **changes)  # type: ignore[arg-type]


def board(*cells: Cell, catalogue: Catalogue = CATALOGUE, now: datetime | None = None) -> Board:
    """These cells, and silence about every other step at every counter."""
    all_of_them = {
        (step, counter.path): silent(step, counter.path) for counter in catalogue.counters for step in catalogue.steps
    }
    all_of_them |= {(cell.step, cell.counter): cell for cell in cells}
    facts = tuple({repr(hold.fact): hold.fact for cell in cells for hold in cell.holds}.values())
    return Board(now or at(2), 1, all_of_them, facts)


def everything(state: State = State.AVAILABLE, catalogue: Catalogue = CATALOGUE) -> Board:
    """Every step in one state."""
    make = {State.AVAILABLE: up, State.UNAVAILABLE: down, State.LIMITED: limited}[state]
    return board(
        *(make(step, counter=c.path) for c in catalogue.counters for step in catalogue.steps), catalogue=catalogue
    )
