"""A broadcast of half a minute at Telegram's own limit, while citizens ask: `loket run` against the stand-in."""

from __future__ import annotations

import asyncio

import pytest

from bench.pace import SHORT, at_the_usual_pace


@pytest.mark.alone
async def test_notices_go_at_telegrams_limit_and_nobody_who_asks_waits() -> None:
    found = await asyncio.to_thread(at_the_usual_pace, SHORT)

    assert found.pace >= 24.5
    assert found.limits_met <= 1
    assert len(found.answers) >= 60
    assert found.p95 < 0.3
    assert max(found.answers) < 1
