"""Days that differ, entered and removed."""

from __future__ import annotations

from datetime import date, time, timedelta

from bot.rules.catalogue import CalendarException, Opening
from bot.rules.reports import Author
from bot.rules.schedule import SpecialDays
from bot.store import Store
from bot.store.upkeep import AUDIT_KEPT
from tests.store.examples import NOW, SITI, after, in_utc

SHUT = CalendarException(date(2017, 2, 1), date(2017, 2, 3), (), {"id": "rapat"}, "kendari/mpp")
RAMADAN = CalendarException(
    date(2017, 5, 27), date(2017, 6, 24), (Opening(time(8), time(11, 30)),), {"id": "Ramadan"}, weekdays=(0, 4)
)


async def entered(store: Store, preview: str | None = None) -> bool:
    async with store.writing() as session:
        return await session.add_special_days(SpecialDays(0, (SHUT, RAMADAN), SITI, NOW), preview)


async def test_an_entry_comes_back_as_it_was_and_once_a_preview(store: Store, fresh: Store) -> None:
    assert await entered(store, "a1b2")
    assert not await entered(store, "a1b2")
    assert await entered(store)

    async with fresh.reading() as session:
        first, second = await session.special_days()
    assert first == SpecialDays(1, (SHUT, RAMADAN), SITI, in_utc(NOW))
    assert second.id > first.id


async def test_an_entry_is_removed_once(store: Store, fresh: Store) -> None:
    await entered(store)

    async with store.writing() as session:
        assert await session.remove_special_days(1, Author(902, "Arman"), after(hours=1))
        assert not await session.remove_special_days(1, Author(902, "Arman"), after(hours=2))

    async with fresh.reading() as session:
        assert await session.special_days() == ()


async def test_who_entered_it_is_forgotten_with_the_audit(store: Store, fresh: Store) -> None:
    await entered(store)

    async with store.writing() as session:
        await session.prune(NOW + AUDIT_KEPT + timedelta(days=1))
        assert await session.prune(NOW + AUDIT_KEPT + timedelta(days=1)) == 0

    async with fresh.reading() as session:
        (kept,) = await session.special_days()
    assert kept.by == Author(0, "")
