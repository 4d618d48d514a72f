"""Who asks: the address of a client behind a proxy or not, its language, and the address it came by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

_FORWARDING = ("x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-host", "x-forwarded-proto", "via")
_A_HOME = 64  # bits that one IPv6 customer shares
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")


def client_of(connection: HTTPConnection) -> str | None:
    """Who to count a request for; None for this machine itself.

    A neighbour on a private network is taken to be the reverse proxy: the last address that it forwards is the client.
    """
    peer = _address(connection.client.host if connection.client else "")
    if peer is None or peer.is_global:
        return _counted(peer)
    forwarded = connection.headers.getlist("x-forwarded-for")
    if forwarded:
        return _counted(_address(forwarded[-1].rpartition(",")[2]))
    return None if from_this_machine(connection) else _counted(peer)


def from_this_machine(connection: HTTPConnection) -> bool:
    """Whether it was asked here, and not for somebody else."""
    peer = _address(connection.client.host if connection.client else "")
    through_proxy = any(name in connection.headers for name in _FORWARDING)
    return peer is not None and peer.is_loopback and not through_proxy


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def _counted(address: IPv4Address | IPv6Address | None) -> str:
    """An address as it is counted; those that cannot be read are counted together."""
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _A_HOME), strict=False))
    return str(address) if address else ""


def base_of(connection: HTTPConnection) -> str:
    """The address by which this was asked for, without a slash at the end."""
    host = connection.headers.get("host", "")
    forwarded = _forwarded_scheme(connection)
    scheme = forwarded or {"wss": "https", "ws": "http"}.get(connection.url.scheme, connection.url.scheme)
    return f"{scheme}://{host if _HOST.fullmatch(host) else 'localhost'}"


def _forwarded_scheme(connection: HTTPConnection) -> str | None:
    """What the reverse proxy says it was asked by."""
    peer = _address(connection.client.host if connection.client else "")
    said = connection.headers.get("x-forwarded-proto", "").lower()
    return said if said in ("http", "https") and not (peer and peer.is_global) else None


def language_of(asked: str | None, headers: Headers | None, languages: Sequence[str]) -> str:
    """The language that was asked for, else the first that the browser prefers, else the main one."""
    if asked in languages:
        return str(asked)
    accepted = headers.get("accept-language", "") if headers else ""
    wanted = sorted(map(_preference, accepted.split(",")), key=lambda one: -one[1])
    return next((code for code, weight in wanted if code in languages and weight > 0), languages[0])


def _preference(part: str) -> tuple[str, float]:
    name, _, weight = part.strip().partition(";")
    code = name.strip().lower().partition("-")[0]
    number = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", weight)
    return code, float(number[1]) if number else 0.0 if weight else 1.0
