"""What staff were asked is remembered, as long as it matters."""

from __future__ import annotations

from bot.store import Store
from tests.store.examples import NOW, after, in_utc


async def test_a_chat_is_asked_each_question_once(store: Store, fresh: Store) -> None:
    async with store.writing() as session:
        assert await session.ask("opening:2017-01-30", 901, NOW)
        assert not await session.ask("opening:2017-01-30", 901, after(hours=1))
        assert await session.ask("opening:2017-01-30", 902, after(hours=1))
        await session.asked_in("opening:2017-01-30", 902, 55)

    async with fresh.reading() as session:
        found = await session.asked()
    assert [(one.chat, one.at, one.message) for one in found] == [
        (901, in_utc(NOW), None),
        (902, in_utc(after(hours=1)), 55),
    ]


async def test_what_did_not_arrive_may_be_asked_again(store: Store) -> None:
    async with store.writing() as session:
        await session.ask("lasting:1:3", 901, NOW)
        await session.unask("lasting:1:3", 901)

        assert await session.ask("lasting:1:3", 901, NOW)


async def test_questions_are_found_by_how_their_key_begins(store: Store) -> None:
    async with store.writing() as session:
        await session.ask("lasting:1:3", 901, NOW)
        await session.ask("passed:1:3", 901, NOW)

        assert [one.key for one in await session.asked("passed:")] == ["passed:1:3"]


async def test_questions_are_forgotten_after_three_months(store: Store, fresh: Store) -> None:
    async with store.writing() as session:
        await session.ask("lasting:1:3", 901, NOW)
        await session.ask("lasting:2:3", 901, after(days=1))

    async with store.writing() as session:
        await session.prune(after(days=90))

    async with fresh.reading() as session:
        assert [one.key for one in await session.asked()] == ["lasting:2:3"]
