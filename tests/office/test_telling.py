"""What a subscriber is told when the turn of a notice has come: only what is still true."""

from __future__ import annotations

from bot.rules.notices import Change, Notice, NoticeKind, Wish
from tests.office.house import House, actions, named
from tests.rules.small_office import DOWN, HALF, MAIN, SILENT, UP, at

BACK = Change("ktp_cetak", MAIN, DOWN, UP)
FALLEN = Change("ktp_cetak", MAIN, SILENT, DOWN)


def notice(*changes: Change, kind: NoticeKind = NoticeKind.RESUMPTION, told: int = 0) -> Notice:
    return Notice(1, 1, kind, changes, at(2), at(2), told=told)


async def test_what_is_back_is_told(house: House) -> None:
    await house.posts("lapor blangko habis")
    await house.posts("pulih blangko")

    found = house.office.telling.notice(notice(BACK, told=1248), (BACK,), Wish.ONCE)

    assert found is not None
    said, told = found
    assert told == (BACK,)
    assert "sudah bisa lagi" in house.reads(said)
    assert "1.200" in house.reads(said)
    assert "notice.ended" in named(said)


async def test_who_always_hears_can_stop_there(house: House) -> None:
    await house.posts("lapor ktp_cetak bisa")

    found = house.office.telling.notice(notice(BACK), (BACK,), Wish.ALWAYS)

    assert found is not None
    assert actions(found[0]) == ["x:ktp_cetak"]


async def test_what_fell_again_is_not_told(house: House) -> None:
    await house.posts("lapor blangko habis")

    assert house.office.telling.notice(notice(BACK), (BACK,), Wish.ONCE) is None


async def test_what_is_back_in_part_is_told_as_that(house: House) -> None:
    await house.posts("lapor blangko terbatas")

    found = house.office.telling.notice(notice(BACK), (BACK,), Wish.ONCE)

    assert found is not None
    assert [change.now for change in found[1]] == [HALF]


async def test_of_several_steps_only_those_still_back_are_told(house: House) -> None:
    gone = Change("legalisir", MAIN, DOWN, UP)
    await house.posts("lapor ktp_cetak bisa")
    await house.posts("lapor legalisir tutup")

    found = house.office.telling.notice(notice(BACK, gone), (BACK, gone), Wish.ONCE)

    assert found is not None
    assert found[1] == (BACK,)


async def test_an_outage_is_told_while_it_lasts(house: House) -> None:
    await house.posts("lapor blangko habis blangko belum datang")

    found = house.office.telling.notice(notice(FALLEN, kind=NoticeKind.OUTAGE), (FALLEN,), Wish.ALWAYS)

    assert found is not None
    assert "blangko belum datang" in house.reads(found[0])
    await house.posts("pulih blangko")
    assert house.office.telling.notice(notice(FALLEN, kind=NoticeKind.OUTAGE), (FALLEN,), Wish.ALWAYS) is None


async def test_a_step_that_is_no_more_is_not_told(house: House) -> None:
    closed = Change("closed", MAIN, DOWN, UP)

    assert house.office.telling.notice(notice(closed), (closed,), Wish.ONCE) is None


async def test_half_of_a_return_that_nobody_heard_of_is_a_return(house: House) -> None:
    await house.posts("lapor kk belum bisa")
    await house.posts("lapor kk bisa")
    await house.posts("lapor kk terbatas")

    (waiting,) = await house.pending()

    assert waiting.kind is NoticeKind.RESUMPTION
    assert [(one.was, one.now) for one in waiting.changes] == [(DOWN, HALF)]
