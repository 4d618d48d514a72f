"""`python -m tests.chaos`: run a campaign, print and write its page in docs/; fails where a promise was broken."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from tests.chaos import processes, processes_page
from tests.chaos.campaign import Plan, campaign
from tests.chaos.page import page


def main() -> None:
    """Less than five minutes each; of several processes less than six."""
    usual = Plan()
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--processes", action="store_true", help="webs and workers on PostgreSQL; docs/processes.md")
    parser.add_argument("--questions", type=float, default=processes.Plan().questions, help="a second, of --processes")
    parser.add_argument("--only", choices=[plan.name for plan in processes.PLANS], help="one run of --processes")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--count", type=int, default=usual.count, help="subscribers")
    parser.add_argument("--kills", type=int, default=usual.kills)
    parser.add_argument("--seed", type=int, default=usual.seed)
    options = parser.parse_args()
    if options.processes:
        plans = [replace(plan, questions=options.questions) for plan in processes.PLANS]
        many = [asyncio.run(processes.campaign(plan)) for plan in plans if options.only in (None, plan.name)]
        good, text, out = all(one.good for one in many), processes_page.page(many), Path("docs/processes.md")
    else:
        outcome = asyncio.run(campaign(Plan(options.count, options.kills, options.seed)))
        good, text, out = outcome.good, page(outcome), Path("docs/reliability.md")
    (options.out or out).write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    sys.exit(not good)


if __name__ == "__main__":
    main()
