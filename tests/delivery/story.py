"""A town in which everything may happen: an office that is killed and started again, a Telegram that fails, readers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.config import Settings
from bot.delivery.broadcaster import Broadcaster
from bot.delivery.pacing import Lanes
from bot.delivery.rendering import Render, Rendered
from bot.delivery.sending import OfficeBot
from bot.language.texts import Texts
from bot.office import Office
from bot.opening import open_office
from bot.rules.notices import Delivery, Notice, Wish
from bot.runner import _may_go, _render
from bot.store import Store
from bot.telegram_request import READ_SECONDS, NotSentError
from handlers.context import Desk

TOKEN = "747100003:story-token-that-opens-nothing"
ON_THE_WAY = 0.03  # seconds to Telegram, and as many back
SETTLED_WITHIN = 0.3  # an answer that came this long before a crash may not have been written down
DEMO = Path(__file__).parents[2] / "bot" / "catalogues" / "demo.toml"
ME = {"id": 747100003, "is_bot": True, "first_name": "Loket", "username": "loket_story_bot"}

Cell = tuple[str, str]


@dataclass
class Told:
    """A message that a chat got: which notice, what it says, and whether the bot can know that it arrived."""

    chat: int
    notice: int
    report: int
    kind: str
    cells: dict[Cell, str]
    at: datetime
    released: datetime  # when its notice was
    moment: float  # the loop's time
    known: bool = False
    answered_at: datetime | None = None


class Telegram:
    """Takes messages, or goes wrong in the ways that were planned; outlives every process of the bot."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.told: list[Told] = []
        self.faults: list[str] = []
        self.blocked: set[int] = set()
        self.unreachable: set[int] = set()  # chats that the bot was told to give up
        self.lost: set[tuple[int, int]] = set()  # (notice, chat) refused for good, by a fault of ours
        self.broken: Exception | None = None
        self.tried: set[tuple[int, Cell]] = set()  # (chat, cell) of which the bot may think that it was told
        self._clock = clock

    async def call(self, method: str, params: dict[str, Any]) -> tuple[int, bytes]:
        """One call, on its way there and back."""
        if method == "getMe":
            return _answer(200, ME)
        if method == "editMessageText":
            await asyncio.sleep(ON_THE_WAY)
            return _answer(200, True)
        self.tried |= {(int(params["chat_id"]), (cell[0], cell[1])) for cell in json.loads(params["text"])["cells"]}
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "not_sent":
            raise NotSentError("ClientConnectorError") from OSError()
        await asyncio.sleep(ON_THE_WAY)
        if fault == "reset_before":
            raise NetworkError("ServerDisconnectedError") from OSError()
        if refused := self._refusal(fault, params):
            return refused
        told = self._take(params)
        if fault == "reset_after":
            raise NetworkError("ServerDisconnectedError") from OSError()
        if fault == "hang":
            await asyncio.sleep(READ_SECONDS)
            raise TimedOut("SocketTimeoutError") from TimeoutError()
        await asyncio.sleep(ON_THE_WAY)
        told.known, told.answered_at = True, self._clock()
        return _answer(200, {"message_id": len(self.told)})

    def _refusal(self, fault: str, params: dict[str, Any]) -> tuple[int, bytes] | None:
        chat = int(params["chat_id"])
        if chat in self.blocked:
            self.unreachable.add(chat)
            return _refused(403, "Forbidden: bot was blocked by the user")
        if fault == "flood":
            return _refused(429, "Too Many Requests: retry after 2", retry_after=2)
        if fault == "unknown_403":
            return _refused(403, "Forbidden: something nobody has seen before")
        if fault == "bad_gateway":
            return 502, b"<html>502 Bad Gateway</html>"
        if fault == "entities":
            self.lost.add((json.loads(params["text"])["notice"], chat))
            return _refused(400, "Bad Request: can't parse entities")
        return None

    def _take(self, params: dict[str, Any]) -> Told:
        said = json.loads(params["text"])
        cells = {(step, counter): state for step, counter, state in said["cells"]}
        told = Told(
            int(params["chat_id"]),
            said["notice"],
            said["report"],
            said["kind"],
            cells,
            self._clock(),
            datetime.fromisoformat(said["released"]),
            asyncio.get_running_loop().time(),
        )
        self.told.append(told)
        return told

    def doubt_what_was_just_answered(self) -> None:
        """The bot was killed: what it did not write down yet it cannot know."""
        now = self._clock()
        for told in self.told:
            if told.answered_at and now - told.answered_at < timedelta(seconds=SETTLED_WITHIN):
                told.known = False


FAULTS = (
    "not_sent", "reset_before", "reset_after", "hang", "flood", "unknown_403", "bad_gateway", "entities",
)  # fmt: skip


def _answer(status: int, result: object) -> tuple[int, bytes]:
    return status, json.dumps({"ok": True, "result": result}).encode()


def _refused(status: int, words: str, **parameters: int) -> tuple[int, bytes]:
    body = {"ok": False, "error_code": status, "description": words, "parameters": parameters}
    return status, json.dumps(body).encode()


class _Line(BaseRequest):
    """The bot's line to Telegram."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    @property
    def read_timeout(self) -> float:
        return READ_SECONDS

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_timeouts: object, **_named: object
    ) -> tuple[int, bytes]:
        params = {} if request_data is None else dict(parse_qsl(request_data.url_encoded_parameters()))
        try:
            return await self._telegram.call(url.rpartition("/")[2], params)
        except Exception as error:  # python-telegram-bot would take a fault of this very file for the network's
            if not isinstance(error, TelegramError):
                self._telegram.broken = error
            raise


def told_plainly(render: Render) -> Render:
    """What the office writes, but with a text that a test can read."""

    def plain(
        notice: Notice, delivery: Delivery, wish: Wish | None, language: str | None, now: datetime
    ) -> Rendered | None:
        found = render(notice, delivery, wish, language, now)
        if found is None:
            return None
        cells = [(change.step, change.counter, change.now.value) for change in found.told]
        assert notice.released_at
        said = {"notice": notice.id, "report": notice.report, "kind": notice.kind.value, "cells": cells}
        text = json.dumps(said | {"released": notice.released_at.isoformat()})
        return Rendered(text, found.told, edit=found.edit and text)

    return plain


@dataclass
class Process:
    """The bot as one process: its store, its office and its broadcaster."""

    store: Store
    office: Office
    terminal: Office  # another process, which nudges nobody
    bot: OfficeBot
    broadcaster: Broadcaster
    sending: asyncio.Task[None]

    @classmethod
    async def started(cls, settings: Settings, telegram: Telegram, clock: Callable[[], datetime]) -> Process:
        loop = asyncio.get_running_loop()
        store = Store(settings.database_url.reveal())
        await store.open()
        office = await open_office(settings, store, clock)
        lanes = Lanes(settings.send_rate, now=loop.time)
        bot = OfficeBot(TOKEN, request=_Line(telegram), get_updates_request=_Line(telegram), rate_limiter=lanes)
        await bot.initialize()
        render = told_plainly(_render(Desk(office, texts())))
        broadcaster = Broadcaster(
            store,
            bot,
            lanes,
            render,
            clock,
            may_go=_may_go(office, settings),
            version=lambda: office.live.version,
            catch_up=office.live.refresh,
        )
        office.staff.nudge = broadcaster.nudge
        sending = asyncio.create_task(broadcaster.run())
        # Nothing keeps the board fresh here: where it is behind the terminal's reports, that must do no harm.
        return cls(store, office, await open_office(settings, store, clock), bot, broadcaster, sending)

    async def stop(self) -> None:
        self.broadcaster.stop()
        await self.sending
        await self._leave()

    async def crash(self) -> None:
        """What was not committed is lost."""
        self.sending.cancel()
        await asyncio.gather(self.sending, return_exceptions=True)
        await self._leave()

    async def _leave(self) -> None:
        await self.bot.shutdown()
        await self.store.close()


@cache
def texts() -> Texts:
    return Texts.load()


def settings_for(database: Path) -> Settings:
    return Settings.read(
        {
            "BOT_TOKEN": TOKEN,
            "DATABASE_URL": f"sqlite:///{database}",
            "CATALOGUE": str(DEMO),
            "OWNER_IDS": "747100201",
        }
    )


async def until(condition: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Let time pass until this holds, so many seconds at most."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        if await condition():
            return True
        await asyncio.sleep(0.5)
    return await condition()


def states(cells: Collection[Cell], office: Office, now: datetime) -> dict[Cell, str]:
    board = office.live.at(now)
    return {cell: board.state_of(cell).value for cell in cells}
