"""An office's catalogue, read from TOML: everything it says, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from bot.rules.catalogue import Catalogue
from bot.rules.catalogue_checks import faults_in
from bot.rules.catalogue_files import SHIPPED, tables_of
from bot.rules.catalogue_links import link_check_of
from bot.rules.catalogue_places import exceptions_of, office_of, places_of
from bot.rules.catalogue_services import resources_of, services_of
from bot.rules.catalogue_tables import CatalogueError, Table
from bot.rules.catalogue_unset import unset_in

__all__ = ["SHIPPED", "CatalogueError", "catalogue_of", "read_catalogue"]


def read_catalogue(path: Path | None = None) -> Catalogue:
    """The catalogue in a file, or the one for Kendari; `CatalogueError` names every fault at once."""
    return catalogue_of(tables_of(path or SHIPPED / "kendari.toml"))


def catalogue_of(tables: Mapping[str, object]) -> Catalogue:
    """The catalogue that these tables describe."""
    faults: list[str] = []
    top = Table("", tables, faults)
    resources, notes = resources_of(top)
    read = Catalogue(
        office=office_of(top),
        services=services_of(top, notes),
        resources=resources,
        places=places_of(top),
        exceptions=exceptions_of(top),
        vocabulary=_vocabulary(top),
        link_check=link_check_of(top),
    )
    top.done()
    faults += faults_in(read)
    if faults:
        raise CatalogueError(tuple(faults))
    return replace(read, unset=unset_in(read))


def _vocabulary(top: Table) -> Mapping[str, tuple[str, ...]] | None:
    """An office's own words, by whatever group the recogniser knows."""
    table = top.table("vocabulary")
    return {group: table.words(group) for group in table.entries()} if table else None
