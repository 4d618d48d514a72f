"""The stand-in of the campaign as a process of its own: `python -m tests.chaos.standin COUNT SEED`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from playground import people
from playground.faults import Fault, Lottery
from playground.limits import FloodLimits
from playground.server import serve
from playground.world import Json, World
from tests.chaos.town import CITIZENS, SHARE, STAFF, Subscriber, subscribers

HANG = 12.0  # seconds: the bot gives up after ten
# Each way of failing, and whether a call that meets it has its effect all the same.
CALLS_FAIL = {
    "unknown 403": Fault("forbidden", description="Forbidden: a reason that nobody has seen before"),
    "entity error": Fault("error", description="Bad Request: can't parse entities: unclosed start tag"),
    "not enough rights": Fault("error", description="Bad Request: not enough rights to send text messages"),
    "429": Fault("flood", retry_after=1),
    "500": Fault("error", code=500, description="Internal Server Error"),
    "502": Fault("server_error"),
    "reset before": Fault("reset_before"),
    "reset after": Fault("reset_after"),
    "hang": Fault("hang", seconds=HANG),
    "hang, taken": Fault("hang", seconds=HANG, taken=True),
}


@dataclass
class Ledger:
    """What arrived where and when, and which of it the bot was told."""

    world: World
    lottery: Lottery
    arrived: list[Json] = field(default_factory=list)
    away: asyncio.Event = field(default_factory=asyncio.Event)
    away_for: float = 0.0

    def __post_init__(self) -> None:
        self.world.listen(self._note)

    def _note(self, event: Json) -> None:
        if event["type"] == "message" and event["message"]["out"]:
            message = event["message"]
            found = {"chat": event["chat_id"], "message": message["message_id"], "text": message["text"]}
            self.arrived.append(found | {"at": self.world.now(), "sender_began": self._sender_began()})

    def _sender_began(self) -> float:
        """Each process asks who it is when it begins: what arrives afterwards is its own, also once it is killed."""
        return max((entry.at for entry in self.world.journal.entries if entry.method == "getMe"), default=0.0)

    def tally(self) -> Json:
        answered = {
            entry.answer["result"]["message_id"]
            for entry in self.world.journal.entries
            if entry.method == "sendMessage" and entry.status == 200 and entry.answer
        }
        return {
            "arrived": [one | {"answered": one["message"] in answered} for one in self.arrived],
            "drawn": dict(self.lottery.drawn),
            "unanswered": len(self.world.updates.pending),
        }


def peopled(world: World, who: tuple[Subscriber, ...]) -> None:
    """Everybody's phone, in the condition it is in."""
    for chat in (STAFF, *CITIZENS):
        world.add_phone(chat, f"Warga {chat}")
    for one in who:
        if one.condition == "chat not found":
            continue
        phone = world.add_phone(one.chat, f"Warga {one.chat}")
        phone.acquainted = True
        phone.blocked = one.condition in ("blocked", "kicked")
        phone.deactivated = one.condition == "deactivated"
        if one.condition == "migrated":
            people.upgrade_group(world, one.chat)


def routes(ledger: Ledger) -> list[Route]:
    """What the campaign asks of the stand-in."""

    async def tally(_request: Request) -> JSONResponse:
        return JSONResponse(ledger.tally())

    async def count(_request: Request) -> JSONResponse:
        return JSONResponse(len(ledger.arrived))

    async def calm(_request: Request) -> JSONResponse:
        ledger.world.faults.lottery = None
        return JSONResponse({})

    async def away(request: Request) -> JSONResponse:
        ledger.away_for = float(request.query_params["seconds"])
        ledger.away.set()
        return JSONResponse({})

    return [
        Route("/chaos/tally", tally),
        Route("/chaos/count", count),
        Route("/chaos/calm", calm, methods=["POST"]),
        Route("/chaos/away", away, methods=["POST"]),
    ]


async def main(count: int, seed: int) -> None:
    """Serve until standard input closes; the first line printed is the address."""
    world = World(limits=FloodLimits(chats=True, groups=True))
    who = subscribers(count)
    peopled(world, who)
    world.updates.drop()  # whoever was added told the bot so
    chats = frozenset({one.chat for one in who} | {one.new_chat for one in who})
    ledger = Ledger(world, Lottery("sendMessage", CALLS_FAIL, SHARE, chats, seed))
    world.faults.lottery = ledger.lottery
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    port = 0
    while not ended.done():
        async with serve(world, port, extra_routes=routes(ledger)) as url:
            if not port:
                sys.stdout.write(f"{url}\n")
                sys.stdout.flush()
                port = int(url.rpartition(":")[2])
            gone = asyncio.create_task(ledger.away.wait())
            await asyncio.wait({ended, gone}, return_when=asyncio.FIRST_COMPLETED)
            gone.cancel()
        ledger.away.clear()
        await asyncio.sleep(0 if ended.done() else ledger.away_for)


@asynccontextmanager
async def standin(count: int, seed: int) -> AsyncIterator[str]:
    """The stand-in as a child process; its address."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.chaos.standin", str(count), str(seed),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert child.stdin
    assert child.stdout
    try:
        yield (await child.stdout.readline()).decode().strip()
    finally:
        child.stdin.close()
        await child.wait()


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
