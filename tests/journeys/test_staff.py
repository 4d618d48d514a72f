"""Staff between preview and publication, and after it: others report meanwhile, time passes, minds change."""

from __future__ import annotations

from playground import people
from tests.journeys.deployment import STAFF, Deployment, clock_at
from tests.journeys.town import BACK, DECIDED, NEIGHBOUR, STRANGER, Town, until
from tests.phone import buttons_of, labels_of

MONDAY, MONDAY_LATER = clock_at("2026-08-03 10.00"), clock_at("2026-08-03 10.11")
GROUP = -747100
EXPIRED = "Pratinjau sudah hangus"


async def test_a_preview_is_refused_where_somebody_else_was_faster(town: Town, office: Deployment) -> None:
    await town.preview("/lapor blangko habis")
    await town.publish("/lapor ktp cetak belum bisa printer rusak", by=town.colleague)

    await town.staff.tap("Terbitkan")
    refused = (await town.staff.wait_for("Belum diumumkan"))["text"]

    assert "Arman" in refused
    assert "/papan" in refused
    assert office.query("SELECT by_name FROM reports") == [("Arman",)]


async def test_what_others_confirm_or_report_elsewhere_refuses_no_preview(town: Town, office: Deployment) -> None:
    await town.publish("/lapor blangko habis")
    await town.preview("/pulih blangko")
    assert "dikonfirmasi" in await town.answer(town.colleague, "/masihsama")
    await town.publish("/lapor legalisir belum bisa", by=town.colleague)

    await town.staff.tap("Terbitkan")
    await town.staff.wait_for(DECIDED)

    assert office.query("SELECT by_name, kind FROM reports ORDER BY number") == [
        ("Sitti R.", "assertion"),
        ("Arman", "confirmation"),
        ("Arman", "assertion"),
        ("Sitti R.", "assertion"),
    ]


async def test_a_preview_expires_after_ten_minutes(town: Town, deployment: Deployment) -> None:
    await deployment.start(**MONDAY)
    await town.preview("/lapor blangko habis")

    await deployment.restart(**MONDAY_LATER)
    await town.staff.tap("Terbitkan")
    await town.staff.wait_for(EXPIRED)

    assert deployment.query("SELECT number FROM reports") == []


async def test_cancelled_and_changed_previews_publish_nothing(town: Town, office: Deployment) -> None:
    cancelled = await town.preview("/lapor blangko habis")
    await town.staff.tap("Batal")
    await town.staff.wait_for("Dibatalkan")
    people.tap(town.world, STAFF, cancelled["message_id"], publishes(cancelled))
    await town.staff.wait_for("sudah diputuskan")
    changed = await town.preview("/lapor blangko habis kiriman terlambat")
    await town.staff.tap("Ubah")
    offered = await town.staff.wait_for("Ubah baris ini")
    people.tap(town.world, STAFF, changed["message_id"], publishes(changed))
    await town.staff.wait_for("sudah diputuskan")

    assert "/lapor blangko habis kiriman terlambat" in offered["text"]
    assert office.query("SELECT number FROM reports") == []


def publishes(preview: dict) -> str:
    return str(next(button["callback_data"] for button in buttons_of(preview) if button["text"] == "Terbitkan"))


async def test_a_forwarded_preview_is_no_key(town: Town, office: Deployment) -> None:
    preview = await town.preview("/lapor blangko habis")
    sent = town.world.write(
        town.world.phones[STRANGER],
        town.world.profile.as_user(),
        text="diteruskan",
        reply_markup=preview["reply_markup"],
    )
    elsewhere = town.world.write(
        town.world.phones[town.colleague.chat_id], town.world.profile.as_user(), text="diteruskan"
    )

    people.tap(town.world, STRANGER, sent.message_id, publishes(preview))
    await until(lambda: len(town.world.journal.calls("answerCallbackQuery")) == 1)
    people.tap(town.world, town.colleague.chat_id, elsewhere.message_id, publishes(preview))
    await until(lambda: EXPIRED in "".join(town.written(town.colleague.chat_id)))

    answered = (await town.journal("answerCallbackQuery"))[0]["params"]
    assert "khusus petugas" in answered["text"]
    assert office.query("SELECT number FROM reports") == []
    assert [user for (user,) in office.query("SELECT user FROM refusals")] == [STRANGER]


async def test_pulih_alone_lists_what_is_down(town: Town, office: Deployment) -> None:
    nothing = await town.answer(town.staff, "/pulih")
    await town.publish("/lapor blangko habis kiriman terlambat")

    listed = await town.answer(town.staff, "/pulih")

    assert "Tidak ada gangguan" in nothing
    assert "Blangko KTP" in listed
    assert "kiriman terlambat" in listed


async def test_what_still_holds_can_be_lifted_or_spared(town: Town, office: Deployment) -> None:
    await town.publish("/lapor pusat putus")
    await town.answer(town.subscriber, "kabari kalau cetak ktp sudah bisa")
    held = await town.preview("/pulih ktp cetak")
    assert "masih tertahan: jaringan pusat" in held["text"]
    assert labels_of(held)[:2] == ["Pusat juga pulih", "Hanya layanan ini"]

    await town.staff.tap("Hanya layanan ini")
    spared = await town.staff.wait_for("belum diumumkan")
    await town.staff.tap("Terbitkan")
    await town.staff.wait_for(DECIDED)
    told = await town.subscriber.wait_for(BACK)
    still = await town.answer(town.citizen, "kk sudah bisa?")
    again = await town.preview("/lapor pusat putus kabel laut terputus")
    await town.staff.tap("Batal")
    await town.preview("/pulih kk")
    await town.staff.tap("Pusat juga pulih")
    lifted = await town.staff.wait_for("belum diumumkan")
    await town.staff.tap("Terbitkan")
    await town.staff.wait_for(DECIDED)

    assert "masih tertahan" not in spared["text"]
    assert "Pencetakan KTP-el" in told["text"]
    assert "pusat" in still
    assert "Dikecualikan dari gangguan ini: pencetakan KTP-el" in again["text"]
    assert "masih tertahan" not in lifted["text"]
    assert "KK" in await town.answer(town.citizen, "kk sudah bisa?")
    assert "Tidak ada gangguan" in await town.answer(town.staff, "/pulih")


async def test_a_resource_well_again_offers_to_lift_what_was_said_of_its_steps(town: Town, office: Deployment) -> None:
    await town.publish("/lapor pusat putus")
    await town.publish("/lapor ktp cetak belum bisa menunggu pusat")

    shown = await town.preview("/pulih pusat")
    await town.staff.tap("Cabut juga laporan layanannya")
    lifted = await town.staff.wait_for("belum diumumkan")

    assert "laporan tentang layanan itu sendiri" in shown["text"]
    assert "masih tertahan" not in lifted["text"]


async def test_kecuali_spares_a_step_and_is_inherited(town: Town, office: Deployment) -> None:
    first = await town.preview("/lapor pusat putus server diputus; kecuali kk")
    await town.staff.tap("Terbitkan")
    await town.staff.wait_for(DECIDED)

    later = await town.preview("/lapor pusat putus masih diperbaiki; sampai besok")

    for shown in (first, later):
        assert "Dikecualikan dari gangguan ini: Kartu Keluarga" in shown["text"]


async def test_taking_back_during_the_hold_cancels_the_notice(town: Town, deployment: Deployment) -> None:
    await deployment.start(RESUME_HOLD="2")
    await town.publish("/lapor blangko habis")
    await town.answer(town.subscriber, "kabari kalau cetak ktp sudah bisa")
    published = await town.publish("/pulih blangko")
    settling = await town.answer(town.citizen, "cetak ktp sudah bisa?")
    await town.staff.tap("Urungkan")
    asked = await town.staff.wait_for("Urungkan laporan ini?")
    await town.staff.tap("Ya, urungkan")
    await town.staff.wait_for("diurungkan pukul")

    truth = await town.answer(town.citizen, "cetak ktp sudah bisa?")
    people.tap(town.world, STAFF, asked["message_id"], "u!:2")
    await town.staff.wait_for("sudah diurungkan")
    left = await town.answer(town.staff, "/urung")
    await until(lambda: deployment.query("SELECT 1 FROM notices WHERE report = 2 AND cancelled"))

    assert labels_of(published) == ["Urungkan", "Kirim sekarang"]
    assert "baru tersambung" in settling
    assert "belum bisa" in truth
    assert "1 pelanggan dibatalkan" in asked["text"]
    assert "2." not in left
    assert await town.heard(town.subscriber, BACK) == 0
    assert len(deployment.query("SELECT chat FROM subscriptions")) == 1


async def test_taking_back_an_outage_that_never_was_tells_those_who_asked_meanwhile(
    town: Town, office: Deployment
) -> None:
    await town.answer(town.neighbour, "/langganan ktp cetak")
    await town.publish("/lapor ktp cetak bisa")
    await town.publish("/lapor ktp cetak belum bisa salah dengar")
    await town.answer(town.subscriber, "kabari kalau cetak ktp sudah bisa")
    await town.staff.say("/urung")
    await town.staff.reply()
    await town.staff.tap("Urungkan nomor 2")
    await town.staff.wait_for("Urungkan laporan ini?")
    await town.staff.tap("Ya, urungkan")

    told = (await town.subscriber.wait_for("sudah bisa"))["text"]
    await until(lambda: [chat for (chat,) in office.query("SELECT chat FROM subscriptions")] == [NEIGHBOUR])

    assert "sudah bisa lagi" not in told
    assert await town.heard(town.neighbour, "sudah bisa") == 0


async def test_send_now_skips_the_hold(town: Town, deployment: Deployment) -> None:
    await deployment.start(RESUME_HOLD="3600")
    await town.publish("/lapor blangko habis")
    await town.answer(town.subscriber, "kabari kalau cetak ktp sudah bisa")
    await town.publish("/pulih blangko")

    await town.staff.tap("Kirim sekarang")
    await town.subscriber.wait_for(BACK)

    assert await town.heard(town.subscriber, BACK) == 1


async def test_a_stale_answer_says_so_until_staff_confirm(town: Town, deployment: Deployment) -> None:
    await deployment.start(**clock_at("2026-08-07 14.30"))  # a Friday
    await town.publish("/lapor blangko habis kiriman terlambat; sampai 14.45")
    friday = await town.answer(town.citizen, "cetak ktp sudah bisa?")
    await deployment.restart(**clock_at("2026-08-08 09.00"))
    saturday = await town.answer(town.citizen, "cetak ktp sudah bisa?")
    await deployment.restart(**clock_at("2026-08-10 09.00"))
    monday = await town.answer(town.citizen, "cetak ktp sudah bisa?")
    await town.staff.say("/papan")
    board = await town.staff.wait_for("belum diperbarui sejak loket terakhir buka")  # a question may come before it
    await town.staff.tap("Masih sama")
    await town.staff.wait_for("dikonfirmasi pukul 09.0")
    confirmed = await town.answer(town.citizen, "cetak ktp sudah bisa?")

    assert "Perkiraan bisa lagi: hari ini pukul 14.45" in friday
    assert "Sejak itu belum ada pembaruan" not in friday
    assert saturday.startswith("Kantor tutup hari ini karena akhir pekan. Buka lagi Senin, 10 Agustus 2026 pukul 08.00")
    assert "belum bisa" in saturday
    assert "kemarin" in saturday
    assert "(Jumat, 7 Agustus pukul 14.45 WITA) sudah terlewati" in saturday
    assert "menurut kabar terakhir" in monday
    assert "Sejak itu belum ada pembaruan" in monday
    assert "sudah lewat" in board["text"]
    assert confirmed.startswith("⛔ Pencetakan KTP-el masih belum bisa.")
    assert "Diperbarui petugas hari ini" in confirmed


async def test_names_and_causes_with_markup_are_shown_as_written(town: Town, office: Deployment) -> None:
    town.world.add_phone(STAFF, "<b>Sitti</b> & co")
    cause = "<b>server</b> & <a href='x'>listrik</a> {mati} %s"
    preview = await town.preview(f"/lapor pusat putus {cause}")
    await town.staff.tap("Ubah")
    offered = await town.staff.wait_for("Ubah baris ini")
    await town.publish(f"/lapor pusat putus {cause}")

    answer = await town.answer(town.citizen, "kk sudah bisa?")
    board = await town.answer(town.staff, "/papan")
    undo = await town.answer(town.staff, "/urung")

    for text in (preview["text"], offered["text"], answer, board):
        assert cause in text
    for text in (preview["text"], board, undo):
        assert "<b>Sitti</b> & co" in text


async def test_the_board_fits_into_a_message_however_much_was_reported(town: Town, office: Deployment) -> None:
    services = "kk, kia, akta lahir, akta mati, akta kawin, akta cerai, pindah, datang, ikd, suket, legalisir"
    await town.publish(f"/lapor {services}, ktp di kantor bisa")
    await town.publish(f"/lapor {services}, ktp di mpp belum bisa listrik padam satu gedung; sampai besok")
    board = await town.answer(town.staff, "/papan")
    for service in services.split(", "):
        await town.publish(f"/lapor {service} di kantor belum bisa {service} <& " + "lama sekali " * 14)

    full = [await town.answer(town.staff, command) for command in ("/papan", "/pulih", "/masihsama", "/urung")]

    assert board.count("Sitti R.") == 2  # a line for what one report said
    assert "… dan" in full[0]
    assert all(len(text) <= 4096 for text in full)


async def test_in_a_group_staff_commands_change_nothing(town: Town, office: Deployment) -> None:
    town.world.add_phone(GROUP, "RT 05", user_id=STAFF)

    people.say(town.world, GROUP, "/lapor blangko habis")
    people.say(town.world, GROUP, f"/masihsama@{town.world.profile.username}")
    await town.answer(town.citizen, "jam buka")
    assert await office.stop() == 0

    assert "belum diumumkan" not in "".join(town.written(GROUP))
    assert office.query("SELECT id FROM previews") == []
    assert office.query("SELECT number FROM reports") == []
    assert not town.world.updates.pending
