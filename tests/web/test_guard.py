"""Clients: who they are, how much they may ask for, and the headers that they get."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.requests import HTTPConnection

from bot.web.clients import base_of, client_of, from_this_machine, language_of
from bot.web.guard import AT_ONCE, Buckets, Guard
from tests.web.site import A_CITIZEN, Site


def connection(client: str | None, scheme: str = "http", **headers: str) -> HTTPConnection:
    scope: dict[str, Any] = {
        "type": "http",
        "scheme": scheme,
        "path": "/",
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "client": (client, 4711) if client else None,
        "server": ("127.0.0.1", 8080),
    }
    return HTTPConnection(scope)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("36.66.10.1", None, "36.66.10.1"),
        ("36.66.10.1", "36.66.99.9", "36.66.10.1"),  # whoever asks directly cannot pretend to be another
        ("10.0.0.2", "9.9.9.9, 36.66.10.1", "36.66.10.1"),  # the proxy adds what it saw at the end
        ("127.0.0.1", "36.66.10.1", "36.66.10.1"),
        ("127.0.0.1", None, None),
        ("::1", None, None),
        ("192.168.1.9", None, "192.168.1.9"),
        ("2404:8000:1:2:3:4:5:6", None, "2404:8000:1:2::/64"),
        ("::ffff:36.66.10.1", None, "36.66.10.1"),
        ("127.0.0.1", "unknown", ""),
        (None, None, ""),
    ],
)
def test_a_client_is_counted_by_its_address(peer: str | None, forwarded: str | None, client: str | None) -> None:
    more = {"x_forwarded_for": forwarded} if forwarded else {}

    assert client_of(connection(peer, **more)) == client


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip"])
def test_what_a_proxy_asks_is_not_asked_by_this_machine(header: str) -> None:
    assert from_this_machine(connection("127.0.0.1"))
    assert not from_this_machine(connection("127.0.0.1", **{header: "for=36.66.10.1"}))
    assert not from_this_machine(connection("36.66.10.1"))


@pytest.mark.parametrize(
    ("peer", "headers", "base"),
    [
        ("127.0.0.1", {"host": "layanan.example:8080"}, "http://layanan.example:8080"),
        ("127.0.0.1", {"host": "[::1]:8080"}, "http://[::1]:8080"),
        ("127.0.0.1", {"host": "layanan.example", "x_forwarded_proto": "https"}, "https://layanan.example"),
        ("36.66.10.1", {"host": "layanan.example", "x_forwarded_proto": "https"}, "http://layanan.example"),
        ("127.0.0.1", {"host": "a/<b>"}, "http://localhost"),
        ("127.0.0.1", {}, "http://localhost"),
    ],
)
def test_the_address_that_was_asked_by_is_taken_with_care(peer: str, headers: dict[str, str], base: str) -> None:
    assert base_of(connection(peer, **headers)) == base


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "id"),
        ("en", "en"),
        ("en-US,en;q=0.9", "en"),
        ("id,en;q=0.9", "id"),
        ("en;q=0.1, id;q=0.2", "id"),
        ("fr, de;q=0.9", "id"),
        ("en;q=0", "id"),
        ("en;q=abc", "id"),
        (";;,,=", "id"),
    ],
)
def test_the_browsers_first_language_that_we_speak(accepted: str, language: str) -> None:
    headers = connection("127.0.0.1", accept_language=accepted).headers

    assert language_of(None, headers, ("id", "en")) == language


def test_a_bucket_refills_with_time_and_never_overflows() -> None:
    buckets = Buckets(a_second=2, at_once=3)

    assert [buckets.wait("a", 0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.wait("b", 0) == 0
    assert buckets.wait("a", 0.5) == 0
    assert [buckets.wait("a", 1000) for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.wait("a", 999) > 0  # a clock that went back gives nothing


def test_no_more_clients_are_remembered_than_there_is_room_for() -> None:
    buckets = Buckets(a_second=1, at_once=1, clients=100)

    for number in range(1000):
        buckets.wait(str(number), 0)

    assert len(buckets) == 100
    assert buckets.wait("999", 0) > 0
    assert buckets.wait("0", 0) == 0


async def test_who_asks_too_much_waits_and_nobody_else_does(site: Site) -> None:
    for _ in range(AT_ONCE):
        assert (await site.get("/badge/kk.svg")).status_code == 200

    refused = await site.get("/", accept_language="en")
    program = await site.get("/api/v2/summary.json")
    other = await site.get("/", client=("36.66.10.2", 1))
    machine = await site.get("/", client=("127.0.0.1", 1))
    alive = await site.get("/healthz")
    site.seconds += 1
    later = await site.get("/")

    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert "Too many requests" in refused.text
    assert (program.status_code, program.json()) == (429, {"error": "too_many"})
    assert [one.status_code for one in (other, machine, alive, later)] == [200] * 4


async def test_every_answer_makes_browsers_careful(site: Site) -> None:
    for path in ("/", "/privasi", "/nowhere", "/api/v2/summary.json", "/feed.atom", "/badge/kk.svg", "/healthz"):
        headers = (await site.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "set-cookie" not in headers


async def test_browsers_are_told_to_stay_with_https_where_it_is_there(site: Site) -> None:
    secure = await site.get("/", client=("10.0.0.2", 1), x_forwarded_for=A_CITIZEN[0], x_forwarded_proto="https")
    plain = await site.get("/")

    assert secure.headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in plain.headers


async def test_what_is_no_request_passes_untouched() -> None:
    passed: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        passed.append((scope, receive, send))

    def refuse(*_: Any) -> Any:
        raise AssertionError("refused")

    receive: Any = object()
    await Guard(app, refuse, float)({"type": "lifespan"}, receive, receive)

    assert passed == [({"type": "lifespan"}, receive, receive)]
