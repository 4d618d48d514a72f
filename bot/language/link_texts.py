"""What a link check tells staff: what it saw, the report that would fit, and that it no longer does."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.located import target_name
from bot.language.messages import Answer, Button, Clock, Lines, say
from bot.language.preview_texts import citizens_read
from bot.language.staff_texts import change_lines
from bot.language.view import View
from bot.rules.board import cells_in
from bot.rules.links import Link
from bot.rules.notices import Change
from bot.rules.reports import Assertion


def proposal(view: View, link: Link, assertion: Assertion, changed: Sequence[Change], mark: str) -> Answer:
    """A report ready to be published; `view` is of the board after it."""
    resource = target_name(view, assertion.target)
    reads = citizens_read(view, changed, cells_in(view.catalogue, [assertion]), (), 0)
    lines = (
        say(f"link.{link}", resource=resource, at=Clock(view.now)),
        *change_lines(view, changed),
        say("staff.preview.citizens"),
        say("staff.quote", lines=Lines(reads.lines)),
        say("link.decide"),
    )
    publish = Button(say("button.publish"), action=f"link:{assertion.target}:{link}:{mark}")
    return Answer(lines, ((publish, Button(say("button.ignore"), action="link:no")),))


def withdrawn(why: str) -> Answer:
    """`why`: somebody "posted", or the link turned again ("link_up", "link_down")."""
    return Answer((say(f"link.withdrawn_{why}"),))
