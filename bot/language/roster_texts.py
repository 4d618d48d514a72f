"""What staff read about who may report: the list, an invitation, somebody who came, somebody who went."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote

from bot.language.answers_places import HERE, listed
from bot.language.messages import Answer, Brief, Button, Message, Value, say
from bot.language.view import View
from bot.rules.catalogue import covers
from bot.rules.reports import Moment
from bot.rules.staff import Invitation, Member

_MOST_BUTTONS = 20  # a screen to scroll through; Telegram takes 100
_BUTTON_HOLDS = 20  # letters of a name, beside the verb
Called = Callable[[str], Value]
"""How a place is called."""

_LIST, _HERE = "wp", "wn"  # a page of places; the invitation for this one

_TO_THE_LIST = Button(say("button.to_the_list"), action="w")


def staff_list(
    members: Sequence[Member],
    removable: Sequence[Member],
    waiting: Sequence[Invitation],
    *,
    managing: bool,
    called: Called = str,
) -> Answer:
    """Who may report, a button for each who may be removed; then open invitations, a button each."""
    lines = [say("roster.title"), *(_at(_member_line(one), one.place, called) for one in members)]
    if waiting:
        lines += [say("roster.waiting"), *(_at(_waiting_line(one), one.place, called) for one in waiting)]
    buttons = [(_remove(one),) for one in removable]
    buttons += [(_withdraw(one),) for one in waiting]
    return Answer((*lines, say("roster.how" if managing else "roster.how_admins")), tuple(buttons[:_MOST_BUTTONS]))


def _at(line: Message, place: str | None, called: Called) -> Message:
    """With the place, where only that is meant."""
    return say("roster.at", who=line, place=called(place)) if place else line


def _remove(member: Member) -> Button:
    return Button(say("button.remove", name=_short(member.name)), action=f"w:{member.id}")


def _withdraw(invitation: Invitation) -> Button:
    name = _short(invitation.name) if invitation.name else say("roster.nameless")
    return Button(say("button.withdraw", name=name), action=f"wi:{invitation.id}")


def _short(name: str) -> str:
    """As a button has room for."""
    return name if len(name) <= _BUTTON_HOLDS else name[: _BUTTON_HOLDS - 1].rstrip() + "…"


def _member_line(member: Member) -> Message:
    if member.since is None:
        return say(f"roster.{member.role}", name=name_of(member))
    return say(f"roster.{member.role}_since", name=name_of(member), since=Brief(Moment(member.since, whole_day=True)))


def name_of(member: Member) -> Value:
    """A name, or the Telegram number of somebody whose name nobody knows yet."""
    return member.name or say("roster.number", number=str(member.id))


def _waiting_line(invitation: Invitation) -> Message:
    return say("roster.waiting.item", name=_invited(invitation), until=Brief(invitation.expires_at))


def _invited(invitation: Invitation) -> Value:
    return invitation.name or say("roster.nameless")


def invited(
    invitation: Invitation, link: str, called: Called = str, *, root: str = "", offices: int = 0, choice: bool = False
) -> Answer:
    """The link, what it does, until when; a button that hands it on in Telegram.

    `offices`: at how many it holds, where there are many; then it says where, also of the whole, which is `root`.
    `choice`: another place may be chosen.
    """
    kind = f"roster.invited.{invitation.role}"
    whom = say("roster.invited.for", name=invitation.name) if invitation.name else say("roster.invited.nameless")
    lines = (say(kind), whom, say("roster.invited.link", link=link))
    where: tuple[Message, ...] = ()
    if invitation.place:
        where = (say("roster.invited.place", place=called(invitation.place)),)
    elif offices:
        where = (say("roster.invited.everywhere", place=called(root), count=offices),)
    rules = say("roster.invited.rules", until=Brief(invitation.expires_at))
    share = Button(say("button.hand_on"), url=f"https://t.me/share/url?url={quote(link, safe='')}")
    narrow = ((Button(say("button.choose_place"), action=f"{_LIST}:{invitation.id}"),),) if choice else ()
    return Answer((*lines, *where, rules), ((share,), *narrow))


def narrowing(view: View, invitation: Invitation, top: str, territory: str, page: int) -> Answer:
    """What lies below a territory, as citizens choose their place; no higher than `top`; and the whole of it."""
    told = listed(view, territory, page)
    rows = [tuple(_narrowing(view, invitation, top, row)) for row in told.buttons]
    word = view.catalogue.place_word(territory)
    whole = Button(say("button.whole_place", name=view.place_name(territory)), f"{_HERE}:{invitation.id}:{word}")
    lines = (*told.lines, say("roster.narrowing"))
    return Answer(lines, (*filter(None, rows), (whole,)))


def _narrowing(view: View, invitation: Invitation, top: str, row: Iterable[Button]) -> Iterator[Button]:
    """The buttons of a list of places, with what they do to an invitation."""
    for button in row:
        kind, word, *page = (button.action or "").split(":")
        if covers(top, view.catalogue.place_of(word) or ""):
            does = _HERE if kind == HERE else _LIST
            yield replace(button, action=":".join((does, str(invitation.id), word, *page)))


def welcome(member: Member, called: Called = str) -> Answer:
    """The first words to somebody who redeemed an invitation: what to do tomorrow morning."""
    lines = (say(f"roster.welcome.{member.role}", name=member.name), say("roster.welcome.how"))
    where = (say("roster.welcome.place", place=called(member.place)),) if member.place else ()
    return Answer((*lines, *where, say("roster.welcome.menu")))


def welcome_back(member: Member) -> Answer:
    """Somebody who is staff already opened a link; nothing was used up."""
    return Answer((say("roster.welcome.already"), say("roster.welcome.menu")))


def came(member: Member, telegram_name: str) -> Answer:
    """To the inviter: who it was, as Telegram names them, and what to do if it was somebody else."""
    who = say("roster.came.who", name=telegram_name, number=str(member.id))
    return Answer((say("roster.came", name=member.name), who, say("roster.came.wrong")), ((_remove(member),),))


def sure_to_remove(member: Member) -> Answer:
    """Removing takes a second word."""
    yes = Button(say("button.remove_yes"), action=f"w!:{member.id}")
    lines = (say("roster.remove.sure", name=member.name), say("roster.remove.what"))
    return Answer(lines, ((yes, _TO_THE_LIST),))


def removed(member: Member) -> Answer:
    return Answer((say("roster.removed", name=member.name),), ((_TO_THE_LIST,),))
