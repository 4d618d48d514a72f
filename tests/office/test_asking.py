"""Citizens ask: in words, with what they asked last in mind, in their language, with a warning where it is due."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.language.questions import Intent
from bot.office import Reply
from bot.rules.catalogue_reading import SHIPPED, read_catalogue
from bot.rules.chats import Aim
from bot.store import Store
from tests.office.house import CITIZEN, House, actions, named
from tests.rules.small_office import at

DEMO: Path = SHIPPED / "demo.toml"
NIK = "7471000102900001"


@pytest.fixture
def kendari(store: Store) -> House:
    return House(store, read_catalogue(DEMO))


def first(house: House, said: Reply) -> str:
    """The first line, as it is read."""
    return house.reads(said.answer, said.language).split("\n")[0]


async def test_a_question_gets_the_truth_of_now(kendari: House) -> None:
    assert "belum ada kabar" in kendari.reads((await kendari.office.citizens.ask(CITIZEN, "ktp sudah bisa?")).answer)

    await kendari.posts("lapor blangko habis")

    assert "belum bisa" in kendari.reads((await kendari.office.citizens.ask(CITIZEN, "cetak ktp sudah bisa?")).answer)


async def test_what_was_asked_last_is_gone_on_from_for_ten_minutes(kendari: House) -> None:
    await kendari.office.citizens.ask(CITIZEN, "kk sudah bisa?")
    kendari.watch.goes_on(minutes=10)
    again = await kendari.office.citizens.ask(CITIZEN, "sampai kapan?")
    assert "Kartu Keluarga" in kendari.reads(again.answer)

    kendari.watch.goes_on(minutes=10, seconds=1)
    later = await kendari.office.citizens.ask(CITIZEN, "sampai kapan?")
    assert "Kartu Keluarga (KK) belum ada kabar" not in first(kendari, later)


async def test_a_tap_on_a_service_is_gone_on_from_too(kendari: House, fresh: Store) -> None:
    await kendari.office.citizens.services(CITIZEN, ("kk",))

    async with fresh.reading() as session:
        notes = await session.chat_notes(CITIZEN)
    assert notes.intent == "service_status"
    assert notes.services == ("kk",)


async def test_the_words_of_a_question_are_not_kept(kendari: House, fresh: Store) -> None:
    await kendari.office.citizens.ask(CITIZEN, "kata-kata yang tidak disimpan, ktp?")

    async with fresh.reading() as session:
        assert "disimpan" not in repr(await session.chat_notes(CITIZEN))


async def test_english_is_answered_in_english_and_indonesian_in_indonesian(kendari: House) -> None:
    assert (await kendari.office.citizens.ask(CITIZEN, "is the e-KTP service working today?")).language == "en"
    assert (await kendari.office.citizens.ask(CITIZEN, "ktp sudah bisa?")).language == "id"


async def test_a_chosen_language_stays(kendari: House) -> None:
    await kendari.office.citizens.choose_language(CITIZEN, "en")

    assert (await kendari.office.citizens.ask(CITIZEN, "ktp sudah bisa?")).language == "en"
    assert (await kendari.office.citizens.command(CITIZEN, Intent.ALL_STATUS)).language == "en"


async def test_asking_to_be_told_in_words_subscribes(kendari: House, fresh: Store) -> None:
    said = await kendari.office.citizens.ask(CITIZEN, "kabari kalau kk sudah bisa")

    assert named(said.answer) == ["subscribed.once", "subscribed.once_stored"]
    async with fresh.reading() as session:
        assert [one.step for one in await session.subscriptions_of(CITIZEN)] == ["kk"]


async def test_asking_to_be_told_without_saying_of_what_offers_what_there_is(kendari: House, fresh: Store) -> None:
    said = await kendari.office.citizens.ask(CITIZEN, "tolong kabari saya")

    assert named(said.answer) == ["subscribed.which"]
    async with fresh.reading() as session:
        assert await session.subscriptions_of(CITIZEN) == ()


async def test_stopping_in_words_ends_what_was_named(kendari: House, fresh: Store) -> None:
    await kendari.office.subscribers.always(CITIZEN, ("kk", "legalisir"))

    said = await kendari.office.citizens.ask(CITIZEN, "berhenti kabari kk")

    assert named(said.answer) == ["unsubscribed.some"]
    async with fresh.reading() as session:
        assert [one.step for one in await session.subscriptions_of(CITIZEN)] == ["legalisir"]


async def test_who_waits_is_told_so_instead_of_asked_again(kendari: House) -> None:
    await kendari.office.subscribers.once(CITIZEN, ("kk",))

    in_words = (await kendari.office.citizens.ask(CITIZEN, "kk sudah bisa?")).answer
    tapped = (await kendari.office.citizens.services(CITIZEN, ("kk",))).answer

    for said in (in_words, tapped):
        assert "kabari.waiting" in named(said)
        assert not any(action.startswith("k:") for action in actions(said))


async def test_a_request_to_forget_in_words_is_done_at_once(kendari: House, fresh: Store) -> None:
    await kendari.office.subscribers.always(CITIZEN, ("kk",))
    await kendari.office.citizens.choose_language(CITIZEN, "en")

    said = await kendari.office.citizens.ask(CITIZEN, "hapus data saya")

    assert named(said.answer) == ["forget.done"]
    assert said.language == "en"
    async with fresh.reading() as session:
        assert await session.subscriptions_of(CITIZEN) == ()
        assert (await session.chat_notes(CITIZEN)).intent is None


async def test_a_personal_number_is_warned_about_and_the_question_answered(kendari: House) -> None:
    asked = await kendari.office.citizens.ask(CITIZEN, f"NIK saya {NIK}, kk sudah bisa?")
    acted = await kendari.office.citizens.ask(CITIZEN, f"kabari kk kalau sudah bisa, NIK {NIK}")

    assert named(asked.answer)[0] == named(acted.answer)[0] == "private.delete"
    assert "Kartu Keluarga" in kendari.reads(asked.answer)
    assert "subscribed.once" in named(acted.answer)


async def test_a_personal_number_behind_a_command_is_warned_about(kendari: House) -> None:
    citizens = kendari.office.citizens
    status = await citizens.command(CITIZEN, Intent.SERVICE_STATUS, f"kk {NIK}")
    past = await citizens.command(CITIZEN, Intent.SERVICE_STATUS, f"kk {NIK}", aim=Aim.HISTORY)
    listed = await citizens.reply(CITIZEN, status.answer, f"qwzx {NIK}")

    assert [named(said.answer)[0] for said in (status, past, listed)] == ["private.delete"] * 3


async def test_what_was_not_understood_leads_to_people_in_the_end(kendari: House, fresh: Store) -> None:
    said = [named((await kendari.office.citizens.ask(CITIZEN, "qwzx vbnm")).answer)[0] for _ in range(3)]
    assert said == ["missed.first", "missed.second", "missed.contact"]

    await kendari.office.citizens.ask(CITIZEN, "kk sudah bisa?")

    async with fresh.reading() as session:
        assert (await session.chat_notes(CITIZEN)).missed == 0


async def test_a_place_that_is_no_more_is_everywhere(kendari: House) -> None:
    everywhere = await kendari.office.citizens.services(CITIZEN, ("kk",))

    assert await kendari.office.citizens.services(CITIZEN, ("kk",), "kendari/closed") == everywhere


async def test_a_service_that_is_no_more_gets_todays_board(kendari: House) -> None:
    assert named((await kendari.office.citizens.services(CITIZEN, ("closed",))).answer)[0] == "board.title"


async def test_a_commands_argument_names_services_and_a_case(kendari: House) -> None:
    assert kendari.office.citizens.named("kartu keluarga") == ("kk",)
    assert kendari.office.citizens.named("qwzx") == ()
    one, none = [
        (await kendari.office.citizens.command(CITIZEN, Intent.REQUIREMENTS, line)).answer
        for line in ("ktp hilang", "")
    ]
    assert "ktp" in kendari.reads(one).lower()
    assert named(none)[0] == "requirements.which"


async def test_the_board_of_another_day_is_of_that_day(kendari: House) -> None:
    kendari.watch.now = at(4, 10)

    assert kendari.office.citizens.view().now == at(4, 10)
    assert kendari.office.citizens.view().board.at == at(4, 10)


async def test_small_talk_leaves_what_was_asked_before_it(kendari: House) -> None:
    citizens = kendari.office.citizens
    for aside in ("makasih ya", "halo", "zxqv wvut"):
        await citizens.ask(CITIZEN, "kk sudah bisa?")
        await citizens.ask(CITIZEN, aside)

        assert "Syarat: KK" in kendari.reads((await citizens.ask(CITIZEN, "syaratnya?")).answer)


async def test_small_talk_prolongs_nothing(kendari: House) -> None:
    citizens = kendari.office.citizens
    await citizens.ask(CITIZEN, "kk sudah bisa?")
    kendari.watch.goes_on(minutes=9)
    await citizens.ask(CITIZEN, "makasih ya")
    kendari.watch.goes_on(minutes=2)
    await citizens.ask(CITIZEN, "makasih ya")

    assert "Syarat: KK" not in kendari.reads((await citizens.ask(CITIZEN, "syaratnya?")).answer)


async def test_what_is_not_understood_is_counted_by_its_shape_alone(kendari: House, fresh: Store) -> None:
    for text in ("zxqv", "zxqv wvut?", f"zxqv {NIK}", "ktp sudah bisa?"):
        await kendari.office.citizens.ask(CITIZEN, text)

    async with fresh.reading() as session:
        counted = await session.unmatched(at(2).date())
        other_days = await session.unmatched(at(3).date())
    assert counted == {"1 word, letters": 1, "2-3 words, letters": 1, "2-3 words, letters, asks": 1}
    assert other_days == {}
