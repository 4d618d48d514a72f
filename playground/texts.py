"""A text or caption as Telegram takes it: parsed, trimmed, measured."""

from __future__ import annotations

from typing import Any

from playground.entities import with_found
from playground.markup import Entity, read_html, utf16
from playground.refusals import bad_request

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024


def message_text(params: dict[str, Any]) -> tuple[str, list[Entity]]:
    """Text and entities of a message."""
    text, entities = _formatted(params.get("text", ""), params.get("parse_mode", ""), params.get("entities", []))
    if not text:
        raise bad_request("message text is empty")
    if utf16(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return text, with_found(text, entities)


def caption_text(params: dict[str, Any]) -> tuple[str, list[Entity]]:
    """Caption and entities of a photo or document; none is fine."""
    given = params.get("caption_entities", [])
    text, entities = _formatted(params.get("caption", ""), params.get("parse_mode", ""), given)
    if utf16(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return text, with_found(text, entities)


def _formatted(markup: str, parse_mode: str, given: list[Entity]) -> tuple[str, list[Entity]]:
    if not parse_mode:
        return _trimmed(markup, given)
    if parse_mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    return _trimmed(*read_html(markup))


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without the blanks around it; entities move along, and those left without a text go."""
    length = utf16(text)
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] < 0 or entity["offset"] + entity["length"] > length:
            raise bad_request("can't parse entities: entity is out of the text's bounds")
    cut = utf16(text) - utf16(text.lstrip())
    text = text.strip()
    length = utf16(text)
    moved = []
    for entity in entities:
        begin = min(max(entity["offset"] - cut, 0), length)
        end = min(max(entity["offset"] + entity["length"] - cut, 0), length)
        if begin < end:
            moved.append(entity | {"offset": begin, "length": end - begin})
    return text, moved
