"""Who may report is kept; an invitation is used once; somebody removed leaves nothing to act with."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.rules.broadcasts import ProgressMessage
from bot.rules.reports import Author
from bot.rules.staff import Deed, DeedKind, Invitation, Member, Role
from bot.store import Store
from tests.store.examples import NOW, SITI, after, previewed

BUDI = Member(903, "Budi", Role.STAFF, NOW)
INVITATION = Invitation(0, SITI, Role.STAFF, "Budi", NOW)


async def invited(store: Store, digest: str = "d1", invitation: Invitation = INVITATION) -> Invitation:
    async with store.writing() as session:
        await session.add_invitation(digest, invitation)
        found = await session.invitation(digest)
    assert found is not None
    return found


async def test_members_are_kept_in_the_order_in_which_they_came(store: Store, fresh: Store) -> None:
    later = Member(902, "Arman", Role.ADMIN, after(hours=1))
    async with store.writing() as session:
        await session.set_member(later)
        await session.set_member(BUDI)
        await session.set_member(Member(903, "Budi S.", Role.ADMIN, after(hours=2)))

    async with fresh.reading() as session:
        assert await session.members() == (Member(903, "Budi S.", Role.ADMIN, NOW), later)
        assert await session.known_as(Author(903, "the boss")) == Author(903, "Budi S.")
        assert await session.known_as(SITI) == SITI


async def test_an_invitation_is_used_by_whoever_comes_first(store: Store, fresh: Store) -> None:
    invitation = await invited(store)

    async def used(by: Store, user: int) -> bool:
        async with by.writing() as session:
            return await session.use_invitation(invitation.id, user)

    assert sorted(await asyncio.gather(used(store, 903), used(fresh, 904))) == [False, True]
    async with fresh.reading() as session:
        assert await session.open_invitations(NOW) == ()


async def test_open_invitations_are_those_that_somebody_could_still_use(store: Store, fresh: Store) -> None:
    first, second = await invited(store, "d1"), await invited(store, "d2")
    async with store.writing() as session:
        assert await session.withdraw_invitation(first.id)
        assert not await session.withdraw_invitation(first.id)

    async with fresh.reading() as session:
        assert await session.open_invitations(after(hours=23)) == (second,)
        assert await session.open_invitations(after(hours=24)) == ()
        assert await session.invitation("d1") is None


async def test_somebody_removed_leaves_no_preview_invitation_or_progress(store: Store, fresh: Store) -> None:
    async with store.writing() as session:
        await session.set_member(Member(SITI.id, SITI.name, Role.ADMIN, NOW))
        await session.save_preview(previewed())
        await session.follow(ProgressMessage(SITI.id, 5, None, NOW, None))
    await invited(store)

    async with store.writing() as session:
        assert await session.remove_member(SITI.id)
        assert not await session.remove_member(SITI.id)

    async with fresh.reading() as session:
        assert await session.member(SITI.id) is None
        assert await session.preview(previewed().id) is None
        assert await session.invitation("d1") is None
        assert await session.followed() == ()


async def test_deeds_are_kept_two_years_and_invitations_a_week(store: Store, fresh: Store) -> None:
    deed = Deed(NOW, SITI, DeedKind.JOINED, "Budi", was="", now="staff")
    async with store.writing() as session:
        await session.record_deed(deed)
    await invited(store)

    async def left(passed: timedelta) -> tuple[int, int]:
        async with store.writing() as session:
            await session.prune(NOW + passed)
        async with fresh.reading() as session:
            return len(await session.deeds()), int(await session.invitation("d1") is not None)

    async with fresh.reading() as session:
        assert await session.deeds() == (deed,)
    assert await left(timedelta(days=6)) == (1, 1)
    assert await left(timedelta(days=729)) == (1, 0)
    assert await left(timedelta(days=730)) == (0, 0)
