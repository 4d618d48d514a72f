"""The office on the terminal: ask it, let it read, report to it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.clock import system_clock
from bot.config import Settings
from bot.language.answers import answer
from bot.language.answers_places import ask_where
from bot.language.messages import Answer
from bot.language.place_names import PlaceNames, Spoken
from bot.language.questions import Recogniser
from bot.language.texts import MAIN_LANGUAGE, Texts
from bot.language.view import View
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue
from bot.rules.catalogue_reading import read_catalogue
from bot.rules.incidents import incidents
from bot.rules.reports import Author, Report
from bot.rules.standing import board_at
from bot.rules.usual import usual_lengths

if TYPE_CHECKING:  # the database's parts are imported where they are needed: `ask` mostly is not
    from bot.office import Office, Shown

ENGLISH = "en"
_OPERATOR = Author(0, "terminal")
_NO_CHAT = 0
_REFUSED = 2


def understand(settings: Settings, lines: Iterable[str]) -> int:
    """Each line's intent, services, and whether it holds a personal number, as a line of JSON."""
    recogniser = Recogniser(read_catalogue(settings.catalogue))
    for line in lines:
        question = recogniser.recognise(line.rstrip("\n"))
        told = {"intent": question.intent, "services": list(question.services), "private": question.private}
        print(json.dumps(told, ensure_ascii=False), flush=True)
    return 0


async def ask(settings: Settings, text: str) -> int:
    """The answer that a citizen would read."""
    catalogue = read_catalogue(settings.catalogue)
    calendar = OfficeCalendar(catalogue)
    now = system_clock(settings.clock_offset)()
    recogniser = Recogniser(catalogue)
    text, place = _apart(catalogue, recogniser, text)
    question = recogniser.recognise(text)
    reports = await _reports(settings)
    board = board_at(catalogue, calendar, reports, now)
    usual = usual_lengths(catalogue, calendar, incidents(reports, now), now)
    view = View(catalogue, calendar, board, now, place, usual)
    if view.nowhere:
        told = ask_where(view)
    else:
        told = answer(question, board, catalogue, calendar, now, place=place, usual=usual)
    language = ENGLISH if question.english else MAIN_LANGUAGE
    print(Texts.load().plain(told, language, now, catalogue.office.timezone))
    return 0


def _apart(catalogue: Catalogue, recogniser: Recogniser, text: str) -> tuple[str, str | None]:
    """The question, and of many offices the one that it names."""
    spoken = PlaceNames(catalogue, recogniser.knows).spoken(text) if catalogue.tree.many else Spoken(text)
    place = catalogue.tree.office_of(spoken.places[0]) if len(spoken.places) == 1 else None
    return (spoken.rest, place) if place else (text, None)


async def _reports(settings: Settings) -> tuple[Report, ...]:
    """What staff reported; a SQLite database that is not there yet holds nothing, and is not made for a question."""
    if not settings.has_database:
        return ()
    from bot.store import Store

    store = Store(settings.database_url.reveal())
    try:
        await store.open()
        async with store.reading() as session:
            return await session.reports()
    finally:
        await store.close()


def migrate_database(settings: Settings) -> int:
    """Bring the database up to date."""
    from bot.store import migrate

    migrate(settings.database_url.reveal())
    print("The database is up to date.")
    return 0


def back_up(settings: Settings, file: Path) -> int:
    """A copy of the database, made while it is in use."""
    from bot.store.backup import back_up

    size = back_up(settings.database_url.reveal(), file)
    print(f"Backed up to {file}: {size:,} bytes, checked. It holds chat numbers and staff names: keep it safe.")
    return 0


def copy(settings: Settings, target: str) -> int:
    """Everything in another database."""
    from bot.store.copying import CopyError, copy

    if not settings.has_database:
        raise CopyError("there is no database to copy yet")
    now = system_clock(settings.clock_offset)()
    copy(settings.database_url.reveal(), target, now, lambda table, rows: print(f"{table:20} {rows:>12,}", flush=True))
    print("Copied, and compared row by row. Now set DATABASE_URL to it.")
    return 0


async def report(settings: Settings, line: str, *, publish: bool) -> int:
    """A report as after /lapor, recorded as the operator's; without `publish` only its preview.

    What it owes to subscribers is sent by the running bot.
    """
    from bot.language.refusals import RefusedError
    from bot.opening import open_office, opened_store

    texts = Texts.load()
    async with opened_store(settings) as store:
        office = await open_office(settings, store, system_clock(settings.clock_offset))
        zone = office.catalogue.office.timezone

        def show(told: Answer, language: str) -> str:
            return texts.plain(told, language, office.live.clock(), zone)

        try:
            shown = await office.staff.preview_line(_NO_CHAT, _OPERATOR, "lapor", line)
            print(show(_frame(office, shown), ENGLISH))
            print(show(shown.reads, MAIN_LANGUAGE))
            if not publish:
                await office.staff.cancel(shown.preview.id, _OPERATOR)
                print("\nNothing was published. With --yes it is.")
                return 0
            done = await office.staff.publish(shown.preview.id, _OPERATOR)
        except RefusedError as refusal:
            print(show(refusal.answer, ENGLISH), file=sys.stderr)
            return _REFUSED
        print(f"\nPublished as report {done.report.number}.")
    return 0


def _frame(office: Office, shown: Shown) -> Answer:
    """What changes, what still holds, who is told; the buttons' place is the command line."""
    from bot.language.staff_texts import audience_of, preview_head

    view, following = office.citizens.view(), shown.following
    told = preview_head(
        view,
        following.changes,
        audience_of(view, following.told, following.notices, office.staff.sleeping),
        where=[one.place for one in shown.preview.assertions],
        held=shown.held,
        spared=shown.spared,
        shut_on=shown.shut_on,
    )
    return replace(told, zone=shown.reads.zone)
