"""Every method of the Bot API that the stand-in offers, and the carrying out of a call."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playground import account, chats, messages, receiving
from playground.journal import Entry
from playground.parameters import checked
from playground.refusals import RefusalError
from playground.world import Json, World

Method = Callable[[World, dict[str, Any]], Any | Awaitable[Any]]


def agree(_world: World, _params: dict[str, Any]) -> bool:
    """close and logOut: nothing is there to be closed."""
    return True


# getFile is not here, on purpose: whoever tries to download a citizen's photo gets a 404.
METHODS: dict[str, Method] = {
    "getUpdates": receiving.get_updates,
    "setWebhook": receiving.set_webhook,
    "deleteWebhook": receiving.delete_webhook,
    "getWebhookInfo": receiving.get_webhook_info,
    "sendMessage": messages.send_message,
    "sendPhoto": messages.send_photo,
    "sendDocument": messages.send_document,
    "sendChatAction": messages.send_chat_action,
    "editMessageText": messages.edit_message_text,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "answerCallbackQuery": messages.answer_callback_query,
    "answerInlineQuery": messages.answer_inline_query,
    "getMe": account.get_me,
    "setMyName": account.setter("name", 64, "BOT_TITLE_INVALID"),
    "getMyName": account.getter("name"),
    "setMyDescription": account.setter("description", 512, "BOT_DESCRIPTION_INVALID"),
    "getMyDescription": account.getter("description"),
    "setMyShortDescription": account.setter("short_description", 120, "BOT_SHORT_DESCRIPTION_INVALID"),
    "getMyShortDescription": account.getter("short_description"),
    "setMyCommands": account.set_my_commands,
    "getMyCommands": account.get_my_commands,
    "deleteMyCommands": account.delete_my_commands,
    "setChatMenuButton": account.set_chat_menu_button,
    "getChatMenuButton": account.get_chat_menu_button,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "getChatMemberCount": chats.get_chat_member_count,
    "leaveChat": chats.leave_chat,
    "close": agree,
    "logOut": agree,
}
NAMES = {name.lower(): name for name in METHODS}  # Telegram doesn't mind capitals
SAID = {"setWebhook": "Webhook was set", "deleteWebhook": "Webhook was deleted"}


@dataclass(frozen=True)
class Answer:
    """What the bot reads."""

    status: int
    body: Json


def refused(refusal: RefusalError) -> Answer:
    """A refusal as an answer."""
    return Answer(refusal.code, refusal.as_answer())


def note(world: World, named: str, given: Mapping[str, Any]) -> Entry:
    """The journal's entry for a call, with its parameters as Telegram understands them, where it does."""
    method = NAMES.get(named.lower(), named)
    try:
        understood: Mapping[str, Any] = checked(method, given) if method in METHODS else given
    except RefusalError:
        understood = given
    return world.journal.open(world.now(), method, understood)


async def carry_out(world: World, method: str, given: Mapping[str, Any]) -> Answer:
    """One call on the world, and its answer."""
    try:
        result = METHODS[method](world, checked(method, given))
        if inspect.isawaitable(result):
            result = await result
    except RefusalError as refusal:
        return refused(refusal)
    said = {"description": SAID[method]} if method in SAID else {}
    return Answer(200, {"ok": True, "result": result, **said})
