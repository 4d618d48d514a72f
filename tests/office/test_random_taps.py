"""Who taps at random meets no dead end, no exception, no dead button that acts, and nothing that Telegram refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from types import SimpleNamespace
from typing import cast

import pytest

from bot.language.messages import Answer
from bot.language.refusals import RefusedError
from bot.office.drafting import Turned
from bot.rules.catalogue_reading import SHIPPED, read_catalogue
from bot.rules.drafts import Entry, Screen
from bot.store import Store
from handlers.context import Context
from handlers.keyboards import Action
from handlers.staff import preview
from tests.office.house import SITTI, TEXTS, House
from tests.office.memory import Memory

STEPS = 2_500  # for each seed
CHAT = SITTI.id
DEMO = read_catalogue(SHIPPED / "demo.toml")
WORDS = (
    *("stempel hilang", "7471000102900001", "sejak kemarin", "a" * 300, "<b>", "ktp cetak bisa", "…"),
    *("kk terbatas antrean; sampai besok\nkia bisa", "pusat putus\npusat bisa", "ktp belum bisa; 4/2"),
)


@dataclass
class Clerk:
    """Somebody with no plan, and every button that they ever saw."""

    random: Random
    memory: Memory = field(default_factory=Memory)
    shown: dict[int, Answer] = field(default_factory=dict)  # by message, as it stands
    seen: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.house = House(cast("Store", self.memory), DEMO)
        self.office = self.house.office
        self.context = cast("Context", SimpleNamespace(office=self.office))

    async def begins(self) -> None:
        screen = self.random.choice((Screen.HOME, Screen.HOME, Screen.RETURNS))
        draft, answer = await self.office.drafts.begin(CHAT, SITTI, screen)
        message = len(self.shown) + 1
        await self.office.drafts.keep(draft, message)
        self.sees(message, answer)

    def sees(self, message: int, answer: Answer) -> None:
        """What stands there now, as far as Telegram takes it."""
        rows = answer.buttons
        buttons = [button for row in rows for button in row]
        labels = [TEXTS.plain(button.label, "id", self.house.watch(), DEMO.office.timezone) for button in buttons]
        assert 0 < len(self.house.reads(answer)) <= 4096
        assert len(buttons) <= 100
        assert all(len(row) <= 8 for row in rows)
        assert all(label.strip() for label in labels)
        assert all(button.action and len(button.action.encode()) <= 64 for button in buttons)
        self.shown[message] = answer
        self.seen += [(message, button.action or "") for button in buttons]

    async def steps(self) -> None:
        """A live button most of the time; else a dead one, words, or a pause."""
        luck = self.random.random()
        message = len(self.shown)
        living = self.actions(message)
        if luck < 0.02:
            self.house.watch.goes_on(minutes=self.random.choice((1, 9, 11, 70, 600)))
        elif luck < 0.12:
            await self.says(self.random.choice(WORDS))
        elif luck < 0.25:
            await self.taps_what_is_dead(*self.random.choice(self.seen))
        elif living:
            further = [one for one in living if not one.startswith("q:") and not one.endswith((":stop", ":back"))]
            await self.taps(message, self.random.choice(further if further and luck < 0.85 else living))
        else:
            await self.begins()

    def actions(self, message: int) -> list[str]:
        return [button.action or "" for row in self.shown[message].buttons for button in row]

    async def says(self, words: str) -> None:
        waited = await self.office.drafts.words(CHAT, SITTI, words)
        if waited:
            self.turns(*waited)

    async def taps_what_is_dead(self, message: int, action: str) -> None:
        """Nothing is chosen and nothing published by it, but that a draft of long ago begins again."""
        if action in self.actions(message):
            return
        before, published = self.memory.drafts[CHAT, message], len(self.memory.said)

        await self.taps(message, action)

        after = self.memory.drafts[CHAT, message]
        assert len(self.memory.said) == published
        assert (after.entry, after.screen) in ((before.entry, before.screen), (Entry(), Screen.HOME))

    async def taps(self, message: int, data: str) -> None:
        action = Action.parse(data)
        drafts, staff = self.office.drafts, self.office.staff
        try:
            match action.kind:
                case "lp":
                    self.turns(message, await drafts.tap(CHAT, message, SITTI, *(action.arg(at) for at in range(3))))
                case "e":
                    self.turns(message, await drafts.change(CHAT, message, SITTI) or Turned())
                case "f":
                    shown = await staff.widen(action.arg(), SITTI, action.arg(1))
                    await staff.preview_shown(shown.preview.id, message)
                    self.sees(message, preview(self.context, shown))
                case "q":
                    await staff.cancel(action.arg(), SITTI)
                    self.shown[message] = Answer(())
                case _:
                    await staff.publish(action.arg(), SITTI)
                    self.shown[message] = Answer(())
        except RefusedError as refusal:
            self.sees(message, await drafts.refused(CHAT, message, SITTI, refusal))

    def turns(self, message: int, turned: Turned) -> None:
        """A report that is not finished always has a way on."""
        answer = preview(self.context, turned.shown) if turned.shown else turned.answer
        if answer is None:
            return
        self.sees(message, answer)
        done = self.memory.drafts[CHAT, message].screen is Screen.DONE
        assert done == (not answer.buttons)


@pytest.mark.parametrize("seed", range(4))
async def test_random_taps_do_no_harm(seed: int) -> None:
    clerk = Clerk(Random(seed))
    await clerk.begins()

    for _ in range(STEPS):
        await clerk.steps()

    assert len(clerk.memory.said) > 10
    assert {draft.screen for draft in clerk.memory.drafts.values()} >= {Screen.DONE, Screen.PREVIEW}
