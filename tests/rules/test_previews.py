"""Previews refuse times that name no zone."""

from __future__ import annotations

import pytest

from bot.rules.previews import Preview
from tests.rules.small_office import SITTI, at


def test_a_preview_needs_aware_times() -> None:
    naive = at(1).replace(tzinfo=None)

    with pytest.raises(ValueError, match="aware"):
        Preview("a", 1, SITTI, naive, naive, (), "", "/lapor")
