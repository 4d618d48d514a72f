"""A report by taps: what is asked in which order, where `Kembali` leads, what is asserted in the end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from bot.rules.board import Board
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue, State
from bot.rules.draft_taps import NoSuchTapError, tapped
from bot.rules.drafts import (
    MOST_PLACES,
    QUESTIONS,
    Draft,
    Entry,
    Screen,
    asked_again,
    assertions,
    causes,
    places,
    questions,
    shut_day,
    with_cause,
    with_report,
)
from bot.rules.offers import offers, returns
from bot.rules.reports import Assertion, Estimate, Moment
from tests.catalogues.indonesia import indonesia
from tests.rules.small_office import CALENDAR, CATALOGUE, CITY, DOWN, HALF, MAIN, MALL, SITTI, UP, at, board, says

NOW = at(2)
QUIET = board(now=NOW)
CAUSES = {"central_link": ("server diperbaiki", "server lambat"), "blanks": ("blangko habis",)}
WITH_CAUSES = replace(
    CATALOGUE,
    resources=tuple(
        replace(one, causes=CAUSES.get(one.id, ()), outage=f"{one.short} putus" if one.id in CAUSES else None)
        for one in CATALOGUE.resources
    ),
)
CUT = says(1, at(1), Assertion("central_link", CITY, DOWN, "server diputus", spares=frozenset({"kk"})))


def draft(screen: Screen = Screen.HOME, entry: Entry | None = None, **more: object) -> Draft:
    return replace(Draft(1, 1, SITTI, NOW, screen, entry=entry or Entry()), **more)


def after(begun: Draft, *taps: str, stands: Board = QUIET, catalogue: Catalogue = WITH_CAUSES) -> Draft:
    """The draft after taps such as `t:ktp`."""
    for tap in taps:
        verb, _, arg = tap.partition(":")
        begun = tapped(catalogue, stands, begun, verb, arg)
    return begun


def path(begun: Draft, taps: Iterable[str], stands: Board = QUIET) -> list[Screen]:
    """The screens that follow, one a tap."""
    found = []
    for tap in taps:
        begun = after(begun, tap, stands=stands)
        found.append(begun.screen)
    return found


def said(entry: Entry) -> tuple[Assertion, ...]:
    return assertions(WITH_CAUSES, CALENDAR, entry)


def test_a_resource_is_asked_for_state_steps_cause_estimate_and_place() -> None:
    taps = ("more", "t:central_link", "is:unavailable", "ok", "c:0", "d:?", f"p:{CITY}")

    screens = path(draft(), taps)

    assert screens == [Screen.TARGETS, *QUESTIONS, Screen.PREVIEW]
    assert said(after(draft(), *taps).entry) == (
        Assertion("central_link", CITY, DOWN, "server diperbaiki", estimate=Estimate(None), spares=frozenset()),
    )


def test_what_is_well_is_asked_for_its_place_alone() -> None:
    assert path(draft(), ("more", "t:kk", "is:available", f"p:{MALL}"))[2:] == [Screen.PLACE, Screen.PREVIEW]
    chosen = after(draft(), "more", "t:kk", "is:available", f"p:{MALL}")
    assert said(chosen.entry) == (Assertion("kk", MALL, UP),)


def test_a_service_with_several_steps_is_asked_which() -> None:
    one = after(draft(), "more", "t:ktp", "s:ktp_cetak")
    all_of_it = after(draft(), "more", "t:ktp", "s:ktp")

    assert one.entry.targets == ("ktp_cetak",)
    assert all_of_it.entry.targets == ("ktp_cetak", "ktp_ambil")
    assert after(one, "back").screen is Screen.STEPS
    assert after(one, "back", "back", "back").screen is Screen.HOME


def test_a_step_follows_nothing_and_so_is_asked_for_no_spares() -> None:
    entry = Entry(("kk",), state=DOWN)

    assert Screen.SPARES not in questions(WITH_CAUSES, entry)
    assert questions(WITH_CAUSES, replace(entry, state=None)) == (Screen.STATE, Screen.PLACE)


def test_one_counter_is_not_asked_about() -> None:
    alone = replace(CATALOGUE, places=CATALOGUE.places[:2])

    assert places(alone, Entry(("kk",))) == (MAIN,)
    assert Screen.PLACE not in questions(alone, Entry(("kk",), state=UP))


def test_a_counter_that_does_not_serve_the_step_is_not_offered() -> None:
    fewer = replace(CATALOGUE, places=(*CATALOGUE.places[:2], replace(CATALOGUE.places[2], steps=("kk",))))

    assert places(fewer, Entry(("legalisir",))) == (MAIN,)
    assert places(fewer, Entry(("kk",))) == (MAIN, MALL, CITY)


def test_an_office_of_many_counters_offers_as_many_as_a_message_takes() -> None:
    mall = CATALOGUE.places[2]
    many = replace(CATALOGUE, places=(*CATALOGUE.places, *(replace(mall, path=f"{CITY}/{n}") for n in range(99))))

    assert len(places(many, Entry(("kk",)))) == MOST_PLACES + 1


def test_of_many_offices_a_province_leads_down_to_one_and_back_up() -> None:
    country = indonesia()
    at_place = draft(Screen.PLACE, Entry(("kk",), state=UP, answered=frozenset({Screen.STATE})))

    def taps(*words: str) -> Draft:
        return after(at_place, *words, catalogue=country)

    opened = taps("p:jawa_barat")
    assert (opened.screen, len(places(country, opened.entry))) == (Screen.PLACE, 28)
    assert taps("p:jawa_barat", "p:kota_bogor").entry.place == "indonesia/jawa_barat/kota_bogor"
    assert taps("p:jawa_barat", "p:kota_bogor").screen is Screen.PREVIEW
    assert taps("p:jawa_barat", "p:jawa_barat").screen is Screen.PREVIEW  # the whole of it
    up = taps("p:jawa_barat", "back")
    assert (up.screen, places(country, up.entry)) == (Screen.PLACE, places(country, at_place.entry))
    assert taps("p:jawa_barat", "back", "back").screen is Screen.STATE
    with pytest.raises(NoSuchTapError):
        taps("p:jawa_barat", "p:kota_surabaya")


def test_steps_are_ticked_and_unticked() -> None:
    at_spares = after(draft(), "more", "t:central_link", "is:unavailable")

    unticked = after(at_spares, "x:kk")
    again = after(unticked, "x:kk")

    assert (unticked.entry.spares, again.entry.spares) == ({"kk"}, frozenset())
    assert unticked.screen is Screen.SPARES


def test_the_same_outage_begins_with_the_steps_that_it_spares_so_far() -> None:
    stands = board(CUT, now=NOW)

    told_again = after(draft(), "more", "t:central_link", "is:limited", stands=stands)
    to_be_changed = draft(Screen.REVIEW, Entry(("central_link",), CITY, DOWN, answered=frozenset(QUESTIONS)))

    assert told_again.entry.spares == {"kk"}
    assert after(to_be_changed, "q:spares", stands=stands).entry.spares == {"kk"}
    assert after(to_be_changed, "q:cause", stands=stands).entry.spares is None


def test_the_catalogue_proposes_steps_to_spare() -> None:
    link = replace(CATALOGUE.resources[0], spares=("kk",))
    proposing = replace(CATALOGUE, resources=(link, *CATALOGUE.resources[1:]))

    chosen = after(draft(), "more", "t:central_link", "is:unavailable", catalogue=proposing)

    assert chosen.entry.spares == {"kk"}


def test_back_leads_through_every_screen_to_the_first() -> None:
    deep = after(draft(), "more", "t:central_link", "is:unavailable", "ok", "c:0", "d:?")

    screens = path(deep, ["back"] * 6)

    assert screens == [Screen.ESTIMATE, Screen.CAUSE, Screen.SPARES, Screen.STATE, Screen.TARGETS, Screen.HOME]
    assert path(draft(Screen.CALENDAR), ["back"]) == [Screen.ESTIMATE]
    assert path(draft(Screen.PREVIEW), ["back", "back", "back"]) == [Screen.REVIEW, Screen.HOME, Screen.HOME]


def test_a_part_that_is_changed_belongs_to_the_review() -> None:
    entry = Entry(("kk",), MAIN, DOWN, answered=frozenset(QUESTIONS))
    review = draft(Screen.REVIEW, entry)

    assert path(review, ["q:cause", "back", "q:estimate", "d:2023-02-03"]) == [
        Screen.CAUSE,
        Screen.REVIEW,
        Screen.ESTIMATE,
        Screen.PREVIEW,
    ]


def test_what_turns_out_worse_is_asked_what_good_news_needed_not() -> None:
    well = draft(Screen.REVIEW, Entry(("kk",), MAIN, UP, answered=frozenset({Screen.STATE, Screen.PLACE})))

    assert path(well, ["q:state", "is:limited"]) == [Screen.STATE, Screen.CAUSE]


def test_a_day_lasts_until_its_closing_where_it_holds() -> None:
    chosen = after(draft(), "more", "t:kk", "is:limited", "c:-", "m:2023-02-14", "d:2023-02-06", f"p:{MALL}")

    (one,) = said(chosen.entry)

    assert one == Assertion("kk", MALL, HALF, estimate=Estimate(Moment(at(6, 16), whole_day=True)))
    assert chosen.month == date(2023, 2, 1)
    assert said(replace(chosen.entry, until=None))[0].estimate is None


def test_an_estimate_that_is_over_is_asked_again() -> None:
    chosen = draft(Screen.PREVIEW, Entry(("kk",), MAIN, DOWN, until=date(2023, 2, 2), answered=frozenset(QUESTIONS)))

    again = asked_again(chosen)

    assert again.screen is Screen.ESTIMATE
    assert (again.entry.until, Screen.ESTIMATE in again.entry.answered) == (None, False)
    assert after(again, "d:-").screen is Screen.PREVIEW


def test_a_day_on_which_the_office_is_shut_is_found() -> None:
    def until(day: int, *, whole_day: bool = True) -> Assertion:
        return Assertion("kk", MAIN, DOWN, estimate=Estimate(Moment(at(day, 16), whole_day)))

    none_said = (Assertion("kk", MAIN, DOWN), Assertion("kk", MAIN, DOWN, estimate=Estimate(None)))

    assert shut_day(CATALOGUE, CALENDAR, [*none_said, until(3), until(4, whole_day=False), until(4)]) == date(
        2023, 2, 4
    )
    assert shut_day(CATALOGUE, OfficeCalendar(CATALOGUE), none_said) is None


def test_causes_are_the_resources_own_or_the_first_of_each_that_a_step_needs() -> None:
    assert causes(WITH_CAUSES, Entry(("central_link",))) == CAUSES["central_link"]
    assert causes(WITH_CAUSES, Entry(("ktp_cetak", "kk"))) == ("server diperbaiki", "blangko habis")


def test_own_words_are_a_cause_or_a_whole_report() -> None:
    waits = after(draft(), "more", "t:legalisir", "is:unavailable", "own")
    report = (Assertion("kk", MAIN, UP), Assertion("legalisir", MAIN, DOWN))

    caused = with_cause(WITH_CAUSES, waits, "petugas sakit")
    whole = with_report(after(draft(), "own"), report)

    assert (waits.screen, after(waits, "back").screen) == (Screen.CAUSE_WORDS, Screen.CAUSE)
    assert (caused.entry.cause, caused.screen) == ("petugas sakit", Screen.ESTIMATE)
    assert (said(whole.entry), whole.screen) == (report, Screen.PREVIEW)
    assert path(whole, ["back", "own", "back"]) == [Screen.REVIEW, Screen.LINES, Screen.HOME]


@pytest.mark.parametrize(
    ("screen", "tap"),
    [
        (Screen.HOME, "o:0"),
        (Screen.HOME, "o:x"),
        (Screen.HOME, "is:available"),
        (Screen.TARGETS, "t:sim"),
        (Screen.STEPS, "s:ktp_cetak"),
        (Screen.STATE, "is:unknown"),
        (Screen.SPARES, "x:kk"),
        (Screen.CAUSE, "c:99"),
        (Screen.CAUSE, "c:x"),
        (Screen.ESTIMATE, "d:2023-02-30"),
        (Screen.PLACE, "p:kota/pasar"),
        (Screen.REVIEW, "q:spares"),
        (Screen.DONE, "back"),
    ],
)
def test_a_button_that_the_screen_does_not_have_does_nothing(screen: Screen, tap: str) -> None:
    chosen = draft(screen, Entry(("kk",), state=DOWN))

    with pytest.raises(NoSuchTapError):
        after(chosen, tap)


def test_a_step_of_another_service_is_no_button() -> None:
    with pytest.raises(NoSuchTapError):
        after(draft(), "more", "t:ktp", "s:kk")


def test_stopping_is_the_end() -> None:
    assert path(draft(Screen.CAUSE), ["stop"]) == [Screen.DONE]


def test_a_draft_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        draft(at=NOW.replace(tzinfo=None))


def offered(*reports: object, stands: Catalogue = WITH_CAUSES) -> list[tuple[str, tuple[str, ...]]]:
    found = offers(stands, board(*reports, now=NOW), reports)
    return [(offer.kind.value, offer.entry.targets) for offer in found]


def test_a_quiet_office_is_offered_its_usual_outages() -> None:
    assert offered() == [("outage", ("central_link",)), ("outage", ("blanks",)), ("normal", ())]


def test_a_usual_outage_is_whole_in_one_tap() -> None:
    usual = offers(WITH_CAUSES, QUIET, ())

    chosen = after(draft(offers=usual), "o:0")

    assert chosen.screen is Screen.PREVIEW
    assert said(chosen.entry) == (
        Assertion("central_link", CITY, DOWN, "server diperbaiki", estimate=Estimate(None), spares=frozenset()),
    )


def test_what_is_down_may_be_back_or_have_news() -> None:
    stands = board(CUT, now=NOW)
    found = offers(WITH_CAUSES, stands, (CUT,))

    back, news = after(draft(offers=found), "o:0"), after(draft(offers=found), "o:1")

    assert offered(CUT)[:3] == [("return", ("central_link",)), ("change", ("central_link",)), ("outage", ("blanks",))]
    assert (back.screen, said(back.entry)) == (Screen.PREVIEW, (Assertion("central_link", CITY, UP),))
    assert (news.screen, said(news.entry)) == (Screen.REVIEW, (Assertion("central_link", CITY, DOWN),))
    assert [offer.kind.value for offer in returns(WITH_CAUSES, stands)] == ["return"]


def test_steps_of_a_service_that_one_report_named_return_together() -> None:
    card = says(
        1, at(1), Assertion("ktp_cetak", MAIN, DOWN), Assertion("ktp_ambil", MAIN, DOWN), Assertion("kk", MAIN, DOWN)
    )

    assert [offer.entry.targets for offer in returns(CATALOGUE, board(card, now=NOW))] == [
        ("ktp_cetak", "ktp_ambil"),
        ("kk",),
    ]


def test_what_was_reported_last_may_be_again() -> None:
    early = Assertion(
        "legalisir", MALL, DOWN, "stempel hilang", since=Moment(at(1)), estimate=Estimate(Moment(at(1, 12)))
    )
    reports = (says(1, at(1), early), says(2, at(1, 10), Assertion("legalisir", MALL, UP)))

    found = offers(WITH_CAUSES, board(*reports, now=NOW), reports)

    assert found[0].kind.value == "again"
    assert said(found[0].entry) == (Assertion("legalisir", MALL, DOWN, "stempel hilang", estimate=Estimate(None)),)


def test_several_things_reported_last_come_again_as_they_were() -> None:
    lines = (Assertion("legalisir", MAIN, DOWN, "a"), Assertion("kk", MAIN, HALF, "b"))
    reports = (says(1, at(1), *lines), says(2, at(1, 10), Assertion("legalisir", MAIN, UP), Assertion("kk", MAIN, UP)))

    found = offers(WITH_CAUSES, board(*reports, now=NOW), reports)

    assert said(found[0].entry) == tuple(replace(one, estimate=Estimate(None)) for one in lines)


def test_what_stands_or_is_usual_or_left_the_catalogue_is_not_offered_again() -> None:
    lost = says(1, at(1), Assertion("sim", MAIN, DOWN))
    stays = says(1, at(1), Assertion("legalisir", MAIN, DOWN))
    planned = says(1, at(1), Assertion("legalisir", MAIN, DOWN, planned_from=at(9)))
    usual = (says(1, at(1), Assertion("blanks", CITY, DOWN)), says(2, at(1, 10), Assertion("blanks", CITY, UP)))

    assert [kind for kind, _ in offered(lost)] == ["outage", "outage", "normal"]
    assert "again" not in dict(offered(stays))
    assert "again" not in dict(offered(planned))
    assert "again" not in dict(offered(*usual))


def test_everything_normal_names_all_that_steps_need_and_all_that_was_down() -> None:
    stays = says(1, at(1), Assertion("legalisir", MALL, DOWN))

    normal = offers(CATALOGUE, board(stays, now=NOW), (stays,))[-1]

    said_so = says(2, NOW, *normal.entry.ready)
    assert {cell.state for cell in board(stays, said_so, now=NOW).cells.values()} == {State.AVAILABLE}
    assert questions(CATALOGUE, normal.entry) == ()
