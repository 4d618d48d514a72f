"""A group that an admin subscribed hears of a return once for all, also after it became a supergroup."""

from __future__ import annotations

import pytest

from playground.people import block, upgrade_group
from tests.journeys.deployment import Deployment
from tests.journeys.town import BACK, Town
from tests.phone import Phone

GROUP = -747100601


@pytest.fixture
async def group(town: Town, office: Deployment) -> Phone:
    """A group whose admin subscribed it, during an outage."""
    await town.publish("/lapor blangko habis")
    group = await town.newcomer(GROUP, "Warga RT 3")
    assert "setiap kali" in await town.answer(group, "/langganan ktp")
    return group


async def test_a_group_hears_of_a_return_once_for_all(town: Town, group: Phone) -> None:
    await town.publish("/pulih blangko")

    await group.wait_for(BACK)
    assert await town.heard(group, BACK) == 1


async def test_a_group_that_grew_is_followed(town: Town, group: Phone) -> None:
    grown = upgrade_group(town.world, GROUP)
    supergroup = town.phones.setdefault(grown.chat_id, Phone(town.url, grown.chat_id))

    await town.publish("/pulih blangko")

    await supergroup.wait_for(BACK)


async def test_a_group_that_threw_the_bot_out_is_not_written_to(town: Town, group: Phone, office: Deployment) -> None:
    block(town.world, GROUP, blocked=True)
    await town.answer(town.citizen, "halo")  # handled after it

    assert office.query("SELECT count(*) FROM subscriptions") == [(0,)]

    block(town.world, GROUP, blocked=False)
    assert "Sebut @loket_playground_bot" in (await group.reply())["text"]
