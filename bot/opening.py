"""From the settings to an open office: its database, brought up to date, and its catalogue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.clock import Clock
from bot.config import Settings
from bot.office import Office
from bot.rules.catalogue_reading import read_catalogue
from bot.store import DatabaseAway, Store, migrate

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 5.0  # seconds between two tries to reach the database at start

log = structlog.get_logger(__name__)


@asynccontextmanager
async def opened_store(settings: Settings, *, patience: float = 0.0) -> AsyncIterator[Store]:
    """The database, brought up to date and opened; one that is away is waited for, for so many seconds."""
    url = settings.database_url.reveal()
    await _bring_up_to_date(url, patience)
    store = Store(url)
    try:
        await store.open()
        yield store
    finally:
        await store.close()


async def _bring_up_to_date(url: str, patience: float) -> None:
    waited, wait = 0.0, _FIRST_WAIT
    while True:
        try:
            migrate(url)
        except DatabaseAway as error:
            if waited >= patience:
                raise
            log.warning("start_waits_for_database", error=str(error), seconds=wait)
            await asyncio.sleep(wait)
            waited, wait = waited + wait, min(wait * 2, _LONGEST_WAIT)
        else:
            return


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
