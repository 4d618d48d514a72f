"""Reports that staff are putting together: a row for each message, so that a restart loses none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select, update
from sqlalchemy.dialects import postgresql

from bot.rules.catalogue import State
from bot.rules.drafts import WAITING, Draft, Entry, Offer, OfferKind, Screen
from bot.rules.reports import Author
from bot.store.among import among
from bot.store.rows import assertion_from_json, assertions_to_json, preview_from
from bot.store.tables import drafts, previews
from bot.store.verbs import Verbs


class Drafts(Verbs):
    """What staff tap together."""

    async def start_draft(self, draft: Draft) -> None:
        """A new one on its message; what stood there is over."""
        added = postgresql.insert(drafts).values(_row(draft))
        kept = {name: added.excluded[name] for name in _row(draft)}
        await self._connection.execute(added.on_conflict_do_update(index_elements=["chat", "message"], set_=kept))

    async def draft(self, chat: int, message: int) -> Draft | None:
        return await self._one(select(drafts).where(_on(chat, message)))

    async def waiting_drafts(self, chats: Collection[int], since: datetime) -> Mapping[int, Draft]:
        """The latest in each of these chats that waits for words."""
        waits = drafts.c.screen.in_(WAITING)
        found = select(drafts).where(among(drafts.c.chat, chats), waits, drafts.c.at > since).order_by(drafts.c.at)
        return {row.chat: _draft_from(row) for row in await self._connection.execute(found)}

    async def turn_draft(self, draft: Draft, at: datetime) -> Draft | None:
        """Keep its next turn; None where another tap was quicker."""
        turned = replace(draft, turn=draft.turn + 1, at=at)
        result = await self._connection.execute(
            update(drafts)
            .where(_on(draft.chat, draft.message), drafts.c.turn == draft.turn, drafts.c.by_id == draft.by.id)
            .values(_row(turned))
        )
        return turned if result.rowcount == 1 else None

    async def decided_preview(self, chat: int, message: int) -> str | None:
        """Why the latest preview on a message is closed; None where it is open, or where there is none."""
        latest = (
            select(previews)
            .where(previews.c.chat == chat, previews.c.message == message)
            .order_by(previews.c.made_at.desc())
        )
        row = (await self._connection.execute(latest.limit(1))).one_or_none()
        return None if row is None else preview_from(row).closed

    async def close_previews_on(self, chat: int, message: int, why: str) -> None:
        """No earlier preview on a message can be published any more."""
        on = (previews.c.chat == chat, previews.c.message == message, previews.c.closed.is_(None))
        await self._connection.execute(update(previews).where(*on).values(closed=why))

    async def _one(self, statement: Select[Any]) -> Draft | None:
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None else _draft_from(row)


def _on(chat: int, message: int) -> ColumnElement[bool]:
    return and_(drafts.c.chat == chat, drafts.c.message == message)


def _row(draft: Draft) -> dict[str, Any]:
    return {
        "chat": draft.chat,
        "message": draft.message,
        "by_id": draft.by.id,
        "by_name": draft.by.name,
        "at": draft.at,
        "turn": draft.turn,
        "screen": draft.screen,
        "entry": _entry_to_json(draft.entry),
        "offers": [[offer.kind.value, _entry_to_json(offer.entry)] for offer in draft.offers],
        "service": draft.service,
        "month": draft.month,
    }


def _draft_from(row: Row[Any]) -> Draft:
    return Draft(
        chat=row.chat,
        message=row.message,
        by=Author(row.by_id, row.by_name),
        at=row.at,
        turn=row.turn,
        screen=row.screen,
        entry=_entry_from_json(row.entry),
        offers=tuple(Offer(OfferKind(kind), _entry_from_json(entry)) for kind, entry in row.offers),
        service=row.service,
        month=row.month,
    )


def _entry_to_json(entry: Entry) -> dict[str, Any]:
    return {
        "targets": list(entry.targets),
        "place": entry.place,
        "state": entry.state,
        "spares": None if entry.spares is None else sorted(entry.spares),
        "cause": entry.cause,
        "until": entry.until and entry.until.isoformat(),
        "unsure": entry.unsure,
        "answered": sorted(entry.answered),
        "ready": assertions_to_json(entry.ready),
    }


def _entry_from_json(data: dict[str, Any]) -> Entry:
    return Entry(
        targets=tuple(data["targets"]),
        place=data["place"],
        state=data["state"] and State(data["state"]),
        spares=None if data["spares"] is None else frozenset(data["spares"]),
        cause=data["cause"],
        until=data["until"] and date.fromisoformat(data["until"]),
        unsure=data["unsure"],
        answered=frozenset(map(Screen, data["answered"])),
        ready=tuple(map(assertion_from_json, data["ready"])),
    )
