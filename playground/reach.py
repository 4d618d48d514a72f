"""Whether the bot reaches a chat, and whether it may write there now."""

from __future__ import annotations

from playground.refusals import bad_request, forbidden, too_many_requests
from playground.world import Phone, World


def known(world: World, chat_id: int | str) -> Phone:
    """The chat, moved or not."""
    phone = world.phones.get(chat_id) if isinstance(chat_id, int) else _named(world, chat_id)
    if phone is None:
        raise bad_request("chat not found")
    if phone.moved_to is not None:
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=phone.moved_to)
    return phone


def reachable(world: World, chat_id: int | str) -> Phone:
    """The chat, if it lets the bot in."""
    phone = known(world, chat_id)
    if phone.deactivated:
        raise forbidden("user is deactivated")
    if phone.kind != "private" and phone.blocked:
        raise forbidden(f"bot was kicked from the {phone.kind} chat")
    if phone.left:
        raise forbidden(f"bot is not a member of the {phone.kind} chat")
    if phone.blocked:
        raise forbidden("bot was blocked by the user")
    if not phone.acquainted:
        raise forbidden("bot can't initiate conversation with a user")
    return phone


def may_write(world: World, chat_id: int | str) -> Phone:
    """The chat, if the flood limits let another message or edit in; it is counted."""
    phone = reachable(world, chat_id)
    wait = world.limits.admit(phone.chat_id)
    if wait:
        raise too_many_requests(wait)
    return phone


def _named(world: World, name: str) -> Phone | None:
    wanted = name.removeprefix("@").lower()
    return next((phone for phone in world.everyone() if phone.person.username.lower() == wanted != ""), None)
