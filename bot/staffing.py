"""`loket staff`: who may report, from the operator's terminal; in the audit as the terminal's."""

from __future__ import annotations

from bot.clock import system_clock
from bot.config import Settings
from bot.faults import OperatorError
from bot.office.roster import Roster
from bot.opening import open_office, opened_store
from bot.rules.privacy import find_private
from bot.rules.reports import Author
from bot.rules.staff import Member, Role, clean_name
from bot.store import Store

OPERATOR = Author(0, "terminal")
_LARGEST_USER = 2**52  # Telegram promises that ids fit in so many bits


class StaffFault(OperatorError):
    """What was asked for cannot be done to the list."""

    title = "The list of staff is as it was:"


async def list_staff(settings: Settings) -> int:
    """Owners, admins and staff, a line each: number, role, name, since."""
    async with opened_store(settings) as store:
        office = await open_office(settings, store, system_clock(settings.clock_offset))
        members = await office.roster.members()
        zone = office.catalogue.office.timezone
        for one in members:
            since = f"since {one.since.astimezone(zone):%Y-%m-%d}" if one.since else "named by OWNER_IDS"
            where = f"\t{one.place}" if one.place else ""
            print(f"{one.id}\t{one.role}\t{one.name or '-'}\t{since}{where}")
    if not members:
        print("Nobody may report yet: set OWNER_IDS, or add somebody.")
    return 0


async def add_staff(settings: Settings, user: int, name: str, *, admin: bool, place: str | None = None) -> int:
    """Somebody may report from now on, or is called otherwise, or has another role or place."""
    _check(settings, user)
    known_as = clean_name(name)
    if not known_as or find_private(known_as):
        raise StaffFault("the name must be a name, without personal numbers")
    async with opened_store(settings) as store:
        roster = await _roster(settings, store)
        at = roster.place_called(place)
        if place and at is None:
            raise StaffFault(f'the catalogue has no place "{place}": write a path of it, or the end of one')
        member = Member(user, known_as, Role.ADMIN if admin else Role.STAFF, place=at)
        before = await roster.appoint_as_operator(OPERATOR, member)
    was = f" (was {before.role}, {before.name})" if before else ""
    print(f"{known_as} ({user}) may report, as {member.role}{f' at {at}' if at else ''}{was}.")
    return 0


async def remove_staff(settings: Settings, user: int) -> int:
    """Somebody may do nothing from now on."""
    _check(settings, user)
    async with opened_store(settings) as store:
        roster = await _roster(settings, store)
        member = await roster.remove_as_operator(OPERATOR, user)
    if member is None:
        raise StaffFault(f"{user} is not on the list: see `loket staff list`")
    print(f"{member.name} ({user}) may not report any more.")
    return 0


async def _roster(settings: Settings, store: Store) -> Roster:
    return (await open_office(settings, store, system_clock(settings.clock_offset))).roster


def _check(settings: Settings, user: int) -> None:
    if not 0 < user <= _LARGEST_USER:
        raise StaffFault(f"{user} is no person's Telegram id")
    if user in settings.owner_ids:
        raise StaffFault(f"{user} is an owner: that is up to OWNER_IDS")
