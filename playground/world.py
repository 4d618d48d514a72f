"""The stand-in's whole state: the bot's account, the people's phones, their messages, what waits for the bot."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from playground.entities import as_html
from playground.faults import FaultBook
from playground.journal import Journal
from playground.limits import FloodLimits
from playground.markup import Entity
from playground.profile import Profile
from playground.updates import UpdateQueue

Json = dict[str, Any]
Listener = Callable[[Json], None]

TOKEN = "747100001:playground-token-that-opens-nothing"  # noqa: S105 - it opens nothing but this stand-in
SUPERGROUPS = -1_000_000_000_000  # ids of supergroups lie below


def wall_clock() -> float:
    """Seconds since 1970. The stand-in plays Telegram, whose clock is its own."""
    return time.time_ns() / 1e9


@dataclass(frozen=True)
class Person:
    """Somebody with a phone."""

    id: int
    first_name: str
    language_code: str = "id"
    username: str = ""

    def as_user(self) -> Json:
        """A User of the Bot API."""
        user = {"id": self.id, "is_bot": False, "first_name": self.first_name, "language_code": self.language_code}
        return user | {"username": self.username} if self.username else user


@dataclass(frozen=True)
class StoredFile:
    """A photo or document that somebody sent."""

    file_id: str
    filename: str
    content_type: str
    data: bytes
    width: int = 1280
    height: int = 960


@dataclass
class Message:
    """One message, as both sides see it."""

    message_id: int
    chat: Json
    sender: Json
    date: int
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    reply_markup: Json | None = None
    photo: StoredFile | None = None
    document: StoredFile | None = None
    reply_to: Message | None = None
    edit_date: int = 0
    service: Json = field(default_factory=dict)

    @property
    def out(self) -> bool:
        """Whether the bot wrote it."""
        return bool(self.sender["is_bot"])

    def as_bot_api(self) -> Json:
        """A Message of the Bot API."""
        words, marks = ("caption", "caption_entities") if self.photo or self.document else ("text", "entities")
        optional: Json = {
            words: self.text,
            marks: self.entities,
            "photo": self.photo and [_photo_size(self.photo)],
            "document": self.document and _document(self.document),
            "reply_markup": self.reply_markup,
            "reply_to_message": self.reply_to and self.reply_to.as_bot_api(),
            "edit_date": self.edit_date,
        }
        present = {name: value for name, value in optional.items() if value}
        head = {"message_id": self.message_id, "from": self.sender, "chat": self.chat, "date": self.date}
        return head | present | self.service

    def as_page(self) -> Json:
        """A message as the page shows it."""
        return {
            "message_id": self.message_id,
            "out": self.out,
            "html": as_html(self.text, self.entities),
            "text": self.text,
            "date": self.date,
            "edited": bool(self.edit_date),
            "reply_markup": self.reply_markup,
            "photo": f"/files/{self.photo.file_id}" if self.photo else None,
            "document": self.document and {"name": self.document.filename, "url": f"/files/{self.document.file_id}"},
        }


def _photo_size(photo: StoredFile) -> Json:
    size = {"file_id": photo.file_id, "file_unique_id": photo.file_id[-8:], "file_size": len(photo.data)}
    return size | {"width": photo.width, "height": photo.height}


def _document(document: StoredFile) -> Json:
    names = {"file_name": document.filename, "mime_type": document.content_type}
    return {"file_id": document.file_id, "file_unique_id": document.file_id[-8:], **names}


@dataclass
class Phone:
    """One chat with the bot, and the person who types in it."""

    chat_id: int
    title: str
    person: Person
    acquainted: bool = False
    blocked: bool = False
    deactivated: bool = False
    left: bool = False
    admin: bool = True
    moved_to: int | None = None
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The type of the chat, which its id tells."""
        if self.chat_id > 0:
            return "private"
        return "supergroup" if self.chat_id <= SUPERGROUPS else "group"

    def as_chat(self) -> Json:
        """A Chat of the Bot API."""
        if self.kind != "private":
            return {"id": self.chat_id, "type": self.kind, "title": self.title}
        names = {"username": self.person.username} if self.person.username else {}
        return {"id": self.chat_id, "type": "private", "first_name": self.person.first_name, **names}


class World:
    """Everything that there is; the parts act on it and tell the listeners."""

    def __init__(
        self,
        token: str = TOKEN,
        *,
        clock: Callable[[], float] = wall_clock,
        limits: FloodLimits | None = None,
        updates: UpdateQueue | None = None,
    ) -> None:
        self.token = token
        self.profile = Profile(bot_id=int(token.partition(":")[0]))
        self.phones: dict[int, Phone] = {}
        self.files: dict[str, StoredFile] = {}
        self.updates = updates or UpdateQueue()
        self.limits = limits or FloodLimits()
        self.faults = FaultBook()
        self.journal = Journal()
        self.offset = 0.0
        self.queries: dict[str, float] = {}
        self.asked_by: dict[str, int] = {}
        self.query_lifetime = 60.0
        self.closing = asyncio.Event()
        self._clock = clock
        self._listeners: list[Listener] = []
        self._message_ids = itertools.count(1)
        self._serials = itertools.count(1)

    def now(self) -> float:
        """The stand-in's time, seconds since 1970, moved by the offset."""
        return self._clock() + self.offset

    def serial(self) -> int:
        """A number that was not given out yet."""
        return next(self._serials)

    def add_phone(
        self, chat_id: int, title: str, *, first_name: str = "", language_code: str = "id", user_id: int | None = None
    ) -> Phone:
        """Adds a phone, or changes the one with this chat; the bot can write to it once it was written to."""
        person = Person(user_id or abs(chat_id), first_name or title, language_code)
        known = self.phones.get(chat_id)
        if known:
            known.title, known.person = title, person
        phone = self.phones.setdefault(chat_id, known or Phone(chat_id, title, person, acquainted=chat_id < 0))
        self.tell("phone", phone)
        return phone

    def write(self, phone: Phone, sender: Json, **content: Any) -> Message:
        """Puts a new message into a chat."""
        message = Message(next(self._message_ids), phone.as_chat(), sender, int(self.now()), **content)
        phone.messages[message.message_id] = message
        self.tell("message", phone, message)
        return message

    def store(self, filename: str, content_type: str, data: bytes, **size: int) -> StoredFile:
        """Keeps a file for as long as the stand-in runs."""
        file = StoredFile(f"playground-file-{self.serial():08d}", filename, content_type, data, **size)
        self.files[file.file_id] = file
        return file

    def ask(self, chat_id: int) -> str:
        """Opens a callback or inline query from this chat, to be answered before it is too old."""
        query_id = str(7_471_000_000_000 + self.serial())
        self.queries[query_id] = self._clock()
        self.asked_by[query_id] = chat_id
        return query_id

    def is_open(self, query_id: str) -> bool:
        """Whether a query may still be answered."""
        return self._clock() - self.queries.get(query_id, float("-inf")) <= self.query_lifetime

    def reset(self) -> None:
        """Forgets all messages and what waits for the bot; the phones and who met the bot stay."""
        for phone in self.phones.values():
            phone.messages.clear()
        self.updates.drop()
        self.queries.clear()
        self.asked_by.clear()
        self.limits.forget()
        self.publish({"type": "reset"})

    def open(self) -> None:
        """A server begins to serve this world."""
        self.closing.clear()
        self.updates.closed = False

    def close(self) -> None:
        """The server is about to stop: whoever waits for something is let go."""
        self.closing.set()
        self.updates.close()
        self.publish({"type": "closing"})

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Hands every event to the listener until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, event: Json) -> None:
        """Tells the listeners."""
        for listener in tuple(self._listeners):
            listener(event)

    def tell(self, kind: str, phone: Phone, message: Message | None = None, **more: Any) -> None:
        """Tells what happened in one chat."""
        event: Json = {"type": kind, "chat_id": phone.chat_id, **more}
        if message:
            event["message"] = message.as_page()
        if kind == "phone":
            event["phone"] = self.phone_as_page(phone)
        self.publish(event)

    def phone_as_page(self, phone: Phone) -> Json:
        """A phone as the page shows it."""
        person = phone.person
        return {
            "chat_id": phone.chat_id,
            "type": "private" if phone.kind == "private" else "group",
            "title": phone.title,
            "user": {"id": person.id, "first_name": person.first_name, "language_code": person.language_code},
            "blocked": phone.blocked,
            "commands": self.profile.menu(phone.chat_id, person.id, person.language_code, admin=phone.admin),
            "messages": [message.as_page() for message in phone.messages.values()],
        }

    def everyone(self) -> Iterator[Phone]:
        """The phones that still are chats of their own."""
        return (phone for phone in self.phones.values() if phone.moved_to is None)
