"""Who may report: asked at every command and tap, invited, removed."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from bot.language.messages import Answer, Words, say
from bot.language.refusals import RefusedError
from bot.language.view import View, in_zone
from bot.office.boards import LiveBoard
from bot.office.desks import Desks
from bot.rules.catalogue import touches
from bot.rules.privacy import find_private, mask
from bot.rules.reports import Author
from bot.rules.staff import (
    Deed,
    DeedKind,
    Invitation,
    Member,
    Role,
    clean_name,
    digest,
    fault_of,
    may_appoint,
    may_manage,
    may_speak_of,
)
from bot.store.store import Session, Store

INVITATION_LINK = "undang_"
_TOKEN_BYTES = 16  # 128 bits
_LONGEST_ATTEMPT = 120
_ROLE_WORDS = {"admin": Role.ADMIN, "petugas": Role.STAFF}


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with its token, which is shown once and kept nowhere."""

    invitation: Invitation
    token: str
    offices: int  # at how many it holds, where there are many; else 0
    choice: bool  # whether who invites may choose among several


@dataclass(frozen=True, slots=True)
class Joined:
    """Who redeemed an invitation; `inviter` is told so, unless it was redeemed before."""

    member: Member
    inviter: Author | None


@dataclass(frozen=True, slots=True)
class Listed:
    """Who may report, and who was invited to, as one of them sees it."""

    members: tuple[Member, ...]
    invitations: tuple[Invitation, ...]
    asker: Member

    def removable(self, member: Member) -> bool:
        return may_appoint(self.asker.role, member.role) and may_speak_of(self.asker.place, (member.place or "",))


class Roster:
    """The office's list of staff; owners stand in the configuration alone.

    It is read from the store each time: somebody who was removed, in whatever process, can do nothing from then on.
    """

    def __init__(self, live: LiveBoard, store: Store, owners: Collection[int]) -> None:
        self._live = live
        self._store = store
        self._owners = frozenset(owners)
        self.desks = Desks(live)

    async def member(self, user: int) -> Member | None:
        """This Telegram user as the list has them now; None: no staff."""
        if user in self._owners:
            return Member(user, "", Role.OWNER)
        async with self._store.reading() as session:
            return await session.member(user)

    async def home(self, user: int) -> str | None:
        """The place of a staff member; None: everywhere."""
        member = await self.member(user)
        return member.place if member else None

    async def view(self, user: int) -> View:
        """The office as a staff member sees it."""
        return self.desks.view(await self.home(user))

    async def clocked(self, user: int, told: Answer) -> Answer:
        """What a staff member is told, by the clock of their place, where it has no time zone of its own."""
        if told.zone or not self._live.catalogue.zones.many:
            return told
        return in_zone(told, self.desks.catalogue(await self.home(user)))

    async def refuse_beyond(self, by: Author, places: Iterable[str], attempt: str = "/lapor") -> None:
        """Who has a place speaks of nothing beyond it; of one that the catalogue no longer has, of nothing at all."""
        home = await self.home(by.id)
        known = self._live.catalogue.places_by_path.get(home or self._live.catalogue.root.path)
        if known and may_speak_of(home, places):
            return
        await self.refuse(by.id, attempt)
        raise RefusedError(say("staff.beyond", place=Words(known.name) if known else home or ""))

    async def may_report(self, user: int) -> bool:
        """Whether this Telegram user is staff."""
        return await self.member(user) is not None

    async def known_as(self, by: Author) -> Author:
        """An author under the name that the list has."""
        async with self._store.reading() as session:
            return await session.known_as(by)

    async def everyone(self) -> Mapping[int, Role]:
        """Everybody who may report, by Telegram id."""
        return {member.id: member.role for member in await self.members()}

    async def refuse(self, user: int, attempt: str) -> None:
        """Record that somebody tried who may not."""
        async with self._store.writing() as session:
            await session.record_refusal(self._live.clock(), user, mask(attempt)[:_LONGEST_ATTEMPT])

    async def listed(self, by: Author) -> Listed:
        """Owners first; open invitations for those who invite."""
        asker = await self.member(by.id)
        assert asker is not None  # the handlers let nobody else in
        async with self._store.reading() as session:
            waiting = await session.open_invitations(self._live.clock()) if may_manage(asker.role) else ()
        members = tuple(one for one in await self.members(by) if _seen_from(asker.place, one.place))
        return Listed(members, tuple(one for one in waiting if _seen_from(asker.place, one.place)), asker)

    async def members(self, asker: Author | None = None) -> tuple[Member, ...]:
        """Everybody who may report, owners first."""
        async with self._store.reading() as session:
            members = await session.members()
        owners = (Member(one, self._owner_name(one, asker), Role.OWNER) for one in sorted(self._owners))
        return (*owners, *(one for one in members if one.id not in self._owners))

    def _owner_name(self, owner: int, asker: Author | None) -> str:
        """As Telegram names the asker; others as they last reported; else nobody knows a name."""
        if asker and owner == asker.id:
            return asker.name
        return next((one.by.name for one in reversed(self._live.reports) if one.by.id == owner), "")

    async def invite(self, by: Author, words: str) -> Invited:
        """A new invitation; `words`: a name, a role, or a role and a name."""
        words, place = self._placed(words)
        role, name = _read(words)
        await self._refuse_unless_above(by, role, "/undang")
        place = place or await self.home(by.id)
        if place:
            await self.refuse_beyond(by, [place], "/undang")
        return await self.issue(Invitation(0, by, role, name, self._live.clock(), place=place))

    async def issue(self, invitation: Invitation, instead: Invitation | None = None) -> Invited:
        """A new link; the one that it is there instead of makes nobody staff any more."""
        now, token, by = self._live.clock(), secrets.token_urlsafe(_TOKEN_BYTES), invitation.by
        async with self._store.writing() as session:
            if instead and not await _withdrawn(session, Deed(now, by, DeedKind.WITHDRAWN), instead):
                raise RefusedError(say("roster.invitation_gone"))
            made = await session.add_invitation(digest(token), replace(invitation, made_at=now))
            await session.record_deed(Deed(now, by, DeedKind.INVITED, made.name or "", now=made.role))
        tree, root = self._live.catalogue.tree, self._live.catalogue.root.path
        under = tree.offices_under if tree.many else {}
        choice = len(under.get(await self.home(by.id) or root, ())) > 1
        return Invited(made, token, len(under.get(made.place or root, ())), choice)

    async def redeem(self, token: str, by: Author) -> Joined:
        """Whoever opens the link first is staff; others are refused, and it is recorded."""
        now = self._live.clock()
        own = await self.member(by.id)
        async with self._store.reading() as session:
            invitation = await session.invitation(digest(token))
        if own is not None and not (invitation and _changes(own, invitation)):
            return Joined(own, None)
        inviter = await self.member(invitation.by.id) if invitation else None
        fault = fault_of(invitation, inviter, now)
        if invitation is None or fault or not (joined := await self._join(invitation, by, own)):
            raise await self._refused(by, fault or "used")
        return Joined(joined, invitation.by)

    async def _refused(self, by: Author, fault: str) -> RefusedError:
        await self.refuse(by.id, f"/start {INVITATION_LINK}… ({fault})")
        return RefusedError(say(f"roster.invitation_{fault}"))

    async def _join(self, invitation: Invitation, by: Author, known: Member | None) -> Member | None:
        """None where somebody was quicker."""
        now = self._live.clock()
        name = invitation.name or (known.name if known else clean_name(by.name)) or str(by.id)
        member = Member(by.id, name, invitation.role, now, invitation.place)
        async with self._store.writing() as session:
            if not await session.use_invitation(invitation.id, by.id):
                return None
            await session.set_member(member)
            was = known.role if known else ""
            await session.record_deed(
                Deed(now, Author(by.id, name), DeedKind.JOINED, invitation.by.name, was, member.role)
            )
        return member

    async def withdraw(self, by: Author, invitation: int) -> None:
        """Nobody can use it any more; the same tap twice changes nothing."""
        found = await self.waiting(by, invitation)
        if found is not None:
            async with self._store.writing() as session:
                await _withdrawn(session, Deed(self._live.clock(), by, DeedKind.WITHDRAWN), found)

    async def waiting(self, by: Author, invitation: int) -> Invitation | None:
        """An invitation that is open still and this person's to withdraw; refused where it is not theirs."""
        async with self._store.reading() as session:
            waiting = await session.open_invitations(self._live.clock())
        found = next((one for one in waiting if one.id == invitation), None)
        if found is not None:
            await self._refuse_unless_above(by, found.role, "/petugas")
            await self._refuse_other_place(by, found.place)
        return found

    async def removable(self, by: Author, user: int) -> Member:
        """The member whom this person may remove; refused where there is none."""
        if user in self._owners:
            raise RefusedError(say("roster.owner_stays"))
        async with self._store.reading() as session:
            member = await session.member(user)
        if member is None:
            raise RefusedError(say("roster.gone_already"))
        await self._refuse_unless_above(by, member.role, "/petugas")
        await self._refuse_other_place(by, member.place)
        return member

    async def _refuse_other_place(self, by: Author, place: str | None) -> None:
        """An admin with a place is over those of it alone, and not over who may report everywhere."""
        await self.refuse_beyond(by, [place or self._live.catalogue.root.path], "/petugas")

    def _placed(self, words: str) -> tuple[str, str | None]:
        """The words of an invitation without the place that they end with: `Arman di kota bogor`."""
        before, found, place = f" {words}".rpartition(" di ")
        if not found:
            return words, None
        return before.strip(), self.desks.lines(None).place(place.strip()).path

    async def _refuse_unless_above(self, by: Author, role: Role, attempt: str) -> None:
        member = await self.member(by.id)
        own = member.role if member else None
        if not may_appoint(own, role):
            await self.refuse(by.id, attempt)
            raise RefusedError(say("roster.owners_only" if may_manage(own) else "roster.admins_only"))

    async def remove(self, by: Author, user: int) -> Member:
        """From now on this person may nothing; what they reported stands."""
        member = await self.removable(by, user)
        async with self._store.writing() as session:
            await _removed(session, Deed(self._live.clock(), by, DeedKind.REMOVED, member.name, was=member.role), user)
        return member

    def place_called(self, word: str | None) -> str | None:
        """A place by its path, or by what links call it."""
        return self._live.catalogue.place_of(word)

    async def appoint_as_operator(self, by: Author, member: Member) -> Member | None:
        """From the terminal: add somebody, or change name and role; what they were before."""
        now = self._live.clock()
        async with self._store.writing() as session:
            before = await session.member(member.id)
            await session.set_member(replace(member, since=now))
            kind = DeedKind.CHANGED if before else DeedKind.ADDED
            await session.record_deed(Deed(now, by, kind, member.name, before.role if before else "", member.role))
        return before

    async def remove_as_operator(self, by: Author, user: int) -> Member | None:
        """From the terminal: remove somebody; None where nobody was there."""
        async with self._store.writing() as session:
            member = await session.member(user)
            if member is not None:
                await _removed(
                    session, Deed(self._live.clock(), by, DeedKind.REMOVED, member.name, was=member.role), user
                )
        return member


async def _removed(session: Session, deed: Deed, user: int) -> None:
    if await session.remove_member(user):
        await session.record_deed(deed)


async def _withdrawn(session: Session, deed: Deed, invitation: Invitation) -> bool:
    """False where somebody was quicker."""
    gone = await session.withdraw_invitation(invitation.id)
    if gone:
        await session.record_deed(replace(deed, about=invitation.name or "", was=invitation.role))
    return gone


def _changes(own: Member, invitation: Invitation) -> bool:
    """Whether an invitation makes somebody who is staff already an admin, or staff of another place."""
    if own.role is invitation.role:
        return own.place != invitation.place
    return own.role is Role.STAFF


def _seen_from(home: str | None, place: str | None) -> bool:
    """Whether a colleague is of this place, or above it."""
    return home is None or place is None or touches(home, place)


def _read(words: str) -> tuple[Role, str | None]:
    """A role, where the first word is one, and a name."""
    first, _, rest = words.strip().partition(" ")
    role = _ROLE_WORDS.get(first.lower())
    name = clean_name(words if role is None else rest)
    if find_private(name):
        raise RefusedError(say("roster.no_numbers"))
    return role or Role.STAFF, name or None
