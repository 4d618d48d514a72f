"""What is remembered of a chat, and how nothing of it is left."""

from __future__ import annotations

import asyncio
from datetime import date

from sqlalchemy import select

from bot.rules.chats import Aim, ChatNotes, LastQuestion, Refusal
from bot.store import Store
from bot.store.tables import metadata
from tests.store.examples import NOW, after, fanned_out, previewed, reported, subscribed


async def test_nothing_is_known_of_a_chat_never_seen(store: Store) -> None:
    async with store.reading() as session:
        assert await session.chat_notes(1) == ChatNotes()


async def test_each_thing_remembered_leaves_the_others(store: Store, fresh: Store) -> None:
    async with store.writing() as session:
        await session.remember_questions([LastQuestion(1, "service_status", ("ktp", "kk"), NOW, missed=2)])
        await session.remember_language(1, "en")
        await session.remember_place(1, "kendari/mpp")

    async with fresh.reading() as session:
        notes = await session.chat_notes(1)
    assert notes == ChatNotes("en", "kendari/mpp", "service_status", ("ktp", "kk"), NOW, 2)


async def test_what_waits_for_its_place_keeps_its_aim_and_its_language(store: Store, fresh: Store) -> None:
    async with store.writing() as session:
        await session.remember_questions([LastQuestion(1, "subscribe", ("ktp",), NOW, 0, Aim.ALWAYS, "en")])
        waiting = await session.chat_notes(1)
        await session.remember_questions([LastQuestion(1, "subscribe", ("kk",), NOW)])

    async with fresh.reading() as session:
        later = await session.chat_notes(1)
    assert (waiting.aim, waiting.asked_in, waiting.language) == (Aim.ALWAYS, "en", None)
    assert (later.aim, later.asked_in) == (None, None)


async def test_a_question_is_forgotten_and_the_language_stays(store: Store, fresh: Store) -> None:
    async with store.writing() as session:
        await session.remember_language(1, "en")
        await session.remember_questions([LastQuestion(1, "greeting", (), NOW)])
        await session.forget_question(1)
        await session.forget_question(2)

    async with fresh.reading() as session:
        assert await session.chat_notes(1) == ChatNotes(language="en")


async def test_languages_are_told_for_a_whole_batch(store: Store, fresh: Store) -> None:
    async with store.writing() as session:
        await session.remember_language(1, "en")
        await session.remember_language(2, "id")
        await session.remember_place(3, "kendari")

    async with fresh.reading() as session:
        assert await session.languages_of([1, 2, 3, 4]) == {1: "en", 2: "id"}


async def test_two_first_messages_at_once_are_both_remembered(store: Store, fresh: Store) -> None:
    async def remember(one: Store, chat: int) -> None:
        async with one.writing() as session:
            await session.remember_language(chat, "en")

    await asyncio.gather(*(remember(one, 1) for one in (store, fresh) * 5))

    async with fresh.reading() as session:
        assert (await session.chat_notes(1)).language == "en"


async def test_which_message_answered_is_known_until_the_next_question(store: Store, fresh: Store) -> None:
    async with store.writing() as session:
        await session.remember_questions([LastQuestion(-5, "service_status", ("ktp",), NOW)])
        await session.remember_answer(-5, 41)
        answered = (await session.chat_notes(-5)).answered
        await session.remember_questions([LastQuestion(-5, "service_status", ("kk",), NOW)])

    async with fresh.reading() as session:
        assert (answered, (await session.chat_notes(-5)).answered) == (41, None)


async def test_what_was_not_understood_is_counted_by_day_and_shape(store: Store, fresh: Store) -> None:
    yesterday, today = date(2023, 2, 1), date(2023, 2, 2)
    async with store.writing() as session:
        for day, shape in ((yesterday, "1 word"), (today, "1 word"), (today, "1 word"), (today, "8+ words, ?")):
            await session.count_unmatched(day, shape)

    async with fresh.reading() as session:
        assert list((await session.unmatched(yesterday)).items()) == [("1 word", 3), ("8+ words, ?", 1)]
        assert await session.unmatched(today) == {"1 word": 2, "8+ words, ?": 1}


async def test_two_processes_count_what_was_not_understood_together(store: Store, fresh: Store) -> None:
    async def count(one: Store) -> None:
        async with one.writing() as session:
            await session.count_unmatched(date(2023, 2, 2), "1 word")

    await asyncio.gather(*(count(one) for one in (store, fresh) * 5))

    async with fresh.reading() as session:
        assert await session.unmatched(date(2023, 2, 2)) == {"1 word": 10}


async def test_refused_attempts_are_read_from_a_time_on(store: Store, fresh: Store) -> None:
    async with store.writing() as session:
        await session.record_refusal(after(hours=-2), 66, "/lapor ktp bisa")
        await session.record_refusal(NOW, 67, "/pulih")

    async with fresh.reading() as session:
        assert await session.refusals(after(hours=-1)) == (Refusal(NOW, 67, "/pulih"),)
        assert len(await session.refusals(after(days=-1))) == 2


async def test_a_forgotten_chat_is_found_in_no_table_but_as_author_of_reports(store: Store, fresh: Store) -> None:
    chat = 901  # the author's own private chat
    await reported(store)
    await subscribed(store, chat)
    await subscribed(store, 7)
    await fanned_out(store, chat, 7)
    async with store.writing() as session:
        await session.save_preview(previewed(chat=chat))
        await session.remember_language(chat, "en")
        await session.record_refusal(NOW, chat, "/lapor")

    async with store.writing() as session:
        await session.forget_chat(chat)

    assert await _tables_holding(fresh, chat) == {"reports"}
    assert await _tables_holding(fresh, 7) == {"subscriptions", "deliveries"}


async def _tables_holding(store: Store, chat: int) -> set[str]:
    async with store.reading() as session:
        return {
            table.name
            for table in metadata.sorted_tables
            for row in await session._connection.execute(select(table))
            if chat in tuple(row)
        }
