"""What people do with their phones, and the updates that the bot gets of it."""

from __future__ import annotations

import re
from typing import Any

from playground.entities import with_found
from playground.world import SUPERGROUPS, Json, Message, Phone, World

PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3">'
    b'<rect width="4" height="3" fill="#c8d3dc"/><circle cx="2" cy="1.5" r=".7" fill="#93a5b3"/></svg>'
)


def say(world: World, chat_id: int, text: str, reply_to: int | None = None) -> Message:
    """Sends a text. A deep link is just this: `/start payload`."""
    phone = _awake(world, chat_id)
    answered = phone.messages.get(reply_to) if reply_to else None
    return _send(world, phone, text=text, entities=with_found(text, []), reply_to=answered)


def send_photo(world: World, chat_id: int, caption: str = "") -> Message:
    """Sends a photo, whose bytes the bot can't have: getFile is not offered."""
    photo = world.store("photo.svg", "image/svg+xml", PICTURE)
    return _send(world, _awake(world, chat_id), text=caption, entities=with_found(caption, []), photo=photo)


def edit(world: World, chat_id: int, message_id: int, text: str) -> Message:
    """Changes a message that the person wrote."""
    phone = _awake(world, chat_id)
    message = phone.messages[message_id]
    if message.out:
        raise ValueError("people edit their own messages only")
    message.text, message.entities = text, with_found(text, [])
    message.edit_date = int(world.now())
    world.tell("edit", phone, message)
    if _is_for_bot(world, phone, message):
        world.updates.offer("edited_message", message.as_bot_api())
    return message


def tap(world: World, chat_id: int, message_id: int, data: str) -> str:
    """Taps a button; the id of the callback query."""
    phone = _awake(world, chat_id)
    message = phone.messages[message_id]
    query = {
        "id": world.ask(chat_id),
        "from": phone.person.as_user(),
        "message": message.as_bot_api(),
        "chat_instance": str(7_471_000 + abs(chat_id)),
        "data": data,
    }
    world.updates.offer("callback_query", query)
    return str(query["id"])


def ask_inline(world: World, chat_id: int, query: str) -> str:
    """Types the bot's name and a query into any chat; the id of the inline query."""
    phone = _awake(world, chat_id)
    query_id = world.ask(chat_id)
    content = {"id": query_id, "from": phone.person.as_user(), "query": query, "offset": "", "chat_type": phone.kind}
    world.updates.offer("inline_query", content)
    return query_id


def block(world: World, chat_id: int, blocked: bool) -> None:
    """Blocks the bot or lets it in again; in a group, throws it out or takes it back."""
    phone = _present(world, chat_id)
    if phone.blocked == blocked:
        return
    phone.blocked = blocked
    phone.left = False
    world.tell("phone", phone)
    old, new = ("member", "kicked") if blocked else ("kicked", "member")
    world.updates.offer("my_chat_member", _membership(world, phone, old, new))


def upgrade_group(world: World, chat_id: int) -> Phone:
    """Makes a group a supergroup: its id changes, and the old one tells the new."""
    old = _present(world, chat_id)
    if old.kind != "group":
        raise ValueError("only a group becomes a supergroup")
    new = world.add_phone(SUPERGROUPS + chat_id, old.title, first_name=old.person.first_name, user_id=old.person.id)
    new.admin = old.admin
    old.moved_to = new.chat_id
    sender = old.person.as_user()
    for phone, service in (
        (old, {"migrate_to_chat_id": new.chat_id}),
        (new, {"migrate_from_chat_id": old.chat_id}),
    ):
        message = world.write(phone, sender, service=service)
        world.updates.offer("message", message.as_bot_api())
    return new


def _present(world: World, chat_id: int) -> Phone:
    phone = world.phones.get(chat_id)
    if phone is None:
        raise ValueError(f"no phone has the chat {chat_id}")
    return phone


def _awake(world: World, chat_id: int) -> Phone:
    """A phone that can write to the bot; who writes to a blocked bot lets it in again."""
    phone = _present(world, chat_id)
    if phone.kind == "private" and phone.blocked:
        block(world, chat_id, blocked=False)
    phone.acquainted = True
    return phone


def _send(world: World, phone: Phone, **content: Any) -> Message:
    message = world.write(phone, phone.person.as_user(), **content)
    if _is_for_bot(world, phone, message):
        world.updates.offer("message", message.as_bot_api())
    return message


def _is_for_bot(world: World, phone: Phone, message: Message) -> bool:
    """In groups a bot hears commands, mentions and replies to itself: Telegram's privacy mode."""
    if phone.kind == "private":
        return True
    if phone.blocked or phone.left or phone.moved_to:
        return False
    name = re.escape(world.profile.username)
    if re.match(rf"/\w+(@{name})?(?!\S)", message.text, re.IGNORECASE):
        return True
    replied = bool(message.reply_to and message.reply_to.out)
    return replied or bool(re.search(rf"@{name}\b", message.text, re.IGNORECASE))


def _membership(world: World, phone: Phone, old: str, new: str) -> Json:
    bot = world.profile.as_user()
    ever = {"until_date": 0}
    return {
        "chat": phone.as_chat(),
        "from": phone.person.as_user(),
        "date": int(world.now()),
        "old_chat_member": {"user": bot, "status": old} | (ever if old == "kicked" else {}),
        "new_chat_member": {"user": bot, "status": new} | (ever if new == "kicked" else {}),
    }
