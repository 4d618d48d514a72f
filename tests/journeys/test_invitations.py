"""A clerk's time at the office: invited, reporting, removed, refused."""

from __future__ import annotations

from playground import people
from tests.journeys.deployment import Deployment
from tests.journeys.town import STRANGER, Town, until
from tests.phone import buttons_of

CLERK = STRANGER  # until the office invites them


async def test_a_clerk_is_invited_reports_is_removed_and_refused(town: Town, office: Deployment) -> None:
    clerk = town.stranger
    assert "khusus petugas" in await town.answer(clerk, "/papan")
    link = await town.answer(town.staff, "/undang Wa Ode Budi")
    payload = link.partition("?start=")[2].split()[0]

    welcome = await town.answer(clerk, f"/start {payload}")
    assert "Selamat bergabung, Wa Ode Budi" in welcome
    assert "Orang lain" in (await town.staff.wait_for("sekarang boleh melapor"))["text"]
    assert "sudah dipakai" in await town.answer(town.citizen, f"/start {payload}")
    await town.publish("/lapor blangko habis", by=clerk)
    preview = await town.preview("/pulih blangko", by=clerk)

    await town.staff.say("/petugas")
    await town.staff.wait_for("Wa Ode Budi")
    await town.staff.tap("Keluarkan Wa Ode Budi")
    await town.staff.wait_for("Keluarkan Wa Ode Budi?")
    await town.staff.tap("Ya, keluarkan")
    await town.staff.wait_for("sudah dikeluarkan")
    answered = len(town.world.journal.calls("answerCallbackQuery"))
    people.tap(town.world, CLERK, preview["message_id"], buttons_of(preview)[0]["callback_data"])
    await until(lambda: len(town.world.journal.calls("answerCallbackQuery")) > answered)

    assert "khusus petugas" in (await town.journal("answerCallbackQuery"))[-1]["params"]["text"]
    assert "khusus petugas" in await town.answer(clerk, "/lapor blangko habis")
    assert office.query("SELECT by_name FROM reports") == [("Wa Ode Budi",)]
    assert payload.removeprefix("undang_") not in office.logged()
    assert "Wa Ode Budi" not in (await office.command("staff", "list"))[1]
    await town.answer(town.citizen, "ktp sudah bisa?")
    told = await town.answer(town.staff, "/catatan")
    assert "Wa Ode Budi dikeluarkan" in told
    assert "ditolak (/lapor blangko habis)" in told
    await town.staff.say("/statistik")
    await town.staff.wait_for("Pertanyaan warga")
    await until(lambda: [one for one in town.world.journal.calls("sendPhoto") if one["status"]])
    sent = await town.journal("sendDocument") + await town.journal("sendPhoto")
    assert [one["status"] for one in sent] == [200, 200]
    await town.answer(town.citizen, "kk sudah bisa?")
    assert await office.stop() == 0
    assert office.query("SELECT sum(times) FROM questions") == [(2,)]
