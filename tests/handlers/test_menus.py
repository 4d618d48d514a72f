"""The menus: everybody's in every language, staff's in theirs alone."""

from __future__ import annotations

import json

from structlog.testing import capture_logs

from bot.rules.reports import Author
from bot.rules.staff import Member, Role
from handlers.menus import CITIZEN_COMMANDS, STAFF_COMMANDS, set_menus, set_staff_menus
from tests.handlers.desk import Counter, Json
from tests.office.house import OWNERS


def commands(asked: Json) -> list[str]:
    told = asked["commands"]
    return [one["command"] for one in (json.loads(told) if isinstance(told, str) else told)]


def scope(asked: Json) -> Json:
    found = asked.get("scope", {"type": "default"})
    told: Json = json.loads(found) if isinstance(found, str) else found
    return told


async def test_everybody_sees_the_citizens_commands_in_their_language(counter: Counter) -> None:
    await set_menus(counter.application.bot, counter.application.bot_data)

    general = [one for one in counter.called("setMyCommands") if scope(one)["type"] == "all_private_chats"]
    assert [one.get("language_code") for one in general] == [None, "en"]
    assert all(commands(one) == list(CITIZEN_COMMANDS) for one in general)
    assert [one.get("language_code") for one in counter.called("setMyDescription")] == [None, "en"]
    assert all(len(one["short_description"]) <= 120 for one in counter.called("setMyShortDescription"))
    assert all(len(one["description"]) <= 512 for one in counter.called("setMyDescription"))


async def test_staff_see_theirs_first(counter: Counter) -> None:
    await set_staff_menus(counter.application.bot, counter.application.bot_data, {})

    own = [one for one in counter.called("setMyCommands") if scope(one)["type"] == "chat"]
    assert [scope(one)["chat_id"] for one in own] == list(OWNERS)
    assert all(commands(one) == [*STAFF_COMMANDS, *CITIZEN_COMMANDS] for one in own)


async def test_a_menu_that_cannot_be_set_stops_nothing(counter: Counter) -> None:
    counter.telegram.refuses["setMyDescription"] = (400, "Bad Request: no")

    with capture_logs() as logged:
        await set_menus(counter.application.bot, counter.application.bot_data)

    assert [entry["log_level"] for entry in logged] == ["warning"]


async def test_staff_who_have_not_started_the_bot_are_no_trouble(counter: Counter) -> None:
    counter.telegram.refuses["setMyCommands"] = (400, "Bad Request: chat not found")

    with capture_logs() as logged:
        shown = await set_staff_menus(counter.application.bot, counter.application.bot_data, {})

    assert len(logged) == len(shown) == len(OWNERS)


async def test_a_menu_follows_who_came_and_who_went(counter: Counter) -> None:
    bot, desk = counter.application.bot, counter.application.bot_data
    clerk = Member(747100204, "Budi", Role.STAFF)
    shown = await set_staff_menus(bot, desk, {})
    counter.telegram.calls.clear()

    await desk.office.roster.appoint_as_operator(Author(0, "terminal"), clerk)
    came = await set_staff_menus(bot, desk, shown)
    await desk.office.roster.remove_as_operator(Author(0, "terminal"), clerk.id)
    went = await set_staff_menus(bot, desk, came)

    (given,), (taken,) = counter.called("setMyCommands"), counter.called("deleteMyCommands")
    assert commands(given) == [*(name for name in STAFF_COMMANDS if name != "undang"), *CITIZEN_COMMANDS]
    assert (scope(given)["chat_id"], scope(taken)["chat_id"]) == (clerk.id, clerk.id)
    assert went == shown


async def test_a_menu_that_cannot_be_taken_away_is_no_trouble(counter: Counter) -> None:
    counter.telegram.refuses["deleteMyCommands"] = (400, "Bad Request: chat not found")

    with capture_logs() as logged:
        await set_staff_menus(counter.application.bot, counter.application.bot_data, {1: Role.STAFF})

    assert [entry["event"] for entry in logged] == ["a staff menu was not taken away"]
