"""Setting right what was told: who read something that is true no longer, and when the next piece may go."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from bot.rules.catalogue import State
from bot.rules.corrections import (
    Telling,
    correction,
    in_time,
    last_told,
    may_go_at,
    newer_news,
    overtaken,
    relapse,
    since_told,
    still_news,
    to_set_right,
    unheard,
    unread,
    wrong_messages,
)
from bot.rules.notices import Change, Delivery, DeliveryStatus, Notice, NoticeKind, Told
from tests.rules.small_office import DOWN, HALF, MAIN, MALL, SILENT, UP, WITA, at

GAP = timedelta(minutes=30)
QUIET = (time(21), time(6))
KK = ("kk", MAIN)
MORNING = at(1)


def _change(was: State, now: State, step: str = "kk", counter: str = MAIN) -> Change:
    return Change(step, counter, was, now)


BACK, FELL = _change(DOWN, UP), _change(UP, DOWN)
RESUMPTION, OUTAGE, RELAPSE, CORRECTION = (
    NoticeKind.RESUMPTION,
    NoticeKind.OUTAGE,
    NoticeKind.RELAPSE,
    NoticeKind.CORRECTION,
)


def _notice(
    kind: NoticeKind, *changes: Change, number: int = 9, when: datetime = MORNING, about: int | None = None
) -> Notice:
    return Notice(number, number, kind, changes, when, when, about=about)


def _telling(
    kind: NoticeKind,
    *changes: Change,
    notice: int = 1,
    when: datetime = MORNING,
    status: DeliveryStatus = DeliveryStatus.SENT,
    unknown: bool = False,
    message: int | None = 55,
) -> Telling:
    return Telling(notice * 10, notice, notice, kind, changes, status, when, unknown, message)


def test_only_what_was_told_as_back_relapses() -> None:
    told = [_notice(RESUMPTION, BACK, number=1)]
    changed = (FELL, _change(UP, DOWN, "legalisir"), _change(DOWN, UP, counter=MALL))

    found = relapse(4, changed, told, at(1), at(2))

    assert found == Notice(0, 4, RELAPSE, (FELL,), at(2), at(2), since=at(1))
    assert relapse(4, changed, (), at(1), at(2)).changes == ()


@pytest.mark.parametrize(
    ("kind", "waits_until", "fell_to", "told"),
    [
        (
            RESUMPTION,
            at(3),
            HALF,
            _change(DOWN, HALF),
        ),  # better than what anybody heard of
        (RESUMPTION, at(3), DOWN, _change(UP, DOWN)),
        (RESUMPTION, at(2), HALF, _change(UP, HALF)),  # it is being told at this moment
        (OUTAGE, at(3), HALF, _change(UP, HALF)),
    ],
)
def test_a_return_that_waits_was_told_to_nobody(
    kind: NoticeKind, waits_until: datetime, fell_to: State, told: Change
) -> None:
    waiting, other = _notice(kind, BACK, when=waits_until), _change(UP, HALF, "legalisir")

    assert since_told((_change(UP, fell_to), other), (waiting,), at(2)) == (told, other)


def test_a_correction_says_what_was_told_and_what_is_true() -> None:
    other = _change(UP, DOWN, "legalisir")
    states = {KK: DOWN, ("legalisir", MAIN): DOWN}

    found = correction(4, 3, [_notice(RESUMPTION, BACK), _notice(OUTAGE, other)], states.__getitem__, at(2))

    assert found == Notice(0, 4, CORRECTION, (_change(UP, DOWN),), at(2), at(2), about=3)


@pytest.mark.parametrize(
    ("made", "released"),
    [(at(1, 21, 30), at(1, 21, 30)), (at(1, 22), at(2, 6)), (at(2, 3), at(2, 6)), (at(2, 6), at(2, 6))],
)
def test_setting_right_waits_only_in_the_late_evening_and_the_night(made: datetime, released: datetime) -> None:
    assert in_time(_notice(RELAPSE, FELL, when=made), QUIET, [WITA]).release_at == released


def test_newer_news_takes_the_place_of_news_and_turns_what_sets_right() -> None:
    other = _change(DOWN, UP, "legalisir")
    newer = (_change(DOWN, HALF),)

    assert overtaken(_notice(RESUMPTION, BACK, other), newer) == (other,)
    assert overtaken(_notice(OUTAGE, FELL), newer) == ()
    assert overtaken(_notice(RELAPSE, FELL, other), newer) == (_change(UP, HALF), other)
    assert overtaken(_notice(CORRECTION, FELL), ()) == (FELL,)


def test_what_a_chat_read_last_is_what_arrived_last() -> None:
    tellings = [
        _telling(RESUMPTION, BACK, notice=1, when=at(1, 12)),
        _telling(OUTAGE, FELL, notice=2, when=at(1, 11)),
        _telling(OUTAGE, FELL, notice=3, when=at(1, 13), status=DeliveryStatus.DROPPED),
        _telling(RESUMPTION, _change(DOWN, UP, "legalisir"), notice=4, when=at(1, 14)),
    ]

    assert last_told(tellings, KK) is UP
    assert last_told([*tellings, replace(tellings[2], unknown=True)], KK) is DOWN
    assert last_told(tellings, ("kk", MALL)) is None


TOLD_UP, TOLD_HALF = _telling(RESUMPTION, BACK), _telling(RESUMPTION, _change(DOWN, HALF))
TOLD_DOWN = _telling(RELAPSE, FELL, notice=2, when=at(1, 10))
COMING = _telling(RELAPSE, FELL, notice=2, when=at(1, 10), status=DeliveryStatus.WAITING)


@pytest.mark.parametrize(
    ("kind", "tellings", "now", "hears"),
    [
        (RELAPSE, [TOLD_UP], DOWN, _change(UP, DOWN)),
        (RELAPSE, [TOLD_UP], HALF, _change(UP, HALF)),
        (RELAPSE, [TOLD_HALF], HALF, None),
        (RELAPSE, [TOLD_HALF], DOWN, _change(HALF, DOWN)),
        (RELAPSE, [TOLD_HALF], UP, None),
        (RELAPSE, [], DOWN, None),
        (RELAPSE, [TOLD_UP, TOLD_DOWN], DOWN, None),
        (RELAPSE, [TOLD_UP, COMING], DOWN, None),
        (CORRECTION, [TOLD_UP], SILENT, _change(UP, SILENT)),
        (CORRECTION, [TOLD_UP], DOWN, _change(UP, DOWN)),
        (CORRECTION, [TOLD_UP], UP, None),
        (CORRECTION, [TOLD_UP, TOLD_DOWN], UP, _change(DOWN, UP)),
        (CORRECTION, [TOLD_UP, TOLD_DOWN], DOWN, None),
        (CORRECTION, [TOLD_UP, COMING], DOWN, None),
        (CORRECTION, [TOLD_UP, replace(COMING, notice=9)], DOWN, _change(UP, DOWN)),
        (CORRECTION, [TOLD_UP, replace(COMING, kind=OUTAGE)], DOWN, _change(UP, DOWN)),
    ],
)
def test_a_chat_is_set_right_where_the_last_it_read_is_true_no_longer(
    kind: NoticeKind, tellings: list[Telling], now: State, hears: Change | None
) -> None:
    found = to_set_right(_notice(kind, _change(SILENT, now)), tellings)

    assert found == ((hears,) if hears else ())


def test_who_is_set_right_is_spared_the_same_news() -> None:
    other = _change(UP, DOWN, "legalisir")

    assert unheard((FELL, other), [TOLD_DOWN]) == (other,)


def test_an_outage_is_no_news_to_who_read_of_it_last() -> None:
    other = _change(UP, DOWN, "legalisir")

    assert unread(_notice(OUTAGE, FELL, other), (FELL, other), [TOLD_DOWN]) == (other,)
    assert unread(_notice(RESUMPTION, BACK), (BACK,), [TOLD_UP]) == (BACK,)


def test_an_outage_that_only_may_have_arrived_is_told_again() -> None:
    tried = replace(TOLD_DOWN, status=DeliveryStatus.SENDING, unknown=True)

    assert unread(_notice(OUTAGE, FELL), (FELL,), [tried]) == (FELL,)
    assert unread(_notice(OUTAGE, FELL), (FELL,), [TOLD_UP, tried]) == (FELL,)


def test_the_messages_of_the_report_that_was_wrong_are_known_in_order() -> None:
    tellings = [
        _telling(RESUMPTION, BACK, notice=3, when=at(1, 12), message=7),
        replace(_telling(OUTAGE, FELL, notice=3, when=at(1, 11), message=6), notice=2),
        _telling(RESUMPTION, BACK, notice=3, status=DeliveryStatus.DROPPED),
        _telling(RESUMPTION, BACK, notice=2),
        _telling(RESUMPTION, _change(DOWN, UP, "legalisir"), notice=4),
        _telling(OUTAGE, FELL, notice=4),
    ]
    rested_on_it = _telling(RESUMPTION, BACK, notice=4, when=at(1, 13), message=8)

    said = wrong_messages(_notice(CORRECTION, FELL, about=3), [rested_on_it, *tellings])

    assert said == (Told(6, at(1, 11)), Told(7, at(1, 12)), Told(8, at(1, 13)))


def test_news_is_news_until_a_later_report_has_newer() -> None:
    other = _change(DOWN, UP, "legalisir")
    first = _notice(RESUMPTION, BACK, other, number=1)
    later = [
        _notice(OUTAGE, FELL, number=2),
        _notice(RESUMPTION, other, number=1),
        _notice(CORRECTION, other, number=3),
    ]

    assert still_news(first.changes, newer_news(first, later)) == (other,)
    assert not newer_news(_notice(RELAPSE, FELL, number=1), later)


def _mine(*changes: Change, number: int = 50) -> Delivery:
    return Delivery(number, 5, 7, changes or (BACK,), DeliveryStatus.SENDING, at(1))


@pytest.mark.parametrize(
    ("kind", "tellings", "goes"),
    [
        (RESUMPTION, [], at(1, 11)),
        (RESUMPTION, [_telling(RESUMPTION, BACK, when=at(1, 10, 40))], at(1, 11, 10)),
        (RESUMPTION, [_telling(RESUMPTION, _change(DOWN, UP, counter=MALL), when=at(1, 10, 40))], at(1, 11, 10)),
        (RESUMPTION, [_telling(RESUMPTION, _change(DOWN, UP, "legalisir"), when=at(1, 10, 40))], at(1, 11)),
        (RESUMPTION, [_telling(RESUMPTION, BACK, when=at(1, 10, 10))], at(1, 11)),
        (RESUMPTION, [_telling(RELAPSE, FELL, when=at(1, 10, 40))], at(1, 11)),
        (RESUMPTION, [_telling(RESUMPTION, BACK, when=at(1, 10, 40), status=DeliveryStatus.WAITING)], at(1, 11)),
        (RESUMPTION, [_telling(RESUMPTION, BACK, status=DeliveryStatus.SENDING)], at(1, 11) + timedelta(seconds=2)),
        (RESUMPTION, [_telling(RESUMPTION, BACK, notice=6, status=DeliveryStatus.SENDING)], at(1, 11)),
        (RESUMPTION, [_telling(RESUMPTION, BACK, notice=5, when=at(1, 10, 40), unknown=True)], at(1, 11)),
        (RELAPSE, [_telling(RESUMPTION, BACK, when=at(1, 10, 40))], at(1, 11)),
        (OUTAGE, [_telling(RESUMPTION, BACK, when=at(1, 10, 40))], at(1, 11)),
    ],
)
def test_good_news_on_a_step_keeps_its_distance(kind: NoticeKind, tellings: list[Telling], goes: datetime) -> None:
    notice = _notice(kind, BACK, number=5)

    assert may_go_at(notice, _mine(), tellings, at(1, 11), gap=GAP, quiet=None, zone=WITA) == goes


@pytest.mark.parametrize(
    ("kind", "hurried", "now", "goes"),
    [
        (RESUMPTION, None, at(1, 21, 1), at(2, 6)),
        (RESUMPTION, None, at(1, 20, 59), at(1, 20, 59)),
        (RESUMPTION, at(1, 20, 58), at(1, 21, 1), at(2, 6)),  # sent at once while it was not quiet: that wakes nobody
        (RESUMPTION, at(1, 21, 30), at(1, 21, 31), at(1, 21, 31)),
        (RELAPSE, None, at(1, 21, 1), at(1, 21, 1)),
        (RELAPSE, None, at(1, 22, 1), at(2, 6)),
        (RELAPSE, at(1, 22), at(1, 22, 1), at(1, 22, 1)),
    ],
)
def test_a_broadcast_that_is_not_done_when_it_gets_quiet_goes_on_in_the_morning(
    kind: NoticeKind, hurried: datetime | None, now: datetime, goes: datetime
) -> None:
    notice = replace(_notice(kind, BACK, when=at(1, 20)), hurried_at=hurried)

    assert may_go_at(notice, _mine(), (), now, gap=GAP, quiet=QUIET, zone=WITA) == goes
