"""The public page: what it says, in which language, and how it is sent."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

from tests.office.house import ARMAN, SITTI
from tests.rules.small_office import at
from tests.web.site import HERE, Site, opened_site

CUT = "lapor pusat putus server pusat Kemendagri sedang diperbaiki; sampai besok; sejak 08.10"


class Reading(HTMLParser):
    """What a reader without a stylesheet hears, and the headings by level."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.levels, self._skip = "", [0], False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skip = tag == "style" or (self._skip and tag != "body")
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.text += " " + data


def read(page: str) -> str:
    return re.sub(r"\s+", " ", Reading(page).text)


async def test_with_nothing_reported_it_says_so(site: Site) -> None:
    page = (await site.get("/")).text

    assert "Belum ada kabar dari petugas" in read(page)
    assert "Tidak ada gangguan yang dilaporkan." in page
    assert "Tidak ada yang dijadwalkan." in page


async def test_it_answers_what_works_why_since_when_and_until_when(site: Site) -> None:
    await site.house.posts("lapor ktp_ambil bisa")
    await site.house.posts(CUT)

    told = read((await site.get("/")).text)

    assert "Sebagian layanan belum bisa hari ini" in told
    assert "Pencetakan ✕ Belum bisa" in told
    assert "Sebab: server pusat Kemendagri sedang diperbaiki, sejak hari ini pukul 08.10 WITA." in told
    assert "Perkiraan bisa lagi: besok, Jumat, 3 Februari." in told
    assert "Terbatas: berkas diterima, dikerjakan kemudian" in told
    assert "Diperbarui petugas hari ini, Kamis, 2 Februari 2023 pukul 09.00 WITA." in told
    assert "Loket buka sampai pukul 15.00 WITA." in told
    assert "Gangguan jaringan pusat" in told


async def test_services_in_trouble_come_first(site: Site) -> None:
    await site.house.posts("lapor legalisir putus; sampai besok")

    page = (await site.get("/")).text

    assert re.findall(r'<li id="(\w+)"', page)[:2] == ["legalisir", "ktp"]


async def test_an_incident_keeps_its_updates_after_it_ended(site: Site) -> None:
    await site.house.posts(CUT)
    site.house.watch.goes_on(days=2)
    await site.house.posts("pulih pusat")
    site.house.watch.goes_on(days=40)

    told = read((await site.get("/")).text)

    assert "Gangguan jaringan pusat ✓ Selesai" in told
    assert "(2 hari)" in told
    assert "Jaringan pusat: pulih." in told
    assert "Layanan yang berhenti: perekaman KTP-el, pencetakan KTP-el" in told


async def test_what_was_only_limited_is_told_so(site: Site) -> None:
    await site.house.posts("lapor legalisir terbatas petugas rapat")

    told = read((await site.get("/")).text)

    assert "Layanan yang terbatas: " in told
    assert "Layanan yang berhenti: " not in told


async def test_the_last_90_days_are_bars_with_their_figures_and_days_in_words(site: Site) -> None:
    await site.house.posts("lapor kk, ikd bisa")
    site.house.watch.goes_on(days=4)  # Monday
    await site.house.posts("lapor kk putus")
    site.house.watch.goes_on(hours=1)
    await site.house.posts("pulih kk")

    page = (await site.get("/")).text

    assert re.findall(r"<li><p>(KK|Aktivasi IKD): <b>([^<]*)</b></p><svg", page) == [
        ("KK", "terganggu sekali, 1 jam"),
        ("Aktivasi IKD", "tidak ada gangguan yang dilaporkan"),
    ]
    assert "<title>90 hari terakhir: terganggu sekali, 1 jam. Harinya: 6 Feb.</title>" in page
    assert re.search(r'<path class="unavailable" d="m268 20v-\d+"/>', page)


async def test_each_place_has_bars_of_its_own(site: Site) -> None:
    await site.house.posts("lapor kk bisa")
    await site.house.posts("lapor kk di mpp putus")
    site.house.watch.goes_on(hours=1)

    everywhere, there = (await site.get("/")).text, (await site.get("/?tempat=kendari/mpp")).text

    assert "KK di Mal Pelayanan Publik (MPP): <b>terganggu sekali, 1 jam" in everywhere
    assert "KK di Kantor Disdukcapil: <b>tidak ada gangguan" in everywhere
    assert (there.count("<svg"), "<p>KK: <b>terganggu sekali, 1 jam" in there) == (1, True)


async def test_many_different_histories_are_cut_to_what_a_cheap_telephone_takes(site: Site) -> None:
    for target in ("ktp_rekam", "ktp_cetak", "ktp_ambil", "kk", "kia", "akta lahir", "legalisir", "ikd", "suket"):
        await site.house.posts(f"lapor {target} putus")
        site.house.watch.goes_on(minutes=5)

    page = (await site.get("/")).text

    assert page.count('role="img"') == 8
    assert "Masih ada 1 riwayat lain." in page


async def test_it_says_once_how_long_such_an_outage_usually_lasts(site: Site) -> None:
    for _ in range(7):
        await site.house.posts("lapor pusat putus")
        site.house.watch.goes_on(hours=1)
        await site.house.posts("pulih pusat")
        site.house.watch.goes_on(hours=23)
    await site.house.posts("lapor pusat putus")

    assert (await site.get("/")).text.count("Gangguan jaringan pusat biasanya sekitar 1 jam") == 1


async def test_incidents_of_more_than_90_days_ago_are_left_out(site: Site) -> None:
    await site.house.posts(CUT)
    await site.house.posts("pulih pusat")
    site.house.watch.goes_on(days=91)

    assert "Tidak ada gangguan yang dilaporkan." in (await site.get("/")).text


async def test_a_report_that_was_taken_back_is_told_nowhere_on_it(site: Site) -> None:
    done = await site.house.posts("lapor kk putus kabel digigit tikus")
    await site.takes_back(done.report.number)

    assert "tikus" not in (await site.get("/")).text


async def test_maintenance_to_come_is_announced_and_goes_on_until_staff_confirm(site: Site) -> None:
    planned = await site.house.shows("lapor kk putus pemutakhiran sistem; sampai 3/2 14.00")
    (assertion,) = planned.preview.assertions
    await site.asserts(replace(assertion, planned_from=at(3, 8)))

    ahead = read((await site.get("/")).text)
    site.house.watch.goes_on(days=1)
    going_on = read((await site.get("/")).text)

    assert "Pemeliharaan Kartu Keluarga (KK)" in ahead
    assert "Akan datang" in ahead
    assert "Mulai besok, Jumat, 3 Februari pukul 08.00 WITA sampai besok, Jumat, 3 Februari pukul 14.00 WITA." in ahead
    assert "Sedang berjalan" in going_on
    assert "Pemeliharaan terjadwal: pemutakhiran sistem" in going_on


async def test_closed_today_comes_first_and_the_outage_follows(site: Site) -> None:
    await site.house.posts(CUT)
    site.house.watch.now = at(4, 10)  # a Saturday

    told = read((await site.get("/")).text)

    assert told.index("tutup hari ini") < told.index("Sebagian layanan belum bisa")


async def test_no_staff_name_is_on_it(site: Site) -> None:
    await site.house.posts(CUT, SITTI)
    await site.house.posts("pulih pusat", ARMAN)

    for path in ("/", "/?layar=1", "/api/v2/summary.json", "/api/v2/incidents.json", "/feed.atom", "/badge/ktp.svg"):
        body = (await site.get(path)).text
        assert SITTI.name not in body
        assert ARMAN.name not in body
        assert str(SITTI.id) not in body


async def test_where_counters_differ_each_has_its_line_and_the_page_narrows_to_one(site: Site) -> None:
    await site.house.posts("lapor kk putus; sampai besok")
    await site.house.posts("lapor kk di mpp bisa")

    everywhere = (await site.get("/")).text
    there = read((await site.get("/?tempat=kendari/mpp")).text)

    assert "Mal Pelayanan Publik (MPP) ✓ Bisa" in read(everywhere)
    assert "Kantor Disdukcapil ✕ Belum bisa" in read(everywhere)
    assert 'href="?tempat=kendari/mpp"' in everywhere
    assert "Kartu Keluarga (KK) ✓ Bisa" in there


async def test_the_language_is_asked_for_by_name_or_preferred_by_the_browser(site: Site) -> None:
    named = await site.get("/?bahasa=en", accept_language="id")
    preferred = await site.get("/", accept_language="fr, en-GB;q=0.9, id;q=0.5")
    neither = await site.get("/?bahasa=xx", accept_language="fr;q=1, *;q=0.1")

    assert '<html lang="en">' in named.text
    assert '<html lang="en">' in preferred.text
    assert '<html lang="id">' in neither.text
    assert "No word from staff yet" in named.text
    assert 'href="privasi?bahasa=en"' in named.text


async def test_headings_go_down_one_level_at_a_time_from_a_single_first(site: Site) -> None:
    await site.house.posts(CUT)

    for path in ("/", "/?layar=1", "/privasi", "/nowhere"):
        levels = Reading((await site.get(path)).text).levels
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


async def test_it_stays_under_30_kb_after_a_bad_quarter(site: Site) -> None:
    for day in range(30):
        await site.house.posts(
            f"lapor pusat putus server pusat Kemendagri sedang diperbaiki hari ke-{day}; sampai besok"
        )
        for hour in range(7):
            site.house.watch.goes_on(hours=1)
            await site.house.posts(f"lapor pusat putus server pusat masih diperbaiki {hour}; sampai besok")
        await site.house.posts("pulih pusat")
        site.house.watch.goes_on(hours=40)
    await site.house.posts("lapor pusat putus server pusat Kemendagri sedang diperbaiki; sampai besok")
    for target in ("alat", "listrik", "loket", "blangko", "tte", "biometrik"):
        await site.house.posts(
            f"lapor {target} putus keterangan petugas yang agak panjang tentang {target}; sampai besok"
        )

    for language in ("id", "en"):
        answer = await site.get(f"/?bahasa={language}")
        assert len(answer.content) < 30_000
    assert "gangguan lain dalam 90 hari ini" in (await site.get("/")).text


async def test_it_has_no_script_and_nothing_of_another_site(site: Site) -> None:
    answer = await site.get("/")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<script" not in answer.text
    assert not re.search(r"""(src|srcset)=|style="|url\(""", answer.text)


async def test_who_has_it_already_is_told_so(site: Site) -> None:
    first = await site.get("/")
    again = await site.get("/", if_none_match=f'"other", {first.headers["etag"]}')
    await site.house.posts(CUT)
    changed = await site.get("/", if_none_match=first.headers["etag"])

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert changed.status_code == 200
    assert first.headers["cache-control"] == "public, max-age=30"
    assert "Accept-Language" in first.headers["vary"]


async def test_it_is_sent_zipped_to_those_who_take_that(site: Site) -> None:
    zipped = await site.get("/", accept_encoding="gzip, br")
    plain = await site.get("/", accept_encoding="gzip;q=0, identity")

    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(zipped.headers["content-length"]) < 8_000 < len(plain.content)
    assert zipped.text == plain.text


async def test_the_waiting_rooms_screen_refreshes_itself_and_shows_the_way_to_the_bot(site: Site) -> None:
    await site.house.posts(CUT)
    shown = (await site.get("/?layar=1")).text
    site.bot_name = None
    without = (await site.get("/?layar=1")).text

    assert '<meta http-equiv="refresh" content="60">' in shown
    assert "Kode QR ke t.me/loket_bot" in shown
    assert "<b>Gangguan jaringan pusat</b>: server pusat Kemendagri sedang diperbaiki, sejak" in shown
    assert "<svg" not in without


async def test_the_privacy_page_says_what_is_kept_and_for_how_long(site: Site) -> None:
    told = read((await site.get("/privasi")).text)

    for word in ("48 jam", "90 hari", "10 menit", "/hapusdata", "UU 27/2022", "luar negeri", "kuki"):
        assert word in told


async def test_what_there_is_not_is_said_in_words(site: Site) -> None:
    missing = await site.get("/nowhere?bahasa=en")
    wrong = await site.ask("POST", "/")

    assert (missing.status_code, wrong.status_code) == (404, 405)
    assert "There is no such page" in missing.text
    assert wrong.headers["allow"]


async def test_links_name_the_public_address_where_it_is_set(tmp_path: Path) -> None:
    async with opened_site(tmp_path, base="https://layanan.example") as site:
        told = (await site.get("/feed.atom", host="other.example")).text

    assert 'href="https://layanan.example/feed.atom"' in told
    assert "other.example" not in told
    assert HERE not in told


async def test_a_page_is_made_once_for_all_who_ask_within_a_minute(site: Site) -> None:
    first = await site.get("/")
    site.house.watch.goes_on(seconds=50)
    same = await site.get("/")
    site.house.watch.goes_on(seconds=50)
    later = await site.get("/")

    assert first.headers["etag"] == same.headers["etag"] != later.headers["etag"]
