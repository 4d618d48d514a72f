"""What staff type and tap: a preview, its publication, its taking back; strangers are refused."""

from __future__ import annotations

import pytest

from bot.store import Store
from handlers.menus import STAFF_COMMANDS
from tests.handlers.desk import Counter
from tests.office.house import ARMAN, CITIZEN, SITTI
from tests.rules.small_office import at

STAFF = SITTI.id


async def preview_of(counter: Counter, line: str = "/lapor blangko habis", user: int = STAFF) -> str:
    """Its id, taken from the button that publishes."""
    await counter.says(line, user)
    return next(button for button in counter.buttons if button.startswith("p:"))[2:]


@pytest.mark.parametrize("command", STAFF_COMMANDS)
async def test_a_stranger_is_refused_politely_and_it_is_recorded(counter: Counter, fresh: Store, command: str) -> None:
    await counter.says(f"/{command} pusat putus 7471000102900001")

    assert "khusus petugas" in counter.text
    async with fresh.reading() as session:
        (kept,) = await session.refusals(at(1))
        assert await session.reports() == ()
    assert kept.user == CITIZEN
    assert kept.what.startswith(f"/{command} pusat putus")
    assert "7471000102900001" not in kept.what


@pytest.mark.parametrize("action", ["p:a", "q:a", "e:a", "f:a:only", "u:1", "u!:1", "n:1", "same"])
async def test_a_strangers_tap_is_refused_and_recorded(counter: Counter, fresh: Store, action: str) -> None:
    await counter.taps(action)

    (answered,) = counter.called("answerCallbackQuery")
    assert "khusus petugas" in answered["text"]
    assert counter.called("sendMessage", "editMessageText") == []
    async with fresh.reading() as session:
        assert [one.what for one in await session.refusals(at(1))] == [action]


async def test_a_line_is_shown_before_it_is_published(counter: Counter, fresh: Store) -> None:
    shown = await preview_of(counter, "/lapor blangko habis; sampai besok")

    assert counter.text.startswith("<b>Pratinjau")
    assert "Yang dibaca warga" in counter.text
    assert counter.buttons == [f"p:{shown}", f"e:{shown}", f"q:{shown}"]
    async with fresh.reading() as session:
        kept = await session.preview(shown)
    assert kept is not None
    assert kept.message == 1000


async def test_a_line_that_is_not_understood_is_refused_with_what_would_be_right(counter: Counter) -> None:
    await counter.says("/lapor ktp yang bisa", STAFF)

    assert counter.buttons == []
    assert "yang bisa" in counter.text


async def test_terbitkan_publishes_and_offers_to_take_back(counter: Counter, fresh: Store) -> None:
    await counter.taps("a:ktp")
    await counter.taps(f"p:{await preview_of(counter)}", STAFF)

    assert "Sudah diumumkan" in counter.text
    assert counter.buttons == ["u:1"]
    assert counter.last["message_id"] == 500
    async with fresh.reading() as session:
        assert len(await session.reports()) == 1


async def test_a_repeated_tap_reads_the_same(counter: Counter, fresh: Store) -> None:
    shown = await preview_of(counter)
    await counter.taps(f"p:{shown}", STAFF)
    once = counter.text
    counter.telegram.refuses["editMessageText"] = (400, "Bad Request: message is not modified: specified new message…")

    await counter.taps(f"p:{shown}", STAFF)

    assert counter.text == once
    assert counter.called("sendMessage")[1:] == []
    async with fresh.reading() as session:
        assert len(await session.reports()) == 1


async def test_good_news_need_not_wait(counter: Counter, fresh: Store) -> None:
    await counter.taps(f"p:{await preview_of(counter)}", STAFF)
    await counter.taps("k:ktp_cetak")
    await counter.taps(f"p:{await preview_of(counter, '/pulih blangko')}", STAFF)
    assert counter.buttons == ["u:2", "n:2"]

    await counter.taps("n:2", STAFF)

    assert counter.buttons == ["u:2"]
    async with fresh.reading() as session:
        assert {one.release_at for one in await session.unreleased_notices()} == {at(2)}


async def test_batal_puts_an_end_to_it(counter: Counter, fresh: Store) -> None:
    shown = await preview_of(counter)

    await counter.taps(f"q:{shown}", STAFF)
    assert "Dibatalkan" in counter.text
    await counter.taps(f"p:{shown}", STAFF)

    assert counter.buttons == []
    async with fresh.reading() as session:
        assert await session.reports() == ()


async def test_ubah_hands_the_line_back(counter: Counter) -> None:
    await counter.taps(f"e:{await preview_of(counter)}", STAFF)

    assert "/lapor blangko habis" in counter.text
    assert "message_id" not in counter.last


async def test_a_preview_offers_a_way_out_of_what_still_holds(counter: Counter, fresh: Store) -> None:
    await counter.taps(f"p:{await preview_of(counter, '/lapor pusat putus')}", STAFF)
    shown = await preview_of(counter, "/lapor ktp_cetak bisa")
    assert f"f:{shown}:central_link" in counter.buttons

    await counter.taps(f"f:{shown}:only", STAFF, message_id=77)

    widened = counter.buttons[0][2:]
    assert counter.buttons == [f"p:{widened}", f"e:{widened}", f"q:{widened}"]
    assert widened != shown
    async with fresh.reading() as session:
        kept = await session.preview(widened)
    assert kept is not None
    assert kept.message == 77


async def test_pulih_alone_lists_what_is_down(counter: Counter) -> None:
    await counter.says("/pulih", STAFF)
    assert "Tidak ada gangguan" in counter.text

    await counter.taps(f"p:{await preview_of(counter)}", STAFF)
    await counter.says("/pulih", STAFF)

    assert "/pulih" in counter.text


async def test_the_board_shows_who_said_what(counter: Counter) -> None:
    await counter.taps(f"p:{await preview_of(counter)}", STAFF)

    await counter.says("/papan", STAFF)

    assert "Wa Ode Sitti" in counter.text
    assert counter.buttons == ["same"]


async def test_everything_is_confirmed_by_command_and_by_tap(counter: Counter, fresh: Store) -> None:
    await counter.says("/masihsama", STAFF)
    assert "Belum ada laporan" in counter.text
    await counter.taps(f"p:{await preview_of(counter)}", STAFF)

    await counter.says("/masihsama", STAFF)
    assert "dikonfirmasi" in counter.text
    await counter.taps("same", STAFF)

    assert "message_id" not in counter.last
    async with fresh.reading() as session:
        assert len(await session.reports()) == 3


async def test_a_report_is_taken_back_after_a_second_word(counter: Counter, fresh: Store) -> None:
    await counter.says("/urung", STAFF)
    assert counter.buttons == []
    await counter.taps(f"p:{await preview_of(counter)}", STAFF)

    await counter.says("/urung", STAFF)
    assert counter.buttons == ["u:1"]
    await counter.taps("u:1", STAFF)
    assert counter.buttons == ["u!:1"]
    assert "message_id" not in counter.last
    async with fresh.reading() as session:
        assert len(await session.reports()) == 1
    await counter.taps("u!:1", STAFF)

    assert "diurungkan" in counter.text
    async with fresh.reading() as session:
        assert [one.retracts for one in await session.reports()] == [None, 1]


async def test_what_cannot_be_done_is_said_where_it_was_asked(counter: Counter) -> None:
    shown = await preview_of(counter)

    await counter.taps(f"p:{shown}", ARMAN.id)
    assert counter.buttons == []
    await counter.taps("u:9", STAFF)

    assert counter.called("editMessageText") != []
    assert counter.buttons == []


async def test_an_answer_that_telegram_refuses_for_another_reason_is_an_error(counter: Counter) -> None:
    shown = await preview_of(counter)
    counter.telegram.refuses["editMessageText"] = (400, "Bad Request: message to edit not found")
    counter.telegram.refuses["answerCallbackQuery"] = (400, "Bad Request: something else")

    await counter.taps(f"q:{shown}", STAFF)

    apologies = counter.called("sendMessage")[1:]
    assert len(apologies) == 1
    assert "jawaban sedang tidak bisa" in apologies[0]["text"]
