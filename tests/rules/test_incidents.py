"""Incidents told from reports: what began, what was said, what ended; checked against the board of every moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.catalogue import State
from bot.rules.incidents import Incident, effects, incidents, since
from bot.rules.reports import Assertion, Estimate, Moment, Report, ReportKind
from bot.rules.standing import board_at
from tests.rules.small_office import (
    CALENDAR,
    CATALOGUE,
    CITY,
    DOWN,
    HALF,
    MAIN,
    MALL,
    STEPS,
    UP,
    at,
    confirms,
    says,
    takes_back,
)

NOW = at(10)


def down(target: str = "central_link", place: str = CITY, state: State = DOWN, **more: object) -> Assertion:
    return Assertion(target, place, state, **more)  # type: ignore[arg-type]


def up(target: str = "central_link", place: str = CITY, cause: str | None = None) -> Assertion:
    return Assertion(target, place, UP, cause)


def told(*reports: Report, now: datetime = NOW) -> tuple[Incident, ...]:
    return incidents(reports, now)


def test_an_incident_lasts_from_the_report_that_began_it_to_the_one_that_ended_it() -> None:
    (found,) = told(says(1, at(1), down(cause="server pusat diperbaiki")), says(2, at(2), up()))

    assert (found.began, found.ended, found.cause) == (at(1), at(2), "server pusat diperbaiki")
    assert [update.report for update in found.updates] == [1, 2]


def test_what_one_report_found_down_is_one_incident_until_all_of_it_is_well() -> None:
    (found,) = told(says(1, at(1), down(), down("blanks")), says(2, at(2), up("blanks")))

    assert found.targets == (("central_link", CITY), ("blanks", CITY))
    assert found.under_way

    (over,) = told(says(1, at(1), down(), down("blanks")), says(2, at(2), up("blanks")), says(3, at(3), up()))
    assert over.ended == at(3)


def test_the_last_word_on_cause_beginning_and_end_counts() -> None:
    monday = Estimate(Moment(at(6)))

    (found,) = told(
        says(1, at(1), down(cause="kabel putus")),
        says(2, at(2), down(cause="server mati", since=Moment(at(1, 7)), estimate=monday)),
        says(3, at(3), down(estimate=Estimate(None))),
    )

    assert (found.cause, found.since, found.estimate) == ("server mati", Moment(at(1, 7)), Estimate(None))


def test_a_note_to_good_news_is_no_cause() -> None:
    (found,) = told(says(1, at(1), down()), says(2, at(2), up(cause="antrean panjang")))

    assert found.cause is None


def test_a_report_that_was_taken_back_was_never_made() -> None:
    assert told(says(1, at(1), down()), takes_back(2, at(2), 1)) == ()

    (found,) = told(says(1, at(1), down()), says(2, at(2), up()), takes_back(3, at(3), 2))
    assert found.under_way


def test_confirmations_begin_and_end_nothing() -> None:
    (found,) = told(says(1, at(1), down()), confirms(2, at(2)))

    assert [update.report for update in found.updates] == [1]


def test_good_news_for_a_territory_ends_what_is_down_below_it() -> None:
    (found,) = told(says(1, at(1), down("blanks", MALL)), says(2, at(2), up("blanks", CITY)))

    assert found.ended == at(2)


def test_maintenance_is_to_come_then_under_way_then_over() -> None:
    planned = says(1, at(1), down(planned_from=at(3), estimate=Estimate(Moment(at(4))), cause="pemutakhiran"))

    (ahead,) = told(planned, now=at(2))
    (going_on,) = told(planned, now=at(3))
    (over,) = told(planned, says(2, at(4), up()))

    assert (ahead.to_come, ahead.planned, ahead.began, ahead.cause) == (True, True, at(3), "pemutakhiran")
    assert (ahead.estimate, ahead.targets, ahead.changed_at) == (
        Estimate(Moment(at(4))),
        (("central_link", CITY),),
        at(1),
    )
    assert going_on.under_way
    assert going_on.planned
    assert over.ended == at(4)


def test_maintenance_within_an_outage_is_part_of_it() -> None:
    (found,) = told(says(1, at(1), down()), says(2, at(2), down(planned_from=at(3))))

    assert (found.planned, [update.report for update in found.updates]) == (False, [1, 2])


def test_it_tells_which_steps_it_stopped_and_which_it_limited() -> None:
    (found,) = told(says(1, at(1), down()))

    assert effects(CATALOGUE, found) == {"ktp_cetak": DOWN, "kk": HALF}


def test_a_limited_resource_limits() -> None:
    (found,) = told(says(1, at(1), down(state=HALF)))

    assert effects(CATALOGUE, found) == {"ktp_cetak": HALF, "kk": HALF}


def test_what_staff_found_spared_was_not_struck() -> None:
    (found,) = told(says(1, at(1), down()), says(2, at(2), down(spares=frozenset({"kk"}))))

    assert effects(CATALOGUE, found) == {"ktp_cetak": DOWN}


def test_the_worst_that_a_step_came_to_counts() -> None:
    (found,) = told(says(1, at(1), down("kk", MAIN, HALF)), says(2, at(2), down("kk", MAIN)), says(3, at(3), up("kk")))

    assert effects(CATALOGUE, found) == {"kk": DOWN}


def test_the_history_leaves_out_what_was_over_before_and_what_is_to_come() -> None:
    found = told(
        says(1, at(1), down()),
        says(2, at(2), up()),
        says(3, at(3), down("blanks")),
        says(4, at(4), up("blanks")),
        says(5, at(5), down("kk", MAIN)),
        says(6, at(6), down("legalisir", MAIN, planned_from=at(20))),
    )

    assert [one.id[0] for one in since(found, at(3))] == [5, 3]


# --- against a slow, obvious computation ---

_assertions = st.builds(
    Assertion,
    target=st.sampled_from((*CATALOGUE.resources_by_id, *STEPS)),
    place=st.sampled_from((CITY, MAIN, MALL)),
    state=st.sampled_from((UP, HALF, DOWN)),
    planned_from=st.none() | st.integers(0, 30).map(lambda hours: at(1) + timedelta(hours=hours)),
)
_acts = st.lists(_assertions, min_size=1, max_size=3) | st.integers(1, 6) | st.none()


def _reports(acts: Sequence[list[Assertion] | int | None]) -> list[Report]:
    """Assertions, taking back the report of a number, confirmations."""
    made: list[Report] = []
    for number, act in enumerate(acts, 1):
        when = at(1) + timedelta(hours=2 * number)
        if isinstance(act, list):
            made.append(says(number, when, *act))
        elif isinstance(act, int) and any(one.number == act and one.kind is ReportKind.ASSERTION for one in made):
            made.append(takes_back(number, when, act))
        else:
            made.append(confirms(number, when))
    return made


@given(st.lists(_acts, max_size=8).map(_reports))
def test_at_every_moment_what_is_in_an_incident_is_what_the_board_holds_down(reports: list[Report]) -> None:
    gone = {report.retracts for report in reports}
    stand = [one for one in reports if one.number not in gone and one.kind is not ReportKind.RETRACTION]
    found = incidents(reports, NOW)

    for hour in range(60):
        moment = at(1) + timedelta(hours=hour)
        board = board_at(CATALOGUE, CALENDAR, [one for one in stand if one.at <= moment], moment)

        standing = sorted((fact.target, fact.place) for fact in board.facts if fact.down)

        assert standing == sorted(
            (span.target, span.place)
            for incident in found
            for span in incident.spans
            if span.begins <= moment and (span.ends is None or moment < span.ends)
        )


@given(st.lists(_acts, max_size=8).map(_reports))
def test_every_incident_is_told_in_order_and_ends_with_good_news(reports: list[Report]) -> None:
    for incident in incidents(reports, NOW):
        times = [update.at for update in incident.updates]
        assert times == sorted(times)
        if incident.ended:
            assert incident.ended == times[-1]
            assert any(one.state is UP for one in incident.updates[-1].assertions)
