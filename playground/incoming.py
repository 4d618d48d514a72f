"""Reads a call's parameters, however the bot sent them: query, JSON, urlencoded or multipart."""

from __future__ import annotations

import json
from email.message import Message
from email.parser import BytesParser
from typing import Any, cast
from urllib.parse import parse_qsl

from starlette.requests import Request

from playground.parameters import Upload
from playground.refusals import bad_request

ATTACHED = "attach://"
Given = dict[str, Any]


async def read_parameters(request: Request) -> Given:
    """What came with the request; files as `Upload`, everything else as it was."""
    kind = request.headers.get("content-type", "")
    body = await request.body()
    given: Given = dict(request.query_params)
    if kind.startswith("application/json"):
        return given | _from_json(body)
    if kind.startswith("multipart/form-data"):
        return _with_attached(given | _from_multipart(kind, body))
    return given | dict(parse_qsl(body.decode(), keep_blank_values=True))


def _from_json(body: bytes) -> Given:
    try:
        given = json.loads(body or b"{}")
    except ValueError as error:
        raise bad_request("can't parse JSON request body") from error
    if not isinstance(given, dict):
        raise bad_request("object expected as request body")
    return given


def _from_multipart(kind: str, body: bytes) -> Given:
    whole = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    if not whole.is_multipart():
        raise bad_request("can't parse multipart request body")
    return dict(_part(part) for part in cast("list[Message]", whole.get_payload()))


def _part(part: Message) -> tuple[str, str | Upload]:
    data = cast("bytes", part.get_payload(decode=True))
    disposition = _disposition(part)
    filename = disposition.get_filename()
    value = data.decode() if filename is None else Upload(filename, part.get_content_type(), data)
    return str(disposition.get_param("name", "", "content-disposition")), value


def _disposition(part: Message) -> Message:
    """The part's names again, since the parser takes headers for ASCII and browsers write UTF-8."""
    raw = next((str(value) for name, value in part.raw_items() if name.lower() == "content-disposition"), "")
    readable = Message()
    readable["Content-Disposition"] = raw.encode("ascii", "surrogateescape").decode("utf-8", "replace")
    return readable


def _with_attached(given: Given) -> Given:
    """Parameters that say `attach://name` take that part's file."""
    used = {value.removeprefix(ATTACHED) for value in given.values() if isinstance(value, str) and ATTACHED in value}
    kept = {name: value for name, value in given.items() if name not in used}
    return {name: _attached(value, given) for name, value in kept.items()}


def _attached(value: Any, given: Given) -> Any:
    if isinstance(value, str) and value.startswith(ATTACHED):
        return given.get(value.removeprefix(ATTACHED), value)
    return value
