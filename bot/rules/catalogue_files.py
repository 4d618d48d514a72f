"""A catalogue's TOML file with those that it extends, as one table."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeGuard

from bot.rules.catalogue_tables import CatalogueError, meant

SHIPPED = Path(__file__).parent.parent / "catalogues"
"""Where the catalogues stand that come with the program; a catalogue may extend one of them by its name."""

# What an extending file adds to, table by table; everything else (texts, hours, lists of words) it replaces as a whole,
# so that no translation and no opening hour outlives the fact it belonged to.
_MERGED_TABLES = ("office", "vocabulary")
_MERGED_ARRAYS = {"services": "id", "steps": "id", "resources": "id", "places": "path"}
_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)")


def tables_of(path: Path) -> dict[str, object]:
    """The tables of a file, laid over those that it extends."""
    return _tables_of(path, ())


def _tables_of(path: Path, extending: tuple[Path, ...]) -> dict[str, object]:
    if path.resolve() in extending:
        chain = " extends ".join(one.name for one in (*extending, path))
        raise CatalogueError((f"{path}: extends itself: {chain}; take one of the extends out",))
    tables = _parsed(path)
    extended = tables.pop("extends", None)
    if extended is None:
        return tables
    base = _tables_of(_found(extended, path), (*extending, path.resolve()))
    return laid_over(base, tables)


def laid_over(base: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    """One table over another: what the second leaves out stands as it was."""
    merged = dict(base)
    for key, value in over.items():
        old = base.get(key)
        if key in _MERGED_TABLES and isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[key] = laid_over(old, value)
        elif key in _MERGED_ARRAYS and _is_array(old) and _is_array(value):
            merged[key] = _arrays_merged(_MERGED_ARRAYS[key], old, value)
        else:
            merged[key] = value
    return merged


def _arrays_merged(
    name: str, base: list[Mapping[str, object]], over: list[Mapping[str, object]]
) -> list[Mapping[str, object]]:
    """A table is laid over the one of its id or path; new ones follow, and so do repeated ones, to be complained of."""
    merged = list(base)
    places = {table.get(name): at for at, table in reversed(list(enumerate(base)))}
    for table in over:
        at = places.pop(table.get(name), None)
        if at is None:
            merged.append(table)
        else:
            merged[at] = laid_over(merged[at], table)
    return merged


def _is_array(value: object) -> TypeGuard[list[Mapping[str, object]]]:
    return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)


def _found(extended: object, path: Path) -> Path:
    """The file that `extends` names: beside the file, else among those that come with the program."""
    if not isinstance(extended, str):
        raise CatalogueError((f'{path}: extends: is no file name; write extends = "kendari.toml"',))
    for folder in (path.parent, SHIPPED):
        if (candidate := folder / extended).is_file():
            return candidate
    shipped = sorted(one.name for one in SHIPPED.glob("*.toml"))
    raise CatalogueError((f'{path}: extends: no file "{extended}" beside it{meant(extended, shipped)}',))


def _parsed(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise CatalogueError((f"{path}: there is no such file; CATALOGUE names a TOML file",)) from None
    except OSError as error:
        raise CatalogueError((f"{path}: cannot be read: {error.strerror}",)) from error
    except UnicodeDecodeError as error:
        raise CatalogueError((f"{path}: is not UTF-8 from byte {error.start} on; save it as UTF-8",)) from error
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError((_syntax_fault(path, str(error)),)) from error


def _syntax_fault(path: Path, said: str) -> str:
    """The parser's words with file, line and column in front, as editors take them: `office.toml:12:3: …`."""
    position = _POSITION.search(said)
    return f"{path}:{position[1]}:{position[2]}: {said}" if position else f"{path}: {said}"
