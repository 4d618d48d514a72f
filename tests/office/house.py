"""An office on a database of its own, its clock in the test's hand, and the people who use it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.language.messages import Answer
from bot.language.questions import Recogniser
from bot.language.texts import Texts
from bot.office import Office, Published, Shown
from bot.rules.catalogue import Catalogue
from bot.rules.notices import Change, Notice, Quiet
from bot.rules.reports import Author
from bot.store import Store
from tests.rules.small_office import CATALOGUE, at

TEXTS = Texts.load()
SITTI, ARMAN, BUDI = Author(747100201, "Sitti"), Author(747100202, "Arman"), Author(747100203, "Budi")
OWNERS = (SITTI.id, ARMAN.id)
CITIZEN, NEIGHBOUR, SUBSCRIBER = 747100101, 747100102, 747100103
HOLD = timedelta(minutes=2)
_RECOGNISERS: dict[int, tuple[Catalogue, Recogniser]] = {}  # with the catalogue, lest another gets its id


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, **passed: float) -> datetime:
        self.now += timedelta(**passed)
        return self.now


def recogniser_of(catalogue: Catalogue) -> Recogniser:
    """Made once for each catalogue: it takes longer than most tests."""
    if id(catalogue) not in _RECOGNISERS:
        _RECOGNISERS[id(catalogue)] = (catalogue, Recogniser(catalogue))
    return _RECOGNISERS[id(catalogue)][1]


class House:
    """An office, its store and its clock; by default the small one on Thursday at nine."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue = CATALOGUE,
        *,
        now: datetime | None = None,
        hold: timedelta = HOLD,
        quiet: Quiet = None,
        watch: Watch | None = None,
    ) -> None:
        self.store = store
        self.watch = watch or Watch(now or at(2))
        recogniser = recogniser_of(catalogue)
        self.office = Office(catalogue, store, self.watch, owners=OWNERS, hold=hold, quiet=quiet, recogniser=recogniser)

    async def shows(self, command: str, by: Author = SITTI) -> Shown:
        """The preview of a line such as `lapor pusat putus`."""
        verb, _, line = command.partition(" ")
        return await self.office.staff.preview_line(by.id, by, verb, line)

    async def posts(self, command: str, by: Author = SITTI) -> Published:
        """A line, previewed and published."""
        shown = await self.shows(command, by)
        return await self.office.staff.publish(shown.preview.id, by)

    async def pending(self) -> tuple[Notice, ...]:
        """The notices that wait for their release."""
        async with self.store.reading() as session:
            return await session.unreleased_notices()

    async def pending_changes(self) -> list[Change]:
        return [change for notice in await self.pending() for change in notice.changes]

    def reads(self, said: Answer, language: str = "id") -> str:
        """An answer as it is read."""
        return TEXTS.plain(said, language, self.watch(), self.office.catalogue.office.timezone)


def actions(said: Answer) -> list[str]:
    """What the buttons would do."""
    return [button.action or "" for row in said.buttons for button in row]


def named(said: Answer) -> list[str]:
    """The messages of an answer by their ids."""
    return [line.id for line in said.lines]
