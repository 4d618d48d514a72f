"""`loket staff` as an operator types it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.rules.staff import DeedKind
from bot.store import Store
from tests.test_cli import Loket, environ, loket

__all__ = ["environ", "loket"]  # fixtures


def test_somebody_is_added_listed_promoted_and_removed(loket: Loket, tmp_path: Path) -> None:
    assert "Nobody may report yet" in loket("staff", "list").out

    assert "may report, as staff" in loket("staff", "add", "747100204", "Wa", "Ode").out
    assert "as admin (was staff, Wa Ode)" in loket("staff", "add", "747100204", "Wa Ode", "--admin").out
    listed = loket("staff", "list", OWNER_IDS="747100201").lines
    assert [line.split("\t")[:3] for line in listed] == [
        ["747100201", "owner", "-"],
        ["747100204", "admin", "Wa Ode"],
    ]
    assert "may not report any more" in loket("staff", "remove", "747100204").out

    assert asyncio.run(deeds(tmp_path)) == [
        ("terminal", DeedKind.ADDED),
        ("terminal", DeedKind.CHANGED),
        ("terminal", DeedKind.REMOVED),
    ]


def test_somebody_is_given_a_place(loket: Loket) -> None:
    told = loket("staff", "add", "747100204", "Wa Ode", "--place", "kendari_mpp").out
    unknown = loket("staff", "add", "747100204", "Wa Ode", "--place", "bogor")

    assert "may report, as staff at kendari/mpp" in told
    assert loket("staff", "list").lines[0].split("\t")[-1] == "kendari/mpp"
    assert unknown.code == 2
    assert 'no place "bogor"' in unknown.err


async def deeds(folder: Path) -> list[tuple[str, DeedKind]]:
    store = Store(f"sqlite:///{folder / 'loket.db'}")
    try:
        async with store.reading() as session:
            return [(one.by.name, one.kind) for one in await session.deeds()]
    finally:
        await store.close()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("remove", "747100204"), "not on the list"),
        (("remove", "747100201"), "OWNER_IDS"),
        (("add", "747100201", "Sitti"), "OWNER_IDS"),
        (("add", "0", "Sitti"), "no person's Telegram id"),
        (("add", "747100204", "7471000102900001"), "personal numbers"),
    ],
)
def test_what_cannot_be_done_is_said(loket: Loket, arguments: tuple[str, ...], why: str) -> None:
    ended = loket("staff", *arguments, OWNER_IDS="747100201")

    assert ended.code == 2
    assert why in ended.err
