"""The buttons of the report that is put together by taps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from bot.language.messages import Button, Message, Value, say
from bot.rules.drafts import Draft

Row = tuple[Button, ...]


def tap(draft: Draft, label: Message, verb: str, arg: object = "") -> Button:
    """A button of this turn; on a later one it is dead."""
    return Button(label, action=f"lp:{draft.turn}:{verb}:{arg}" if arg != "" else f"lp:{draft.turn}:{verb}")


def ways_out(draft: Draft) -> Row:
    """Back to the screen before, or out of it all."""
    return tap(draft, say("button.back"), "back"), cancel(draft)


def cancel(draft: Draft) -> Button:
    return tap(draft, say("button.cancel"), "stop")


def rows(buttons: Iterable[Button], width: int = 2) -> tuple[Row, ...]:
    """So many beside each other."""
    return tuple(_rows(iter(buttons), width))


def _rows(buttons: Iterator[Button], width: int) -> Iterator[Row]:
    while row := tuple(islice(buttons, width)):
        yield row


def named(words: Value) -> Message:
    """A label that is a name and nothing else."""
    return say("wizard.name", name=words)
