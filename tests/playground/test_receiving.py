"""Updates wait for the bot until it confirms them, by long poll or by webhook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from playground import people as person
from playground.server import serve, serve_app
from playground.updates import UpdateQueue
from playground.world import World
from tests.patience import ANSWER
from tests.playground.conftest import CITIZEN, STAFF, Bot, Clock

OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


async def test_updates_stay_until_the_offset_confirms_them(bot: Bot, world: World) -> None:
    for text in ("satu", "dua", "tiga"):
        person.say(world, CITIZEN, text)

    first = await bot.result("getUpdates", limit=2)
    again = await bot.result("getUpdates", limit=2)
    rest = await bot.result("getUpdates", offset=first[-1]["update_id"] + 1)
    last = await bot.result("getUpdates", offset=-1)

    assert [update["message"]["text"] for update in first] == ["satu", "dua"]
    assert again == first
    assert [update["message"]["text"] for update in rest] == ["tiga"]
    assert last == rest


async def test_a_long_poll_ends_when_something_arrives(bot: Bot, world: World) -> None:
    poll = asyncio.create_task(bot.result("getUpdates", timeout=30))
    await _until(lambda: bool(world.journal.calls("getUpdates")))

    person.say(world, CITIZEN, "halo")

    (update,) = await asyncio.wait_for(poll, 20)
    assert update["message"]["text"] == "halo"


async def test_a_second_poller_ends_the_first_with_a_conflict(bot: Bot, world: World) -> None:
    first = asyncio.create_task(bot("getUpdates", timeout=30))
    await _until(lambda: bool(world.journal.calls("getUpdates")))
    second = asyncio.create_task(bot("getUpdates", timeout=30))

    told = await asyncio.wait_for(first, 20)
    person.say(world, CITIZEN, "halo")

    assert (told["error_code"], told["description"]) == (409, OTHER_POLL)
    assert len((await second)["result"]) == 1


async def test_a_poll_ends_when_its_bot_goes_away(address: str, world: World, bot: Bot) -> None:
    async with httpx.AsyncClient(base_url=address, trust_env=False) as dying:
        with pytest.raises(httpx.ReadTimeout):
            await dying.get(f"/bot{world.token}/getUpdates?timeout=30", timeout=0.1)
    person.say(world, CITIZEN, "halo")

    told = await bot("getUpdates")

    assert told["ok"]
    assert len(world.updates.pending) == 1


async def test_who_asks_the_same_again_at_once_waits_three_seconds(clock: Clock) -> None:
    queue = UpdateQueue(clock=clock)
    await queue.poll(0, 100, 0, None)

    hurried = asyncio.create_task(queue.poll(0, 100, 0, None))
    await asyncio.sleep(0.01)
    waited = not hurried.done()
    queue.close()
    clock.now += 3

    assert waited
    assert await hurried == []
    assert await asyncio.wait_for(queue.poll(0, 100, 0, None), ANSWER) == []


async def test_a_long_poll_ends_empty_when_its_time_is_over(clock: Clock) -> None:
    assert await UpdateQueue(clock=clock).poll(1, 100, 0.01, None) == []


async def test_the_kinds_asked_for_are_kept_until_others_are_named(bot: Bot, world: World) -> None:
    await bot.result("getUpdates", allowed_updates=["message"])
    person.block(world, CITIZEN, blocked=True)
    person.say(world, STAFF, "halo")
    messages_only = await bot.result("getUpdates")
    await bot.result("getUpdates", offset=messages_only[-1]["update_id"] + 1, allowed_updates=[])
    person.block(world, STAFF, blocked=True)
    (membership,) = await bot.result("getUpdates")

    assert [set(update) - {"update_id"} for update in messages_only] == [{"message"}]
    assert membership["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_numbers_come_as_text_too(bot: Bot, world: World) -> None:
    person.say(world, CITIZEN, "halo")

    params = {"timeout": "0", "limit": "1", "allowed_updates": '["message"]'}
    answer = await bot.client.post(f"/bot{bot.token}/getUpdates", data=params)

    assert len(answer.json()["result"]) == 1
    assert world.journal.calls("getUpdates")[0]["params"] == {"timeout": 0, "limit": 1, "allowed_updates": ["message"]}


@dataclass
class Hook:
    """A bot's webhook that answers what it is told to, and remembers what it got."""

    answers: list[Response] = field(default_factory=list)
    got: list[dict[str, Any]] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    under_way: int = 0
    most_under_way: int = 0

    async def __call__(self, request: Request) -> Response:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        self.got.append(await request.json())
        self.secrets.add(request.headers.get("x-telegram-bot-api-secret-token", ""))
        await asyncio.sleep(0.02)
        self.under_way -= 1
        return self.answers.pop(0) if self.answers else Response()

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.got]


@asynccontextmanager
async def hooked(world: World, hook: Hook, **params: Any) -> AsyncIterator[list[float]]:
    """The stand-in with this webhook; yields the waits between its attempts, which take no time."""
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    async def receive(request: Request) -> Response:
        return await hook(request)

    app = Starlette(routes=[Route("/telegram", receive, methods=["POST"])])
    async with (
        serve_app(app) as inner,
        serve(world, pause=pause) as outer,
        httpx.AsyncClient(base_url=outer, trust_env=False) as client,
    ):
        await Bot(client, world.token).result("setWebhook", url=f"{inner}/telegram", **params)
        yield waits


async def test_a_webhook_gets_updates_with_its_secret(world: World) -> None:
    hook = Hook()

    async with hooked(world, hook, secret_token="rahasia"):
        person.say(world, CITIZEN, "halo")
        await _until(lambda: not world.updates.pending)

    assert hook.texts == ["halo"]
    assert hook.secrets == {"rahasia"}


async def test_a_webhook_is_asked_again_with_growing_waits_until_it_takes(world: World) -> None:
    hook = Hook([Response(status_code=503) for _ in range(8)])

    async with hooked(world, hook) as waits:
        person.say(world, CITIZEN, "halo")
        await _until(lambda: not world.updates.pending)

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert hook.texts == ["halo"] * 9


async def test_a_webhook_may_say_when_to_come_again(world: World) -> None:
    hook = Hook([Response(status_code=429, headers={"Retry-After": "7"}), Response(status_code=500)])

    async with hooked(world, hook) as waits:
        person.say(world, CITIZEN, "halo")
        await _until(lambda: not world.updates.pending)
        info = world.updates.webhook

    assert waits == [7, 2]
    assert info is not None
    assert info.last_error == "Wrong response from the webhook: 500 Internal Server Error"


async def test_a_webhook_keeps_the_order_in_a_chat_and_takes_chats_at_once(world: World) -> None:
    hook = Hook()

    async with hooked(world, hook):
        for number in range(3):
            person.say(world, CITIZEN, f"warga {number}")
            person.say(world, STAFF, f"petugas {number}")
        await _until(lambda: not world.updates.pending)

    assert [text for text in hook.texts if "warga" in text] == ["warga 0", "warga 1", "warga 2"]
    assert [text for text in hook.texts if "petugas" in text] == ["petugas 0", "petugas 1", "petugas 2"]
    assert hook.most_under_way == 2


async def test_max_connections_is_kept(world: World) -> None:
    hook = Hook()

    async with hooked(world, hook, max_connections=1):
        person.say(world, CITIZEN, "a")
        person.say(world, STAFF, "b")
        await _until(lambda: not world.updates.pending)

    assert hook.most_under_way == 1


async def test_a_method_in_the_webhooks_answer_is_carried_out(world: World) -> None:
    send = JSONResponse({"method": "sendMessage", "chat_id": CITIZEN, "text": "langsung"})
    hook = Hook([send, JSONResponse(["no", "method"]), Response("{", media_type="application/json")])

    async with hooked(world, hook):
        for text in ("a", "b", "c"):
            person.say(world, CITIZEN, text)
        await _until(lambda: not world.updates.pending)
        await _until(lambda: bool(world.journal.calls("sendMessage")))

    assert [call["status"] for call in world.journal.calls("sendMessage")] == [200]
    assert [message.text for message in world.phones[CITIZEN].messages.values() if message.out] == ["langsung"]


async def test_a_webhook_out_of_reach_is_told_by_its_info(bot: Bot, world: World) -> None:
    await bot.result("setWebhook", url="http://127.0.0.1:9/telegram", allowed_updates=["message"])
    person.say(world, CITIZEN, "halo")
    hook = world.updates.webhook
    assert hook is not None
    await _until(lambda: bool(hook.last_error))

    info = await bot.result("getWebhookInfo")

    assert info["pending_update_count"] == 1
    assert info["last_error_message"]
    assert info["allowed_updates"] == ["message"]
    assert "can't use getUpdates method while webhook is active" in await bot.refusal("getUpdates")
    assert (await bot("deleteWebhook", drop_pending_updates=True))["description"] == "Webhook was deleted"
    assert await bot.result("getUpdates") == []
    assert (await bot.result("getWebhookInfo"))["url"] == ""


async def test_setting_a_webhook_ends_the_poll_and_may_drop_what_waits(bot: Bot, world: World) -> None:
    poll = asyncio.create_task(bot("getUpdates", timeout=30))
    await _until(lambda: bool(world.journal.calls("getUpdates")))

    await bot.result("setWebhook", url="http://127.0.0.1:9/telegram", drop_pending_updates=True)

    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    assert await bot.result("setWebhook", url="") is True
    assert await bot.result("getUpdates") == []


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"url": "http://example.org/x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://example.org:81/x"}, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ({"url": "https://example.org/x", "secret_token": "ada spasi"}, "secret token contains unallowed characters"),
    ],
)
async def test_a_bad_webhook_is_refused(bot: Bot, params: dict[str, str], words: str) -> None:
    assert await bot.refusal("setWebhook", **params) == f"Bad Request: {words}"


async def _until(true: Any) -> None:
    async with asyncio.timeout(ANSWER):
        while not true():
            await asyncio.sleep(0.005)
