"""The use cases: a citizen asks, staff report, a subscriber is told. Open this first.

`office.citizens`     ask, and what commands and buttons ask for            asking.py; for which office: placing.py
`office.sharing`      what they pass on: a text, a card in another chat     sharing.py
`office.subscribers`  once, always, outages too, no more                    subscribing.py
`office.staff`        preview, publish, confirm                             reporting.py; what a report owes: owing.py
`office.retracting`   what they take back                                   retracting.py
`office.drafts`       the same report by taps                               drafting.py
`office.reminding`    what staff are asked, and their answers               reminding.py
`office.roster`       who may report; invited, removed                      roster.py
`office.narrowing`    where somebody is invited to, by taps                 narrowing.py
`office.auditing`     who did what, as a page and as a file                 auditing.py
`office.linking`      what a link check proposes                            linking.py
`office.scheduling`   maintenance to come, days that differ                 scheduling.py
`office.counting`     what was asked, in numbers                            counting.py
`office.broadcasts`   notices on their way: how far, stop, go on            broadcasting.py
`office.telling`      what a subscriber is told when a notice's turn comes  telling.py
`office.live`         the board in memory that all of them look at          boards.py
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from bot.clock import Clock
from bot.language.questions import Recogniser
from bot.office.asking import Asking, InGroup, Reply
from bot.office.auditing import Auditing
from bot.office.boards import LiveBoard
from bot.office.broadcasting import Broadcasting
from bot.office.counting import Counting
from bot.office.drafting import Drafting
from bot.office.linking import Linking
from bot.office.narrowing import Narrowing
from bot.office.reminding import Reminding
from bot.office.reporting import Published, Reporting, Shown
from bot.office.retracting import Retracting
from bot.office.roster import Roster
from bot.office.scheduling import Scheduling
from bot.office.sharing import Sharing
from bot.office.subscribing import Subscribing
from bot.office.telling import Telling
from bot.rules.calendar import OfficeCalendar
from bot.rules.catalogue import Catalogue
from bot.rules.notices import Quiet
from bot.store.store import Store

__all__ = ["InGroup", "Office", "Published", "Reply", "Shown"]


class Office:
    """One office with its citizens, subscribers and staff."""

    def __init__(
        self,
        catalogue: Catalogue,
        store: Store,
        clock: Clock,
        *,
        owners: Collection[int] = (),
        hold: timedelta = timedelta(seconds=120),
        quiet: Quiet = None,
        recogniser: Recogniser | None = None,
    ) -> None:
        """`recogniser`: one of this catalogue that is there already."""
        self.catalogue = catalogue
        self.calendar = OfficeCalendar(catalogue)
        self.live = LiveBoard(catalogue, self.calendar, store, clock)
        self.subscribers = Subscribing(self.live, store)
        recogniser = recogniser or Recogniser(catalogue)
        self.counting = Counting(self.live, store)
        self.citizens = Asking(self.live, store, recogniser, self.subscribers, self.counting)
        self.sharing = Sharing(self.live, recogniser, self.citizens.placing)
        self.telling = Telling(self.live)
        self.roster = Roster(self.live, store, owners)
        self.narrowing = Narrowing(self.live, self.roster)
        self.staff = Reporting(self.live, store, self.roster, hold, quiet)
        self.retracting = Retracting(self.live, store, self.staff, self.roster)
        self.reminding = Reminding(self.live, store, self.staff, self.roster, quiet)
        self.auditing = Auditing(self.live, store, self.roster)
        self.drafts = Drafting(self.live, store, self.staff, self.roster)
        self.linking = Linking(self.live, store, self.staff, self.roster, quiet)
        self.scheduling = Scheduling(self.live, store, self.staff, self.retracting, self.roster)
        self.broadcasts = Broadcasting(self.live, store, self.staff, self.roster)
