"""`/jadwal`: a list, a line with its preview, an entry less; and what follows at once in the answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.language.plan_texts import announced, cancelled
from bot.rules.catalogue import State
from bot.rules.notices import NoticeKind
from bot.store import Store
from tests.handlers.desk import Counter
from tests.office.house import ARMAN, CITIZEN, SITTI, TEXTS, House
from tests.rules.small_office import at

STAFF = SITTI.id
PLAN = "/jadwal pusat pemeliharaan Sabtu 08.00 sampai Minggu 16.00; server pusat dirawat"


async def published(counter: Counter, line: str = PLAN) -> None:
    """What is offered first is tapped."""
    await counter.says(line, STAFF)
    await counter.taps(counter.buttons[0], STAFF)


def works(counter: Counter) -> State:
    return counter.house.office.live.view().board.state_of(("ktp_cetak", "kendari/kantor"))


async def test_the_list_shows_what_stands_anyway_and_how_to_add(counter: Counter) -> None:
    counter.house.watch.now = at(2).replace(year=2026, month=3)
    await counter.says("/jadwal", STAFF)

    assert "Belum ada pemeliharaan" in counter.text
    assert "Libur nasional" in counter.text
    assert "Hari Suci Nyepi, tutup" in counter.text
    assert "/jadwal tutup" in counter.text
    assert counter.buttons == []


async def test_a_closure_is_shown_saved_and_in_force_at_once_everywhere(counter: Counter, fresh: Store) -> None:
    elsewhere = House(fresh, counter.house.office.catalogue, watch=counter.house.watch)
    await counter.says("/jadwal tutup besok; rapat kerja", STAFF)
    assert "belum berlaku" in counter.text
    assert "rapat kerja" in counter.text
    save = counter.buttons[0]

    await counter.taps(save, STAFF)
    await counter.taps(save, STAFF)

    assert "Sudah masuk jadwal" in counter.text
    await elsewhere.office.live.refresh()
    assert elsewhere.office.calendar.openings("kendari/kantor", date(2023, 2, 3)) == ()
    assert len(elsewhere.office.live.scheduled) == 1
    await counter.says("/jam", CITIZEN)
    assert "rapat kerja" in counter.text


async def test_an_entry_is_removed_after_a_question(counter: Counter) -> None:
    await published(counter, "/jadwal buka Sabtu 08.00-11.00; tetap melayani")
    await counter.says("/jadwal", STAFF)
    assert "tetap melayani" in counter.text
    assert counter.buttons == ["j:days:1"]

    await counter.taps("j:days:1", ARMAN.id)
    assert "Hapus jadwal ini?" in counter.text
    await counter.taps(counter.buttons[0], ARMAN.id)

    assert "Sudah dihapus" in counter.text
    assert counter.house.office.calendar.openings("kendari/kantor", date(2023, 2, 4)) == ()
    await counter.taps("j:days!:1", ARMAN.id)
    assert "sudah dihapus atau sudah mulai" in counter.text
    await counter.taps("j:days:1", ARMAN.id)
    assert "sudah dihapus atau sudah mulai" in counter.text


async def test_the_hours_of_ramadan_are_one_entry(counter: Counter) -> None:
    await published(counter, "/jadwal ramadan 6/2 sampai 8/3; senin-kamis 08.00-14.00; jumat 08.00-14.30")
    await counter.says("/jadwal", STAFF)

    assert "setiap Senin, Selasa, Rabu, dan Kamis: buka 08.00–14.00 (Ramadan)" in counter.text
    assert counter.buttons == ["j:days:1"]


async def test_a_place_of_its_own_is_named(counter: Counter) -> None:
    await counter.says("/jadwal tutup besok sampai lusa di mpp; listrik padam", STAFF)

    assert "(listrik padam)" in counter.text
    assert "MPP" in counter.text or "Mal" in counter.text


async def test_a_line_that_is_not_understood_is_refused_with_what_would_be_right(counter: Counter) -> None:
    await counter.says("/jadwal tutup", STAFF)

    assert "Hari apa?" in counter.text
    assert counter.buttons == []


async def test_maintenance_is_shown_and_begins_and_stays_until_somebody_confirms(counter: Counter) -> None:
    await counter.says(PLAN, STAFF)
    assert "Jaringan pusat: pemeliharaan mulai Sabtu" in counter.text or "pemeliharaan mulai" in counter.text
    assert "Mulai sendiri" in counter.text
    assert [button[:2] for button in counter.buttons] == ["p:", "e:", "q:"]
    await counter.taps(counter.buttons[0], STAFF)
    assert "Sudah diumumkan" in counter.text
    assert works(counter) is State.UNKNOWN

    counter.house.watch.now = at(4, 8)
    assert works(counter) is State.UNAVAILABLE
    counter.house.watch.now = at(6, 8)
    assert works(counter) is State.UNAVAILABLE

    await published(counter, "/pulih pusat")
    assert works(counter) is State.AVAILABLE


async def test_ubah_hands_the_line_back(counter: Counter) -> None:
    await counter.says(PLAN, STAFF)
    await counter.taps(counter.buttons[1], STAFF)

    assert PLAN in counter.text


async def test_who_hears_of_outages_is_told_and_told_that_it_is_off(counter: Counter, fresh: Store) -> None:
    office = counter.house.office
    await counter.taps("a:ktp")
    await counter.taps("o:ktp:on")
    await published(counter)
    async with fresh.reading() as session:
        (notice,) = await session.unreleased_notices()
    assert notice.kind is NoticeKind.PLAN
    found = office.telling.notice(notice, notice.changes, None)
    assert found is not None
    read = TEXTS.plain(found[0], "id", at(2), office.catalogue.office.timezone)
    assert "belum bisa mulai" in read
    assert "Yang dikerjakan: server pusat dirawat." in read

    await counter.says("/jadwal", STAFF)
    assert "server pusat dirawat" in counter.text
    await counter.taps(counter.buttons[0], STAFF)
    assert "Belum ada pelanggan yang dikabari" in counter.text
    await counter.taps(counter.buttons[0], STAFF)

    assert "Sudah dihapus" in counter.text
    async with fresh.reading() as session:
        assert await session.unreleased_notices() == ()  # nobody had read of it
    await counter.taps("j:plan!:1", STAFF)
    assert "sudah dihapus atau sudah mulai" in counter.text


async def test_a_plan_that_is_over_is_announced_no_more(counter: Counter, fresh: Store) -> None:
    await counter.taps("a:ktp")
    await counter.taps("o:ktp:on")
    await published(counter)
    async with fresh.reading() as session:
        (notice,) = await session.unreleased_notices()

    counter.house.watch.now = at(6)

    assert counter.house.office.telling.notice(notice, notice.changes, None) is None


async def test_a_plan_without_an_end_is_told_from_its_beginning(counter: Counter) -> None:
    await published(counter)
    view, (report,) = counter.house.office.live.view(), counter.house.office.live.reports
    open_ended = [replace(one, estimate=None, cause=None) for one in report.assertions]

    for told in (announced(view, open_ended, ()), cancelled(view, open_ended, ())):
        assert TEXTS.plain(told, "id", at(2), view.catalogue.office.timezone)


async def test_a_plan_stands_in_the_list_of_what_can_be_taken_back(counter: Counter) -> None:
    await published(counter)
    await counter.says("/urung", STAFF)

    assert "pemeliharaan jaringan" in counter.text.lower()


async def test_the_preview_of_a_report_saves_no_days(counter: Counter) -> None:
    await counter.says("/lapor blangko habis", STAFF)
    shown = counter.buttons[0].removeprefix("p:")

    await counter.taps(f"j:save:{shown}", STAFF)

    assert "Simpan" not in counter.text
    assert counter.house.office.live.scheduled == ()
