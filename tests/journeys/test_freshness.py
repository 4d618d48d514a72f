"""The board stays true because staff are asked, and the calendar because staff can change it."""

from __future__ import annotations

from tests.journeys.deployment import Deployment, clock_at
from tests.journeys.town import Town


async def test_at_opening_staff_are_asked_once_and_confirm_by_one_tap(town: Town, deployment: Deployment) -> None:
    await deployment.start(**clock_at("2026-08-03 15.00"))
    await town.publish("/lapor pusat putus; sampai Rabu")
    await town.answer(town.colleague, "/papan")

    await deployment.restart(**clock_at("2026-08-04 08.01"))
    await town.colleague.wait_for("Loket sudah buka")
    await town.staff.wait_for("Loket sudah buka")
    await town.colleague.tap("Masih sama")
    await town.colleague.wait_for("dikonfirmasi")
    await deployment.restart(**clock_at("2026-08-04 08.20"))

    assert "Diperbarui" in await town.answer(town.citizen, "ktp")
    assert await town.heard(town.staff, "Loket sudah buka") == 1
    assert await town.heard(town.colleague, "Loket sudah buka") == 1


async def test_planned_maintenance_is_announced_and_cancelled_truthfully(town: Town, deployment: Deployment) -> None:
    await deployment.start(**clock_at("2026-08-03 09.00"))
    await town.publish("/lapor blangko habis")
    await town.answer(town.subscriber, "/langganan ktp")
    await town.subscriber.tap("Juga bila")
    await town.subscriber.wait_for("juga kami kabarkan")
    await town.staff.say("/jadwal pusat pemeliharaan Sabtu 08.00 sampai Minggu 16.00; server pusat dirawat")
    await town.staff.wait_for("belum berlaku")
    await town.staff.tap("Terbitkan")
    await town.subscriber.wait_for("server pusat dirawat")

    await town.answer(town.staff, "/jadwal")
    await town.staff.tap("Hapus nomor 1")
    await town.staff.wait_for("mereka menerima kabar")
    await town.staff.tap("Ya, hapus")

    await town.subscriber.wait_for("Pemeliharaan dibatalkan")
    assert await town.heard(town.subscriber, "Kabar ini tidak berlaku lagi") == 1
    assert await town.heard(town.subscriber, "server pusat dirawat") == 0
