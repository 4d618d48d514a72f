"""Rendered once for all who read the same, and anew where anything of it may be different."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.delivery.jobs import Job
from bot.delivery.rendering import Rendered, Renderings
from bot.rules.notices import Delivery, DeliveryStatus, Notice, NoticeKind, Told, Wish
from tests.store.examples import KK, KTP, NOW

NOTICE = Notice(7, 1, NoticeKind.RESUMPTION, (KTP, KK), NOW, NOW)
DELIVERY = Delivery(1, 7, 747100101, (KTP,), DeliveryStatus.SENDING, NOW)
JOB = Job(DELIVERY, NOTICE, None)


def counting(made: list[int]) -> Renderings:

    def render(_notice: Notice, delivery: Delivery, *_more: object) -> Rendered | None:
        made.append(delivery.chat)
        return None if delivery.chat < 0 else Rendered("halo", delivery.changes)

    return Renderings(render)


def test_who_is_told_the_same_in_one_second_reads_what_was_rendered_once() -> None:
    made: list[int] = []
    renderings = counting(made)

    first = renderings.of(JOB, 1, NOW)
    other = Job(replace(DELIVERY, id=2, chat=747100102), NOTICE, None)
    second = renderings.of(other, 1, NOW + timedelta(milliseconds=900))

    assert first is second
    assert made == [747100101]


@pytest.mark.parametrize(
    ("job", "version", "now"),
    [
        (JOB, 2, NOW),
        (JOB, 1, NOW + timedelta(seconds=1)),
        (replace(JOB, language="en"), 1, NOW),
        (replace(JOB, wish=Wish.ONCE), 1, NOW),
        (replace(JOB, wish=None), 1, NOW),
        (replace(JOB, notice=replace(NOTICE, id=8)), 1, NOW),
        (replace(JOB, delivery=replace(DELIVERY, changes=(KTP, KK))), 1, NOW),
        (replace(JOB, delivery=replace(DELIVERY, corrects=(Told(5, NOW),))), 1, NOW),
    ],
    ids=["newer report", "a second later", "language", "wish", "no wish", "notice", "changes", "what is corrected"],
)
def test_whatever_may_read_differently_is_rendered_anew(job: Job, version: int, now: datetime) -> None:
    made: list[int] = []
    renderings = counting(made)
    renderings.of(JOB, 1, NOW)

    renderings.of(job, version, now)

    assert len(made) == 2


def test_what_is_true_no_longer_is_found_out_once_too() -> None:
    made: list[int] = []
    renderings = counting(made)
    job = replace(JOB, delivery=replace(DELIVERY, chat=-1))

    assert [renderings.of(job, 1, NOW), renderings.of(job, 1, NOW)] == [None, None]
    assert made == [-1]


def test_where_nothing_is_left_to_tell_nothing_is_rendered() -> None:
    made: list[int] = []
    renderings = counting(made)

    assert renderings.of(replace(JOB, notice=None), 1, NOW) is None
    assert renderings.of(replace(JOB, delivery=replace(DELIVERY, changes=())), 1, NOW) is None
    assert made == []
