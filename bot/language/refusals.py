"""What cannot be done for a person, with the words that say why."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.language.messages import Answer, Message


class RefusedError(Exception):
    """Nothing was changed; the answer tells the person why, and what would be right."""

    def __init__(self, *lines: Message, zone: ZoneInfo | None = None) -> None:
        super().__init__(lines[0].id)
        self.answer = Answer(lines, zone=zone)

    @property
    def reason(self) -> str:
        """The id of the first line."""
        return self.answer.lines[0].id
