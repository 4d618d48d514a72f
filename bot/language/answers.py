"""From a question and the board to an answer: which answer stands for which intent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.language import answers_board, answers_office, answers_subscriptions, answers_talk
from bot.language.answers_status import status
from bot.language.messages import Answer, Brief, Button, Message, paragraphs, say
from bot.language.questions import Intent, Question
from bot.language.view import View
from bot.rules.board import Board
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue
from bot.rules.usual import Usual

__all__ = ["Answer", "Button", "Message", "View", "answer", "say"]

_MOST_BUTTONS = 3
_TELL_HOW_IT_STANDS = frozenset({Intent.SERVICE_STATUS, Intent.ALL_STATUS, Intent.REASON_OR_ETA})
_ALIKE = {Intent.SERVICE_STATUS, Intent.REASON_OR_ETA}  # one answer says both
_GUESSED = 0.3  # the recogniser's confidence where nothing in the words said what is wanted

_Reply = Callable[[View, Question], Answer]


def answer(
    question: Question,
    board: Board,
    catalogue: Catalogue,
    calendar: OfficeCalendar,
    now: datetime,
    *,
    place: str | None = None,
    subscribed: frozenset[str] = frozenset(),
    missed: int = 0,
    usual: Mapping[str, Usual] | None = None,
) -> Answer:
    """What to say. `subscribed`: the steps this chat waits for; `missed`: its last questions not understood."""
    view = View(catalogue, calendar, board, now, place, usual or {})
    told = view.clocked(_told(view, question, subscribed, missed))
    if not question.private:
        return told
    warning = answers_talk.private_warning(view)
    return warning if not understood(question) else paragraphs(warning, told)


def understood(question: Question) -> bool:
    """Whether the words said what is wanted."""
    return question.intent is not Intent.OTHER or question.confidence > _GUESSED


def tells_how_it_stands(question: Question) -> bool:
    """Whether the answer says how services stand: that is what others want to know too, so it can be shared."""
    return understood(question) and question.intent in _TELL_HOW_IT_STANDS


def _told(view: View, question: Question, subscribed: frozenset[str], missed: int) -> Answer:
    if not understood(question):
        return answers_talk.not_understood(view, missed)
    if question.intent in _ALIKE and question.services:
        told = _with_day(view, question, status(view, question.services, subscribed))
    else:
        told = _REPLIES[question.intent](view, question)
    return _offering_second(view, question, told)


def _with_day(view: View, question: Question, told: Answer) -> Answer:
    """A question about another day: what is known is how it stands now, and that day's hours."""
    today = view.today
    day = question.day.on(today) if question.day else None
    if day is None or day <= today:
        return told
    hours = answers_office.hours_on(view, day)
    return Answer((*hours, say("status.other_day", day=Brief(day)), *told.lines), told.buttons)


def _offering_second(view: View, question: Question, told: Answer) -> Answer:
    """The reading that was nearly as likely, one tap away."""
    if {question.intent, question.second} <= _ALIKE or question.intent is Intent.OUT_OF_SCOPE or _is_scam(question):
        return told
    button = _second_button(question.second, _only_service(view, question))
    there = [other.action for row in told.buttons for other in row]
    room = _MOST_BUTTONS - tells_how_it_stands(question)  # for the button to share
    if button is None or button.action in there or len(there) >= room:
        return told
    return Answer(told.lines, (*told.buttons, (button,)))


def _is_scam(question: Question) -> bool:
    return question.intent is Intent.COMPLAINT and answers_office.is_scam(question.evidence)


def _complaint(view: View, question: Question) -> Answer:
    return answers_office.scam(view) if _is_scam(question) else answers_office.complaint(view)


def _only_service(view: View, question: Question) -> str | None:
    """The service in question, where it is one."""
    steps = view.catalogue.steps
    owners = {steps[one].service if one in steps else one for one in question.services}
    return owners.pop() if len(owners) == 1 else None


def _second_button(second: Intent | None, service: str | None) -> Button | None:
    """A tap that asks for the other reading, where a tap can."""
    match second:
        case Intent.SERVICE_STATUS | Intent.REASON_OR_ETA if service:
            return Button(say("button.status"), action=f"s:{service}")
        case Intent.REQUIREMENTS if service:
            return Button(say("button.what_to_bring"), action=f"r:{service}")
        case Intent.ALL_STATUS:
            return answers_talk.ALL
        case Intent.OFFICE_HOURS:
            return answers_talk.HOURS
        case Intent.LOCATION_CONTACT:
            return answers_talk.CONTACT
    return None


def _subscribe(view: View, question: Question) -> Answer:
    """What would be heard; the subscription itself is the office's to begin."""
    return status(view, question.services) if question.services else answers_subscriptions.which_subscription(view)


_REPLIES: Mapping[Intent, _Reply] = {
    Intent.SERVICE_STATUS: lambda view, question: answers_board.all_status(view),
    Intent.ALL_STATUS: lambda view, question: answers_board.all_status(view),
    Intent.REASON_OR_ETA: lambda view, question: answers_board.reasons(view),
    Intent.OFFICE_HOURS: lambda view, question: answers_office.office_hours(view, question.day, question.services),
    Intent.LOCATION_CONTACT: lambda view, question: answers_office.location(view),
    Intent.REQUIREMENTS: lambda view, question: answers_office.requirements(view, question.services, question.case),
    Intent.SUBSCRIBE: _subscribe,
    Intent.UNSUBSCRIBE: lambda view, question: answers_subscriptions.no_subscription(),
    Intent.PERSONAL_CASE: lambda view, question: answers_office.personal_case(view, question.services),
    Intent.COMPLAINT: _complaint,
    Intent.GREETING: lambda view, question: answers_talk.greeting(view),
    Intent.THANKS: lambda view, question: answers_talk.thanks(),
    Intent.OTHER: lambda view, question: answers_talk.other(view),
    Intent.OUT_OF_SCOPE: lambda view, question: answers_talk.out_of_scope(question.agency),
}
