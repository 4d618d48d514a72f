"""The audit: who did what, what it changed, who was refused."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterable
from datetime import timedelta

from bot.language import audit_texts
from bot.language.audit_texts import Row
from bot.language.messages import Answer, Value, say
from bot.language.texts import MAIN_LANGUAGE, Texts
from bot.office.boards import LiveBoard
from bot.office.roster import Roster
from bot.rules.audit import Effects, Entry, effects, effects_at, newest_first, of_place
from bot.rules.staff import may_speak_of
from bot.store.store import Store

_KEPT = timedelta(days=2 * 365)
_MOST_ROWS = 20_000  # as much as an office's spreadsheet opens without complaint
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


class Auditing:
    """The audit of this office."""

    def __init__(self, live: LiveBoard, store: Store, roster: Roster) -> None:
        self._live, self._store, self._roster = live, store, roster

    async def page(self, user: int, skipped: int = 0) -> Answer:
        """A few entries, the newest first: to whom has a place, those of it."""
        entries, followed, names = await self._entries(user)
        view = self._live.view()
        return view.clocked(audit_texts.page(view, entries, followed, names, skipped))

    async def file(self, texts: Texts, user: int) -> tuple[bytes, int]:
        """All of it as a CSV file that a spreadsheet opens, and how many rows that is."""
        entries, followed, names = await self._entries(user)
        entries = entries[:_MOST_ROWS]

        def write() -> bytes:
            rows = audit_texts.rows(self._live.view(), entries, followed, names)
            return _csv(texts, rows, self._live)

        return await asyncio.to_thread(write), len(entries)

    async def _entries(self, user: int) -> tuple[tuple[Entry, ...], Effects, dict[int, str]]:
        await self._live.refresh()
        earliest = self._live.clock() - _KEPT
        reports = self._live.reports
        async with self._store.reading() as session:
            deeds, refused = await session.deeds(), await session.refusals(earliest)
        members, home = await self._roster.members(), await self._roster.home(user)
        names = {member.id: member.name for member in members}
        followed = await asyncio.to_thread(effects, self._live.catalogue, reports)
        entries = newest_first((one for one in reports if one.at >= earliest), deeds, refused)
        if home is None:
            return entries, followed, names
        colleagues = {member.id for member in members if may_speak_of(home, (member.place or "",))}
        return tuple(of_place(home, entries, reports, colleagues)), effects_at(home, followed), names


def _csv(texts: Texts, rows: Iterable[Row], live: LiveBoard) -> bytes:
    """With a BOM and semicolons: so an Indonesian Excel shows letters as letters and columns as columns."""
    now, zone = live.clock(), live.catalogue.office.timezone

    def words(value: Value) -> str:
        return _harmless(texts.plain(say("audit.cell", value=value), MAIN_LANGUAGE, now, zone))

    written = io.StringIO()
    writer = csv.writer(written, delimiter=";")
    writer.writerow([texts.text(f"audit.column.{name}", MAIN_LANGUAGE) for name in audit_texts.COLUMNS])
    for row in rows:
        at = row.entry.at.astimezone(zone)
        said = (row.by, row.number, row.what, row.was, row.now, row.note)
        writer.writerow([f"{at:%Y-%m-%d %H:%M:%S}", *(one if isinstance(one, int) else words(one) for one in said)])
    return written.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """No cell is taken for a formula, whatever somebody typed as a cause or a name."""
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) or cell.startswith(("\t", "\r", "\n")) else cell
