"""Where a question is asked for, where the office is one of many: said, kept, or to be asked first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.language import answers_places
from bot.language.answers import understood
from bot.language.messages import Answer
from bot.language.place_names import PlaceNames, Spoken
from bot.language.questions import Context, Intent, Question, Recogniser
from bot.language.view import View
from bot.office.boards import LiveBoard
from bot.rules.catalogue import covers
from bot.rules.chats import ChatNotes
from bot.rules.notices import Subscription
from bot.store.store import Store

_DIFFERS = frozenset(  # answered otherwise by each office
    {
        *(Intent.SERVICE_STATUS, Intent.ALL_STATUS, Intent.REASON_OR_ETA, Intent.OFFICE_HOURS),
        *(Intent.LOCATION_CONTACT, Intent.SUBSCRIBE),
    }
)

_PLACE_BELOW = frozenset({Intent.ALL_STATUS, Intent.OFFICE_HOURS, Intent.LOCATION_CONTACT, Intent.GREETING})


@dataclass(frozen=True, slots=True)
class Placed:
    """A question and where it is asked for; with `asks`, what must be known first."""

    question: Question
    place: str | None
    keep: bool = False  # for every question from now on
    asks: Answer | None = None


class Placing:
    """Finds the office that is meant; where there is only one, nothing is ever said of places."""

    def __init__(self, live: LiveBoard, store: Store, recogniser: Recogniser) -> None:
        self._live = live
        self._store = store
        self._recogniser = recogniser
        self.many = live.catalogue.tree.many
        self._names = PlaceNames(live.catalogue, recogniser.knows) if self.many else None

    def placed(self, text: str, notes: ChatNotes, previous: Context | None, *, in_group: bool = False) -> Placed:
        """What is asked and where; `previous`: what a short question goes on from, and what waits for a place."""
        if self._names is None:
            return Placed(self._recogniser.recognise(text, previous), notes.place)
        spoken = self._names.spoken(text)
        question = self._recogniser.recognise(spoken.rest, previous)
        kept = self.office(notes.place)
        if spoken.change:
            return Placed(Question(Intent.ALL_STATUS), None, keep=True, asks=answers_places.ask_where(self._view()))
        if not spoken.places and kept is None and not understood(question):
            spoken = Spoken("", self._names.guessed(text), alone=True)
            if not spoken.places and previous:
                asks = answers_places.ask_where(self._view(), sorry=True)
                return Placed(_waiting(previous, question), None, asks=asks)
        if spoken.places and spoken.alone:
            question = _waiting(previous, question)
        return self._settled(question, spoken, kept, in_group=in_group)

    def _settled(self, question: Question, spoken: Spoken, kept: str | None, *, in_group: bool) -> Placed:
        said = [self.office(path) for path in spoken.places]
        if len(said) == 1 and said[0]:
            moved = spoken.alone and not spoken.compares and not in_group
            return Placed(question, said[0], keep=kept is None or (moved and kept != said[0]))
        if spoken.places:
            return Placed(question, kept, asks=self._choice(spoken.places))
        if kept is None and question.intent in _DIFFERS:
            return Placed(question, None, asks=self.asks(in_group=in_group))
        return Placed(question, kept)

    def _choice(self, places: tuple[str, ...]) -> Answer:
        """Several offices of one name, or the offices of a territory."""
        if len(places) == 1:
            return answers_places.listed(self._view(), places[0])
        return answers_places.which(self._view(), places)

    def asks(self, territory: str | None = None, *, in_group: bool = False) -> Answer:
        """The question where; within a territory that is known already."""
        if territory:
            return answers_places.listed(self._view(), territory)
        ask = answers_places.ask_where_in_group if in_group else answers_places.ask_where
        return ask(self._view())

    def told(self, answer: Answer, placed: Placed) -> Answer:
        """An answer with the place it is for, where its words do not say so."""
        if not self.many or (view := self._live.view(placed.place)).nowhere:
            return answer
        if placed.keep or placed.question.intent in _PLACE_BELOW:
            change = placed.question.intent is Intent.LOCATION_CONTACT
            return answers_places.at_place(answer, view, kept=placed.keep, change=change)
        return answer

    async def kept(self, chat: int) -> str | None:
        """The office that a chat keeps."""
        if not self.many:
            return None
        async with self._store.reading() as session:
            return self.office((await session.chat_notes(chat)).place)

    def first(self, view: View, notes: ChatNotes) -> str | None:
        """The office that a link or a button opened, where none was kept before."""
        new = self.many and not view.nowhere and self.office(notes.place) is None
        return self.office(view.place) if new else None

    def waits(self, own: Sequence[Subscription], place: str | None) -> frozenset[str]:
        """The steps that a chat waits for already, at the office that is meant where there are many."""
        return frozenset(one.step for one in own if not self.many or (place and covers(one.place, place)))

    def tapped(self, place: str | None) -> str | None:
        """A place as callback data carries it."""
        return self._live.catalogue.place_word(place) if place and self.many else place

    def page(self, word: str, number: int) -> Answer:
        """A page of what lies below a territory, by the word that a button carries; else of the root."""
        territory = self._live.catalogue.place_of(word) or self._live.catalogue.root.path
        return answers_places.listed(self._view(), territory, number)

    def office(self, word: str | None) -> str | None:
        """The office at or above the place that a button, a link or the notes carry."""
        place = self._live.catalogue.place_of(word)
        return self._live.catalogue.tree.office_of(place) if place and self.many else place

    def said(self, text: str) -> str | None:
        """The one office that the words behind a command name."""
        return self.apart(text)[1]

    def apart(self, text: str) -> tuple[str, str | None]:
        """Words without the one office that they name, and that office."""
        spoken = self._names.spoken(text) if self._names else Spoken(text)
        place = self.office(spoken.places[0]) if len(spoken.places) == 1 else None
        return (spoken.rest, place) if place else (text, None)

    def _view(self) -> View:
        return self._live.view()


def waiting(previous: Context | None) -> Question:
    """What was asked before the place was known; else how everything stands."""
    if previous is None or previous.intent not in _DIFFERS:
        return Question(Intent.ALL_STATUS)
    return Question(previous.intent, previous.services)


def _waiting(previous: Context | None, said: Question) -> Question:
    return replace(waiting(previous), private=said.private, english=said.english)
