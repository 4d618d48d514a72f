"""Decides what a citizen wants from the cues in the words, in the order in which a mistake would hurt."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.language.days import DayAsked
from bot.language.phrases import Found


class Intent(enum.StrEnum):
    """What a message asks for."""

    SERVICE_STATUS = "service_status"
    ALL_STATUS = "all_status"
    OFFICE_HOURS = "office_hours"
    LOCATION_CONTACT = "location_contact"
    REQUIREMENTS = "requirements"
    REASON_OR_ETA = "reason_or_eta"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    PERSONAL_CASE = "personal_case"
    COMPLAINT = "complaint"
    GREETING = "greeting"
    THANKS = "thanks"
    OTHER = "other"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as the rules see it: its words, the cues in them with what was said, what they name."""

    words: Sequence[str]
    cues: Mapping[str, tuple[str, ...]]
    services: tuple[str, ...]
    agency: str | None
    owned: bool  # a document is said to be somebody's own
    day: DayAsked | None
    unclear: bool = False  # a word nobody knows stands before the wish to be told: it may have been "jangan"
    details: int = 0  # words that say more than a question for a state needs
    spots: tuple[Found, ...] = ()  # where documents stand

    def has(self, *cues: str) -> bool:
        """Whether one of the cues was found."""
        return not self.cues.keys().isdisjoint(cues)


_EMERGENCY = "emergency"
_DETAILED = 2  # words beyond a plain question: one of them may be a name or a slip
_DOUBT = frozenset({"bisa", "tidak", "belum", "ada", "kan", "jalan"})  # last words of a question for a state
_BUT = frozenset({"tapi", "padahal"})  # behind it stands what did not happen
_MENU = 3  # words, fewer of which may be a choice from a menu
_TOLD = 5  # words: who only tells what happened ("bapak meninggal") asks what to do


@dataclass(frozen=True, slots=True)
class Candidate:
    """An intent that a message may have, how sure that is, and by which words."""

    intent: Intent
    confidence: float
    evidence: tuple[str, ...] = ()


def candidates(reading: Reading) -> Iterator[Candidate]:
    """Every intent that the reading allows, in order of precedence, with confidence and evidence."""
    for intent, cue, rule in _RULES:
        confidence = rule(reading)
        if confidence:
            yield Candidate(intent, confidence, reading.cues.get(cue, ()))
    yield Candidate(Intent.OTHER, 0.3)


def _stop(r: Reading) -> float:
    if r.has("stop_here"):
        return 0.95
    if r.has("no_stop_at_all"):
        return 0
    if r.has("stop_alone") and len(r.words) < 4 and not r.services:
        return 0.8
    said = r.cues.get("stop", ())
    if r.has("stopped_by_itself"):
        said = tuple(phrase for phrase in said if " " in phrase)
    if r.has("not_stopped"):
        said = tuple(phrase for phrase in said if not phrase.startswith("jangan"))
    return 0.95 if said else 0


def _half_stop(r: Reading) -> float:
    """A "no" and a word for our messages, which nothing else explains."""
    return 0.5 if r.has("refusal") and r.has("tells") and not r.has("question_words", "complaint") else 0


def _emergency(r: Reading) -> float:
    return 0.95 if r.agency == _EMERGENCY else 0


def _elsewhere(r: Reading) -> float:
    return 0.9 if r.agency and not (r.services and r.has("definition")) and not r.has("ours_too") else 0


def _subscribe(r: Reading) -> float:
    unwanted = len(r.cues.get("refusal", ())) > len(r.cues.get("no_refusal", ()))
    refused = unwanted and not r.has("not_stopped")
    when_well = r.has("tells") and r.has("when_well")
    asked = r.has("subscribe") or ((when_well or r.has("subscribe_weak")) and not r.has("question_words"))
    told = r.has("not_subscribed") and not (r.has("asked_when") and _BUT.isdisjoint(r.words))
    return 0.9 if asked and not (refused or r.unclear or told or _explicit(r)) else 0


def _about_bot(r: Reading) -> float:
    return 0.7 if r.has("about_bot_named") or (r.has("about_bot") and not r.services) else 0


def _strong_complaint(r: Reading) -> float:
    return 0.9 if r.has("complaint_strong") and not r.has("lest", "not_complaint") else 0


def _hours(r: Reading) -> float:
    if r.has("reason_clock", "why", "opened_thing") or (r.has("machine") and not r.has("hours_strict")):
        return 0
    if r.services and not r.has("hours_explicit"):
        return 0
    if r.has("hours"):
        return 0.85
    return 0.7 if r.day and r.day.at and not r.services and not r.has("complaint") else 0


def _location(r: Reading) -> float:
    if r.has("location_strict"):
        return 0.85
    if not r.has("location") or r.has("address_changed", "not_arrived", "not_location") or (r.owned and r.has("done")):
        return 0
    return 0.6 if _explicit(r) else 0.85


def _personal(r: Reading) -> float:
    if r.has("forgotten"):
        return 0.9
    if _explicit(r):
        return 0
    if r.owned and r.has("done"):
        return 0.9
    unfinished = r.has("handed_in") and r.has("not_yet")
    return 0.75 if unfinished or r.has("mine_alone", "not_arrived") else 0


def _reason(r: Reading) -> float:
    return 0.8 if r.has("reason") and not r.has("not_reason") else 0


def _definition(r: Reading) -> float:
    return 0.8 if r.has("definition") and not r.has("all_explicit") and not _explicit(r) else 0


def _explicit(r: Reading) -> bool:
    return r.has("requirements_explicit") and not r.has("not_explicit")


def _ends_in_doubt(r: Reading) -> bool:
    """ "Mau bikin KK untuk sekolah, bisa?" asks for a state, whatever is told before."""
    return r.words[-1] in _DOUBT or r.has("asks_status")


def _requirements(r: Reading) -> float:
    if _explicit(r):
        return 0.9
    if r.has("requirements_asked"):
        return 0.75
    if r.has("outage", "condition") or (r.has("today") and r.has("can")) or (r.has("all_explicit") and not r.services):
        return 0
    if r.has("requirements"):
        return 0.75
    if r.services and r.has("event") and not r.has("deed", "today", "status", "can") and len(r.words) < _TOLD:
        return 0.65
    if r.services and not r.has("today") and (r.has("circumstance") or (r.has("general") and not r.has("status"))):
        return 0.7
    if r.services and not r.has("today") and r.details >= _DETAILED and not _ends_in_doubt(r):
        return 0.65
    return 0.6 if r.has("requirements_weak") and (r.details if r.services else r.has("paperwork")) else 0


def _all(r: Reading) -> float:
    if r.has("all_explicit"):
        return 0.85
    return 0.7 if r.has("all_status") and not r.services and not r.has("thanks") else 0


def _complaint(r: Reading) -> float:
    return (
        0.7
        if r.has("complaint") and not r.has("lest", "not_complaint") and not (r.services and r.has("asks_status"))
        else 0
    )


def _status(r: Reading) -> float:
    if r.services:
        return 0.78 if r.has("status", "outage", "condition") else 0.6
    return 0


def _bare_status(r: Reading) -> float:
    short = r.has("can") and len(r.words) < 3
    return 0.5 if (r.has("outage", "bare") or short) and not r.has("thanks", "praise", "asked_to_help") else 0


def _only_thanks(r: Reading) -> float:
    """Thanks come first, and nothing is asked after them."""
    starts = r.words[:1] in (("makasih",), ("alhamdulillah",)) or r.words[:2] == ("terima", "kasih")
    return 0.85 if starts and not r.has("asks") else 0


def _thanks(r: Reading) -> float:
    return 0.8 if r.has("thanks") else 0


def _alone(cue: str) -> Callable[[Reading], float]:
    """A word that asks for a menu, when it is all that is said."""
    return lambda r: 0.6 if r.has(cue) and len(r.words) < _MENU and not r.services else 0


def _polite(r: Reading) -> float:
    return 0.5 if r.has("polite") else 0


def _greeting(r: Reading) -> float:
    return 0.5 if r.has("greeting") and not r.has("praise") else 0


_RULES: tuple[tuple[Intent, str, Callable[[Reading], float]], ...] = (
    (Intent.OUT_OF_SCOPE, "agency", _emergency),
    (Intent.UNSUBSCRIBE, "stop", _stop),
    (Intent.OUT_OF_SCOPE, "agency", _elsewhere),
    (Intent.SUBSCRIBE, "subscribe", _subscribe),
    (Intent.COMPLAINT, "complaint_strong", _strong_complaint),
    (Intent.OTHER, "about_bot", _about_bot),
    (Intent.THANKS, "thanks", _only_thanks),
    (Intent.OTHER, "definition", _definition),
    (Intent.OFFICE_HOURS, "hours", _hours),
    (Intent.LOCATION_CONTACT, "location", _location),
    (Intent.PERSONAL_CASE, "done", _personal),
    (Intent.REASON_OR_ETA, "reason", _reason),
    (Intent.COMPLAINT, "complaint", _complaint),
    (Intent.REQUIREMENTS, "requirements", _requirements),
    (Intent.ALL_STATUS, "all_status", _all),
    (Intent.SERVICE_STATUS, "status", _status),
    (Intent.OFFICE_HOURS, "hours_alone", _alone("hours_alone")),
    (Intent.ALL_STATUS, "all_alone", _alone("all_alone")),
    (Intent.COMPLAINT, "complaint_alone", _alone("complaint_alone")),
    (Intent.LOCATION_CONTACT, "location_alone", _alone("location_alone")),
    (Intent.UNSUBSCRIBE, "refusal", _half_stop),
    (Intent.THANKS, "thanks", _thanks),
    (Intent.ALL_STATUS, "status", _bare_status),
    (Intent.THANKS, "polite", _polite),
    (Intent.GREETING, "greeting", _greeting),
)
