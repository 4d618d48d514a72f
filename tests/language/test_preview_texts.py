"""What citizens will read once a report is published, shown to staff before it is."""

from __future__ import annotations

from bot.language.answers_board import all_status
from bot.language.answers_status import status
from bot.language.notice_texts import resumption
from bot.language.preview_texts import citizens_read
from bot.rules.catalogue import State
from bot.rules.notices import Change, Notice, NoticeKind
from tests.language.gallery import view, went
from tests.language.office import OFFICE, at, board, down, everything, limited, up

UP, DOWN, HALF, SILENT = State.AVAILABLE, State.UNAVAILABLE, State.LIMITED, State.UNKNOWN
BACK = went("ktp_cetak", DOWN, UP)
FALLEN = went("kk", UP, DOWN)


def notice(*changes: Change, kind: NoticeKind = NoticeKind.RESUMPTION) -> Notice:
    return Notice(0, 1, kind, changes, at(2), at(2))


def test_what_is_back_is_read_as_the_notice_that_goes_out() -> None:
    seen = view(everything())

    said = citizens_read(seen, [BACK], [], [notice(BACK)], told=1248)

    assert said.lines == resumption(seen, [BACK], told=1248).lines


def test_an_outage_is_read_as_the_answer_to_who_asks() -> None:
    seen = view(board(down("kk")))

    said = citizens_read(seen, [FALLEN], [], [notice(FALLEN, kind=NoticeKind.OUTAGE)], told=0)

    assert said.lines == status(seen, ["kk"]).lines


def test_where_one_thing_is_back_and_another_down_the_answer_says_both() -> None:
    seen = view(board(up("ktp_cetak"), down("kk")))

    said = citizens_read(seen, [BACK, FALLEN], [], [notice(BACK), notice(FALLEN, kind=NoticeKind.OUTAGE)], told=3)

    assert said.lines == status(seen, ["ktp_cetak", "kk"]).lines


def test_what_changes_nothing_is_read_for_the_steps_it_speaks_of() -> None:
    seen = view(board(down("kk")))

    assert citizens_read(seen, [], [("kk", OFFICE)], [], told=0).lines == status(seen, ["kk"]).lines


def test_more_than_two_services_are_read_on_todays_board() -> None:
    seen = view(board(limited("akta_lahir"), limited("akta_mati"), down("kk")))
    changes = [went("akta_lahir", UP, HALF), went("akta_mati", UP, HALF), FALLEN]

    assert citizens_read(seen, changes, [], [], told=0).lines == all_status(seen).lines
    assert citizens_read(seen, changes[:2], [], [], told=0).lines == status(seen, ["akta_lahir", "akta_mati"]).lines


def test_the_steps_of_one_service_are_one_service() -> None:
    seen = view(board(down("ktp_rekam"), down("ktp_cetak"), down("ktp_ambil")))
    changes = [went(step, SILENT, DOWN) for step in ("ktp_rekam", "ktp_cetak", "ktp_ambil")]

    said = citizens_read(seen, changes, [], [], told=0)

    assert said.lines == status(seen, ["ktp"]).lines


def test_no_button_stands_in_a_preview() -> None:
    seen = view(board(down("kk")))

    assert status(seen, ["kk"]).buttons != ()
    assert citizens_read(seen, [FALLEN], [], [], told=0).buttons == ()
