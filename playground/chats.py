"""The Bot API's methods on chats and their members."""

from __future__ import annotations

from typing import Any

from playground.reach import known, reachable
from playground.refusals import bad_request
from playground.world import Json, Phone, World

Params = dict[str, Any]

# Fields of a ChatFullInfo that are always there and say nothing here.
FULL_INFO: Json = {
    "accent_color_id": 0,
    "max_reaction_count": 11,
    "accepted_gift_types": {
        "unlimited_gifts": True,
        "limited_gifts": True,
        "unique_gifts": True,
        "premium_subscription": True,
        "gifts_from_channels": True,
    },
}


def get_chat(world: World, params: Params) -> Json:
    """getChat."""
    return known(world, params["chat_id"]).as_chat() | FULL_INFO


def get_chat_member(world: World, params: Params) -> Json:
    """getChatMember: the person of the phone, or the bot."""
    phone = reachable(world, params["chat_id"])
    if params["user_id"] == world.profile.bot_id:
        return {"status": "member", "user": world.profile.as_user()}
    if params["user_id"] != phone.person.id:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return _member(phone)


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    """getChatAdministrators."""
    phone = reachable(world, params["chat_id"])
    if phone.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    return [_member(phone)] if phone.admin else []


def get_chat_member_count(world: World, params: Params) -> int:
    """getChatMemberCount: the person and the bot."""
    return len((reachable(world, params["chat_id"]).person.id, world.profile.bot_id))


def leave_chat(world: World, params: Params) -> bool:
    """leaveChat."""
    phone = reachable(world, params["chat_id"])
    if phone.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    phone.left = True
    return True


def _member(phone: Phone) -> Json:
    user = phone.person.as_user()
    if phone.kind != "private" and phone.admin:
        return {"status": "creator", "user": user, "is_anonymous": False}
    return {"status": "member", "user": user}
