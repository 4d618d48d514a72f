"""Lengths of opening hours in words."""

from __future__ import annotations

from bot.language.messages import Message, say
from bot.rules.lengths import Length

_HOUR, _MINUTE = 3600, 60


def length_words(length: Length) -> Message:
    """A stretch of opening hours: in days where it took whole ones, else in hours or minutes."""
    if length.whole_days:
        return _counted("day", length.days)
    hours = round(length.seconds / _HOUR)
    return _counted("hour", hours) if hours else _counted("minute", max(1, round(length.seconds / _MINUTE)))


def days_words(count: int) -> Message:
    """A number of days."""
    return _counted("day", count)


def _counted(unit: str, count: int) -> Message:
    return say(f"length.{unit}") if count == 1 else say(f"length.{unit}s", count=count)
