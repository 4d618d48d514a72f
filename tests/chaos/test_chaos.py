"""The campaign in short: whatever goes wrong, everybody who should hear does, and none again without need."""

from __future__ import annotations

from tests.chaos.campaign import Plan, campaign
from tests.chaos.page import page


async def test_through_kills_and_failures_everybody_hears_it_and_none_again_without_need() -> None:
    outcome = await campaign(Plan(count=100, kills=3, patience=240, trouble=2, enough=0.7))

    assert outcome.lost == []
    assert outcome.needless == []
    assert outcome.misled == []
    assert outcome.open_still == []
    assert outcome.unanswered == 0
    assert len(outcome.killed_at) == 3
    assert "**0 lost**" in page(outcome)
