"""`python -m bench`: measure everything, or the parts that are named, and write docs/performance.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import answers, copying, country, face, notices, outbox, pace, processes, thinking
from bench.report import Figure, page, section, sections_of

Part = tuple[str, Callable[[bool], Iterator[Figure]]]
"""What it measures, in a sentence; and the measuring, at full length or not."""

PARTS: dict[str, Part] = {
    "processes": ("Start and memory of whole processes.", lambda _: processes.figures()),
    "thinking": ("What a question costs before anything is sent.", lambda _: thinking.figures()),
    "face": ("The public page.", lambda _: face.figures()),
    "answers": (
        "Answers beside the bare echoes of others, each on one core.",
        lambda long: answers.figures(answers.LONG if long else answers.ROUNDS),
    ),
    "notices": (
        "A notice beside the bare sends of others, each on one core.",
        lambda long: notices.figures(notices.LONG if long else notices.ROUNDS),
    ),
    "pace": (
        "Notices of one process, and answers meanwhile.",
        lambda long: pace.figures(pace.LONG if long else pace.SHORT),
    ),
    "outbox": (
        "A report with many who wait for it, on both databases.",
        lambda long: outbox.figures(outbox.A_MILLION if long else outbox.SOME),
    ),
    "country": (
        "514 offices on PostgreSQL, and what an office more costs.",
        lambda long: country.figures(country.A_MILLION if long else country.SOME),
    ),
    "copy": (
        "SQLite to PostgreSQL, compared row by row.",
        lambda long: copying.figures(copying.A_MILLION if long else copying.SOME),
    ),
}


def main() -> None:
    """Measure, write, and fail where a promised limit is broken; parts that were not measured keep their section."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all where none is named")
    parser.add_argument("--out", type=Path, default=Path("docs/performance.md"))
    parser.add_argument("--long", action="store_true", help="ten minutes of notices, and a million subscribers or rows")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(unknown))}; choose of {', '.join(PARTS)}")
    kept = sections_of(options.out.read_text(encoding="utf-8")) if options.out.exists() else {}
    broken = False
    for name in options.parts or PARTS:
        title, measure = PARTS[name]
        figures = list(measure(options.long))
        kept[name] = section(title, figures)
        broken = broken or any(figure.broken for figure in figures)
        sys.stdout.write(f"{name}: {kept[name]}\n")
        options.out.write_text(page({part: kept[part] for part in PARTS if part in kept}), encoding="utf-8")
    sys.exit(broken)


if __name__ == "__main__":
    main()
