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
from bot.rules.catalogue import covers
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
        if (
            not all(one.served for one in standings) and not view.catalogue.tree.many
        ):  # what returns elsewhere would not be heard of here
            view = replace(view, place=None)
        wanted = kabari_steps(standings)
        if not wanted:
            return told.not_needed(view, steps)
        return await self._begin(view, chat, wanted, Wish.ONCE)

    async def always(self, chat: int, ids: Sequence[str], place: str | None = None) -> Answer:
        """Tell this chat of every resumption."""
        view = self._live.view(place)
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

    async def end(self, chat: int, ids: Sequence[str] = (), places: Sequence[str] = ()) -> Answer:
        """Stop: these services or steps, at or below these places; without any, everything everywhere."""
        view = self._live.view()
        places = [view.catalogue.place_of(place) or place for place in places]  # gone, it is nobody's place
        async with self._store.writing() as session:
            ended = await session.unsubscribe(chat, steps_named(view.catalogue, ids) if ids else None, places)
            left = await session.subscriptions_of(chat)
            if not left:
                await session.forget_question(chat)
        if ended:
            return told.unsubscribed(view, ended, last=not left)
        return told.not_subscribed_there(view, left) if left and places else told.no_subscription()

    async def outages(self, chat: int, service: str, place: str | None = None) -> Answer:
        """Turn "Juga bila terganggu" on or off for a service, of many offices at one."""
        view = self._live.view(place)
        steps, places = steps_named(view.catalogue, (service,)), (view.place,) if view.place else ()
        async with self._store.writing() as session:
            own = await session.subscriptions_of(chat)
            here = [one for one in own if not view.place or covers(view.place, one.place)]
            on = not any(one.outages for one in here if one.step in steps)
            changed = await session.set_outages(chat, steps, on, places)
        return told.outages_toggled(view, service, on=on) if changed else told.no_subscription()

    async def listed(self, chat: int) -> Answer:
        """What this chat waits for, with a way to stop each and to add."""
        async with self._store.reading() as session:
            own, place = await session.subscriptions_of(chat), (await session.chat_notes(chat)).place
        return told.subscriptions(self._live.view(place), own)

    async def moved(self, old: int, new: int) -> None:
        """A group became a supergroup: what it waits for goes with it."""
        async with self._store.writing() as session:
            await session.move_chat(old, new)

    async def gone(self, chat: int) -> None:
        """The chat blocked the bot or removed it: nothing is sent there any more."""
        async with self._store.writing() as session:
            await session.end_chat(chat)
