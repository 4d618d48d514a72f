"""The addresses that a catalogue wants to be looked at."""

from __future__ import annotations

import re

from bot.rules.catalogue import LinkCheck, Probe, WatchedLink
from bot.rules.catalogue_tables import Table

_ADDRESS = re.compile(r"https?://[^\s/]+\S*|tcp://[^\s/:]+:\d{1,5}")
_SHORTEST, _USUAL = 10, 60  # seconds


def link_check_of(top: Table) -> LinkCheck | None:
    """`[link_check]`; None where nothing is to be looked at."""
    table = top.table("link_check")
    if table is None:
        return None
    own = Probe(_address(table, "own", "https://…"))
    links = tuple(_link(one) for one in table.tables("links", "resource"))
    if not links and not table.has("links"):
        table.fault("links", "missing; write [[link_check.links]] with resource and address below")
    every = table.count("every")
    if every is not None and every < _SHORTEST:
        table.fault("every", f"{every} is too often; write {_SHORTEST} or more seconds")
    table.done()
    return LinkCheck(own, links, every or _USUAL)


def _link(table: Table) -> WatchedLink:
    link = WatchedLink(
        resource=table.needed_word("resource", '"central_link"'),
        probe=Probe(_address(table, "address", "https://… or tcp://host:443"), _status(table)),
    )
    table.done()
    return link


def _address(table: Table, key: str, example: str) -> str:
    address = table.needed_word(key, f'"{example}"')
    if address and not _ADDRESS.fullmatch(address):
        table.fault(key, f'"{address}" is no address; write "https://…", "http://…" or "tcp://host:443"')
    return address


def _status(table: Table) -> tuple[int, ...]:
    """The answers of HTTP that count as well."""
    found: list[int] = []
    for at, value in enumerate(table.list("status")):
        if isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 599:
            found.append(value)
        else:
            table.fault(f"status[{at}]", "is no status of HTTP; write status = [200, 302], without quotes")
    return tuple(found)
