"""When a link counts as down or back, and which report fits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.rules.links import Link, Watched, mark_of, proposed
from bot.rules.reports import Assertion
from tests.rules.small_office import CATALOGUE, CITY, DOWN, UP, at, board, confirms, says
from tests.rules.test_catalogue_faults import SOUND, read

CUT, BACK = Assertion("central_link", CITY, DOWN), Assertion("central_link", CITY, UP)


def after(looks: str) -> list[tuple[Link | None, bool]]:
    """What is known after each look: `+` it answered, `-` it did not."""
    seen, told = Watched(), []
    for look in looks:
        seen = seen.after(look == "+")
        told.append((seen.link, seen.turned))
        seen = seen.told()
    return told


@pytest.mark.parametrize(
    ("looks", "link", "turned"),
    [
        ("+", None, False),
        ("++", Link.UP, False),
        ("--", None, False),
        ("---", Link.DOWN, True),
        ("++--+---", Link.DOWN, True),
        ("----", Link.DOWN, False),
        ("---+", Link.DOWN, False),
        ("---++", Link.UP, True),
        ("---+-++", Link.UP, True),
        ("++-++", Link.UP, False),
    ],
)
def test_three_failures_are_down_and_two_answers_are_up(looks: str, link: Link | None, turned: bool) -> None:
    assert after(looks)[-1] == (link, turned)


def test_what_staff_said_already_is_not_proposed() -> None:
    silent, down = board(now=at(2)), board(says(1, at(1), CUT), now=at(2))

    assert proposed(CATALOGUE, silent, "central_link", Link.DOWN) == CUT
    assert proposed(CATALOGUE, silent, "central_link", Link.UP) is None
    assert proposed(CATALOGUE, down, "central_link", Link.DOWN) is None
    assert proposed(CATALOGUE, down, "central_link", Link.UP) == BACK


def test_the_catalogues_spares_are_proposed_with_it() -> None:
    resources = (replace(CATALOGUE.resources[0], spares=("kk",)), *CATALOGUE.resources[1:])
    found = proposed(replace(CATALOGUE, resources=resources), board(now=at(2)), "central_link", Link.DOWN)

    assert found == replace(CUT, spares=frozenset({"kk"}))


def test_a_mark_changes_when_somebody_reports_and_not_when_somebody_confirms() -> None:
    blanks = says(1, at(1), Assertion("blanks", CITY, DOWN))

    def mark(*reports: object) -> str:
        return mark_of(CATALOGUE, board(*reports, now=at(2)), "central_link")  # type: ignore[arg-type]

    assert mark() == mark()
    assert mark(blanks) != mark()
    assert mark(blanks, confirms(2, at(2))) == mark(blanks)


def test_a_catalogue_names_what_to_look_at() -> None:
    check = read(
        SOUND
        + """
        [link_check]
        own = "https://example.org"
        [[link_check.links]]
        resource = "central_link"
        address = "http://10.0.0.1:8080/"
        status = [200, 302]
        """
    ).link_check

    assert check is not None
    assert (check.every, check.own.address) == (60, "https://example.org")
    assert [(one.resource, one.probe.address, one.probe.status) for one in check.links] == [
        ("central_link", "http://10.0.0.1:8080/", (200, 302))
    ]
    assert read(SOUND).link_check is None
