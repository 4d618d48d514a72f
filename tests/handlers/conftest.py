"""The bot of the demo's office, over a Telegram that records."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.rules.catalogue_reading import SHIPPED, read_catalogue
from bot.store import Store
from tests.handlers.desk import Counter, opened

DEMO = read_catalogue(SHIPPED / "demo.toml")


@pytest.fixture
async def counter(store: Store) -> AsyncIterator[Counter]:
    async with opened(store, DEMO) as counter:
        yield counter
