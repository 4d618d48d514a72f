"""What citizens ask: in words, by command, by button."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.language import answers_groups, answers_talk
from bot.language.answers import answer, tells_how_it_stands, understood
from bot.language.answers_history import HistoryTold, history_of_services
from bot.language.answers_status import steps_named
from bot.language.history_chart import Chart
from bot.language.messages import Answer, paragraphs
from bot.language.questions import Context, Intent, Question, Recogniser
from bot.language.sharing import offered
from bot.language.texts import MAIN_LANGUAGE
from bot.language.unmatched import shape
from bot.language.view import View, in_zone
from bot.metrics import ANSWERS
from bot.office.boards import LiveBoard
from bot.office.counting import Counting
from bot.office.placing import Placed, Placing, waiting
from bot.office.recalling import Kept, Known, Recalling
from bot.office.subscribing import Subscribing
from bot.rules.chats import Aim, ChatNotes, LastQuestion
from bot.rules.lasting import Lasting
from bot.rules.notices import Subscription
from bot.rules.privacy import find_private, mask
from bot.store.store import Store

REMEMBERED = timedelta(minutes=10)  # how long "kalau KK?" goes on from the last question
ENGLISH = "en"
_NO_QUESTION = frozenset({Intent.GREETING, Intent.THANKS, Intent.UNSUBSCRIBE})
_TELLS_STATE = frozenset({Intent.SERVICE_STATUS, Intent.REASON_OR_ETA, Intent.SUBSCRIBE})
_SMALL_TALK = frozenset({Intent.GREETING, Intent.THANKS, Intent.OTHER})  # leaves what was asked before it


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and the language to give it in; with a picture, the same in fewer words, as few fit under one."""

    answer: Answer
    language: str
    chart: Chart | None = None
    shorter: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class InGroup:
    """A question among many: who asks need not be who asked before, and not everybody may decide for all."""

    replied_to: int | None  # the message of the bot that it is a reply to
    may_decide: Callable[[], Awaitable[bool]]


class Asking:
    """The citizens' side of the office."""

    def __init__(
        self, live: LiveBoard, store: Store, recogniser: Recogniser, subscribing: Subscribing, counting: Counting
    ) -> None:
        self._live = live
        self._store = store
        self._recogniser = recogniser
        self._subscribing = subscribing
        self._counting = counting
        self._recalling = Recalling(store, live.clock)
        self._given: Lasting[Answer] = Lasting()
        self.placing = Placing(live, recogniser)

    async def known(self, chat: int) -> Known:
        """What is kept of a chat, as it stands now."""
        return await self._recalling.known(chat)

    async def ask(self, chat: int, text: str, group: InGroup | None = None, known: Known | None = None) -> Reply:
        """A question in a citizen's own words; `group`: where it is one of many; `known`: if it was read."""
        known = known or await self.known(chat)
        previous = _previous(known.notes, self._live.clock(), group)
        placed = self.placing.placed(text, known.notes, previous, in_group=group is not None)
        return await self._done(chat, placed, known, group, text)

    async def command(
        self, chat: int, intent: Intent, line: str = "", *, aim: Aim | None = None, group: InGroup | None = None
    ) -> Reply:
        """What a command asks, about what stands behind it."""
        known = await self.known(chat)
        asked = Question(intent, english=self._in_english(chat, known.notes))
        placed = self.placing.behind(asked, line, known.notes, aim=aim, in_group=chat < 0)
        return await self._done(chat, placed, known, group)

    async def tap(
        self, chat: int, question: Question, place: str | None = None, *, aim: Aim | None = None, anew: bool = True
    ) -> Reply:
        """What a button or a link asks; `anew`: it is a question of its own, not what follows from the one before."""
        known = await self.known(chat)
        question = replace(question, english=self._in_english(chat, known.notes))
        placed = self.placing.at(question, place, known.notes, aim=aim, in_group=chat < 0)
        return await self._done(chat, placed, known, anew=anew)

    async def services(self, chat: int, ids: Sequence[str], place: str | None = None) -> Reply:
        """How services or steps stand, by their ids."""
        return await self.tap(chat, Question(Intent.SERVICE_STATUS, tuple(ids)), place)

    async def settle(self, chat: int, word: str, group: InGroup | None = None) -> Reply:
        """A tap said where; what was asked before is answered for there, and kept where nothing was."""
        known = await self.known(chat)
        question, aim = waiting(_last(known.notes, self._live.clock()))
        if self.placing.office(word) is None:
            return Reply(self.placing.page(word, 0), _language(question, known.notes))
        placed = self.placing.at(question, word, known.notes, aim=aim)
        return await self._done(chat, placed, known, group)

    async def unsettle(self, chat: int) -> Reply:
        """Another place is wanted: the one that was kept is forgotten, and asked for anew."""
        known = await self.known(chat)
        changed = self.placing.changed(english=self._in_english(chat, known.notes), in_group=chat < 0)
        return await self._done(chat, changed, known)

    async def _done(
        self,
        chat: int,
        placed: Placed,
        known: Known,
        group: InGroup | None = None,
        text: str = "",
        *,
        anew: bool = True,
    ) -> Reply:
        """Everything that is asked or wanted comes through here, once its place was looked for."""
        question, now = placed.question, self._live.clock()
        language = _language(question, known.notes)
        if group and _is_for_all(placed, known.notes) and not await group.may_decide():
            return Reply(Answer((answers_groups.admins_only(),)), language)
        if placed.asks:
            return Reply(await self._asks_where(chat, placed, placed.asks), language)
        acted = await self._acted(chat, placed)
        history = self._history(placed) if placed.aim is Aim.HISTORY else None
        if history:
            told = history.captions
        else:
            told = (self._warned(acted, question) if acted else self._asked(chat, placed, known, now),)
        if question.intent is not Intent.UNSUBSCRIBE:
            await self._remember(chat, text, placed, known.notes, now, fulfilled=acted is not None)
        _counted(question.intent)
        if anew:
            self._tally(chat, placed)
        first, *shorter = (self._dressed(one, placed) for one in told)
        return Reply(first, language, history.chart if history else None, tuple(shorter))

    def _asked(self, chat: int, placed: Placed, known: Known, now: datetime) -> Answer:
        """What is only asked; a group that waits is not who asks, and nobody subscribes it by a question."""
        in_group = chat < 0
        notes = replace(known.notes, place=placed.place)
        told = self._answered(placed.question, notes, () if in_group else known.own, now)
        for_oneself = in_group and placed.question.intent is Intent.SUBSCRIBE
        return answers_groups.kabari_for_oneself(told) if for_oneself else told

    def _dressed(self, told: Answer, placed: Placed) -> Answer:
        """With its place and its time zone, where there is more than one."""
        return self._clocked(self.placing.told(told, placed), placed.place)

    def _warned(self, told: Answer, question: Question) -> Answer:
        return paragraphs(answers_talk.private_warning(self.view()), told) if question.private else told

    def _in_english(self, chat: int, notes: ChatNotes) -> bool:
        """Whether a tap or a command follows a question in English; in a group anybody's may have been the last."""
        last = _last(notes, self._live.clock()) if chat > 0 else None
        return last is not None and last.english

    async def _asks_where(self, chat: int, placed: Placed, asks: Answer) -> Answer:
        """The question waits until its place is known."""
        async with self._store.writing() as session:
            if placed.leaves:
                await session.remember_place(chat, None)
            await session.remember_questions([_as_last(chat, placed, self._live.clock())])
        return self._warned(asks, placed.question)

    def _tally(self, chat: int, placed: Placed) -> None:
        """Count it, by service, where it was a question; and that somebody need not set out."""
        question = placed.question
        if question.intent in _NO_QUESTION:
            return
        self._counting.asked(question.services, understood=understood(question))
        if question.intent in _TELLS_STATE and placed.aim is None:
            there = self.placing.office(placed.place) if self.placing.many else None
            self._counting.told(chat, steps_named(self._live.catalogue, question.services), there)

    def _answered(self, question: Question, notes: ChatNotes, own: Sequence[Subscription], now: datetime) -> Answer:
        """In a rush many ask the same within a minute: it is put together once, and is the very same object."""
        waits = self.placing.waits(own, notes.place)
        key = question, notes.place, waits, notes.missed
        return self._given.of(self._live.stamp(now), key, lambda: self._decided(question, notes, waits, now))

    def _decided(self, question: Question, notes: ChatNotes, waits: frozenset[str], now: datetime) -> Answer:
        live = self._live
        told = answer(
            question,
            live.at(now),
            live.catalogue,
            live.calendar,
            now,
            place=notes.place,
            subscribed=waits,
            missed=notes.missed,
            usual=live.past.usual(now),
        )
        there = self.placing.tapped(notes.place)
        return offered(told, question.services, there) if tells_how_it_stands(question) else told

    async def _remember(
        self, chat: int, text: str, placed: Placed, notes: ChatNotes, now: datetime, *, fulfilled: bool
    ) -> None:
        """The last question, without its words; what was not understood is only counted, by its shape."""
        question = placed.question
        missed = 0 if understood(question) else notes.missed + 1
        last = _as_last(chat, placed, now, missed)
        if fulfilled:  # a wish is not wished again by another place
            last = replace(last, intent=Intent.SERVICE_STATUS, aim=None)
        elif question.intent in _SMALL_TALK and _last(notes, now) and notes.asked_at:
            before = notes.intent, notes.services, notes.asked_at
            last = LastQuestion(chat, *before, missed, notes.aim, notes.asked_in)
        told = shape(mask(text), named=bool(question.services)) if missed else None
        unmatched = (self._live.calendar.today(now), told) if told is not None else None
        place = self.placing.office(placed.place) if placed.keep else None
        await self._recalling.keep(Kept(last, place, unmatched))

    async def _acted(self, chat: int, placed: Placed) -> Answer | None:
        """What the words ask to be done: begin, end, forget; None where they only ask."""
        question = placed.question
        if question.intent is Intent.UNSUBSCRIBE:
            if any("data" in phrase.split() for phrase in question.evidence):
                return await self.forget(chat)
            return await self._subscribing.end(chat, question.services, placed.said)
        if question.intent is not Intent.SUBSCRIBE or not question.services:
            return None
        if placed.aim is Aim.ALWAYS:
            return await self._subscribing.always(chat, question.services, placed.place)
        return None if chat < 0 else await self._subscribing.once(chat, question.services, placed.place)

    def _history(self, placed: Placed) -> HistoryTold:
        """The last 90 days there."""
        view, question = self.view(placed.place), placed.question
        past = self._live.past.history(view.now, self.placing.office(view.place))
        told = history_of_services(view, past, question.services)
        return replace(told, captions=tuple(self._warned(one, question) for one in told.captions))

    async def answered_by(self, group: int, message: int) -> None:
        """Which message answered the group's last question: a reply to it goes on from there."""
        async with self._store.writing() as session:
            await session.remember_answer(group, message)

    def view(self, place: str | None = None) -> View:
        """The office as it stands now."""
        return self._live.view(place)

    async def reply(self, chat: int, told: Answer, line: str = "") -> Reply:
        """An answer to what has no place, in the chat's language; `line`: what may hold a personal number."""
        async with self._store.reading() as session:
            notes = await session.chat_notes(chat)
        warning = (answers_talk.private_warning(self.view()),) if find_private(line) else ()
        language = notes.language or (ENGLISH if self._in_english(chat, notes) else MAIN_LANGUAGE)
        return Reply(self._clocked(paragraphs(*warning, told), notes.place), language)

    def _clocked(self, told: Answer, place: str | None) -> Answer:
        """An answer with its time zone; where it speaks of no place, that of the one that the chat keeps."""
        catalogue = self._live.catalogue
        return in_zone(told, catalogue, catalogue.place_of(place)) if catalogue.zones.many else told

    def named(self, text: str) -> tuple[str, ...]:
        """The services that an argument of a command names."""
        return self._recogniser.recognise(text).services

    async def choose_language(self, chat: int, language: str) -> None:
        async with self._store.writing() as session:
            await session.remember_language(chat, language)

    async def forget(self, chat: int) -> Answer:
        """Nothing of this chat is kept, at once."""
        self._counting.forget(chat)
        async with self._store.writing() as session:
            await session.forget_chat(chat)
        return answers_talk.forgotten()


def _language(question: Question, notes: ChatNotes) -> str:
    """The one that was chosen; else that of the question, which is not kept for longer."""
    return notes.language or (ENGLISH if question.english else MAIN_LANGUAGE)


def _counted(intent: Intent) -> None:
    ANSWERS.labels(intent.value).inc()


def _previous(notes: ChatNotes, now: datetime, group: InGroup | None) -> Context | None:
    """What is gone on from; in a group only by a reply to its answer, as anybody may ask next."""
    if group and (group.replied_to is None or group.replied_to != notes.answered):
        return None
    return _last(notes, now)


def _last(notes: ChatNotes, now: datetime) -> Context | None:
    """What the chat asked last, as long as that is remembered."""
    if notes.intent is None or notes.asked_at is None or now - notes.asked_at > REMEMBERED:
        return None
    return Context(Intent(notes.intent), notes.services, notes.aim, notes.asked_in == ENGLISH)


def _as_last(chat: int, placed: Placed, now: datetime, missed: int = 0) -> LastQuestion:
    """What is kept of a question, for what follows it."""
    question = placed.question
    language = ENGLISH if question.english else None
    return LastQuestion(chat, question.intent, question.services, now, missed, placed.aim, language)


def _is_for_all(placed: Placed, notes: ChatNotes) -> bool:
    """Whether it changes something for the whole chat: what it waits for, or the place that it keeps."""
    ends = placed.question.intent is Intent.UNSUBSCRIBE
    return ends or placed.aim is Aim.ALWAYS or (placed.leaves and notes.place is not None)
