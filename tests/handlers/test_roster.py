"""The list of staff in the chat: invited by a link, welcomed, listed, removed; and all who try to get past it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.store import Store
from tests.handlers.desk import Counter
from tests.office.house import ARMAN, CITIZEN, NEIGHBOUR, SITTI
from tests.rules.small_office import at

OWNER, CLERK, STRANGER = SITTI.id, CITIZEN, NEIGHBOUR


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """What the list keeps is held on both engines by the tests of the store and the office."""
    return f"sqlite:///{tmp_path / 'loket.db'}"


async def link_of(counter: Counter, words: str = "Rahma", by: int = OWNER) -> str:
    """The payload of a new invitation."""
    await counter.says(f"/undang {words}".strip(), by)
    return counter.text.partition("?start=")[2].split()[0]


async def invited(counter: Counter, words: str = "Rahma", who: int = CLERK) -> None:
    await counter.says(f"/start {await link_of(counter, words)}", who)


async def attempts(store: Store) -> list[str]:
    async with store.reading() as session:
        return [one.what for one in await session.refusals(at(1))]


async def test_an_invitation_makes_whoever_opens_it_staff_and_tells_the_inviter(counter: Counter) -> None:
    payload = await link_of(counter)
    assert len(payload) == len("undang_") + 22
    assert f"https://t.me/loket_bot?start={payload}" in counter.text

    await counter.says(f"/start {payload}", CLERK)

    welcome, told = counter.called("sendMessage")[-2:]
    assert (int(welcome["chat_id"]), int(told["chat_id"])) == (CLERK, OWNER)
    assert "Selamat bergabung, Rahma" in welcome["text"]
    assert "Wa Ode Sitti" in told["text"]  # as Telegram names them
    assert counter.buttons == [f"w:{CLERK}"]
    (menu,) = counter.called("setMyCommands")
    assert str(CLERK) in json.dumps(menu["scope"])
    await counter.says("/lapor blangko habis", CLERK)
    assert counter.text.startswith("<b>Pratinjau")


async def test_no_token_is_kept_anywhere(counter: Counter, fresh: Store) -> None:
    payload = await link_of(counter)
    await counter.says(f"/start {payload}", CLERK)
    await counter.says(f"/start {payload}", STRANGER)

    assert "sudah dipakai" in counter.text
    token = payload.removeprefix("undang_")
    async with fresh.reading() as session:
        assert token not in repr([await session.deeds(), await session.refusals(at(1)), await session.members()])
        assert await session.invitation(token) is None


async def test_a_guessed_link_is_refused_politely_and_recorded(counter: Counter, fresh: Store) -> None:
    await counter.says("/start undang_AAAAAAAAAAAAAAAAAAAAAA", STRANGER)

    assert "tidak berlaku" in counter.text
    assert await attempts(fresh) == ["/start undang_… (unknown)"]


async def test_an_inviter_who_blocked_the_bot_stops_nobody(counter: Counter) -> None:
    payload = await link_of(counter, by=ARMAN.id)
    counter.telegram.refuses["setMyCommands"] = (400, "Bad Request: chat not found")

    await counter.says(f"/start {payload}", CLERK)
    await counter.says(f"/start {payload}", CLERK)

    assert "sudah terdaftar" in counter.text


async def test_in_a_group_an_invitation_is_neither_made_nor_used_up(counter: Counter) -> None:
    payload = await link_of(counter)
    group = {"id": -747100, "type": "supergroup", "title": "RT 3"}

    await counter.says(f"/start {payload}", CLERK, chat=group)
    await counter.says("/undang", OWNER, chat=group)

    assert "percakapan pribadi" in counter.text
    await counter.says(f"/start {payload}", CLERK)
    assert "Selamat bergabung" in counter.called("sendMessage")[-2]["text"]


async def test_who_is_removed_can_do_nothing_from_the_next_tap_on(counter: Counter, fresh: Store) -> None:
    await invited(counter)
    await counter.says("/lapor blangko habis", CLERK)
    preview = counter.buttons[0]

    await counter.says("/petugas", OWNER)
    assert counter.buttons == [f"w:{CLERK}"]
    await counter.taps(f"w:{CLERK}", OWNER)
    assert "Keluarkan Rahma?" in counter.text
    await counter.taps(f"w!:{CLERK}", OWNER)
    assert "sudah dikeluarkan" in counter.text
    (menu,) = counter.called("deleteMyCommands")
    assert str(CLERK) in json.dumps(menu["scope"])

    for tap in (preview, "same", "u:1", f"w!:{CLERK}"):
        await counter.taps(tap, CLERK)
        assert "khusus petugas" in counter.called("answerCallbackQuery")[-1]["text"]
    await counter.says("/petugas", CLERK)
    assert "khusus petugas" in counter.text
    async with fresh.reading() as session:
        assert await session.reports() == ()
    assert len(await attempts(fresh)) == 5


async def test_a_clerk_sees_the_list_and_may_change_nothing(counter: Counter, fresh: Store) -> None:
    await invited(counter)

    await counter.says("/petugas", CLERK)
    assert "Rahma" in counter.text
    assert counter.buttons == []
    await counter.says("/undang Budi", CLERK)
    assert "admin atau pemilik" in counter.text
    for tap in (f"w:{OWNER}", f"w!:{CLERK}"):
        await counter.taps(tap, CLERK)

    assert counter.buttons == []
    assert len(await attempts(fresh)) == 2


async def test_an_invitation_is_withdrawn_from_the_list(counter: Counter) -> None:
    payload = await link_of(counter)
    await counter.says("/petugas", OWNER)

    await counter.taps(counter.buttons[0], OWNER)
    await counter.says(f"/start {payload}", CLERK)

    assert "tidak berlaku" in counter.text


async def test_a_name_with_markup_is_shown_as_it_was_typed(counter: Counter) -> None:
    await invited(counter, '<a href="tg://user?id=1">Bos</a>')

    await counter.says("/petugas", OWNER)
    assert '&lt;a href="tg://user?id=1"&gt;Bos' in counter.text
    await counter.says("/lapor blangko habis", CLERK)
    assert "<a href" not in counter.text


async def test_a_report_of_somebody_else_is_not_a_clerks_to_take_back(counter: Counter) -> None:
    await invited(counter)
    await counter.says("/lapor blangko habis", OWNER)
    await counter.taps(counter.buttons[0], OWNER)

    await counter.says("/urung", CLERK)
    assert counter.buttons == []
    await counter.taps("u:1", CLERK)

    assert "pembuatnya atau admin" in counter.text


@pytest.mark.parametrize("tapped", ["wp:1", "wn:1:kendari_mpp"])
async def test_a_button_that_chooses_a_place_does_nothing_where_there_is_one_office(
    counter: Counter, tapped: str
) -> None:
    await counter.says("/undang Arman", SITTI.id)

    await counter.taps(tapped, SITTI.id)

    assert counter.text.startswith("Undangan ini sudah dipakai, diganti")
