"""Finds what Telegram marks by itself in a text; draws text with entities as safe HTML for the page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from playground.markup import Entity, utf16

# Leftmost wins; an address of mail before the mention in it, a link before the hashtag in it.
FOUND = re.compile(
    r"(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<url>https?://[^\s<>\"]+|(?<![\w.@/-])(?:[a-z0-9-]+\.)+(?:id|com|org|net|me|int)\b(?:/[^\s<>\"]*)?)"
    r"|(?P<mention>(?<![\w@])@[A-Za-z]\w{2,31})"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/]))"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d_]\w*)",
    re.IGNORECASE,
)
OPAQUE = frozenset({"code", "pre", "text_link", "custom_emoji"})
TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
CLASSES = {
    "spoiler": "tg-spoiler",
    "bot_command": "command",
    "mention": "mention",
    "hashtag": "hashtag",
    "custom_emoji": "tg-emoji",
}
SAFE_LINK = re.compile(r"(?:https?://|tg://|mailto:|tel:)", re.IGNORECASE)


def with_found(text: str, marked: list[Entity]) -> list[Entity]:
    """The entities of a message: those that its author marked, then those that Telegram finds."""
    closed = [(entity["offset"], entity["offset"] + entity["length"]) for entity in marked if entity["type"] in OPAQUE]
    found = [
        entity
        for entity in found_entities(text)
        if not any(begin < entity["offset"] + entity["length"] and entity["offset"] < end for begin, end in closed)
    ]
    return sorted(marked + found, key=lambda entity: (entity["offset"], -entity["length"]))


def found_entities(text: str) -> Iterator[Entity]:
    """Commands, mentions, links, addresses and hashtags, as Telegram marks them unasked."""
    for match in FOUND.finditer(text):
        words = match.group().rstrip(".,;:!?)'")
        yield {"type": match.lastgroup, "offset": utf16(text[: match.start()]), "length": utf16(words)}


def as_html(text: str, entities: list[Entity]) -> str:
    """The text as HTML that is safe to put into a page: nothing of it is trusted but these entities."""
    out: list[str] = []
    waiting = sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
    opened: list[tuple[int, str]] = []
    position = 0
    for character in text:
        _close_until(position, opened, out)
        while waiting and waiting[0]["offset"] <= position:
            entity = waiting.pop(0)
            start, end = _tags(entity, _slice(text, entity))
            out.append(start)
            opened.append((entity["offset"] + entity["length"], end))
        out.append(html.escape(character))
        position += utf16(character)
    _close_until(position, opened, out)
    return "".join(out)


def _close_until(position: int, opened: list[tuple[int, str]], out: list[str]) -> None:
    while opened and opened[-1][0] <= position:
        out.append(opened.pop()[1])


def _slice(text: str, entity: Entity) -> str:
    units = text.encode("utf-16-le")
    return units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le", "replace")


def _tags(entity: Entity, words: str) -> tuple[str, str]:
    kind = entity["type"]
    if kind in TAGS:
        return f"<{TAGS[kind]}>", f"</{TAGS[kind]}>"
    if kind == "expandable_blockquote":
        return '<blockquote class="expandable">', "</blockquote>"
    if kind in ("text_link", "url", "email"):
        return _link(entity.get("url", f"mailto:{words}" if kind == "email" else words))
    if kind in CLASSES:
        return f'<span class="{CLASSES[kind]}">', "</span>"
    return "", ""


def _link(address: str) -> tuple[str, str]:
    target = address if SAFE_LINK.match(address) else f"https://{address}"
    if re.match(r"\s*\w+:(?!//|\d)", address) and not SAFE_LINK.match(address):
        return "", ""  # javascript: and the like never reach the page
    return f'<a href="{html.escape(target)}" target="_blank" rel="noopener noreferrer">', "</a>"
