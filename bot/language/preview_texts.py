"""What citizens will read once a report is published."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.language.answers_board import all_status
from bot.language.answers_status import status
from bot.language.messages import Answer
from bot.language.notice_texts import resumption
from bot.language.view import View
from bot.rules.board import CellKey
from bot.rules.notices import Change, Notice, NoticeKind, is_down

_MOST_SERVICES = 2  # more than these are read on today's board


def citizens_read(
    view: View, changes: Sequence[Change], cells: Collection[CellKey], notices: Sequence[Notice], told: int
) -> Answer:
    """The notice, where something is back; else the answer to whoever asks. `view` is of the board after the report."""
    back = next((notice for notice in notices if notice.kind is NoticeKind.RESUMPTION), None)
    if back and not any(is_down(change) for change in changes):
        return _bare(view, resumption(view, back.changes, told=told))
    steps = dict.fromkeys([change.step for change in changes] or [step for step, _ in cells])
    services = dict.fromkeys(view.catalogue.steps[step].service for step in steps)
    return _bare(view, status(view, tuple(steps)) if len(services) <= _MOST_SERVICES else all_status(view))


def _bare(view: View, answer: Answer) -> Answer:
    """Without the buttons: they would act here."""
    return view.clocked(replace(answer, buttons=()))
