"""The board stays true because staff are asked: at the opening, once, and answered by one tap."""

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
