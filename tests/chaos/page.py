"""What a campaign showed, as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.chaos.campaign import AWAY, PAST_THE_LEASE, Outcome
from tests.chaos.town import CONDITIONS

HEAD = """# Reliability

Written by `make chaos`: a broadcast to {count:,} chats at {rate} a second, `loket run` on SQLite as one process and the
stand-in for Telegram as another. Meanwhile the bot is killed (`kill -9`) {kills} times at random moments, calls fail in
each way of the table below at 2 % each, somebody else holds the database for {trouble:.0f} s, the disk has no room for
{trouble:.0f} s, and Telegram refuses connections for {away:.0f} s. Citizens go on asking. The same seed draws the same
faults; what they meet depends on the machine. {seconds:.0f} s in all on the last run.

"""
WHAT_FOLLOWS = {
    "unknown 403": "tried again, with growing waits",
    "not enough rights": "tried again, with growing waits",
    "entity error": "a bug of ours: given up at once, logged as an error, shown in `/siaran`",
    "429": "all notices pause, the pace goes down",
    "500": "tried again, with growing waits",
    "502": "not known whether it was taken: sent again after all others",
    "reset before": "not known whether it was taken: sent again after all others",
    "reset after": "taken, which the bot cannot know: sent again after all others",
    "hang": "not known whether it was taken: sent again after all others",
    "hang, taken": "taken, which the bot cannot know: sent again after all others",
}
OF_CHATS = {
    "blocked": "ended for good",
    "deactivated": "ended for good",
    "chat not found": "ended for good",
    "kicked": "ended for good",
    "migrated": "followed to the supergroup's id",
}
NOTES = """
A killed sender's lease is good for 8 s. So as not to spend the campaign waiting for it, each start moves the bot's
clock {lease} s ahead; at the end, when Telegram has recovered, it is moved past the longest wait between two tries. A
disk without room is played by the limit that Linux puts on the size of a process's files (`RLIMIT_FSIZE`): no file of
the bot may grow, its log's neither, and nobody has to be root.

A message may be told twice where the bot cannot know whether it arrived, since Telegram has no key by which a repeat
could be told: it was cut off before its answer, or the bot was killed before it wrote the answer down (0.1 s later, as
promised; 1 s is allowed for here). It is never told again where the bot knew. `make test` runs a short form of this.
"""


def page(outcome: Outcome) -> str:
    """The page in Markdown."""
    plan = outcome.plan
    head = HEAD.format(
        count=plan.count, rate=plan.rate, kills=plan.kills, trouble=plan.trouble, away=AWAY, seconds=outcome.seconds
    )
    return "".join((head, *summary(outcome), *failures(outcome), NOTES.format(lease=PAST_THE_LEASE)))


def summary(outcome: Outcome) -> Iterator[str]:
    """What was promised, beside what came of it."""
    should = sum(one.should_hear for one in outcome.who)
    told = sum(1 for one in outcome.who if outcome.heard.get(one.new_chat))
    yield "| promised | found |\n|---|---|\n"
    yield f"| each chat that can be reached hears it | {should:,} can be reached, {told:,} heard, "
    yield f"{len(outcome.unheard)} given up for a fault of ours, **{len(outcome.lost)} lost** |\n"
    yield "| none hears it again where the bot knew that it arrived | "
    yield f"{outcome.repeated} repeated, of {outcome.doubtful} that it could not know of; "
    yield f"**{len(outcome.needless)} needlessly** |\n"
    yield f"| `once` ends for whoever heard, and for nobody else | **{len(outcome.misled)} wrong** |\n"
    yield f"| nothing stays open | **{len(outcome.open_still)} open** |\n"
    yield f"| questions are answered meanwhile | {outcome.asked} asked, **{outcome.unanswered} unanswered** |\n"
    yield f"| killed | {len(outcome.killed_at)} times |\n"


def failures(outcome: Outcome) -> Iterator[str]:
    """How often each thing went wrong."""
    yield "\n| what went wrong | how often | what follows |\n|---|---|---|\n"
    for name, follows in WHAT_FOLLOWS.items():
        yield f"| {name} | {outcome.drawn.get(name, 0)} calls | {follows} |\n"
    chats = Counter(one.condition for one in outcome.who)
    for name in CONDITIONS:
        yield f"| {name} | {chats[name]} chats | {OF_CHATS[name]} |\n"
    yield f"| killed and started | {len(outcome.killed_at)} | {outcome.log['outcome_unknown_after_crash']} times "
    yield "something was on its way: sent again after all others |\n"
    yield f"| database locked, disk full | {len(outcome.troubled)} | waits; what Telegram answered is kept in hand |\n"
    yield "| Telegram refuses connections | 1 | surely not sent: tried again at once, then with growing waits |\n"
