"""Notices: what follows from a change, for whom, and when."""

from __future__ import annotations

import itertools
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.catalogue import State
from bot.rules.notices import (
    Askable,
    Change,
    Notice,
    NoticeKind,
    Subscription,
    Wish,
    after_quiet,
    is_down,
    is_up,
    notices_for,
    owed,
    still_true,
)
from tests.rules.small_office import CITY, DOWN, HALF, MAIN, MALL, SILENT, UP, WITA, at

HOLD = timedelta(minutes=2)
QUIET = (time(21), time(6))
ONCE = Subscription(1, 7, "kk", CITY, Wish.ONCE, at(1))


def _change(was: State, now: State, step: str = "kk", counter: str = MAIN) -> Change:
    return Change(step, counter, was, now)


@pytest.mark.parametrize(
    ("was", "now", "up", "down"),
    [
        (DOWN, UP, True, False),
        (DOWN, HALF, True, False),
        (HALF, UP, True, False),
        (SILENT, UP, True, False),
        (SILENT, HALF, True, True),
        (SILENT, DOWN, False, True),
        (UP, DOWN, False, True),
        (UP, HALF, False, True),
        (HALF, DOWN, False, True),
        (UP, SILENT, False, False),
        (HALF, SILENT, False, False),
        (DOWN, SILENT, False, False),
    ],
)
def test_a_change_goes_up_or_down(was: State, now: State, up: bool, down: bool) -> None:
    assert (is_up(_change(was, now)), is_down(_change(was, now))) == (up, down)


def test_good_news_waits_for_the_hold_and_bad_news_does_not() -> None:
    back, gone = _change(DOWN, UP), _change(UP, DOWN, "legalisir")

    notices = notices_for(5, (back, gone), at(1), HOLD, QUIET, [WITA])

    assert notices == (
        Notice(0, 5, NoticeKind.RESUMPTION, (back,), at(1), at(1) + HOLD),
        Notice(0, 5, NoticeKind.OUTAGE, (gone,), at(1), at(1)),
    )
    assert notices_for(5, (_change(UP, SILENT),), at(1), HOLD, QUIET, [WITA]) == ()


@pytest.mark.parametrize(
    ("reported", "quiet", "good", "bad"),
    [
        (at(1, 20, 57), QUIET, at(1, 20, 59), at(1, 20, 57)),
        (at(1, 20, 59), QUIET, at(2, 6), at(1, 20, 59)),
        (at(1, 21, 30), QUIET, at(2, 6), at(1, 21, 30)),
        (at(1, 22, 0), QUIET, at(2, 6), at(2, 6)),
        (at(2, 0, 0), QUIET, at(2, 6), at(2, 6)),
        (at(2, 5, 59), QUIET, at(2, 6, 1), at(2, 6)),
        (at(1, 23, 0), None, at(1, 23, 2), at(1, 23, 0)),
        (at(1, 12, 0), (time(12), time(14)), at(1, 14), at(1, 14)),
        (at(1, 22, 30), (time(23), time(5)), at(1, 22, 32), at(1, 22, 30)),
    ],
)
def test_nobody_is_woken(reported: datetime, quiet: tuple[time, time] | None, good: datetime, bad: datetime) -> None:
    changed = (_change(DOWN, UP), _change(UP, DOWN, "legalisir"))

    released = [notice.release_at for notice in notices_for(1, changed, reported, HOLD, quiet, [WITA])]

    assert released == [good, bad]


@pytest.mark.parametrize(
    ("subscription", "change", "kind", "expected"),
    [
        (ONCE, _change(DOWN, UP), NoticeKind.RESUMPTION, True),
        (ONCE, _change(SILENT, UP), NoticeKind.RESUMPTION, True),
        (ONCE, _change(DOWN, HALF), NoticeKind.RESUMPTION, True),
        (ONCE, _change(UP, DOWN), NoticeKind.OUTAGE, False),
        (ONCE, _change(DOWN, UP, "legalisir"), NoticeKind.RESUMPTION, False),
        (Subscription(1, 7, "kk", MALL, Wish.ONCE, at(1)), _change(DOWN, UP), NoticeKind.RESUMPTION, False),
        (Subscription(1, 7, "kk", MAIN, Wish.ONCE, at(1)), _change(DOWN, UP), NoticeKind.RESUMPTION, True),
        (
            Subscription(1, 7, "kk", CITY, Wish.ONCE, at(1), limited_told=True),
            _change(DOWN, HALF),
            NoticeKind.RESUMPTION,
            False,
        ),
        (
            Subscription(1, 7, "kk", CITY, Wish.ONCE, at(1), limited_told=True),
            _change(HALF, UP),
            NoticeKind.RESUMPTION,
            True,
        ),
        (
            Subscription(1, 7, "kk", CITY, Wish.ONCE, at(1), outages=True),
            _change(SILENT, HALF),
            NoticeKind.OUTAGE,
            False,
        ),
        (Subscription(1, 7, "kk", CITY, Wish.ALWAYS, at(1)), _change(HALF, UP), NoticeKind.RESUMPTION, True),
        (Subscription(1, 7, "kk", CITY, Wish.ALWAYS, at(1)), _change(SILENT, UP), NoticeKind.RESUMPTION, False),
        (Subscription(1, 7, "kk", CITY, Wish.ALWAYS, at(1)), _change(UP, DOWN), NoticeKind.OUTAGE, False),
        (Subscription(1, 7, "kk", CITY, Wish.ALWAYS, at(1), outages=True), _change(UP, DOWN), NoticeKind.OUTAGE, True),
    ],
)
def test_a_chat_hears_what_it_asked_for(
    subscription: Subscription, change: Change, kind: NoticeKind, expected: bool
) -> None:
    notice = Notice(0, 1, kind, (change,), at(1), at(1))

    assert owed(subscription, change, notice) is expected


@pytest.mark.parametrize("kind", NoticeKind)
def test_what_a_chat_asked_for_is_found_by_step_and_place(kind: NoticeKind) -> None:
    changes = tuple(
        Change(step, counter, was, now)
        for step, counter in itertools.product(("kk", "legalisir"), (MAIN, MALL))
        for was, now in itertools.permutations((UP, DOWN, HALF, SILENT), 2)
    )
    notice = Notice(0, 1, kind, changes, at(1), at(1), since=at(1))
    wishes = [
        Subscription(1, 7, step, place, wish, at(1), outages)
        for step, place, wish, outages in itertools.product(
            ("kk", "ktp_cetak"), (CITY, MALL, "kota/kan"), Wish, (False, True)
        )
    ]

    news = Askable(notice)

    for few in itertools.combinations(wishes, 2):
        assert news.asked(few) == tuple(each for each in changes if any(owed(one, each, notice) for one in few))
    assert news.steps == {"kk", "legalisir"}
    assert news.places == {CITY, MAIN, MALL}


@pytest.mark.parametrize(
    ("wish", "since", "expected"),
    [
        (Wish.ONCE, at(1, 9), True),
        (Wish.ONCE, at(1, 8, 59), False),  # waits for something else, and goes on waiting
        (Wish.ALWAYS, at(1, 9), False),
    ],
)
def test_a_withdrawal_concerns_who_asked_while_the_outage_stood(wish: Wish, since: datetime, expected: bool) -> None:
    notice = Notice(0, 2, NoticeKind.WITHDRAWAL, (_change(DOWN, SILENT),), at(1, 10), at(1, 10), since=at(1, 9))

    assert owed(Subscription(1, 7, "kk", CITY, wish, since), notice.changes[0], notice) is expected


@pytest.mark.parametrize(
    ("promised", "kind", "now", "told"),
    [
        (_change(DOWN, UP), NoticeKind.RESUMPTION, UP, _change(DOWN, UP)),
        (_change(DOWN, UP), NoticeKind.RESUMPTION, HALF, _change(DOWN, HALF)),
        (_change(DOWN, UP), NoticeKind.RESUMPTION, DOWN, None),
        (_change(HALF, UP), NoticeKind.RESUMPTION, HALF, None),
        (_change(DOWN, UP), NoticeKind.RESUMPTION, SILENT, None),
        (_change(UP, DOWN), NoticeKind.OUTAGE, DOWN, _change(UP, DOWN)),
        (_change(UP, DOWN), NoticeKind.OUTAGE, UP, None),
        (_change(UP, DOWN), NoticeKind.RELAPSE, HALF, _change(UP, HALF)),
        (_change(UP, DOWN), NoticeKind.RELAPSE, UP, None),
        (_change(HALF, DOWN), NoticeKind.RELAPSE, UP, None),
        (_change(UP, DOWN), NoticeKind.CORRECTION, SILENT, _change(UP, SILENT)),
        (_change(DOWN, UP), NoticeKind.CORRECTION, UP, _change(DOWN, UP)),
        (_change(UP, DOWN), NoticeKind.CORRECTION, UP, None),
        (_change(DOWN, SILENT), NoticeKind.WITHDRAWAL, SILENT, _change(DOWN, SILENT)),
        (_change(DOWN, SILENT), NoticeKind.WITHDRAWAL, DOWN, None),
    ],
)
def test_only_what_is_still_true_is_told(promised: Change, kind: NoticeKind, now: State, told: Change | None) -> None:
    assert still_true(promised, kind, now) == told


@given(st.integers(0, 366 * 24 * 60), st.times(), st.times())
def test_after_quiet_is_the_first_time_that_is_not_quiet(minutes: int, begins: time, ends: time) -> None:
    reported = at(1) + timedelta(minutes=minutes)
    quiet = (begins.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0))

    told = after_quiet(reported, quiet, WITA)

    assert reported <= told <= reported + timedelta(days=1)
    assert told == reported or told.time() == quiet[1]
    assert after_quiet(told, quiet, WITA) == told or quiet[0] == quiet[1]
