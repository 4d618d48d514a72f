"""The figures as a page."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure beside its baseline, in one unit; `limit` or `least` is what was promised, where something was."""

    name: str
    value: float
    unit: str
    baseline_name: str
    baseline: float
    limit: float | None = None
    least: float | None = None

    @property
    def broken(self) -> bool:
        return (self.limit is not None and self.value > self.limit) or (
            self.least is not None and self.value < self.least
        )


def late(waits: Iterable[float]) -> float:
    """What 95 of 100 waited at most."""
    ordered = sorted(waits)
    return ordered[max(math.ceil(len(ordered) * 0.95) - 1, 0)]


HEAD = """# Performance

Written by `make bench`. The absolute figures belong to the machine of the last run ({machine}); a ratio compares two
things measured in that same run, and holds elsewhere too. Each figure is the median of several rounds.

| what | measured | promised | baseline in the same run | ratio |
|---|---|---|---|---|
"""


def page(figures: Iterable[Figure]) -> str:
    """The page in Markdown."""
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    return HEAD.format(machine=machine) + "".join(map(_row, figures))


def _row(figure: Figure) -> str:
    limit = f"at most {_number(figure.limit)} {figure.unit}" if figure.limit is not None else ""
    limit += f"at least {_number(figure.least)} {figure.unit}" if figure.least is not None else ""
    limit += " **(broken)**" if figure.broken else ""
    baseline = f"{figure.baseline_name}: {_number(figure.baseline)} {figure.unit}"
    ratio = _number(figure.value / figure.baseline)
    return f"| {figure.name} | {_number(figure.value)} {figure.unit} | {limit} | {baseline} | {ratio} |\n"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
