"""The stand-in over HTTP: tokens, ways of sending, faults, the page's interface."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from playground import people as person
from playground.__main__ import arguments, run
from playground.faults import Fault
from playground.journal import Journal
from playground.server import serve, serve_app
from playground.world import World
from tests.playground.conftest import CITIZEN, GROUP, STAFF, Bot

COMMANDS = [{"command": "papan", "description": "Papan hari ini"}]


async def test_it_is_ready_at_once_and_may_be_served_again(world: World) -> None:
    begin = time.perf_counter()
    async with serve(world) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        took = time.perf_counter() - begin
        assert (await client.get("/api/state")).is_success
    async with serve(world) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        poll = asyncio.create_task(Bot(client, world.token).result("getUpdates", timeout=30))
        await asyncio.sleep(0.05)
        world.close()
        assert await poll == []

    assert took < 0.3


async def test_a_taken_port_is_said(address: str) -> None:
    port = int(address.rpartition(":")[2])

    with pytest.raises(OSError, match="in use"):
        async with serve(World(), port):
            raise AssertionError("served twice")


async def test_wrong_tokens_and_unknown_methods_are_refused(people: httpx.AsyncClient, bot: Bot) -> None:
    wrong = await people.get("/bot1:wrong/getMe")
    unknown = await bot("sendPigeon")

    assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
    assert (unknown["error_code"], unknown["description"]) == (404, "Not Found")
    assert (await bot.result("getme"))["username"] == "loket_playground_bot"


async def test_parameters_come_in_every_way_that_bots_send_them(bot: Bot) -> None:
    url, sent = f"/bot{bot.token}/sendMessage", {"chat_id": str(CITIZEN), "text": "123"}
    file = {"document": ("späte Post.txt", bytes(range(256)), "application/octet-stream")}

    answers = [
        await bot.client.get(url, params=sent),
        await bot.client.post(url, data=sent),
        await bot.client.post(url, json={"chat_id": CITIZEN, "text": 123}),
        await bot.client.post(f"/bot{bot.token}/sendDocument", data={"chat_id": str(CITIZEN)}, files=file),
        await bot.client.post(
            f"/bot{bot.token}/sendDocument",
            data={"chat_id": str(CITIZEN), "document": "attach://part"},
            files={"part": file["document"]},
        ),
    ]

    results = [answer.json()["result"] for answer in answers]
    assert [result["text"] for result in results[:3]] == ["123"] * 3
    assert [result["document"]["file_name"] for result in results[3:]] == ["späte Post.txt"] * 2


@pytest.mark.parametrize(
    ("kind", "content"),
    [("application/json", b"{"), ("application/json", b"[]"), ("multipart/form-data", b"x")],
)
async def test_a_body_that_makes_no_sense_is_refused(bot: Bot, kind: str, content: bytes) -> None:
    answer = await bot.client.post(f"/bot{bot.token}/getMe", content=content, headers={"content-type": kind})

    assert answer.status_code == 400


async def test_empty_files_and_big_photos_are_refused(bot: Bot) -> None:
    url, data = f"/bot{bot.token}/sendPhoto", {"chat_id": str(CITIZEN)}

    empty = await bot.client.post(url, data=data, files={"photo": ("a.png", b"", "image/png")})
    big = await bot.client.post(url, data=data, files={"photo": ("a.png", bytes(10_000_001), "image/png")})

    assert empty.json()["description"] == "Bad Request: file must be non-empty"
    assert big.json()["description"] == "Bad Request: too big file for a photo"


async def test_faults_that_answer_say_what_they_are_told_to(bot: Bot, people: httpx.AsyncClient) -> None:
    wish = {
        "sendMessage": [
            {"kind": "flood", "retry_after": 3},
            {"kind": "forbidden", "times": 1, "chat_id": CITIZEN},
            {"kind": "error", "code": 400, "description": "Bad Request: PEER_ID_INVALID"},
        ],
        "*": {"kind": "server_error"},
    }
    assert (await people.post("/api/faults", json=wish)).is_success

    told = [await bot("sendMessage", chat_id=CITIZEN, text="x") for _ in range(3)]
    broken = await people.post(f"/bot{bot.token}/sendMessage", json={"chat_id": CITIZEN, "text": "x"})
    well = await bot("sendMessage", chat_id=CITIZEN, text="x")

    assert [answer["error_code"] for answer in told] == [429, 403, 400]
    assert told[0]["parameters"] == {"retry_after": 3}
    assert broken.status_code == 502
    assert well["ok"]


@pytest.mark.parametrize(
    ("fault", "taken"),
    [
        ({"kind": "reset_before"}, 0),
        ({"kind": "reset_after"}, 1),
        ({"kind": "hang", "seconds": 0.05}, 0),
        ({"kind": "hang", "seconds": 0.05, "taken": True}, 1),
    ],
)
async def test_faults_that_cut_leave_the_message_taken_or_not(
    bot: Bot, world: World, fault: dict[str, object], taken: int
) -> None:
    world.faults.plan_json({"sendMessage": fault})

    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await bot("sendMessage", chat_id=CITIZEN, text="x")

    assert len(world.phones[CITIZEN].messages) == taken
    assert [call["status"] for call in world.journal.calls()] == [None]
    assert (await bot("sendMessage", chat_id=CITIZEN, text="x"))["ok"]


async def test_a_slow_answer_comes_in_the_end(bot: Bot, world: World) -> None:
    world.faults.plan("*", Fault("slow", chat_id=CITIZEN, seconds=0.05))

    assert await bot.result("getMe")
    assert await bot.result("sendMessage", chat_id=CITIZEN, text="x")


async def test_faults_can_be_forgotten_and_must_be_known(bot: Bot, people: httpx.AsyncClient) -> None:
    await people.post("/api/faults", json={"getMe": {"kind": "flood", "times": 9}, "getChat": None})
    unknown = await people.post("/api/faults", json={"getMe": {"kind": "earthquake"}})
    await people.post("/api/faults", json={})

    assert "a fault's kind is one of" in unknown.json()["error"]
    assert await bot.result("getMe")


async def test_faults_are_there_on_request_alone(world: World) -> None:
    async with serve(world, faults=False) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        assert (await client.post("/api/faults", json={})).status_code in (404, 405)


async def test_the_journal_holds_every_call_but_no_token(bot: Bot, people: httpx.AsyncClient) -> None:
    await bot.result("sendMessage", chat_id=CITIZEN, text="x", disable_notification=True)
    await bot("sendMessage", chat_id=CITIZEN, txt="x")

    journal = await people.get("/api/journal")

    assert [(call["method"], call["status"]) for call in journal.json()] == [("sendMessage", 200), ("sendMessage", 400)]
    assert journal.json()[0]["params"] == {"chat_id": CITIZEN, "text": "x", "disable_notification": True}
    assert bot.token not in journal.text
    assert (await people.get("/api/journal?method=getMe")).json() == []


def test_the_journal_is_bounded() -> None:
    journal = Journal(kept=2)
    for number in range(3):
        journal.open(number, "getMe", {})

    assert [call["at"] for call in journal.calls()] == [1, 2]


async def test_events_tell_the_page_what_happens(bot: Bot, people: httpx.AsyncClient, world: World) -> None:
    events = []
    async with people.stream("GET", "/api/events") as stream:
        lines = stream.aiter_lines()
        await anext(lines)
        message = person.say(world, CITIZEN, "halo")
        person.edit(world, CITIZEN, message.message_id, "halo!")
        await bot.result("sendChatAction", chat_id=CITIZEN, action="typing")
        await bot.result("deleteMessage", chat_id=CITIZEN, message_id=message.message_id)
        await people.post("/api/clock", json={"offset": 60})
        await people.post("/api/reset")
        async for line in lines:
            if line.startswith("data: "):
                events.append(json.loads(line.removeprefix("data: ")))
            if len(events) == 6:
                break

    assert [event["type"] for event in events] == ["message", "edit", "typing", "delete", "clock", "reset"]
    assert events[1]["message"]["text"] == "halo!"


async def test_events_end_when_the_server_stops(world: World) -> None:
    async with (
        httpx.AsyncClient(trust_env=False) as client,
        serve(world) as address,
        client.stream("GET", f"{address}/api/events") as stream,
    ):
        lines = stream.aiter_lines()
        await anext(lines)
        world.close()
        rest = [line async for line in lines]

    assert rest == [""]


async def test_the_state_shows_each_phone_with_its_menu(bot: Bot, people: httpx.AsyncClient) -> None:
    await bot.result("setMyCommands", commands=[{"command": "bantuan", "description": "Bantuan"}])
    await bot.result("setMyCommands", commands=COMMANDS, scope={"type": "chat", "chat_id": STAFF})
    english = [{"command": "help", "description": "Help"}]
    await bot.result("setMyCommands", commands=english, scope={"type": "all_private_chats"}, language_code="en")
    await people.post(
        "/api/phones", json={"chat_id": 747100555, "first_name": "Ann", "language_code": "en", "acquainted": True}
    )

    state = (await people.get("/api/state")).json()

    menus = {phone["chat_id"]: [entry["command"] for entry in phone["commands"]] for phone in state["phones"]}
    assert menus[CITIZEN] == ["bantuan"]
    assert menus[STAFF] == ["papan"]
    assert menus[747100555] == ["help"]
    assert menus[GROUP] == ["bantuan"]
    assert state["bot"]["commands"] == [{"command": "bantuan", "description": "Bantuan"}]
    assert await bot.result("sendMessage", chat_id=747100555, text="hello")


async def test_the_clock_moves_the_dates_of_messages(people: httpx.AsyncClient, world: World) -> None:
    before = person.say(world, CITIZEN, "a").date
    await people.post("/api/clock", json={"offset": -3600})

    assert person.say(world, CITIZEN, "b").date == before - 3600


async def test_a_reset_forgets_messages_and_what_waits(people: httpx.AsyncClient, world: World, bot: Bot) -> None:
    person.say(world, CITIZEN, "a")

    await people.post("/api/reset")

    assert not world.phones[CITIZEN].messages
    assert await bot.result("getUpdates") == []
    assert await bot.result("sendMessage", chat_id=CITIZEN, text="x")


async def test_a_group_hears_commands_mentions_and_replies_alone(bot: Bot, world: World) -> None:
    sent = await bot.result("sendMessage", chat_id=GROUP, text="halo")
    for text in (
        "ktp?",
        "/status@other_bot",
        "/status",
        "/status@loket_playground_bot ktp",
        "@loket_playground_bot ktp",
    ):
        person.say(world, GROUP, text)
    person.say(world, GROUP, "jawab", reply_to=sent["message_id"])

    heard = [update["message"]["text"] for update in await bot.result("getUpdates")]

    assert heard == ["/status", "/status@loket_playground_bot ktp", "@loket_playground_bot ktp", "jawab"]


async def test_people_edit_send_photos_block_and_come_back(people: httpx.AsyncClient, bot: Bot) -> None:
    chat = {"chat_id": CITIZEN}
    said = (await people.post("/api/send", json={**chat, "text": "ktp"})).json()
    await people.post("/api/edit", json={**chat, "message_id": said["message_id"], "text": "kk"})
    photo = (await people.post("/api/photo", json={**chat, "caption": "NIK saya"})).json()
    await people.post("/api/block", json={**chat, "blocked": True})
    await people.post("/api/block", json={**chat, "blocked": True})
    await people.post("/api/send", json={**chat, "text": "/start ktp"})

    updates = await bot.result("getUpdates")

    kinds = [next(kind for kind in update if kind != "update_id") for update in updates]
    assert kinds == ["message", "edited_message", "message", "my_chat_member", "my_chat_member", "message"]
    assert updates[2]["message"]["photo"][0]["file_id"]
    assert updates[5]["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert (await people.get(photo["photo"])).headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("send", {"chat_id": 1, "text": "x"}),
        ("send", {"chat_id": CITIZEN}),
        ("edit", {"chat_id": CITIZEN, "message_id": 99, "text": "x"}),
        ("migrate", {"chat_id": CITIZEN}),
    ],
)
async def test_what_people_can_not_do_is_said(people: httpx.AsyncClient, path: str, body: dict[str, object]) -> None:
    answer = await people.post(f"/api/{path}", json=body)

    assert answer.status_code == 400
    assert answer.json()["error"]


async def test_people_edit_their_own_messages_only(bot: Bot, world: World) -> None:
    sent = await bot.result("sendMessage", chat_id=CITIZEN, text="x")

    with pytest.raises(ValueError, match="their own"):
        person.edit(world, CITIZEN, sent["message_id"], "y")


async def test_the_bots_profile_is_kept_per_language(bot: Bot, people: httpx.AsyncClient) -> None:
    await bot.result("setMyName", name="Loket Kendari")
    await bot.result("setMyDescription", description="Buka apa hari ini?")
    await bot.result("setMyDescription", description="What works today?", language_code="en")
    await bot.result("setMyShortDescription", short_description="Disdukcapil")

    assert (await bot.result("getMyName")) == {"name": "Loket Kendari"}
    assert (await bot.result("getMyDescription", language_code="en")) == {"description": "What works today?"}
    assert (await bot.result("getMyDescription", language_code="id")) == {"description": "Buka apa hari ini?"}
    assert (await bot.result("getMyShortDescription")) == {"short_description": "Disdukcapil"}
    assert (await people.get("/api/state")).json()["bot"]["description"] == "Buka apa hari ini?"
    assert "BOT_SHORT_DESCRIPTION_INVALID" in await bot.refusal("setMyShortDescription", short_description="a" * 121)


async def test_commands_are_checked_and_taken_away(bot: Bot) -> None:
    await bot.result("setMyCommands", commands=COMMANDS)
    kept = await bot.result("getMyCommands")
    await bot.result("deleteMyCommands")

    assert kept == COMMANDS
    assert await bot.result("getMyCommands") == []
    for commands, words in (
        ([{"command": "Papan", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "papan", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        (COMMANDS * 101, "BOT_COMMANDS_TOO_MUCH"),
    ):
        assert words in await bot.refusal("setMyCommands", commands=commands)
    nowhere = {"type": "chat", "chat_id": 5}
    assert "chat not found" in await bot.refusal("setMyCommands", commands=COMMANDS, scope=nowhere)


async def test_chats_and_members_are_told(bot: Bot, world: World) -> None:
    assert (await bot.result("getChat", chat_id=GROUP))["title"] == "RT 05"
    assert (await bot.result("getChatMember", chat_id=GROUP, user_id=CITIZEN))["status"] == "creator"
    assert (await bot.result("getChatMember", chat_id=CITIZEN, user_id=CITIZEN))["status"] == "member"
    assert (await bot.result("getChatMember", chat_id=GROUP, user_id=world.profile.bot_id))["status"] == "member"
    assert "PARTICIPANT_ID_INVALID" in await bot.refusal("getChatMember", chat_id=GROUP, user_id=5)
    assert len(await bot.result("getChatAdministrators", chat_id=GROUP)) == 1
    assert "no administrators" in await bot.refusal("getChatAdministrators", chat_id=CITIZEN)
    assert await bot.result("getChatMemberCount", chat_id=GROUP) == 2
    assert "private chats" in await bot.refusal("leaveChat", chat_id=CITIZEN)
    assert await bot.result("leaveChat", chat_id=GROUP)
    assert "not a member of the group chat" in await bot.refusal("sendMessage", chat_id=GROUP, text="x")
    assert await bot.result("close")
    assert await bot.result("logOut")


async def test_the_menu_button_is_kept(bot: Bot) -> None:
    await bot.result("setChatMenuButton", chat_id=CITIZEN, menu_button={"type": "commands"})

    assert await bot.result("getChatMenuButton", chat_id=CITIZEN) == {"type": "commands"}
    assert await bot.result("getChatMenuButton") == {"type": "default"}


async def test_limits_are_switched_over_http(bot: Bot, people: httpx.AsyncClient) -> None:
    switched = (await people.post("/api/limits", json={"chats": False})).json()

    answers = [await bot("sendMessage", chat_id=CITIZEN, text="x") for _ in range(8)]

    assert switched == {"chats": False, "groups": True, "overall": False}
    assert all(answer["ok"] for answer in answers)


async def test_the_page_may_bring_routes_of_its_own(world: World) -> None:
    routes = [Route("/api/scenes", lambda _: PlainTextResponse("scenes"))]

    async with serve(world, extra_routes=routes) as address, httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{address}/api/scenes")).text == "scenes"


async def test_the_command_says_its_address_and_stops_when_told(capsys: pytest.CaptureFixture[str]) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(run(arguments(["--port", "0", "--faults", "on"]), stop))
    await asyncio.sleep(0.1)
    stop.set()
    await running

    assert capsys.readouterr().out.startswith("http://127.0.0.1:")


async def test_a_stand_in_that_can_not_start_says_so() -> None:
    @contextlib.asynccontextmanager
    async def broken(_app: Starlette) -> AsyncIterator[None]:
        raise OSError("no courier")
        yield

    with pytest.raises(RuntimeError, match="did not start"):
        async with serve_app(Starlette(lifespan=broken)):
            raise AssertionError("it started")
