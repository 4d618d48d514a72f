"""What a subscriber is told when the turn of a notice has come: only what is still true."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.messages import Answer
from bot.language.notice_texts import outage, resumption
from bot.language.view import View
from bot.office.boards import LiveBoard
from bot.rules.notices import Change, Notice, NoticeKind, Wish, still_true


class Telling:
    """Renders notices from the board of the moment of sending."""

    def __init__(self, live: LiveBoard) -> None:
        self._live = live

    def notice(self, notice: Notice, changes: Sequence[Change], wish: Wish) -> tuple[Answer, tuple[Change, ...]] | None:
        """The message for a chat that is owed these changes, and what it tells; None where nothing holds any more."""
        now = self._live.clock()
        board = self._live.at(now)
        states = ((change, board.state_of((change.step, change.counter))) for change in changes)
        told = tuple(true for change, state in states if (true := still_true(change, notice.kind, state)))
        if not told:
            return None
        view = View(self._live.catalogue, self._live.calendar, board, now)
        if notice.kind is NoticeKind.OUTAGE:
            return outage(view, told), told
        return resumption(view, told, told=notice.told, wish=wish), told
