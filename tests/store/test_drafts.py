"""A draft survives a restart as it was, and of two taps at once one counts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

from bot.rules.catalogue import State
from bot.rules.drafts import Draft, Entry, Offer, OfferKind, Screen
from bot.rules.reports import Author
from bot.store import Store
from tests.store.examples import CUT, NOW, SITI, after, previewed

RICH = Entry(
    targets=("blanks",),
    place="kendari",
    state=State.LIMITED,
    spares=frozenset({"kk", "kia"}),
    cause="blangko tinggal sedikit",
    until=date(2017, 2, 3),
    unsure=True,
    answered=frozenset({Screen.STATE, Screen.CAUSE}),
    ready=(CUT,),
)


def draft(message: int = 5, screen: Screen = Screen.CAUSE, **more: object) -> Draft:
    return replace(Draft(SITI.id, message, SITI, NOW, screen), **more)


async def kept(store: Store, *drafts: Draft) -> None:
    async with store.writing() as session:
        for one in drafts:
            await session.start_draft(one)


async def turned(store: Store, one: Draft) -> Draft | None:
    async with store.writing() as session:
        return await session.turn_draft(one, after(minutes=1))


async def test_a_draft_is_read_as_it_was_written(store: Store, fresh: Store) -> None:
    offers = (Offer(OfferKind.AGAIN, RICH), Offer(OfferKind.NORMAL, Entry()))
    rich = draft(entry=RICH, offers=offers, service="ktp", month=date(2017, 2, 1), turn=4)

    await kept(store, rich, draft(6))

    async with fresh.reading() as session:
        assert await session.draft(SITI.id, 5) == rich
        assert await session.draft(SITI.id, 6) == draft(6)
        assert await session.draft(SITI.id, 7) is None


async def test_a_new_draft_on_a_message_takes_the_place_of_the_old(store: Store, fresh: Store) -> None:
    await kept(store, draft(entry=RICH, turn=9), draft())

    async with fresh.reading() as session:
        assert await session.draft(SITI.id, 5) == draft()


async def test_of_two_taps_at_once_one_counts(store: Store, fresh: Store) -> None:
    await kept(store, draft())

    both = await asyncio.gather(turned(store, draft(screen=Screen.PLACE)), turned(fresh, draft(screen=Screen.STATE)))

    (won,) = filter(None, both)
    assert (won.turn, won.at) == (2, after(minutes=1))
    async with fresh.reading() as session:
        assert await session.draft(SITI.id, 5) == won


async def test_nobody_turns_a_draft_of_somebody_else(store: Store) -> None:
    await kept(store, draft())

    assert await turned(store, draft(by=Author(902, "Arman"))) is None


async def test_the_latest_draft_that_waits_for_words_is_found(store: Store, fresh: Store) -> None:
    waits = (draft(5, Screen.LINES), draft(6, Screen.CAUSE_WORDS, at=after(minutes=2)), draft(7, at=after(minutes=3)))
    await kept(store, *waits)

    async with fresh.reading() as session:
        assert (await session.waiting_drafts([SITI.id], NOW - timedelta(1))).get(SITI.id) == waits[1]
        assert (await session.waiting_drafts([SITI.id], after(minutes=2))).get(SITI.id) is None
        assert (await session.waiting_drafts([902], NOW - timedelta(1))).get(902) is None


async def test_previews_on_a_message_are_closed_together(store: Store, fresh: Store) -> None:
    async with store.writing() as session:
        for name, minute in (("early", 0), ("late", 1)):
            await session.save_preview(replace(previewed(name, made_at=after(minutes=minute)), message=5))
        await session.save_preview(replace(previewed("other"), message=6))
        await session.close_preview("early", "published")
        open_ = await session.decided_preview(901, 5)
        await session.close_previews_on(901, 5, "changed")

    async with fresh.reading() as session:
        found = [await session.preview(name) for name in ("early", "late", "other")]
        assert await session.decided_preview(901, 5) == "changed"
        assert await session.decided_preview(901, 9) is None
    assert open_ is None
    assert [one and one.closed for one in found] == ["published", "changed", None]


async def test_a_draft_is_forgotten_with_its_chat_and_after_a_day(store: Store, fresh: Store) -> None:
    await kept(store, draft(5), draft(6, at=after(hours=2)))

    async with store.writing() as session:
        await session.prune(after(hours=25))
    async with fresh.reading() as session:
        assert await session.draft(SITI.id, 5) is None
        assert await session.draft(SITI.id, 6) is not None
    async with store.writing() as session:
        await session.forget_chat(SITI.id)
    async with fresh.reading() as session:
        assert await session.draft(SITI.id, 6) is None
