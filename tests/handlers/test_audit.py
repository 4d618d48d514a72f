"""`/catatan`: who did what, what it changed, who was refused; and a file that harms no spreadsheet."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from bot.rules.reports import Author
from bot.rules.staff import Member, Role
from tests.handlers.desk import Counter
from tests.office.house import ARMAN, CITIZEN, SITTI

STAFF = SITTI.id
TERMINAL = Author(0, "terminal")


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """What the audit reads is held on both engines by the tests of the store."""
    return f"sqlite:///{tmp_path / 'loket.db'}"


async def posted(counter: Counter, line: str, user: int = STAFF) -> None:
    await counter.says(line, user)
    await counter.taps(counter.buttons[0], user)


async def table(counter: Counter) -> list[dict[str, str]]:
    """The file as a spreadsheet shows it."""
    content, _ = await counter.house.office.auditing.file(counter.application.bot_data.texts, STAFF)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


async def test_before_anything_happened_there_is_no_file(counter: Counter) -> None:
    await counter.says("/catatan", STAFF)

    assert counter.text == "Catatan masih kosong."
    assert counter.called("sendDocument") == []


async def test_the_newest_stands_on_top_with_what_it_changed(counter: Counter) -> None:
    await counter.says("/lapor 7471000102900001", CITIZEN)
    counter.house.watch.goes_on(minutes=1)
    await posted(counter, "/lapor blangko habis kiriman terlambat; sampai besok")

    await counter.says("/catatan", STAFF)

    title, newest, oldest = counter.text.split("\n")
    assert "Catatan" in title
    assert "Wa Ode Sitti: laporan 1: blangko KTP ⛔ belum bisa (kiriman terlambat" in newest
    assert "Pencetakan KTP-el ❔ belum ada kabar → ⛔ belum bisa" in newest
    assert "nomor Telegram 747100101: ditolak (/lapor •••)" in oldest
    (sent,) = counter.called("sendDocument")
    assert "2 baris" in sent["caption"]


async def test_pages_are_turned_by_buttons(counter: Counter) -> None:
    for _ in range(7):
        await counter.says("/undang Budi", STAFF)

    await counter.says("/catatan", STAFF)
    assert counter.buttons == ["log:6"]
    await counter.taps("log:6", STAFF)
    assert counter.buttons == ["log:0"]
    assert counter.text.count("\n") == 1

    await counter.taps("log:0", CITIZEN)
    assert "khusus petugas" in counter.called("answerCallbackQuery")[-1]["text"]


async def test_the_file_has_everything_with_before_and_after(counter: Counter) -> None:
    await posted(counter, "/lapor blangko habis")
    await posted(counter, "/lapor pusat putus; sejak 08.10; kecuali ktp ambil")
    await counter.says("/masihsama", STAFF)
    await counter.taps("u!:2", STAFF)
    await counter.house.office.roster.appoint_as_operator(TERMINAL, Member(ARMAN.id + 9, "Budi", Role.STAFF))
    await posted(counter, "/lapor kk di mpp belum bisa; sampai belum tahu")

    rows = {row["Perbuatan"]: row for row in await table(counter)}

    down = next(row for what, row in rows.items() if what.startswith("laporan 1:"))
    assert "Pencetakan KTP-el ❔ belum ada kabar" in down["Sebelum"]
    assert "Pencetakan KTP-el ⛔ belum bisa" in down["Sesudah"]
    cut = next(row for what, row in rows.items() if what.startswith("laporan 2:"))
    assert "sejak hari ini pukul 08.10 WITA" in cut["Keterangan"]
    assert "kecuali pengambilan KTP-el" in cut["Keterangan"]
    assert "Kartu Keluarga (KK) ⚠️ terbatas" in rows["laporan 4: laporan 2 diurungkan"]["Sebelum"]
    assert rows["laporan 3: semua masih sama"]["Sesudah"] == ""
    added = rows["Budi ditambahkan"]
    assert (added["Oleh"], added["Nomor Telegram"], added["Sesudah"]) == ("terminal", "0", "petugas")
    assert any("mpp" in what.lower() or "mal" in what.lower() for what in rows)


@pytest.mark.parametrize("cause", ["=HYPERLINK('x')", "+1", "@SUM(A1)", "＝1"])
async def test_no_cell_is_a_formula(counter: Counter, cause: str) -> None:
    await posted(counter, f"/lapor blangko habis {cause}")
    await counter.says(f"/undang {cause}", STAFF)

    cells = [cell for row in await table(counter) for cell in row.values()]

    assert any(cell.startswith(f"'{cause}") for cell in cells)
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "＝")) for cell in cells)


async def test_the_file_opens_with_its_letters_whole(counter: Counter) -> None:
    await posted(counter, "/lapor blangko habis kiriman “terlambat”")

    content, count = await counter.house.office.auditing.file(counter.application.bot_data.texts, STAFF)

    assert content.startswith(b"\xef\xbb\xbfWaktu;Oleh;")
    assert count == 1
    assert "kiriman “terlambat”" in content.decode("utf-8-sig")
