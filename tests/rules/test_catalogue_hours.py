"""Opening hours as an office writes them."""

from __future__ import annotations

from datetime import time

import pytest

from bot.rules.catalogue import Opening
from bot.rules.hours import openings_of, week_of, weekdays_of


def opening(start: int, end: int, minute: int = 0) -> Opening:
    return Opening(time(start, minute), time(end, minute))


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("senin", (0,)),
        ("senin-kamis", (0, 1, 2, 3)),
        ("Monday – Friday", (0, 1, 2, 3, 4)),
        ("sabtu, minggu", (5, 6)),
        ("senin-selasa, jum'at", (0, 1, 4)),
    ],
)
def test_days_may_be_one_or_a_stretch_or_several(written: str, days: tuple[int, ...]) -> None:
    assert weekdays_of(written) == days


@pytest.mark.parametrize("written", ["kamis-senin", "senin-rabu-jumat", "", "hari kerja"])
def test_days_that_are_none_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is no "):
        weekdays_of(written)


@pytest.mark.parametrize(
    ("written", "openings"),
    [
        ("08.00-15.00", (opening(8, 15),)),
        ("8:30 – 15:30", (opening(8, 15, 30),)),
        ("08.00-11.00, 13.00-15.00", (opening(8, 11), opening(13, 15))),
        ("tutup", ()),
        ("Closed", ()),
    ],
)
def test_hours_may_have_breaks(written: str, openings: tuple[Opening, ...]) -> None:
    assert openings_of(written) == openings


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("08.00", "has no beginning and end"),
        ("08.00-12.00-15.00", "has no beginning and end"),
        ("15.00-08.00", "ends before it begins"),
        ("24.00-25.00", '"24.00" is no time'),
        ("08.60-09.00", '"08.60" is no time'),
        ("pagi-sore", '"pagi" is no time'),
        ("08.00-12.00, 11.00-15.00", "a stretch begins before the one in front of it has ended"),
        (8, "is no text"),
    ],
)
def test_hours_that_are_none_are_refused(written: object, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        openings_of(written)


def test_every_fault_of_a_week_is_told() -> None:
    week, faults = week_of({"senin-selasa": "08.00-15.00", "selasa": "tutup", "hari": "08.00-15.00", "rabu": "8"})

    assert week == {0: (opening(8, 15),), 1: ()}
    assert [key for key, _ in faults] == ["selasa", "hari", "rabu"]
