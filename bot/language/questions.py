"""Understands a citizen's message: what is asked, about which services, for which day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.language.days import DAY_WORDS, WEEK, DayAsked, day_asked, weeks_apart
from bot.language.intents import Intent, Reading, candidates
from bot.language.named import Named, Names
from bot.language.phrases import Found, Phrases, table
from bot.language.words import Words, clean, split
from bot.rules.catalogue import Catalogue
from bot.rules.privacy import PLACEHOLDER, mask

__all__ = ["Context", "DayAsked", "Intent", "Question", "Recogniser"]

# "NIK saya •••, KK sudah bisa?" asks about the KK: the words that only introduce the masked number ask nothing.
_NUMBERED = re.compile(
    rf"\b(?:no(?:mor|mer)?\b\W*(?:nik|kk|ktp)|nik)\b(?:\W+(?:saya|sy|aku|ku|anak|ini|adalah)){{0,3}}\W*{PLACEHOLDER}",
    re.IGNORECASE,
)

_CLOSE = 0.1  # two readings whose confidence differs by no more are both offered
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
_FOLLOW_UP_WORDS = 6
_BEFORE_A_WISH = 3  # words in which a "jangan" may hide behind a slip


@dataclass(frozen=True, slots=True)
class Context:
    """What a chat asked last, within ten minutes."""

    intent: Intent
    services: tuple[str, ...] = ()


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
        self._owners, self._continuing, self._english, self._wishes = (
            frozenset(cues["sets"][name].split()) for name in ("owner", "continuing", "english", "wishes")
        )
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

    def recognise(self, text: str, previous: Context | None = None) -> Question:
        """What the message asks; `previous` lets a short one go on from the last."""
        visible = mask(text)
        private = visible != text
        words = weeks_apart(self._words.read(_without_sibling(visible)))
        named = self._names.named(words)
        if private:
            words, named = self._without_introduction(visible, words, named)
        reading = self._reading(words, named)
        question = self._decided(reading, private, self._is_english(visible))
        return self._continued(question, reading, previous) if previous else question

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
        return Reading(words, cues, named.services, named.agency, owned, day_asked(words), unclear)

    def _is_owned(self, words: Sequence[str], spot: Found) -> bool:
        """ "KTP saya", "akta anak saya", "my card"."""
        at = spot.end + (words[spot.end : spot.end + 1] == ("anak",))
        said = (*words[spot.start : spot.end], *words[at : at + 1])  # also inside: "KTP saya bisa diambil"
        return words[spot.start - 1 : spot.start] == ("my",) or not self._owners.isdisjoint(said)

    def _decided(self, reading: Reading, private: bool, english: bool) -> Question:
        (intent, confidence, evidence), *others = candidates(reading)
        close = (other for other, worth, _ in others if worth >= confidence - _CLOSE)
        second = next(
            (other for other in close if intent != Intent.UNSUBSCRIBE and other in _ANSWERED - {intent}), None
        )
        services = tuple(id_ for id_ in reading.services if id_ not in _NOT_MEANT.get(intent, ()))
        agency, services = (reading.agency, ()) if intent == Intent.OUT_OF_SCOPE else (None, services)
        case = self._case(reading.words, services)
        return Question(intent, services, evidence, private, confidence, reading.day, case, english, second, agency)

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
        if not 0 < len(reading.words) <= _FOLLOW_UP_WORDS or question.intent == Intent.OUT_OF_SCOPE:
            return question
        intent = self._intent_continued(question, reading, previous)
        services = question.services
        if not services and (intent in _INHERITING or "batal" in reading.words):
            services = previous.services
        if intent == Intent.ALL_STATUS and services and not reading.has("all_explicit"):
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


def _cases(catalogue: Catalogue, words: Words) -> dict[str, list[tuple[str, frozenset[str]]]]:
    """By service and step: each cue of a requirements' case with the words it takes."""
    cases: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for service in catalogue.services:
        cues = [(cue, frozenset(words.spelled(cue))) for case in service.requirements for cue in case.cues]
        for id_ in {service.id, *(step.id for step in service.steps)}:
            cases[id_] = sorted(cues, key=lambda entry: (-len(entry[1]), -len(entry[0])))  # the most telling first
    return cases


def _without_sibling(text: str) -> str:
    """ "kk, mau tanya" greets; the comma says so, and is gone once the text is split."""
    start = clean(text[:12]).lstrip()
    return text.lstrip()[2:] if start.startswith("kk,") else text
