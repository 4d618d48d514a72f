"""What subscribers and staff of one office among 514 read: their own place, by its name, and nothing of the others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.delivery.release import owed_to
from bot.rules.notices import Askable, Notice, NoticeKind, Wish
from bot.store import Store
from tests.catalogues.indonesia import indonesia
from tests.migrated import migrated
from tests.office.house import CITIZEN, NEIGHBOUR, House

BOGOR, KENDARI = "kota_bogor", "kota_kendari"


@pytest.fixture
async def country(tmp_path: Path) -> AsyncIterator[House]:
    store = Store(migrated(tmp_path / "loket.db"))
    await store.open()
    yield House(store, indonesia())
    await store.close()


async def told(house: House, kind: NoticeKind) -> dict[int, str]:
    """What each subscriber reads of the newest notice of a kind."""
    notice = next(one for one in reversed(await house.pending()) if one.kind is kind)
    async with house.store.reading() as session:
        chats = await session.subscriptions_for({change.step for change in notice.changes}, 0, 100)
    found = {
        chat: house.office.telling.notice(notice, changes, Wish.ALWAYS)
        for chat, changes in owed_to(chats, Askable(notice))
    }
    return {chat: house.reads(said[0]) for chat, said in found.items() if said}


async def outages_too(house: House, chat: int, place: str) -> None:
    await house.office.subscribers.always(chat, ["ktp_cetak"], place)
    await house.office.subscribers.outages(chat, "ktp")


async def test_a_report_on_one_office_reaches_only_who_waits_there(country: House) -> None:
    await outages_too(country, CITIZEN, BOGOR)
    await outages_too(country, NEIGHBOUR, KENDARI)

    await country.posts("lapor blangko di provinsi sulawesi tenggara habis")
    await country.posts("lapor blangko di kota bogor habis kiriman ditunggu")

    read = await told(country, NoticeKind.OUTAGE)
    assert list(read) == [CITIZEN]
    assert "di Kota Bogor" in read[CITIZEN]
    assert "kiriman ditunggu" in read[CITIZEN]
    assert "Kendari" not in read[CITIZEN]


async def test_a_report_on_the_country_holds_for_all_and_each_reads_of_their_own_place(country: House) -> None:
    await outages_too(country, CITIZEN, BOGOR)
    await outages_too(country, NEIGHBOUR, KENDARI)

    await country.posts("lapor pusat putus server diperbaiki")

    read = await told(country, NoticeKind.OUTAGE)
    assert "di Kota Bogor" in read[CITIZEN]
    assert "di Kota Kendari" in read[NEIGHBOUR]
    assert all(len(text) < 700 for text in read.values())


async def test_a_return_names_the_place_as_citizens_know_it(country: House) -> None:
    await country.posts("lapor pusat di provinsi jawa barat putus")
    await country.office.subscribers.once(CITIZEN, ["ktp_cetak"], BOGOR)

    await country.posts("pulih pusat di kota bogor")
    await country.posts("pulih pusat di provinsi jawa barat")

    read = await told(country, NoticeKind.RESUMPTION)
    assert "Pencetakan KTP-el di Kota Bogor" in read[CITIZEN]


async def test_a_channel_reads_the_fewest_places(country: House) -> None:
    await country.posts("lapor blangko di provinsi jawa barat habis")
    await country.posts("lapor blangko di provinsi bali habis")

    notices: list[Notice] = [one for one in await country.pending() if one.kind is NoticeKind.OUTAGE]
    read = [country.office.telling.notice(one, one.changes, Wish.ALWAYS) for one in notices]

    texts = [country.reads(said[0]) for said in read if said]
    assert "di Provinsi Jawa Barat" in texts[0]
    assert "di Provinsi Bali" in texts[1]
    assert all(len(text) < 900 for text in texts)


async def test_a_preview_shows_what_is_read_at_one_office(country: House) -> None:
    shown = await country.shows("lapor pusat putus server diperbaiki")

    assert len(country.reads(shown.reads)) < 1500
    assert len(shown.following.changes) > 5000
