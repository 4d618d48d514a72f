"""Reads Telegram's HTML into text and entities, refusing what Telegram refuses in its own words.

The order of the checks and the byte offsets follow the parser of TDLib, on which the Bot API runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from playground.refusals import RefusalError, bad_request

Entity = dict[str, Any]

KINDS = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
SPACE = " \t\r\n\v\0"
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));?")
NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
# What an attribute's value means for its tag: (tag, attribute) -> prefix that is cut off.
ARGUMENTS = {("a", "href"): "", ("code", "class"): "language-", ("span", "class"): "tg-", ("tg-emoji", "emoji-id"): ""}


def utf16(text: str) -> int:
    """Telegram counts in UTF-16 units: most emoji are two."""
    return len(text) + sum(ord(character) > 0xFFFF for character in text)


def can_not_parse(words: str) -> RefusalError:
    """The refusal of markup that Telegram can't read."""
    return bad_request(f"can't parse entities: {words}")


@dataclass
class _Open:
    tag: str
    argument: str
    offset: int
    position: int


@dataclass
class _Reader:
    """A cursor over the markup, with what was read so far."""

    markup: str
    at: int = 0
    text: list[str] = field(default_factory=list)
    units: int = 0
    nested: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def peek(self) -> str:
        return self.markup[self.at] if self.at < len(self.markup) else ""

    def until(self, stops: str) -> str:
        begin = self.at
        while self.peek() and self.peek() not in stops:
            self.at += 1
        return self.markup[begin : self.at]

    def skip_space(self) -> None:
        while self.peek() and self.peek() in SPACE:
            self.at += 1

    def put(self, character: str) -> None:
        self.text.append(character)
        self.units += utf16(character)

    def byte(self, position: int) -> int:
        return len(self.markup[:position].encode())


def read_html(markup: str) -> tuple[str, list[Entity]]:
    """Text and entities of a message written in Telegram's HTML."""
    reader = _Reader(markup)
    while reader.peek():
        if reader.peek() != "<":
            reader.put(_character(reader))
        elif markup.startswith("</", reader.at):
            _read_end_tag(reader)
        else:
            _read_start_tag(reader)
    if reader.nested:
        raise can_not_parse(f'Can\'t find end tag corresponding to start tag "{reader.nested[-1].tag}"')
    order = sorted(reader.entities, key=lambda entity: (entity["offset"], -entity["length"]))
    return "".join(reader.text), order


def _character(reader: _Reader) -> str:
    """One character, a reference decoded; references that Telegram doesn't know stay as they are."""
    reference = REFERENCE.match(reader.markup, reader.at) if reader.peek() == "&" else None
    decoded = _decoded(reference) if reference else ""
    if reference and decoded:
        reader.at = reference.end()
        return decoded
    reader.at += 1
    return reader.markup[reader.at - 1]


def _decoded(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    if name:
        return NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code < 0xE000 else ""


def _read_start_tag(reader: _Reader) -> None:
    begin = reader.at
    reader.at += 1
    tag = reader.until(SPACE + ">").lower()
    if not reader.peek():
        raise can_not_parse(f"Unclosed start tag at byte offset {reader.byte(begin)}")
    if tag not in KINDS:
        raise can_not_parse(f'Unsupported start tag "{tag}" at byte offset {reader.byte(begin)}')
    argument = _read_attributes(reader, tag, begin)
    reader.at += 1
    if tag == "span" and argument != "spoiler":
        raise can_not_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {reader.byte(begin)}')
    reader.nested.append(_Open(tag, argument, reader.units, len(reader.text)))


def _read_attributes(reader: _Reader, tag: str, begin: int) -> str:
    """What the attributes say that matters for this tag; stops before the closing bracket."""
    argument = ""
    while True:
        reader.skip_space()
        if reader.peek() == ">":
            return argument
        name = reader.until(SPACE + "=>")
        if not name and reader.peek():
            raise can_not_parse(f'Empty attribute name in the tag "{tag}" at byte offset {reader.byte(begin)}')
        reader.skip_space()
        if not reader.peek():
            raise can_not_parse(f'Unclosed start tag "{tag}" at byte offset {reader.byte(begin)}')
        if reader.peek() != "=":
            argument = "expandable" if (tag, name) == ("blockquote", "expandable") else argument
            continue
        reader.at += 1
        value = _read_value(reader)
        if not reader.peek():
            raise can_not_parse(f"Unclosed start tag at byte offset {reader.byte(begin)}")
        argument = _argument(tag, name, value) or argument


def _read_value(reader: _Reader) -> str:
    reader.skip_space()
    quote = reader.peek()
    if quote not in ("'", '"'):
        return _read_name_token(reader)
    reader.at += 1
    value = []
    while reader.peek() and reader.peek() != quote:
        value.append(_character(reader))
    reader.at += bool(reader.peek())
    return "".join(value)


def _read_name_token(reader: _Reader) -> str:
    begin = reader.at
    token = NAME_TOKEN.match(reader.markup, begin)
    reader.at = token.end() if token else begin
    if reader.peek() and reader.peek() not in SPACE + ">":
        raise can_not_parse(f"Unexpected end of name token at byte offset {reader.byte(begin)}")
    return reader.markup[begin : reader.at].lower()


def _argument(tag: str, name: str, value: str) -> str:
    if (tag, name) == ("blockquote", "expandable"):
        return "expandable"
    prefix = ARGUMENTS.get((tag, name))
    return value.removeprefix(prefix) if prefix is not None and value.startswith(prefix) else ""


def _read_end_tag(reader: _Reader) -> None:
    begin = reader.at
    if not reader.nested:
        raise can_not_parse(f"Unexpected end tag at byte offset {reader.byte(begin)}")
    reader.at += 2
    name = reader.until(SPACE + ">").lower()
    reader.skip_space()
    if reader.peek() != ">":
        raise can_not_parse(f"Unclosed end tag at byte offset {reader.byte(begin)}")
    reader.at += 1
    opened = reader.nested.pop()
    if name and name != opened.tag:
        expected = f'expected "</{opened.tag}>", found "</{name}>"'
        raise can_not_parse(f"Unmatched end tag at byte offset {reader.byte(begin)}, {expected}")
    if reader.units > opened.offset:
        _close(reader, opened)


def _close(reader: _Reader, opened: _Open) -> None:
    entity: Entity = {"type": KINDS[opened.tag], "offset": opened.offset, "length": reader.units - opened.offset}
    if opened.tag == "a":
        entity["url"] = opened.argument or "".join(reader.text[opened.position :])
        if "." not in entity["url"] and ":" not in entity["url"]:
            return  # what is no address becomes plain text, without a complaint
    if opened.tag == "tg-emoji":
        entity["custom_emoji_id"] = opened.argument
    if opened.tag == "blockquote" and opened.argument:
        entity["type"] = "expandable_blockquote"
    if opened.tag == "code" and reader.nested and reader.nested[-1].tag == "pre" and opened.argument:
        reader.nested[-1].argument = opened.argument
        return  # <pre><code class="language-…"> is one block
    if opened.tag == "pre" and opened.argument:
        entity["language"] = opened.argument
    reader.entities.append(entity)
