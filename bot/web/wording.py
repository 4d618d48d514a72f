"""Messages as words of a document: HTML, or plain text that a template escapes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.language.messages import Message
from bot.language.texts import Texts

_CONTROLS = [*range(9), 11, 12, *range(14, 32), *range(0x7F, 0xA0)]  # XML takes none of them, however they are written
_TURNERS = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]  # turn round what stands beside
_NO_TEXT = [*range(0xD800, 0xE000), 0xFFFE, 0xFFFF, 0xFEFF]
_SCRUBBED = dict.fromkeys([*_CONTROLS, *_TURNERS, *_NO_TEXT])


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts in one language at one time."""

    texts: Texts
    language: str
    now: datetime
    zone: ZoneInfo

    def html(self, message: Message) -> Markup:
        """With the texts' own markup; what people wrote was escaped when it was put in."""
        return Markup(scrubbed(self.texts.render(message, self.language, self.now, self.zone)))  # noqa: S704

    def plain(self, message: Message) -> str:
        """Without any markup; not escaped."""
        return scrubbed(self.texts.plain(message, self.language, self.now, self.zone))


def scrubbed(text: str) -> str:
    """Without characters that break XML, or that make their neighbours read backwards."""
    return text.translate(_SCRUBBED)
