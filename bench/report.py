"""The figures as a page: one section for each part, measured in one run."""

from __future__ import annotations

import math
import os
import platform
import re
from collections.abc import Iterable, Mapping
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

Written by `make bench`; each section is one run of `make bench ARGS=name`. The absolute figures belong to the machine
of that run; a ratio compares two things measured in that same run, and holds elsewhere too. Each figure is the median
of several rounds.
"""
TABLE = "| what | measured | promised | baseline in the same run | ratio |\n|---|---|---|---|---|\n"


def section(title: str, figures: Iterable[Figure]) -> str:
    """One part in Markdown, without its heading: on which machine, and the table."""
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    return f"{title} On {machine}.\n\n{TABLE}" + "".join(map(_row, figures))


def page(sections: Mapping[str, str]) -> str:
    """The page in Markdown."""
    return HEAD + "".join(f"\n## {name}\n\n{text.strip()}\n" for name, text in sections.items())


def sections_of(text: str) -> dict[str, str]:
    """The sections of a page by their headings; what stands before the first heading is left out."""
    _, *pairs = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def _row(figure: Figure) -> str:
    limit = f"at most {_number(figure.limit)} {figure.unit}" if figure.limit is not None else ""
    limit += f"at least {_number(figure.least)} {figure.unit}" if figure.least is not None else ""
    limit += " **(broken)**" if figure.broken else ""
    baseline = f"{figure.baseline_name}: {_number(figure.baseline)} {figure.unit}"
    ratio = _number(figure.value / figure.baseline)
    return f"| {figure.name} | {_number(figure.value)} {figure.unit} | {limit} | {baseline} | {ratio} |\n"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
