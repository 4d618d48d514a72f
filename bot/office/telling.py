"""What a subscriber is told when the turn of a notice has come: only what is still true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.language import plan_texts
from bot.language.messages import Answer
from bot.language.notice_texts import corrected, correction, outage, relapse, resumption, withdrawal
from bot.language.view import View
from bot.office.boards import LiveBoard
from bot.rules.notices import Change, Notice, NoticeKind, Wish, still_true
from bot.rules.reports import Assertion
from bot.rules.schedule import planned


class Telling:
    """Renders notices from the board of the moment of sending."""

    def __init__(self, live: LiveBoard) -> None:
        self._live = live

    def notice(
        self, notice: Notice, changes: Sequence[Change], wish: Wish | None, told_at: datetime | None = None
    ) -> tuple[Answer, tuple[Change, ...]] | None:
        """The message for a chat that is owed these changes, and what it tells; None where nothing holds any more.

        `wish` is None where the chat subscribes to none of it; `told_at`: when it read what is corrected.
        """
        view, plan = self._view(changes), self._plan(notice)
        if plan is not None:
            of_plan = _of_plan(view, notice, plan, changes)
            return of_plan and (view.clocked(of_plan[0]), of_plan[1])
        states = ((change, view.board.state_of((change.step, change.counter))) for change in changes)
        told = tuple(true for change, state in states if (true := still_true(change, notice.kind, state)))
        if not told:
            return None
        said = view.clocked(_said(view, notice, told, wish, told_at or notice.created_at))
        return (replace(said, buttons=()) if wish is None else said), told

    def corrected(self, notice: Notice, told: Sequence[Change]) -> Answer:
        """What a message that was found wrong is changed to."""
        view = self._view(told)
        if (plan := self._plan(notice)) is not None:
            return view.clocked(plan_texts.corrected(view, plan, told))
        return view.clocked(corrected(view, told))

    def _view(self, changes: Sequence[Change]) -> View:
        """Of many offices as who reads it sees them: the place of the changes, and nothing that happens elsewhere."""
        tree = self._live.catalogue.tree
        return self._live.view(tree.common(one.counter for one in changes) if tree.many else None)

    def _plan(self, notice: Notice) -> tuple[Assertion, ...] | None:
        """The maintenance to come that a notice speaks of."""
        number = notice.about or notice.report
        reports = (report for report in self._live.reports if report.number == number)
        return next((planned(report) for report in reports), ()) if notice.to_come else None


def _of_plan(
    view: View, notice: Notice, plan: tuple[Assertion, ...], changes: Sequence[Change]
) -> tuple[Answer, tuple[Change, ...]] | None:
    """What is to come, or will not be; nothing any more once it should be over."""
    until = [one.estimate.until.at for one in plan if one.estimate and one.estimate.until]
    if not changes or not plan or max(until, default=view.now) < view.now:
        return None
    tell = plan_texts.announced if notice.kind is NoticeKind.PLAN else plan_texts.cancelled
    return tell(view, plan, changes), tuple(changes)


def _said(view: View, notice: Notice, told: Sequence[Change], wish: Wish | None, told_at: datetime) -> Answer:
    match notice.kind:
        case NoticeKind.OUTAGE:
            return outage(view, told)
        case NoticeKind.RELAPSE:
            return relapse(view, told, subscribed=wish is not None)
        case NoticeKind.CORRECTION:
            return correction(view, told, told_at, subscribed=wish is not None)
        case NoticeKind.WITHDRAWAL:
            return withdrawal(view, told)
        case _:
            return resumption(view, told, told=notice.told, wish=wish or Wish.ALWAYS)
