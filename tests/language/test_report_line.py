"""The grammar of `/lapor` and `/pulih`: what is taken, and as what; what is refused, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.messages import Message
from bot.language.report_line import LineRefusedError, ReportLines
from bot.language.texts import Texts
from bot.rules.board import Board
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Place
from bot.rules.catalogue_reading import read_catalogue
from bot.rules.reports import Assertion, Author, Estimate, Moment, Report
from bot.rules.standing import board_at
from tests.catalogues.indonesia import indonesia

KENDARI = read_catalogue(None)
CALENDAR = OfficeCalendar(KENDARI)
WITA = ZoneInfo("Asia/Makassar")
LINES = ReportLines(KENDARI, CALENDAR)
NOW = datetime(2017, 1, 30, 8, 10, tzinfo=WITA)  # a Monday
CITY, MAIN, MALL = "kendari", "kendari/kantor", "kendari/mpp"
KTP = ("ktp_rekam", "ktp_cetak", "ktp_ambil")


def on(day: int, month: int, hour: int = 16, minute: int = 0, year: int = 2017) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=WITA)


def brief(assertions: tuple[Assertion, ...]) -> list[str]:
    """Target@place=state, for reading."""
    return [f"{one.target}@{one.place}={one.state}" for one in assertions]


def taken(line: str) -> tuple[Assertion, ...]:
    return LINES.report(line, NOW).assertions


def refusal(line: str) -> str:
    with pytest.raises(LineRefusedError) as caught:
        LINES.report(line, NOW)
    return caught.value.reason


def ktp(place: str, state: str) -> list[str]:
    return [f"{step}@{place}={state}" for step in KTP]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pusat putus", [f"central_link@{CITY}=unavailable"]),
        ("PUSAT PUTUS", [f"central_link@{CITY}=unavailable"]),
        ("central_link putus", [f"central_link@{CITY}=unavailable"]),
        ("central link putus", [f"central_link@{CITY}=unavailable"]),
        ("jaringan pusat gangguan", [f"central_link@{CITY}=unavailable"]),
        ("server pusat mati", [f"central_link@{CITY}=unavailable"]),
        ("blangko habis", [f"blanks@{CITY}=unavailable"]),
        ("blanko ktp habis", [f"blanks@{CITY}=unavailable"]),
        ("blangko terbatas", [f"blanks@{CITY}=limited"]),
        ("tte gangguan", [f"signature@{CITY}=unavailable"]),
        ("pusat, tte putus", [f"central_link@{CITY}=unavailable", f"signature@{CITY}=unavailable"]),
        ("pusat , blangko normal", [f"central_link@{CITY}=available", f"blanks@{CITY}=available"]),
        ("pusat pulih", [f"central_link@{CITY}=available"]),
        ("pusat di kantor putus", [f"central_link@{MAIN}=unavailable"]),
        ("listrik mati", [f"utilities@{MAIN}=unavailable"]),
        ("listrik di mpp mati", [f"utilities@{MALL}=unavailable"]),
        ("listrik di kendari mati", [f"utilities@{MAIN}=unavailable", f"utilities@{MALL}=unavailable"]),
        ("loket tutup", [f"counter@{MAIN}=unavailable"]),
        ("alat gangguan", [f"equipment@{MAIN}=unavailable"]),
        ("ktp belum bisa", ktp(MAIN, "unavailable")),
        ("ktp tidak bisa", ktp(MAIN, "unavailable")),
        ("ktp sudah bisa", ktp(MAIN, "available")),
        ("ktp bisa", ktp(MAIN, "available")),
        ("ktp cetak belum bisa", [f"ktp_cetak@{MAIN}=unavailable"]),
        ("ktp_cetak belum bisa", [f"ktp_cetak@{MAIN}=unavailable"]),
        ("cetak ktp belum bisa", [f"ktp_cetak@{MAIN}=unavailable"]),
        ("ktp cetak di mpp belum bisa", [f"ktp_cetak@{MALL}=unavailable"]),
        ("ktp cetak di kendari/mpp belum bisa", [f"ktp_cetak@{MALL}=unavailable"]),
        ("ktp cetak di kendari belum bisa", [f"ktp_cetak@{CITY}=unavailable"]),
        ("ktp rekam terbatas", [f"ktp_rekam@{MAIN}=limited"]),
        ("ktp rekam sebagian", [f"ktp_rekam@{MAIN}=limited"]),
        ("kk normal", [f"kk@{MAIN}=available"]),
        ("kartu keluarga gangguan", [f"kk@{MAIN}=unavailable"]),
        ("akta lahir, akta mati belum bisa", [f"akta_lahir@{MAIN}=unavailable", f"akta_mati@{MAIN}=unavailable"]),
        ("kk, kk belum bisa", [f"kk@{MAIN}=unavailable"]),
        ("pusat putus;", [f"central_link@{CITY}=unavailable"]),
        ("  pusat   putus  ", [f"central_link@{CITY}=unavailable"]),
    ],
)
def test_a_line_is_taken_as_what_it_says(line: str, expected: list[str]) -> None:
    assert brief(taken(line)) == expected


@pytest.mark.parametrize(
    ("line", "change"),
    [
        ("pusat putus server diputus Kemendagri", {"cause": "server diputus Kemendagri"}),
        ("pusat putus kabel rusak, teknisi datang.", {"cause": "kabel rusak, teknisi datang"}),
        ("pusat putus; belum tahu", {"estimate": Estimate(None)}),
        ("pusat putus; sampai belum tahu", {"estimate": Estimate(None)}),
        ("pusat putus; sampai besok", {"estimate": Estimate(Moment(on(31, 1), whole_day=True))}),
        ("pusat putus; besok", {"estimate": Estimate(Moment(on(31, 1), whole_day=True))}),
        ("pusat putus; lusa", {"estimate": Estimate(Moment(on(1, 2), whole_day=True))}),
        ("pusat putus; hari ini", {"estimate": Estimate(Moment(on(30, 1), whole_day=True))}),
        ("pusat putus; Kamis", {"estimate": Estimate(Moment(on(2, 2), whole_day=True))}),
        ("pusat putus; Senin", {"estimate": Estimate(Moment(on(6, 2), whole_day=True))}),
        ("pusat putus; 3 Februari", {"estimate": Estimate(Moment(on(3, 2), whole_day=True))}),
        ("pusat putus; 3 feb", {"estimate": Estimate(Moment(on(3, 2), whole_day=True))}),
        ("pusat putus; 3/2", {"estimate": Estimate(Moment(on(3, 2), whole_day=True))}),
        ("pusat putus; 3/2/2018", {"estimate": Estimate(Moment(on(3, 2, year=2018), whole_day=True))}),
        ("pusat putus; 5/1", {"estimate": Estimate(Moment(on(5, 1, year=2018), whole_day=True))}),
        ("pusat putus; 14.00", {"estimate": Estimate(Moment(on(30, 1, 14)))}),
        ("pusat putus; pukul 14:30", {"estimate": Estimate(Moment(on(30, 1, 14, 30)))}),
        ("pusat putus; 3/2 14.00", {"estimate": Estimate(Moment(on(3, 2, 14)))}),
        ("pusat putus; sampai Kamis 09.00", {"estimate": Estimate(Moment(on(2, 2, 9)))}),
        ("pusat putus; sejak 08.00", {"since": Moment(on(30, 1, 8))}),
        ("pusat putus; sejak Selasa", {"since": Moment(on(24, 1, 0), whole_day=True)}),
        ("pusat putus; sejak Senin", {"since": Moment(on(30, 1, 0), whole_day=True)}),
        ("pusat putus; sejak kemarin", {"since": Moment(on(29, 1, 0), whole_day=True)}),
        ("pusat putus; sejak 30/12", {"since": Moment(on(30, 12, 0, year=2016), whole_day=True)}),
        ("pusat putus; kecuali kk", {"spares": frozenset({"kk"})}),
        ("pusat putus; kecuali ktp, akta lahir", {"spares": frozenset({*KTP, "akta_lahir"})}),
        (
            "pusat putus kabel; sejak 08.00; kecuali kk; sampai besok",
            {
                "cause": "kabel",
                "since": Moment(on(30, 1, 8)),
                "spares": frozenset({"kk"}),
                "estimate": Estimate(Moment(on(31, 1), whole_day=True)),
            },
        ),
    ],
)
def test_cause_times_and_spared_steps_are_read(line: str, change: dict[str, object]) -> None:
    [assertion] = taken(line)

    assert assertion == replace(Assertion("central_link", CITY, assertion.state), **change)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "staff.line.empty"),
        (" ; besok", "staff.line.empty"),
        ("putus", "staff.line.unknown_target"),
        ("xyz putus", "staff.line.unknown_target"),
        ("belangko habis", "staff.line.unknown_target_near"),
        ("pusat", "staff.line.no_state"),
        ("ktp yang bisa", "staff.line.not_a_state"),
        ("ktp dan kk belum bisa", "staff.line.not_a_state"),
        ("ktp sangat belum bisa", "staff.line.not_a_state"),
        ("pusat, putus", "staff.line.unknown_target"),
        ("pusat di wakatobi putus", "staff.line.unknown_place"),
        ("pusat di", "staff.line.unknown_place"),
        ("pusat putus sejak Senin", "staff.line.cause_begins_part"),
        ("pusat putus sampai besok", "staff.line.cause_begins_part"),
        ("pusat putus kecuali kk", "staff.line.cause_begins_part"),
        ("pusat putus di kantor", "staff.line.cause_begins_place"),
        ("pusat putus; entah", "staff.line.unknown_time"),
        ("pusat putus; sampai", "staff.line.unknown_time"),
        ("pusat putus; sampai kapan saja", "staff.line.unknown_time"),
        ("pusat putus; 30 Februari", "staff.line.unknown_time"),
        ("pusat putus; 25.00", "staff.line.unknown_time"),
        ("pusat putus; sejak", "staff.line.unknown_time"),
        ("pusat putus; sejak dulu", "staff.line.unknown_time"),
        ("pusat putus; sejak belum tahu", "staff.line.unknown_time"),
        ("pusat putus; sejak besok", "staff.line.since_ahead"),
        ("pusat putus; sejak 14.00", "staff.line.since_ahead"),
        ("pusat putus; sampai 07.00", "staff.line.estimate_behind"),
        ("pusat putus; kemarin", "staff.line.estimate_behind"),
        ("pusat putus; 3/2/2016", "staff.line.estimate_behind"),
        ("pusat putus; besok; Kamis", "staff.line.part_twice"),
        ("pusat putus; sejak 08.00; sejak 08.05", "staff.line.part_twice"),
        ("pusat putus; kecuali blangko", "staff.line.unknown_spare"),
        ("pusat putus; kecuali", "staff.line.unknown_spare"),
        ("pusat putus; kecuali kk, entah", "staff.line.unknown_spare"),
        ("ktp cetak belum bisa; kecuali kk", "staff.line.spares_need_resource"),
        ("pusat normal; besok", "staff.line.part_when_well"),
        ("pusat normal; sejak 08.00", "staff.line.part_when_well"),
        ("pusat putus 7471000102900001 salah", "staff.line.private_number"),
        ("pusat putus " + "a" * 201, "staff.line.cause_too_long"),
    ],
)
def test_what_is_not_understood_is_refused_and_never_guessed(line: str, reason: str) -> None:
    assert refusal(line) == reason


def test_a_word_that_means_two_things_is_refused_naming_both() -> None:
    doubled = replace(
        KENDARI,
        resources=tuple(replace(one, aliases=(*one.aliases, "barang")) for one in KENDARI.resources),
        places=(
            *KENDARI.places,
            Place("kendari/utara", {"id": "Kantor Utara"}, aliases=("kantor",)),
        ),
    )
    lines = ReportLines(doubled, OfficeCalendar(doubled))

    with pytest.raises(LineRefusedError) as word:
        lines.report("barang habis", NOW)
    with pytest.raises(LineRefusedError) as place:
        lines.report("pusat di kantor putus", NOW)

    assert word.value.reason == "staff.line.ambiguous_target"
    assert "jaringan pusat" in _spoken(word.value)
    assert place.value.reason == "staff.line.ambiguous_place"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("pusat di kota bogr putus", "Kota Bogor?"),
        ("pusat di surabya gangguan listrik", "Kota Surabaya?"),
        ("pusat di bogor putus", "Kabupaten Bogor atau Kota Bogor?"),  # two fit: the clerk says which
    ],
)
def test_a_place_that_is_nearly_known_is_named_and_not_guessed(line: str, names: str) -> None:
    country = indonesia()
    lines = ReportLines(country, OfficeCalendar(country))

    with pytest.raises(LineRefusedError) as caught:
        lines.report(line, NOW)

    assert caught.value.reason == "staff.line.unknown_place_near"
    assert _spoken(caught.value).endswith(names)


def test_a_place_that_nothing_comes_near_is_answered_with_those_that_are_known() -> None:
    country = indonesia()

    with pytest.raises(LineRefusedError) as caught:
        ReportLines(country, OfficeCalendar(country)).report("pusat di atlantis putus", NOW)

    assert caught.value.reason == "staff.line.unknown_place"


def test_short_names_of_resources_win_over_aliases() -> None:
    kk = KENDARI.services_by_id["kk"]
    clash = replace(kk, aliases=(*kk.aliases, "pusat"))
    doubled = replace(KENDARI, services=tuple(clash if one is kk else one for one in KENDARI.services))

    assert ReportLines(doubled, CALENDAR).report("pusat putus", NOW).assertions[0].target == "central_link"


def test_a_day_on_which_the_office_is_shut_is_questioned() -> None:
    assert LINES.report("pusat putus; Sabtu", NOW).shut_on == date(2017, 2, 4)
    assert LINES.report("pusat putus; Jumat", NOW).shut_on is None
    assert LINES.report("pusat di mpp putus; Minggu", NOW).shut_on == date(2017, 2, 5)


@pytest.mark.parametrize(("target", "name"), [("pusat", "jaringan pusat"), ("ktp", "KTP"), ("ktp cetak", "encetakan")])
def test_a_state_that_is_missing_is_asked_for_by_the_name_of_what_it_is_of(target: str, name: str) -> None:
    with pytest.raises(LineRefusedError) as caught:
        LINES.report(target, NOW)

    assert caught.value.reason == "staff.line.no_state"
    assert name in _spoken(caught.value)


# --- /pulih ---


def _board(*assertions: Assertion) -> Board:
    return board_at(KENDARI, CALENDAR, [Report(1, NOW, Author(1, "Sitti"), assertions=assertions)], NOW)


def back(line: str, board: Board) -> tuple[Assertion, ...]:
    return LINES.resumption(line, board).assertions


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pusat", [f"central_link@{CITY}=available"]),
        ("pusat, blangko", [f"central_link@{CITY}=available", f"blanks@{CITY}=available"]),
        ("listrik", [f"utilities@{MAIN}=available"]),
        ("ktp cetak", [f"ktp_cetak@{MAIN}=available"]),
        ("ktp cetak di mpp", [f"ktp_cetak@{MALL}=available"]),
        ("ktp", ktp(MAIN, "available")),
        ("kk", [f"kk@{MAIN}=available"]),
    ],
)
def test_a_return_is_taken(line: str, expected: list[str]) -> None:
    assert brief(back(line, _board())) == expected


def test_a_service_that_returns_means_its_steps_that_are_not_available() -> None:
    printing_down = _board(Assertion("ktp_rekam", MAIN, "available"), Assertion("ktp_ambil", MAIN, "available"))  # type: ignore[arg-type]

    assert brief(back("ktp", printing_down)) == [f"ktp_cetak@{MAIN}=available"]


def test_a_return_may_carry_a_note() -> None:
    [assertion] = back("pusat antrean panjang", _board())

    assert assertion.cause == "antrean panjang"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "staff.line.empty"),
        ("xyz", "staff.line.unknown_target"),
        ("ktp belum bisa", "staff.line.state_in_resumption"),
        ("ktp normal", "staff.line.state_in_resumption"),
        ("pusat antre; besok", "staff.line.part_in_resumption"),
        ("pusat sejak Senin", "staff.line.cause_begins_part"),
        ("pusat di bulan", "staff.line.unknown_place"),
    ],
)
def test_a_return_that_is_not_understood_is_refused(line: str, reason: str) -> None:
    with pytest.raises(LineRefusedError) as caught:
        back(line, _board())

    assert caught.value.reason == reason


def test_a_service_that_works_needs_no_return() -> None:
    all_well = _board(*(Assertion(step, MAIN, "available") for step in KTP))  # type: ignore[arg-type]

    with pytest.raises(LineRefusedError) as caught:
        back("ktp", all_well)

    assert caught.value.reason == "staff.line.all_well"


# --- every refusal can be said ---

TEXTS = Texts.load()


def _spoken(refused: LineRefusedError) -> str:
    return TEXTS.plain(refused.answer, "id", NOW, WITA)


_GRAMMAR = (
    "pusat ktp cetak kk akta lahir listrik di kantor mpp putus belum bisa sudah ; , sejak sampai kecuali 3/2 14.00"
)
_WORDS = st.sampled_from([*_GRAMMAR.split(), "Senin", "besok", "xyz"])


@given(st.lists(_WORDS, max_size=9).map(" ".join) | st.text(max_size=60))
def test_any_line_is_taken_or_refused_with_words(line: str) -> None:
    try:
        assertions = LINES.report(line, NOW).assertions
    except LineRefusedError as refused:
        said = _spoken(refused)
        assert said
        assert "{" in line or "{" not in said
    else:
        assert assertions


def test_a_refusal_escapes_what_was_typed() -> None:
    with pytest.raises(LineRefusedError) as caught:
        LINES.report("<b>pusat</b> putus", NOW)

    rendered = TEXTS.render(caught.value.answer, "id", NOW, WITA)
    assert "<b>pusat" not in rendered
    assert isinstance(caught.value.answer.lines[0], Message)


@pytest.mark.parametrize(
    "line",
    [
        "pusat di kantor putus, tte di mpp gangguan",
        "pusat putus, tte gangguan",
        "pusat putus kabel rusak, tte juga gangguan",
        "pusat putus, dan tte gangguan",
        "pusat putus dan tte gangguan",
        "pusat putus, kabel rusak, ktp cetak belum bisa.",
    ],
)
def test_a_second_report_is_never_taken_for_the_cause_of_the_first(line: str) -> None:
    assert refusal(line) == "staff.line.second_report"


@pytest.mark.parametrize(
    "cause",
    [
        "kabel rusak, teknisi datang",
        "listrik mati",
        "genset rusak dan listrik mati",
        "gempa, server diperbaiki di Jakarta",
        "gempa, blangko datang Senin",
        "kabel, akta mati menyusul",
        "hujan, kantor kebanjiran",
        "server pusat gangguan, perekaman tetap bisa",
        "server lambat, kk dan kia masih bisa",
    ],
)
def test_a_cause_may_hold_commas_and_what_services_need(cause: str) -> None:
    assert [one.cause for one in taken(f"ktp cetak belum bisa {cause}")] == [cause]


@pytest.mark.parametrize(
    ("line", "second"),
    [
        ("pusat di kantor, tte di mpp", True),
        ("pusat di kantor, tte", True),
        ("pusat di kantor, tte gangguan", True),
        ("pusat di kantor kabel diganti, teknisi pulang", False),
        ("pusat di kantor, tte menyusul", False),
    ],
)
def test_what_else_is_well_again_is_never_taken_for_a_note(line: str, second: bool) -> None:
    board = board_at(KENDARI, CALENDAR, (), NOW)

    if second:
        with pytest.raises(LineRefusedError) as caught:
            LINES.resumption(line, board)
        assert caught.value.reason == "staff.line.second_report"
    else:
        assert LINES.resumption(line, board).assertions[0].cause


def test_the_example_of_a_place_is_one_that_who_reports_may_name() -> None:
    country = indonesia().within("indonesia/jawa_barat")

    with pytest.raises(LineRefusedError) as caught:
        ReportLines(country, OfficeCalendar(country)).report("loket tutup", NOW)

    assert "loket di Kota Banjar tutup" in _spoken(caught.value)
