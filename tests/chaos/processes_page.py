"""What an office of several processes went through, in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import quantiles

from tests.chaos.processes import TAKEN_OVER_WITHIN, Outcome

HEAD = """# Many processes, and trouble

Written by `make chaos ARGS=--processes`: two `loket web` behind a balancer, two `loket worker`, one PostgreSQL, and the
stand-in for Telegram, all on one machine. {questions:.0f} questions a second (`--questions`) come in for
{seconds:.0f} s, each from another chat, and news for {subscribers:,} chats goes out at {rate} a second. In the first
run one process is hit every {kill_every:.0f} s, whether or not those before are there again: `kill -9` and a new start,
webs and the worker that sends in turn; once that worker is stopped (SIGSTOP), and woken 15 s later, when the other
sends. Each run has its trouble with PostgreSQL, too: stopped, and started again so much later; or frozen (all of its
processes stopped and woken), when it neither answers nor refuses. How long people wait belongs to the machine of the
last run, which everything shares; what is lost does not.

"""


def page(outcomes: Sequence[Outcome]) -> str:
    """What each showed, side by side."""
    plan = outcomes[0].plan
    head = HEAD.format(
        questions=plan.questions, seconds=plan.seconds, subscribers=plan.subscribers, rate=plan.rate,
        kill_every=plan.kill_every,
    )  # fmt: skip
    columns = [_title(outcome) for outcome in outcomes]
    rows = zip(*(_found(outcome) for outcome in outcomes), strict=True)
    lines = [("promised", *columns), ("---",) * (len(columns) + 1)]
    lines += [(cells[0][0], *(found for _, found in cells)) for cells in rows]
    return head + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _title(outcome: Outcome) -> str:
    plan = outcome.plan
    trouble = f"PostgreSQL frozen for {plan.frozen:.0f} s" if plan.frozen else f"PostgreSQL away for {plan.away:.0f} s"
    return f"kills, {trouble}" if plan.kills else trouble


def _found(outcome: Outcome) -> list[tuple[str, str]]:
    """What is promised, and what came of it."""
    kills, waits = outcome.kills, outcome.waits
    half, most = (quantiles(waits, n=100)[percent - 1] for percent in (50, 95))
    told = len(+outcome.told)
    killed = f"{kills.webs} webs, {kills.senders} senders; {len(kills.sent_on)} sender stopped"
    return [
        ("killed", killed if outcome.plan.kills else "none"),
        ("every question is answered", f"{len(outcome.asked):,} asked, **{outcome.unanswered} unanswered**"),
        ("twice only where a kill came between", f"{outcome.answered_twice} answered twice"),
        ("every notice arrives", f"{told:,} of {outcome.plan.subscribers:,} told, **{outcome.lost} lost**"),
        ("again only where nobody could know of it", f"{outcome.repeats} repeated, **{outcome.needless} needlessly**"),
        (f"after a hit notices go on within {TAKEN_OVER_WITHIN:.0f} s", _seconds(kills.took_over)),
        ("a sender that is woken does not send on", _woken(kills.sent_on)),
        ("no process ends, or fails by its own fault", f"**{outcome.faults + sum(map(bool, outcome.codes))}** times"),
        ("`/readyz` says soon that the database is away", _readiness(outcome)),
        ("an answer: the median, 95 of 100, the last", f"{half:.2f} s, {most:.2f} s, {waits[-1]:.1f} s"),
    ]


def _seconds(times: Sequence[float]) -> str:
    return ", ".join(f"{seconds:.1f} s" for seconds in times) or "none was needed"


def _woken(sent_on: Sequence[int]) -> str:
    return ", ".join(f"{count} sent" for count in sent_on) or "none was"


def _readiness(outcome: Outcome) -> str:
    away = sum(status == 503 for status, _ in outcome.readiness)
    slowest = max((seconds for _, seconds in outcome.readiness), default=0.0)
    return f"{away} of {len(outcome.readiness)} times, each within {slowest:.1f} s"
