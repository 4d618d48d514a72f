"""Who may report, who may say so, and what an invitation is worth."""

from __future__ import annotations

import enum
import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules.catalogue import covers
from bot.rules.reports import Author, Report

INVITATION_LASTS = timedelta(hours=24)
LONGEST_NAME = 40


class Role(enum.StrEnum):
    """What a staff member may; owners come from the configuration alone."""

    OWNER = "owner"
    ADMIN = "admin"
    STAFF = "staff"


# Whom a role invites and removes. A stolen admin's telephone must not make admins, nor be rid of the others.
_ABOVE: Mapping[Role, frozenset[Role]] = {
    Role.OWNER: frozenset({Role.ADMIN, Role.STAFF}),
    Role.ADMIN: frozenset({Role.STAFF}),
    Role.STAFF: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may report: a Telegram user id, the name that colleagues know, a role."""

    id: int
    name: str
    role: Role
    since: datetime | None = None  # None: an owner, since the configuration says so
    place: str | None = None  # reports only at or below it; None: everywhere


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that makes whoever opens it first a staff member; its token is known to the inviter alone."""

    id: int
    by: Author
    role: Role
    name: str | None  # None: taken from Telegram
    made_at: datetime
    used_by: int | None = None
    place: str | None = None  # where whoever comes may report

    @property
    def expires_at(self) -> datetime:
        return self.made_at + INVITATION_LASTS


class DeedKind(enum.StrEnum):
    """What was done that is no report."""

    INVITED = "invited"
    WITHDRAWN = "withdrawn"  # an invitation that was not used
    JOINED = "joined"
    ADDED = "added"
    CHANGED = "changed"  # another role
    REMOVED = "removed"
    STOPPED = "stopped"  # a broadcast
    RESUMED = "resumed"
    SCHEDULED = "scheduled"  # days that differ
    UNSCHEDULED = "unscheduled"
    HURRIED = "hurried"  # a notice was sent without its hold


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the audit that is no report."""

    at: datetime
    by: Author
    kind: DeedKind
    about: str = ""  # a name, or a report's number
    was: str = ""
    now: str = ""


def may_manage(role: Role | None) -> bool:
    """Whether this role invites and removes at all."""
    return role is not None and bool(_ABOVE[role])


def may_appoint(by: Role | None, role: Role) -> bool:
    """Whether `by` may make somebody this, or remove somebody who is."""
    return by is not None and role in _ABOVE[by]


def may_speak_of(home: str | None, places: Iterable[str]) -> bool:
    """Whether somebody whose place this is may report on all of these."""
    return home is None or all(covers(home, place) for place in places)


def may_retract(role: Role | None, user: int, report: Report) -> bool:
    """A report is taken back by its author, an admin or an owner."""
    return report.by.id == user or role in (Role.ADMIN, Role.OWNER)


def fault_of(invitation: Invitation | None, inviter: Member | None, now: datetime) -> str | None:
    """Why an invitation makes nobody a staff member: "unknown", "used" or "expired"; None where it does.

    One whose inviter may no longer appoint so, or there, is as good as unknown.
    """
    if invitation is None:
        return "unknown"
    if invitation.used_by is not None:
        return "used"
    if now >= invitation.expires_at:
        return "expired"
    if inviter is None or not may_appoint(inviter.role, invitation.role):
        return "unknown"
    return None if may_speak_of(inviter.place, (invitation.place or "",)) else "unknown"


def digest(token: str) -> str:
    """All that is stored of a token: who reads the database cannot redeem it. Its 128 bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def clean_name(words: str) -> str:
    """A display name on one line: no controls, no signs that turn the direction of writing, not too long."""
    seen = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in words)
    return " ".join(seen.split())[:LONGEST_NAME].strip()
