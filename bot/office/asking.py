"""What citizens ask: in words, by command, by button."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.language import answers_board, answers_groups, answers_office, answers_talk
from bot.language.answers import answer, tells_how_it_stands, understood
from bot.language.answers_history import HistoryTold, history_of_services
from bot.language.answers_places import at_place
from bot.language.answers_status import status, steps_named
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
from bot.rules.chats import ChatNotes, LastQuestion
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
    """An answer, and the language to give it in."""

    answer: Answer
    language: str


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
        self.placing = Placing(live, store, recogniser)

    async def known(self, chat: int) -> Known:
        """What is kept of a chat, as it stands now."""
        return await self._recalling.known(chat)

    async def ask(self, chat: int, text: str, group: InGroup | None = None, known: Known | None = None) -> Reply:
        """A question in a citizen's own words; `group`: where it is one of many; `known`: if it was read."""
        now = self._live.clock()
        known = known or await self.known(chat)
        notes, own = known.notes, known.own
        placed = self.placing.placed(text, notes, _previous(notes, now, group), in_group=group is not None)
        question, notes = placed.question, replace(notes, place=placed.place)
        if placed.asks:
            return await self._asks_where(chat, placed, notes, now)
        acted = await self._acted(chat, question, notes.place, group)
        told = self._answered(question, notes, () if group else own, now) if acted is None else acted
        if acted is not None and question.private:
            told = paragraphs(answers_talk.private_warning(self.view()), acted)
        if group and question.intent is Intent.SUBSCRIBE:
            told = answers_groups.kabari_for_oneself(told)
        told = self.placing.told(told, placed)
        if question.intent is not Intent.UNSUBSCRIBE:
            await self._remember(chat, text, question, notes, now, keep=placed.keep)
        _counted(question.intent)
        self._tally(chat, question)
        return Reply(
            self._clocked(told, notes.place), notes.language or (ENGLISH if question.english else MAIN_LANGUAGE)
        )

    async def _asks_where(self, chat: int, placed: Placed, notes: ChatNotes, now: datetime) -> Reply:
        """The question waits until its place is known."""
        assert placed.asks is not None
        question, last = placed.question, (placed.question.intent, placed.question.services, now)
        async with self._store.writing() as session:
            if placed.keep:
                await session.remember_place(chat, None)
            await session.remember_question(chat, *last)
        warning = [answers_talk.private_warning(self.view())] if question.private else []
        language = notes.language or (ENGLISH if question.english else MAIN_LANGUAGE)
        return Reply(paragraphs(*warning, placed.asks), language)

    def _tally(self, chat: int, question: Question) -> None:
        """Count it, by service, where it was a question; and that somebody need not set out."""
        if question.intent in _NO_QUESTION:
            return
        self._counting.asked(question.services, understood=understood(question))
        if question.intent in _TELLS_STATE:
            self._counting.told(chat, steps_named(self._live.catalogue, question.services))

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
        self, chat: int, text: str, question: Question, notes: ChatNotes, now: datetime, *, keep: bool = False
    ) -> None:
        """The last question, without its words; what was not understood is only counted, by its shape."""
        missed = 0 if understood(question) else notes.missed + 1
        last = question.intent, question.services, now
        if question.intent in _SMALL_TALK and (before := _last(notes, now)) and notes.asked_at:
            last = before.intent, before.services, notes.asked_at
        told = shape(mask(text), named=bool(question.services)) if missed else None
        unmatched = (self._live.calendar.today(now), told) if told is not None else None
        place = notes.place if keep else None
        await self._recalling.keep(Kept(LastQuestion(chat, *last, missed), place, unmatched))

    async def _acted(self, chat: int, question: Question, place: str | None, group: InGroup | None) -> Answer | None:
        """What the words ask to be done: begin, end, forget; None where they only ask."""
        if question.intent is Intent.UNSUBSCRIBE:
            if group and not await group.may_decide():
                return Answer((answers_groups.admins_only(),))
            if any("data" in phrase.split() for phrase in question.evidence):
                return await self.forget(chat)
            return await self._subscribing.end(chat, question.services)
        if question.intent is Intent.SUBSCRIBE and question.services and not group:
            return await self._subscribing.once(chat, question.services, place)
        return None

    async def answered_by(self, group: int, message: int) -> None:
        """Which message answered the group's last question: a reply to it goes on from there."""
        async with self._store.writing() as session:
            await session.remember_answer(group, message)

    def view(self, place: str | None = None) -> View:
        """The office as it stands now."""
        return self._live.view(place)

    async def reply(self, chat: int, told: Answer, line: str = "") -> Reply:
        """An answer in the chat's language; with a warning where the words behind a command hold a personal number."""
        async with self._store.reading() as session:
            notes = await session.chat_notes(chat)
        warning = (answers_talk.private_warning(self.view()),) if find_private(line) else ()
        return Reply(self._clocked(paragraphs(*warning, told), notes.place), notes.language or MAIN_LANGUAGE)

    def _clocked(self, told: Answer, place: str | None) -> Answer:
        """An answer with its time zone; where it speaks of no place, that of the one that the chat keeps."""
        catalogue = self._live.catalogue
        return in_zone(told, catalogue, catalogue.place_of(place)) if catalogue.zones.many else told

    async def services(self, chat: int, ids: Sequence[str], place: str | None = None) -> Answer:
        """How services or steps stand, by their ids."""
        known = await self.known(chat)
        notes, own = known.notes, known.own if chat > 0 else ()  # a group that waits is not who asks
        view = self.view(place or notes.place)
        keep = self.placing.first(view, notes)
        await self._recalling.keep(Kept(LastQuestion(chat, Intent.SERVICE_STATUS, ids, self._live.clock()), keep))
        if view.nowhere:
            return self.placing.asks(view.place, in_group=chat < 0)
        told = status(view, ids, self.placing.waits(own, view.place))
        _counted(Intent.SERVICE_STATUS)
        self._counting.asked(ids)
        self._counting.told(chat, steps_named(self._live.catalogue, ids))
        told = offered(view.clocked(told), ids, view.tapped)
        return at_place(told, view, kept=True) if keep else told

    async def at_home(self, chat: int, intent: Intent, tell: Callable[[str | None], Answer]) -> Answer:
        """What differs from office to office, for the one that this chat keeps; where it keeps none, that is asked."""
        if not self.placing.many:
            return tell(None)
        place = await self.placing.kept(chat)
        if place:
            return at_place(self._clocked(tell(place), place), self.view(place), change=True)
        async with self._store.writing() as session:
            await session.remember_question(chat, intent, (), self._live.clock())
        return self.placing.asks(in_group=chat < 0)

    async def settle(self, chat: int, word: str) -> Answer:
        """A tap said where; what was asked before is answered for there."""
        place, now = self.placing.office(word), self._live.clock()
        if place is None:
            return self.placing.page(word, 0)
        async with self._store.reading() as session:
            notes = replace(await session.chat_notes(chat), place=place)
            own = await session.subscriptions_of(chat) if chat > 0 else ()
        async with self._store.writing() as session:
            await session.remember_place(chat, place)
        question = waiting(_last(notes, now))
        acted = await self._acted(chat, question, place, None) if chat > 0 else None
        told = self._answered(question, notes, own, now) if acted is None else acted
        return at_place(self._clocked(told, place), self.view(place), kept=True)

    async def unsettle(self, chat: int) -> Answer:
        """Another place is wanted: the one that was kept is forgotten, and asked for anew."""
        async with self._store.writing() as session:
            await session.remember_place(chat, None)
            await session.forget_question(chat)
        return self.placing.asks(in_group=chat < 0)

    def named(self, text: str) -> tuple[str, ...]:
        """The services that an argument of a command names."""
        return self._recogniser.recognise(text).services

    def requirements(self, text: str, place: str | None = None) -> Answer:
        """What to bring; `text` names the service, and the case where there are several."""
        question = self._recogniser.recognise(text)
        return self.requirements_of(question.services, question.case, place)

    def requirements_of(self, services: Sequence[str], case: str | None, place: str | None = None) -> Answer:
        _counted(Intent.REQUIREMENTS)
        self._counting.asked(services)
        return self._clocked(answers_office.requirements(self.view(place), services, case), place)

    async def history(self, chat: int, ids: Sequence[str]) -> HistoryTold:
        """The last 90 days of services or steps by their ids, else of all."""
        self._counting.asked(ids)
        view = self.view(await self.placing.kept(chat))
        if view.nowhere:
            return HistoryTold(None, (self.placing.asks(in_group=chat < 0),))
        return history_of_services(view, self._live.past.history(view.now, self.placing.office(view.place)), ids)

    def board(self, place: str | None = None) -> Answer:
        _counted(Intent.ALL_STATUS)
        self._counting.asked(())
        view = self.view(place)
        return offered(view.clocked(answers_board.all_status(view)), place=view.tapped)

    def hours(self, place: str | None = None) -> Answer:
        _counted(Intent.OFFICE_HOURS)
        self._counting.asked(())
        return self._clocked(answers_office.office_hours(self.view(place)), place)

    def location(self, place: str | None = None) -> Answer:
        _counted(Intent.LOCATION_CONTACT)
        self._counting.asked(())
        return self._clocked(answers_office.location(self.view(place)), place)

    async def choose_language(self, chat: int, language: str) -> None:
        async with self._store.writing() as session:
            await session.remember_language(chat, language)

    async def forget(self, chat: int) -> Answer:
        """Nothing of this chat is kept, at once."""
        self._counting.forget(chat)
        async with self._store.writing() as session:
            await session.forget_chat(chat)
        return answers_talk.forgotten()


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
    return Context(Intent(notes.intent), notes.services)
