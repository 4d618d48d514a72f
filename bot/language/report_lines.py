"""Reads a report of several lines, each by the grammar of one: what returns in stages is told at once."""

from __future__ import annotations

from datetime import datetime

from bot.language.messages import say
from bot.language.report_line import LineRefusedError, ReportLines, Understood
from bot.rules.board import Board
from bot.rules.reports import Assertion

_COMMANDS = ("lapor", "pulih")


def understood(lines: ReportLines, command: str, text: str, board: Board, now: datetime) -> Understood:
    """All lines as one report; a line may begin with `/lapor` or `/pulih`, else it is what the command says."""
    spoken = [line.strip() for line in text.splitlines() if line.strip()]
    if len(spoken) < 2:
        return _read(lines, command, text.strip(), board, now)
    found: list[Understood] = []
    for number, line in enumerate(spoken, 1):
        try:
            found.append(_read(lines, command, line, board, now))
            _refuse_repeats(lines, found)
        except LineRefusedError as refusal:
            raise LineRefusedError(say("staff.line.in_line", number=number), *refusal.answer.lines) from refusal
    shut = next((one.shut_on for one in found if one.shut_on), None)
    return Understood(tuple(assertion for one in found for assertion in one.assertions), shut)


def _read(lines: ReportLines, command: str, line: str, board: Board, now: datetime) -> Understood:
    first, _, rest = line.partition(" ")
    if first.startswith("/") and first[1:].lower() in _COMMANDS:
        command, line = first[1:].lower(), rest
    return lines.resumption(line, board) if command == "pulih" else lines.report(line, now)


def _refuse_repeats(lines: ReportLines, found: list[Understood]) -> None:
    """Two lines about one thing contradict each other, or say it twice: which one is meant is not guessed."""
    *earlier, latest = found
    said = {_about(one) for before in earlier for one in before.assertions}
    if again := next((one for one in latest.assertions if _about(one) in said), None):
        raise LineRefusedError(say("staff.line.target_twice", target=lines.called(again.target)))


def _about(assertion: Assertion) -> tuple[str, str]:
    return assertion.target, assertion.place
