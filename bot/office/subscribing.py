"""What subscribers ask for: to be told once, always, of outages too, or no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.language import answers_subscriptions as told
from bot.language.answers_status import steps_named
from bot.language.kabari import kabari_steps
from bot.language.messages import Answer
from bot.language.view import View, standings_of
from bot.office.boards import LiveBoard
from bot.rules.notices import Subscription, Wish
from bot.store.store import Store


class Subscribing:
    """The subscribers' side of the office."""

    def __init__(self, live: LiveBoard, store: Store) -> None:
        self._live = live
        self._store = store

    async def once(self, chat: int, ids: Sequence[str], place: str | None = None) -> Answer:
        """Tell this chat when the steps that do not work now do; `ids` of services or steps."""
        view = self._live.view(place)
        steps = steps_named(view.catalogue, ids)
        if not steps:
            return told.which_subscription(view)
        standings = standings_of(view, steps)
        if not all(standing.served for standing in standings):  # what returns elsewhere would not be heard of here
            view = replace(view, place=None)
        wanted = kabari_steps(standings)
        if not wanted:
            return told.not_needed(view, steps)
        return await self._begin(view, chat, wanted, Wish.ONCE)

    async def always(self, chat: int, ids: Sequence[str]) -> Answer:
        """Tell this chat of every resumption."""
        view = self._live.view()
        steps = steps_named(view.catalogue, ids)
        if not steps:
            return told.which_subscription(view)
        return await self._begin(view, chat, steps, Wish.ALWAYS)

    async def _begin(self, view: View, chat: int, steps: Sequence[str], wish: Wish) -> Answer:
        place = view.place or view.catalogue.root.path
        async with self._store.writing() as session:
            own = await session.subscriptions_of(chat)
            held = {one.step for one in own if one.place == place and wish in (one.wish, Wish.ONCE)}
            for step in steps:
                await session.subscribe(Subscription(0, chat, step, place, wish, since=view.now))
        if held.issuperset(steps):
            return told.already_subscribed(view, steps)
        return told.subscribed(view, steps, wish)

    async def end(self, chat: int, ids: Sequence[str] = ()) -> Answer:
        """Stop: these services or steps; without any, everything."""
        view = self._live.view()
        async with self._store.writing() as session:
            ended = await session.unsubscribe(chat, steps_named(view.catalogue, ids) if ids else None)
            left = await session.subscriptions_of(chat)
            if not left:
                await session.forget_question(chat)
        steps = tuple(dict.fromkeys(one.step for one in ended))
        return told.unsubscribed(view, steps, last=not left) if steps else told.no_subscription()

    async def outages(self, chat: int, service: str) -> Answer:
        """Turn "Juga bila terganggu" on or off for a service."""
        view = self._live.view()
        steps = steps_named(view.catalogue, (service,))
        async with self._store.writing() as session:
            own = await session.subscriptions_of(chat)
            on = not any(one.outages for one in own if one.step in steps)
            changed = await session.set_outages(chat, steps, on)
        return told.outages_toggled(view, service, on=on) if changed else told.no_subscription()

    async def listed(self, chat: int) -> Answer:
        """What this chat waits for, with a way to stop each and to add."""
        async with self._store.reading() as session:
            own = await session.subscriptions_of(chat)
        return told.subscriptions(self._live.view(), own)

    async def moved(self, old: int, new: int) -> None:
        """A group became a supergroup: what it waits for goes with it."""
        async with self._store.writing() as session:
            await session.move_chat(old, new)

    async def gone(self, chat: int) -> None:
        """The chat blocked the bot or removed it: nothing is sent there any more."""
        async with self._store.writing() as session:
            await session.end_chat(chat)
