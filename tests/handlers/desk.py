"""The handlers over a Telegram that records what it is asked, and refuses what it is told to."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes
from telegram.request import BaseRequest, RequestData

from bot.delivery.sending import OfficeBot
from bot.inbox import OfficeApplication
from bot.rules.catalogue import Catalogue
from bot.store import Store
from bot.telegram_request import Encoded
from handlers import all_handlers
from handlers.context import Context, Desk
from handlers.errors import apologise
from tests.office.house import CITIZEN, TEXTS, House, Watch
from tests.rules.small_office import at

Json = dict[str, Any]
ADMIN_RIGHTS = dict.fromkeys(
    (
        *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
        *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
        *("can_post_stories", "can_edit_stories", "can_delete_stories"),
    ),
    False,
)
PERSON = {"is_bot": False, "first_name": "Wa Ode", "last_name": "Sitti"}


class Telegram(BaseRequest):
    """Answers every call as Telegram would; `refuses` maps a method to (status, words)."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Json]] = []
        self.refuses: dict[str, tuple[int, str]] = {}
        self.files: list[bytes] = []  # that were sent
        self.admins: set[int] = set()  # of every group
        self.inline = True  # whether @BotFather was told of inline mode
        self._ids = itertools.count(1000)

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_args: Any, **_kwargs: Any
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        asked = _parameters(request_data)
        files = request_data.multipart_data if request_data and request_data.contains_files else {}
        self.files += [file for _, file, _ in files.values()]
        if name != "getMe":
            self.calls.append((name, asked))
        status, told = self.refuses.get(name, (200, ""))
        if told:
            return status, json.dumps({"ok": False, "error_code": status, "description": told}).encode()
        return 200, json.dumps({"ok": True, "result": self._result(name, asked)}).encode()

    def _result(self, name: str, asked: Json) -> object:
        if name == "getMe":
            return {"id": 747100001, "is_bot": True, "first_name": "Loket", "username": "loket_bot"} | {
                "supports_inline_queries": self.inline
            }
        if name == "getChatMember":
            status = "administrator" if int(asked["user_id"]) in self.admins else "member"
            return {"status": status, "user": {"id": asked["user_id"], **PERSON}, **ADMIN_RIGHTS}
        if name == "sendPhoto":
            chat = {"id": asked["chat_id"], "type": "private"}
            return {"message_id": next(self._ids), "date": 1, "chat": chat, "caption": asked["caption"]}
        if name in ("sendMessage", "editMessageText", "sendDocument"):
            return {
                "message_id": asked.get("message_id") or next(self._ids),
                "date": 1,
                "chat": {"id": asked["chat_id"], "type": "private"},
                "text": asked.get("text", ""),
            }
        if name == "sendDocument":
            return {"message_id": next(self._ids), "date": 1, "chat": {"id": asked["chat_id"], "type": "private"}}
        return True


def _parameters(data: RequestData | None) -> Json:
    """As they were before they were encoded."""
    if isinstance(data, Encoded):
        given = parse_qsl(data.url_encoded_parameters())
        return {name: value if name in ("text", "parse_mode") else json.loads(value) for name, value in given}
    return dict(data.parameters) if data else {}


class Counter:
    """Where people write, and what they got."""

    def __init__(self, application: OfficeApplication, telegram: Telegram, house: House) -> None:
        self.application, self.telegram, self.house = application, telegram, house
        self._updates = itertools.count(1)

    async def gets(self, **content: Any) -> None:
        """One update, as Telegram sends it."""
        raw = {"update_id": next(self._updates), **content}
        await self.application.process_update(Update.de_json(raw, self.application.bot))

    async def says(self, text: str, user: int = CITIZEN, *, kind: str = "message", **content: Any) -> None:
        """A text from a private chat; commands carry their entity."""
        command = text.split()[0] if text.startswith("/") else ""
        entities = [{"type": "bot_command", "offset": 0, "length": len(command)}] if command else []
        await self.gets(**{kind: message(user, text=text, entities=entities, **content)})

    async def taps(self, data: str, user: int = CITIZEN, message_id: int = 500) -> None:
        """A button under a message of the bot."""
        query = {
            "id": "1",
            "from": {"id": user, **PERSON},
            "chat_instance": "1",
            "data": data,
            "message": message(user, text="…") | {"message_id": message_id},
        }
        await self.gets(callback_query=query)

    def called(self, *names: str) -> list[Json]:
        """What was asked of Telegram by these methods."""
        return [asked for name, asked in self.telegram.calls if name in names]

    @property
    def last(self) -> Json:
        """The last message that was sent or changed."""
        return self.called("sendMessage", "editMessageText")[-1]

    @property
    def text(self) -> str:
        return str(self.last["text"])

    @property
    def buttons(self) -> list[str]:
        """The callback data under the last message."""
        rows = self.last.get("reply_markup", {"inline_keyboard": []})["inline_keyboard"]
        return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


def message(user: int, **content: Any) -> Json:
    return {
        "message_id": 1,
        "date": 1,
        "chat": {"id": user, "type": "private"},
        "from": {"id": user, **PERSON},
        **content,
    }


@asynccontextmanager
async def opened(store: Store, catalogue: Catalogue) -> AsyncIterator[Counter]:
    """The bot's handlers over an office, on Thursday at nine."""
    telegram = Telegram()
    house = House(store, catalogue, watch=Watch(at(2)))
    bot = OfficeBot("747100001:abc", request=telegram, get_updates_request=telegram)
    builder = ApplicationBuilder().application_class(OfficeApplication).bot(bot)
    application = builder.context_types(ContextTypes(context=Context)).updater(None).job_queue(None).build()
    assert isinstance(application, OfficeApplication)
    application.bot_data = Desk(house.office, TEXTS)
    application.add_handlers(all_handlers())
    application.add_error_handler(apologise)
    await application.initialize()
    try:
        yield Counter(application, telegram, house)
    finally:
        await application.shutdown()
