"""Checks a call's parameters against the published description of the Bot API."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from playground.refusals import bad_request

API: dict[str, dict[str, Any]] = json.loads((files(__package__) / "api.json").read_text("utf-8"))
METHODS: dict[str, dict[str, str]] = API["methods"]
TYPES: dict[str, dict[str, str] | list[str]] = API["types"]

# Telegram's own words where a required parameter is absent; the rest share one sentence.
ABSENT = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
}
TRUE = frozenset({"true", "True", "TRUE", "1"})
FALSE = frozenset({"false", "False", "FALSE", "0"})


@dataclass(frozen=True)
class Upload:
    """A file that came inside a multipart request."""

    filename: str
    content_type: str
    data: bytes

    def as_journal(self) -> dict[str, Any]:
        """What the journal keeps of it."""
        return {"filename": self.filename, "content_type": self.content_type, "size": len(self.data)}


class MisfitError(Exception):
    """A value that is not of the type that the Bot API names."""


def checked(method: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a call with their documented types.

    Telegram ignores what it does not know; here it is refused, since a misspelt parameter is
    a fault of the bot that nobody would notice otherwise.
    """
    described = METHODS[method]
    for name in given:
        if name not in described:
            raise bad_request(f'parameter "{name}" is unknown to {method}')
    for name, kinds in described.items():
        absent = given.get(name) is None or (name in ABSENT and given[name] == "")
        if kinds.endswith("!") and absent:
            raise bad_request(ABSENT.get(name, f'parameter "{name}" is required'))
    return {name: _checked_value(name, value, described[name]) for name, value in given.items() if value is not None}


def _checked_value(name: str, value: Any, kinds: str) -> Any:
    try:
        return _fit_any(value, kinds.removesuffix("!").split("|"))
    except MisfitError as misfit:
        raise bad_request(f'parameter "{name}": {misfit}') from misfit


def _fit_any(value: Any, kinds: list[str]) -> Any:
    """The value in the first kind that takes it; the first kind's complaint otherwise."""
    complaint: MisfitError | None = None
    for kind in kinds:
        try:
            return _fit(value, kind)
        except MisfitError as misfit:
            complaint = complaint or misfit
    raise complaint or MisfitError("has no type")


def _fit(value: Any, kind: str) -> Any:
    if kind.startswith("Array of "):
        return [_fit(item, kind.removeprefix("Array of ")) for item in _decoded(value, list, kind)]
    if kind in TYPES:
        return _fit_object(_decoded(value, dict, kind), kind)
    return _fit_plain(value, kind)


def _decoded(value: Any, shape: type, kind: str) -> Any:
    """Objects and lists arrive as JSON inside a string, or as themselves."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise MisfitError(f"can't parse {kind} JSON object") from error
    if not isinstance(value, shape):
        raise MisfitError(f"must be of type {kind}")
    return value


def _fit_object(value: dict[str, Any], kind: str) -> dict[str, Any]:
    described = TYPES[kind]
    if isinstance(described, list):
        fitted: dict[str, Any] = _fit_any(value, described)
        return fitted
    for field in value:
        if field not in described:
            raise MisfitError(f'field "{field}" is unknown to {kind}')
    for field, kinds in described.items():
        if kinds.endswith("!") and field not in value:
            raise MisfitError(f'{kind} lacks its field "{field}"')
    return {field: _fit_any(item, described[field].removesuffix("!").split("|")) for field, item in value.items()}


def _fit_plain(value: Any, kind: str) -> Any:
    fitted: Any = None
    match kind:
        case "Integer":
            fitted = _integer(value)
        case "Float":
            fitted = float(value) if isinstance(value, int | float) else None
        case "Boolean":
            fitted = _boolean(value)
        case "String":
            fitted = value if isinstance(value, str) else _number_as_text(value)
        case "InputFile":
            fitted = value if isinstance(value, Upload) else None
    if fitted is None:
        raise MisfitError(f"must be of type {kind}")
    return fitted


def _integer(value: Any) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,19}", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, str):
        return True if value in TRUE else False if value in FALSE else None
    return value if isinstance(value, bool) else None


def _number_as_text(value: Any) -> str | None:
    """A JSON number where text is expected is taken as its digits, as Telegram does."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
