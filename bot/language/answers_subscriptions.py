"""What a chat is told about its subscriptions: begun, there already, not needed, ended, listed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language.answers_office import in_rows
from bot.language.kabari import MAX_ACTION
from bot.language.messages import Answer, Button, Capital, Message, Value, Words, say
from bot.language.view import View, names, standings_of
from bot.rules.catalogue import Service, State
from bot.rules.notices import Subscription, Wish

Rows = tuple[tuple[Button, ...], ...]

_OFFERED = 6  # services to add, the first of the catalogue first: KTP


def subscribed(view: View, steps: Sequence[str], wish: Wish = Wish.ONCE) -> Answer:
    """It is noted, what is stored, how to stop; who hears every time may hear of outages too."""
    told = (say(f"subscribed.{wish}", steps=_named(view, steps)), say(f"subscribed.{wish}_stored"))
    lasting = _of(view, steps)[:1] if wish is Wish.ALWAYS else []
    return Answer(told, (*_stop_row(view, steps), *((_toggle(view, service, ()),) for service in lasting)))


def _named(view: View, steps: Sequence[str]) -> Value:
    """The steps, and the place where only one is meant."""
    told = names(view, steps)
    return say("status.at", step=told, places=view.place_name(view.place)) if view.place else told


def _stop_row(view: View, steps: Sequence[str]) -> Rows:
    """One tap that ends what was just begun."""
    services = tuple(dict.fromkeys(view.catalogue.steps[step].service for step in steps))
    ids = (",".join(steps), ",".join(services), "*")
    action = next(spelled for one in ids if len((spelled := f"x:{one}").encode()) <= MAX_ACTION)
    return ((Button(say("button.stop"), action=action),),)


def already_subscribed(view: View, steps: Sequence[str]) -> Answer:
    return Answer((say("subscribed.already", steps=_named(view, steps)),), _stop_row(view, steps))


def not_needed(view: View, steps: Sequence[str]) -> Answer:
    """It works now: nothing to wait for, but later outages can be heard of."""
    services = tuple(dict.fromkeys(view.catalogue.steps[step].service for step in steps))
    settling = any(cell.settling for standing in standings_of(view, steps) for cell in standing.cells)
    told = "subscribed.settling" if settling else "subscribed.not_needed"
    always = tuple((Button(say("button.always"), action=f"a:{service}"),) for service in services[:1])
    return Answer((say(told, steps=Capital(names(view, steps))),), always)


def which_subscription(view: View) -> Answer:
    """Asked to be told, without a word of what: what is down first, KTP before the rest."""
    buttons = [_add_button(service) for service in _worst_first(view)[:_OFFERED]]
    return Answer((say("subscribed.which"),), in_rows(buttons))


def _worst_first(view: View) -> list[Service]:
    """Services that are down before the others, each in the order of the catalogue."""

    def works(service: Service) -> bool:
        standings = standings_of(view, [step.id for step in service.steps])
        return all(standing.state is not State.UNAVAILABLE for standing in standings)

    return sorted(view.catalogue.services, key=works)


def _add_button(service: Service) -> Button:
    return Button(say("button.service", service=Capital(Words(service.short))), action=f"a:{service.id}")


def unsubscribed(view: View, steps: Sequence[str], *, last: bool) -> Answer:
    """Ended; with the last one nothing about this chat is kept for it."""
    if last:
        return Answer((say("unsubscribed.last"),))
    return Answer((say("unsubscribed.some", steps=names(view, steps)),))


def no_subscription() -> Answer:
    return Answer((say("unsubscribed.none"),))


def subscriptions(view: View, own: Sequence[Subscription]) -> Answer:
    """What is there with a stop button each, the outages on or off, and what could be added, KTP first."""
    steps = tuple(dict.fromkeys(one.step for one in own))
    if not steps:
        return Answer((say("subscriptions.none"),), _to_add(view, ()))
    lines = [_subscription_line(view, one) for one in _one_per_step(view, own)]
    lasting = {view.catalogue.steps[one.step].service for one in own if one.wish is Wish.ALWAYS}
    stops = in_rows([_stop_button(view, step) for step in steps])
    toggles = tuple((_toggle(view, service, own),) for service in _of(view, steps) if service.id in lasting)
    return Answer((say("subscriptions.title"), *lines), (*stops, *toggles, *_to_add(view, steps)))


def _one_per_step(view: View, own: Sequence[Subscription]) -> list[Subscription]:
    """The lasting wish where a step has both; of many offices at each."""

    def meant(one: Subscription) -> tuple[str, str]:
        return one.step, one.place if view.catalogue.tree.many else ""

    lasting_last = sorted(own, key=lambda one: one.wish is Wish.ALWAYS)
    by_step = {meant(one): one for one in lasting_last}
    return [by_step[step] for step in dict.fromkeys(map(meant, own))]


def _subscription_line(view: View, one: Subscription) -> Message:
    step = Capital(Words(view.catalogue.steps[one.step].name))
    outages = "_outages" if one.outages else ""
    if one.place != view.catalogue.root.path:
        step = Capital(say("status.at", step=step.value, places=view.place_name(one.place)))
    return say(f"subscriptions.{one.wish}{outages}", step=step)


def _stop_button(view: View, step: str) -> Button:
    return Button(say("button.stop_step", step=Words(view.catalogue.steps[step].name)), action=f"x:{step}")


def _of(view: View, steps: Sequence[str]) -> list[Service]:
    owners = dict.fromkeys(view.catalogue.steps[step].service for step in steps)
    return [view.catalogue.services_by_id[owner] for owner in owners]


def _toggle(view: View, service: Service, own: Sequence[Subscription]) -> Button:
    on = any(one.outages for one in own if view.catalogue.steps[one.step].service == service.id)
    kind = "button.outages_off" if on else "button.outages_on"
    return Button(say(kind, service=Words(service.short)), action=f"o:{service.id}")


def _to_add(view: View, steps: Sequence[str]) -> Rows:
    there = {service.id for service in _of(view, steps)}
    missing = [service for service in view.catalogue.services if service.id not in there]
    buttons = [
        Button(say("button.add", service=Words(service.short)), action=f"a:{service.id}")
        for service in missing[:_OFFERED]
    ]
    return in_rows(buttons)


def outages_toggled(view: View, service: str, *, on: bool) -> Answer:
    named = view.catalogue.services_by_id.get(service) or view.catalogue.steps[service]
    name = Words(named.name)
    return Answer((say("subscriptions.outages_on" if on else "subscriptions.outages_off", service=name),))
