"""Whatever staff write stays text: in HTML, XML, JSON and SVG."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.catalogue import State
from bot.rules.reports import Assertion, Estimate
from bot.web.wording import scrubbed
from tests.rules.small_office import at
from tests.web.site import HOSTILE, KENDARI, Site, opened_site

PAGES = ("/", "/?layar=1", "/privasi")
JSONS = tuple(f"/api/v2/{name}.json" for name in ("summary", "components", "incidents", "scheduled-maintenances"))
FEEDS = ("/feed.atom", "/badge/kk.svg")
SAID = scrubbed(HOSTILE)


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


async def reported(site: Site) -> None:
    """Hostile words wherever staff may write: causes of outages and of maintenance, and notes."""
    office = KENDARI.main_counter.path
    await site.asserts(Assertion("kk", office, State.UNAVAILABLE, HOSTILE))
    await site.asserts(Assertion("legalisir", office, State.UNAVAILABLE, HOSTILE))
    await site.asserts(Assertion("legalisir", office, State.AVAILABLE, HOSTILE))
    await site.asserts(
        Assertion("ikd", office, State.UNAVAILABLE, HOSTILE, estimate=Estimate(None), planned_from=at(3))
    )
    gone = await site.asserts(Assertion("no_such_step <b>", "no/such place\"'", State.UNAVAILABLE, HOSTILE))
    await site.takes_back(gone)


@pytest.mark.parametrize("path", PAGES)
async def test_pages_show_it_as_it_was_written(site: Site, path: str) -> None:
    await reported(site)

    page = Tags((await site.get(path)).text)

    assert "script" not in page.tags
    assert not any(name.startswith("on") for name in page.attributes)
    if path == "/":
        assert SAID in page.text


@pytest.mark.parametrize("path", JSONS)
async def test_json_holds_it_as_text(site: Site, path: str) -> None:
    await reported(site)

    told = json.dumps((await site.get(path)).json(), ensure_ascii=False)

    assert json.dumps(SAID, ensure_ascii=False)[1:-1] in told
    assert "\u202e" not in told


@pytest.mark.parametrize("path", FEEDS)
async def test_xml_stays_well_formed(site: Site, path: str) -> None:
    await reported(site)

    read = ElementTree.fromstring((await site.get(path)).content)

    assert not [node for node in read.iter() if "script" in node.tag]
    if path == "/feed.atom":
        assert any(SAID in (node.text or "") for node in read.iter("{http://www.w3.org/2005/Atom}content"))


async def test_a_catalogue_with_hostile_names_breaks_nothing_either(tmp_path: Path) -> None:
    text = {"id": HOSTILE}
    services = tuple(
        replace(one, name=text, short=text, steps=tuple(replace(step, name=text, short=text) for step in one.steps))
        for one in KENDARI.services
    )
    places = tuple(replace(one, name=text) for one in KENDARI.places)
    office = replace(KENDARI.office, name=text)
    hostile = replace(KENDARI, services=services, places=places, office=office)

    async with opened_site(tmp_path, hostile) as site:
        await reported(site)
        for path in PAGES:
            assert "script" not in Tags((await site.get(path)).text).tags
        for path in FEEDS:
            ElementTree.fromstring((await site.get(path)).content)
        for path in JSONS:
            assert SAID in json.dumps((await site.get(path)).json(), ensure_ascii=False).replace('\\"', '"')


@given(st.text(st.characters()))
def test_what_is_scrubbed_is_good_for_xml_and_turns_nothing_round(text: str) -> None:
    kept = scrubbed(text)

    node = ElementTree.Element("a")
    node.text = kept
    read = ElementTree.fromstring(ElementTree.tostring(node, encoding="unicode"))

    assert (read.text or "") == kept.replace("\r\n", "\n").replace("\r", "\n")
    assert not any(unicodedata.bidirectional(one) in {"RLE", "LRE", "RLO", "LRO", "PDF", "RLI", "LRI"} for one in kept)
