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
from bot.rules.chats import Aim, ChatNotes
from bot.rules.notices import Subscription

_DIFFERS = frozenset(  # answered otherwise by each office
    {
        *(Intent.SERVICE_STATUS, Intent.ALL_STATUS, Intent.REASON_OR_ETA, Intent.OFFICE_HOURS),
        *(Intent.LOCATION_CONTACT, Intent.SUBSCRIBE),
    }
)
_ALIKE = frozenset(  # has an answer also where it is unclear which office is meant
    {Intent.REQUIREMENTS, Intent.PERSONAL_CASE, Intent.COMPLAINT, Intent.THANKS, Intent.OUT_OF_SCOPE}
)
_PLACE_BELOW = frozenset({Intent.ALL_STATUS, Intent.OFFICE_HOURS, Intent.LOCATION_CONTACT, Intent.GREETING})
_STATE_BELOW = frozenset({Intent.REQUIREMENTS, Intent.PERSONAL_CASE})  # tell in passing how it stands somewhere
_NOWHERE = ("",)  # a place at which nothing is


@dataclass(frozen=True, slots=True)
class Placed:
    """A question and where it is asked for; with `asks`, what must be known first."""

    question: Question
    place: str | None
    aim: Aim | None = None
    said: tuple[str, ...] = ()  # every place that was named, or that a button carried
    keep: bool = False  # the place, for every question from now on
    leaves: bool = False  # the place that was kept is not the right one any more
    asks: Answer | None = None


class Placing:
    """Finds the office that is meant; where there is only one, nothing is ever said of places."""

    def __init__(self, live: LiveBoard, recogniser: Recogniser) -> None:
        self._live = live
        self._recogniser = recogniser
        self.many = live.catalogue.tree.many
        self._names = PlaceNames(live.catalogue, recogniser.knows) if self.many else None

    def placed(self, text: str, notes: ChatNotes, previous: Context | None, *, in_group: bool = False) -> Placed:
        """What is asked and where; `previous`: what a short question goes on from, and what waits for a place."""
        if self._names is None:
            return Placed(self._recogniser.recognise(text, previous), notes.place)
        spoken = self._names.spoken(text)
        question, aim = self._recogniser.recognise(spoken.rest, previous), None
        kept = self.office(notes.place)
        if spoken.change:
            return self.changed(english=question.english, in_group=in_group)
        if not spoken.places and kept is None and not understood(question):
            spoken = Spoken("", self._names.guessed(text), alone=True)
            if not spoken.places and previous:
                question, aim = _gone_on(previous, question)
                return Placed(question, None, aim, asks=self._asks_again())
        if spoken.places and spoken.alone:
            question, aim = _gone_on(previous, question)
        return self._settled(question, aim, spoken, kept, in_group=in_group)

    def behind(
        self, asked: Question, line: str, notes: ChatNotes, *, aim: Aim | None = None, in_group: bool = False
    ) -> Placed:
        """What a command asks with the words behind it. Those are few: what nobody knows in them is no free talk."""
        spoken = self._names.spoken(line) if self._names else Spoken(line)
        named = self._recogniser.recognise(spoken.rest)
        question = replace(asked, services=named.services, case=named.case, private=named.private)
        kept = self.office(notes.place)
        placed = self._settled(question, aim, replace(spoken, alone=False), kept, in_group=in_group)
        if not spoken.unknown or question.intent in _ALIKE:
            return placed
        if question.intent is Intent.UNSUBSCRIBE:  # a bare stop ends all, whatever stands behind it
            return replace(placed, said=_NOWHERE) if question.services else placed
        return replace(placed, asks=self._asks_again())

    def at(
        self, question: Question, word: str | None, notes: ChatNotes, *, aim: Aim | None = None, in_group: bool = False
    ) -> Placed:
        """What a tap or a link asks: at the place that it carries, else at the one that is kept."""
        kept = self.office(notes.place)
        place = self._live.catalogue.place_of(word) or kept
        placed = Placed(question, place, aim, (word,) if word else ())
        if not self.many or question.intent not in _DIFFERS:
            return placed
        if self.office(place) is None:
            return replace(placed, place=None, asks=self.asks(place, aim=aim, in_group=in_group))
        return replace(placed, keep=kept is None)

    def changed(self, *, english: bool = False, in_group: bool = False) -> Placed:
        """Another place is wanted than the one that is kept."""
        question = Question(Intent.ALL_STATUS, english=english)
        return Placed(question, None, leaves=True, asks=self.asks(in_group=in_group))

    def _settled(
        self, question: Question, aim: Aim | None, spoken: Spoken, kept: str | None, *, in_group: bool
    ) -> Placed:
        placed = Placed(question, kept, aim, spoken.places)
        here = self.office(spoken.places[0]) if len(spoken.places) == 1 else None
        moves = spoken.alone and not spoken.compares and not spoken.several and not in_group
        if question.intent is Intent.UNSUBSCRIBE:
            return placed
        if here:
            return replace(placed, place=here, keep=kept is None or (moves and kept != here))
        if spoken.places and question.intent in _ALIKE:
            return replace(placed, place=None)
        if spoken.places:
            return replace(placed, place=None, leaves=moves and kept is not None, asks=self._choice(spoken))
        if self.many and kept is None and question.intent in _DIFFERS:
            return replace(placed, asks=self.asks(aim=aim, in_group=in_group))
        return placed

    def _choice(self, spoken: Spoken) -> Answer:
        """Several offices of one name, several names, or the offices of a territory."""
        if len(spoken.places) == 1:
            return answers_places.listed(self._view(), spoken.places[0])
        return answers_places.which(self._view(), spoken.places, several=spoken.several)

    def _asks_again(self) -> Answer:
        return answers_places.ask_where(self._view(), sorry=True)

    def asks(self, territory: str | None = None, *, aim: Aim | None = None, in_group: bool = False) -> Answer:
        """The question where; within a territory that is known already."""
        if territory:
            return answers_places.listed(self._view(), territory)
        if in_group:
            return answers_places.ask_where_in_group(self._view(), subscribes=aim is Aim.ALWAYS)
        return answers_places.ask_where(self._view())

    def told(self, answer: Answer, placed: Placed) -> Answer:
        """An answer with the place it is for, where its words do not say so."""
        if not self.many or (view := self._live.view(placed.place)).nowhere:
            return answer
        intent = placed.question.intent
        told = intent in _PLACE_BELOW or placed.aim is Aim.HISTORY or (placed.said and intent in _STATE_BELOW)
        if placed.keep or told:
            change = intent is Intent.LOCATION_CONTACT
            return answers_places.at_place(answer, view, kept=placed.keep, change=change)
        return answer

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

    def apart(self, text: str) -> tuple[str, tuple[str, ...]]:
        """Words without the places that they name, and those."""
        spoken = self._names.spoken(text) if self._names else Spoken(text)
        return spoken.rest, spoken.places

    def _view(self) -> View:
        return self._live.view()


def waiting(previous: Context | None) -> tuple[Question, Aim | None]:
    """What was asked before the place was known; else how everything stands."""
    if previous is None or previous.intent not in _DIFFERS:
        return Question(Intent.ALL_STATUS, english=previous is not None and previous.english), None
    return Question(previous.intent, previous.services, english=previous.english), previous.aim


def _gone_on(previous: Context | None, said: Question) -> tuple[Question, Aim | None]:
    """The same where the place was said in words."""
    question, aim = waiting(previous)
    return replace(question, private=said.private, english=said.english or question.english), aim
