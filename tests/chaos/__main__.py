"""`python -m tests.chaos`: run the campaign, print and write docs/reliability.md; fails where a promise was broken."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from tests.chaos.campaign import Plan, campaign
from tests.chaos.page import page


def main() -> None:
    """Less than five minutes."""
    usual = Plan()
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/reliability.md"))
    parser.add_argument("--count", type=int, default=usual.count, help="subscribers")
    parser.add_argument("--kills", type=int, default=usual.kills)
    parser.add_argument("--seed", type=int, default=usual.seed)
    options = parser.parse_args()
    outcome = asyncio.run(campaign(Plan(options.count, options.kills, options.seed)))
    text = page(outcome)
    options.out.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    sys.exit(not outcome.good)


if __name__ == "__main__":
    main()
