"""Staff watch a broadcast in one message, stop it and let it go on."""

from __future__ import annotations

import pytest
import structlog

from bot.rules.broadcasts import ProgressMessage
from bot.rules.notices import DeliveryStatus, Settlement
from bot.store import Store
from tests.handlers.desk import Counter
from tests.office.house import ARMAN, CITIZEN, SITTI

REPORT = 2


async def sending(counter: Counter, *chats: int) -> None:
    """A return that these chats are about to hear of; one of them has."""
    house = counter.house
    await house.posts("lapor blangko habis")
    await house.posts("pulih blangko")
    async with house.store.writing() as session:
        for notice in await session.unreleased_notices():
            told = chats if notice.report == REPORT else ()
            await session.add_deliveries(notice.id, [(chat, notice.changes) for chat in told], house.watch())
            await session.mark_released(notice.id, house.watch(), len(told))
        (first,) = await session.claim(house.watch(), 1)
        await session.settle([Settlement(first.id, DeliveryStatus.SENT, house.watch(), message=1)])


async def paused(store: Store) -> int:
    async with store.reading() as session:
        return sum(notice.paused for notice in await session.unfinished_notices())


async def followed(counter: Counter) -> list[ProgressMessage]:
    return list(await counter.house.office.broadcasts.followed())


async def test_where_nothing_is_sent_it_says_so_and_nothing_is_watched(counter: Counter) -> None:
    await counter.says("/siaran", SITTI.id)

    assert "Tidak ada kabar yang sedang dikirim" in counter.text
    assert counter.buttons == []
    assert await followed(counter) == []


async def test_what_is_sent_is_shown_with_a_way_to_stop_it(counter: Counter) -> None:
    await sending(counter, 1, 2, 3)

    await counter.says("/siaran", SITTI.id)

    assert "Terkirim: 1 dari 3" in counter.text
    assert counter.buttons == [f"stop:{REPORT}:all"]
    assert [(one.chat, one.report) for one in await followed(counter)] == [(SITTI.id, None)]


@pytest.mark.parametrize("refused", [None, "Bad Request: message can't be deleted for everyone"])
async def test_asked_again_the_new_message_takes_the_place_of_the_old_one(
    counter: Counter, refused: str | None
) -> None:
    await sending(counter, 1, 2, 3)
    if refused:
        counter.telegram.refuses["deleteMessage"] = (400, refused)
    await counter.says("/siaran", SITTI.id)
    (old,) = await followed(counter)

    await counter.says("/siaran", SITTI.id)

    (new,) = await followed(counter)
    assert new.message > old.message
    assert [call["message_id"] for call in counter.called("deleteMessage")] == [old.message]


async def test_every_member_of_the_staff_has_a_message_of_their_own(counter: Counter) -> None:
    await sending(counter, 1, 2)

    await counter.says("/siaran", SITTI.id)
    await counter.says("/siaran", ARMAN.id)

    assert {one.chat for one in await followed(counter)} == {SITTI.id, ARMAN.id}
    assert counter.called("deleteMessage") == []


async def test_a_tap_stops_it_and_another_lets_it_go_on(counter: Counter, fresh: Store) -> None:
    await sending(counter, 1, 2)
    nudges: list[int] = []
    counter.house.office.staff.nudge = lambda: nudges.append(1)

    with structlog.testing.capture_logs() as logged:
        await counter.taps(f"stop:{REPORT}:all", SITTI.id)
        await counter.taps(f"stop:{REPORT}:all", SITTI.id)

    assert "Dihentikan" in counter.text
    assert counter.buttons == [f"go:{REPORT}:all"]
    assert await paused(fresh) == 1
    assert [(one["report"], one["by"]) for one in logged if one["event"] == "broadcast_stopped"] == [(REPORT, SITTI.id)]

    await counter.taps(f"go:{REPORT}:all", SITTI.id)

    assert counter.buttons == [f"stop:{REPORT}:all"]
    assert await paused(fresh) == 0
    assert len(nudges) == 2


async def test_what_was_published_can_be_stopped_where_it_stands(counter: Counter) -> None:
    await sending(counter, 1, 2)

    await counter.taps(f"stop:{REPORT}", SITTI.id, message_id=77)

    assert counter.text.startswith("Sudah diumumkan")
    assert counter.buttons == [f"u:{REPORT}", f"go:{REPORT}"]
    assert [(one.message, one.report) for one in await followed(counter)] == [(77, REPORT)]


async def test_a_button_of_what_is_long_over_says_so(counter: Counter) -> None:
    await counter.house.posts("lapor blangko habis")
    async with counter.house.store.writing() as session:
        await session.cancel_notices(1)

    await counter.taps("stop:1", SITTI.id)

    assert "Tidak ada kabar yang menunggu" in counter.text


async def test_others_are_refused_and_change_nothing(counter: Counter, fresh: Store) -> None:
    await sending(counter, 1, 2)

    await counter.says("/siaran")
    await counter.taps(f"stop:{REPORT}:all")

    assert await paused(fresh) == 0
    async with fresh.reading() as session:
        tried = [(one.user, one.what) for one in await session.refusals(counter.house.watch())]
    assert tried == [(CITIZEN, "/siaran"), (CITIZEN, f"stop:{REPORT}:all")]


async def test_what_is_published_sent_now_or_taken_back_is_followed_where_it_was_tapped(counter: Counter) -> None:
    house = counter.house
    await house.posts("lapor blangko habis")
    await counter.taps("k:ktp_cetak")
    shown = await house.shows("pulih blangko")

    await counter.taps(f"p:{shown.preview.id}", SITTI.id, message_id=77)
    await counter.taps(f"n:{REPORT}", SITTI.id, message_id=78)

    assert [(one.chat, one.message, one.report) for one in await followed(counter)] == [
        (SITTI.id, 77, REPORT),
        (SITTI.id, 78, REPORT),
    ]


async def test_a_cancelled_preview_is_not_followed(counter: Counter) -> None:
    shown = await counter.house.shows("lapor blangko habis")

    await counter.taps(f"q:{shown.preview.id}", SITTI.id)

    assert await followed(counter) == []
