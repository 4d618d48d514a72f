"""From the settings to an open office: its database, brought up to date, and its catalogue."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.clock import Clock
from bot.config import Settings
from bot.office import Office
from bot.rules.catalogue_reading import read_catalogue
from bot.store import Store, migrate


@asynccontextmanager
async def opened_store(settings: Settings) -> AsyncIterator[Store]:
    """The database, brought up to date and opened."""
    url = settings.database_url.reveal()
    migrate(url)
    store = Store(url)
    try:
        await store.open()
        yield store
    finally:
        await store.close()


async def open_office(settings: Settings, store: Store, clock: Clock) -> Office:
    """The office of this deployment's catalogue, with the board of now."""
    office = Office(
        read_catalogue(settings.catalogue),
        store,
        clock,
        owners=settings.owner_ids,
        hold=settings.resume_hold,
        quiet=settings.quiet_hours,
    )
    await office.live.refresh()
    return office
