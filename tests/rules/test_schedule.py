"""What staff scheduled: whose word counts, what is to come, what a plan will hold down."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import CalendarException, Opening
from bot.rules.corrections import Telling, last_told, newer_news, overtaken, to_set_right
from bot.rules.notices import Change, DeliveryStatus, Notice, NoticeKind, Subscription, Wish, owed, still_true
from bot.rules.reports import Assertion, Estimate, Moment, Report
from bot.rules.schedule import (
    SpecialDays,
    announcement,
    begins,
    cancellation,
    ends,
    in_force,
    plan_changes,
    planned,
    plans,
)
from bot.rules.standing import board_at
from tests.rules.small_office import (
    CALENDAR,
    CATALOGUE,
    CITY,
    DOWN,
    HALF,
    MAIN,
    SILENT,
    SITTI,
    UP,
    WITA,
    at,
    says,
    takes_back,
)

FRIDAY = date(2023, 2, 3)
WORKS = Assertion("central_link", CITY, DOWN, estimate=Estimate(Moment(at(4, 16))), planned_from=at(4, 8))
KTP = Change("ktp_cetak", MAIN, UP, DOWN)
PLAN = Notice(7, 1, NoticeKind.PLAN, (KTP,), at(2), at(2))
CANCELLED = Notice(8, 2, NoticeKind.PLAN_CANCELLED, (KTP,), at(3), at(3), about=1)


def entry(number: int, *exceptions: CalendarException) -> SpecialDays:
    return SpecialDays(number, exceptions, SITTI, at(1))


def shut(place: str | None = None) -> CalendarException:
    return CalendarException(FRIDAY, FRIDAY, (), {"id": "rapat"}, place)


def open_all_the_same() -> CalendarException:
    return CalendarException(FRIDAY, FRIDAY + timedelta(1), (Opening(time(8), time(11)),), {"id": "tetap buka"})


def test_the_latest_entry_counts_and_all_of_them_before_the_catalogue() -> None:
    calendar = OfficeCalendar(CATALOGUE, in_force([entry(2, open_all_the_same()), entry(1, shut())]))

    assert calendar.openings(MAIN, FRIDAY) == (Opening(time(8), time(11)),)
    calendar.takes(in_force([entry(1, shut())]))
    assert calendar.openings(MAIN, FRIDAY) == ()
    assert calendar.supposing(()).openings(MAIN, FRIDAY) is None
    assert calendar.openings(MAIN, FRIDAY) == ()


def test_an_entry_lasts_from_its_first_day_to_its_last() -> None:
    both = entry(1, shut(), open_all_the_same())

    assert (both.first, both.last) == (FRIDAY, FRIDAY + timedelta(1))


def test_what_is_to_come_is_told_until_it_begins_or_is_taken_back() -> None:
    report = says(1, at(2), WORKS)

    assert plans([report, says(2, at(2), Assertion("kk", MAIN, DOWN))], at(3)) == (report,)
    assert plans([report], at(4, 8)) == ()
    assert plans([report, takes_back(2, at(3), 1)], at(3)) == ()


def test_a_plan_is_known_by_its_ends() -> None:
    report = says(1, at(2), WORKS, Assertion("kk", MAIN, DOWN))

    assert planned(report) == (WORKS,)
    assert (begins(report), ends(report)) == (at(4, 8), at(4, 16))
    assert ends(says(1, at(2), Assertion("kk", MAIN, DOWN, planned_from=at(4)))) is None


def boards(*reports: Report) -> tuple[Change, ...]:
    before = board_at(CATALOGUE, CALENDAR, reports, at(4, 8))
    after = board_at(CATALOGUE, CALENDAR, (*reports, says(9, at(2), WORKS)), at(4, 8))
    return plan_changes(9, before, after)


def test_a_plan_holds_down_what_needs_it_also_where_something_else_does_already() -> None:
    assert Change("ktp_cetak", MAIN, SILENT, DOWN) in boards()
    assert Change("kk", MAIN, SILENT, HALF) in boards()
    assert Change("ktp_cetak", MAIN, DOWN, DOWN) in boards(says(1, at(1), Assertion("blanks", CITY, DOWN)))
    assert not any(change.step == "ktp_ambil" for change in boards())


def test_an_announcement_can_be_taken_back_for_a_while_and_wakes_nobody() -> None:
    hold, quiet = timedelta(minutes=2), (time(21), time(6))

    assert announcement(1, (KTP,), at(2), hold, quiet, [WITA]).release_at == at(2, 9, 2)
    assert announcement(1, (KTP,), at(2, 21), hold, quiet, [WITA]).release_at == at(3, 6)


def test_a_cancellation_goes_to_those_who_were_told() -> None:
    assert cancellation(2, 1, [PLAN, PLAN], at(3)).changes == (KTP,)
    assert cancellation(2, 1, [], at(3)).changes == ()


@pytest.mark.parametrize(("outages", "told"), [(True, True), (False, False)])
def test_a_plan_is_told_to_who_hears_of_outages(outages: bool, told: bool) -> None:
    subscription = Subscription(1, 5, "ktp_cetak", CITY, Wish.ONCE, at(1), outages)

    assert owed(subscription, KTP, PLAN) is told


@pytest.mark.parametrize("notice", [PLAN, CANCELLED])
def test_what_is_to_come_is_no_news_of_how_things_stand(notice: Notice) -> None:
    later = Notice(9, 3, NoticeKind.OUTAGE, (KTP,), at(3), at(3))
    told = Telling(1, notice.id, notice.report, notice.kind, (KTP,), DeliveryStatus.SENT, at(2))

    assert still_true(KTP, notice.kind, UP) == KTP
    assert overtaken(notice, [Change("ktp_cetak", MAIN, DOWN, UP)]) == (KTP,)
    assert not newer_news(notice, [later])
    assert not newer_news(Notice(1, 0, NoticeKind.OUTAGE, (KTP,), at(1), at(1)), [notice])
    assert last_told([told], ("ktp_cetak", MAIN)) is None
    assert to_set_right(CANCELLED, [told]) == (KTP,)
