"""The bot of the demo's office, over a Telegram that records."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.rules.catalogue_reading import SHIPPED, read_catalogue
from bot.store import Store
from tests.handlers.desk import Counter, opened


@pytest.fixture
async def counter(store: Store) -> AsyncIterator[Counter]:
    async with opened(store, read_catalogue(SHIPPED / "demo.toml")) as counter:
        yield counter
