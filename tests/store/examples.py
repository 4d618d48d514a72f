"""Reports, notices and subscriptions as the store's tests use them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from bot.rules.catalogue import State
from bot.rules.notices import Change, Delivery, Notice, NoticeKind, Subscription, Wish
from bot.rules.previews import Preview
from bot.rules.reports import Assertion, Author, Report, ReportKind
from bot.store import Store

WITA = timezone(timedelta(hours=8))
NOW = datetime(2017, 1, 30, 8, 10, tzinfo=WITA)
SITI = Author(901, "Siti")
CUT = Assertion("central_link", "kendari", State.UNAVAILABLE, cause="jaringan pusat putus")
KTP = Change("ktp_cetak", "kendari/kantor", State.UNAVAILABLE, State.AVAILABLE)
KK = Change("kk", "kendari/kantor", State.UNAVAILABLE, State.AVAILABLE)


def after(**passed: float) -> datetime:
    return NOW + timedelta(**passed)


def in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


async def reported(store: Store, *, at: datetime = NOW, preview: str | None = None) -> Report:
    async with store.writing(reporting=True) as session:
        return await session.append_report(at, SITI, ReportKind.ASSERTION, (CUT,), preview=preview)


async def noticed(
    store: Store, *changes: Change, release_at: datetime = NOW, kind: NoticeKind = NoticeKind.RESUMPTION
) -> Notice:
    """A notice of a new report."""
    report = await reported(store)
    async with store.writing() as session:
        return await session.add_notice(Notice(0, report.number, kind, changes or (KTP,), NOW, release_at))


async def subscribed(
    store: Store,
    chat: int,
    step: str = "ktp_cetak",
    place: str = "kendari",
    wish: Wish = Wish.ONCE,
    *,
    since: datetime = NOW,
    outages: bool = False,
    limited_told: bool = False,
) -> Subscription:
    async with store.writing() as session:
        return await session.subscribe(Subscription(0, chat, step, place, wish, since, outages, limited_told))


async def fanned_out(store: Store, *chats: int, due_at: datetime = NOW, release: bool = True) -> Notice:
    """A notice with a delivery for each chat."""
    notice = await noticed(store)
    async with store.writing() as session:
        await session.add_deliveries(notice.id, [(chat, notice.changes) for chat in chats], due_at)
        if release:
            await session.mark_released(notice.id, due_at, len(chats))
    return notice


async def claimed(store: Store, now: datetime = NOW, limit: int = 100) -> tuple[Delivery, ...]:
    async with store.writing() as session:
        return await session.claim(now, limit)


def previewed(name: str = "a1b2", *, chat: int = 901, made_at: datetime = NOW) -> Preview:
    return Preview(name, chat, SITI, made_at, made_at + timedelta(minutes=10), (CUT,), "f00d", "/lapor pusat putus")


async def shelved(store: Store, limit: int = 100) -> int:
    """Move all that is to be moved; how many chunks that took."""
    chunks = 0
    while True:
        async with store.writing() as session:
            found = await session.to_shelve()
            if not found:
                return chunks
            await session.shelve(found[0], limit)
        chunks += 1
