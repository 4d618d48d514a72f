"""Stands for the store where ten thousand taps must take seconds: what drafts, previews and reports need of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.rules.chats import ChatNotes
from bot.rules.drafts import WAITING, Draft
from bot.rules.previews import Preview
from bot.rules.reports import Assertion, Author, Report, ReportKind
from bot.store.errors import AlreadyPublished


@dataclass
class Memory:
    """One session for ever; nobody subscribes."""

    drafts: dict[tuple[int, int], Draft] = field(default_factory=dict)
    previews: dict[str, Preview] = field(default_factory=dict)
    said: list[Report] = field(default_factory=list)
    published: dict[str, Report] = field(default_factory=dict)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Memory]:
        yield self

    @asynccontextmanager
    async def writing(self, *, reporting: bool = False) -> AsyncIterator[Memory]:
        yield self

    async def start_draft(self, draft: Draft) -> None:
        self.drafts[draft.chat, draft.message] = draft

    async def draft(self, chat: int, message: int) -> Draft | None:
        return self.drafts.get((chat, message))

    async def waiting_drafts(self, chats: Collection[int], since: datetime) -> Mapping[int, Draft]:
        waiting = [one for one in self.drafts.values() if one.screen in WAITING and one.at > since]
        return {one.chat: one for one in sorted(waiting, key=lambda one: one.at)}

    async def turn_draft(self, draft: Draft, at: datetime) -> Draft:
        turned = replace(draft, turn=draft.turn + 1, at=at)
        await self.start_draft(turned)
        return turned

    async def save_preview(self, preview: Preview) -> None:
        self.previews[preview.id] = preview

    async def preview(self, preview_id: str) -> Preview | None:
        return self.previews.get(preview_id)

    async def set_preview_message(self, preview_id: str, message: int) -> None:
        self.previews[preview_id] = replace(self.previews[preview_id], message=message)

    async def close_preview(self, preview_id: str, why: str) -> None:
        self.previews[preview_id] = replace(self.previews[preview_id], closed=why)

    async def close_previews_on(self, chat: int, message: int, why: str) -> None:
        for one in [one for one in self.previews.values() if one.message == message and one.closed is None]:
            await self.close_preview(one.id, why)

    async def decided_preview(self, chat: int, message: int) -> str | None:
        return next((one.closed for one in reversed(self.previews.values()) if one.message == message), None)

    async def append_report(
        self, at: datetime, by: Author, kind: ReportKind, assertions: Collection[Assertion], preview: str
    ) -> Report:
        if preview in self.published:
            raise AlreadyPublished(self.published[preview])
        report = Report(len(self.said) + 1, at, by, kind, tuple(assertions))
        self.said.append(report)
        self.published[preview] = report
        return report

    async def report(self, number: int) -> Report:
        return self.said[number - 1]

    async def reports(self, after: int = 0) -> tuple[Report, ...]:
        return tuple(self.said[after:])

    async def known_as(self, by: Author) -> Author:
        return by

    async def chat_notes(self, chat: int) -> ChatNotes:
        return ChatNotes()

    async def notes_of_chats(self, chats: Collection[int]) -> Mapping[int, ChatNotes]:
        return {}

    async def count_chats_owed(self, *_: object) -> int:
        return 0

    def __getattr__(self, verb: str) -> Callable[..., Awaitable[tuple[()]]]:
        """Of all else there is nothing."""
        return _nothing


async def _nothing(*_: object, **__: object) -> tuple[()]:
    return ()
