"""A public face on a database of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.demo.browser import browser
from tests.web.site import Site, opened_site

__all__ = ["browser"]


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with opened_site(tmp_path) as opened:
        yield opened
