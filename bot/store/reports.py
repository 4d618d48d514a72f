"""Reports, appended and never changed, and the previews that become reports."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, insert, select, update

from bot.rules.previews import Preview
from bot.rules.reports import Assertion, Author, Report, ReportKind
from bot.store.errors import AlreadyPublished
from bot.store.rows import assertions_to_json, preview_from, report_from
from bot.store.tables import previews, reports
from bot.store.verbs import Verbs


class Reports(Verbs):
    """What staff asserted."""

    async def newest_report(self) -> int:
        """The number of the newest report, 0 where there is none."""
        return (await self._connection.execute(select(func.max(reports.c.number)))).scalar_one() or 0

    async def reports(self, after: int = 0) -> tuple[Report, ...]:
        """All reports with a number above `after`, in order."""
        rows = await self._connection.execute(
            select(reports).where(reports.c.number > after).order_by(reports.c.number)
        )
        return tuple(report_from(row) for row in rows)

    async def report(self, number: int) -> Report | None:
        row = (await self._connection.execute(select(reports).where(reports.c.number == number))).one_or_none()
        return None if row is None else report_from(row)

    async def append_report(
        self,
        at: datetime,
        by: Author,
        kind: ReportKind,
        assertions: Collection[Assertion] = (),
        retracts: int | None = None,
        preview: str | None = None,
        place: str | None = None,
    ) -> Report:
        """Add a report under the next number; raises AlreadyPublished where `preview` became one before.

        What is read before and must still hold (the board, the version) is read in `Store.writing(reporting=True)`.
        """
        await self.lock_reports()
        if preview is not None:
            await self._refuse_repeat(preview)
        report = Report(await self.newest_report() + 1, at, by, kind, tuple(assertions), retracts, place)
        await self._connection.execute(
            insert(reports).values(
                number=report.number,
                at=at,
                by_id=by.id,
                by_name=by.name,
                kind=kind,
                assertions=assertions_to_json(report.assertions),
                retracts=retracts,
                preview=preview,
                place=place,
            )
        )
        return report

    async def _refuse_repeat(self, preview: str) -> None:
        row = (await self._connection.execute(select(reports).where(reports.c.preview == preview))).one_or_none()
        if row is not None:
            raise AlreadyPublished(report_from(row))

    async def save_preview(self, preview: Preview) -> None:
        await self._connection.execute(
            insert(previews).values(
                id=preview.id,
                chat=preview.chat,
                by_id=preview.by.id,
                by_name=preview.by.name,
                made_at=preview.made_at,
                expires_at=preview.expires_at,
                assertions=assertions_to_json(preview.assertions),
                fingerprint=preview.fingerprint,
                command=preview.command,
                message=preview.message,
                closed=preview.closed,
            )
        )

    async def preview(self, preview_id: str) -> Preview | None:
        row = (await self._connection.execute(select(previews).where(previews.c.id == preview_id))).one_or_none()
        return None if row is None else preview_from(row)

    async def set_preview_message(self, preview_id: str, message: int) -> None:
        await self._connection.execute(update(previews).where(previews.c.id == preview_id).values(message=message))

    async def close_preview(self, preview_id: str, why: str) -> bool:
        """Close it, once: false where it was closed before or is not there. The first word stays."""
        result = await self._connection.execute(
            update(previews).where(previews.c.id == preview_id, previews.c.closed.is_(None)).values(closed=why)
        )
        return result.rowcount == 1
