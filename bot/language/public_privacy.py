"""The privacy page: what is stored about whom, why, how long, and what one may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.language.messages import Message, Words, say
from bot.language.view import View, contact

_STORED = ("subscription", "settings", "last_question", "deliveries", "refusals", "counts", "staff")
_NEVER = ("messages", "names", "numbers", "photos")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its list and its sentences."""

    title: Message
    items: tuple[Message, ...] = ()
    lines: tuple[Message, ...] = ()


def privacy_sections(view: View) -> tuple[Section, ...]:
    """In the order in which people ask."""
    stored = tuple(say(f"page.privacy.stored.{name}") for name in _STORED)
    never = tuple(say(f"page.privacy.never.{name}") for name in _NEVER)
    return (
        Section(say("page.privacy.page"), lines=(say("page.privacy.page.what"),)),
        Section(say("page.privacy.stored"), items=stored),
        Section(say("page.privacy.never"), items=never),
        Section(say("page.privacy.abroad"), lines=(say("page.privacy.abroad.what"),)),
        Section(say("page.privacy.rights"), lines=(say("page.privacy.rights.what"), say("page.privacy.rights.how"))),
        Section(say("page.privacy.who"), lines=tuple(_who(view))),
    )


def _who(view: View) -> list[Message]:
    office = Words(view.catalogue.office.name)
    reach = contact(view)
    asks = [say("page.privacy.contact", contact=reach)] if reach else []
    return [say("page.privacy.who.what", office=office), *asks]
