"""`loket demo`: the stand-in, its page and the real bot on this machine, with stories to play."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import itertools
import math
import secrets
import signal
import socket
import sys
import tempfile
import tomllib
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import bot
from bot.clock import system_clock
from playground import people
from playground.child import COMMAND, BotProcess
from playground.days import working_moment
from playground.journal import Entry
from playground.player import Player, is_far, nothing
from playground.scenes import Scene, read_scenes
from playground.server import serve
from playground.world import World

PHONES = Path(__file__).with_name("demo.toml")
CATALOGUE = Path(bot.__file__).parent / "catalogues" / "demo.toml"
OPENING = time(10)  # when the demo begins
READY_WITHIN = 20.0  # seconds
HANDLED_WITHIN = 5.0  # seconds in which the bot handles what people did before a jump in time
LOOK_EVERY = 0.05
STOPS = (signal.SIGINT, signal.SIGTERM)
HOLD = 10  # seconds that good news waits, short enough to watch


@dataclass(frozen=True)
class Status:
    """What the page's frame shows; `ended` is "done" or "failed" once a story is over."""

    bot: str = "starting"
    scene: str | None = None
    step: int = 0
    steps: int = 0
    caption: str | None = None
    ended: str | None = None


class Demo:
    """The world, the bot in it, and the story that is being played."""

    def __init__(
        self, world: World, scenes: tuple[Scene, ...], folder: Path, command: tuple[str, ...] = COMMAND
    ) -> None:
        self.world = world
        self.scenes = {scene.id: scene for scene in scenes}
        self.roles = add_phones(world)
        self.chats: Mapping[str, int] = {role: chat_id for chat_id, role in self.roles.items()}
        self.status = Status()
        self.url = ""
        self.public_port = free_port()
        self._folder = folder
        self._command = command
        self._system = system_clock()
        self._bot: BotProcess | None = None
        self._changing = asyncio.Lock()
        self._changes: set[asyncio.Task[None]] = set()
        self._playing: asyncio.Task[None] | None = None

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(cls, port: int | None = None, command: tuple[str, ...] = COMMAND) -> AsyncIterator[Demo]:
        """A demo whose page answers; its bot is started meanwhile, and all is gone at the end."""
        with tempfile.TemporaryDirectory(prefix="loket-demo-", ignore_cleanup_errors=True) as folder:
            demo = cls(World(token=made_up_token()), read_scenes(), Path(folder), command)
            async with serve(demo.world, port or 0, extra_routes=demo.routes()) as demo.url:
                starting = demo.begin_again()
                try:
                    yield demo
                finally:
                    await demo.close(starting)

    async def close(self, *tasks: asyncio.Future[None]) -> None:
        """Ends the story and the bot."""
        playing = [self._playing] if self._playing else []
        for task in (*tasks, *playing, *self._changes):
            await ended(task)
        if self._bot:
            await self._bot.stop()

    # ---- time

    def now(self) -> datetime:
        """The demo's time."""
        return datetime.fromtimestamp(self.world.now(), UTC)

    def begin_again(self, at: datetime | None = None) -> asyncio.Future[None]:
        """An empty office at this time, by default the latest working day at ten."""
        return self._to_the_end(self._empty(at or working_moment(self._system(), OPENING)))

    async def go_to(self, at: datetime) -> None:
        """Moves the clocks forward, by starting the bot again with its database as it is."""
        if is_far(self.now(), at):
            await self._to_the_end(self._move(at))

    def _to_the_end(self, change: Coroutine[Any, Any, None]) -> asyncio.Future[None]:
        """A story that is stopped half way through a change must not leave the bot stopped."""
        task = asyncio.create_task(change)
        self._changes.add(task)
        task.add_done_callback(self._changes.discard)
        return asyncio.shield(task)

    async def _empty(self, at: datetime) -> None:
        async with self._changing:
            await self._stop_bot()
            for database in self._folder.glob("demo.db*"):
                database.unlink()
            self.world.reset()
            for chat_id in self.world.phones:
                people.block(self.world, chat_id, blocked=False)
            self.world.updates.drop()
            await self._start_bot(at)

    async def _move(self, at: datetime) -> None:
        async with self._changing:
            await self._look_until(lambda: not self.world.updates.pending, HANDLED_WITHIN)
            await self._stop_bot()
            await self._start_bot(at)

    async def _stop_bot(self) -> None:
        self.show(bot="starting")
        if self._bot:
            await self._bot.stop()

    async def _start_bot(self, at: datetime) -> None:
        offset = math.ceil((at - self._system()).total_seconds())
        self.world.offset = float(offset)
        self.world.publish({"type": "clock", "offset": offset})
        self._bot = self._bot or BotProcess(self._folder, self.settings(), self._on_death, self._command)
        last_call = next(reversed(self.world.journal.entries), None)
        await self._bot.start(offset)
        await self._wait_for_poll(last_call)

    async def _wait_for_poll(self, last_call: Entry | None) -> None:
        """The bot is ready when it asks for updates, and said so to nobody but the stand-in."""
        await self._look_until(lambda: self.status.bot != "starting" or self._polled_since(last_call), READY_WITHIN)
        if self.status.bot == "starting":
            self.show(bot="ready")

    async def _look_until(self, done: Callable[[], bool], seconds: float) -> None:
        for _ in range(round(seconds / LOOK_EVERY)):
            if done():
                return
            await asyncio.sleep(LOOK_EVERY)

    def _polled_since(self, last_call: Entry | None) -> bool:
        calls = itertools.takewhile(lambda entry: entry is not last_call, reversed(self.world.journal.entries))
        return any(entry.method == "getUpdates" for entry in calls)

    def _on_death(self, words: str) -> None:
        sys.stderr.write(f"loket demo: {words}\n")
        self.show(bot="stopped")

    def settings(self) -> dict[str, str]:
        """The environment of the bot; its office is the example one."""
        return {
            "BOT_TOKEN": self.world.token,
            "OWNER_IDS": str(self.chats["staff"]),
            "TELEGRAM_API_URL": self.url,
            "DATABASE_URL": f"sqlite:///{self._folder / 'demo.db'}",
            "PORT": str(self.public_port),
            "CATALOGUE": str(CATALOGUE),
            "RESUME_HOLD": str(HOLD),
            "NOTICE_GAP": "0",  # one scene follows another without half an hour between them
            "LOG_FORMAT": "console",
        }

    @property
    def public_url(self) -> str:
        """Where the bot itself serves the page for everybody, its API and its health."""
        return f"http://127.0.0.1:{self.public_port}/"

    # ---- stories

    def show(self, **changes: Any) -> None:
        """Tells the page what has changed round the phones."""
        self.status = replace(self.status, **changes)
        self.world.publish({"type": "scene", "status": asdict(self.status)})

    async def play(
        self, scene: Scene, *, pace: float = 1.0, at_moment: Callable[[str], Awaitable[None]] = nothing
    ) -> None:
        """Plays one scene from its beginning, in an office without a past."""
        self.show(scene=scene.id, step=0, steps=len(scene.steps), caption=None, ended=None)
        end = None
        try:
            starts = scene.starts
            await self.begin_again(starts if isinstance(starts, datetime) else working_moment(self._system(), starts))
            await Player(self, pace, at_moment).play(scene)
            end = "done"
        except TimeoutError:
            end = "failed"
            raise
        finally:
            self.show(scene=None, ended=end)

    async def _change_story(self, story: Awaitable[None] | None) -> None:
        if self._playing:
            await ended(self._playing)
        self._playing = asyncio.ensure_future(quietly(story)) if story else None

    # ---- what the page asks for

    def routes(self) -> list[Route]:
        """The page's own routes, beside the stand-in's."""
        return [
            Route("/api/scenes", self._tell, methods=["GET"]),
            Route("/api/scene", self._choose, methods=["POST"]),
            Route("/api/restart", self._restart, methods=["POST"]),
        ]

    async def _tell(self, request: Request) -> Response:
        scenes = [{"id": scene.id, "title": scene.title} for scene in self.scenes.values()]
        told = {"scenes": scenes, "roles": self.roles, "status": asdict(self.status), "public": self.public_url}
        return JSONResponse(told)

    async def _choose(self, request: Request) -> Response:
        """Plays the scene with this id; without one, stops the one that plays."""
        chosen = (await request.json()).get("id")
        if chosen is not None and chosen not in self.scenes:
            return JSONResponse({"error": f"no scene is called {chosen!r}"}, status_code=404)
        await self._change_story(self.play(self.scenes[chosen]) if chosen else None)
        return JSONResponse({"id": chosen}, status_code=202)

    async def _restart(self, request: Request) -> Response:
        await self._change_story(None)
        self.show(caption=None, ended=None, step=0, steps=0)
        await self.begin_again()
        return JSONResponse({})


def add_phones(world: World) -> dict[int, str]:
    """Puts the demo's phones into the world; who has which chat."""
    phones = tomllib.loads(PHONES.read_text(encoding="utf-8"))["phones"]
    for phone in phones:
        world.add_phone(phone["chat_id"], phone["title"], first_name=phone["title"])
    return {phone["chat_id"]: phone["role"] for phone in phones}


def made_up_token() -> str:
    """Of the right shape, new each time, and good for nothing but this stand-in."""
    return f"7471{secrets.randbelow(10**6):06d}:{secrets.token_urlsafe(27)[:35]}"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


async def quietly(story: Awaitable[None]) -> None:
    """A story whose bot does not answer has said so on the page already."""
    with contextlib.suppress(TimeoutError):
        await story


async def ended(task: asyncio.Future[None]) -> None:
    """Cancels a task and waits until it is over."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def run(port: int | None, open_browser: bool, command: tuple[str, ...] = COMMAND) -> None:
    """Runs the demo until it is told to stop."""
    try:
        async with Demo.opened(port, command) as demo:
            await _until_told_to_stop(demo, open_browser)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise SystemExit(f"loket demo: port {port} is taken; without --port a free one is chosen") from error


async def _until_told_to_stop(demo: Demo, open_browser: bool) -> None:
    told_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for stop in STOPS:
        loop.add_signal_handler(stop, told_to_stop.set)
    sys.stdout.write(f"Loket's demo is at {demo.url}/ - Ctrl+C stops it.\n")
    sys.stdout.write(f"The page that its bot serves to everybody is at {demo.public_url}\n")
    sys.stdout.flush()
    if open_browser:
        webbrowser.open(demo.url)
    await told_to_stop.wait()
    for stop in STOPS:
        loop.remove_signal_handler(stop)
