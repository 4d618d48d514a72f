"""What happened in real offices, told again: what staff post, and what a citizen then reads."""

from __future__ import annotations

from datetime import datetime
from typing import cast

import pytest

from bot.rules.catalogue import State
from bot.rules.catalogue_reading import SHIPPED, read_catalogue
from bot.rules.reports import Assertion, Estimate, Moment
from bot.store import Store
from tests.office.house import ARMAN, CITIZEN, SITTI, House
from tests.office.memory import Memory
from tests.rules.small_office import WITA

DEMO = read_catalogue(SHIPPED / "demo.toml")
ISSUED = ("kk", "kia", "akta_lahir", "akta_mati", "akta_kawin", "akta_cerai", "akta_lain", "pindah", "datang", "ikd")


def when(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=WITA)


class Office(House):
    """Lines in, answers out."""

    def __init__(self, *now: int, store: Store | None = None) -> None:
        super().__init__(store or cast("Store", Memory()), DEMO, now=when(*now))

    async def asked(self, *services: str) -> str:
        """What a citizen reads of these."""
        return self.reads((await self.office.citizens.services(CITIZEN, services)).answer)

    async def says(self, question: str) -> str:
        """What a citizen reads who asks in words."""
        return self.reads((await self.office.citizens.ask(CITIZEN, question)).answer)

    async def schedules(self, line: str) -> None:
        """A line of `/jadwal`, saved."""
        name, _ = await self.office.scheduling.preview_line(SITTI.id, SITTI, line)
        await self.office.scheduling.save(name, SITTI)

    async def taps(self, *labels: str) -> None:
        """A report by taps, published."""
        drafts = self.office.drafts
        draft, answer = await drafts.begin(SITTI.id, SITTI)
        await drafts.keep(draft, 1)
        for label in labels:
            tapped = next(
                button.action or ""
                for row in answer.buttons
                for button in row
                if label in self.reads(type(answer)((button.label,)))
            )
            turned = await drafts.tap(SITTI.id, 1, SITTI, *(*tapped.split(":")[1:], "")[:3])
            answer = turned.answer or answer
        assert turned.shown is not None
        await self.office.staff.publish(turned.shown.preview.id, SITTI)


async def test_kendari_2017_only_the_identity_card_stops() -> None:
    office = Office(2017, 1, 30, 8, 10)

    await office.posts(f"lapor pusat putus server pusat diputus Kemendagri; sejak 00.00; kecuali {', '.join(ISSUED)}")

    card, family = await office.asked("ktp"), await office.asked("kk")
    assert "⛔ Pencetakan: belum bisa" in card
    assert "server pusat diputus Kemendagri" in card
    assert "belum bisa" not in family
    later = await office.shows("lapor pusat putus; sampai besok")
    assert set(ISSUED) <= set(later.spared)


async def test_mimika_2022_the_whole_system_stops_and_papers_are_still_taken() -> None:
    office = Office(2022, 1, 6, 8)

    await office.taps("Pusat putus")

    assert "⛔ Pencetakan: belum bisa" in await office.asked("ktp")
    assert "berkas diterima, dikerjakan kemudian" in await office.asked("kk")
    assert "belum bisa" not in await office.asked("legalisir")


async def test_mamuju_2022_no_blank_cards_then_a_few_for_first_timers() -> None:
    office = Office(2022, 8, 1, 8)
    await office.taps("Blangko habis")
    none = await office.asked("ktp_cetak")

    await office.posts("lapor blangko terbatas hanya untuk pemula")

    few = await office.asked("ktp_cetak")
    assert "belum bisa" in none
    assert "kiriman dari pusat sedang ditunggu" in none
    assert "terbatas" in few
    assert "hanya untuk pemula" in few
    assert "sejak" in few


async def test_an_empty_ribbon_stops_the_printing_alone() -> None:
    office = Office(2023, 2, 2, 9)

    await office.posts("lapor alat gangguan pita cetak habis; besok; kecuali ktp rekam, kia")

    card = await office.asked("ktp")
    assert "⛔ Pencetakan: belum bisa" in card
    assert "⛔ Perekaman" not in card
    assert "pita cetak habis" in card


async def test_without_the_electronic_signature_the_counter_is_open_and_nothing_is_issued() -> None:
    office = Office(2019, 7, 17, 9)

    await office.taps("TTE gangguan")

    certificate = await office.asked("akta_lahir")
    assert "tanda tangan elektronik" in certificate
    assert "Loket buka sampai" in certificate
    assert "tanda tangan" not in await office.asked("ktp")


async def test_makassar_2019_returns_in_stages_told_in_one_report() -> None:
    office = Office(2019, 10, 7, 8)
    await office.posts("lapor pusat putus")
    before = await office.asked("ktp_cetak")

    await office.posts("lapor pusat pulih\nakta lahir, akta mati terbatas antrean data; sampai besok")

    assert "belum bisa" in before
    assert "✅ Pencetakan KTP-el bisa" in await office.asked("ktp_cetak")
    certificate = await office.asked("akta_lahir")
    assert "terbatas" in certificate
    assert "besok, Selasa, 8 Oktober" in certificate


async def test_makassar_2021_a_planned_weekend_begins_by_itself_and_waits_for_a_word_at_its_end() -> None:
    office = Office(2021, 9, 30, 9)
    begins, ends = when(2021, 10, 1, 16), when(2021, 10, 4, 16)
    planned = Assertion(
        *("central_link", "kendari", State.UNAVAILABLE, "server pusat dipindahkan"),
        estimate=Estimate(Moment(ends)),
        planned_from=begins,
    )
    shown = await office.office.staff.preview(SITTI.id, SITTI, (planned,), "/jadwal")
    await office.office.staff.publish(shown.preview.id, SITTI)
    before = await office.asked("ktp_cetak")
    office.watch.now = when(2021, 10, 4, 9)
    during = await office.asked("ktp_cetak")
    office.watch.now = when(2021, 10, 4, 17)
    after = await office.asked("ktp_cetak")

    await office.taps("Jaringan pusat pulih")

    assert "⛔" not in before
    assert "belum bisa" in during
    assert "belum bisa" in after
    assert "seharusnya sudah selesai" in after
    assert "✅ Pencetakan KTP-el bisa" in await office.asked("ktp_cetak")


async def test_karanganyar_2020_lightning_struck_and_nobody_knows_until_when() -> None:
    office = Office(2020, 2, 3, 9)

    await office.taps("Layanan atau", "Alat rekam", "belum bisa", "Lanjut", "Tanpa sebab", "Belum tahu", "Kantor")
    await office.posts("lapor alat gangguan perangkat tersambar petir")

    card = await office.asked("ktp")
    assert "tersambar petir" in card
    assert "Perkiraan bisa lagi: belum ada kepastian" in card
    assert "Pengambilan KTP yang sudah jadi: belum bisa" not in card


async def test_what_differs_at_the_mall_is_told_counter_by_counter() -> None:
    office = Office(2023, 2, 2, 9)

    await office.posts("lapor ktp cetak di mpp belum bisa")
    await office.posts("lapor ktp cetak di kantor bisa")

    card = await office.asked("ktp_cetak")
    assert "✅ Kantor Disdukcapil: bisa" in card
    assert "⛔ Mal Pelayanan Publik (MPP): belum bisa" in card


async def test_wakatobi_2018_a_wrong_cause_is_set_right_and_the_outage_stays_one() -> None:
    office = Office(2018, 3, 5, 8)
    await office.posts("lapor pusat putus kabel laut terputus; sejak 4/3; kecuali kk")
    office.watch.goes_on(hours=1)

    await office.posts("lapor pusat putus server pusat diperbaiki", ARMAN)

    card = await office.asked("ktp_cetak")
    assert "server pusat diperbaiki" in card
    assert "kabel laut" not in card
    assert "4 Maret" in card
    assert "belum bisa" not in await office.asked("kk")


async def test_jepara_down_and_up_within_a_morning_leaves_no_trace_of_the_estimate() -> None:
    office = Office(2023, 2, 2, 8)
    await office.taps("Pusat putus")
    office.watch.goes_on(hours=2)

    await office.taps("Jaringan pusat pulih")

    card = await office.asked("ktp_cetak")
    assert "✅ Pencetakan KTP-el bisa" in card
    assert "Perkiraan" not in card


async def test_open_on_a_joint_holiday_because_staff_said_so_and_the_outage_lasts_over_the_days(store: Store) -> None:
    office = Office(2024, 12, 24, 9, store=store)
    await office.taps("Blangko habis")
    closed = await office.says("lusa buka?")

    await office.schedules("buka 26/12 08.30-14.30; cuti bersama, tetap melayani")

    assert "tutup karena Cuti Bersama Hari Raya Natal" in closed
    assert "Kamis, 26 Desember: loket buka pukul 08.30–14.30 WITA" in await office.says("lusa buka?")
    office.watch.now = when(2024, 12, 25, 9)
    assert "tutup hari ini karena libur nasional Hari Raya Natal" in await office.says("hari ini buka?")
    assert "Besok, Kamis, 26 Desember: loket buka pukul 08.30–14.30 WITA" in await office.says("besok buka?")
    office.watch.now = when(2024, 12, 26, 9)
    assert "cuti bersama, tetap melayani" in await office.says("hari ini buka?")
    card = await office.asked("ktp_cetak")
    assert "belum bisa" in card
    assert "Loket buka sampai pukul 14.30 WITA" in card
    assert "Sejak itu belum ada pembaruan" in card
    await office.posts("pulih blangko")
    await office.posts("lapor ktp cetak bisa")
    back = await office.asked("ktp_cetak")
    assert "✅ Pencetakan KTP-el bisa" in back
    assert "Loket buka sampai pukul 14.30 WITA" in back


@pytest.mark.parametrize("catalogue", ["kendari.toml", "demo.toml"])
def test_every_usual_outage_of_a_shipped_catalogue_has_a_cause_for_citizens(catalogue: str) -> None:
    usual = [one for one in read_catalogue(SHIPPED / catalogue).resources if one.outage]

    assert [one.id for one in usual] == ["central_link", "blanks", "signature", "utilities"]
    assert all(one.causes for one in usual)
