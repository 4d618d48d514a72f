"""A chat that is forgotten is left in no table, those included that are added after this was written."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Enum, Numeric, String, Table, insert, select

from bot.store import Store
from bot.store.tables import Id, UtcTime, metadata
from tests.store.examples import NOW

CHAT, NEIGHBOUR = 747100101, 747100102

# A table is taken to hold a chat wherever it can: in a large number, a word or a JSON. These cannot, or must keep it.
# A new one either stands in `forget_chat`, or here with its reason.
KEPT = {
    "reports": "what the office said, with who of its staff said so; citizens never write here",
    "notices": "what a report owes; to whom stands in the deliveries",
    "leases": "which process is at work",
    "staff": "who may report; an admin removes them",
    "invitations": "who of the staff let whom in; gone after a week",
    "deeds": "what staff did, for two years",
    "questions": "counts by hour and service, of nobody",
    "days": "one number a day, and its salt while it lasts",
    "spared": "hashes of chats, of which `forget_spared` takes the chat's own; a plain number is never there",
    "special_days": "closures and other hours, with who of the staff entered them",
    "unmatched": "counts by day and shape of question, of nobody",
}


def a_row_of(table: Table, chat: int, number: int) -> dict[str, Any]:
    """A row that holds the chat wherever it could."""
    return {column.name: _value(column, chat, number) for column in table.columns}


def _value(column: Column[Any], chat: int, number: int) -> object:
    match column.type:
        case _ if column.type is Id:  # a number that the table itself gives, or another table's
            return number
        case BigInteger():
            return chat
        case Enum():
            return column.type.enums[0]
        case String():
            return str(chat)
        case JSON():
            return [chat]
        case UtcTime():
            return NOW
        case Date():
            return date(2023, 2, number)
        case Boolean():
            return False
        case Numeric():
            return 1.0
        case _:
            return 1


async def fill(store: Store) -> None:
    """A row of the chat and one of its neighbour in every table."""
    async with store.writing() as session:
        for table in metadata.sorted_tables:
            for number, chat in enumerate((CHAT, NEIGHBOUR), start=1):
                await session._connection.execute(insert(table).values(a_row_of(table, chat, number)))


async def tables_with(store: Store, chat: int) -> set[str]:
    async with store.reading() as session:
        return {
            table.name
            for table in metadata.sorted_tables
            for row in await session._connection.execute(select(table))
            if str(chat) in repr(tuple(row))
        }


async def test_a_forgotten_chat_is_left_in_no_table(store: Store, fresh: Store) -> None:
    await fill(store)
    assert await tables_with(fresh, CHAT) == set(metadata.tables)

    async with store.writing() as session:
        await session.forget_chat(CHAT)

    assert await tables_with(fresh, CHAT) == set(KEPT)
    assert await tables_with(fresh, NEIGHBOUR) == set(metadata.tables)
