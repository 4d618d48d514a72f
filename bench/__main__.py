"""`python -m bench`: measure everything and write docs/performance.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench import face, outbox, pace, processes, thinking
from bench.report import page


def main() -> None:
    """Measure, write, and fail where a promised limit is broken."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/performance.md"))
    parser.add_argument("--long", action="store_true", help="ten minutes of notices, and a million subscribers")
    options = parser.parse_args()
    figures = [
        *processes.figures(),
        *thinking.figures(),
        *face.figures(),
        *pace.figures(pace.LONG if options.long else pace.SHORT),
        *outbox.figures(outbox.A_MILLION if options.long else outbox.SOME),
    ]
    text = page(figures)
    options.out.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    sys.exit(any(figure.broken for figure in figures))


if __name__ == "__main__":
    main()
