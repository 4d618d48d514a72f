"""Who may appoint and take back, what an invitation is worth, and which names are shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.rules.reports import Author, Report
from bot.rules.staff import Invitation, Member, Role, clean_name, digest, fault_of, may_appoint, may_manage, may_retract

NOW = datetime(2026, 8, 4, 9, 0, tzinfo=UTC)
OPEN = Invitation(1, Author(1, "Sitti"), Role.STAFF, None, NOW)


@pytest.mark.parametrize(
    ("by", "appoints"),
    [(Role.OWNER, {Role.ADMIN, Role.STAFF}), (Role.ADMIN, {Role.STAFF}), (Role.STAFF, set()), (None, set())],
)
def test_each_role_appoints_those_below_it_and_nobody_makes_an_owner(by: Role | None, appoints: set[Role]) -> None:
    assert {role for role in Role if may_appoint(by, role)} == appoints
    assert may_manage(by) == bool(appoints)


@pytest.mark.parametrize(
    ("role", "user", "may"),
    [(Role.STAFF, 7, True), (Role.STAFF, 8, False), (Role.ADMIN, 8, True), (Role.OWNER, 8, True)],
)
def test_a_report_is_taken_back_by_its_author_or_those_above(role: Role, user: int, may: bool) -> None:
    assert may_retract(role, user, Report(1, NOW, Author(7, "Budi"))) is may


@pytest.mark.parametrize(
    ("invitation", "inviter", "later", "fault"),
    [
        (OPEN, Role.ADMIN, timedelta(hours=23, minutes=59), None),
        (OPEN, Role.ADMIN, timedelta(hours=24), "expired"),
        (replace(OPEN, used_by=5), Role.ADMIN, timedelta(), "used"),
        (None, None, timedelta(), "unknown"),
        (OPEN, None, timedelta(), "unknown"),
        (replace(OPEN, role=Role.ADMIN), Role.ADMIN, timedelta(), "unknown"),
        (OPEN, Role.STAFF, timedelta(), "unknown"),
    ],
)
def test_an_invitation_is_good_once_for_a_day_while_its_inviter_may_invite(
    invitation: Invitation | None, inviter: Role | None, later: timedelta, fault: str | None
) -> None:
    assert fault_of(invitation, inviter and Member(7, "Budi", inviter), NOW + later) == fault


@pytest.mark.parametrize(
    ("inviter", "invited", "fault"),
    [
        (None, None, None),
        (None, "a/b", None),
        ("a", "a/b", None),
        ("a", "a", None),
        ("a/b", "a", "unknown"),
        ("a", None, "unknown"),
    ],
)
def test_an_invitation_is_good_at_the_places_of_its_inviter(
    inviter: str | None, invited: str | None, fault: str | None
) -> None:
    admin = Member(7, "Budi", Role.ADMIN, place=inviter)

    assert fault_of(replace(OPEN, place=invited), admin, NOW) == fault


def test_a_digest_does_not_show_its_token() -> None:
    assert len(digest("AAAA")) == 64
    assert digest("AAAA") != digest("AAAB")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("  Wa  Ode\nSitti ", "Wa Ode Sitti"),
        ("Budi\u202emin\u200bda", "Budi min da"),
        ("<b>Arman</b>", "<b>Arman</b>"),  # escaped where it is shown
        ("A" * 60, "A" * 40),
        ("\u200b", ""),
    ],
)
def test_a_name_is_one_short_line_without_tricks(words: str, name: str) -> None:
    assert clean_name(words) == name
