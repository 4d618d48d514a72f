"""Whether a link answers: what a few looks at it tell, and the report that follows, for staff to decide."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from bot.rules.board import Board, cells_in, fingerprint
from bot.rules.catalogue import Catalogue, State
from bot.rules.reports import Assertion

FAILURES, SUCCESSES = 3, 2
"""So many in a row until a link is called down, or up: one lost packet is no outage."""


class Link(enum.StrEnum):
    """How a link stands, as far as looks can tell."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Watched:
    """What the looks at one link told so far."""

    link: Link | None = None  # None: too few looks
    well: bool = True  # the last look
    in_a_row: int = 0  # looks that told the same
    turned: bool = False  # it went down, or came back, and staff have not been told

    def after(self, well: bool) -> Watched:
        """With one more look."""
        in_a_row = self.in_a_row + 1 if well is self.well else 1
        seen = replace(self, well=well, in_a_row=in_a_row)
        if in_a_row < (SUCCESSES if well else FAILURES):
            return seen
        link = Link.UP if well else Link.DOWN
        if link is self.link:
            return seen
        return replace(seen, link=link, turned=link is Link.DOWN or self.link is Link.DOWN)

    def told(self) -> Watched:
        return replace(self, turned=False)


def proposed(catalogue: Catalogue, board: Board, resource: str, link: Link) -> Assertion | None:
    """The report that fits what was seen; None where staff have said so already."""
    place = catalogue.root.path
    down = any(fact.down and (fact.target, fact.place) == (resource, place) for fact in board.facts)
    if down is (link is Link.DOWN):
        return None
    if link is Link.UP:
        return Assertion(resource, place, State.AVAILABLE)
    spares = catalogue.resources_by_id[resource].spares
    return Assertion(resource, place, State.UNAVAILABLE, spares=frozenset(spares) if spares else None)


def mark_of(catalogue: Catalogue, board: Board, resource: str) -> str:
    """The same as long as nobody reports anything of the steps that need the resource."""
    about = Assertion(resource, catalogue.root.path, State.AVAILABLE)
    return fingerprint(board, cells_in(catalogue, [about]))[:16]
