"""Understands a citizen's message: what is asked, about which services, for which day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.language.days import DAY_WORDS, WEEK, DayAsked, day_asked, weeks_apart
from bot.language.evidence import Weights
from bot.language.intents import Intent, Reading, candidates
from bot.language.named import Named, Names
from bot.language.phrases import Found, Phrases, table
from bot.language.words import Words, clean, split
from bot.rules.catalogue import Catalogue
from bot.rules.chats import Aim
from bot.rules.privacy import PLACEHOLDER, mask

__all__ = ["Context", "DayAsked", "Intent", "Question", "Recogniser"]

# "NIK saya •••, KK sudah bisa?" asks about the KK: the words that only introduce the masked number ask nothing.
_NUMBERED = re.compile(
    rf"\b(?:no(?:mor|mer)?\b\W*(?:nik|kk|ktp)|nik)\b(?:\W+(?:saya|sy|aku|ku|anak|ini|adalah)){{0,3}}\W*{PLACEHOLDER}",
    re.IGNORECASE,
)

_VAGUE = 0.6  # the confidence of a reading that rests on a name or on "bagaimana" alone
# A bare "stop" ends everything, so it inherits no service.
_INHERITING = frozenset(
    {Intent.SERVICE_STATUS, Intent.REQUIREMENTS, Intent.REASON_OR_ETA, Intent.SUBSCRIBE, Intent.ALL_STATUS}
)
_ASKED_AGAIN = {
    Intent.OFFICE_HOURS: Intent.OFFICE_HOURS,
    Intent.SERVICE_STATUS: Intent.SERVICE_STATUS,
    Intent.REASON_OR_ETA: Intent.SERVICE_STATUS,
    Intent.ALL_STATUS: Intent.ALL_STATUS,
}
_CONTINUED = frozenset(
    {Intent.REQUIREMENTS, Intent.REASON_OR_ETA, Intent.OFFICE_HOURS, Intent.LOCATION_CONTACT, Intent.SERVICE_STATUS}
)
_ANSWERED = frozenset(Intent) - {Intent.GREETING, Intent.THANKS, Intent.OTHER}  # worth a button as the second reading
# "Hapus data saya" and "mau mengadu" name no service, though its words are there.
_NOT_MEANT = {Intent.UNSUBSCRIBE: ("biodata",), Intent.COMPLAINT: ("konsultasi",), Intent.REQUIREMENTS: ("konsultasi",)}
_FOLLOW_UP_WORDS, _LONGEST_FOLLOW_UP = 6, 12  # a longer one takes up the services alone
_ONE_SENTENCE = 8  # words that are hardly ever more than one
_FEW = 4  # of many sentences only the last are looked at
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=\S+\s+\S)|\n+")
# What is meant wherever it stands, and what is plain without a service beside it.
_WHOLE = frozenset({Intent.UNSUBSCRIBE, Intent.SUBSCRIBE, Intent.OUT_OF_SCOPE, Intent.COMPLAINT})
_PLAINLY = frozenset({Intent.REQUIREMENTS, Intent.OFFICE_HOURS, Intent.LOCATION_CONTACT})
_BEFORE_A_WISH = 3  # words in which a "jangan" may hide behind a slip


@dataclass(frozen=True, slots=True)
class Context:
    """What a chat asked last, within ten minutes."""

    intent: Intent
    services: tuple[str, ...] = ()
    aim: Aim | None = None
    english: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A message understood; `second` is nearly as likely, `agency` names whose business it is instead."""

    intent: Intent
    services: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    private: bool = False
    confidence: float = 1.0
    day: DayAsked | None = None
    case: str | None = None
    english: bool = False
    second: Intent | None = None
    agency: str | None = None


class Recogniser:
    """Built once from the tables and an office's catalogue.

    The catalogue's `vocabulary` adds to them: under "slang" lines like those of slang.toml ("bisa: bisaki"), under the
    name of a cue of cues.toml more phrases for it.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        own = dict(catalogue.vocabulary or {})
        cues, slang = table("cues"), table("slang")
        slang["slang"] = "\n".join((*own.pop("slang", ()), slang["slang"]))
        self._words = Words(slang)
        self._names = Names(catalogue, self._words.spelled)
        self._cues = self._cue_phrases(cues, own)
        self._owners, self._continuing, self._english, self._wishes, self._plain = (
            frozenset(cues["sets"][name].split()) for name in ("owner", "continuing", "english", "wishes", "plain")
        )
        self._weights = Weights(table("weights")["worth"])
        self._cases = _cases(catalogue, self._words)
        self._words.learn({*self._names.words, *self._cues.words, *DAY_WORDS, *self._owners} - {WEEK})

    def _cue_phrases(self, cues: Mapping[str, str], own: Mapping[str, Sequence[str]]) -> Phrases:
        """Our cues, and those that the office added under the same names."""
        phrases = Phrases(self._words.spelled)
        for label, lines in cues.items():
            for phrase in lines.strip().splitlines() if label != "sets" else ():
                phrases.add(label, phrase)
        for label, more in own.items():
            for phrase in more:
                phrases.add(label, phrase)
        return phrases

    def knows(self, word: str) -> bool:
        """Whether the word is one of ours, so that it need not be a name."""
        return self._words.knows(word)

    def recognise(self, text: str, previous: Context | None = None) -> Question:
        """What the message asks; `previous` lets a short one go on from the last."""
        visible = mask(text)
        reading = self.read(visible)
        question = self._decided(reading, visible != text, self._is_english(visible))
        question = self._asked_at_last(question, visible) if len(reading.words) > _ONE_SENTENCE else question
        return self._continued(question, reading, previous) if previous else question

    def read(self, visible: str) -> Reading:
        """The words, names and cues of a message whose personal numbers are masked."""
        words = weeks_apart(self._words.read(_without_sibling(visible)))
        named = self._names.named(words)
        private = PLACEHOLDER in visible
        if private:
            words, named = self._without_introduction(visible, words, named)
        reading = self._reading(words, named)
        wished = self._wishes.intersection(words)
        # "ada kabai ktp" may ask for news as well as to be told.
        repaired = bool(wished) and not reading.has("when_well") and not self._words.says(visible, wished)
        if not private and not repaired:
            return reading
        return replace(reading, owned=reading.owned or private, unclear=reading.unclear or repaired)

    def _asked_at_last(self, question: Question, visible: str) -> Question:
        """Of several sentences the last that asks counts; the others tell the circumstances."""
        if question.intent in _WHOLE:
            return question
        *told, last = _SENTENCES.split(visible)[-_FEW:]
        for sentence in (last, *reversed(told)) if told and "?" not in "".join(told) else ():
            words = weeks_apart(self._words.read(sentence))
            reading = self._reading(words, self._names.named(words))
            if reading.has("asks") and len(words) > 1:
                asked = self._decided(reading, question.private, question.english)
                return _narrowed(question, asked)
        return question

    def _without_introduction(
        self, visible: str, words: tuple[str, ...], named: Named
    ) -> tuple[tuple[str, ...], Named]:
        """The words that only introduce a masked number are left out where the rest names a service of its own."""
        rest = weeks_apart(self._words.read(_without_sibling(_NUMBERED.sub(" ", visible))))
        others = self._names.named(rest)
        return (rest, others) if others.services else (words, named)

    def _reading(self, words: tuple[str, ...], named: Named) -> Reading:
        cues: dict[str, tuple[str, ...]] = {}
        for found in self._cues.find(words):
            cues[found.label] = (*cues.get(found.label, ()), " ".join(words[found.start : found.end]))
        owned = any(self._is_owned(words, spot) for spot in named.spots)
        unclear = any(
            word in self._wishes and not all(map(self._words.knows, words[max(0, at - _BEFORE_A_WISH) : at]))
            for at, word in enumerate(words)
        )
        details = self._details(words, named.spots)
        return Reading(
            words, cues, named.services, named.agency, owned, day_asked(words), unclear, details, named.spots
        )

    def _details(self, words: Sequence[str], spots: Sequence[Found]) -> int:
        """How many words say more than a question for a state needs: somebody's circumstances."""
        named = {at for spot in spots for at in range(spot.start, spot.end)}
        said = [word for at, word in enumerate(words) if at not in named and word.isalpha()]
        return sum(word not in self._plain and self._words.knows(word) for word in said)

    def _is_owned(self, words: Sequence[str], spot: Found) -> bool:
        """ "KTP saya", "akta anak saya", "my card"."""
        at = spot.end + (words[spot.end : spot.end + 1] == ("anak",))
        said = (*words[spot.start : spot.end], *words[at : at + 1])  # also inside: "KTP saya bisa diambil"
        return words[spot.start - 1 : spot.start] == ("my",) or not self._owners.isdisjoint(said)

    def _decided(self, reading: Reading, private: bool, english: bool) -> Question:
        first, near = self._weights.likeliest(reading, list(candidates(reading)))
        intent = first.intent
        close = (other.intent for other in near if other.intent in _ANSWERED - {intent})
        second = next(close, None) if intent != Intent.UNSUBSCRIBE else None
        services = tuple(id_ for id_ in reading.services if id_ not in _NOT_MEANT.get(intent, ()))
        agency, services = (reading.agency, ()) if intent == Intent.OUT_OF_SCOPE else (None, services)
        case = self._case(reading.words, services)
        return Question(
            intent, services, first.evidence, private, first.confidence, reading.day, case, english, second, agency
        )

    def _is_english(self, text: str) -> bool:
        words = split(clean(text))
        return sum(word in self._english for word in words) * 2 >= max(2, len(words))

    def _case(self, words: Sequence[str], services: Sequence[str]) -> str | None:
        """The cue of the requirements' case that was named: "hilang"."""
        for id_ in services:
            for cue, parts in self._cases.get(id_, ()):
                if parts <= set(words):
                    return cue
        return None

    def _continued(self, question: Question, reading: Reading, previous: Context) -> Question:
        """A short message takes up what the chat asked last."""
        if not 0 < len(reading.words) <= _LONGEST_FOLLOW_UP or question.intent == Intent.OUT_OF_SCOPE:
            return question
        short = len(reading.words) <= _FOLLOW_UP_WORDS
        intent = self._intent_continued(question, reading, previous) if short else question.intent
        services = question.services
        if not services and (intent in _INHERITING or "batal" in reading.words):
            services = previous.services
        if intent == Intent.ALL_STATUS and services and short and not reading.has("all_explicit"):
            intent = Intent.SERVICE_STATUS
        return replace(
            question, intent=intent, services=services, case=question.case or self._case(reading.words, services)
        )

    def _intent_continued(self, question: Question, reading: Reading, previous: Context) -> Intent:
        """ "kalau KK?" asks what was asked last, "kapan?" for the hours or the estimate, "besok?" for another day."""
        if previous.intent in _CONTINUED and self._only_names(question, reading):
            return previous.intent
        if reading.words[:1] == ("kapan",) and len(reading.words) < 3:
            return Intent.OFFICE_HOURS if previous.intent == Intent.OFFICE_HOURS else Intent.REASON_OR_ETA
        if question.intent == Intent.OTHER and previous.services and reading.has("requirements_weak"):
            return Intent.REQUIREMENTS
        if question.intent == Intent.OTHER and (reading.day or reading.has("status")):
            return _ASKED_AGAIN.get(previous.intent, question.intent)
        return question.intent

    def _only_names(self, question: Question, reading: Reading) -> bool:
        """Whether a service is named and nothing said of it: "kalau KK?", "KK juga", "terus KIA bagaimana?"."""
        takes_up = "juga" in reading.words or reading.words[0] in self._continuing
        vague = question.intent in {Intent.SERVICE_STATUS, Intent.REQUIREMENTS} and question.confidence <= _VAGUE
        return vague and bool(question.services) and takes_up


def _narrowed(question: Question, asked: Question) -> Question:
    """The whole message with what its last question asks put first."""
    services = tuple(dict.fromkeys((*asked.services, *question.services)))
    told = question.intent == Intent.PERSONAL_CASE and asked.intent not in _PLAINLY
    clear = asked.intent in _CONTINUED and asked.confidence > _VAGUE and (asked.services or asked.intent in _PLAINLY)
    if told or not clear:
        return replace(question, services=services)
    return replace(asked, services=services, case=asked.case or question.case)


def _cases(catalogue: Catalogue, words: Words) -> dict[str, list[tuple[str, frozenset[str]]]]:
    """By service and step: each cue of a requirements' case with the words it takes."""
    cases: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for service in catalogue.services:
        # "bayi" says nothing of a child's card that its name does not say.
        name = frozenset(words.spelled(service.name["id"]))
        cues = [(cue, frozenset(words.spelled(cue)) - name) for case in service.requirements for cue in case.cues]
        cues = [(cue, parts) for cue, parts in cues if parts]
        for id_ in {service.id, *(step.id for step in service.steps)}:
            cases[id_] = sorted(cues, key=lambda entry: (-len(entry[1]), -len(entry[0])))  # the most telling first
    return cases


def _without_sibling(text: str) -> str:
    """ "kk, mau tanya" greets; the comma says so, and is gone once the text is split."""
    start = clean(text[:12]).lstrip()
    return text.lstrip()[2:] if start.startswith("kk,") else text
