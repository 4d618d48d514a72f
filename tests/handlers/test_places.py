"""514 offices: where somebody is, is asked once and kept; every answer is for one office. One office hears of none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.metrics import ANSWERS
from bot.rules.reports import Author
from bot.rules.staff import Member, Role
from bot.store import Store
from tests.catalogues.indonesia import indonesia
from tests.handlers.desk import PERSON, Counter, message, opened
from tests.office.house import CITIZEN, NEIGHBOUR, SITTI

GROUP = -747100301
BOGOR = ("at:kab_bogor", "at:kota_bogor")
KOTA_BOGOR, KOTA_DEPOK = "indonesia/jawa_barat/kota_bogor", "indonesia/jawa_barat/kota_depok"
INLINE = {"id": "7", "from": {"id": CITIZEN, **PERSON}, "offset": ""}
ASKED = "Di kabupaten atau kota mana?"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One engine is enough: what the store keeps of a chat is tested on both elsewhere."""
    return f"sqlite:///{tmp_path / 'loket.db'}"


@pytest.fixture
async def country(store: Store) -> AsyncIterator[Counter]:
    async with opened(store, indonesia()) as counter:
        yield counter


async def kept(counter: Counter, chat: int = CITIZEN) -> str | None:
    """The last part of the place that is kept of a chat."""
    async with counter.house.store.reading() as session:
        place = (await session.chat_notes(chat)).place
    return place and place.rpartition("/")[2]


RT5 = {"id": GROUP, "type": "group", "title": "RT 5"}
BOT = {"id": 747100001, "is_bot": True, "first_name": "Loket", "username": "loket_bot"}


async def in_group(counter: Counter, text: str, user: int = CITIZEN, *, replying: bool = False) -> None:
    """Somebody speaks to the bot in a group, or replies to what it said last."""
    command = text.split()[0] if text.startswith("/") else ""
    said = message(user, text=text if command or replying else f"@loket_bot {text}") | {"chat": RT5}
    if command:
        said["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
    if replying:
        last = 999 + len(counter.called("sendMessage"))
        said["reply_to_message"] = message(user, text="…") | {"message_id": last, "chat": RT5, "from": BOT}
    await counter.gets(message=said)


async def taps_in_group(counter: Counter, data: str, user: int = CITIZEN) -> None:
    query = {"id": "1", "from": {"id": user, **PERSON}, "chat_instance": "1", "data": data}
    await counter.gets(callback_query=query | {"message": message(user, text="…") | {"chat": RT5}})


async def test_a_question_waits_until_its_place_is_known(country: Counter) -> None:
    await country.says("ktp sudah bisa?")
    asked = country.text
    await country.says("kota bogor")

    assert ASKED in asked
    assert country.text.startswith("<b>Layanan KTP-el di Kota Bogor hari ini")
    assert await kept(country) == "kota_bogor"


async def test_it_is_asked_only_once(country: Counter) -> None:
    await country.says("kota bogor")
    await country.says("kk bisa diurus?")

    assert "di Kota Bogor" in country.text
    assert ASKED not in country.text


async def test_a_name_with_a_slip_that_two_places_have_is_chosen_by_a_tap(country: Counter) -> None:
    await country.says("ktp sudah bisa?")
    await country.says("bgor")
    offered = tuple(country.buttons)
    await country.taps("at:kab_bogor")

    assert offered == BOGOR
    assert "KTP-el di Kabupaten Bogor" in country.text
    assert await kept(country) == "kab_bogor"


async def test_a_name_that_nobody_knows_is_asked_for_again_with_a_list(country: Counter) -> None:
    await country.says("ktp sudah bisa?")
    await country.says("xyzqwe")

    assert "belum saya kenali" in country.text
    assert country.buttons == ["atp"]


async def test_a_place_is_found_from_province_to_office(country: Counter) -> None:
    await country.taps("atp")
    provinces = country.buttons
    await country.taps(provinces[-1])
    await country.taps("atp:jawa_timur:1")
    offices = country.buttons
    await country.taps(offices[0])

    assert len(provinces) == 21  # a page, and the way to the next
    assert offices[-1] == "atp:jawa_timur:0"
    assert await kept(country) == offices[0].removeprefix("at:")


async def test_a_province_is_a_list_of_its_offices(country: Counter) -> None:
    await country.says("lampung")

    assert "Provinsi Lampung" in country.text
    assert "at:kota_metro" in country.buttons
    assert await kept(country) is None


async def test_a_question_about_another_place_does_not_move_anybody(country: Counter) -> None:
    await country.says("kota bogor")
    await country.says("ktp di kendari sudah bisa?")
    elsewhere = country.text
    await country.says("kalau surabaya?")

    assert "di Kota Kendari" in elsewhere
    assert "di Kota Surabaya" in country.text
    assert await kept(country) == "kota_bogor"


async def test_a_first_question_that_names_its_place_is_answered_there_and_it_is_kept(country: Counter) -> None:
    await country.says("ktp di kendari sudah bisa?")

    assert "di Kota Kendari" in country.text
    assert "Saya ingat" in country.text
    assert await kept(country) == "kota_kendari"


async def test_moving_to_a_place_is_no_question_about_it(country: Counter) -> None:
    await country.says("kota bogor")
    await country.says("mau pindah ke surabaya, layanan pindah bisa?")

    assert "Surabaya" not in country.text


async def test_another_place_is_asked_for_by_words_or_by_a_tap(country: Counter) -> None:
    await country.says("kota bogor")
    await country.says("ganti tempat")
    by_words = country.text
    await country.says("surabaya")
    await country.taps("atw")

    assert ASKED in by_words
    assert ASKED in country.text
    assert await kept(country) is None


@pytest.mark.parametrize("link", ["ktp-kota_batu", "ktp-indonesia_jawa_timur_kota_batu", "kabari_ktp-kota_batu"])
async def test_a_link_opens_its_place_and_keeps_it_where_none_was(country: Counter, link: str) -> None:
    await country.says(f"/start {link}")

    assert "Kota Batu" in country.text
    assert await kept(country) == "kota_batu"


async def test_a_link_to_another_place_changes_nothing_that_was_kept(country: Counter) -> None:
    await country.says("kota bogor")
    await country.says("/start ktp-kota_batu")

    assert "di Kota Batu" in country.text
    assert await kept(country) == "kota_bogor"


async def test_a_link_to_a_province_lets_choose(country: Counter) -> None:
    await country.says("/start ktp-gorontalo")
    await country.taps("at:kota_gorontalo")

    assert "KTP-el di Kota Gorontalo" in country.text


@pytest.mark.parametrize(
    "command", ["/start", "/status", "/jam", "/lokasi", "/riwayat", "/langganan ktp", "/status kk"]
)
async def test_no_command_lists_the_country(country: Counter, command: str) -> None:
    await country.says(command)
    before = country.text
    await country.says("kota bogor")
    await country.says(command)

    assert ASKED in before or command == "/riwayat"
    assert len(country.text) < 1200
    assert country.text.count("Disdukcapil") < 3


@pytest.mark.parametrize(
    "asked", ["syarat ktp hilang", "pengaduan", "makasih", "paspor di mana?", "berhenti", "/bantuan"]
)
async def test_what_is_alike_everywhere_asks_for_no_place(country: Counter, asked: str) -> None:
    await country.says(asked)

    assert ASKED not in country.text
    assert "📍" not in country.text


async def test_news_are_wanted_of_the_place_that_is_kept(country: Counter) -> None:
    await country.says("kabari kalau ktp sudah bisa")
    await country.says("bgor")
    await country.taps("at:kota_bogor")

    async with country.house.store.reading() as session:
        places = {one.place for one in await session.subscriptions_of(CITIZEN)}
    assert places == {"indonesia/jawa_barat/kota_bogor"}
    assert "KTP-el di Kota Bogor" in country.text


async def test_who_waits_in_one_city_is_not_said_to_wait_in_another(country: Counter) -> None:
    await country.says("/langganan ktp di kota bogor")
    await country.says("ktp di kota bogor bisa?")
    there = country.text
    await country.says("ktp di surabaya bisa?")

    assert "sudah terdaftar" in there
    assert "sudah terdaftar" not in country.text


async def test_all_that_is_waited_for_is_listed_by_place(country: Counter) -> None:
    await country.says("/langganan kk di kota bogor")
    await country.says("/langganan kk di surabaya")
    await country.says("/langganan")

    assert "di Kota Bogor" in country.text
    assert "di Kota Surabaya" in country.text


async def wanted(counter: Counter, chat: int = CITIZEN) -> list[tuple[str, str, str]]:
    """What a chat waits for: the step, the last part of the place, how long."""
    async with counter.house.store.reading() as session:
        own = await session.subscriptions_of(chat)
    return [(one.step, one.place.rpartition("/")[2], one.wish.value) for one in own]


async def test_a_stop_button_ends_one_place_and_leaves_the_other(country: Counter) -> None:
    await country.says("/langganan kk di kota bogor")
    await country.says("/langganan kk di kota surabaya")
    await country.says("/langganan")
    stops = [action for action in country.buttons if action.startswith("x:")]
    await country.taps("x:kk:kota_surabaya")

    assert stops == ["x:kk:kota_bogor", "x:kk:kota_surabaya"]
    assert country.text == "Langganan kabar <b>Kartu Keluarga (KK) di Kota Surabaya</b> dihentikan."
    assert await wanted(country) == [("kk", "kota_bogor", "always")]


async def test_the_button_under_what_was_just_begun_ends_it_alone(country: Counter) -> None:
    await country.says("/langganan ktp di kota bogor")
    await country.says("/langganan ktp di kabupaten penukal abab lematang ilir")
    buttons = country.buttons
    await country.taps(buttons[0])

    assert all(len(action.encode()) <= 64 for action in buttons)
    assert {place for _, place, _ in await wanted(country)} == {"kota_bogor"}


async def test_outages_are_told_of_the_place_whose_button_was_tapped(country: Counter) -> None:
    await country.says("/langganan kk di kota bogor")
    await country.says("/langganan kk di kota surabaya")
    await country.taps("o:kk:kota_surabaya")
    told = country.text
    await country.says("/langganan")

    assert "Kartu Keluarga (KK) di Kota Surabaya" in told
    assert country.text.count("juga bila terganggu") == 1
    async with country.house.store.reading() as session:
        assert [one.outages for one in await session.subscriptions_of(CITIZEN)] == [False, True]


@pytest.mark.parametrize(("button", "left"), [("o:kk", 2), ("x:kk", 0), ("x:*", 0)])
async def test_a_button_from_before_there_were_places_still_works(country: Counter, button: str, left: int) -> None:
    await country.says("/langganan kk di kota bogor")
    await country.says("/langganan kk di kota surabaya")
    await country.taps(button)

    async with country.house.store.reading() as session:
        own = await session.subscriptions_of(CITIZEN)
    assert len(own) == left
    assert all(one.outages for one in own)


async def test_a_stop_button_of_a_place_that_is_gone_ends_nothing_else(country: Counter) -> None:
    await country.says("/langganan kk di kota bogor")
    await country.taps("x:kk:kota_lama")

    assert "Tidak ada yang dihentikan" in country.text
    assert await wanted(country) == [("kk", "kota_bogor", "always")]


@pytest.mark.parametrize(
    ("command", "asked"),
    [
        ("/status ktp di bandung", "Yang mana?"),
        ("/langganan ktp di bandung", "Yang mana?"),
        ("/langganan kk di jawa barat", "Provinsi Jawa Barat"),
        ("/langganan akta lahir di xyzzy", "belum saya kenali"),
        ("/riwayat ktp di bandung", "Yang mana?"),
        ("/jam di bandung", "Yang mana?"),
        ("/lokasi kota xyzzy", "belum saya kenali"),
        ("ktp di kota bogor dan kota depok sudah bisa?", "Saya jawab satu tempat dulu"),
        ("kabari ktp di kota depok dan kota bekasi", "Saya jawab satu tempat dulu"),
        ("/langganan ktp di kota depok dan kota bekasi", "Saya jawab satu tempat dulu"),
    ],
)
async def test_nothing_is_done_for_the_kept_place_where_another_was_named(
    country: Counter, command: str, asked: str
) -> None:
    await country.says("kota bogor")
    await country.says(command)

    assert asked in country.text
    assert "Kota Bogor" not in country.text
    assert await wanted(country) == []
    assert await kept(country) == "kota_bogor"


@pytest.mark.parametrize("command", ["/status ktp", "/jam", "/lokasi", "/riwayat ktp", "/syarat ktp hilang"])
async def test_a_command_that_names_its_place_is_answered_for_that(country: Counter, command: str) -> None:
    await country.says("kota bogor")
    await country.says(f"{command} di kota surabaya")

    assert "Kota Surabaya" in country.text
    assert "Kota Bogor" not in country.text
    assert await kept(country) == "kota_bogor"


async def test_what_to_bring_is_said_also_where_the_place_is_unclear(country: Counter) -> None:
    await country.says("kota bogor")
    await country.says("/syarat ktp hilang di bandung")
    by_command = country.text
    await country.says("syarat ktp hilang di bandung")

    assert "Syarat: KTP-el hilang" in by_command
    assert country.text == by_command
    assert "Keadaan sekarang" not in by_command


@pytest.mark.parametrize("place", ["kota bogor", "bogor kota", "kotabogor", "bgor kota"])
@pytest.mark.parametrize("by_tap", [False, True])
async def test_a_lasting_wish_waits_for_its_place_and_stays_lasting(
    country: Counter, place: str, *, by_tap: bool
) -> None:
    await country.says("/langganan kk")
    await (country.taps("at:kota_bogor") if by_tap else country.says(place))
    await country.says("kota depok")

    assert await wanted(country) == [("kk", "kota_bogor", "always")]


async def test_the_last_90_days_wait_for_their_place(country: Counter) -> None:
    await country.house.posts("lapor ktp_cetak di kota bogor belum bisa")
    country.house.watch.goes_on(hours=2)
    await country.says("/riwayat ktp")
    await country.says("kota bogor")
    (first,) = country.called("sendPhoto")
    await country.taps("hi:ktp:kota_depok")

    assert "90 hari" in first["caption"]
    assert "📍 Kota Bogor. Saya ingat" in first["caption"]
    assert "hi::kota_bogor" in str(first["reply_markup"])
    assert "📍 Kota Depok" in country.text


@pytest.mark.parametrize(
    ("command", "left"),
    [
        ("/berhenti ktp di kota surabaya", {"kota_bogor", "kota_bandung"}),
        ("berhenti kabari ktp di surabaya", {"kota_bogor", "kota_bandung"}),
        ("/berhenti ktp di bandung", {"kota_bogor", "kota_surabaya"}),  # it waits in one of the two
        ("/berhenti di jawa barat", {"kota_surabaya"}),
        ("/berhenti ktp di kota bogor dan kota bandung", {"kota_surabaya"}),
        ("/berhenti ktp di kota depok", {"kota_bogor", "kota_bandung", "kota_surabaya"}),
        ("/berhenti ktp di xyzzy", {"kota_bogor", "kota_bandung", "kota_surabaya"}),
        ("/berhenti kirim ke xyzzy di xyzzy", set()),  # a bare stop
        ("/berhenti ktp", set()),
    ],
)
async def test_a_stop_ends_what_is_wanted_at_the_place_that_it_names(
    country: Counter, command: str, left: set[str]
) -> None:
    for place in ("kota bogor", "kota bandung", "kota surabaya"):
        await country.says(f"/langganan ktp di {place}")
    await country.says(command)

    assert {place for _, place, _ in await wanted(country)} == left
    assert ("Tidak ada yang dihentikan" in country.text) is (len(left) == 3)


@pytest.mark.parametrize("words", ["hapus data saya di kota bogor", "berhenti kabari ktp di kota bogor"])
async def test_who_stops_or_is_forgotten_is_not_said_to_be_remembered(country: Counter, words: str) -> None:
    await country.says(words)

    assert "Saya ingat" not in country.text
    assert await kept(country) is None


@pytest.mark.parametrize("by_tap", [False, True])
async def test_english_goes_on_where_the_place_is_given_and_no_longer(country: Counter, *, by_tap: bool) -> None:
    await country.says("is the id card service working?")
    await (country.taps("at:kota_bogor") if by_tap else country.says("kota bogor"))
    placed = country.text
    await country.taps("h")
    tapped = country.text
    await country.says("ktp sudah bisa?")
    await country.taps("h")

    assert "at Kota Bogor today" in placed
    assert "Counters are open" in tapped
    assert "Loket buka" in country.text


async def test_a_language_that_was_guessed_ends_with_its_question(country: Counter) -> None:
    await country.says("is the id card service working?")
    country.house.watch.goes_on(minutes=11)
    await country.taps("at:kota_bogor")

    assert "Kota Bogor" in country.text
    assert "Layanan" in country.text


async def test_a_link_that_subscribes_in_a_province_lets_choose_there(country: Counter) -> None:
    await country.says("/start kabari_ktp_cetak-gorontalo")
    asked = country.text
    await country.taps("at:kota_gorontalo")

    assert "Provinsi Gorontalo" in asked
    assert await wanted(country) == [("ktp_cetak", "kota_gorontalo", "once")]


def answers() -> dict[str, float]:
    """How often each intent was answered."""
    samples = (sample for metric in ANSWERS.collect() for sample in metric.samples if sample.name.endswith("_total"))
    return {sample.labels["intent"]: sample.value for sample in samples}


async def test_a_question_is_counted_once_when_its_place_is_known(country: Counter) -> None:
    await country.house.posts("lapor ktp_cetak di kota bogor belum bisa")
    before = answers()
    await country.says("ktp sudah bisa?")
    waiting = answers()
    await country.taps("at:kota_bogor")
    told = await country.house.office.counting.statistics()

    assert waiting == before
    assert answers() == before | {"service_status": before.get("service_status", 0) + 1}
    assert (told.asked, dict(told.by_service), told.spared) == (1, {"ktp": 1}, 1)


async def test_no_trip_is_spared_by_an_outage_elsewhere(country: Counter) -> None:
    await country.house.posts("lapor ktp_cetak di kota bogor belum bisa")
    await country.says("ktp di kota depok sudah bisa?")

    assert (await country.house.office.counting.statistics()).spared == 0


async def test_wishes_are_counted_as_answers_and_a_tap_below_a_question_as_no_other_question(
    country: Counter,
) -> None:
    before = answers()
    await country.says("kk di kota bogor bisa?")
    await country.taps("k:kk:kota_bogor")
    await country.says("/langganan ktp")
    await country.taps("x:kk:kota_bogor")
    await country.says("/berhenti")
    await country.says("/riwayat ktp")

    now = answers()
    more = {intent: now[intent] - before.get(intent, 0) for intent in now if now[intent] != before.get(intent, 0)}
    assert more == {"service_status": 2, "subscribe": 2, "unsubscribe": 2}
    assert (await country.house.office.counting.statistics()).asked == 3


async def test_the_place_is_forgotten_with_everything_else(country: Counter) -> None:
    await country.says("kota bogor")
    await country.taps("hd!")

    assert await kept(country) is None


async def test_a_personal_number_is_warned_of_before_the_place_is_asked_for(country: Counter) -> None:
    await country.says("NIK saya 7471001001900001, ktp sudah bisa?")

    assert country.text.index("🔒") < country.text.index(ASKED)


async def test_a_group_keeps_the_place_that_was_named_first(country: Counter) -> None:
    await in_group(country, "ktp sudah bisa?")
    asked = country.text
    await in_group(country, "ktp di kota bogor sudah bisa?")
    await in_group(country, "kk bisa?")

    assert "Sebutkan juga kabupaten atau kotanya" in asked
    assert "di Kota Bogor" in country.text
    assert await kept(country, GROUP) == "kota_bogor"


async def test_only_admins_change_the_place_of_a_group(country: Counter) -> None:
    await in_group(country, "ktp di kota bogor sudah bisa?")
    await taps_in_group(country, "atw")
    await in_group(country, "ganti tempat")
    refused = country.text
    by_members = await kept(country, GROUP)
    country.telegram.admins.add(NEIGHBOUR)
    await in_group(country, "ganti tempat", NEIGHBOUR)

    assert "Hanya admin grup" in refused
    assert by_members == "kota_bogor"
    assert await kept(country, GROUP) is None


async def test_where_a_place_is_unclear_a_tap_answers_for_it_and_moves_nobody(country: Counter) -> None:
    await country.says("kota bogor")
    await in_group(country, "ktp di kota bogor sudah bisa?")
    await country.says("ktp di bandung bisa?")
    await country.taps("at:kota_bandung")
    private = country.text
    await in_group(country, "ktp di bandung bisa?")
    await taps_in_group(country, "at:kab_bandung", NEIGHBOUR)

    assert "di Kota Bandung" in private
    assert "di Kabupaten Bandung" in country.text
    assert "Saya ingat" not in private + country.text
    assert await kept(country) == await kept(country, GROUP) == "kota_bogor"


async def test_who_names_nothing_but_an_unclear_place_is_there_from_now_on(country: Counter) -> None:
    await country.says("kota bogor")
    await country.says("bandung")
    await country.taps("at:kota_bandung")

    assert "Saya ingat" in country.text
    assert await kept(country) == "kota_bandung"


async def test_a_group_is_subscribed_once_an_admin_names_the_place(country: Counter) -> None:
    country.telegram.admins.add(NEIGHBOUR)
    await in_group(country, "/langganan ktp", NEIGHBOUR)
    asked = country.text
    await in_group(country, "kota bogor", replying=True)
    refused, by_member = country.text, await wanted(country, GROUP)
    await in_group(country, "/langganan ktp", NEIGHBOUR)
    await in_group(country, "kota bogor", NEIGHBOUR, replying=True)

    assert "/langganan KTP di Kota Sorong" in asked
    assert "Hanya admin grup" in refused
    assert by_member == []
    assert {(place, wish) for _, place, wish in await wanted(country, GROUP)} == {("kota_bogor", "always")}


async def test_a_group_is_subscribed_where_an_admin_taps_the_place(country: Counter) -> None:
    country.telegram.admins.add(NEIGHBOUR)
    await in_group(country, "/langganan kk di bandung", NEIGHBOUR)
    await taps_in_group(country, "at:kota_bandung")
    by_member = await wanted(country, GROUP)
    await taps_in_group(country, "at:kota_bandung", NEIGHBOUR)

    assert by_member == []
    assert await wanted(country, GROUP) == [("kk", "kota_bandung", "always")]


async def test_who_asks_a_group_to_be_told_is_led_to_the_private_chat_once_the_place_is_tapped(
    country: Counter,
) -> None:
    await in_group(country, "kabari kalau kk bisa di bandung")
    await taps_in_group(country, "at:kota_bandung")

    assert "Kabar untuk diri sendiri" in country.text
    assert "start=kabari_kk-kota_bandung" in str(country.last["reply_markup"])
    assert await wanted(country, GROUP) == []


async def test_a_card_is_of_the_place_that_was_typed(country: Counter) -> None:
    await country.gets(inline_query=INLINE | {"query": "ktp"})
    nowhere = country.called("answerInlineQuery")[-1]["results"]
    told = []
    for typed in ("ktp_cetak", "kk bogor", "jawa barat"):
        await country.gets(inline_query=INLINE | {"query": typed})
        told.append(country.called("answerInlineQuery")[-1]["button"]["text"])
    await country.gets(inline_query=INLINE | {"query": "ktp kota bogor"})
    (first, *_) = country.called("answerInlineQuery")[-1]["results"]

    assert nowhere == []
    assert told == [
        f"Tulis tempatnya: {example}" for example in ("KTP Kota Sorong", "KK Kabupaten Bogor", "KTP Kabupaten Bogor")
    ]
    assert "Kota Bogor" in first["input_message_content"]["message_text"]
    assert "start=ktp-kota_bogor" in str(first["reply_markup"])


async def test_an_answer_is_passed_on_with_its_place(country: Counter) -> None:
    await country.taps("share:ktp:kota_bogor")
    there = country.text
    await country.taps("share:ktp")

    assert "start=ktp-kota_bogor" in there
    assert ASKED in country.text


async def test_a_poster_of_an_office_leads_to_it(country: Counter) -> None:
    await country.says("/poster ktp di kota bogor", SITTI.id)

    assert "start=ktp-kota_bogor" in country.called("sendDocument")[-1]["caption"]


async def test_an_invitation_for_a_place_says_so_to_both(country: Counter) -> None:
    await country.says("/undang Rahma di kota bogor", SITTI.id)
    invited = country.text
    await country.says("/petugas", SITTI.id)
    listed = country.text
    token = invited.partition("start=")[2].split()[0].split("<")[0]
    await country.says(f"/start {token}", NEIGHBOUR)
    welcome = next(asked["text"] for asked in country.called("sendMessage") if int(asked["chat_id"]) == NEIGHBOUR)
    await country.says("/lapor pusat di kota bekasi putus", NEIGHBOUR)

    assert "Hanya untuk Kota Bogor" in invited
    assert "(Kota Bogor)" in listed
    assert "Tempat laporan: Kota Bogor" in welcome
    assert "kota_bogor" in country.text


async def test_planned_maintenance_names_the_place(country: Counter) -> None:
    await country.says("/jadwal pusat di kota bogor pemeliharaan besok 08.00 sampai besok 12.00", SITTI.id)

    assert "di Kota Bogor" in country.text


async def test_what_a_report_for_the_country_changed_is_read_at_once(country: Counter) -> None:
    await country.house.posts("lapor pusat putus")

    await country.says("/catatan", SITTI.id)

    assert len(country.called("sendDocument")) == 1
    assert len(country.telegram.files[-1]) < 100_000


@pytest.mark.parametrize(
    "asked", ["/start", "ktp sudah bisa?", "/status", "/jam", "/lokasi", "kota bogor", "kabari ktp"]
)
async def test_one_office_never_hears_of_places(counter: Counter, asked: str) -> None:
    await counter.says(asked)

    assert "Saya ingat" not in counter.text
    assert ASKED not in counter.text
    assert not any(action.startswith("at") for action in counter.buttons)
    assert await kept(counter) is None


@pytest.mark.parametrize("tap", ["atw", "atp", "at:kendari"])
async def test_a_button_from_when_there_were_more_offices_shows_the_board(counter: Counter, tap: str) -> None:
    await counter.taps(tap)

    assert counter.text.startswith("<b>Layanan hari ini")
    assert not any(action.startswith("at") for action in counter.buttons)
    assert await kept(counter) is None


async def test_whose_own_case_it_is_hears_whom_to_ask_before_the_place_is_known(country: Counter) -> None:
    await country.says("ktp saya kapan jadi?")

    assert ASKED not in country.text
    assert "belum ada kabar" not in country.text


async def test_two_outages_of_one_kind_are_asked_about_each_with_its_city(country: Counter) -> None:
    office = country.house.office
    await country.house.posts("lapor blangko di kota bogor habis")
    await country.house.posts("lapor blangko di kota depok habis")
    country.house.watch.goes_on(hours=3, minutes=5)

    due = await office.reminding.due()
    asked = [country.house.reads(await office.reminding.question(one, SITTI.id)) for one in due]
    await country.says("/urung", SITTI.id)

    assert [one.partition(" masih")[0] for one in asked] == [
        "Blangko KTP di Kota Bogor",
        "Blangko KTP di Kota Depok",
    ]
    assert "di Kota Bogor" in country.text
    assert "di Kota Depok" in country.text


async def test_a_closure_of_all_offices_says_so(country: Counter) -> None:
    await country.says("/jadwal tutup besok; rapat", SITTI.id)

    assert "di Indonesia: tutup" in country.text


FRANS = 747100211
STEP = "ktp_cetak"


async def with_news(country: Counter) -> tuple[int, int]:
    """News on their way to Bogor and to Depok; Frans is staff of Bogor. The numbers of both reports."""
    house, roster = country.house, country.house.office.roster
    await roster.appoint_as_operator(Author(0, "terminal"), Member(FRANS, "Frans", Role.STAFF, place=KOTA_BOGOR))
    await roster.appoint_as_operator(Author(0, "terminal"), Member(NEIGHBOUR, "Dina", Role.STAFF, place=KOTA_DEPOK))
    await house.office.subscribers.always(CITIZEN, [STEP], KOTA_BOGOR)
    await house.office.subscribers.always(CITIZEN, [STEP], KOTA_DEPOK)
    for line in ("ktp_cetak di kota bogor belum bisa", "ktp_cetak di kota depok belum bisa"):
        await house.posts(f"lapor {line}", SITTI if "bogor" in line else Author(NEIGHBOUR, "Dina"))
    bogor, depok = (
        await house.posts("lapor ktp_cetak di kota bogor bisa"),
        await house.posts("lapor ktp_cetak di kota depok bisa"),
    )
    return bogor.report.number, depok.report.number


async def test_who_has_a_place_sees_and_stops_the_news_of_it_alone(country: Counter) -> None:
    own, other = await with_news(country)

    await country.says("/siaran", FRANS)
    seen, buttons = country.text, country.buttons
    await country.says("/siaran", SITTI.id)

    assert "Kota Bogor" in seen
    assert "Kota Depok" not in seen
    assert buttons == [f"stop:{own}:all"]
    assert {f"stop:{own}:all", f"stop:{other}:all"} <= set(country.buttons)


async def test_news_from_above_are_seen_and_not_stopped(country: Counter) -> None:
    await with_news(country)
    above = (await country.house.posts("lapor ktp_cetak di jawa barat belum bisa")).report.number

    await country.says("/siaran", FRANS)
    seen, buttons = country.text, country.buttons
    await country.taps(f"stop:{above}:all", FRANS)

    assert f"laporan nomor {above}" in seen
    assert f"stop:{above}:all" not in buttons
    assert "Itu di luar tempat" in country.called("sendMessage")[-1]["text"]  # below: the overview stays


async def test_a_message_that_is_followed_goes_on_to_show_the_news_of_its_readers_place(country: Counter) -> None:
    await with_news(country)
    broadcasts = country.house.office.broadcasts
    await country.says("/siaran", FRANS)
    await country.says("/siaran", SITTI.id)

    told = {one.chat: country.house.reads((await broadcasts.told(one)).answer) for one in await broadcasts.followed()}
    shared = {one.chat: await broadcasts.shared(one) for one in await broadcasts.followed()}

    assert "Kota Depok" not in told[FRANS]
    assert "Kota Depok" in told[SITTI.id]
    assert shared == {FRANS: (None, KOTA_BOGOR), SITTI.id: (None, None)}


async def test_who_has_a_place_reads_the_audit_of_it_alone(country: Counter) -> None:
    await with_news(country)
    await country.house.posts("lapor pusat di jawa barat putus")

    await country.says("/catatan", FRANS)
    page, file = country.text, country.telegram.files[-1].decode("utf-8-sig")
    await country.says("/catatan", SITTI.id)
    whole = country.telegram.files[-1].decode("utf-8-sig")

    for told in (page, file):
        assert "Kota Bogor" in told
        assert "Provinsi Jawa Barat" in told
        assert "Depok" not in told
        assert "Dina" not in told
    assert "Kota Depok" in whole
    assert "Dina" in whole


PROV = 747100214


def payload(counter: Counter) -> str:
    """The link of an invitation, as it is opened."""
    return counter.text.partition("?start=")[2].split()[0].split("<")[0]


async def place_of(counter: Counter, user: int) -> str | None:
    member = await counter.house.office.roster.member(user)
    return member.place if member else "no staff"


async def test_an_invitation_for_the_whole_country_says_so_and_its_place_is_chosen_by_taps(country: Counter) -> None:
    await country.says("/undang Arman", SITTI.id)
    whole, old, choose = country.text, payload(country), country.buttons[0]
    await country.taps(choose, SITTI.id)
    provinces = country.buttons
    await country.taps("wp:1:jawa_barat", SITTI.id)
    offices = country.buttons
    await country.taps("wn:1:kota_bogor", SITTI.id)
    narrowed, new = country.text, payload(country)
    await country.says(f"/start {old}", CITIZEN)
    await country.says(f"/start {new}", NEIGHBOUR)

    assert "seluruh Indonesia (514 kantor)" in whole
    assert "wp:1:jawa_barat" in provinces or len(provinces) > 20
    assert provinces[-1] == "wn:1:indonesia"
    assert "wn:1:kota_bogor" in offices
    assert offices[-2:] == ["wp:1:jawa_barat:1", "wn:1:jawa_barat"]
    assert "Hanya untuk Kota Bogor" in narrowed
    assert await place_of(country, CITIZEN) == "no staff"
    assert await place_of(country, NEIGHBOUR) == KOTA_BOGOR


async def test_a_place_that_was_chosen_may_be_changed_and_the_whole_be_meant_after_all(country: Counter) -> None:
    await country.says("/undang Arman di kota bogor", SITTI.id)
    await country.taps(country.buttons[0], SITTI.id)
    beside = country.buttons
    await country.taps("wn:1:indonesia", SITTI.id)
    await country.says(f"/start {payload(country)}", NEIGHBOUR)

    assert "wn:1:kab_bogor" in beside
    assert await place_of(country, NEIGHBOUR) is None


async def test_who_is_over_a_province_invites_to_its_offices_alone(country: Counter) -> None:
    prov = Member(PROV, "Dewi", Role.ADMIN, place="indonesia/jawa_barat")
    await country.house.office.roster.appoint_as_operator(Author(0, "terminal"), prov)
    await country.says("/undang Arman", PROV)
    link = payload(country)
    await country.taps(country.buttons[0], PROV)
    offered = country.buttons
    await country.taps("wn:1:kota_surabaya", PROV)
    refused = country.called("sendMessage")[-1]["text"]
    await country.says(f"/start {link}", NEIGHBOUR)

    assert "wp:1:indonesia" not in offered
    assert "di luar tempat" in refused
    assert await place_of(country, NEIGHBOUR) == "indonesia/jawa_barat"


async def test_an_invitation_that_was_used_leads_to_no_other_link(country: Counter) -> None:
    await country.says("/undang Arman", SITTI.id)
    await country.says(f"/start {payload(country)}", NEIGHBOUR)
    for tap in ("wp:1", "wn:1:kota_bogor"):
        await country.taps(tap, SITTI.id)

        assert "sudah dipakai" in country.called("sendMessage")[-1]["text"]
    assert await place_of(country, NEIGHBOUR) is None


async def test_one_office_invites_without_a_word_of_places(counter: Counter) -> None:
    await counter.says("/undang Arman", SITTI.id)

    assert counter.buttons == []
    assert "kantor" not in counter.text.partition("Tautan ini")[0].replace("Loket", "")


async def test_who_has_one_office_is_offered_no_other_to_invite_to(country: Counter) -> None:
    own = Member(PROV, "Dewi", Role.ADMIN, place=KOTA_BOGOR)
    await country.house.office.roster.appoint_as_operator(Author(0, "terminal"), own)

    await country.says("/undang Arman", PROV)

    assert "Hanya untuk Kota Bogor" in country.text
    assert country.buttons == []
