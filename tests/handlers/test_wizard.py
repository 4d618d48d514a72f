"""A report by taps: two for what is usual, one message, nothing lost, nothing crossed, nothing dead that acts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.rules.catalogue import State
from bot.rules.catalogue_reading import SHIPPED, read_catalogue
from bot.rules.drafts import Screen
from bot.rules.reports import Author, Report
from bot.rules.staff import Member, Role
from bot.store import Store
from tests.handlers.desk import Counter, opened
from tests.migrated import migrated
from tests.office.house import ARMAN, CITIZEN, SITTI
from tests.rules.small_office import at

STAFF = SITTI.id
DEMO = read_catalogue(SHIPPED / "demo.toml")
NIK = "7471000102900001"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One engine is enough here: the store's own tests hold drafts on both."""
    return migrated(tmp_path / "loket.db")


async def begun(counter: Counter, command: str = "/lapor", user: int = STAFF) -> int:
    """The message on which the report is put together."""
    await counter.says(command, user)
    return 999 + len(counter.called("sendMessage"))


async def press(counter: Counter, message: int, *words: str, user: int = STAFF) -> None:
    """Tap buttons by what they say."""
    for word in words:
        await counter.taps(action(counter, word), user, message)


def action(counter: Counter, word: str) -> str:
    rows = counter.last["reply_markup"]["inline_keyboard"]
    return next(button["callback_data"] for row in rows for button in row if word in button["text"])


async def reports(store: Store) -> tuple[Report, ...]:
    async with store.reading() as session:
        return await session.reports()


async def screen_of(store: Store, message: int, user: int = STAFF) -> Screen | None:
    async with store.reading() as session:
        draft = await session.draft(user, message)
    return draft and draft.screen


def word(counter: Counter) -> str:
    """What popped up beside the last tap."""
    return str(counter.called("answerCallbackQuery")[-1].get("text", ""))


async def test_the_usual_outage_and_the_usual_return_are_two_taps_each(counter: Counter, store: Store) -> None:
    await press(counter, await begun(counter), "Blangko habis", "Terbitkan")
    await press(counter, await begun(counter), "Blangko KTP pulih", "Terbitkan")
    await press(counter, await begun(counter), "Pusat putus", "Terbitkan")
    await press(counter, await begun(counter, "/pulih"), "Jaringan pusat pulih", "Terbitkan")

    told = [(one.assertions[0].target, one.assertions[0].state) for one in await reports(store)]
    assert told == [
        ("blanks", State.UNAVAILABLE),
        ("blanks", State.AVAILABLE),
        ("central_link", State.UNAVAILABLE),
        ("central_link", State.AVAILABLE),
    ]
    assert len(counter.called("sendMessage")) == 4


async def test_everything_is_asked_on_one_message(counter: Counter, store: Store) -> None:
    message = await begun(counter)

    await press(counter, message, "Layanan atau", "Jaringan pusat", "belum bisa", "KIA", "Lanjut", "2", "Pilih tanggal")
    await press(counter, message, "Berikutnya", "14", "Seluruh Kota Kendari", "Terbitkan")

    (report,) = await reports(store)
    (said,) = report.assertions
    assert (said.target, said.place, said.spares) == ("central_link", "kendari", {"kia"})
    assert said.cause == "server pusat Kemendagri sedang diperbaiki"
    assert said.estimate is not None
    assert said.estimate.until is not None
    assert said.estimate.until.at.date().isoformat() == "2023-03-14"
    assert len(counter.called("sendMessage")) == 1


async def test_ubah_leads_back_with_what_was_chosen(counter: Counter, store: Store) -> None:
    message = await begun(counter)

    await press(counter, message, "Pusat putus", "Ubah")
    assert "Sebab: jaringan ke server pusat" in counter.text
    await press(counter, message, "Ganti perkiraan", "Besok", "Terbitkan")

    (report,) = await reports(store)
    assert report.assertions[0].estimate is not None
    assert report.assertions[0].estimate.until is not None


async def test_a_day_on_which_the_office_is_shut_is_questioned(counter: Counter) -> None:
    message = await begun(counter)

    await press(counter, message, "Pusat putus", "Ubah", "Ganti perkiraan", "Pilih tanggal", "(4)")

    assert "Sabtu, 4 Februari kantor tutup" in counter.text


async def test_own_words_are_the_cause_and_are_escaped(counter: Counter, store: Store) -> None:
    message = await begun(counter)
    await press(counter, message, "Layanan atau", "Legalisir", "belum bisa", "Tulis sendiri")

    await counter.says("stempel <b>hilang</b>", STAFF)
    assert counter.last["message_id"] == message
    await press(counter, message, "Belum tahu", "Kantor")

    assert "stempel &lt;b&gt;hilang&lt;/b&gt;" in counter.text
    assert len(counter.called("sendMessage")) == 1


async def test_a_cause_with_a_nik_is_refused_and_kept_nowhere(counter: Counter, store: Store, tmp_path: Path) -> None:
    message = await begun(counter)
    await press(counter, message, "Layanan atau", "Legalisir", "belum bisa", "Tulis sendiri")

    await counter.says(f"berkas {NIK} tertukar", STAFF)

    assert "memuat nomor pribadi" in counter.text
    assert await screen_of(store, message) is Screen.CAUSE_WORDS
    assert NIK not in json.dumps(counter.telegram.calls)
    await store.close()
    assert NIK.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


async def test_a_staged_return_is_written_line_by_line(counter: Counter, store: Store) -> None:
    message = await begun(counter)
    await press(counter, message, "Tulis sendiri")

    await counter.says("ktp cetak entah", STAFF)
    assert "entah" in counter.text
    await counter.says("ktp cetak bisa\nakta lahir terbatas antrean; sampai besok", STAFF)
    await press(counter, message, "Ubah")
    assert "2 keterangan sekaligus" in counter.text
    await press(counter, message, "Lihat pratinjau", "Terbitkan")
    await counter.says("/lapor kk bisa\nkia terbatas", STAFF)

    (report,) = await reports(store)
    assert [one.target for one in report.assertions] == ["ktp_cetak", "akta_lahir"]
    assert "Kartu Identitas Anak (KIA): ❔ belum ada kabar → <b>⚠️ terbatas</b>" in counter.text


async def test_words_are_a_question_where_no_report_waits_for_them(counter: Counter) -> None:
    message = await begun(counter)
    await press(counter, message, "Tulis sendiri")
    counter.house.watch.goes_on(minutes=11)

    await counter.says("ktp sudah bisa?", STAFF)
    await counter.says("ktp sudah bisa?", CITIZEN)

    assert [asked["chat_id"] for asked in counter.called("sendMessage")] == [STAFF, STAFF, CITIZEN]


async def test_a_button_of_an_earlier_screen_is_told_so_and_changes_nothing(counter: Counter, store: Store) -> None:
    message = await begun(counter)
    early = action(counter, "Blangko habis")
    await press(counter, message, "Layanan atau", "Legalisir")

    await counter.taps(early, STAFF, message)

    assert "sudah berganti" in word(counter)
    assert "keadaan legalisir" in counter.text.lower()
    assert await screen_of(store, message) is Screen.STATE


async def test_a_button_that_no_screen_has_changes_nothing(counter: Counter, store: Store) -> None:
    message = await begun(counter)

    await counter.taps("lp:1:o:99", STAFF, message)

    assert "sudah berganti" in word(counter)
    assert await screen_of(store, message) is Screen.HOME


async def test_a_cell_without_a_day_does_nothing(counter: Counter) -> None:
    message = await begun(counter)
    await press(counter, message, "Pusat putus", "Ubah", "Ganti perkiraan", "Pilih tanggal")
    edits = len(counter.called("editMessageText"))

    await press(counter, message, "·")

    assert (word(counter), len(counter.called("editMessageText"))) == ("", edits)


async def test_what_was_decided_is_touched_no_more(counter: Counter, store: Store) -> None:
    message = await begun(counter)
    early = action(counter, "Blangko habis")
    await press(counter, message, "Pusat putus")
    ubah = action(counter, "Ubah")
    await press(counter, message, "Terbitkan")

    for dead in (early, ubah):
        await counter.taps(dead, STAFF, message)
        assert "sudah selesai" in word(counter)
    cancelled = await begun(counter)
    await press(counter, cancelled, "Batal")
    assert "Dibatalkan" in counter.text
    await counter.taps("lp:1:more", STAFF, cancelled)

    assert "sudah selesai" in word(counter)
    assert "Dibatalkan" in counter.text
    assert len(await reports(store)) == 1


async def test_a_tap_whose_answer_was_lost_can_be_repeated(counter: Counter, store: Store) -> None:
    message = await begun(counter)
    tapped = action(counter, "Blangko habis")
    await counter.house.office.drafts.tap(STAFF, message, SITTI, *tapped.split(":")[1:])  # and then the power failed

    await counter.taps(tapped, STAFF, message)
    await press(counter, message, "Terbitkan")

    assert "Sudah diumumkan" in counter.text
    assert len(await reports(store)) == 1


async def test_an_old_screen_begins_again_from_how_things_stand(counter: Counter, store: Store) -> None:
    message = await begun(counter)
    outage = action(counter, "Blangko habis")
    await press(counter, await begun(counter), "Pusat putus", "Terbitkan")
    counter.house.watch.goes_on(hours=2)

    await counter.taps(outage, STAFF, message)

    assert "dimulai lagi" in word(counter)
    assert "Jaringan pusat pulih" in json.dumps(counter.last)
    assert len(await reports(store)) == 1


async def test_a_preview_that_expired_leads_to_a_new_one(counter: Counter, store: Store) -> None:
    message = await begun(counter)
    await press(counter, message, "Pusat putus")
    counter.house.watch.goes_on(minutes=11)

    await press(counter, message, "Terbitkan")
    assert "hangus" in counter.text
    assert await reports(store) == ()
    await press(counter, message, "Lihat pratinjau terbaru", "Terbitkan")

    assert len(await reports(store)) == 1


async def test_an_earlier_preview_on_the_message_publishes_nothing(counter: Counter, store: Store) -> None:
    message = await begun(counter)
    await press(counter, message, "Pusat putus")
    early = action(counter, "Terbitkan")
    await press(counter, message, "Ubah")

    await counter.taps(early, STAFF, message)

    assert "hangus" in counter.text
    assert "Laporan ini: " in counter.text.replace("<b>", "").replace("</b>", "")
    await counter.taps(f"e:{early[2:]}", STAFF, message)
    assert "sudah berganti" in word(counter)
    assert await reports(store) == ()


async def test_what_still_holds_has_its_ways_out_and_ubah_comes_back(counter: Counter, store: Store) -> None:
    await press(counter, await begun(counter), "Pusat putus", "Terbitkan")
    message = await begun(counter)
    await press(counter, message, "Layanan atau", "KK", "✅ bisa", "Kantor")
    assert "masih tertahan: jaringan pusat" in counter.text

    await press(counter, message, "Hanya layanan ini")
    assert "masih tertahan" not in counter.text
    await press(counter, message, "Ubah", "Lihat pratinjau", "Hanya layanan ini", "Terbitkan")

    assert [one.target for one in (await reports(store))[1].assertions] == ["kk", "central_link"]


async def test_an_estimate_that_passed_meanwhile_is_asked_again(counter: Counter) -> None:
    counter.house.watch.now = at(2, 14, 50)
    message = await begun(counter)
    await press(counter, message, "Layanan atau", "Legalisir", "belum bisa", "Tanpa sebab", "Hari ini")

    counter.house.watch.now = at(2, 15, 1)
    await press(counter, message, "Kantor")

    assert "Kapan perkiraan bisa lagi?" in counter.text
    await press(counter, message, "Besok")
    assert "Pratinjau" in counter.text


async def test_two_clerks_at_once_do_not_cross(counter: Counter, store: Store) -> None:
    hers = await begun(counter)
    his = await begun(counter, user=ARMAN.id)
    await counter.taps("lp:1:more", STAFF, hers)
    await counter.taps("lp:1:more", ARMAN.id, his)

    await counter.taps("lp:2:t:legalisir", ARMAN.id, hers)
    assert "sudah selesai" in word(counter)
    await counter.taps("lp:2:t:legalisir", STAFF, hers)
    await counter.taps("lp:2:t:blanks", ARMAN.id, his)

    assert "blangko KTP" in counter.text
    async with store.reading() as session:
        drafts = [await session.draft(STAFF, hers), await session.draft(ARMAN.id, his)]
    assert [one and one.entry.targets for one in drafts] == [("legalisir",), ("blanks",)]


async def test_a_restart_loses_no_draft(counter: Counter, store: Store) -> None:
    message = await begun(counter)
    await press(counter, message, "Layanan atau", "Legalisir", "belum bisa", "Tulis sendiri")

    async with opened(store, DEMO) as restarted:
        await restarted.says("petugas dinas luar", STAFF)
        await press(restarted, message, "Belum tahu", "Kantor", "Terbitkan")

    (report,) = await reports(store)
    assert report.assertions[0].cause == "petugas dinas luar"


async def test_a_removed_clerks_buttons_and_words_are_dead(counter: Counter, store: Store) -> None:
    async with store.writing() as session:
        await session.set_member(Member(CITIZEN, "Rahma", Role.STAFF, at(1)))
    message = await begun(counter, user=CITIZEN)
    await counter.taps(action(counter, "Tulis sendiri"), CITIZEN, message)
    preview = await begun(counter, user=CITIZEN)
    await counter.taps(action(counter, "Pusat putus"), CITIZEN, preview)
    dead = [(message, "lp:2:back"), (preview, action(counter, "Ubah")), (preview, action(counter, "Terbitkan"))]
    async with store.writing() as session:
        await session.remove_member(CITIZEN)

    for where, data in dead:
        await counter.taps(data, CITIZEN, where)
        assert "khusus petugas" in word(counter)
    await counter.says("pusat putus", CITIZEN)

    assert "Pratinjau" not in counter.text
    assert await screen_of(store, message, CITIZEN) is None
    assert await reports(store) == ()
    async with store.reading() as session:
        assert [one.what for one in await session.refusals(at(1))] == [data for _, data in dead]


async def test_words_that_a_draft_waits_for_are_taken_from_staff_alone(counter: Counter, store: Store) -> None:
    message = await begun(counter)
    await press(counter, message, "Tulis sendiri")
    async with store.writing() as session:
        draft = await session.draft(STAFF, message)
        assert draft is not None
        await session.start_draft(replace(draft, chat=CITIZEN, by=Author(CITIZEN, "Rahma")))

    await counter.says("pusat putus", CITIZEN)

    assert "Pratinjau" not in counter.text
    assert await screen_of(store, message, CITIZEN) is Screen.LINES
