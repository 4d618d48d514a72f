"""The effective state of every step at every counter at one time, and what differs between two boards."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256

from bot.rules.catalogue import Catalogue, State, Step, Text
from bot.rules.notices import Change
from bot.rules.reports import Assertion, Author, Estimate, Moment

CellKey = tuple[str, str]
"""(step id, counter path)"""

DOWN = (State.UNAVAILABLE, State.LIMITED)


@dataclass(frozen=True, slots=True)
class Fact:
    """What stands about one target at one place after all reports."""

    target: str
    place: str
    state: State
    since: Moment
    cause: str | None
    estimate: Estimate | None
    spares: frozenset[str]
    planned: bool
    number: int  # the report that said so last
    confirmed_at: datetime
    by: Author

    @property
    def down(self) -> bool:
        return self.state in DOWN

    def overdue(self, now: datetime) -> bool:
        """Whether the time it was expected to last until has passed."""
        return self.estimate is not None and self.estimate.until is not None and self.estimate.until.at <= now


@dataclass(frozen=True, slots=True)
class Hold:
    """One fact that keeps a step down, with its effect on this step."""

    fact: Fact
    state: State  # LIMITED or UNAVAILABLE
    note: Text | None = None  # the catalogue's word on what still goes on


@dataclass(frozen=True, slots=True)
class Cell:
    """One step at one counter."""

    step: str
    counter: str
    state: State
    holds: tuple[Hold, ...] = ()  # the worst first, then the latest
    confirmed_at: datetime | None = None  # when staff last said or confirmed so; None where nobody did
    fresh: bool = True  # confirmed since the last opening
    settling: bool = False  # just back; its notice is not out yet ("baru tersambung")
    by: Author | None = None
    note: str | None = None  # what staff added when they reported it well

    def at(self, counter: str) -> Cell:
        """The same at another counter."""
        return Cell(
            self.step, counter, self.state, self.holds, self.confirmed_at, self.fresh, self.settling, self.by, self.note
        )


class Cells(Mapping[CellKey, Cell]):
    """Cells that are made when they are asked for: a country has thousands, of which one answer needs a few."""

    @abstractmethod
    def like(self, key: CellKey) -> Cell | None:
        """A cell that says the same, though it may be another counter's: that one need not be made."""

    @abstractmethod
    def kinds(self) -> Iterable[Cell]:
        """One cell of those that say the same at several counters."""


@dataclass(frozen=True)
class Board:
    """The state of everything at one time."""

    at: datetime
    version: int  # number of the newest report in it
    cells: Mapping[CellKey, Cell]
    facts: tuple[Fact, ...] = ()  # what stands, available ones too
    settling: frozenset[CellKey] = frozenset()  # the cells that are just back

    def of(self, step: str) -> tuple[Cell, ...]:
        """The step at each counter that serves it."""
        return tuple(self.cells[step, counter] for counter in self.counters_of.get(step, ()))

    @cached_property
    def counters_of(self) -> Mapping[str, tuple[str, ...]]:
        """The counters that serve each step."""
        found: dict[str, list[str]] = {}
        for step, counter in self.cells:
            found.setdefault(step, []).append(counter)
        return {step: tuple(counters) for step, counters in found.items()}

    @cached_property
    def like(self) -> Callable[[CellKey], Cell | None]:
        """Of a key, the cell, or one of another counter that says the same."""
        return self.cells.like if isinstance(self.cells, Cells) else self.cells.get

    def kinds(self) -> Iterable[Cell]:
        """One cell of those that say the same at several counters; which are settling, they do not tell."""
        return self.cells.kinds() if isinstance(self.cells, Cells) else self.cells.values()

    def state_of(self, key: CellKey) -> State:
        cell = self.like(key)
        return cell.state if cell else State.UNKNOWN

    def settled(self, settling: Iterable[CellKey]) -> Board:
        """The same board, with these cells marked as just back."""
        marks = frozenset(key for key in settling if key in self.cells)
        return replace(self, cells=_Settling(self, marks), settling=marks) if marks else self


class _Settling(Cells):
    """The cells of a board, of which some are just back."""

    def __init__(self, board: Board, marks: frozenset[CellKey]) -> None:
        self._board = board
        self._marks = marks

    def __getitem__(self, key: CellKey) -> Cell:
        cell = self._board.cells[key]
        return replace(cell, settling=True) if key in self._marks else cell

    def __iter__(self) -> Iterator[CellKey]:
        return iter(self._board.cells)

    def __len__(self) -> int:
        return len(self._board.cells)

    def like(self, key: CellKey) -> Cell | None:
        return self.get(key) if key in self._marks else self._board.like(key)

    def kinds(self) -> Iterable[Cell]:
        return self._board.kinds()


def changes(before: Board, after: Board, among: Iterable[CellKey] | None = None) -> tuple[Change, ...]:
    """Every cell whose state differs between two boards, in the order of the second; or of these cells, in theirs."""
    keys = dict.fromkeys((*after.cells, *before.cells)) if among is None else among
    was, now = before.state_of, after.state_of
    states = ((key, was(key), now(key)) for key in keys)
    return tuple(Change(*key, was=old, now=new) for key, old, new in states if old is not new)


def counters_down(board: Board) -> frozenset[str]:
    """The counters at which some step is down."""
    return frozenset(key[1] for key in board.cells if board.state_of(key) in DOWN)


def cells_in(catalogue: Catalogue, assertions: Iterable[Assertion]) -> tuple[CellKey, ...]:
    """Every cell that these assertions speak of, changed by them or not."""
    return tuple(
        dict.fromkeys(
            (step.id, counter.path)
            for assertion in assertions
            for step in steps_of(catalogue, assertion.target)
            for counter in catalogue.counters_under(assertion.place)
        )
    )


def cells_in_order(catalogue: Catalogue, assertions: Collection[Assertion]) -> tuple[CellKey, ...]:
    """The same in the order of the board, which one assertion has already."""
    keys = cells_in(catalogue, assertions)
    if len(assertions) < 2:
        return keys
    steps = {step: place for place, step in enumerate(catalogue.steps)}
    counters = {counter.path: place for place, counter in enumerate(catalogue.counters)}
    return tuple(sorted(keys, key=lambda key: (steps[key[0]], counters[key[1]])))


def steps_of(catalogue: Catalogue, target: str) -> tuple[Step, ...]:
    """The step itself, or the steps that need the resource."""
    return catalogue.steps_by_target.get(target, ())


def fingerprint(board: Board, keys: Iterable[CellKey]) -> str:
    """Equal for two boards where nobody reported on these cells in between; confirmations do not count."""
    told: dict[int, str] = {}  # of a cell that many counters share, worked out once
    digest = sha256()
    for key in sorted(keys):
        if cell := board.like(key):
            said = told.get(id(cell)) or told.setdefault(id(cell), _said(cell))
            digest.update(f"{key[0]} {key[1]} {said}\n".encode())
    return digest.hexdigest()[:32]


def _said(cell: Cell) -> str:
    return repr((cell.state, *sorted((hold.fact.target, hold.fact.number) for hold in cell.holds)))
