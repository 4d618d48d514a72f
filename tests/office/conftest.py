"""A small office on each database."""

from __future__ import annotations

import pytest

from bot.store import Store
from tests.office.house import House


@pytest.fixture
def house(store: Store) -> House:
    return House(store)
