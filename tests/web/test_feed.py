"""The Atom feed, read by a library, and the badges."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest

from bot.rules.catalogue import State
from bot.rules.reports import Assertion
from tests.office.house import SITTI
from tests.web.site import HERE, KENDARI, Site

ATOM = "{http://www.w3.org/2005/Atom}"


async def feed(site: Site, query: str = "") -> Any:
    answer = await site.get(f"/feed.atom{query}")
    assert answer.headers["content-type"] == "application/atom+xml"
    read = feedparser.parse(answer.content, sanitize_html=False)
    assert not read.bozo, read.bozo_exception
    assert read.version == "atom10"
    return read


async def test_each_report_is_an_entry_the_latest_first(site: Site) -> None:
    await site.house.posts("lapor pusat putus kabel laut putus; sampai besok")
    site.house.watch.goes_on(hours=2)
    await site.house.posts("pulih pusat antrean panjang")
    await site.house.office.staff.confirm(SITTI)

    read = await feed(site)

    assert [one.title for one in read.entries] == ["Jaringan pusat: pulih.", "Jaringan pusat: terganggu."]
    assert "Sebab: kabel laut putus." in read.entries[1].content[0].value
    assert "Catatan petugas: antrean panjang." in read.entries[0].content[0].value
    assert read.entries[0].updated == read.feed.updated == "2023-02-02T11:00:00+08:00"
    assert {"term": "ktp"}.items() <= read.entries[1].tags[0].items()


async def test_a_report_that_was_taken_back_is_corrected_under_its_own_id(site: Site) -> None:
    done = await site.house.posts("lapor kk putus kabel digigit tikus")
    before = (await feed(site)).entries[0]
    site.house.watch.goes_on(hours=1)
    await site.takes_back(done.report.number)

    (after,) = (await feed(site)).entries

    assert (after.id, after.published) == (before.id, before.published)
    assert after.updated_parsed > before.updated_parsed
    assert after.title.startswith("Ralat:")
    assert "tikus" not in after.content[0].value


async def test_ids_stay_and_differ(site: Site) -> None:
    await site.house.posts("lapor kk putus")
    await site.house.posts("pulih kk")
    first = [one.id for one in (await feed(site)).entries]
    site.house.watch.goes_on(days=30)
    await site.house.posts("lapor ikd putus")
    later = [one.id for one in (await feed(site, "?bahasa=en")).entries]

    assert later[1:] == first
    assert len(set(later)) == 3
    assert all(one.startswith("urn:uuid:") for one in later)


async def test_it_has_everything_that_an_atom_feed_must_have(site: Site) -> None:
    await site.house.posts("lapor kk putus")

    root = ElementTree.fromstring((await site.get("/feed.atom?bahasa=en")).content)

    for node in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(node.findall(f"{ATOM}{name}")) == 1
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Civil Registry Office of Kendari"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"self": f"{HERE}/feed.atom?bahasa=en", "alternate": f"{HERE}/?bahasa=en"}


async def test_an_empty_feed_is_a_feed(site: Site) -> None:
    assert (await feed(site)).entries == []


async def test_it_forgets_after_90_days_and_after_50_reports(site: Site) -> None:
    for _ in range(52):
        await site.asserts(Assertion("kk", KENDARI.main_counter.path, State.UNAVAILABLE))
    many = (await feed(site)).entries
    site.house.watch.goes_on(days=91)

    assert len(many) == 50
    assert (await feed(site)).entries == []


@pytest.mark.parametrize(
    ("state", "told", "colour"),
    [
        (State.AVAILABLE, "KK: Bisa", "#0d6630"),
        (State.LIMITED, "KK: Terbatas", "#7a4a00"),
        (State.UNAVAILABLE, "KK: Belum bisa", "#a3151a"),
    ],
)
async def test_a_badge_says_its_state_in_words_and_by_colour(site: Site, state: State, told: str, colour: str) -> None:
    await site.asserts(Assertion("kk", KENDARI.main_counter.path, state))

    answer = await site.get("/badge/kk.svg")

    drawn = ElementTree.fromstring(answer.content)
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert drawn.get("aria-label") == told
    assert colour in answer.text


async def test_a_badge_of_several_steps_says_that_it_is_part_of_them(site: Site) -> None:
    await site.house.posts("lapor ktp_cetak putus")

    assert "KTP: Sebagian belum bisa" in (await site.get("/badge/ktp.svg")).text
    assert "Pencetakan KTP-el: Belum bisa" in (await site.get("/badge/ktp_cetak.svg")).text
    assert "Not working" in (await site.get("/badge/ktp_cetak.svg?bahasa=en")).text


async def test_there_is_no_badge_for_what_there_is_not(site: Site) -> None:
    answer = await site.get("/badge/sim.svg")

    assert (answer.status_code, answer.json()) == (404, {"error": "missing"})
