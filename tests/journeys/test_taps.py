"""The usual outage and the usual return by taps alone, counted, over a restart between them."""

from __future__ import annotations

from collections import Counter

from tests.journeys.deployment import STAFF, Deployment
from tests.journeys.town import BACK, DECIDED, Town
from tests.phone import labels_of


async def test_the_usual_outage_and_the_usual_return_are_two_taps_each(town: Town, office: Deployment) -> None:
    taps: Counter[str] = Counter()

    async def tap(part: str, label: str, shows: str) -> dict:
        taps[part] += 1
        await town.staff.tap(label)
        return await town.staff.wait_for(shows)

    await town.staff.say("/lapor")
    first = await town.staff.wait_for("Apa yang berubah?")
    await tap("outage", "Blangko habis", "belum diumumkan")
    published = await tap("outage", "Terbitkan", DECIDED)
    told = await town.answer(town.citizen, "cetak ktp sudah bisa?")
    await town.answer(town.subscriber, "kabari kalau cetak ktp sudah bisa")
    await town.staff.say("/lapor")
    await town.staff.wait_for("Apa yang berubah?")
    await office.restart()
    preview = await tap("return", "Blangko KTP pulih", "belum diumumkan")
    await tap("return", "Terbitkan", DECIDED)
    back = await town.subscriber.wait_for(BACK)

    assert taps == {"outage": 2, "return": 2}
    assert published["message_id"] == first["message_id"]
    assert "blangko KTP habis, kiriman dari pusat sedang ditunggu" in told
    assert "Perkiraan bisa lagi: belum ada" in told
    assert labels_of(preview) == ["Terbitkan", "Ubah", "Batal"]
    assert "Pencetakan KTP-el" in back["text"]
    assert len([one for one in await town.journal("sendMessage") if one["params"]["chat_id"] == STAFF]) == 2
