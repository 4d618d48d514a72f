"""What the bot says about itself and between questions: greeting, thanks, help, privacy, what it did not understand."""

from __future__ import annotations

from bot.language.answers_board import group_lines
from bot.language.answers_places import ask_where
from bot.language.meanwhile import silence_lines
from bot.language.messages import Answer, Button, Capital, Message, Words, say
from bot.language.opening_hours import over_for_today, today_lines
from bot.language.view import View, contact, standings_of
from bot.rules.catalogue import State

_AGENCIES = frozenset(
    {
        "sim",
        "telco",
        "paspor",
        "visa",
        "bpjs",
        "tax",
        "vehicle",
        "land",
        "social",
        "police",
        "job",
        "business",
        "school",
        "kua",
        "haj",
        "power",
        "water",
        "election",
        "loan",
        "sktm",
        "emergency",
        "bank",
        "village",
        "court",
        "hospital",
        "post",
        "farming",
        "pension",
        "church",
        "notary",
        "works",
    }
)
_GREETINGS = ((11, "morning"), (15, "noon"), (18, "afternoon"), (24, "evening"))
_PATIENCE = 2  # questions in a row that were not understood, before people take over

ALL = Button(say("button.all"), action="all")
HOURS = Button(say("button.hours"), action="h")
CONTACT = Button(say("button.contact"), action="c")


def greeting(view: View) -> Answer:
    """Hello, what this is, and today's board in short."""
    hour = view.now.astimezone(view.zone).hour
    part = next(name for end, name in _GREETINGS if hour < end)
    office = Words(view.catalogue.office.name)
    if view.nowhere:
        where = ask_where(view)
        return Answer((say(f"greeting.{part}", office=office), *where.lines), where.buttons)
    return Answer(
        (say(f"greeting.{part}", office=office), *_board_in_short(view), say("greeting.ask")), ((ALL, HOURS),)
    )


def _board_in_short(view: View) -> list[Message]:
    """Closed first; then what does not work, else that all that was reported does."""
    hours = list(today_lines(view))
    standings = standings_of(view, view.catalogue.steps)
    bad = [standing for standing in standings if not standing.alike or standing.state is not State.AVAILABLE]
    known_bad = [standing for standing in bad if not standing.alike or standing.state is not State.UNKNOWN]
    if known_bad:
        told = group_lines(view, known_bad)
    elif len(bad) == len(standings):
        told = [say("board.all_unknown")]
    else:
        told = [say("greeting.all_well"), *silence_lines(view, bad)]
    return [*hours, *told] if over_for_today(view) else [*told, *hours]


def thanks() -> Answer:
    return Answer((say("thanks.welcome"),))


def other(view: View) -> Answer:
    """Chit-chat and definitions: what can be asked here."""
    return Answer((say("other.scope", office=Words(view.catalogue.office.name)), say("other.try")), ((ALL, HOURS),))


def out_of_scope(agency: str | None) -> Answer:
    """Whose business it is, where that is known."""
    if agency == "emergency":  # nothing else belongs there
        return Answer((say("agency.emergency"), say("agency.emergency_calm")))
    known = f"agency.{agency}" if agency in _AGENCIES else "agency.unknown"
    return Answer((say(known), say("agency.here")))


def not_understood(view: View, missed: int = 0) -> Answer:
    """The first time what to write, the second time buttons, then people."""
    if missed <= 0:
        return Answer((say("missed.first"), say("missed.try")), ((ALL, CONTACT),))
    if missed < _PATIENCE:
        services = view.catalogue.services[:2]
        chosen = tuple(
            Button(say("button.service", service=Capital(Words(one.short))), f"s:{one.id}") for one in services
        )
        return Answer((say("missed.second"),), (chosen, (ALL,)))
    reach = contact(view)
    return Answer((say("missed.contact", contact=reach) if reach else say("missed.staff"),), ((ALL, CONTACT),))


def private_warning(view: View) -> Answer:
    """A personal number came in: it is not kept, and should be deleted there too."""
    reach = contact(view)
    where = say("private.contact", contact=reach) if reach else say("private.counter")
    return Answer((say("private.delete"), say("private.not_kept"), where))


def media(kind: str) -> Answer:
    """One polite line to a voice message, a sticker, a photo or a file."""
    known = kind if kind in {"voice", "sticker", "photo", "document"} else "other"
    return Answer((say(f"media.{known}"),))


def trouble(contact_words: Message | None = None) -> Answer:
    """The bot itself failed; it says so and where else to ask."""
    if contact_words is None:
        return Answer((say("trouble.later"),))
    return Answer((say("trouble.contact", contact=contact_words),))


def privacy(view: View) -> Answer:
    """What is stored, for how long, where, and what one may ask for."""
    reach = contact(view)
    told = (
        say("privacy.title"),
        say("privacy.stored"),
        say("privacy.never"),
        say("privacy.abroad"),
        say("privacy.rights"),
    )
    who = [say("privacy.who", office=Words(view.catalogue.office.name))]
    asks = [say("privacy.contact", contact=reach)] if reach else []
    return Answer((*told, *who, *asks), ((Button(say("button.forget"), action="hd"),),))


def forget_asked() -> Answer:
    """Everything about a chat is deleted only after a second word."""
    return Answer((say("forget.sure"),), ((Button(say("button.forget_yes"), action="hd!"),),))


def forgotten() -> Answer:
    return Answer((say("forget.done"),))


def help_(view: View) -> Answer:
    """How to ask, and the commands."""
    return Answer((say("help.ask"), say("help.commands"), say("help.free")), ((ALL, HOURS, CONTACT),))


def choose_language(languages: tuple[str, ...]) -> Answer:
    """Every language by its own name."""
    buttons = tuple(Button(say(f"language.{code}"), action=f"g:{code}") for code in languages)
    return Answer((say("language.choose"),), (buttons,))


def language_chosen() -> Answer:
    return Answer((say("language.chosen"),))
