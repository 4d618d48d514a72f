"""Whether a column holds one of many numbers, told as one parameter: IN makes one of each, and many statements."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self

from sqlalchemy import JSON, BigInteger, Boolean, ColumnElement, Dialect, TypeDecorator, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class _Numbers(TypeDecorator[Collection[int]]):
    """An array of PostgreSQL, a list in JSON for SQLite."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> list[int]:
        return list(value or ())

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(BigInteger) if dialect.name == "postgresql" else JSON())


class _Among(FunctionElement[bool]):
    """Of a column and the numbers."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> Self:
        """As it stands: "= 1", which SQLAlchemy adds where a database has no booleans, keeps SQLite from its index."""
        return self


def among(column: ColumnElement[int], numbers: Collection[int] | str) -> ColumnElement[bool]:
    """As `column.in_(numbers)`; a word names the parameter of a statement that is built once."""
    if isinstance(numbers, str):
        return _Among(column, bindparam(numbers, type_=_Numbers()))
    return _Among(column, bindparam(None, numbers, type_=_Numbers(), unique=True))


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, numbers = (compiler.process(part, **kw) for part in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({numbers})))"  # noqa: S608 -- no values are in it


@compiles(_Among, "postgresql")
def _on_postgresql(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, numbers = (compiler.process(part, **kw) for part in element.clauses)
    return f"({column} = ANY ({numbers}))"
