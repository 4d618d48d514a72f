"""What staff assert: reports, appended and never changed."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from bot.rules.catalogue import State, covers


class ReportKind(enum.StrEnum):
    """What one act of a staff member is."""

    ASSERTION = "assertion"  # resources or steps are so
    CONFIRMATION = "confirmation"  # everything stands as it stood ("masih sama")
    RETRACTION = "retraction"  # an earlier report was wrong and counts as never made ("urung")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as a person gave it; with `whole_day` the hour was not said and is never shown."""

    at: datetime
    whole_day: bool = False

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a Moment needs a time zone")


@dataclass(frozen=True, slots=True)
class Estimate:
    """Until when an outage is expected to last; `until` None: nobody can say ("belum tahu")."""

    until: Moment | None


@dataclass(frozen=True, slots=True)
class Assertion:
    """One target at one place is so. What is None keeps what stood while the same outage lasts."""

    target: str  # id of a step or resource
    place: str  # path
    state: State  # never UNKNOWN
    cause: str | None = None
    since: Moment | None = None
    estimate: Estimate | None = None
    spares: frozenset[str] | None = None  # step ids that a failing resource leaves alone
    planned_from: datetime | None = None  # maintenance: holds from then on, its estimate is its planned end


@dataclass(frozen=True, slots=True)
class Author:
    """Who reported: a Telegram user id (0: the operator's terminal) and a display name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a staff member asserted at one time; ordered by number."""

    number: int
    at: datetime
    by: Author
    kind: ReportKind = ReportKind.ASSERTION
    assertions: tuple[Assertion, ...] = ()
    retracts: int | None = None  # number of the report taken back
    place: str | None = None  # where a confirmation holds; None: everywhere

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a Report needs an aware time")

    def confirms(self, place: str) -> bool:
        """Whether a confirmation speaks of this place, too."""
        return self.place is None or covers(self.place, place)
