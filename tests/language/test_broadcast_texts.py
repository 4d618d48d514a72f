"""What staff read of notices on their way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.language import broadcast_texts
from bot.language.messages import Answer
from bot.rules.broadcasts import Broadcast, Pace
from bot.rules.catalogue import State
from bot.rules.notices import DeliveryStatus, Notice, NoticeKind
from bot.rules.reports import Report, ReportKind
from tests.language.gallery import LINK_CUT, view, went
from tests.language.office import SITTI, WITA, at, board
from tests.language.test_answers_staff import TEXTS, actions, lines, seen_in_the_country

SEEN = view(board(*LINK_CUT))
NOW = SEEN.now
BACK = Notice(
    7, 12, NoticeKind.RESUMPTION, (went("ktp_cetak", State.UNAVAILABLE, State.AVAILABLE),), NOW, NOW, released_at=NOW
)
REPORT = Report(12, at(2, 8, 5), SITTI)
HALF = Broadcast(BACK, {DeliveryStatus.SENT: 620, DeliveryStatus.WAITING: 600, DeliveryStatus.SENDING: 28})
PACE = Pace(25)


def broadcast(notice: Notice = BACK, **counts: int) -> Broadcast:
    return Broadcast(notice, {DeliveryStatus(status): count for status, count in counts.items()})


def overview(*broadcasts: Broadcast, pace: Pace | None = PACE) -> Answer:
    return broadcast_texts.overview(SEEN, broadcasts, pace)


def test_a_broadcast_shows_its_bar_its_counts_the_pace_and_the_end() -> None:
    said = overview(HALF)

    assert lines(said) == [
        "Siaran kabar",
        "Laju: 25 kabar per detik",
        "",
        "Kabar pulih (laporan nomor 12): Pencetakan KTP-el",
        "▓▓▓▓░░░░░░ 49 %",
        "Terkirim: 620 dari 1.248",
        "Menunggu: 628",
        "Selesai kira-kira hari ini pukul 09.01 WITA.",
    ]
    assert actions(said) == ["stop:12:all"]


def test_where_it_is_night_yet_no_end_is_reckoned() -> None:
    said = lines(broadcast_texts.overview(SEEN, [HALF], PACE, sleeping=[HALF.notice.id]))

    assert said[-1] == "Sekarang jam tenang. Sisanya dikirim sesudah jam tenang lewat."
    assert not any(line.startswith("Selesai") for line in said)


def test_what_waits_for_the_morning_can_be_sent_now() -> None:
    def said(*sleeping: int) -> Answer:
        return broadcast_texts.of_report(SEEN, REPORT, [HALF], PACE, sleeping)

    assert "n:12" in actions(said(HALF.notice.id))
    assert "n:12" not in actions(said())


def test_every_fate_that_somebody_met_is_counted_with_its_reason() -> None:
    met = broadcast(sent=5, gone=2, dropped=3, failed=4)
    said = overview(replace(met, repeats=6, errors=(("BadRequest: <b>", 3), ("TimedOut", 1))))

    told = lines(said)
    assert "Tidak sampai, bot diblokir atau percakapan sudah tidak ada: 2" in told
    assert "Tidak jadi dikirim, sudah tidak berlaku atau tidak diminta lagi: 3" in told
    assert "⚠️ Gagal: 4" in told
    assert told[told.index("⚠️ Gagal: 4") + 1 :][:2] == ["3 × BadRequest: <b>", "1 × TimedOut"]
    assert "Dikirim ulang karena jawaban Telegram tidak diketahui: 6" in told


def test_a_stopped_one_says_so_and_can_go_on() -> None:
    said = overview(broadcast(replace(BACK, paused=True), sent=5, held=5))

    assert any(line.startswith("⏸️ Dihentikan.") for line in lines(said))
    assert not any(line.startswith("Selesai") for line in lines(said))
    assert actions(said) == ["go:12:all"]


def test_several_reports_are_told_apart_by_their_numbers() -> None:
    other = replace(BACK, id=8, report=13, paused=True)

    said = overview(HALF, broadcast(other, held=5))

    assert actions(said) == ["stop:12:all", "go:13:all"]
    assert [button.label.id for row in said.buttons for button in row] == ["button.hold_number", "button.go_on_number"]


def test_a_flood_wait_and_a_missing_sender_are_named() -> None:
    rests = overview(HALF, pace=Pace(12.4, NOW + timedelta(seconds=40)))

    assert lines(rests)[1:3] == [
        "Laju: 12 kabar per detik",
        "Telegram minta jeda 40 detik; sesudah itu lanjut sendiri.",
    ]
    assert lines(overview(HALF, pace=None))[1] == "Pengirim belum siap; kabar menunggu dan lanjut sendiri."
    assert not any(line.startswith("Selesai") for line in lines(overview(HALF, pace=None)))


def test_an_end_that_is_far_names_its_day() -> None:
    million = broadcast(waiting=2_000_000)

    assert lines(overview(million))[-1] == "Selesai kira-kira besok, Jumat, 3 Februari pukul 07.14 WITA."


def test_what_waits_for_its_hour_and_whose_readers_are_listed_has_no_counts_yet() -> None:
    later = replace(BACK, released_at=None, release_at=at(2, 9, 2))

    assert lines(overview(broadcast(later)))[-1] == "Dikirim hari ini pukul 09.02 WITA."
    assert lines(overview(broadcast(replace(BACK, released_at=None))))[-1] == "Daftar penerima sedang disusun."


def test_where_nothing_is_sent_it_says_so_and_what_was_sent_last() -> None:
    assert lines(overview()) == ["Siaran kabar", "Tidak ada kabar yang sedang dikirim."]

    done = overview(broadcast(sent=60))

    assert lines(done)[1:] == [
        "Tidak ada kabar yang sedang dikirim.",
        "",
        "Kabar pulih (laporan nomor 12): Pencetakan KTP-el",
        "▓▓▓▓▓▓▓▓▓▓ 100 %",
        "Terkirim: 60 dari 60",
        "✅ Selesai.",
    ]
    assert actions(done) == []


@pytest.mark.parametrize("kind", list(NoticeKind))
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_kind_of_notice_has_its_name(kind: NoticeKind, language: str) -> None:
    told = TEXTS.plain(overview(broadcast(replace(BACK, kind=kind), sent=1)), language, NOW, WITA)

    assert "12" in told


def test_what_was_published_shows_its_progress_and_can_be_taken_back() -> None:
    said = broadcast_texts.of_report(SEEN, REPORT, [HALF], PACE)

    told = lines(said)
    assert told[0] == "Sudah diumumkan pukul 08.05 WITA."
    assert "Terkirim: 620 dari 1.248" in told
    assert told[-1] == "Laju: 25 kabar per detik"
    assert actions(said) == ["u:12", "stop:12"]


def test_what_still_waits_need_not_wait() -> None:
    later = broadcast(replace(BACK, released_at=None, release_at=at(2, 9, 2)))

    assert actions(broadcast_texts.of_report(SEEN, REPORT, [later], PACE)) == ["u:12", "n:12", "stop:12"]


def test_a_notice_that_was_overtaken_says_so() -> None:
    said = broadcast_texts.of_report(SEEN, REPORT, [], PACE, retracted=True)

    assert lines(said)[-1] == "Kabarnya dibatalkan sebelum terkirim."
    assert actions(said) == []


def test_a_report_that_nobody_waits_for_reads_as_before() -> None:
    said = broadcast_texts.of_report(SEEN, REPORT, [broadcast()], PACE)

    assert lines(said)[-1] == "Tidak ada pelanggan yang perlu dikabari."


def test_a_retraction_shows_how_far_its_corrections_are() -> None:
    retraction = Report(13, at(2, 8, 30), SITTI, ReportKind.RETRACTION, retracts=12)
    correction = replace(BACK, kind=NoticeKind.CORRECTION, report=13)

    said = broadcast_texts.of_report(SEEN, retraction, [broadcast(correction, sent=1, waiting=1)], PACE)

    assert lines(said)[0] == "Laporan nomor 12 diurungkan pukul 08.30 WITA."
    assert actions(said) == ["stop:13"]


def test_who_may_not_stop_a_broadcast_is_offered_no_way_to() -> None:
    other = replace(HALF, notice=replace(BACK, id=8, report=13))

    said = broadcast_texts.overview(SEEN, [HALF, other], PACE, own={13})

    assert "laporan nomor 12" in "".join(lines(said))
    assert actions(said) == ["stop:13:all"]


def test_among_many_offices_a_broadcast_says_where() -> None:
    change = replace(BACK.changes[0], counter="indonesia/jawa_barat/kota_bogor/kantor")

    said = broadcast_texts.overview(
        seen_in_the_country(), [broadcast(replace(BACK, changes=(change,)), waiting=1)], PACE
    )

    assert lines(said)[3] == "Kabar pulih (laporan nomor 12): Pencetakan KTP-el di Kota Bogor"
