"""Days that differ, as staff scheduled them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.rules.catalogue import CalendarException, Opening
from bot.rules.reports import Author
from bot.rules.schedule import SpecialDays
from bot.store.tables import special_days
from bot.store.verbs import Verbs


class Schedule(Verbs):
    """Entries in force; one that was removed stays, with who did it."""

    async def special_days(self) -> tuple[SpecialDays, ...]:
        """Those that were not removed, the oldest first."""
        rows = await self._connection.execute(
            select(special_days).where(special_days.c.removed_at.is_(None)).order_by(special_days.c.id)
        )
        return tuple(_entry(row) for row in rows)

    async def add_special_days(self, entry: SpecialDays, preview: str | None = None) -> bool:
        """Enter it; false where the same preview entered it before."""
        added = (
            insert(special_days)
            .values(
                exceptions=[_to_json(one) for one in entry.exceptions],
                by_id=entry.by.id,
                by_name=entry.by.name,
                at=entry.at,
                preview=preview,
            )
            .on_conflict_do_nothing(index_elements=["preview"])
        )
        return (await self._connection.execute(added.returning(special_days.c.id))).first() is not None

    async def remove_special_days(self, number: int, by: Author, at: datetime) -> bool:
        """Take it out; false where it is not there any more."""
        removed = (
            update(special_days)
            .where(special_days.c.id == number, special_days.c.removed_at.is_(None))
            .values(removed_at=at, removed_by_id=by.id, removed_by_name=by.name)
        )
        return (await self._connection.execute(removed)).rowcount == 1


def _entry(row: Row[Any]) -> SpecialDays:
    exceptions = tuple(_from_json(data) for data in row.exceptions)
    return SpecialDays(row.id, exceptions, Author(row.by_id, row.by_name), row.at)


def _to_json(one: CalendarException) -> dict[str, Any]:
    return {
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "openings": [[opening.start.isoformat(), opening.end.isoformat()] for opening in one.openings],
        "reason": dict(one.reason),
        "place": one.place,
        "weekdays": None if one.weekdays is None else list(one.weekdays),
    }


def _from_json(data: Mapping[str, Any]) -> CalendarException:
    weekdays = data["weekdays"]
    return CalendarException(
        first=date.fromisoformat(data["first"]),
        last=date.fromisoformat(data["last"]),
        openings=_openings(data["openings"]),
        reason=data["reason"],
        place=data["place"],
        weekdays=None if weekdays is None else tuple(weekdays),
    )


def _openings(data: Iterable[tuple[str, str]]) -> tuple[Opening, ...]:
    return tuple(Opening(time.fromisoformat(start), time.fromisoformat(end)) for start, end in data)
