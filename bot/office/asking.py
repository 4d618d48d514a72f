"""What citizens ask: in words, by command, by button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.language import answers_board, answers_office, answers_talk
from bot.language.answers import answer, understood
from bot.language.answers_status import status
from bot.language.messages import Answer, paragraphs
from bot.language.questions import Context, Intent, Question, Recogniser
from bot.language.texts import MAIN_LANGUAGE
from bot.language.view import View
from bot.office.boards import LiveBoard
from bot.office.subscribing import Subscribing
from bot.rules.chats import ChatNotes
from bot.store.store import Store

REMEMBERED = timedelta(minutes=10)  # how long "kalau KK?" goes on from the last question
ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and the language to give it in."""

    answer: Answer
    language: str


class Asking:
    """The citizens' side of the office."""

    def __init__(self, live: LiveBoard, store: Store, recogniser: Recogniser, subscribing: Subscribing) -> None:
        self._live = live
        self._store = store
        self._recogniser = recogniser
        self._subscribing = subscribing

    async def ask(self, chat: int, text: str) -> Reply:
        """A question in a citizen's own words."""
        now = self._live.clock()
        async with self._store.reading() as session:
            notes = await session.chat_notes(chat)
            own = await session.subscriptions_of(chat)
        question = self._recogniser.recognise(text, _previous(notes, now))
        waiting = frozenset(one.step for one in own)
        missed = 0 if understood(question) else notes.missed + 1
        told = await self._told(chat, question, notes, waiting, now)
        if question.intent is not Intent.UNSUBSCRIBE:
            async with self._store.writing() as session:
                await session.remember_question(chat, question.intent, question.services, now, missed)
        return Reply(told, notes.language or (ENGLISH if question.english else MAIN_LANGUAGE))

    async def _told(
        self, chat: int, question: Question, notes: ChatNotes, waiting: frozenset[str], now: datetime
    ) -> Answer:
        acted = await self._acted(chat, question, notes.place)
        if acted is None:
            board, live = self._live.at(now), self._live
            return answer(
                question,
                board,
                live.catalogue,
                live.calendar,
                now,
                place=notes.place,
                subscribed=waiting,
                missed=notes.missed,
            )
        if question.private:
            return paragraphs(answers_talk.private_warning(self.view()), acted)
        return acted

    async def _acted(self, chat: int, question: Question, place: str | None) -> Answer | None:
        """What the words ask to be done: begin, end, forget; None where they only ask."""
        if question.intent is Intent.UNSUBSCRIBE:
            if any("data" in phrase.split() for phrase in question.evidence):
                return await self.forget(chat)
            return await self._subscribing.end(chat, question.services)
        if question.intent is Intent.SUBSCRIBE and question.services:
            return await self._subscribing.once(chat, question.services, place)
        return None

    def view(self, place: str | None = None) -> View:
        """The office as it stands now."""
        now = self._live.clock()
        return View(self._live.catalogue, self._live.calendar, self._live.at(now), now, place)

    async def reply(self, chat: int, told: Answer) -> Reply:
        """An answer in the chat's language."""
        async with self._store.reading() as session:
            notes = await session.chat_notes(chat)
        return Reply(told, notes.language or MAIN_LANGUAGE)

    async def service(self, chat: int, service: str, place: str | None = None) -> Reply:
        """How a service or step stands, by its id."""
        async with self._store.reading() as session:
            own = await session.subscriptions_of(chat)
        told = status(self.view(place), (service,), frozenset(one.step for one in own))
        async with self._store.writing() as session:
            await session.remember_question(chat, Intent.SERVICE_STATUS, (service,), self._live.clock())
        return await self.reply(chat, told)

    def named(self, text: str) -> tuple[str, ...]:
        """The services that an argument of a command names."""
        return self._recogniser.recognise(text).services

    def requirements(self, text: str) -> Answer:
        """What to bring; `text` names the service, and the case where there are several."""
        question = self._recogniser.recognise(text)
        return answers_office.requirements(self.view(), question.services, question.case)

    def board(self) -> Answer:
        return answers_board.all_status(self.view())

    def services(self, ids: Sequence[str]) -> Answer:
        return status(self.view(), ids)

    async def choose_language(self, chat: int, language: str) -> None:
        async with self._store.writing() as session:
            await session.remember_language(chat, language)

    async def forget(self, chat: int) -> Answer:
        """Nothing of this chat is kept, at once."""
        async with self._store.writing() as session:
            await session.forget_chat(chat)
        return answers_talk.forgotten()


def _previous(notes: ChatNotes, now: datetime) -> Context | None:
    if notes.intent is None or notes.asked_at is None or now - notes.asked_at > REMEMBERED:
        return None
    return Context(Intent(notes.intent), notes.services)
