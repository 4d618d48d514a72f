"""Who may report, by the office's verbs: invited, redeemed once, removed, refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.language.refusals import RefusedError
from bot.office.roster import Roster
from bot.rules.reports import Author
from bot.rules.staff import DeedKind, Member, Role
from bot.store import Store
from tests.office.house import ARMAN, BUDI, CITIZEN, NEIGHBOUR, OWNERS, SITTI, House
from tests.rules.small_office import at

RAHMA = Author(CITIZEN, "Rahma 🌸")
OTHER = Author(NEIGHBOUR, "Orang lain")
TERMINAL = Author(0, "terminal")


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One engine is enough here: what is kept, and that one of two comes first, the tests of the store hold on both."""
    return f"sqlite:///{tmp_path / 'loket.db'}"


async def joined(house: House, words: str = "", by: Author = SITTI, who: Author = BUDI) -> Member:
    """Invited and redeemed."""
    invited = await house.office.roster.invite(by, words)
    return (await house.office.roster.redeem(invited.token, who)).member


async def attempts(store: Store) -> list[tuple[int, str]]:
    async with store.reading() as session:
        return [(one.user, one.what) for one in await session.refusals(at(1))]


async def refusal(doing: object) -> str:
    with pytest.raises(RefusedError) as refused:
        await doing  # type: ignore[misc]
    return refused.value.reason


async def test_staff_are_the_owners_and_who_redeemed_an_invitation(house: House) -> None:
    roster = house.office.roster
    assert await roster.everyone() == dict.fromkeys(OWNERS, Role.OWNER)

    await joined(house, "admin Pak Budi")

    assert await roster.may_report(BUDI.id)
    assert (await roster.everyone())[BUDI.id] is Role.ADMIN
    assert [one.name for one in await roster.members(ARMAN)] == ["", "Arman", "Pak Budi"]
    assert not await roster.may_report(CITIZEN)


async def test_a_report_carries_the_name_that_colleagues_know(house: House) -> None:
    await joined(house, "Pak Budi")

    published = await house.posts("lapor blangko habis", Author(BUDI.id, "Kepala Dinas"))
    await house.office.staff.confirm(Author(BUDI.id, "Kepala Dinas"))

    assert published.report.by == Author(BUDI.id, "Pak Budi")
    assert {one.by.name for one in house.office.live.reports} == {"Pak Budi"}


async def test_a_guessed_a_used_and_an_expired_link_are_refused_and_recorded(house: House, fresh: Store) -> None:
    roster = house.office.roster
    used, late = await roster.invite(SITTI, "Budi"), await roster.invite(SITTI, "Arman")
    await roster.redeem(used.token, BUDI)

    reasons = [await refusal(roster.redeem("A" * 22, RAHMA)), await refusal(roster.redeem(used.token, RAHMA))]
    house.watch.goes_on(hours=24)
    reasons.append(await refusal(roster.redeem(late.token, RAHMA)))

    assert reasons == [f"roster.invitation_{one}" for one in ("unknown", "used", "expired")]
    kept = await attempts(fresh)
    assert kept == [(CITIZEN, f"/start undang_… ({one})") for one in ("unknown", "used", "expired")]
    assert not await roster.may_report(CITIZEN)


async def test_who_is_staff_uses_up_no_invitation_unless_it_makes_them_admin(house: House) -> None:
    roster = house.office.roster
    invited, admin = await roster.invite(SITTI, ""), await roster.invite(SITTI, "admin")

    own = await roster.redeem(invited.token, ARMAN)
    assert (own.member.role, own.inviter) == (Role.OWNER, None)
    assert (await roster.redeem(invited.token, RAHMA)).member.name == "Rahma 🌸"
    again = await roster.redeem(invited.token, RAHMA)
    raised = await roster.redeem(admin.token, RAHMA)

    assert (again.inviter, raised.inviter) == (None, SITTI)
    assert (raised.member.role, raised.member.name) == (Role.ADMIN, "Rahma 🌸")


async def test_admins_invite_and_remove_staff_and_leave_admins_to_owners(house: House, fresh: Store) -> None:
    roster = house.office.roster
    await joined(house, "admin", who=BUDI)
    await joined(house, "", by=BUDI, who=RAHMA)

    reasons = [
        await refusal(roster.invite(BUDI, "admin Siapa")),
        await refusal(roster.remove(BUDI, BUDI.id)),
        await refusal(roster.remove(BUDI, SITTI.id)),
        await refusal(roster.invite(RAHMA, "")),
        await refusal(roster.remove(RAHMA, BUDI.id)),
    ]

    assert reasons == [f"roster.{one}" for one in ("owners_only", "owners_only", "owner_stays", *["admins_only"] * 2)]
    assert [user for user, _ in await attempts(fresh)] == [BUDI.id, BUDI.id, RAHMA.id, RAHMA.id]
    assert (await roster.remove(BUDI, RAHMA.id)).name == "Rahma 🌸"
    assert await refusal(roster.remove(BUDI, RAHMA.id)) == "roster.gone_already"


async def test_with_its_inviter_an_invitation_goes(house: House) -> None:
    roster = house.office.roster
    await joined(house, "admin", who=BUDI)
    invited = await roster.invite(BUDI, "")

    await roster.remove(SITTI, BUDI.id)

    assert await refusal(roster.redeem(invited.token, RAHMA)) == "roster.invitation_unknown"


async def test_a_withdrawn_invitation_is_worth_nothing(house: House) -> None:
    roster = house.office.roster
    invited = await roster.invite(SITTI, "Rahma")
    (waiting,) = (await roster.listed(SITTI)).invitations

    await roster.withdraw(ARMAN, waiting.id)
    await roster.withdraw(ARMAN, waiting.id)

    assert await refusal(roster.redeem(invited.token, RAHMA)) == "roster.invitation_unknown"
    assert (await roster.listed(SITTI)).invitations == ()


async def test_of_two_who_open_a_link_at_once_one_is_staff(house: House, fresh: Store) -> None:
    roster = house.office.roster
    elsewhere = Roster(house.office.live, fresh, OWNERS)
    invited = await roster.invite(SITTI, "")
    async with fresh.reading() as session:
        (waiting,) = await session.open_invitations(at(2))

    assert await elsewhere._join(waiting, RAHMA, None) is not None
    assert await roster._join(waiting, OTHER, None) is None
    assert await refusal(roster.redeem(invited.token, OTHER)) == "roster.invitation_used"


async def test_a_name_with_a_personal_number_is_not_kept(house: House) -> None:
    assert await refusal(house.office.roster.invite(SITTI, "Budi 7471000102900001")) == "roster.no_numbers"


async def test_whatever_was_done_to_the_list_stands_in_the_audit(house: House, fresh: Store) -> None:
    roster = house.office.roster
    await joined(house, "Pak Budi")
    await roster.appoint_as_operator(TERMINAL, Member(BUDI.id, "Budi", Role.ADMIN))
    await roster.remove_as_operator(TERMINAL, BUDI.id)
    await roster.appoint_as_operator(TERMINAL, Member(CITIZEN, "Rahma", Role.STAFF))
    assert await roster.remove_as_operator(TERMINAL, BUDI.id) is None

    async with fresh.reading() as session:
        told = [(one.by.name, one.kind, one.about, one.was, one.now) for one in await session.deeds()]
    assert told == [
        ("Sitti", DeedKind.INVITED, "Pak Budi", "", "staff"),
        ("Pak Budi", DeedKind.JOINED, "Sitti", "", "staff"),
        ("terminal", DeedKind.CHANGED, "Budi", "staff", "admin"),
        ("terminal", DeedKind.REMOVED, "Budi", "admin", ""),
        ("terminal", DeedKind.ADDED, "Rahma", "", "staff"),
    ]
