"""Finished documents: how many are kept, and who is told that nothing changed."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from bot.web.documents import Document, Shelf, sent

PAGE = Document(b"<p>", "text/html")


def request(**headers: str) -> Request:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": named})


def test_the_shelf_keeps_what_was_asked_for_last() -> None:
    shelf, made = Shelf(most=2), []

    def make(name: str) -> Document:
        made.append(name)
        return PAGE

    for name in "abacab":
        shelf.take(name, lambda name=name: make(name))

    assert made == ["a", "b", "c", "b"]


@pytest.mark.parametrize(
    ("known", "status"),
    [
        (PAGE.etag, 304),
        (PAGE.etag.removeprefix("W/"), 304),
        (f'"x", {PAGE.etag}', 304),
        ("*", 304),
        ('"x"', 200),
        ("", 200),
    ],
)
def test_who_names_what_there_is_need_not_read_it_again(known: str, status: int) -> None:
    assert sent(request(if_none_match=known), PAGE, {}).status_code == status


def test_what_is_short_is_not_zipped() -> None:
    assert "content-encoding" not in sent(request(accept_encoding="gzip"), PAGE, {}).headers
