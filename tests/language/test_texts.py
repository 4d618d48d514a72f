"""Texts: complete in every language, dates as people here write them, and nothing from people becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.messages import BLANK, Answer, Brief, Capital, Clock, Hours, Lines, Listing, Words, paragraphs, say
from bot.language.phrases import table
from bot.language.texts import Texts
from bot.rules.catalogue import Opening
from bot.rules.reports import Moment
from tests.language.gallery import Scene, scenes
from tests.language.office import WITA, at

TEXTS = Texts.load()
SCENES = tuple(scenes())
SYMBOLS = "✅⚠⛔❔"


def said(value: object, now: datetime | None = None, language: str = "id") -> str:
    """A value alone, as a reader sees it."""
    one = Texts({"id": {**TEXTS.by_language["id"], "x": "{v}"}, "en": {**TEXTS.by_language["en"], "x": "{v}"}})
    return one.render(say("x", v=value), language, now or at(2), WITA)  # type: ignore[arg-type]


def test_the_main_language_comes_first() -> None:
    assert TEXTS.languages == ("id", "en")


def test_every_agency_that_is_recognised_has_an_answer() -> None:
    agencies = {
        line.partition(":")[0] for group in ("strong", "weak") for line in table("agencies")[group].strip().splitlines()
    }

    assert {f"agency.{label}" for label in agencies} <= TEXTS.by_language["id"].keys()


def test_a_text_that_a_language_lacks_is_borrowed_from_the_main_one() -> None:
    texts = Texts({"id": {"hello": "halo", "bye": "dah"}, "en": {"hello": "hello"}})

    assert texts.text("bye", "en") == "dah"
    assert texts.render(say("hello"), "jv", at(2), WITA) == "halo"


def test_a_text_that_nobody_wrote_is_an_error() -> None:
    with pytest.raises(KeyError):
        TEXTS.text("no.such.text", "id")


def test_texts_are_read_from_the_folder_that_is_given(tmp_path: Path) -> None:
    folder = tmp_path / "id" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (folder / "loket.po").write_text(head + 'msgid "a"\nmsgstr "A"\n\n#, fuzzy\nmsgid "b"\nmsgstr "B"\n', "utf-8")

    assert Texts.load(tmp_path).by_language == {"id": {"a": "A"}}


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        (
            at(2, 8, 5),
            "hari ini, Kamis, 2 Februari 2023 pukul 08.05 WITA",
            "today, Thursday, 2 February 2023 at 08:05 WITA",
        ),
        (at(1, 15, 10), "kemarin, Rabu, 1 Februari 2023 pukul 15.10 WITA", None),
        (Moment(at(3, 16), whole_day=True), "besok, Jumat, 3 Februari 2023", "tomorrow, Friday, 3 February 2023"),
        (at(24, 8, month=1), "Selasa, 24 Januari 2023 pukul 08.00 WITA", None),
        (date(2023, 2, 2), "Kamis, 2 Februari 2023", "Thursday, 2 February 2023"),
        (time(8, 5), "08.05", "08:05"),
        (Brief(at(2, 8, 5)), "hari ini pukul 08.05 WITA", "today at 08:05 WITA"),
        (Brief(at(1, 15, 10)), "Rabu, 1 Februari pukul 15.10 WITA", None),
        (Brief(date(2023, 2, 3)), "besok, Jumat, 3 Februari", None),
        (Brief(Moment(at(2, 16), whole_day=True)), "hari ini", "today"),
        (Brief(at(30, 8, month=12, year=2022)), "Jumat, 30 Desember 2022 pukul 08.00 WITA", None),
        (Clock(at(2, 15)), "15.00 WITA", "15:00 WITA"),
        (Hours((Opening(time(8), time(12)), Opening(time(13), time(15)))), "08.00–12.00 dan 13.00–15.00", None),
        (1248, "1.248", "1,248"),
        (Listing(("A", "B", "C")), "A, B, dan C", "A, B, and C"),
        (Listing(("A", "B"), either=True), "A atau B", "A or B"),
        (Words({"id": "akta", "en": "deed"}), "akta", "deed"),
        (Words({"id": "akta"}), "akta", "akta"),
        (Capital(Words({"id": "pencetakan"})), "Pencetakan", None),
        (Capital(say("staff.same.done", at="8")), "Terima kasih. Semua keadaan dikonfirmasi pukul 8.", None),
        (Lines((say("staff.state.available"), BLANK)), "✅ bisa\n", "✅ available\n"),
    ],
)
def test_values_are_written_as_readers_write_them(value: object, indonesian: str, english: str | None) -> None:
    assert said(value) == indonesian
    if english:
        assert said(value, language="en") == english


def test_today_is_the_offices_today() -> None:
    late_in_utc = datetime(2023, 2, 1, 23, 30, tzinfo=ZoneInfo("UTC"))  # 07.30 on the 2nd in Kendari

    assert said(Brief(at(2, 8)), now=late_in_utc) == "hari ini pukul 08.00 WITA"


@pytest.mark.parametrize(
    ("zone", "name"), [("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")]
)
def test_each_zone_goes_by_its_own_name(zone: str, name: str) -> None:
    there = ZoneInfo(zone)
    noon = datetime(2023, 2, 2, 12, tzinfo=there)

    told = TEXTS.plain(say("staff.published", at=Clock(noon)), "en", noon, there)

    assert told == f"Published at 12:00 {name}."


def test_a_capital_goes_past_markup() -> None:
    assert said(Capital(say("status.unavailable.closed", step="x"))).startswith("⛔ <b>x")
    assert said(Capital(say("board.title", day="x"))).startswith("<b>Layanan")


def test_several_answers_become_one_with_an_empty_line_between() -> None:
    first, second = Answer((say("help.free"),)), Answer((say("forget.done"),))

    told = TEXTS.render(paragraphs(first, Answer(()), second), "en", at(2), WITA)

    assert (
        told
        == "All documents are free of charge.\n\nAll data of this chat has been deleted. You can still ask any time."
    )


@given(st.text(min_size=1).filter(lambda text: "\r" not in text))
def test_nothing_that_people_write_becomes_markup(text: str) -> None:
    message = say("cause.given_of", cause=text, subject=Words({"id": text}), since=Listing((text, text)))

    rendered = TEXTS.render(message, "id", at(2), WITA)

    assert _tags(rendered) == []
    assert TEXTS.plain(message, "id", at(2), WITA).count(text) >= 3


class _Tags(HTMLParser):
    """The tags of a text, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.seen.append("/" + tag)


def _tags(rendered: str) -> list[str]:
    parser = _Tags()
    parser.feed(rendered)
    parser.close()
    return parser.seen


def _rendered() -> Iterator[tuple[Scene, str]]:
    for scene in SCENES:
        for language in TEXTS.languages:
            yield scene, TEXTS.render(scene.said, language, scene.now, WITA)


def test_markup_is_what_telegram_takes_and_closes() -> None:
    for scene, rendered in _rendered():
        opened: list[str] = []
        for tag in _tags(rendered):
            if tag.startswith("/"):
                assert opened.pop() == tag[1:], scene.name
            else:
                assert tag in {"b", "i", "code", "blockquote"}, scene.name
                opened.append(tag)
        assert not opened, scene.name


def test_no_reader_meets_a_hole_in_a_text() -> None:
    for scene, rendered in _rendered():
        assert not re.search(r"None|[{}]|belum diisi|  |\.\.|: ?\.|\( ?\)", rendered), scene.name
        assert rendered.strip() == rendered, scene.name


def test_messages_fit_a_telephone() -> None:
    longer = ("privacy", "staff", "audit", "asked: a NIK and a question", "counters differ, all")
    for scene, _ in _rendered():
        plain = TEXTS.plain(scene.said, "id", scene.now, WITA)
        assert len(plain) <= (1200 if scene.name.startswith(longer) else 640), (scene.name, len(plain))


def test_every_symbol_stands_beside_a_word() -> None:
    for scene, rendered in _rendered():
        plain = re.sub(r"<[^>]+>", "", rendered)
        for found in re.finditer(f"[{SYMBOLS}]\ufe0f?(.{{2}})", plain):
            assert re.match(r" \w|\) ?| \(", found[1]), (scene.name, found[0])


def test_buttons_fit_and_are_few() -> None:
    lists = (
        "subscription, which",
        "subscription, list",
        "subscription, empty list",
        "intent subscribe",
        "staff",
        "roster, list",
    )
    for scene in SCENES:
        buttons = [button for row in scene.said.buttons for button in row]
        assert all(len((button.action or "-").encode()) in range(1, 65) for button in buttons), scene.name
        assert all(button.action or button.url or button.query is not None for button in buttons), scene.name
        assert all(len(TEXTS.plain(one.label, "id", scene.now, WITA)) <= 40 for one in buttons), scene.name
        assert len(buttons) <= 3 or scene.name.startswith(lists), scene.name


def test_belum_bisa_is_said_of_unavailable_steps_alone() -> None:
    down = re.compile(
        r"unavailable|\.still|staff\.line|reminder\.ended|schedule\.by_itself|history\.legend|status\.(?:critical|major)"
    )
    wrong = [name for name, text in TEXTS.by_language["id"].items() if "belum bisa" in text and not down.search(name)]

    assert wrong == []


def test_menu_texts_fit_what_telegram_allows() -> None:
    office = Words({"id": "Dinas Kependudukan dan Pencatatan Sipil Kota Kendari"})
    for language in TEXTS.languages:
        description = TEXTS.plain(say("menu.description", office=office), language, at(2), WITA)
        short = TEXTS.plain(say("menu.short_description", office=office), language, at(2), WITA)
        assert len(description) <= 512
        assert len(short) <= 120, short
