"""`loket …`: what an operator types."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.config import Settings, environment
from bot.faults import OperatorError

if TYPE_CHECKING:
    from argparse import Namespace

# Imports wait until a command needs them: `loket ask` answers before a browser's page would have loaded.

_FAULT = 2  # exit code: the configuration, the catalogue or the words are wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    options = _parser().parse_args(arguments)
    if os.getpid() == 1:
        _hear_sigterm()
    try:
        result: int = options.command(options)
    except OperatorError as error:
        print(error.title, *(f"  - {fault}" for fault in error.faults), sep="\n", file=sys.stderr)
        return _FAULT
    except KeyboardInterrupt:
        return 130
    return result


def _hear_sigterm() -> None:
    """Process 1, as in a container, ignores what it has no handler for; one that runs ends in its own way later."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="loket", description="Tells citizens which services work today.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[Namespace], int], words: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=words, description=words)
        sub.set_defaults(command=command)
        return sub

    demo = add("demo", _demo, "the whole system on this machine, without a Telegram account")
    demo.add_argument("--port", type=int, help="of the page; a free one where none is given")
    demo.add_argument("--no-browser", action="store_true", help="do not open the page")
    add("run", _run, "everything in one process")
    add("web", _web, "a process that answers: webhook and public page (PostgreSQL; any number)")
    add("worker", _worker, "a process that sends notices (PostgreSQL; one sends, the others stand by)")
    add("migrate", _migrate, "bring the database up to date (`run` does so itself)")
    add("check", _check, "say what is wrong or unset: configuration, catalogue, token, database, webhook")
    ask = add("ask", _ask, "the answer to a citizen's question")
    ask.add_argument("question", nargs="+")
    add("understand", _understand, "a line of text in, a line of JSON out")
    report = add("report", _report, "a report as after /lapor; its preview without --yes")
    report.add_argument("line", nargs="+")
    report.add_argument("--yes", action="store_true", help="publish it")
    backup = add("backup", _backup, "a copy of the database (SQLite), made while the bot runs")
    backup.add_argument("file", type=Path, metavar="FILE")
    copy = add("copy", _copy, "everything to another, empty database on PostgreSQL")
    copy.add_argument("--to", required=True, metavar="URL")
    _add_staff(add("staff", _staff, "who may report: list, add, remove"))
    return parser


def _add_staff(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="list | add | remove")
    acts.add_parser("list", help="everybody who may report")
    add = acts.add_parser("add", help="somebody may report from now on; or another name, another role")
    remove = acts.add_parser("remove", help="somebody may do nothing from now on")
    for act in (add, remove):
        act.add_argument("id", type=int, metavar="ID", help="the Telegram user id")
    add.add_argument("name", nargs="+", metavar="NAME", help="as colleagues know them")
    add.add_argument("--admin", action="store_true", help="may invite and remove staff, too")
    add.add_argument("--place", help="reports only at this place and below it, as kota_bogor; without it everywhere")


def _settings(*, needs_token: bool = True) -> Settings:
    return Settings.read(environment(Path.cwd()), needs_token=needs_token)


def _await(done: Coroutine[Any, Any, int]) -> int:
    return asyncio.run(done)


def _demo(options: Namespace) -> int:
    from playground.demo import run

    asyncio.run(run(options.port, not options.no_browser))
    return 0


def _run(_: Namespace) -> int:
    return _process("run")


def _web(_: Namespace) -> int:
    return _process("web")


def _worker(_: Namespace) -> int:
    return _process("worker")


def _process(kind: str) -> int:
    from bot.processes import Process
    from bot.runner import run

    with asyncio.Runner(loop_factory=_fast_loop()) as runner:
        return runner.run(run(_settings(), Process(kind)))


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop takes a tenth off a notice; where there is none, on Windows, asyncio's own loop does the same."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _migrate(_: Namespace) -> int:
    from bot.terminal import migrate_database

    return migrate_database(_settings(needs_token=False))


def _check(_: Namespace) -> int:
    from bot.checking import check

    return _await(check(environment(Path.cwd())))


def _ask(options: Namespace) -> int:
    from bot.terminal import ask

    return _await(ask(_settings(needs_token=False), " ".join(options.question)))


def _understand(_: Namespace) -> int:
    from bot.terminal import understand

    return understand(_settings(needs_token=False), sys.stdin)


def _backup(options: Namespace) -> int:
    from bot.terminal import back_up

    return back_up(_settings(needs_token=False), options.file)


def _copy(options: Namespace) -> int:
    from bot.terminal import copy

    return copy(_settings(needs_token=False), options.to)


def _report(options: Namespace) -> int:
    from bot.terminal import report

    return _await(report(_settings(needs_token=False), " ".join(options.line), publish=options.yes))


def _staff(options: Namespace) -> int:
    from bot import staffing

    settings = _settings(needs_token=False)
    if options.act == "list":
        return _await(staffing.list_staff(settings))
    if options.act == "remove":
        return _await(staffing.remove_staff(settings, options.id))
    return _await(
        staffing.add_staff(settings, options.id, " ".join(options.name), admin=options.admin, place=options.place)
    )
