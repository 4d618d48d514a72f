"""The Bot API's methods on messages: send, edit, delete, answer a tap."""

from __future__ import annotations

import struct
from typing import Any

from playground.keyboards import checked_keyboard
from playground.markup import utf16
from playground.parameters import Upload
from playground.reach import may_write, reachable
from playground.refusals import NOT_MODIFIED, QUERY_TOO_OLD, bad_request
from playground.texts import caption_text, message_text
from playground.world import Json, Message, Phone, StoredFile, World

LONGEST_ANSWER = 200
LARGEST_PHOTO = 10_000_000
MOST_RESULTS = 50
PNG = b"\x89PNG\r\n\x1a\n"
Params = dict[str, Any]


def send_message(world: World, params: Params) -> Json:
    """sendMessage."""
    text, entities = message_text(params)
    return _send(world, params, text=text, entities=entities)


def send_photo(world: World, params: Params) -> Json:
    """sendPhoto: an uploaded picture, or one that was sent before, by its file_id."""
    caption, entities = caption_text(params)
    photo = _file(world, params["photo"])
    if len(photo.data) > LARGEST_PHOTO:
        raise bad_request("too big file for a photo")
    return _send(world, params, text=caption, entities=entities, photo=photo)


def send_document(world: World, params: Params) -> Json:
    """sendDocument: an uploaded file, or one that was sent before, by its file_id."""
    caption, entities = caption_text(params)
    return _send(world, params, text=caption, entities=entities, document=_file(world, params["document"]))


def send_chat_action(world: World, params: Params) -> bool:
    """sendChatAction: the page shows that the bot is typing."""
    world.tell("typing", reachable(world, params["chat_id"]), action=params["action"])
    return True


def edit_message_text(world: World, params: Params) -> Json:
    """editMessageText; a keyboard that is not repeated goes."""
    text, entities = message_text(params)
    phone, message = _editable(world, params)
    if message.photo or message.document:
        raise bad_request("there is no text in the message to edit")
    return _change(world, phone, message, text=text, entities=entities, reply_markup=_markup(params))


def edit_message_reply_markup(world: World, params: Params) -> Json:
    """editMessageReplyMarkup."""
    phone, message = _editable(world, params)
    return _change(world, phone, message, reply_markup=_markup(params))


def delete_message(world: World, params: Params) -> bool:
    """deleteMessage: the bot's own; others' in private chats, too."""
    phone = reachable(world, params["chat_id"])
    message = phone.messages.get(params["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if not message.out and phone.kind != "private":
        raise bad_request("message can't be deleted")
    del phone.messages[message.message_id]
    world.publish({"type": "delete", "chat_id": phone.chat_id, "message_id": message.message_id})
    return True


def answer_callback_query(world: World, params: Params) -> bool:
    """answerCallbackQuery: ends the button's spinning, perhaps with a word."""
    query_id = params["callback_query_id"]
    text = params.get("text", "")
    if utf16(text) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    if not world.is_open(query_id):
        raise bad_request(QUERY_TOO_OLD)
    answer = {"text": text, "show_alert": params.get("show_alert", False), "url": params.get("url", "")}
    world.publish({"type": "answer", "chat_id": world.asked_by[query_id], "query_id": query_id, **answer})
    return True


def answer_inline_query(world: World, params: Params) -> bool:
    """answerInlineQuery: the page hears the results as an event."""
    query_id, results = params["inline_query_id"], params["results"]
    if not world.is_open(query_id):
        raise bad_request(QUERY_TOO_OLD)
    if len(results) > MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [result["id"] for result in results]
    if any(not 1 <= len(result_id.encode()) <= 64 for result_id in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    world.publish({"type": "inline", "chat_id": world.asked_by[query_id], "query_id": query_id, "results": results})
    return True


def _send(world: World, params: Params, **content: Any) -> Json:
    markup = checked_keyboard(params.get("reply_markup"))
    phone = may_write(world, params["chat_id"])
    reply_to = _replied(phone, params.get("reply_parameters"))
    message = world.write(phone, world.profile.as_user(), reply_markup=markup, reply_to=reply_to, **content)
    return message.as_bot_api()


def _replied(phone: Phone, reply: Json | None) -> Message | None:
    if reply is None or reply.get("chat_id", phone.chat_id) != phone.chat_id:
        return None
    message = phone.messages.get(reply["message_id"])
    if message is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def _markup(params: Params) -> Json | None:
    return checked_keyboard(params.get("reply_markup"))


def _editable(world: World, params: Params) -> tuple[Phone, Message]:
    if "inline_message_id" in params:
        raise bad_request("MESSAGE_ID_INVALID")
    if "chat_id" not in params:
        raise bad_request("chat_id is empty")
    if "message_id" not in params:
        raise bad_request("message identifier is not specified")
    phone = reachable(world, params["chat_id"])
    message = phone.messages.get(params["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if not message.out:
        raise bad_request("message can't be edited")
    return phone, message


def _change(world: World, phone: Phone, message: Message, **content: Any) -> Json:
    if all(getattr(message, name) == value for name, value in content.items()):
        raise bad_request(NOT_MODIFIED)
    may_write(world, phone.chat_id)
    for name, value in content.items():
        setattr(message, name, value)
    # New buttons alone leave no "edited" on the message.
    message.edit_date = int(world.now()) if "text" in content else message.edit_date
    world.tell("edit", phone, message)
    return message.as_bot_api() | {"edit_date": int(world.now())}


def _file(world: World, given: Upload | str) -> StoredFile:
    if isinstance(given, str):
        if given not in world.files:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return world.files[given]
    if not given.data:
        raise bad_request("file must be non-empty")
    return world.store(given.filename, given.content_type, given.data, **_size(given.data))


def _size(data: bytes) -> dict[str, int]:
    """Width and height where the file is a PNG, whose header says them."""
    if not data.startswith(PNG) or len(data) < 24:
        return {}
    width, height = struct.unpack(">II", data[16:24])
    return {"width": width, "height": height}
