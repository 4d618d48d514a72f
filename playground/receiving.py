"""The Bot API's methods on how the bot gets its updates: the long poll and the webhook's settings."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from playground.refusals import bad_request
from playground.updates import Update, Webhook
from playground.world import Json, World

Params = dict[str, Any]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PORTS = frozenset({80, 88, 443, 8443})


async def get_updates(world: World, params: Params) -> list[Update]:
    """getUpdates: real long polling."""
    numbers = (params.get("offset", 0), params.get("limit", 100), params.get("timeout", 0))
    return await world.updates.poll(*numbers, params.get("allowed_updates"))


def set_webhook(world: World, params: Params) -> bool:
    """setWebhook; an empty address takes it away. Plain http is taken on loopback alone."""
    url, secret = params["url"], params.get("secret_token", "")
    if url:
        _check_address(url)
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    if "allowed_updates" in params:
        world.updates.allowed = params["allowed_updates"]
    if params.get("drop_pending_updates"):
        world.updates.drop()
    connections = min(max(params.get("max_connections", 40), 1), 100)
    world.updates.set_webhook(Webhook(url, secret, connections) if url else None)
    return True


def delete_webhook(world: World, params: Params) -> bool:
    """deleteWebhook."""
    if params.get("drop_pending_updates"):
        world.updates.drop()
    world.updates.set_webhook(None)
    return True


def get_webhook_info(world: World, _params: Params) -> Json:
    """getWebhookInfo."""
    hook = world.updates.webhook
    info: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }
    if world.updates.allowed:
        info["allowed_updates"] = world.updates.allowed
    if hook:
        info["max_connections"] = hook.max_connections
    if hook and hook.last_error:
        info |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
    return info


def _check_address(url: str) -> None:
    address = urlsplit(url)
    if address.hostname in LOOPBACK:
        return
    if address.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (address.port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
