"""What the work of one process costs as offices come to it, from one to all of the country."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from bench.report import Figure
from bot.language.answers_status import status
from bot.language.view import View
from bot.rules.board import cells_in_order, changes, fingerprint
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import State
from bot.rules.reports import Assertion, Author, Report
from bot.rules.standing import Standing
from tests.catalogues.indonesia import ALL, indonesia

OFFICES = (1, 10, 100, ALL)
ROUNDS = 7
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
STAFF = Author(747100201, "Bench")

Costs = dict[str, float]
"""Milliseconds of processor, by what was done."""


def curve() -> Iterator[Figure]:
    """Each beside the same for one office; a ratio below the number of offices is a saving."""
    alone = _costs(1)
    for many in OFFICES[1:]:
        for name, cost in _costs(many).items():
            yield Figure(f"{name}, {many} offices", cost, "ms", "1 office", alone[name])


def _costs(offices: int) -> Costs:
    catalogue = indonesia(offices)
    calendar, root = OfficeCalendar(catalogue), catalogue.root.path
    office = catalogue.tree.offices[0]
    cut = _said(1, Assertion("central_link", root, State.UNAVAILABLE))
    down = Standing(catalogue).after(cut)

    def minute() -> None:
        board = down.board(calendar, NOW)
        view = View(catalogue, calendar, board, NOW, office)
        status(view, ["ktp_cetak"])

    def report() -> None:
        back = _said(2, Assertion("central_link", root, State.AVAILABLE))
        before, after = down.board(calendar, NOW), down.after(back).board(calendar, NOW)
        keys = cells_in_order(catalogue, back.assertions)
        fingerprint(before, keys)
        changes(before, after, keys)

    def own_report() -> None:
        back = _said(2, Assertion("blanks", office, State.UNAVAILABLE))
        before, after = down.board(calendar, NOW), down.after(back).board(calendar, NOW)
        keys = cells_in_order(catalogue, back.assertions)
        fingerprint(before, keys)
        changes(before, after, keys)

    return {
        "a new minute's board and an answer from it": _milliseconds(minute),
        "a report for one of them": _milliseconds(own_report),
        "a report for all": _milliseconds(report),
    }


def _said(number: int, assertion: Assertion) -> Report:
    return Report(number, NOW - timedelta(hours=3 - number), STAFF, assertions=(assertion,))


def _milliseconds(work: Callable[[], None]) -> float:
    """Processor time, which a machine that does other things does not lengthen."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return statistics.median(taken) * 1000
