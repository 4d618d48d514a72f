"""What staff do by taps: a report is put together on one message, each turn of it kept in the store."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.language import wizard_texts
from bot.language.messages import Answer, Message, say
from bot.language.refusals import RefusedError
from bot.language.report_line import cause_of
from bot.language.report_lines import understood
from bot.language.view import View
from bot.office.boards import LiveBoard
from bot.office.reporting import CANCELLED, CHANGED, PUBLISHED, Reporting, Shown
from bot.office.roster import Roster
from bot.rules.catalogue import Catalogue
from bot.rules.draft_taps import NoSuchTapError, tapped
from bot.rules.drafts import (
    DRAFT_LASTS,
    WORDS_AWAITED,
    Draft,
    Screen,
    asked_again,
    assertions,
    estimate,
    shut_day,
    with_cause,
    with_report,
)
from bot.rules.offers import offers, returns
from bot.rules.reports import Author
from bot.store.store import Store

IDLE = "-"  # a cell of the calendar that does nothing
_RENEWABLE = ("staff.expired", "staff.conflict")  # a new preview helps


@dataclass(frozen=True, slots=True)
class Turned:
    """What a message shows from now on; nothing new where neither is there."""

    answer: Answer | None = None
    shown: Shown | None = None  # the preview
    word: Message | None = None  # beside the tap


class Drafting:
    """The report by taps."""

    def __init__(self, live: LiveBoard, store: Store, reporting: Reporting, roster: Roster) -> None:
        self._live = live
        self._store = store
        self._reporting = reporting
        self._roster = roster

    async def begin(self, chat: int, by: Author, screen: Screen = Screen.HOME) -> tuple[Draft, Answer]:
        """The first screen, for a message that is not sent yet."""
        await self._live.refresh()
        draft = await self._fresh(Draft(chat, 0, by, self._live.clock(), screen))
        return draft, await self._screen(draft)

    async def keep(self, draft: Draft, message: int) -> None:
        """It stands on this message; from now on its buttons act."""
        async with self._store.writing() as session:
            await session.start_draft(replace(draft, message=message))

    async def tap(self, chat: int, message: int, by: Author, turn: str, verb: str, arg: str) -> Turned:
        """One button; of an earlier turn it does nothing, and what stands is shown again."""
        draft = await self._mine(chat, message, by)
        if draft is None:
            return Turned(word=say("wizard.gone"))
        if verb == IDLE:
            return Turned()
        if draft.at + DRAFT_LASTS <= self._live.clock():
            fresh = await self._turn(replace(draft, screen=Screen.HOME))
            return await self._show(fresh, word=say("wizard.started_again")) if fresh else Turned()
        if turn != str(draft.turn):
            return await self._stale(draft)
        await self._live.refresh()
        try:
            turned = await self._turn(await self._tapped(draft, verb, arg))
        except NoSuchTapError:
            return await self._stale(draft)
        return await self._show(turned) if turned else Turned(word=say("wizard.stale"))

    async def words(self, chat: int, by: Author, text: str) -> tuple[int, Turned] | None:
        """What staff write where a draft waits for it, and the message that shows it; None where none waits."""
        async with self._store.reading() as session:
            draft = (await session.waiting_drafts([chat], self._live.clock() - WORDS_AWAITED)).get(chat)
        if draft is None or draft.by.id != by.id or not await self._roster.may_report(by.id):
            return None
        await self._live.refresh()
        try:
            turned = await self._turn(await self._taken(draft, text))
        except RefusedError as refusal:
            return draft.message, Turned(await self._screen(draft, *refusal.answer.lines))
        return draft.message, await self._show(turned) if turned else Turned()

    async def change(self, chat: int, message: int, by: Author) -> Turned | None:
        """`Ubah` under a preview: what was chosen, to be changed; None where it was not put together by taps."""
        draft = await self._mine(chat, message, by)
        if draft is None:
            return None
        if draft.screen is not Screen.PREVIEW or await self._decided(draft):
            return await self._stale(draft)
        turned = await self._turn(replace(draft, screen=Screen.REVIEW))
        return await self._show(turned) if turned else Turned(word=say("wizard.stale"))

    async def refused(self, chat: int, message: int, by: Author, refusal: RefusedError) -> Answer:
        """Why a preview cannot be published, with the way on where it was put together by taps."""
        draft = await self._mine(chat, message, by)
        if draft is None or refusal.reason not in _RENEWABLE:
            return refusal.answer
        if draft.screen is Screen.PREVIEW:
            return wizard_texts.again(await self._view(draft), draft, refusal.answer)
        return await self._screen(draft, *refusal.answer.lines)

    async def _mine(self, chat: int, message: int, by: Author) -> Draft | None:
        """The draft on a message, by who began it, as long as it is open."""
        async with self._store.reading() as session:
            draft = await session.draft(chat, message)
        open_ = draft is not None and draft.by.id == by.id and draft.screen is not Screen.DONE
        return draft if open_ else None

    async def _turn(self, draft: Draft) -> Draft | None:
        """Keep the next turn, and close what could be published before it; None where another tap was quicker."""
        if draft.screen is Screen.HOME:
            draft = await self._fresh(draft)
        async with self._store.writing() as session:
            turned = await session.turn_draft(draft, self._live.clock())
            if turned:
                why = CANCELLED if turned.screen is Screen.DONE else CHANGED
                await session.close_previews_on(turned.chat, turned.message, why)
        return turned

    async def _fresh(self, draft: Draft) -> Draft:
        """With what is likely now, and nothing chosen."""
        now, view = self._live.clock(), await self._view(draft)
        catalogue, board = view.catalogue, view.board
        back = draft.screen is Screen.RETURNS
        likely = returns(catalogue, board) if back else offers(catalogue, board, self._live.reports)
        return Draft(draft.chat, draft.message, draft.by, now, draft.screen, draft.turn, offers=likely)

    async def _tapped(self, draft: Draft, verb: str, arg: str) -> Draft:
        view = await self._view(draft)
        return self._in_time(view.catalogue, tapped(view.catalogue, view.board, draft, verb, arg))

    async def _taken(self, draft: Draft, text: str) -> Draft:
        """The draft with the words that it waited for; raises RefusedError."""
        desks, home = self._roster.desks, await self._roster.home(draft.by.id)
        if draft.screen is Screen.CAUSE_WORDS:
            catalogue = desks.catalogue(home)
            return self._in_time(catalogue, with_cause(catalogue, draft, cause_of(text)))
        now, lines = self._live.clock(), desks.lines(home)
        said = understood(lines, "lapor", text, self._live.at(now), now)
        return with_report(draft, said.assertions)

    def _in_time(self, catalogue: Catalogue, draft: Draft) -> Draft:
        """The day of the estimate may be over by now: then it is asked again."""
        until = estimate(catalogue, self._live.calendar, draft.entry)
        over = until and until.until and until.until.at <= self._live.clock()
        return asked_again(draft) if over and draft.screen is Screen.PREVIEW else draft

    async def _stale(self, draft: Draft) -> Turned:
        """The screen that stands, once more: what was tapped is of an earlier one. What was decided stays so."""
        if await self._decided(draft):
            return Turned(word=say("wizard.gone"))
        return await self._show(draft, word=say("wizard.stale"))

    async def _decided(self, draft: Draft) -> bool:
        """Whether its preview was published or cancelled."""
        if draft.screen is not Screen.PREVIEW:
            return False
        async with self._store.reading() as session:
            return await session.decided_preview(draft.chat, draft.message) in (PUBLISHED, CANCELLED)

    async def _show(self, draft: Draft, word: Message | None = None) -> Turned:
        if draft.screen is not Screen.PREVIEW:
            return Turned(await self._screen(draft), word=word)
        catalogue = self._roster.desks.catalogue(await self._roster.home(draft.by.id))
        said = assertions(catalogue, self._live.calendar, draft.entry)
        shown = await self._reporting.preview(draft.chat, draft.by, said, "/lapor")
        async with self._store.writing() as session:
            await session.close_previews_on(draft.chat, draft.message, CHANGED)
            await session.set_preview_message(shown.preview.id, draft.message)
        shut_on = shut_day(catalogue, self._live.calendar, said)
        return Turned(shown=replace(shown, shut_on=shut_on), word=word)

    async def _screen(self, draft: Draft, *notes: Message) -> Answer:
        return wizard_texts.screen(await self._view(draft), draft, *notes)

    async def _view(self, draft: Draft) -> View:
        """The office as who reports sees it."""
        return await self._roster.view(draft.by.id)
