"""Finished documents: kept until something changes, sent once to each reader."""

from __future__ import annotations

import gzip
import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

_WORTH_ZIPPING = 1000  # bytes


@dataclass(frozen=True)
class Document:
    """A body with its kind."""

    body: bytes
    media_type: str
    seconds: int = 30  # how long a reader may keep it without asking
    public: bool = False  # whether pages of other sites may read it

    @cached_property
    def etag(self) -> str:
        """Weak: zipped or not, it says the same."""
        return f'W/"{sha256(self.body).hexdigest()[:24]}"'

    @cached_property
    def zipped(self) -> bytes:
        return gzip.compress(self.body, 6, mtime=0)


def json_document(content: Mapping[str, Any]) -> Document:
    """For machines, on any site."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Document(body, "application/json", public=True)


class Shelf:
    """The documents of now; the one that was asked for longest ago makes room."""

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Document] = OrderedDict()

    def take(self, key: Hashable, make: Callable[[], Document]) -> Document:
        """What stands under the key, else what is made now."""
        if key not in self._kept:
            self._kept[key] = make()
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]


def sent(request: Request, document: Document, headers: Mapping[str, str]) -> Response:
    """The document, or that the reader has it already."""
    told = {
        "ETag": document.etag,
        "Cache-Control": f"public, max-age={document.seconds}",
        "Vary": "Accept-Encoding, Accept-Language",
        **headers,
    }
    if document.public:
        told |= {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    if _has_it(request.headers.get("if-none-match", ""), document.etag):
        return Response(status_code=304, headers=told)
    body = document.body
    if len(body) >= _WORTH_ZIPPING and _takes_gzip(request.headers.get("accept-encoding", "")):
        body = document.zipped
        told["Content-Encoding"] = "gzip"
    return Response(body, media_type=document.media_type, headers=told)


def _has_it(said: str, etag: str) -> bool:
    """By the weak comparison that If-None-Match asks for."""
    bare = etag.removeprefix("W/")
    return any(one.strip().removeprefix("W/") in (bare, "*") for one in said.split(","))


def _takes_gzip(said: str) -> bool:
    codings = (one.replace(" ", "").lower().partition(";") for one in said.split(","))
    return any(name == "gzip" and rest not in ("q=0", "q=0.0") for name, _, rest in codings)
